// Makes the pages better; everything can be read without it. A voice lights up wherever it speaks.
"use strict";

const story = document.querySelector("[data-story]");

function light(voice) {
  document.body.classList.toggle("dim", voice !== null);
  for (const part of document.querySelectorAll("[data-voice]")) {
    part.classList.toggle("lit", voice !== null && part.dataset.voice === voice);
  }
}

function voiceOf(target) {
  const part = target instanceof Element ? target.closest("[data-voice]") : null;
  return part === null ? null : part.dataset.voice;
}

if (story !== null) {
  let held = null;
  for (const place of [story, document.querySelector(".margin")]) {
    place.addEventListener("pointerover", (event) => {
      if (event.pointerType === "mouse" && held === null) light(voiceOf(event.target));
    });
    place.addEventListener("pointerleave", () => held === null && light(null));
    place.addEventListener("focusin", (event) => light(voiceOf(event.target) ?? held));
    place.addEventListener("click", (event) => {
      if (event.target.closest("a, button, input") !== null) return;
      const voice = voiceOf(event.target);
      held = voice === held ? null : voice;
      light(held);
    });
  }
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") light((held = null));
  });
  for (const item of document.querySelectorAll("[data-entity]")) {
    const alike = () => document.querySelectorAll(`.text .name[href$="/${CSS.escape(item.dataset.entity)}"]`);
    item.addEventListener("pointerenter", () => alike().forEach((part) => part.classList.add("lit")));
    item.addEventListener("pointerleave", () => alike().forEach((part) => part.classList.remove("lit")));
  }
  offerLayers();
  offerCopies();
}

for (const row of document.querySelectorAll("[data-follow]")) follow(row);

function follow(row) {
  const source = new EventSource(`/ingestions/${encodeURIComponent(row.dataset.follow)}/events`);
  const show = (event) => {
    const now = JSON.parse(event.data);
    for (const cell of row.querySelectorAll("[data-field]")) {
      const value = now[cell.dataset.field];
      cell.textContent = value === null ? "" : String(value);
    }
    const bar = row.querySelector("progress");
    bar.max = Math.max(now.received, 1);
    bar.value = now.annotated + now.duplicate + now.failed;
  };
  source.addEventListener("progress", show);
  source.addEventListener("end", (event) => {
    show(event);
    source.close();
  });
}

function offerLayers() {
  const box = document.querySelector("[data-layers]");
  box.hidden = false;
  for (const layer of ["quotes", "names", "positions"]) {
    const label = document.createElement("label");
    const input = document.createElement("input");
    input.type = "checkbox";
    input.checked = true;
    input.addEventListener("change", () => document.body.classList.toggle(`no-${layer}`, !input.checked));
    label.append(input, ` ${layer}`);
    box.append(label);
  }
}

function offerCopies() {
  if (navigator.clipboard === undefined) return;
  for (const item of document.querySelectorAll("[data-copy]")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "copy";
    button.textContent = "copy";
    button.setAttribute("aria-label", `Copy the quote by ${item.dataset.by}`);
    button.addEventListener("click", async () => {
      const place = new URL(`#${item.id.replace("note-", "")}`, location.href);
      await navigator.clipboard.writeText(`${item.dataset.copy} — ${item.dataset.by} (${place})`);
      button.textContent = "copied";
      setTimeout(() => (button.textContent = "copy"), 2000);
    });
    item.append(" ", button);
  }
}
