// The customer's tracking page: reads the order named by the signed link and keeps it fresh while somebody looks.
// Nothing is fetched while the page is hidden; a failure never hides what is known, it says how old it is.
import { uuid } from "@/api/uuid";
import { cancel, read, type Read } from "./api";
import { follow } from "./live";
import { draw, type Screen } from "./page";
import { fill, type Language } from "./text";
import "./track.css";

const POLL_MS = 15_000;
const SLOWEST_MS = 120_000;
const LANGUAGE = "munshi.track.language";

const root = document.getElementById("root") as HTMLElement;
let screen: Screen = { kind: "loading" };
let language: Language = startLanguage();
let chosen = stored() !== null;
let token = "";
let timer: ReturnType<typeof setTimeout> | undefined;
let wait = POLL_MS;
let live: { stop(): void } | null = null;
let wish: string | null = null;

function stored(): Language | null {
  try {
    const value = localStorage.getItem(LANGUAGE);
    return value === "en" || value === "ur" ? value : null;
  } catch {
    return null; // Storage may be forbidden; then the order's language counts.
  }
}

function startLanguage(): Language {
  return stored() ?? (navigator.language.startsWith("ur") ? "ur" : "en");
}

function show(next: Screen): void {
  screen = next;
  draw(root, screen, language, actions);
}

function take(answer: Read): void {
  const known = screen.kind === "order" ? screen : null;
  if (answer.kind === "view") {
    wait = POLL_MS;
    const view = answer.view;
    if (!chosen && (view.language === "ur" || view.language === "en")) language = view.language;
    show({ kind: "order", view, at: Date.now(), trouble: null, live: live !== null, notice: known?.notice ?? null, busy: false });
    watch(view.topic);
  } else if (answer.kind === "gone") {
    stop();
    show({ kind: "gone" });
    return;
  } else if (answer.kind === "unreachable") {
    wait = Math.min(Math.max(wait * 2, answer.retryMs ?? 0), SLOWEST_MS);
    const trouble = navigator.onLine ? "stale" : "offline";
    show(known ? { ...known, trouble, busy: false } : { kind: "unreachable" });
  } else {
    show(known ? { ...known, busy: false, notice: { text: (words) => fill(words.refused, { detail: answer.detail }), good: false } } : { kind: "gone" });
  }
  schedule();
}

function schedule(): void {
  clearTimeout(timer);
  if (document.visibilityState === "visible") timer = setTimeout(refresh, wait);
}

function stop(): void {
  clearTimeout(timer);
  live?.stop();
  live = null;
}

async function refresh(): Promise<void> {
  clearTimeout(timer);
  const asked = token;
  const answer = await read(asked);
  if (asked === token) take(answer);
}

/** A socket where the server offers one. Until it speaks, and whenever it is silent, the page asks by itself. */
function watch(topic: string | undefined): void {
  if (live || !topic) return;
  live = follow(token, topic, (view) => take({ kind: "view", view }), () => {
    live = null;
    schedule();
  });
}

async function cancelOrder(): Promise<void> {
  if (screen.kind !== "order") return;
  wish ??= uuid();
  show({ ...screen, busy: true, notice: null });
  const answer = await cancel(token, wish);
  if (answer.kind !== "unreachable") wish = null;
  take(answer);
  if (answer.kind === "view" && screen.kind === "order") show({ ...screen, notice: { text: (words) => words.canceledNow, good: true } });
}

const actions = {
  retry: () => {
    wait = POLL_MS;
    show({ kind: "loading" });
    void refresh();
  },
  language: () => {
    language = language === "en" ? "ur" : "en";
    chosen = true;
    try {
      localStorage.setItem(LANGUAGE, language);
    } catch {
      // Without storage the choice lasts as long as the page.
    }
    show(screen);
  },
  cancel: () => void cancelOrder(),
};

function begin(): void {
  stop();
  token = decodeURIComponent(location.hash.slice(1));
  wish = null;
  show(token ? { kind: "loading" } : { kind: "no_link" });
  if (token) void refresh();
}

document.addEventListener("visibilitychange", () => {
  if (!token || screen.kind === "gone") return;
  if (document.visibilityState === "visible") void refresh();
  else stop();
});
addEventListener("online", () => void (token && refresh()));
addEventListener("offline", () => screen.kind === "order" && show({ ...screen, trouble: "offline" }));
addEventListener("hashchange", begin);
root.addEventListener("close", () => show(screen), true);
begin();
