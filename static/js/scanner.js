// What a scanner types: the code without what it sends around it, and the camera as a scanner.

// A code as it is on the label. Only what stands at both ends as the user said is taken away.
export function bare(code, form) {
  const { before = "", after = "" } = form?.dataset ?? {};
  if (!before && !after) return code;
  const fits = code.startsWith(before) && code.endsWith(after);
  return fits && code.length > before.length + after.length
    ? code.slice(before.length, code.length - after.length)
    : code;
}

export const hasCamera = "BarcodeDetector" in window && Boolean(navigator.mediaDevices);

// Looks through the camera until its dialog is closed; `take` is given every code, once while it
// stays in sight.
export async function look(take) {
  const dialog = document.createElement("dialog");
  dialog.className = "dialog camera";
  dialog.setAttribute("aria-label", "Camera");
  const video = Object.assign(document.createElement("video"), { playsInline: true, muted: true });
  const said = document.createElement("p");
  said.setAttribute("role", "status");
  const close = Object.assign(document.createElement("button"), {
    type: "button",
    className: "btn btn-primary",
    textContent: "Done",
  });
  close.addEventListener("click", () => dialog.close());
  dialog.append(video, said, close);
  document.body.append(dialog);
  dialog.showModal();
  let stream;
  try {
    stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
    video.srcObject = stream;
    await video.play();
    await watch(video, dialog, (code) => {
      said.textContent = code;
      take(code);
    });
  } catch {
    said.textContent = "The camera cannot be used. Allow it for this site in the browser's settings.";
    await new Promise((done) => dialog.addEventListener("close", done, { once: true }));
  }
  stream?.getTracks().forEach((track) => track.stop());
  dialog.remove();
}

async function watch(video, dialog, take) {
  const detector = new window.BarcodeDetector();
  let seen = new Set();
  while (dialog.open) {
    const codes = (await detector.detect(video)).map((found) => found.rawValue.trim());
    codes.filter((code) => code && !seen.has(code)).forEach(take);
    if (codes.length) seen = new Set(codes);
    await new Promise((done) => setTimeout(done, 150));
  }
}
