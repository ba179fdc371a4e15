// A scanner in a browser: the machine, its durable queue, and one order in which both change.
//
// Invariants: `record` answers after the command is durable, so whoever beeps then beeps for something that survives a
// flat battery; store operations and what the machine learns of them happen one after another, so numbers in the store
// and in the machine never cross; a page that lost the store to another page stops at once.
import type { Answer, Cmd, CodeWord, Item, Topic } from "../wire/munshi-v1";
import { uuid7 } from "../api/uuid";
import { type Connection, connectionOf, same } from "./connection";
import { Driver, monotonic, reading } from "./driver";
import { config, type Event, type Output } from "./events";
import { Machine } from "./machine";
import type { DeviceCmd, Unable } from "./queue";
import { type CommandStore, Fenced, type Parked } from "./store";
import { type TokenSource, Tokens } from "./token";

/** An enrolled device. */
export interface DeviceIdentity {
  device: string;
  install: string;
  gen: number;
}

/** What a device's page hears. */
export interface DeviceHandlers {
  /** A command was decided. */
  answer(cmd: Cmd, answer: Answer): void;
  /** The server cannot read a command; it was set aside for a person. */
  parked(cmd: Cmd, code: CodeWord): void;
  /** The device is told something; it stays in {@link DeviceState.inbox} until it was seen. */
  told(items: readonly Item[]): void;
}

/** Settings. */
export interface DeviceOptions {
  url: string;
  app: string;
  identity: DeviceIdentity;
  tokens: TokenSource;
  store: CommandStore;
  handlers: DeviceHandlers;
}

/** What a device's page shows of it; a new object whenever something changed. */
export interface DeviceState {
  connection: Connection;
  /** Stored and not answered, oldest first. */
  pending: readonly DeviceCmd[];
  /** Set aside. */
  parked: readonly Parked[];
  /** What the device was told and nobody has dealt with, oldest first. */
  inbox: readonly Item[];
  /** Number or key were used for another command: nothing is sent until the device is enrolled again. */
  alarm: boolean;
  /** The store could not be written a moment ago. */
  storeFailed: boolean;
}

const NOTHING: readonly Item[] = [];

/** A command that was not taken: nothing was stored, nothing may beep for it. */
export class NotStored extends Error {
  constructor(readonly why: Unable) {
    super(why);
  }
}

/** See the head of this file. */
export class LiveDevice {
  readonly machine: Machine;
  readonly #driver: Driver;
  readonly #tokens: Tokens;
  readonly #listeners = new Set<() => void>();
  readonly #inbox: Topic;
  #state: DeviceState;
  #parked: readonly Parked[];
  #signedOut = false;
  #fenced = false;
  #alarm = false;
  #storeFailed = false;
  #ended = false;
  /** The end of the line of store operations. */
  #line: Promise<unknown> = Promise.resolve();

  /**
   * Reads the store and makes the device; `start` connects it.
   * @throws if the store cannot be read.
   */
  static async open(options: DeviceOptions): Promise<LiveDevice> {
    const { queue, next, parked } = await options.store.load();
    const machine = new Machine(config({ kind: "device", ...options.identity }, options.app), Math.random, { queue, next });
    return new LiveDevice(options, machine, parked);
  }

