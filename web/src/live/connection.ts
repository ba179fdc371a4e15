// What the user is told about the connection.
//
// Invariant: "live" is said only while the server answers and every wanted topic stands; in doubt the worse is said.
import type { CodeWord } from "../wire/munshi-v1";
import type { StopReason } from "./events";
import type { Machine } from "./machine";

/** The honest state of the connection. */
export type Connection =
  /** Nothing is wanted yet. */
  | { state: "idle" }
  | { state: "connecting" }
  /** Connected; some topics are not up to date yet. */
  | { state: "catching_up"; topics: number }
  | { state: "live" }
  /** The next attempt is at this time of `performance.now()`. */
  | { state: "reconnecting"; at: number; attempt: number }
  /** The browser says there is no network; attempts go on. */
  | { state: "offline" }
  /** The session has ended: sign in again. */
  | { state: "signed_out" }
  /** The server does not let this client in, or another has taken its place; it does not try again by itself. */
  | { state: "refused"; reason: CodeWord };

/** Words for close codes that stop a client, where the server said no code. */
const CLOSED: Readonly<Record<number, CodeWord>> = {
  4500: "token_bad",
  4501: "protocol_abuse",
  4502: "never_authenticated",
  4503: "replaced",
  4504: "connection_limit",
  4505: "app_too_old",
  4506: "revoked",
};

/** Why a machine stopped, as one word. */
export function stopWord(reason: StopReason): CodeWord {
  if (reason.why === "refused") return reason.code;
  return reason.why === "closed" ? (CLOSED[reason.close] ?? "protocol_abuse") : "asked";
}

/** Looks at a machine. `offline` is what the browser says, `signedOut` what the session says. */
export function connectionOf(machine: Machine, offline: boolean, signedOut: boolean): Connection {
  const { phase } = machine;
  if (signedOut) return { state: "signed_out" };
  if (phase.at === "stopped") {
    return phase.reason.why === "asked" ? { state: "idle" } : { state: "refused", reason: stopWord(phase.reason) };
  }
  if (offline) return { state: "offline" };
  switch (phase.at) {
    case "idle":
      return { state: "idle" };
    case "waiting":
      return { state: "reconnecting", at: phase.until, attempt: machine.backoff.attempt };
    case "live": {
      const topics = behind(machine);
      return topics > 0 ? { state: "catching_up", topics } : { state: "live" };
    }
    default:
      // The first attempts are "connecting"; later ones are the same disturbance going on.
      return machine.backoff.attempt > 0
        ? { state: "reconnecting", at: 0, attempt: machine.backoff.attempt }
        : { state: "connecting" };
  }
}

function behind(machine: Machine): number {
  let topics = 0;
  for (const { state, mirror } of machine.subs.entries.values()) {
    if (state.at === "refused") continue;
    // A gauge that was not counted yet has no value to wait for.
    if (state.at === "live" && mirror.kind === "gauge") continue;
    if (state.at !== "live" || !mirror.stand || mirror.paging) topics += 1;
  }
  return topics;
}

/** Whether two states say the same, so that nobody is told twice. */
export function same(a: Connection, b: Connection): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
