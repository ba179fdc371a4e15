// How the device sounds and shakes. Sounds are made here, so none has to be fetched and all work without a connection.
//
// The four differ in pitch, length and number, so they are told apart in noise and by people who do not hear pitch well.

/** What is told. */
export type Sound =
  /** Done. */
  | "ok"
  /** A question is on the screen. */
  | "confirm"
  /** Look at the screen: what was scanned does not count. */
  | "stop"
  /** Kept on the device; the server has not answered. */
  | "kept";

/** Tones as [start, length] in seconds and hertz. */
const TONES: Record<Sound, readonly (readonly [number, number, number])[]> = {
  ok: [[0, 0.09, 1_800]],
  confirm: [[0, 0.12, 900], [0.16, 0.12, 1_350]],
  stop: [[0, 0.22, 220], [0.28, 0.34, 180]],
  kept: [[0, 0.05, 1_200]],
};
const SHAKES: Record<Sound, number[]> = { ok: [30], confirm: [60, 60, 60], stop: [250, 80, 250], kept: [15] };
const STORE = "munshi.scan.sound";

/** What the user has switched off. */
export interface Quiet {
  sound: boolean;
  vibration: boolean;
}

let context: AudioContext | undefined;
let quiet: Quiet = read();

function read(): Quiet {
  try {
    return { sound: true, vibration: true, ...(JSON.parse(localStorage.getItem(STORE) ?? "{}") as Partial<Quiet>) };
  } catch {
    return { sound: true, vibration: true };
  }
}

/** Whether sound and vibration are on. */
export function heard(): Quiet {
  return quiet;
}

/** Switches sound or vibration. */
export function setHeard(change: Partial<Quiet>): void {
  quiet = { ...quiet, ...change };
  localStorage.setItem(STORE, JSON.stringify(quiet));
}

/** Browsers let a page sound only after it was touched or a key was pressed: call this from such an event. */
export function unlockSound(): void {
  if (typeof AudioContext === "undefined") return;
  context ??= new AudioContext();
  if (context.state === "suspended") void context.resume();
}

/** Sounds and shakes. */
export function play(sound: Sound): void {
  if (quiet.vibration && "vibrate" in navigator && navigator.userActivation?.hasBeenActive !== false) navigator.vibrate(SHAKES[sound]);
  if (!quiet.sound || context?.state !== "running") return;
  for (const [from, length, pitch] of TONES[sound]) tone(context, context.currentTime + from, length, pitch, sound === "stop");
}

function tone(context: AudioContext, from: number, length: number, pitch: number, harsh: boolean): void {
  const wave = context.createOscillator();
  const level = context.createGain();
  wave.type = harsh ? "sawtooth" : "square";
  wave.frequency.value = pitch;
  level.gain.setValueAtTime(0.0001, from);
  level.gain.exponentialRampToValueAtTime(0.25, from + 0.01);
  level.gain.setValueAtTime(0.25, from + length - 0.02);
  level.gain.exponentialRampToValueAtTime(0.0001, from + length);
  wave.connect(level).connect(context.destination);
  wave.start(from);
  wave.stop(from + length);
}
