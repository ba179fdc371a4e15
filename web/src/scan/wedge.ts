// Scanners that type: bursts of keys, faster than any hand, that end with Enter or Tab.
//
// Invariants: a scan is captured and never typed into what has the focus, so an Enter at its end presses no button; what
// a person types stays where it was typed. Control characters are kept: GS comes as Ctrl+], as Alt+029, or as itself.
// How a scan is read is the server's affair: its bytes go up as they came.

/** Longest pause between two characters of a scan, in milliseconds. A fast typist needs 80 and more. */
const GAP_MS = 50;
/** Longest pause before the key that ends it; some scanners send their suffix apart. */
const END_MS = 150;
/** Fewer characters are no scan. */
const LEAST = 3;
/** More are none either. */
const MOST = 512;
const GS = "\u{1d}";

interface Burst {
  text: string;
  last: number;
  /** The input the first key went into before the burst was known, and what stood there. */
  field: HTMLInputElement | HTMLTextAreaElement | null;
  before: string;
  caret: number | null;
}

/** Listens to a page; `scanned` gets each scan. Answers how to stop. */
export function listenToWedge(target: Document, scanned: (raw: string) => void): () => void {
  let burst: Burst | undefined;
  let alt = "";
  let giveBack: ReturnType<typeof setTimeout> | undefined;

  /** The burst was no scan: what was held back goes where it belongs. */
  const settle = () => {
    const held = burst;
    burst = undefined;
    if (held?.field && held.text.length > 1) write(held.field, held.before, held.caret, held.text);
  };
  const add = (key: string, event: KeyboardEvent) => {
    const now = event.timeStamp;
    if (burst && now - burst.last > GAP_MS) settle();
    clearTimeout(giveBack);
    if (burst) {
      burst.text += key;
      burst.last = now;
      event.preventDefault();
      event.stopPropagation();
    } else {
      const field = editable(event.target);
      burst = { text: key, last: now, field, before: field?.value ?? "", caret: caretOf(field) };
    }
    if (burst.text.length > MOST) settle();
    giveBack = setTimeout(settle, END_MS);
  };
  const end = (event: KeyboardEvent) => {
    const held = burst;
    if (!held || event.timeStamp - held.last > END_MS || held.text.length < LEAST) return;
    clearTimeout(giveBack);
    burst = undefined;
    event.preventDefault();
    event.stopPropagation();
    if (held.field) write(held.field, held.before, held.caret, "");
    scanned(held.text);
  };
  const down = (event: KeyboardEvent) => {
    if (event.isComposing) return;
    if (event.altKey && /^[0-9]$/.test(event.key)) {
      alt += event.key;
      event.preventDefault();
      return;
    }
    if (event.key === "Enter" || event.key === "Tab") return end(event);
    if (event.ctrlKey && event.key === "]") return add(GS, event);
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if ([...event.key].length === 1) add(event.key, event);
  };
  const up = (event: KeyboardEvent) => {
    if (event.key !== "Alt" || alt === "") return;
    const code = Number(alt);
    alt = "";
    if (code === 29) add(GS, event);
  };
  target.addEventListener("keydown", down, true);
  target.addEventListener("keyup", up, true);
  return () => {
    clearTimeout(giveBack);
    target.removeEventListener("keydown", down, true);
    target.removeEventListener("keyup", up, true);
  };
}

function editable(target: EventTarget | null): HTMLInputElement | HTMLTextAreaElement | null {
  if (typeof HTMLInputElement === "undefined") return null;
  return target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement ? target : null;
}

function caretOf(field: HTMLInputElement | HTMLTextAreaElement | null): number | null {
  try {
    return field?.selectionStart ?? null;
  } catch {
    return null;
  }
}

/** Sets a field to what stood there before with `text` at the caret, as if it had been typed. */
function write(field: HTMLInputElement | HTMLTextAreaElement, before: string, caret: number | null, text: string): void {
  const at = caret ?? before.length;
  // React keeps a setter of its own on the element; the prototype's makes it notice the change.
  const proto = field instanceof HTMLTextAreaElement ? HTMLTextAreaElement.prototype : HTMLInputElement.prototype;
  Object.getOwnPropertyDescriptor(proto, "value")?.set?.call(field, before.slice(0, at) + text + before.slice(at));
  field.dispatchEvent(new Event("input", { bubbles: true }));
  const end = at + text.length;
  if (caret !== null) field.setSelectionRange(end, end);
}
