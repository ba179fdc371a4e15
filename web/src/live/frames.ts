// Text messages and the frames in them.
//
// Invariant: what is not a frame is an error of the whole message, for a client that guesses is worse than one that
// connects again; a frame of an unknown type is none of ours and is passed over.
import type { ClientFrame, ServerFrame } from "../wire/munshi-v1";

const KNOWN: ReadonlySet<string> = new Set([
  "welcome",
  "ok",
  "ack",
  "snap",
  "delta",
  "chk",
  "unsub",
  "err",
  "throttle",
  "drain",
  "ping",
  "pong",
] satisfies ServerFrame["t"][]);

/** A message that holds something else than frames. */
export class Unreadable extends Error {}

/**
 * The frames of a message, in order; unknown types are left out.
 * @throws {Unreadable} if a line is no frame.
 */
export function decodeMessage(text: string): ServerFrame[] {
  const frames: ServerFrame[] = [];
  for (const line of text.split("\n")) {
    const frame = decode(line);
    if (frame) frames.push(frame);
  }
  return frames;
}

function decode(line: string): ServerFrame | undefined {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    throw new Unreadable("not JSON");
  }
  if (!isObject(value) || typeof value["t"] !== "string") throw new Unreadable("not a frame");
  if (!KNOWN.has(value["t"])) return undefined;
  if (!isObject(value["d"])) throw new Unreadable("a frame without a body");
  return value as unknown as ServerFrame;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A frame on one line. */
export function encode(frame: ClientFrame): string {
  return JSON.stringify(frame);
}

const utf8 = new TextEncoder();

/** Bytes of a text in UTF-8. */
export function bytes(text: string): number {
  return utf8.encode(text).length;
}
