// The scan box of a count: Enter sends what stands in it and empties it at once, so that a scanner
// never waits. What is on its way waits its turn; what could not be stored comes back into the box.
// Without this file the form does the same, one page at a time.

import { bare, hasCamera, look } from "./scanner.js";
import { tone } from "./sounds.js";

const form = document.getElementById("scan");
const box = form?.querySelector("textarea");
const failed = document.getElementById("scan-failed");
let waiting = [];
let sending = false;

function show(page) {
  const counted = document.getElementById("counted");
  counted.outerHTML = page;
  window.htmx?.process(document.getElementById("counted"));
}

function putBack(numbers) {
  // A line end behind them, so that the next scan does not run into the last.
  box.value = `${[...numbers, box.value.trim()].filter(Boolean).join("\n")}\n`;
}

async function store(numbers) {
  const data = new FormData(form);
  data.set("numbers", numbers.join("\n"));
  const headers = { "HX-Request": "true", "HX-Target": "counted" };
  const answer = await fetch(form.action, { method: "POST", body: data, headers });
  if (!answer.ok && answer.status !== 422) throw new Error(answer.statusText);
  show(await answer.text());
  if (!answer.ok) putBack(numbers);
  return answer.ok;
}

async function send() {
  if (sending || !waiting.length) return;
  sending = true;
  const numbers = waiting;
  waiting = [];
  let good = false;
  let lost = false;
  try {
    good = await store(numbers);
  } catch {
    lost = true;
    putBack([...numbers, ...waiting]);
    waiting = [];
  }
  failed.hidden = !lost;
  sending = false;
  tone(good, form);
  send();
}

function take() {
  const text = box.value.trim();
  box.value = "";
  box.focus();
  if (text) waiting.push(/\s/.test(text) ? text : bare(text, form));
  send();
}

const camera = form?.querySelector("[data-camera]");
if (camera) {
  camera.hidden = !hasCamera;
  camera.addEventListener("click", () =>
    look((code) => {
      waiting.push(code);
      send();
    }),
  );
}

// A field that runs full, whatever fills it, slows the browser down with every line.
box?.addEventListener("paste", (event) => {
  const text = event.clipboardData.getData("text");
  if (!/\s/.test(text)) return;
  event.preventDefault();
  waiting.push(box.value + text);
  box.value = "";
  send();
});

form?.addEventListener("submit", (event) => {
  event.preventDefault();
  event.stopPropagation();
  take();
});

box?.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  take();
});

window.addEventListener("beforeunload", (event) => {
  if (sending || waiting.length) event.preventDefault();
});
