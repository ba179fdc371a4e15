// The scanner page's beginning.
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { watchTheme } from "../app/theme";
import { apply } from "../i18n/language";
import { App } from "./App";
import { startUpdates } from "./update";
import "./scan.css";

apply();
watchTheme();
startUpdates();
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
