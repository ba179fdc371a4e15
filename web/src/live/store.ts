// Where a device keeps its commands, and who it is.
//
// Invariant: what a promise answered here survives a flat battery. A command is stored before the operator hears a beep.
// The commands and the next number change together or not at all.
import type { CmdKey, CmdSeq, CodeWord } from "../wire/munshi-v1";
import type { DeviceCmd, Replacement } from "./queue";

/** A command that the server cannot read: a person has to look at it. */
export interface Parked {
  cmd: DeviceCmd;
  code: CodeWord;
}

/** What was stored. */
export interface Loaded {
  queue: DeviceCmd[];
  next: CmdSeq;
  parked: Parked[];
}

/** Another page of the same device has taken the store over; this one must stop. */
export class Fenced extends Error {}

/** A device's durable queue. Every method rejects if nothing of it was done; with {@link Fenced} for good. */
export interface CommandStore {
  /** The queue, oldest first. Whoever loaded last may write. */
  load(): Promise<Loaded>;
  /** Adds a command at the end; the next one gets the number after it. */
  append(cmd: DeviceCmd): Promise<void>;
  /** Removes commands that were decided. The next number stays. */
  forget(keys: CmdKey[]): Promise<void>;
  /** Holds exactly this queue from now on, and sets one command aside. */
  replace(held: Replacement): Promise<void>;
  /** A person has seen to a command that was set aside. */
  dismiss(key: CmdKey): Promise<void>;
}
