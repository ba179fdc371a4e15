// One live connection for everything a tab shows.
//
// Invariants: whoever wants a topic holds it, and a topic nobody holds is let go after a moment, so walking from page to
// page does not fetch it anew; two pages that look at one topic through different windows share all its rows, because
// the server knows one window per topic and connection. Snapshots are made at most once a frame.
//
// Not here: what rows mean, and requests.
import type { Answer, CodeWord, Topic, Window } from "../wire/munshi-v1";
import { uuid7 } from "../api/uuid";
import { type Connection, connectionOf, same } from "./connection";
import { Driver, monotonic } from "./driver";
import { config, type Event } from "./events";
import { Machine } from "./machine";
import { type TokenSource, Tokens } from "./token";
import { windowKey } from "./topics";
import { freshness, type GaugeView, LOADING, MapViews, type StreamView, type TopicView } from "./views";

/** How long a topic is kept that nobody holds. */
const LINGER_MS = 10_000;
/** Between two snapshots for the pages. */
const FRAME_MS = 50;

/** Who wants a topic, and how. */
interface Holder {
  window: Window | undefined;
  maxHz: number | undefined;
}

interface Shared {
  holders: Set<Holder>;
  listeners: Set<() => void>;
  views: MapViews;
  dirty: boolean;
  code: CodeWord | undefined;
  view: TopicView<unknown> | StreamView<unknown> | GaugeView<unknown>;
  letGo: ReturnType<typeof setTimeout> | undefined;
}

/** What a command came to, apart from an answer. */
export class NotDone extends Error {
  /** `code` is the server's, or `queue_full`, `too_large`, `gone` (the connection was ended; the outcome is unknown). */
  constructor(readonly code: CodeWord) {
    super(code);
  }
}

/** Settings. */
export interface LiveOptions {
  url: string;
  app: string;
  tokens: TokenSource;
  /** Told when the server takes a topic away that the user's roles no longer permit, or lets the session go no further. */
  rolesChanged?: () => void;
  /** Told about defects: a mirror that did not agree with the server's checksum. */
  defect?: (what: string, topic: Topic) => void;
}

/** See the head of this file. */
export class LiveConsole {
  readonly machine: Machine;
  readonly #driver: Driver;
  readonly #tokens: Tokens;
  readonly #topics = new Map<Topic, Shared>();
  readonly #waiting = new Map<string, { resolve: (answer: Answer) => void; reject: (why: NotDone) => void }>();
  readonly #listeners = new Set<() => void>();
  #connection: Connection = { state: "idle" };
  #signedOut = false;
  #ended = false;
  #frame: ReturnType<typeof setTimeout> | undefined;
  #frameDue = 0;

