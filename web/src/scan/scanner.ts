// The scanner behind the page: the device's connection, the server's screen, and what became of every command.
//
// Invariants: the screen is the server's last word, never a guess; what was recorded sounds only after it is durable;
// what the server refuses after a flush stays in the list until it was looked at. Screen and list survive a reload, for
// a handheld that was dropped has to go on where it was.
import type { Answer, Cmd, CodeWord, DeviceNotice, Item } from "../wire/munshi-v1";
import { LiveDevice, NotStored, type DeviceState } from "../live/device";
import { socketUrl } from "../live/driver";
import { openStore } from "../live/idb";
import { uuid7 } from "../api/uuid";
import { type Enrolled, tokensOf } from "./enrolment";
import { type Collected, modeOf, NOTHING, type Step, take, units } from "./offline";
import { at, flowOf, type Msg, type Out, screenOf } from "./out";
import { play, type Sound } from "./sound";

/** One line of the list of what was done. */
export interface Entry {
  key: string;
  op: string;
  /** What was scanned or entered, for people; never a PIN. */
  shown: string;
  at: number;
  st: Answer["st"] | "waiting" | "unreadable";
  code?: CodeWord;
  args?: Record<string, string>;
  /** It was done without a connection. */
  offline: boolean;
}

/** What the page shows. */
export interface Shown {
  live: DeviceState;
  /** The server's screen; nothing before the first sign-on. */
  screen: Out | undefined;
  badge: string | undefined;
  /** What is said now. */
  notice: Notice | undefined;
  log: readonly Entry[];
  /** Collected offline. */
  collected: Collected;
  /** Without a connection for longer than a moment. */
  away: boolean;
  /** A sign-on that may be confirmed to take over from another device. */
  takeOver: { badge: string; pin: string } | undefined;
  /** Why the server does not give this device tokens. */
  refused: CodeWord | undefined;
}

/** A message. `n` grows, so that the same message again is seen to be new. */
export interface Notice {
  n: number;
  sound: Sound;
  st?: Entry["st"];
  msg?: Msg;
  /** The operation it answers. */
  op?: string;
}

/** Lines of the list. */
const LOG = 60;
/** A connection may be away so long before scans are taken as done without one, in milliseconds. */
const PATIENCE_MS = 2_500;
/** An answer that takes longer is told to be waited for. */
const SLOW_MS = 350;
/** While a queue is flushed, sounds are at least so far apart, in milliseconds. */
const CROWD_MS = 700;
/** What is shown is kept for a reload this long after it changed, in milliseconds. */
const KEEP_MS = 200;
/** How long a take-over may be confirmed (warehouse-floor §5). */
const CONFIRM_MS = 10_000;

interface Kept {
  screen?: Out;
  badge?: string;
  log?: Entry[];
}

/** See the head of this file. */
export class Scanner {
  #shown: Shown;
  #listeners = new Set<() => void>();
  #notices = 0;
  #telling = false;
  #keeping: ReturnType<typeof setTimeout> | undefined;
  #lastSound = 0;
  #pins = new Map<string, { badge: string; pin: string }>();
  #awayTimer: ReturnType<typeof setTimeout> | undefined;
  #takeOverTimer: ReturnType<typeof setTimeout> | undefined;

