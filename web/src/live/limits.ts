// Bounds of the protocol that a client keeps by itself, and the ones it assumes until `welcome` reports its own.
// Sizes are bytes, spans milliseconds. The figures are those of protocols/src/limits.rs.
import type { Limits } from "../wire/munshi-v1";

/** Bytes of the one message before `welcome`. */
export const PRE_AUTH_BYTES = 4 * 1024;
/** Commands a device keeps while it has no connection. */
export const QUEUE_COMMANDS = 5_000;
/** What is added to `hb_ms` before a connection counts as dead. */
export const HEARTBEAT_GRACE_MS = 5_000;
/** First bound of the reconnect backoff. */
export const BACKOFF_MIN_MS = 250;
/** Last bound of the reconnect backoff. */
export const BACKOFF_MAX_MS = 30_000;
/** A connection that lives this long begins the backoff anew. */
export const BACKOFF_RESET_MS = 10_000;
/** Highest rate a client may name for a gauge, a second. */
export const GAUGE_HZ_MAX = 10;
/** Commands of a batch; also the standard of `batch_commands`. */
export const BATCH_COMMANDS = 100;
/** Bytes of a raw barcode. */
export const BARCODE_BYTES = 256;

/** Which of the two sorts of client. */
export type ClientKind = "device" | "console";

/** The limits of a server that has no reason to be tighter. */
export function standardLimits(kind: ClientKind): Limits {
  const device = kind === "device";
  return {
    message_bytes: 64 * 1024,
    batch_bytes: 16 * 1024,
    batch_commands: BATCH_COMMANDS,
    topics: 32,
    commands_per_s: device ? 500 : 10,
    frames_per_s: device ? 20 : 10,
  };
}
