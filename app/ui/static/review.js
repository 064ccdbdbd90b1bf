// The keyboard for looking through. Every key does what a link, a button or a field on the page does without it.
"use strict";

const desk = document.querySelector("[data-desk]");
const finds = [...document.querySelectorAll("[data-find]")];
const KEYS = "sayso-keys";
const AUTHOR = "sayso-author";
let selected = "";

function on() {
  return localStorage.getItem(KEYS) !== "off";
}

function step(by) {
  const at = finds.findIndex((link) => link === document.activeElement || link.hasAttribute("aria-current"));
  const place = finds.includes(document.activeElement) ? finds.indexOf(document.activeElement) : at;
  const link = finds[Math.max(0, Math.min(finds.length - 1, place + by))];
  if (link === undefined) return;
  if (desk === null) link.focus();
  else link.click();
}

function press(key) {
  const part = document.querySelector(`[data-key="${key}"]`);
  if (part === null) return false;
  noteSelection();
  if (part.matches("select, textarea")) {
    if (part.matches("[data-take]") && selected !== "") part.value = selected;
    part.focus();
  } else {
    part.click();
  }
  return true;
}

// A selection in the story is remembered: a click on a link takes it away.
function noteSelection() {
  const text = document.querySelector("[data-story-text]");
  const chosen = document.getSelection();
  if (text === null || chosen === null || chosen.isCollapsed || !text.contains(chosen.anchorNode)) return;
  selected = chosen.toString().trim();
}

document.addEventListener("selectionchange", noteSelection);

document.addEventListener("keydown", (event) => {
  const field = event.target.closest("input:not([type=checkbox]), textarea, select");
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && field !== null) {
    document.querySelector("[data-form] button.main")?.click();
    return;
  }
  if (event.key === "Escape" && desk !== null) return desk.focus();
  if (event.ctrlKey || event.metaKey || event.altKey || field !== null || !on()) return;
  if (event.key === "j" || event.key === "k") step(event.key === "j" ? 1 : -1);
  else if (!"axnseuqpt".includes(event.key) || !press(event.key)) return;
  event.preventDefault();
});

// What is selected in the story goes along to the form that adds something.
for (const link of document.querySelectorAll("[data-add]")) {
  link.addEventListener("click", () => {
    if (selected === "") return;
    const place = new URL(link.href);
    place.searchParams.set("words", selected);
    link.href = place.href;
  });
}

const told = document.querySelector("[data-keys]");
if (told !== null) {
  const label = document.createElement("label");
  const input = document.createElement("input");
  input.type = "checkbox";
  input.checked = on();
  input.addEventListener("change", () => localStorage.setItem(KEYS, input.checked ? "on" : "off"));
  label.append(input, " keys: ");
  const names = "a right, x wrong, n next, j k down and up, s who, e words as selected, q p t add, u undo, Ctrl+Enter keep, Escape back";
  for (const part of names.split(/\b(?=(?:[a-z]|Ctrl\+Enter|Escape)(?: |$))/u)) {
    const [, key, rest] = /^(\S+)(.*)$/u.exec(part);
    const shown = document.createElement("kbd");
    shown.textContent = key;
    label.append(shown, rest);
  }
  told.append(label);
  told.hidden = false;
}

const author = document.querySelector("[data-author]");
if (author !== null) {
  if (author.value === "") author.value = localStorage.getItem(AUTHOR) ?? "";
  author.addEventListener("change", () => localStorage.setItem(AUTHOR, author.value));
}

if (desk !== null) {
  desk.focus({ preventScroll: true });
  const words = document.querySelector(".text .here");
  if (words !== null && matchMedia("(min-width: 62rem)").matches) words.scrollIntoView({ block: "center", behavior: "instant" });
} else {
  finds[0]?.focus({ preventScroll: true });
}
