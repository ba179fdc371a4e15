// The scanner page's beginning.
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { watchTheme } from "../app/theme";
import { apply, LANGUAGES, setLanguage } from "../i18n/language";
import { App } from "./App";
import { startUpdates } from "./update";
import "./scan.css";

apply();
watchTheme();
startUpdates();
// A console in another window chose a language: this page is the same person's.
window.addEventListener("storage", ({ key, newValue }) => {
  const chosen = LANGUAGES.find((language) => language === newValue);
  if (key === "munshi.language" && chosen) setLanguage(chosen);
});
// What waits to be sent must not be cleared for room. The browser may say no; the settings show what it said.
void navigator.storage?.persist?.().catch(() => false);

const root = document.getElementById("root");
if (root) {
  createRoot(root).render(
    <StrictMode>
      <App />
    </StrictMode>,
  );
}
