// A high tone for good, a low and longer one for bad; silent where the user wants it so.

let sound;

export function tone(good, form) {
  if (!form || "quiet" in form.dataset) return;
  sound ??= new AudioContext();
  const voice = sound.createOscillator();
  voice.frequency.value = good ? 880 : 220;
  voice.connect(sound.destination);
  voice.start();
  voice.stop(sound.currentTime + (good ? 0.06 : 0.3));
}
