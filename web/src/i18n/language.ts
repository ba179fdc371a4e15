/**
 * Which language the page speaks. Kept in this browser, and with the account (app/look.ts) for a browser that knows none.
 */
export const LANGUAGES = ["en", "ur"] as const;
export type Language = (typeof LANGUAGES)[number];
/** A text in every language, for places that are no dictionary (names of pages). */
export type Label = Record<Language, string>;

const STORE = "munshi.language";
const listeners = new Set<() => void>();
let current: Language = pick(stored(), typeof navigator === "undefined" ? [] : navigator.languages);

/** The stored choice, else the first of the browser's languages that we speak, else English. */
export function pick(chosen: string | null, wanted: readonly string[]): Language {
  const known = (tag: string | null | undefined) => LANGUAGES.find((l) => tag?.toLowerCase().split("-")[0] === l);
  return known(chosen) ?? wanted.map(known).find((l) => l !== undefined) ?? "en";
}

export function language(): Language {
  return current;
}

export function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Whether somebody chose in this browser. */
export function languageChosen(): boolean {
  return stored() !== null;
}

export function setLanguage(next: Language): void {
  localStorage.setItem(STORE, next);
  current = next;
  apply();
  listeners.forEach((listener) => listener());
}

/** Applies the language and follows what is chosen in other tabs. */
export function watchLanguage(): void {
  apply();
  window.addEventListener("storage", ({ key, newValue }) => {
    if (key === STORE && LANGUAGES.includes(newValue as Language) && newValue !== current) setLanguage(newValue as Language);
  });
}

/** Writes language and direction on the document, and fetches the Urdu script's font when it is wanted. */
export function apply(): void {
  document.documentElement.lang = current;
  document.documentElement.dir = current === "ur" ? "rtl" : "ltr";
  if (current === "ur") import("./urdu-font").catch(() => undefined); // Offline; the system has a font for it.
}

function stored(): string | null {
  return typeof localStorage === "undefined" ? null : localStorage.getItem(STORE);
}
