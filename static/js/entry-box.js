// Boxes of serial numbers. The numbers live here, not in the page: a text of a hundred thousand lines
// takes a browser seconds to lay out at every key. What is entered leaves the field at once; the
// server says of each number what posting would say, and reads files and ranges. The form sends the
// numbers as one text when it is sent. The server does all of it without this file.

import { bare, hasCamera, look } from "./scanner.js";
import { tone } from "./sounds.js";

// As in items/numbers.py.
const SEPARATORS = /[\s,;]+/;
const INVISIBLE = /[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]/g;
const PLAIN = /^[\x21-\x7e]*$/;
const PAGE = 100;
const FULL = 500; // characters
const boxes = new Map(); // by element

const split = (text) => text.split(SEPARATORS).filter(Boolean);
const figure = (number) => number.toLocaleString("en-US");

function keyOf(number) {
  if (PLAIN.test(number)) return number.toLowerCase();
  return number.replace(INVISIBLE, "").normalize("NFKC").toLowerCase();
}

class EntryBox {
  constructor(root) {
    this.root = root;
    this.name = root.dataset.serials;
    this.form = root.closest("form");
    this.find("template[data-scanning]")?.replaceWith(this.find("template[data-scanning]").content);
    this.scan = this.find("[data-scan]");
    this.numbers = [];
    this.times = new Map(); // how often each key is entered
    this.rest = split(this.find("[data-rest]").value); // bad ones without a row
    this.unchecked = [];
    this.page = 0;
    this.later = []; // taken out of the field, not entered yet
    this.work = Promise.resolve();
    const carrier = this.find("[data-text]");
    const text = (carrier.querySelector("textarea") ?? carrier).value;
    carrier.remove();
    this.find("[data-list]").hidden = false;
    const file = this.find("[data-file]");
    if (file) file.removeAttribute("name"); // it is read as soon as it is chosen
    const camera = this.find("[data-camera]");
    if (camera) camera.hidden = !hasCamera;
    this.add(split(text));
    this.show();
    if (this.scan && "focused" in this.scan.dataset && !document.querySelector("dialog[open]")) {
      this.scan.focus();
    }
  }

  find(selector) {
    return this.root.querySelector(selector);
  }

  get quantity() {
    return document.getElementById(this.root.dataset.counts);
  }

  get wanted() {
    return Math.abs(Number(this.quantity?.value.replace("−", "-").replaceAll(",", ""))) || 0;
  }

  get rows() {
    return [...this.root.querySelectorAll("[data-bad]")];
  }

  // What is on its way in: still in the field, not yet entered.
  get pending() {
    return this.scan ? split([...this.later, this.scan.value].join("\n")) : [];
  }

  get text() {
    return [...this.numbers, ...this.pending].join("\n");
  }

  has(number) {
    return this.times.has(keyOf(number));
  }

  // Enter numbers; gives back those that were not there yet.
  add(numbers) {
    const fresh = [];
    for (const number of numbers) {
      const key = keyOf(number);
      const times = this.times.get(key) ?? 0;
      this.times.set(key, times + 1);
      this.numbers.push(number);
      if (times) this.showRepeated(number);
      else fresh.push(number);
    }
    return fresh;
  }

  // Take numbers out: of repeated ones the last, so that one stays.
  remove(numbers, all = false) {
    const out = new Map();
    for (const number of numbers) {
      const key = keyOf(number);
      if (this.times.has(key)) out.set(key, all ? this.times.get(key) : 1);
    }
    for (let place = this.numbers.length - 1; place >= 0 && out.size; place--) {
      const key = keyOf(this.numbers[place]);
      if (!out.has(key)) continue;
      this.numbers[place] = null;
      const left = this.times.get(key) - 1;
      if (left) this.times.set(key, left);
      else this.times.delete(key);
      if (out.get(key) === 1) out.delete(key);
      else out.set(key, out.get(key) - 1);
    }
    this.numbers = this.numbers.filter((number) => number !== null);
  }

  replace(old, other) {
    const key = keyOf(old);
    const place = this.numbers.findLastIndex((number) => keyOf(number) === key);
    this.remove([old]);
    const fresh = this.add([other]);
    if (place >= 0) this.numbers.splice(place, 0, this.numbers.pop());
    return fresh;
  }

  // One scan or one typed number.
  async scanned(code) {
    const number = bare(code, this.form);
    const upc = this.root.dataset.upc;
    if (upc && keyOf(number) === keyOf(upc)) {
      return this.say(`${number} is the barcode of the item (UPC), not a serial number.`, false);
    }
    if (this.has(number)) return this.say(`${number} is entered already.`, false);
    const wrong = await this.take(number);
    return this.say(wrong ? `${number} needs a look.` : `${number} entered.`, !wrong);
  }