  private constructor(
    readonly options: DeviceOptions,
    machine: Machine,
    parked: readonly Parked[],
  ) {
    this.machine = machine;
    this.#parked = parked;
    this.#inbox = `device.${options.identity.device}.inbox`;
    machine.subscribe(monotonic(), this.#inbox);
    this.#tokens = new Tokens(
      options.tokens,
      (token) => this.#driver.turn((now) => machine.setToken(now, token)),
      () => {
        this.#signedOut = true;
        this.#turned();
      },
    );
    this.#driver = new Driver(machine, options.url, {
      event: (event) => this.#event(event),
      store: (output) => this.#store(output),
      turned: () => this.#turned(),
    });
    this.#state = this.#look();
  }

  /** Connects, or tries again at once where it waits or has stopped. */
  start(): void {
    if (this.#fenced) return;
    this.#signedOut = false;
    this.#driver.turn((now) => {
      if (this.machine.phase.at === "no_token") this.#tokens.need();
      else if (this.machine.phase.at === "waiting") this.machine.wake(now);
      else this.machine.start(now);
    });
  }

  /** Ends it; what is stored stays stored. */
  end(): void {
    this.#ended = true;
    this.#tokens.end();
    this.#driver.end();
  }

  /** For `useSyncExternalStore`. */
  readonly state = (): DeviceState => this.#state;

  /** Tells when {@link state} is another. */
  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /**
   * Takes a command. It is durable when the promise resolves; then it may beep.
   * @throws {NotStored} if it was not taken.
   */
  record(op: string, a: unknown, rev?: number): Promise<DeviceCmd> {
    const order = { key: uuid7(), op, ...(rev !== undefined && { rev }), a };
    const at = reading();
    return this.#inLine(async () => {
      const cmd = this.#ended || this.#fenced ? "store_failed" : this.machine.prepare(order, at);
      if (typeof cmd === "string") throw new NotStored(cmd);
      await this.options.store.append(cmd).catch((error: unknown) => {
        this.#failed(error);
        throw new NotStored("store_failed");
      });
      this.#storeFailed = false;
      this.#driver.turn((now) => this.machine.stored(now, cmd));
      return cmd;
    });
  }

  /** A person has dealt with what the device was told up to `off`. */
  seen(off: number): void {
    this.#driver.turn(() => this.machine.seen(this.#inbox, off));
    this.#turned();
  }

  /** A person has seen to a command that was set aside. */
  async dismiss(key: string): Promise<void> {
    await this.#inLine(() => this.options.store.dismiss(key)).catch((error: unknown) => this.#failed(error));
    this.#parked = this.#parked.filter(({ cmd }) => cmd.key !== key);
    this.#turned();
  }

  #inLine<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#line.then(work);
    this.#line = done.catch(() => undefined);
    return done;
  }

  #store(output: Extract<Output, { do: "forget" | "change" }>): void {
    if (output.do === "forget") {
      // What is still there will be sent again after the next load, and answered as a duplicate.
      void this.#inLine(() => this.options.store.forget(output.keys)).catch((error: unknown) => this.#failed(error));
      return;
    }
    void this.#inLine(async () => {
      const change = this.machine.queue.changing;
      if (!change) return;
      const held = this.machine.queue.changed();
      const stored = held && (await this.options.store.replace(held).then(
        () => true,
        (error: unknown) => this.#failed(error),
      ));
      if (stored && held.parked) this.#parked = [...this.#parked, held.parked];
      this.#driver.turn((now) => this.machine.changed(now, change, stored ? held : undefined));
    });
  }

  #failed(error: unknown): false {
    if (error instanceof Fenced) {
      this.#fenced = true;
      this.#driver.turn((now) => this.machine.stop(now));
    } else {
      this.#storeFailed = true;
    }
    this.#turned();
    return false;
  }

  #event(event: Event): void {
    switch (event.is) {
      case "token_needed":
        return this.#tokens.need();
      case "connected":
        return this.#tokens.keepFresh();
      case "settled":
        return this.options.handlers.answer(event.cmd, event.answer);
      case "not_taken":
        return this.options.handlers.parked(event.cmd, event.code);
      case "items":
        return this.options.handlers.told(event.items);
      case "identity_alarm":
        this.#alarm = true;
        return;
      case "store_failed":
        this.#storeFailed = true;
        return;
      default:
        return;
    }
  }

  #look(): DeviceState {
    const offline = typeof navigator !== "undefined" && navigator.onLine === false && !this.machine.isLive;
    const connection: Connection = this.#fenced
      ? { state: "refused", reason: "replaced" }
      : connectionOf(this.machine, offline, this.#signedOut);
    const told = this.machine.mirror(this.#inbox);
    return {
      connection,
      pending: [...this.machine.queue.commands],
      parked: this.#parked,
      inbox: told?.kind === "stream" ? told.unseen : NOTHING,
      alarm: this.#alarm,
      storeFailed: this.#storeFailed,
    };
  }

  #turned(): void {
    const old = this.#state;
    if (this.#ended) return;
    const next = this.#look();
    const alike =
      same(next.connection, old.connection) &&
      next.parked === old.parked &&
      next.inbox === old.inbox &&
      next.alarm === old.alarm &&
      next.storeFailed === old.storeFailed &&
      next.pending.length === old.pending.length &&
      next.pending.every((cmd, at) => cmd === old.pending[at]);
    if (alike) return;
    this.#state = next;
    for (const listener of this.#listeners) listener();
  }
}
