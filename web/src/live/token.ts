// Gets the tokens a machine asks for, again and again until there is one or the session has ended.
import { Backoff } from "./pace";

/** Where tokens come from. */
export interface TokenSource {
  /**
   * A token that is good for a while. `refused` is one that the server did not take.
   * @throws {SignedOut} if there is none to be had; anything else is tried again.
   */
  get(refused: string | undefined): Promise<string>;
}

/** There is no session. */
export class SignedOut extends Error {}

/** How often a live connection looks whether there is a fresher token, in milliseconds. */
const RENEW_MS = 10_000;

/** See the head of this file. */
export class Tokens {
  #last: string | undefined;
  #getting = false;
  #ended = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #backoff = new Backoff();

  constructor(
    readonly source: TokenSource,
    readonly give: (token: string) => void,
    readonly signedOut: () => void,
  ) {}

  /** The machine needs one; the last one, if any, was refused or has expired. */
  need(): void {
    void this.#fetch(this.#last, true);
  }

  /** Keeps a live connection's token fresh, so that the connection need not end with it. */
  keepFresh(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      void this.#fetch(undefined, false).then(() => this.#ended || this.keepFresh());
    }, RENEW_MS);
  }

  /** No longer. */
  end(): void {
    this.#ended = true;
    clearTimeout(this.#timer);
  }

  async #fetch(refused: string | undefined, needed: boolean): Promise<void> {
    if (this.#getting || this.#ended) return;
    this.#getting = true;
    try {
      const token = await this.source.get(refused);
      this.#backoff.reset();
      this.#getting = false;
      if (this.#ended || (!needed && token === this.#last)) return;
      this.#last = token;
      this.give(token);
    } catch (error) {
      this.#getting = false;
      if (this.#ended) return;
      if (error instanceof SignedOut) return this.signedOut();
      if (needed) this.#timer = setTimeout(() => this.need(), this.#backoff.delay(Math.random()));
    }
  }
}