  // Numbers as typed, pasted or read; resolves to how many of them are bad.
  async take(text) {
    if (text.includes("..")) return this.read({ text });
    const fresh = this.add(split(text));
    this.changed();
    return this.check(fresh);
  }

  // The server reads what is more than a list: a file, or ranges.
  async read({ text = "", file }) {
    const answer = await this.ask(text, file);
    if (!answer) {
      if (this.scan && text) this.scan.value = text; // nothing typed is lost
      return 1;
    }
    const problem = answer.querySelector("[data-refusal]");
    if (problem) this.say(problem.textContent, false);
    const found = split(answer.querySelector("[data-read]")?.value ?? "");
    this.add(found);
    this.changed();
    if (found.length > 1) this.say(`${figure(found.length)} numbers read.`);
    return this.showBad(answer);
  }

  async check(numbers) {
    if (!numbers.length) return 0;
    const answer = await this.ask(numbers.join("\n"));
    if (answer) return this.showBad(answer);
    this.unchecked.push(...numbers);
    this.show();
    return 0;
  }

  // Everything is looked at anew: the item, the place or the day is another.
  async checkAll() {
    const answer = await this.ask([...new Set(this.numbers)].join("\n"));
    if (!answer) return;
    for (const row of this.rows) if (!row.dataset.repeated) row.remove();
    this.rest = [];
    this.unchecked = [];
    this.showBad(answer);
  }

  // One question after the other, in their order.
  ask(text, file) {
    const turn = this.work.then(() => this.#ask(text, file));
    this.work = turn.catch(() => {});
    return turn;
  }

  async #ask(text, file) {
    const data = new FormData(this.form);
    for (const name of new Set(data.keys())) {
      if (!name.endsWith("-serials")) continue;
      const times = data.getAll(name).length;
      data.delete(name);
      for (let n = 0; n < times; n++) data.append(name, "");
    }
    for (const name of [`${this.name}-bad`, `${this.name}-mend`]) data.delete(name);
    data.set(`${this.name}-serials`, text);
    if (file) data.set(`${this.name}-file`, file);
    data.set("action", `check:${this.name}`);
    this.busy(file ? "reading the file" : "checking");
    try {
      const headers = { "HX-Request": "true" };
      const answer = await fetch(location.href, { method: "POST", body: data, headers });
      if (!answer.ok || answer.redirected) throw new Error(answer.statusText);
      const page = document.createElement("template");
      page.innerHTML = await answer.text();
      return page.content;
    } catch {
      this.say("The server could not be asked about these numbers. They stay; all are checked on saving.", false);
      return null;
    } finally {
      this.busy("");
    }
  }

  // The bad ones of an answer; resolves to how many of them are red.
  showBad(answer) {
    const rows = [...answer.querySelectorAll("[data-bad]")].filter((row) => this.has(row.dataset.bad));
    const rest = split(answer.querySelector("[data-rest]")?.value ?? "");
    const said = new Set(rows.map((row) => keyOf(row.dataset.bad)));
    for (const row of this.rows) {
      if (!row.dataset.repeated && said.has(keyOf(row.dataset.bad))) row.remove();
    }
    this.find("[data-bad-numbers] > ol").append(...rows);
    this.rest.push(...rest);
    this.show();
    return rows.filter((row) => !row.classList.contains("is-doubtful")).length + rest.length;
  }

  showRepeated(number) {
    if (this.rows.length >= PAGE) return;
    const row = document.getElementById("repeated-number").content.firstElementChild.cloneNode(true);
    row.dataset.bad = number;
    row.querySelector(".serial").textContent = number;
    row.querySelector("input").setAttribute("aria-label", `Replace the second ${number} with`);
    this.find("[data-bad-numbers] > ol").append(row);
  }

  async mend(row, other) {
    const old = row.dataset.bad;
    const next = row.nextElementSibling ?? row.previousElementSibling;
    row.remove();
    const fresh = other ? this.replace(old, other) : (this.remove([old]), []);
    this.changed();
    (next?.querySelector("input[type=text], input:not([type])") ?? this.scan)?.focus();
    if (!this.rows.length && this.rest.length) await this.check(this.rest.splice(0, PAGE / 2));
    if (await this.check(fresh)) tone(false, this.form);
  }

  say(text, good) {
    const place = this.find("[data-said]");
    place.textContent = text;
    place.classList.toggle("is-bad", good === false);
    if (good === undefined || !this.scan) return;
    this.scan.classList.toggle("is-good", good);
    this.scan.classList.toggle("is-bad", !good);
    tone(good, this.form);
  }

  busy(what) {
    this.find("[data-busy]").textContent = what ? ` · ${what} …` : "";
    this.root.setAttribute("aria-busy", String(Boolean(what)));
  }

  changed() {
    this.show();
    this.root.dispatchEvent(new Event("numbers-changed", { bubbles: true }));
  }

