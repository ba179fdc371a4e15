// Commands of a console that have no answer yet. They are known by their key; nothing is stored: a tab that is closed
// forgets them, and whoever opens another sees on the boards what became of them.
import type { Cmd, CmdKey, FrameId } from "../wire/munshi-v1";

/** One of them. */
export interface Waiting {
  cmd: Cmd;
  /** Under which frame it was sent on this connection. */
  id: FrameId | undefined;
  /** When to send it, or send it again. */
  due: number;
}

/** All of them, oldest first. */
export class Pending {
  #waiting: Waiting[] = [];

  get size(): number {
    return this.#waiting.length;
  }

  push(cmd: Cmd, now: number): void {
    this.#waiting.push({ cmd, id: undefined, due: now });
  }

  /** Sends all of them again: the connection is new. */
  connected(now: number): void {
    for (const waiting of this.#waiting) {
      waiting.id = undefined;
      waiting.due = now;
    }
  }

  due(now: number): Waiting | undefined {
    return this.#waiting.find((waiting) => waiting.due <= now);
  }

  dueAt(): number | undefined {
    return this.#waiting.length === 0 ? undefined : Math.min(...this.#waiting.map((waiting) => waiting.due));
  }

  take(key: CmdKey): Cmd | undefined {
    const at = this.#waiting.findIndex((waiting) => waiting.cmd.key === key);
    return at < 0 ? undefined : this.#waiting.splice(at, 1)[0]?.cmd;
  }

  byFrame(id: FrameId | undefined): Waiting | undefined {
    return id === undefined ? undefined : this.#waiting.find((waiting) => waiting.id === id);
  }
}
