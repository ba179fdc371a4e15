// Runs a machine in a browser: its socket, its timer, and what the browser tells about network and page.
//
// Invariant: the machine decides everything; here its outputs are carried out in order, and every event that might
// concern it is passed on. A page that becomes visible or a network that comes back wakes it, for timers of hidden pages
// are slowed down and a connection may have died unnoticed.
import { SUBPROTOCOL, type Reading } from "../wire/munshi-v1";
import { CLOSE_LOST } from "./codes";
import type { Event, Output } from "./events";
import type { Machine } from "./machine";

/** What is done with outputs that are not the connection's. */
export interface Handlers {
  /** The machine tells something. */
  event(event: Event): void;
  /** The store may forget commands, or has to change. */
  store(output: Extract<Output, { do: "forget" | "change" }>): void;
  /** Anything may have changed: connection, mirrors, queue. */
  turned(): void;
}

/** Which boot of the page: monotonic clocks of two page loads do not compare. */
const BOOT = `b_${Array.from(crypto.getRandomValues(new Uint8Array(8)), (byte) => byte.toString(16).padStart(2, "0")).join("")}`;

/** Milliseconds of a clock that never goes back. */
export function monotonic(): number {
  return Math.floor(performance.now());
}

/** What the clocks show. */
export function reading(): Reading {
  return { wall_ms: Date.now(), mono_ms: monotonic(), boot: BOOT };
}

/** Address of a socket on the page's own host. */
export function socketUrl(path: string): string {
  return `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}${path}`;
}

/** See the head of this file. */
export class Driver {
  #socket: WebSocket | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #turning = false;
  readonly #off: () => void;

  constructor(
    readonly machine: Machine,
    readonly url: string,
    readonly handlers: Handlers,
  ) {
    this.#off = listen(() => this.turn((now) => machine.wake(now)), () => this.turn(() => undefined));
  }

  /** Says something to the machine and carries out what follows. */
  turn<T>(say: (now: number) => T): T {
    const said = say(monotonic());
    // An event handler may speak to the machine again; the outer turn carries that out too.
    if (this.#turning) return said;
    this.#turning = true;
    try {
      for (let output = this.machine.poll(); output; output = this.machine.poll()) this.#carryOut(output);
    } finally {
      this.#turning = false;
    }
    this.#schedule();
    this.handlers.turned();
    return said;
  }

  /** Lets go of socket, timer and events. */
  end(): void {
    this.turn((now) => this.machine.stop(now));
    clearTimeout(this.#timer);
    this.#off();
  }

  #carryOut(output: Output): void {
    switch (output.do) {
      case "connect":
        return this.#connect();
      case "send":
        if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(output.text);
        return;
      case "close":
        return this.#drop(output.code);
      case "tell":
        return this.handlers.event(output.event);
      default:
        return this.handlers.store(output);
    }
  }

  #connect(): void {
    this.#drop(1000);
    let socket: WebSocket;
    try {
      socket = new WebSocket(this.url, SUBPROTOCOL);
    } catch {
      queueMicrotask(() => this.turn((now) => this.machine.closed(now, CLOSE_LOST)));
      return;
    }
    this.#socket = socket;
    const mine = (say: (now: number) => void) => {
      if (this.#socket === socket) this.turn(say);
    };
    socket.onopen = () => mine((now) => this.machine.opened(now, reading()));
    socket.onmessage = (message) => mine((now) => this.machine.received(now, String(message.data)));
    socket.onclose = (close) =>
      mine((now) => {
        this.#socket = undefined;
        this.machine.closed(now, close.code);
      });
  }

  #drop(code: number): void {
    const socket = this.#socket;
    this.#socket = undefined;
    socket?.close(code);
  }

  #schedule(): void {
    clearTimeout(this.#timer);
    const now = monotonic();
    const due = this.machine.deadline(now);
    if (due === undefined) return;
    // Timers of browsers hold 31 bits; no wait of the machine comes near, but a wrong one must not fire at once.
    const wait = Math.min(Math.max(due - now, 1), 0x7fffffff);
    this.#timer = setTimeout(() => this.turn((then) => this.machine.tick(then)), wait);
  }
}

/** Calls `wake` when page or network come back, `told` when the network goes. Answers how to stop that. */
function listen(wake: () => void, told: () => void): () => void {
  if (typeof window === "undefined") return () => undefined;
  const seen = () => {
    if (document.visibilityState === "visible") wake();
  };
  // The browser may be wrong about "offline", but asking the server costs one ping.
  const gone = () => {
    wake();
    told();
  };
  window.addEventListener("online", wake);
  window.addEventListener("offline", gone);
  window.addEventListener("pageshow", seen);
  document.addEventListener("visibilitychange", seen);
  return () => {
    window.removeEventListener("online", wake);
    window.removeEventListener("offline", gone);
    window.removeEventListener("pageshow", seen);
    document.removeEventListener("visibilitychange", seen);
  };
}