  show() {
    this.count();
    this.list();
    for (const tick of this.root.querySelectorAll("[name=ticked]")) tick.checked = this.has(tick.value);
    const bad = this.rows.length + this.rest.length;
    this.find("[data-bad-numbers]").hidden = !bad;
    this.find("[data-more]").hidden = !this.rest.length;
    this.find("[data-more] span").textContent = figure(bad);
    this.root.classList.toggle("has-error", this.rows.some((row) => !row.classList.contains("is-doubtful")));
  }

  count() {
    const entered = this.numbers.length + this.pending.length;
    const wanted = this.wanted;
    const exact = "exact" in this.root.dataset;
    for (const place of this.root.querySelectorAll("[data-entered]")) place.textContent = figure(entered);
    const needed = this.find("[data-needed]");
    if (wanted && (entered || needed.textContent)) {
      needed.textContent = ` of ${figure(wanted)}${exact ? " needed" : ""}`;
    }
    const left = wanted - entered;
    this.find("[data-remaining]").textContent =
      wanted && exact && left ? ` · ${figure(Math.abs(left))} ${left > 0 ? "remaining" : "too many"}` : "";
    const red = this.rows.filter((row) => !row.classList.contains("is-doubtful")).length + this.rest.length;
    const later = this.unchecked.length ? ` · ${figure(this.unchecked.length)} not checked yet` : "";
    this.find("[data-wrong]").textContent = (red ? ` · ${figure(red)} to correct` : "") + later;
    const fit = this.find("[data-fit]");
    if (fit) fit.hidden = !entered || !left || this.quantity?.disabled;
    this.root.classList.toggle("is-complete", entered > 0 && !left && !red);
  }

  // The newest first, a page at a time.
  list() {
    const list = this.find("[data-list]");
    list.hidden = !this.numbers.length;
    if (!list.open) return;
    const wanted = keyOf(this.find("[data-find]")?.value.trim() ?? "");
    const swap = this.find("[data-swap]");
    if (swap) swap.disabled = !wanted;
    const bad = new Set([...this.rows.map((row) => row.dataset.bad), ...this.rest].map(keyOf));
    const found = [];
    let matching = 0;
    const from = this.page * PAGE;
    for (let place = this.numbers.length - 1; place >= 0; place--) {
      const number = this.numbers[place];
      if (wanted && !keyOf(number).includes(wanted)) continue;
      if (matching >= from && matching < from + PAGE) found.push(number);
      matching++;
    }
    this.find("[data-numbers]").replaceChildren(...found.map((number) => this.item(number, bad)));
    const pages = this.find("[data-pages]");
    pages.hidden = matching <= PAGE;
    const last = Math.min(from + PAGE, matching);
    this.find("[data-place]").textContent = `${figure(from + 1)} to ${figure(last)} of ${figure(matching)}`;
    const [newer, older] = pages.querySelectorAll("button");
    newer.disabled = !this.page;
    older.disabled = last >= matching;
  }

  item(number, bad) {
    const item = document.createElement("li");
    item.classList.toggle("is-error", bad.has(keyOf(number)));
    const text = document.createElement("span");
    text.className = "serial";
    text.textContent = number;
    item.append(text);
    if ("locked" in this.root.dataset) return item;
    const out = document.createElement("button");
    out.type = "button";
    out.className = "serial-out";
    out.dataset.out = number;
    out.setAttribute("aria-label", `Remove ${number}`);
    out.textContent = "×";
    item.append(out);
    return item;
  }

  // A field that runs full, whatever fills it, would slow the browser down with every line.
  typing() {
    const text = this.scan.value;
    const end = text.length > FULL ? text.search(/[\s,;]\S*$/) : -1;
    if (end > 0) {
      this.scan.value = text.slice(end + 1);
      this.later.push(text.slice(0, end));
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.take(this.later.splice(0).join("\n")), 100);
    }
    this.count();
  }

  // What stands in the field is entered, however many there are.
  enter() {
    const text = this.scan.value.trim();
    this.scan.value = "";
    if (!text) return;
    if (split(text).length > 1 || text.includes("..")) this.take(text);
    else this.scanned(text);
  }
}

const boxOf = (element) => boxes.get(element.closest("[data-serials]"));

function begin() {
  for (const root of boxes.keys()) if (!root.isConnected) boxes.delete(root);
  for (const live of document.querySelectorAll("[data-live]")) live.disabled = false;
  for (const root of document.querySelectorAll("[data-serials]")) {
    if (!boxes.has(root)) boxes.set(root, new EntryBox(root));
  }
}

// Sent, kept or asked about: the form's numbers are those of its boxes.
document.addEventListener("formdata", (event) => {
  for (const box of boxes.values()) {
    if (box.form === event.target) event.formData.set(`${box.name}-serials`, box.text);
  }
});

