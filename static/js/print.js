// The Print buttons. Where no script runs they are not shown, and the browser's own Print does it.

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) print();
});
