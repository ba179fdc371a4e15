// When to try again, and how fast to send. All times are milliseconds of the caller's clock.
import { BACKOFF_MAX_MS, BACKOFF_MIN_MS } from "./limits";

/** Backoff with full jitter: each delay is anything from nought to a bound that doubles. */
export class Backoff {
  #attempt = 0;

  /** The next delay; `random` is evenly spread in 0 ≤ r < 1. */
  delay(random: number): number {
    const bound = Math.min(BACKOFF_MIN_MS * 2 ** Math.min(this.#attempt, 16), BACKOFF_MAX_MS);
    this.#attempt += 1;
    return Math.floor(random * (bound + 1));
  }

  /** Attempts since the last reset. */
  get attempt(): number {
    return this.#attempt;
  }

  /** A connection was stable: begin again. */
  reset(): void {
    this.#attempt = 0;
  }
}

/** A rate with room for half a second's worth at once: a scan after a pause goes at once, a flush keeps to the rate. */
export class Pace {
  readonly #cost: number;
  #even = 0;

  /** `rate` a second. */
  constructor(rate: number) {
    this.#cost = 1_000 / Math.max(1, rate);
  }

  /** How many may go now. */
  room(now: number): number {
    const ahead = Math.max(0, this.#even - now);
    // A hair for the rounding of fractions.
    return Math.max(0, Math.floor((BURST_MS - ahead) / this.#cost + 1e-9));
  }

  /** So many go. */
  spend(now: number, count: number): void {
    this.#even = Math.max(this.#even, now) + count * this.#cost;
  }

  /** When one more may go. */
  due(): number {
    return Math.ceil(this.#even + this.#cost - BURST_MS - 1e-9);
  }
}

const BURST_MS = 500;
