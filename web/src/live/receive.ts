// What a client does with what the server says. See protocols/src/clientsm/receive.rs, which this follows.
import type { Ack, CodeWord, Err, Retry, ServerFrame, SubOk, Unsubbed } from "../wire/munshi-v1";
import type { Machine } from "./machine";
import { type Mirror, newMirror, type Taken } from "./mirror";
import type { Flight } from "./queue";
import type { Entry } from "./subs";
import { classOf } from "./topics";

/** Takes one frame. */
export function frame(m: Machine, now: number, said: ServerFrame): void {
  switch (said.t) {
    case "welcome":
      return m.welcome(now, said.d);
    case "ok":
      return granted(m, said.id, said.d);
    case "ack":
      return acked(m, said.d);
    case "snap":
      return mirrored(m, now, said.d.topic, (mirror) => mirror.snap(said.d));
    case "delta":
      return mirrored(m, now, said.d.topic, (mirror) => mirror.delta(said.d));
    case "chk":
      return mirrored(m, now, said.d.topic, (mirror) => mirror.chk(said.d));
    case "unsub":
      return takenAway(m, now, said.d);
    case "err":
      return refused(m, now, said.id, said.d);
    case "throttle":
      pause(m, now + said.d.retry_ms);
      return m.tell({ is: "throttled", ms: said.d.retry_ms });
    case "drain":
      m.drainAt = now + said.d.after_ms;
      return;
    case "ping": {
      const t0 = m.wall && Math.round(m.wall.wallMs + Math.max(0, now - m.wall.at));
      return m.send({ t: "pong", d: { n: said.d.n, ...(t0 !== undefined && { t0 }) } });
    }
    case "pong":
      return;
  }
}

/** Sends no commands of the queue before `until`. */
function pause(m: Machine, until: number): void {
  m.queue.pauseUntil = Math.max(m.queue.pauseUntil, until);
}

function granted(m: Machine, id: number | undefined, ok: SubOk): void {
  const entry = m.subs.askedBy(id);
  // Without an outcome it answers something else; ids are never used twice, so this is a server's mistake, which the
  // next delta will show.
  if (!entry || !ok.outcome) return;
  entry.granted();
  if (ok.outcome === "resumed") tellSeen(m, entry);
  m.tell({ is: "changed", topic: entry.topic });
}

function mirrored(m: Machine, now: number, topic: string, take: (mirror: Mirror) => Taken): void {
  const entry = m.subs.live(topic);
  if (!entry) return;
  const taken = take(entry.mirror);
  switch (taken.did) {
    case "quiet":
      return tellSeen(m, entry);
    case "changed":
      return m.tell({ is: "changed", topic });
    case "items":
      tellSeen(m, entry);
      return m.tell({ is: "items", topic, items: taken.items });
    case "resubscribe":
      entry.again(now, taken.why);
      if (taken.why === "mirror_mismatch") m.tell({ is: "mirror_mismatch", topic });
      return m.tell({ is: "changed", topic });
  }
}

/**
 * Tells what was seen while the subscription did not stand. Offsets of another life are not told: the mirror has
 * forgotten them by the time it stands.
 */
export function tellSeen(m: Machine, entry: Entry): void {
  if (entry.state.at !== "live" || !entry.seenDue || entry.mirror.paging) return;
  entry.seenDue = false;
  const off = entry.mirror.kind === "stream" ? entry.mirror.seenThrough : undefined;
  if (off !== undefined) m.send({ t: "seen", d: { topic: entry.topic, off } });
}

function acked(m: Machine, ack: Ack): void {
  for (const answer of ack.r) {
    const cmd = answer.key !== undefined && answer.seq === undefined ? m.pending.take(answer.key) : undefined;
    if (cmd) m.tell({ is: "settled", cmd, answer });
  }
  const { settled, gone } = m.queue.ack(ack);
  for (const { cmd, answer } of settled) m.tell({ is: "settled", cmd, answer });
  m.forget(gone);
}