  private constructor(
    readonly enrolled: Enrolled,
    readonly device: LiveDevice,
  ) {
    const kept = read(enrolled);
    this.#shown = {
      live: device.state(),
      screen: kept.screen,
      badge: kept.badge,
      notice: undefined,
      log: kept.log ?? [],
      collected: NOTHING,
      away: false,
      takeOver: undefined,
      refused: undefined,
    };
    device.subscribe(() => this.#connection());
    window.addEventListener("pagehide", this.#keepNow);
  }

  /** Opens the store of a device and connects it. */
  static async open(enrolled: Enrolled, app: string): Promise<Scanner> {
    let scanner: Scanner | undefined;
    const store = await openStore(`munshi.scan.${enrolled.device}`, uuid7());
    const device = await LiveDevice.open({
      url: socketUrl("/ws/device"),
      app,
      identity: { device: enrolled.device, install: enrolled.install, gen: enrolled.gen },
      tokens: tokensOf(enrolled, (code) => scanner?.set({ refused: code })),
      store,
      handlers: {
        answer: (cmd, answer) => scanner?.answered(cmd, answer),
        parked: (cmd, code) => scanner?.unreadable(cmd, code),
        told: (items) => scanner?.told(items),
      },
    });
    scanner = new Scanner(enrolled, device);
    device.start();
    return scanner;
  }

  /** Ends it; everything stays stored. */
  end(): void {
    window.removeEventListener("pagehide", this.#keepNow);
    this.#keepNow();
    clearTimeout(this.#awayTimer);
    clearTimeout(this.#takeOverTimer);
    this.device.end();
  }

  /** For `useSyncExternalStore`. */
  readonly state = (): Shown => this.#shown;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Takes a scan, wherever it came from. */
  scan(raw: string, aim?: string): void {
    const { screen, badge, collected, away } = this.#shown;
    const code = raw.replace(/[\r\n\t]+$/, "");
    if (!badge || !screen || code === "") return this.#say("stop", { msg: { code: "empty" } });
    if (!flowOf(screen)) return this.#say("stop", { msg: { code: "unexpected_scan" } });
    if (away) return void this.#offline(take(screen, collected, code));
    void this.do("scan", { raw: code, ...(aim && { aim }) });
  }

  /** Takes the units of a stop that is picked without a connection. */
  units(count: number): void {
    const { screen, collected } = this.#shown;
    if (screen) void this.#offline(units(screen, collected, count));
  }

  /** Gives an operation that needs the server's answer. */
  async intend(op: string, a: unknown): Promise<void> {
    if (this.#shown.away) return this.#say("stop", { msg: { code: "offline_not_allowed" } });
    await this.do(op, a);
  }

  /** Signs on; only with a connection, so that a PIN does not wait in a queue. */
  async signOn(badge: string, pin: string): Promise<void> {
    if (this.#shown.away || !this.device.machine.isLive) return this.#say("stop", { msg: { code: "offline_not_allowed" } });
    const key = await this.do("sign_on", { badge, pin });
    if (key) this.#pins.set(key, { badge, pin });
  }

  /** Records an operation; answers its key, or nothing if it could not be stored. */
  async do(op: string, a: unknown, offline = false): Promise<string | undefined> {
    try {
      const cmd = await this.device.record(op, a);
      const entry: Entry = { key: cmd.key, op, shown: shownOf(op, a), at: Date.now(), st: "waiting", offline };
      this.#log(entry);
      if (offline || !this.device.machine.isLive) this.#say("kept", { st: "waiting" });
      else setTimeout(() => this.#slow(cmd.key), SLOW_MS);
      return cmd.key;
    } catch (error) {
      if (!(error instanceof NotStored)) throw error;
      this.#say("stop", { msg: { code: error.why } });
      return undefined;
    }
  }

  /** The message was read. */
  hush(): void {
    this.set({ notice: undefined });
  }

  /** What the server answered to a command. */
  answered(cmd: Cmd, answer: Answer): void {
    const out = screenOf(answer);
    const code = answer.code ?? out?.msg?.code;
    const args = out?.msg?.args;
    this.#change(cmd.key, { st: answer.st, ...(code && { code }), ...(args && { args }) });
    // Answers come in the order of the commands, so the last one that came is where the session stands.
    if (out) this.#screen(cmd, answer, out);
    this.#operator(cmd, answer, out);
    this.#keep();
    const sound: Sound = out?.beep ?? (answer.st === "rejected" ? "stop" : "ok");
    // While a queue is flushed only what needs a person is told, and the end of it.
    if (sound === "ok" && this.device.machine.queue.size > 0) return;
    this.#say(sound, { st: answer.st, op: cmd.op, ...(out?.msg ? { msg: out.msg } : code ? { msg: { code } } : {}) });
  }

  /** The server cannot read a command. */
  unreadable(cmd: Cmd, code: CodeWord): void {
    this.#change(cmd.key, { st: "unreadable", code });
    this.#say("stop", { st: "unreadable", msg: { code } });
    this.#keep();
  }

  /** The device was told something. It sounds once, as the gravest of it; what it says is shown until it was read. */
  told(items: readonly Item[]): void {
    const grave = items.some(({ v }) => ((v as DeviceNotice).beep ?? "stop") === "stop");
    play(grave ? "stop" : "confirm");
  }

  /** Changes what is shown. A frame may bring a hundred answers: the page is told once. */
  set(change: Partial<Shown>): void {
    this.#shown = { ...this.#shown, ...change };
    if (this.#telling) return;
    this.#telling = true;
    queueMicrotask(() => {
      this.#telling = false;
      for (const listener of this.#listeners) listener();
    });
  }

  #screen(cmd: Cmd, answer: Answer, out: Out): void {
    // A fact's answer shows where the session stands; what was collected offline is behind it.
    const rejectedSignOn = cmd.op === "sign_on" && answer.st === "rejected";
    if (rejectedSignOn) return;
    this.set({ screen: out, ...(!this.#shown.away && { collected: NOTHING }) });
  }

  #operator(cmd: Cmd, answer: Answer, out: Out | undefined): void {
    const pins = this.#pins.get(cmd.key);
    this.#pins.delete(cmd.key);
    const done = answer.st === "applied" || answer.st === "duplicate";
    if (cmd.op === "sign_on" && done && (answer.code === undefined || answer.code === "clock_skew")) {
      return this.set({ badge: (cmd.a as { badge: string }).badge, takeOver: undefined });
    }
    if (cmd.op === "sign_on" && answer.code === "signed_on_elsewhere" && pins) {
      this.set({ takeOver: pins });
      clearTimeout(this.#takeOverTimer);
      this.#takeOverTimer = setTimeout(() => this.set({ takeOver: undefined }), CONFIRM_MS);
      return;
    }
    const gone = (cmd.op === "sign_off" && (done || answer.code === "already_done")) || (answer.code === "no_permission" && out?.msg?.field === "/badge");
    if (gone) this.set({ badge: undefined, screen: undefined, collected: NOTHING });
  }

  async #offline(step: Step): Promise<void> {
    if (step.is === "no") return this.#say("stop", { msg: { code: step.code, ...(step.args && { args: step.args }) } });
    if (step.is === "record" && (await this.do(step.op, step.a, true)) === undefined) return;
    this.set({ collected: step.then });
    const mode = modeOf(this.#shown.screen);
    if (step.is === "more") this.#say("kept", {});
    // The list is not known here: after the stop at hand there is nothing more to do without the server.
    else if (mode === "pick" && this.#shown.screen) this.set({ screen: { ...this.#shown.screen, state: "AwayDone" } });
  }

  #slow(key: string): void {
    const entry = this.#shown.log.find((one) => one.key === key);
    if (entry?.st === "waiting") this.#say("kept", { st: "waiting" });
  }

  #connection(): void {
    const live = this.device.state();
    const there = live.connection.state === "live" || live.connection.state === "catching_up";
    // It runs from the moment the connection went: tries that fail meanwhile do not begin it anew.
    if (!there) this.#awayTimer ??= setTimeout(() => this.set({ away: true }), PATIENCE_MS);
    else {
      clearTimeout(this.#awayTimer);
      this.#awayTimer = undefined;
    }
    this.set({ live, ...(there && { away: false }) });
  }

  #say(sound: Sound, what: Omit<Notice, "n" | "sound">): void {
    // A flushed queue may have a hundred things to say; one of them is heard.
    const crowded = this.device.machine.queue.size > 1 && Date.now() - this.#lastSound < CROWD_MS;
    if (!crowded) play(sound);
    this.#lastSound = crowded ? this.#lastSound : Date.now();
    this.#notices += 1;
    this.set({ notice: { n: this.#notices, sound, ...what } });
  }

  #log(entry: Entry): void {
    this.set({ log: [entry, ...this.#shown.log].slice(0, LOG) });
    this.#keep();
  }

  #change(key: string, change: Partial<Entry>): void {
    this.set({ log: this.#shown.log.map((entry) => (entry.key === key ? { ...entry, ...change } : entry)) });
  }

  #keep(): void {
    this.#keeping ??= setTimeout(() => this.#keepNow(), KEEP_MS);
  }

  readonly #keepNow = (): void => {
    clearTimeout(this.#keeping);
    this.#keeping = undefined;
    const { screen, badge, log } = this.#shown;
    const kept: Kept = { log: [...log], ...(screen && { screen }), ...(badge && { badge }) };
    try {
      localStorage.setItem(place(this.enrolled), JSON.stringify(kept));
    } catch {
      // Only what is shown is lost; commands are stored elsewhere.
    }
  };
}

function place({ device, install }: Enrolled): string {
  return `munshi.scan.session.${device}.${install}`;
}

function read(enrolled: Enrolled): Kept {
  try {
    return (JSON.parse(localStorage.getItem(place(enrolled)) ?? "{}") ?? {}) as Kept;
  } catch {
    return {};
  }
}

/** What a command was about, for people. */
export function shownOf(op: string, a: unknown): string {
  const args = (a ?? {}) as Record<string, unknown>;
  if (op === "sign_on") return String(args["badge"] ?? "");
  const said = ["raw", "load", "plate", "bin", "location", "sku", "qty", "units", "tote", "flow", "reason", "date", "condition", "grade", "disposition", "kind", "grams", "number", "lot", "found"];
  // A scan behind a fact is a list and is not shown; the fact's own members are.
  const flat = { ...args, location: at(args, "place", "bin"), sku: at(args, "goods", "sku") ?? args["sku"] } as Record<string, unknown>;
  const parts = said.map((name) => flat[name]).filter((value) => typeof value === "string" || typeof value === "number");
  // What a reader puts before a code to tell its kind is nothing to people.
  return parts.map((part) => String(part).replace(/^\][A-Za-z][0-9]/, "")).join(" → ").replaceAll("\u{1d}", "␝");
}
