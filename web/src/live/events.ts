// What comes out of the machine, and what does not change while it runs.
import type { Answer, Cmd, CmdKey, CmdSeq, CodeWord, Item, Topic } from "../wire/munshi-v1";

/** Who the client is. */
export type Identity =
  | { kind: "device"; device: string; install: string; gen: number }
  | { kind: "console"; client: string };

/** Settings of a machine. Spans are milliseconds. */
export interface Config {
  identity: Identity;
  /** Version of the program, as `hello` names it. */
  app: string;
  /** Time to open a connection. */
  connectMs: number;
  /** Time from `hello` to `welcome`. */
  helloMs: number;
  /** Time for the answer to a command, after which its outcome counts as unknown and it is sent again. */
  answerMs: number;
  /** Wait where a refusal says "later" without saying when. */
  laterMs: number;
  /** Commands of a console that may wait for an answer. */
  pending: number;
}

/** With the usual spans. */
export function config(identity: Identity, app: string): Config {
  return { identity, app, connectMs: 10_000, helloMs: 10_000, answerMs: 15_000, laterMs: 1_000, pending: 64 };
}

/** Why a client stopped. */
export type StopReason = { why: "asked" } | { why: "closed"; close: number } | { why: "refused"; code: CodeWord };

/** What a program hears. */
export type Event =
  /** Live; `resumed` if every mirror goes on where it stood. */
  | { is: "connected"; resumed: boolean; timeMs: number }
  | { is: "disconnected" }
  /** A fresh token is needed: call `setToken`. */
  | { is: "token_needed" }
  /** It will not connect again by itself: the user has to know. */
  | { is: "stopped"; reason: StopReason }
  /** A mirror changed, or where a subscription is. */
  | { is: "changed"; topic: Topic }
  /** Items of a stream, each once. */
  | { is: "items"; topic: Topic; items: Item[] }
  /** A topic is not to be had. */
  | { is: "refused"; topic: Topic; code: CodeWord }
  /** A mirror disagreed with the server's checksum: a defect, to be counted. It is fetched anew. */
  | { is: "mirror_mismatch"; topic: Topic }
  /** A command was decided. Told once while the program runs. */
  | { is: "settled"; cmd: Cmd; answer: Answer }
  /** A command was refused before it was decided, and will not be sent again. A device's is parked in its store. */
  | { is: "not_taken"; cmd: Cmd; code: CodeWord }
  /** A command has no answer yet; whether it took effect is unknown. It is sent again with the same key. */
  | { is: "unanswered"; key: CmdKey }
  /** The queue was numbered anew from here. */
  | { is: "rebased"; from: CmdSeq }
  /** Number or key were used for another command: storage or identity is cloned. Nothing more is sent. */
  | { is: "identity_alarm" }
  /** The device's store failed; what it could not do is tried again. */
  | { is: "store_failed" }
  /** The server asks for a pause before more commands. */
  | { is: "throttled"; ms: number }
  /** A frame was refused that nothing above is about. */
  | { is: "error"; code: CodeWord };

/** What the machine asks of whoever runs it, in order. */
export type Output =
  /** Open a connection; then call `opened` or `closed`. */
  | { do: "connect" }
  | { do: "send"; text: string }
  /** Close the connection, if it is open. No call of `closed` is expected; one is passed over. */
  | { do: "close"; code: number }
  /** The store may forget these commands. */
  | { do: "forget"; keys: CmdKey[] }
  /** The store has to hold `machine.queue.changed()`; then call `changed` with `queue.changing`. */
  | { do: "change" }
  | { do: "tell"; event: Event };

/** Where the connection is. Times are of the caller's clock. */
export type Phase =
  | { at: "idle" }
  | { at: "waiting"; until: number }
  | { at: "no_token" }
  | { at: "connecting"; until: number }
  | { at: "greeting"; until: number }
  | { at: "live"; since: number; heard: number; pinged: boolean; hb: number }
  | { at: "stopped"; reason: StopReason };

/** What a command does, apart from who gives it and when. */
export interface Order {
  key: CmdKey;
  op: string;
  rev?: number;
  a: unknown;
}