function takenAway(m: Machine, now: number, unsub: Unsubbed): void {
  const entry = m.subs.entries.get(unsub.topic);
  if (entry) subRefused(m, now, entry, unsub.code, unsub.retry, unsub.retry_ms);
}

/** A topic was refused or taken away. */
export function subRefused(
  m: Machine,
  now: number,
  entry: Entry,
  code: CodeWord,
  retry: Retry,
  retryMs: number | undefined,
): void {
  const { topic } = entry;
  if (retry === "no" || retry === "update_app") {
    // What may no longer be seen is not kept either.
    entry.mirror = newMirror(classOf(topic));
    entry.state = { at: "refused" };
    return m.tell({ is: "refused", topic, code });
  }
  // With `reauth`, it is asked for again on the connection that the fresh token brings, or after it was taken.
  entry.mirror.dropPages();
  entry.state = { at: "wanted", from: now + (retryMs ?? m.config.laterMs) };
  m.tell(retry === "reauth" ? { is: "token_needed" } : { is: "changed", topic });
}

function refused(m: Machine, now: number, id: number | undefined, err: Err): void {
  if (m.phase.at === "greeting") {
    if (err.code === "rebase" && err.expect !== undefined) return m.rebase(err.expect);
    return m.helloRefused(now, err.code, err.retry, err.retry_ms);
  }
  const entry = m.subs.askedBy(id);
  if (entry) return subRefused(m, now, entry, err.code, err.retry, err.retry_ms);
  const flight = m.queue.flight(id);
  if (flight) return commandsRefused(m, now, flight, err);
  if (m.pending.byFrame(id)) return commandRefused(m, now, id, err);
  refusedOtherwise(m, now, id, err);
}

/** A device's frame with commands was refused as a whole: none of them was decided. */
function commandsRefused(m: Machine, now: number, flight: Flight, err: Err): void {
  const wait = err.retry_ms ?? m.config.laterMs;
  if (err.code === "key_reuse") {
    m.queue.rewind(flight.first);
    m.queue.blocked = true;
    return m.tell({ is: "identity_alarm" });
  }
  if (err.code === "seq_gap" || err.code === "rebase" || err.retry === "resync") {
    const expect = err.expect ?? flight.first;
    if (err.code === "rebase" || m.queue.needsRebase(expect)) m.rebase(expect);
    else m.queue.rewind(expect);
    // A gap follows what was refused before it; without a pause the same might come again at once.
    return pause(m, now + Math.min(m.config.laterMs, wait));
  }
  if (err.retry === "no" || err.retry === "update_app") {
    const change = m.queue.unreadable(flight, err.code);
    return change && m.change(change);
  }
  m.queue.rewind(flight.first);
  pause(m, now + wait);
  if (err.retry === "reauth") m.tell({ is: "token_needed" });
}

/** A console's command was refused before it was decided. */
function commandRefused(m: Machine, now: number, id: number | undefined, err: Err): void {
  const waiting = m.pending.byFrame(id);
  if (!waiting) return;
  if (err.retry === "no" || err.retry === "update_app") {
    const cmd = m.pending.take(waiting.cmd.key);
    return cmd && m.tell({ is: "not_taken", cmd, code: err.code });
  }
  waiting.id = undefined;
  waiting.due = now + (err.retry_ms ?? m.config.laterMs);
  if (err.retry === "reauth") m.tell({ is: "token_needed" });
}

/** About no frame that still waits: a whole message, the token, or something answered meanwhile. */
function refusedOtherwise(m: Machine, now: number, id: number | undefined, err: Err): void {
  if (err.retry === "reauth") m.tell({ is: "token_needed" });
  if (err.retry === "later") pause(m, now + (err.retry_ms ?? m.config.laterMs));
  const wholeMessage = err.code === "too_large" || err.code === "too_deep" || err.code === "bad_json";
  const flight = m.queue.oldestFlight;
  if (id === undefined && wholeMessage && flight) return commandsRefused(m, now, flight, err);
  m.tell({ is: "error", code: err.code });
}
