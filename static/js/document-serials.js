// Boxes of serial numbers: the count follows the typing, ticks and text agree, and a line's
// quantity can be set to what was entered. The server does all of it without this file.

// As in items/numbers.py.
const SEPARATORS = /[\s,;]+/;

function numbersIn(box) {
  return box.querySelector("textarea").value.split(SEPARATORS).filter(Boolean);
}

function keyOf(number) {
  return number.normalize("NFKC").toLowerCase();
}

function quantityOf(box) {
  return document.getElementById(box.dataset.counts);
}

function count(box) {
  const numbers = numbersIn(box);
  const keys = new Set(numbers.map(keyOf));
  for (const place of box.querySelectorAll("[data-entered]")) place.textContent = numbers.length;
  const repeated = numbers.length - keys.size;
  box.querySelector("[data-repeated]").textContent = repeated ? `, ${repeated} repeated` : "";
  const wanted = Math.abs(Number(quantityOf(box)?.value.replace("−", "-")));
  const needed = box.querySelector("[data-needed]");
  if (wanted && (numbers.length || needed.textContent)) {
    needed.textContent = ` of ${wanted}${"exact" in box.dataset ? " needed" : ""}`;
  }
  const fit = box.querySelector("[data-fit]");
  if (fit) fit.hidden = !numbers.length || numbers.length === wanted || quantityOf(box)?.disabled;
  box.classList.toggle("is-complete", numbers.length > 0 && numbers.length === wanted && !repeated);
  for (const tick of box.querySelectorAll("[name=ticked]")) {
    tick.checked = keys.has(keyOf(tick.value));
  }
}

function countAll() {
  document.querySelectorAll("[data-serials]").forEach(count);
}

function write(box, numbers) {
  const area = box.querySelector("textarea");
  area.value = numbers.length ? `${numbers.join("\n")}\n` : "";
  count(box);
}

document.addEventListener("input", (event) => {
  const box = event.target.closest("[data-serials]");
  if (box && event.target.matches("textarea")) count(box);
  if (event.target.id?.endsWith("-quantity")) countAll();
});

document.addEventListener("change", (event) => {
  if (event.target.name !== "ticked") return;
  const box = event.target.closest("[data-serials]");
  const key = keyOf(event.target.value);
  const others = numbersIn(box).filter((number) => keyOf(number) !== key);
  write(box, event.target.checked ? [...others, event.target.value] : others);
});

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-fit]");
  if (!button) return;
  const box = button.closest("[data-serials]");
  const quantity = quantityOf(box);
  const sign = /^[-−]/.test(quantity.value.trim()) ? "-" : "";
  quantity.value = sign + numbersIn(box).length;
  quantity.dispatchEvent(new Event("change", { bubbles: true })); // the total follows
  count(box);
});

document.addEventListener("htmx:afterSettle", countAll);
countAll();
