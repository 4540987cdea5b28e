// A dialog[data-modal] that arrives open becomes a real modal; one that is closed opens by a
// button with data-opens="its id". Without this file an open dialog is a section of the page.

function raise(dialog) {
  const focused = dialog.querySelector("[autofocus]");
  dialog.open = false;
  dialog.showModal();
  focused?.focus();
}

function raiseAll(root) {
  for (const dialog of root.querySelectorAll("dialog[data-modal][open]:not(:modal)")) raise(dialog);
}

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-opens]");
  if (opener) {
    event.preventDefault();
    raise(document.getElementById(opener.dataset.opens));
  }
  const closer = event.target.closest("[data-closes]");
  if (closer) {
    event.preventDefault();
    closer.closest("dialog").close();
  }
});

document.addEventListener("htmx:afterSettle", () => raiseAll(document));
raiseAll(document);
