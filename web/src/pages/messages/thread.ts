/**
 * The entries of a thread (newest first, as the server has them) made into what people read, oldest first: each message
 * once, with how far it came. What only the machine needs to know is left out.
 */
import type { ThreadEntry } from "./types";

export interface Sent {
  kind: "sent";
  key: string;
  at: string;
  /** Kind of message, such as `order_placed`. */
  about: string;
  channel: string;
  text: string | null;
  language: string;
  status: string;
  /** Why it was not sent or did not arrive. */
  code: string | null;
  /** The user who wrote it; null for messages sent by rule. */
  author: string | null;
  attempts: number;
}

export interface Received {
  kind: "received";
  key: string;
  at: string;
  channel: string;
  text: string | null;
  /** A button of ours was pressed. */
  button: boolean;
  /** Type of a picture, voice note and the like. */
  media: string | null;
}

export interface Called {
  kind: "called";
  key: string;
  at: string;
  outcome: string;
  note: string;
  by: string | null;
}

/** A line between messages: who looks after it, what was asked and answered. */
export interface Noted {
  kind: "noted";
  key: string;
  at: string;
  what: NoteKind;
  /** The word that says more: an answer, a reason, a channel. */
  word: string | null;
  /** The user concerned. */
  who: string | null;
}

export type NoteKind =
  | "assigned" | "resolved" | "answered" | "question_expired" | "call_due" | "language" | "consent_given" | "consent_taken"
  | "preference" | "unreachable" | "reachable";

export type Item = Sent | Received | Called | Noted;

type Fields = Record<string, unknown>;
const inner = (value: unknown): Fields => (typeof value === "object" && value !== null ? (value as Fields) : {});
const text = (value: unknown): string => (typeof value === "string" ? value : "");
const maybe = (value: unknown): string | null => (typeof value === "string" && value !== "" ? value : null);

export function readThread(newestFirst: readonly ThreadEntry[]): Item[] {
  const items: Item[] = [];
  const messages = new Map<string, Sent>();
  [...newestFirst].reverse().forEach((entry, place) => {
    const key = `${entry.version}/${place}`;
    const item = itemOf(entry, key, messages);
    if (item) items.push(item);
  });
  return items;
}

function itemOf(entry: ThreadEntry, key: string, messages: Map<string, Sent>): Item | null {
  const { event } = entry;
  switch (event.type) {
    case "MessageQueued": {
      const sent = queued(entry, key);
      messages.set(text(inner(event.message).id), sent);
      return sent;
    }
    case "InboundReceived": return received(entry, key);
    case "CallNoted":
      return { kind: "called", key, at: entry.at, outcome: text(event.outcome), note: text(event.note), by: maybe(event.by) };
    case "SendRequested":
    case "StatusRecorded":
    case "MessageSuppressed":
    case "MessageExpired":
      news(event, messages);
      return null;
    default: return noted(entry, key);
  }
}

function queued({ at, event, text: words = null }: ThreadEntry, key: string): Sent {
  const message = inner(event.message);
  const route = Array.isArray(message.route) ? message.route : [];
  return {
    kind: "sent", key, at, about: text(message.kind), channel: text(route[0]), text: words, language: text(message.language),
    status: text(message.status) || "queued", code: maybe(message.code), author: maybe(message.author), attempts: 0,
  };
}

/** News of a message whose beginning is on an older page is left out: there is nothing to write it under. */
function news(event: ThreadEntry["event"], messages: Map<string, Sent>): void {
  const sent = messages.get(text(event.message));
  if (!sent) return;
  if (event.type === "SendRequested") {
    sent.channel = text(event.channel);
    sent.attempts = Number(event.attempt) || sent.attempts + 1;
    sent.status = "queued";
    sent.code = null;
  } else if (event.type === "StatusRecorded") {
    // News of an earlier attempt does not change how the latest one stands, unless it arrived after all.
    const late = Number(event.attempt) < sent.attempts && !["delivered", "read"].includes(text(event.status));
    if (late) return;
    sent.status = text(event.status);
    sent.code = sent.status === "failed" ? maybe(event.code) : null;
  } else {
    sent.status = event.type === "MessageExpired" ? "expired" : "suppressed";
    sent.code = maybe(event.code);
  }
}

function received({ at, event, text: words = null }: ThreadEntry, key: string): Received {
  const inbound = inner(event.inbound);
  const body = inner(inbound.body);
  return {
    kind: "received", key, at, channel: text(inbound.channel), text: words, button: body.type === "button",
    media: body.type === "media" ? text(body.media) : null,
  };
}

function noted({ at, event }: ThreadEntry, key: string): Noted | null {
  const note = (what: NoteKind, word: unknown = null, who: unknown = null): Noted =>
    ({ kind: "noted", key, at, what, word: maybe(word), who: maybe(who) });
  switch (event.type) {
    case "ConversationAssigned": return note("assigned", event.why, event.to);
    case "ConversationResolved": return note("resolved", null, event.by);
    case "QuestionAnswered": return note("answered", event.choice);
    case "QuestionExpired": return note("question_expired");
    case "RungTaken": return event.call === true ? note("call_due") : null;
    case "LanguageSet": return note("language", event.language);
    case "ConsentSet": return note(event.allowed === true ? "consent_given" : "consent_taken", event.channel);
    case "PreferenceSet": return note("preference", event.kind);
    case "ContactMarked": return note(maybe(event.invalid) === null ? "reachable" : "unreachable", event.channel);
    default: return null;
  }
}
