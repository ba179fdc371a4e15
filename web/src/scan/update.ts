// Installing, and updates that lose nothing.
//
// Invariant: a new version waits until the user, or an idle page, lets it in; commands are in the device's store and not
// in the page, so an update takes none away.
let waiting: ServiceWorker | null = null;
let install: InstallPrompt | null = null;
const listeners = new Set<() => void>();

/** Chromium's offer to install the page. */
interface InstallPrompt extends Event {
  prompt(): Promise<void>;
}

/** What can be offered. */
export interface Offer {
  update: boolean;
  install: boolean;
}

let offer: Offer = { update: false, install: false };

function tell(): void {
  offer = { update: waiting !== null, install: install !== null };
  for (const listener of listeners) listener();
}

/** For `useSyncExternalStore`. */
export const offered = (): Offer => offer;

export function onOffer(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** How often a page that stays open asks for a new version, in milliseconds. */
const LOOK_MS = 30 * 60_000;

/** Registers the service worker. Only a built page has one, and only a safe origin may. */
export function startUpdates(): void {
  window.addEventListener("beforeinstallprompt", (event) => {
    event.preventDefault();
    install = event as InstallPrompt;
    tell();
  });
  if (!import.meta.env.PROD || !("serviceWorker" in navigator)) return;
  let replaced = false;
  const had = navigator.serviceWorker.controller !== null;
  navigator.serviceWorker.addEventListener("controllerchange", () => {
    // The first worker takes the page over without a reload.
    if (had && !replaced) location.reload();
    replaced = true;
  });
  navigator.serviceWorker.register("/sw.js", { scope: "/scan" }).then(follow, () => undefined);
}

function follow(registration: ServiceWorkerRegistration): void {
  const look = () => {
    const { installing } = registration;
    installing?.addEventListener("statechange", () => {
      if (installing.state === "installed" && navigator.serviceWorker.controller) {
        waiting = installing;
        tell();
      }
    });
  };
  if (registration.waiting && navigator.serviceWorker.controller) {
    waiting = registration.waiting;
    tell();
  }
  registration.addEventListener("updatefound", look);
  look();
  setInterval(() => void registration.update().catch(() => undefined), LOOK_MS);
}

/** Lets the new version in; the page reloads. */
export function letIn(): void {
  waiting?.postMessage("let-in");
}

/** Offers to install the page. */
export function installNow(): void {
  void install?.prompt();
  install = null;
  tell();
}
