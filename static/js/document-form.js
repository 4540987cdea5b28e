// The form of a new document: dialogs that were left do not speak again, refusals take the focus,
// and whatever happens on the way to the server, what was typed stays.

// A dialog that was cancelled is gone, with the fields in it.
document.addEventListener(
  "close",
  (event) => {
    if (event.target.matches("dialog[data-passing]")) event.target.remove();
  },
  true,
);

// What was refused is read out first.
document.addEventListener("htmx:afterSettle", (event) => {
  if (event.target.id === "document") event.target.querySelector("[data-focus]")?.focus();
});

// Enter in a field that has a button of its own presses that one.
document.addEventListener("keydown", (event) => {
  const action = event.target.dataset?.action;
  if (event.key !== "Enter" || !action) return;
  event.preventDefault();
  event.target.form.querySelector(`button[name=action][value="${action}"]`)?.click();
});

// Somebody who logs in again in another window goes on here: the token is that of the new log-in.
document.addEventListener("htmx:configRequest", (event) => {
  const token = document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1];
  if (token && event.detail.verb === "post") event.detail.parameters.csrfmiddlewaretoken = token;
});

// The answer of another page, such as the log-in, must not take the form's place.
document.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr, pathInfo } = event.detail;
  const asked = new URL(pathInfo.requestPath, location);
  if (new URL(xhr.responseURL).pathname === asked.pathname) return;
  event.detail.shouldSwap = false;
  say("You have been logged out. Log in again in another window, then repeat this.", "/login/");
});

document.addEventListener("htmx:responseError", (event) => {
  say(
    event.detail.xhr.status === 413
      ? "This is more than can be sent at once. Enter it on several documents. Nothing was saved; what you typed is still here."
      : "The server could not do this. Nothing was saved; what you typed is still here.",
  );
});

document.addEventListener("htmx:sendError", () => {
  // Whether the question or the answer was lost, nobody knows here.
  say(
    "The server cannot be reached; what you typed is still here. Try again: it is saved once, even if only the answer was lost.",
  );
});

document.addEventListener("htmx:beforeRequest", () => {
  document.querySelector("#messages [data-trouble]")?.remove();
});

function say(text, address) {
  const notice = document.createElement("div");
  notice.className = "notice notice-danger";
  notice.dataset.trouble = "";
  notice.append(text);
  if (address) {
    const link = Object.assign(document.createElement("a"), { href: address, target: "_blank" });
    link.textContent = "Log in";
    notice.append(" ", link);
  }
  document.getElementById("messages").replaceChildren(notice);
  notice.scrollIntoView({ block: "nearest" });
}
