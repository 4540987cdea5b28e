// What is typed into the form of a document survives a reload: it is kept in the tab, under the
// page's address, until the document is saved or the form is left by Cancel. The request id is kept
// with it, so that what was saved on a broken connection is not saved twice.

const PLACE = `draft:${location.pathname}${location.search}`;
const NOT_KEPT = new Set(["csrfmiddlewaretoken", "live"]);
let touched = false;
let kept = true;
let timer;

const form = () => document.getElementById("document");

function keep() {
  clearTimeout(timer);
  if (!touched || !form()) return;
  const fields = [...new FormData(form())].filter(
    ([name, value]) => typeof value === "string" && !NOT_KEPT.has(name),
  );
  try {
    sessionStorage.setItem(PLACE, JSON.stringify(fields));
    kept = true;
  } catch {
    kept = false; // more than the browser keeps: it asks before the page is left
  }
}

function forget() {
  clearTimeout(timer);
  touched = false;
  sessionStorage.removeItem(PLACE);
}

function changed() {
  touched = true;
  clearTimeout(timer);
  timer = setTimeout(keep, 800);
}

function valuesOf(fields) {
  const values = { action: "refresh", live: "1" };
  for (const [name, value] of fields) (values[name] ??= []).push(value);
  return values;
}

async function bringBack() {
  const text = sessionStorage.getItem(PLACE);
  if (!text || !form()) return;
  const empty = form();
  empty.inert = true; // what is typed meanwhile would go with it
  const token = form().querySelector("[name=csrfmiddlewaretoken]").value;
  const values = { ...valuesOf(JSON.parse(text)), csrfmiddlewaretoken: token };
  await window.htmx.ajax("POST", location.href, { target: "#document", swap: "outerHTML", values });
  empty.inert = false;
  if (form() === empty) return; // it could not be asked; a reload tries again
  touched = true;
  const notice = document.createElement("div");
  notice.className = "notice notice-info";
  notice.setAttribute("role", "status");
  notice.append("What you had entered here is back. ");
  const again = Object.assign(document.createElement("button"), {
    type: "button",
    className: "btn btn-quiet btn-small",
    textContent: "Start over",
  });
  again.addEventListener("click", () => {
    forget();
    location.reload();
  });
  notice.append(again);
  form().prepend(notice);
}

document.addEventListener("input", (event) => form()?.contains(event.target) && changed());
document.addEventListener("change", (event) => form()?.contains(event.target) && changed());
document.addEventListener("numbers-changed", changed);
document.addEventListener("htmx:afterSwap", (event) => event.target.id === "document" && changed());
document.addEventListener("htmx:beforeOnLoad", (event) => {
  if (event.detail.xhr.getResponseHeader("HX-Redirect")) forget();
});
document.addEventListener("click", (event) => {
  if (event.target.closest("#document .form-buttons a")) forget();
});
window.addEventListener("pagehide", () => touched && keep());
window.addEventListener("beforeunload", (event) => {
  if (touched && !kept) event.preventDefault();
});

bringBack();