  constructor(readonly options: LiveOptions) {
    const client = `tab_${uuid7().replaceAll("-", "").slice(12)}`;
    this.machine = new Machine(config({ kind: "console", client }, options.app), Math.random);
    this.#tokens = new Tokens(
      options.tokens,
      (token) => this.#driver.turn((now) => this.machine.setToken(now, token)),
      () => {
        this.#signedOut = true;
        this.#turned();
      },
    );
    this.#driver = new Driver(this.machine, options.url, {
      event: (event) => this.#event(event),
      store: () => undefined,
      turned: () => this.#turned(),
    });
  }

  /** Connects, or tries again at once where it waits or has stopped. */
  start(): void {
    this.#signedOut = false;
    this.#driver.turn((now) => {
      if (this.machine.phase.at === "no_token") this.#tokens.need();
      else if (this.machine.phase.at === "waiting") this.machine.wake(now);
      else this.machine.start(now);
    });
  }

  /** Ends it for good. Commands without an answer are `gone`. */
  end(): void {
    this.#ended = true;
    this.#tokens.end();
    this.#driver.end();
    clearTimeout(this.#frame);
    for (const { letGo } of this.#topics.values()) clearTimeout(letGo);
    for (const { reject } of this.#waiting.values()) reject(new NotDone("gone"));
    this.#waiting.clear();
  }

  /** The state of the connection; the same object until it changes. */
  readonly connection = (): Connection => this.#connection;

  /** Tells when the connection's state changes. */
  readonly onConnection = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Holds a topic and listens to it, until the answer is called. */
  hold(topic: Topic, options: Partial<Holder>, listener: () => void): () => void {
    const shared = this.#shared(topic);
    const holder: Holder = { window: options.window, maxHz: options.maxHz };
    shared.holders.add(holder);
    shared.listeners.add(listener);
    clearTimeout(shared.letGo);
    this.#want(topic, shared);
    if (this.machine.phase.at === "idle" && !this.#ended) this.start();
    return () => {
      shared.holders.delete(holder);
      shared.listeners.delete(listener);
      if (shared.holders.size === 0) shared.letGo = setTimeout(() => this.#release(topic), LINGER_MS);
    };
  }

  /** The topic's latest snapshot; the same object until something changed. */
  view(topic: Topic): TopicView<unknown> | StreamView<unknown> | GaugeView<unknown> {
    return this.#topics.get(topic)?.view ?? LOADING;
  }

  /** The window the topic's rows come through: all rows if its holders want different ones. */
  windowOf(topic: Topic): Window | undefined {
    return this.machine.subs.entries.get(topic)?.window;
  }

  /** The user has dealt with the items of a stream up to `off`. */
  seen(topic: Topic, off: number): void {
    this.#driver.turn(() => this.machine.seen(topic, off));
    this.#mark(topic);
  }

  /**
   * Gives a command. The answer may take as long as the connection is away; a repeat has one effect.
   * @throws {NotDone} if it was refused before it was decided.
   */
  command(op: string, a: unknown, rev?: number): Promise<Answer> {
    const key = uuid7();
    const unable = this.#driver.turn((now) => this.machine.command(now, { key, op, ...(rev !== undefined && { rev }), a }));
    if (unable) return Promise.reject(new NotDone(unable));
    return new Promise((resolve, reject) => this.#waiting.set(key, { resolve, reject }));
  }

  #shared(topic: Topic): Shared {
    const known = this.#topics.get(topic);
    if (known) return known;
    const shared: Shared = {
      holders: new Set(),
      listeners: new Set(),
      views: new MapViews(),
      dirty: false,
      code: undefined,
      view: LOADING,
      letGo: undefined,
    };
    this.#topics.set(topic, shared);
    return shared;
  }

  /** Subscribes as the holders together want it, unless it is so already. */
  #want(topic: Topic, shared: Shared): void {
    const holders = [...shared.holders];
    const first = holders[0]?.window;
    const alike = holders.every((holder) => windowKey(holder.window) === windowKey(first));
    const window = alike ? first : undefined;
    const rates = holders.map((holder) => holder.maxHz).filter((hz) => hz !== undefined);
    const maxHz = rates.length > 0 ? Math.max(...rates) : undefined;
    const entry = this.machine.subs.entries.get(topic);
    if (entry && windowKey(entry.window) === windowKey(window) && entry.maxHz === maxHz) return;
    if (entry && windowKey(entry.window) !== windowKey(window)) shared.views = new MapViews();
    const wish = { ...(maxHz !== undefined && { maxHz }), ...(window && { window }) };
    const ask = () => this.#driver.turn((now) => this.machine.subscribe(now, topic, wish));
    if (ask() === "too_many_topics" && this.#makeRoom() && ask() !== undefined) shared.code = "topic_limit";
    this.#mark(topic);
  }

  /** Lets every topic go that nobody holds. */
  #makeRoom(): boolean {
    for (const [topic, { holders }] of this.#topics) if (holders.size === 0) this.#release(topic);
    return true;
  }

  #release(topic: Topic): void {
    const shared = this.#topics.get(topic);
    if (!shared || shared.holders.size > 0) return;
    clearTimeout(shared.letGo);
    this.#topics.delete(topic);
    this.#driver.turn(() => this.machine.unsubscribe(topic));
  }

  #event(event: Event): void {
    switch (event.is) {
      case "token_needed":
        return this.#tokens.need();
      case "connected":
        return this.#tokens.keepFresh();
      case "stopped":
        if (event.reason.why === "asked") return;
        // Closed for the session's sake: the session finds out whether it has ended. Another tab may have renewed the token
        // meanwhile, and nobody knows yet that the new one is worth nothing either: so it is tried.
        this.options.rolesChanged?.();
        return this.#tokens.need();
      case "changed":
      case "items":
        return this.#mark(event.topic);
      case "refused": {
        const shared = this.#topics.get(event.topic);
        if (shared) shared.code = event.code;
        if (event.code === "sub_revoked") this.options.rolesChanged?.();
        return this.#mark(event.topic);
      }
      case "mirror_mismatch":
        return this.options.defect?.("mirror_mismatch", event.topic);
      case "settled":
        return this.#settle(event.cmd.key, (waiting) => waiting.resolve(event.answer));
      case "not_taken":
        return this.#settle(event.cmd.key, (waiting) => waiting.reject(new NotDone(event.code)));
      default:
        return;
    }
  }

  #settle(key: string, how: (waiting: { resolve: (answer: Answer) => void; reject: (why: NotDone) => void }) => void) {
    const waiting = this.#waiting.get(key);
    this.#waiting.delete(key);
    if (waiting) how(waiting);
  }

  #turned(): void {
    const offline = typeof navigator !== "undefined" && navigator.onLine === false && !this.machine.isLive;
    const next = connectionOf(this.machine, offline, this.#signedOut);
    if (same(next, this.#connection)) return;
    const wasLive = live(this.#connection);
    this.#connection = next;
    if (live(next) !== wasLive) for (const topic of this.#topics.keys()) this.#mark(topic);
    for (const listener of this.#listeners) listener();
  }

  #mark(topic: Topic): void {
    const shared = this.#topics.get(topic);
    if (!shared) return;
    shared.dirty = true;
    this.#wait(FRAME_MS);
  }

  #wait(ms: number): void {
    const due = monotonic() + ms;
    if (this.#frame !== undefined && this.#frameDue <= due) return;
    clearTimeout(this.#frame);
    this.#frameDue = due;
    this.#frame = setTimeout(() => this.#draw(), ms);
  }

  /** Makes the snapshots of what changed and tells the pages. */
  #draw(): void {
    this.#frame = undefined;
    const now = monotonic();
    let next: number | undefined;
    for (const [topic, shared] of this.#topics) {
      const ends = shared.views.markEnds();
      if (shared.dirty || (ends !== undefined && ends <= now)) this.#redraw(topic, shared, now);
      const later = shared.views.markEnds();
      if (later !== undefined) next = Math.min(next ?? later, later);
    }
    if (next !== undefined) this.#wait(Math.max(next - now, FRAME_MS));
  }

  #redraw(topic: Topic, shared: Shared, now: number): void {
    shared.dirty = false;
    const view = this.#see(topic, shared, now);
    if (alike(view, shared.view)) return;
    shared.view = view;
    for (const listener of [...shared.listeners]) listener();
  }

  #see(topic: Topic, shared: Shared, now: number): Shared["view"] {
    const entry = this.machine.subs.entries.get(topic);
    const state = entry ? freshness(entry, this.machine.isLive) : shared.code ? "refused" : "loading";
    const code = state === "refused" ? { code: shared.code ?? "sub_denied" } : {};
    const mirror = entry?.mirror;
    if (mirror?.kind === "stream") return { state, ...code, items: mirror.unseen };
    if (mirror?.kind === "gauge") return { state, ...code, value: mirror.value };
    const rows = shared.views.take(mirror?.rows ?? new Map(), mirror?.stand !== undefined, now);
    return { state, ...code, rows };
  }
}

function live(connection: Connection): boolean {
  return connection.state === "live" || connection.state === "catching_up";
}

/** Whether two snapshots show the same. */
function alike(a: Shared["view"], b: Shared["view"]): boolean {
  const fields = (view: Shared["view"]) => view as unknown as Record<string, unknown>;
  const names = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...names].every((name) => fields(a)[name] === fields(b)[name]);
}