document.addEventListener("input", (event) => {
  const box = boxOf(event.target);
  if (box && event.target === box.scan) box.typing();
  if (box && event.target.matches("[data-find]")) {
    box.page = 0;
    box.list();
  }
  if (event.target.id?.endsWith("-quantity")) for (const each of boxes.values()) each.count();
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  const box = boxOf(event.target);
  if (!box) return;
  const mends = event.target.name?.endsWith("-mend");
  if (event.target !== box.scan && !mends && !event.target.matches("[data-find]")) return;
  event.preventDefault();
  if (mends) {
    const other = event.target.value.trim();
    if (other) box.mend(event.target.closest("[data-bad]"), other);
  } else if (event.target === box.scan) box.enter();
});

document.addEventListener("paste", (event) => {
  const box = boxOf(event.target);
  if (!box || event.target !== box.scan) return;
  const text = event.clipboardData.getData("text");
  if (!SEPARATORS.test(text)) return; // one number: it is still being typed
  event.preventDefault();
  const started = box.scan.value;
  box.scan.value = "";
  box.take(started + text).then((wrong) => tone(!wrong, box.form));
});

document.addEventListener("dragover", (event) => {
  const box = event.target.closest && boxOf(event.target);
  if (box?.scan && event.dataTransfer.types.includes("Files")) event.preventDefault();
});

document.addEventListener("drop", (event) => {
  const box = event.target.closest && boxOf(event.target);
  const [file] = event.dataTransfer?.files ?? [];
  if (!box?.scan || !file) return;
  event.preventDefault();
  box.read({ file });
});

document.addEventListener("change", (event) => {
  const { target } = event;
  const box = boxOf(target);
  if (box && target.matches("[data-file]")) {
    const [file] = target.files;
    if (file) box.read({ file }).then(() => (target.value = ""));
  } else if (box && target.name === "ticked") {
    if (target.checked) box.check(box.add([target.value]));
    else box.remove([target.value], true);
    box.changed();
  } else if (!box && /(item|location|date|customer|vendor|number_format|check_digit|upc)$/.test(target.name ?? "")) {
    checkSoon();
  } else if (target.id === "id_entry-quantity" && comes !== signOf(target)) {
    checkSoon();
  }
});

// The sign of the quantity says whether the units come or go.
const signOf = (field) => !/^[-−]/.test(field?.value.trim() ?? "");
let comes = true;

let soon;
function checkSoon() {
  clearTimeout(soon);
  comes = signOf(document.getElementById("id_entry-quantity"));
  soon = setTimeout(() => {
    for (const box of boxes.values()) if (box.numbers.length) box.checkAll();
  }, 300);
}

document.addEventListener("click", (event) => {
  const box = event.target.closest && boxOf(event.target);
  if (!box) return;
  const pressed = event.target.closest("button");
  if (!pressed) return;
  if (pressed.matches("[data-fit]")) fit(box);
  else if (pressed.matches("[data-camera]")) look((code) => box.scanned(code));
  else if (pressed.name === `${box.name}-drop` || pressed.matches("[data-drop]")) {
    event.preventDefault();
    box.mend(pressed.closest("[data-bad]"), "");
  } else if ("out" in pressed.dataset) {
    box.remove([pressed.dataset.out]);
    for (const row of box.rows) if (!box.has(row.dataset.bad)) row.remove();
    box.changed();
    box.find("[data-find]")?.focus();
  } else if ("page" in pressed.dataset) {
    box.page += Number(pressed.dataset.page);
    box.list();
  } else if (pressed.matches("[data-clear]")) {
    box.remove(box.numbers, true);
    box.rest = [];
    box.rows.forEach((row) => row.remove());
    box.changed();
    box.scan?.focus();
  }
});

function fit(box) {
  const { quantity } = box;
  const sign = /^[-−]/.test(quantity.value.trim()) ? "-" : "";
  quantity.value = sign + (box.numbers.length + box.pending.length);
  quantity.dispatchEvent(new Event("change", { bubbles: true })); // the total follows
  box.count();
}

document.addEventListener("toggle", (event) => event.target.matches?.("[data-list]") && boxOf(event.target)?.list(), true);

// Whoever leaves the dialog for other numbers finds those in question in their box.
document.addEventListener(
  "close",
  (event) => {
    if (event.target.id !== "prompt") return;
    for (const box of boxes.values()) {
      const shown = new Set(box.rows.map((row) => keyOf(row.dataset.bad)));
      const asked = event.target.querySelectorAll("[name=conflict]");
      const open = [...asked].map((field) => field.value).filter((n) => box.has(n) && !shown.has(keyOf(n)));
      box.check(open);
    }
  },
  true,
);

document.addEventListener("htmx:afterSettle", begin);
begin();
