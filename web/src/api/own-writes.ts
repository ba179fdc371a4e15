/**
 * The newest change this tab made. Lists trail the journal by milliseconds, so the list that is asked for right after a
 * change is asked to wait for it (`min_seq`, docs/PROTOCOL.md). Only for a while: a server that was set back to an older
 * state never gets there.
 */
const RECENT_MS = 30_000;

let newest = { seq: 0, at: -Infinity };

/** A change of ours has this place in the journal. */
export function wrote(seq: number, now = Date.now()): void {
  newest = { seq: Math.max(seq, ownWrite(now) ?? 0), at: now };
}

/** What a list must reflect, if anything. */
export function ownWrite(now = Date.now()): number | undefined {
  return now - newest.at < RECENT_MS ? newest.seq : undefined;
}
