// The keyboard for looking through: j and k move, a accepts, x rejects, s says who, e takes words, u undoes.
"use strict";

const items = [...document.querySelectorAll("[data-item]")];
let selected = "";

function current() {
  const held = document.activeElement === null ? null : document.activeElement.closest("[data-item]");
  return held === null ? -1 : items.indexOf(held);
}

function go(place) {
  const item = items[Math.max(0, Math.min(items.length - 1, place))];
  if (item === undefined) return;
  (item.querySelector("[data-open]") ?? item).focus();
  item.scrollIntoView({ block: "nearest" });
}

function press(item, verdict) {
  const button = item.querySelector(`[data-verdict] [value="${verdict}"]`);
  if (button !== null) button.click();
}

function unfold(item, part) {
  const box = item.querySelector(`[data-part="${part}"]`);
  if (box === null) return;
  box.open = true;
  const field = box.querySelector("select, textarea");
  if (part === "words" && selected !== "") field.value = selected;
  field.focus();
}

const deeds = {
  j: (place) => go(place + 1),
  k: (place) => go(place - 1),
  a: (place) => press(items[place], "accept"),
  x: (place) => press(items[place], "reject"),
  s: (place) => unfold(items[place], "who"),
  e: (place) => unfold(items[place], "words"),
  u: () => document.querySelector('.history [value="undo"]')?.click(),
};

document.addEventListener("selectionchange", () => {
  const text = document.querySelector("[data-story-text]");
  const chosen = document.getSelection();
  if (text === null || chosen === null || chosen.isCollapsed || !text.contains(chosen.anchorNode)) return;
  selected = chosen.toString();
});

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Escape") return go(current());
  if (event.target.closest("input, textarea, select") !== null) return;
  const deed = deeds[event.key];
  if (deed === undefined) return;
  const place = current();
  if (place < 0 && !"jku".includes(event.key)) return;
  event.preventDefault();
  deed(place);
});

for (const told of document.querySelectorAll("[data-keys]")) told.hidden = false;
const at = document.querySelector("[data-at]") ?? document.querySelector(".item:target");
if (at !== null) at.focus();
