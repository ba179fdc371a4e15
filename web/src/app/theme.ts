/** Light, dark or as the system: kept in this browser, shown as `data-theme` on <html>. */
import { useSyncExternalStore } from "react";

export type Theme = "system" | "light" | "dark";

const STORE = "munshi.theme";
const dark = () => matchMedia("(prefers-color-scheme: dark)");
const listeners = new Set<() => void>();

function chosen(): Theme {
  const value = localStorage.getItem(STORE);
  return value === "light" || value === "dark" ? value : "system";
}

/** Whether somebody chose in this browser. */
export function themeChosen(): boolean {
  return localStorage.getItem(STORE) !== null;
}

export function applyTheme(): void {
  const theme = chosen();
  document.documentElement.dataset.theme = theme === "system" ? (dark().matches ? "dark" : "light") : theme;
}

export function setTheme(theme: Theme): void {
  localStorage.setItem(STORE, theme);
  turned();
}

function turned(): void {
  applyTheme();
  listeners.forEach((listener) => listener());
}

/** Applies the theme and follows the system and other tabs. */
export function watchTheme(): void {
  applyTheme();
  dark().addEventListener("change", applyTheme);
  window.addEventListener("storage", (event) => {
    if (event.key === STORE) turned();
  });
}

export function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function useTheme(): Theme {
  return useSyncExternalStore(subscribe, chosen);
}
