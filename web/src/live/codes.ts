// What a client does about a close and about a refusal whose class it has to know by itself.
//
// Invariant: an unknown close code is treated as its range says, an unknown refusal as final, so a new code needs no new
// client. Nothing here reads the text of a refusal.
import type { CodeWord, Retry } from "../wire/munshi-v1";

/** What to do after a connection closed. */
export type Reaction = "reconnect" | "reauth" | "stop";

/** Normal closure (RFC 6455 §7.4.1). */
export const CLOSE_NORMAL = 1000;
/** A connection that ended without a close frame (RFC 6455 §7.4.1). */
export const CLOSE_LOST = 1006;

/**
 * What to do after a close with this number. 1002, 1003, 1007 and 1009 are raised by the WebSocket layer against a
 * client that breaks its rules: the same again breaks them again.
 */
export function reaction(close: number): Reaction {
  if (close === 4401) return "reauth";
  if ([1002, 1003, 1007, 1009].includes(close) || (close >= 4500 && close <= 4999)) return "stop";
  return "reconnect";
}

/** Retry classes other than `no`, for places of the protocol that name a code only (docs/SOCKET-CODES.md). */
const RETRY: Readonly<Record<string, Retry>> = {
  seq_gap: "resync",
  rebase: "resync",
  token_bad: "reauth",
  token_expired: "reauth",
  app_too_old: "update_app",
  rate_limited: "later",
  busy: "later",
  internal: "later",
  outcome_unknown: "later",
  draining: "later",
  not_ready: "later",
};

/** The retry class of a code. */
export function retryOf(code: CodeWord): Retry {
  return RETRY[code] ?? "no";
}
