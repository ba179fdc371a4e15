// The scanner page's service worker: the page opens without a connection.
//
// Invariants: it answers only what belongs to this version of the page, from what was stored when it was installed, all
// or nothing; requests of the API and everything else go to the network untouched; a new version takes over only when it
// is let in, and old versions are removed then. It never sees commands: they are in the page's own store.
export {};

/** The part of a worker's scope that is used here; the types of pages and workers exclude each other. */
interface Scope {
  addEventListener(type: "install" | "activate", heard: (event: Lasting) => void): void;
  addEventListener(type: "message", heard: (event: MessageEvent) => void): void;
  addEventListener(type: "fetch", heard: (event: Fetched) => void): void;
  skipWaiting(): Promise<void>;
  readonly clients: { claim(): Promise<void> };
  readonly location: Location;
}
interface Lasting {
  waitUntil(work: Promise<unknown>): void;
}
interface Fetched {
  readonly request: Request;
  respondWith(answer: Promise<Response>): void;
}

const worker = self as unknown as Scope;
/** Addresses of the page's files and their common hash; written by the build. */
declare const __PRECACHE__: { version: string; files: string[] };

const PREFIX = "munshi-scan-";
const { version, files } = __PRECACHE__;
const CACHE = `${PREFIX}${version}`;
const PAGE = "/scan";
const OURS = new Set(files);

async function fill(): Promise<void> {
  const cache = await caches.open(CACHE);
  // The browser's own cache might hold an older page.
  await cache.addAll([PAGE, ...files].map((file) => new Request(file, { cache: "reload" })));
}

async function clean(): Promise<void> {
  for (const name of await caches.keys()) if (name.startsWith(PREFIX) && name !== CACHE) await caches.delete(name);
  await worker.clients.claim();
}

async function stored(request: Request, key: string): Promise<Response> {
  const cache = await caches.open(CACHE);
  return (await cache.match(key)) ?? fetch(request);
}

worker.addEventListener("install", (event) => event.waitUntil(fill()));
worker.addEventListener("activate", (event) => event.waitUntil(clean()));
worker.addEventListener("message", (event) => {
  if (event.data === "let-in") void worker.skipWaiting();
});
worker.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== worker.location.origin) return;
  if (request.mode === "navigate" && (url.pathname === PAGE || url.pathname.startsWith(`${PAGE}/`))) {
    event.respondWith(stored(request, PAGE));
  } else if (OURS.has(url.pathname)) {
    event.respondWith(stored(request, url.pathname));
  }
});
