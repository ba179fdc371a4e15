/**
 * Keyboard shortcuts: single keys (`/`), sequences (`g o`) and with the platform's modifier (`mod+k`).
 * They are off while one types, except those with a modifier, and while a dialog is open (`anywhere` is on always).
 */
import { useEffect, useRef } from "react";
import type { Label } from "@/i18n";

export interface Shortcut {
  keys: string;
  label: Label;
  run: (event: KeyboardEvent) => void;
  /** Also while a dialog is open. */
  anywhere?: boolean;
}

const GAP_MS = 1000;
/** What takes the keyboard for itself. A toast is an alert dialog too, but takes nothing. */
const OPEN = "section[role=dialog],section[role=alertdialog],[role=menu],[role=listbox]";
const active: Shortcut[] = [];
const listeners = new Set<() => void>();
let typed: string[] = [];
let last = 0;

/** Makes shortcuts work as long as the component is shown. */
export function useShortcuts(shortcuts: Shortcut[]): void {
  const now = useRef(shortcuts);
  now.current = shortcuts;
  const names = shortcuts.map((s) => s.keys).join("|");
  useEffect(() => {
    const mine = now.current.map((s, i) => ({ ...s, run: (e: KeyboardEvent) => now.current[i]?.run(e) }));
    active.push(...mine);
    listeners.forEach((l) => l());
    return () => {
      for (const s of mine) active.splice(active.indexOf(s), 1);
      listeners.forEach((l) => l());
    };
  }, [names]);
}

/** What works now, for the page of help. */
export function shortcutsNow(): Shortcut[] {
  return [...active];
}

/** The event as it is written in `keys`. */
export function pressed(event: Pick<KeyboardEvent, "key" | "code" | "ctrlKey" | "metaKey" | "altKey" | "shiftKey">): string {
  // With an Urdu keyboard the keys have other letters; shortcuts go by where a key is.
  const letter = /^Key([A-Z])$/.exec(event.code)?.[1]?.toLowerCase();
  const key = event.key.length === 1 && letter && !/[\x20-\x7e]/.test(event.key) ? letter : event.key.toLowerCase();
  const mod = event.ctrlKey || event.metaKey ? "mod+" : "";
  return `${mod}${event.altKey ? "alt+" : ""}${event.shiftKey && key.length > 1 ? "shift+" : ""}${key}`;
}

/** Which of `all` is meant by what was typed so far; `prefix` if more keys may follow. */
export function match(all: readonly string[], keys: readonly string[]): { hit: string | null; prefix: boolean } {
  for (let from = 0; from < keys.length; from += 1) {
    const text = keys.slice(from).join(" ");
    const hit = all.find((s) => s === text);
    if (hit) return { hit, prefix: false };
    if (all.some((s) => s.startsWith(`${text} `))) return { hit: null, prefix: true };
  }
  return { hit: null, prefix: false };
}

function typing(target: EventTarget | null): boolean {
  if (target instanceof HTMLInputElement) return !/^(checkbox|radio|button|range)$/.test(target.type);
  return target instanceof HTMLElement && (target.isContentEditable || /^(TEXTAREA|SELECT)$/.test(target.tagName));
}

export function listen(): () => void {
  const onKey = (event: KeyboardEvent) => {
    if (event.defaultPrevented || event.isComposing || /^(Control|Meta|Shift|Alt|AltGraph)$/.test(event.key)) return;
    const key = pressed(event);
    if (typing(event.target) && !key.startsWith("mod+")) return;
    const open = document.querySelector(OPEN) !== null;
    const usable = active.filter((s) => !open || s.anywhere);
    if (Date.now() - last > GAP_MS) typed = [];
    last = Date.now();
    typed = [...typed, key].slice(-3);
    const { hit, prefix } = match(usable.map((s) => s.keys), typed);
    if (hit !== null) {
      typed = [];
      event.preventDefault();
      usable.findLast((s) => s.keys === hit)?.run(event);
    } else if (!prefix) {
      typed = [];
    }
  };
  document.addEventListener("keydown", onKey);
  return () => document.removeEventListener("keydown", onKey);
}

/** Keys as they are drawn. */
export function drawn(keys: string): string[] {
  const mac = typeof navigator !== "undefined" && /Mac|iPhone|iPad/.test(navigator.platform);
  return keys.split(" ").map((k) => k.replace("mod+", mac ? "⌘" : "Ctrl ").replace(/(?:^| )\S$/, (c) => c.toUpperCase()));
}
