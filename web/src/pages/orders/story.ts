/** An order's timeline for people: who did what, from the journal's entries. */
import type { Schema } from "@/api/react";
import type { Tone } from "@/ui";

export type Entry = Schema["TimelineEntry"];

/** Who: a user, or Munshi itself. */
export type Actor = { user: string } | { munshi: string };

interface Event {
  type?: string;
  [field: string]: unknown;
}

export function eventsOf(entry: Entry): Event[] {
  return (entry.events as unknown[]).filter((e): e is Event => typeof e === "object" && e !== null);
}

/** `user:<id>` is a person; a vote is recorded by a process in the voter's name. */
export function actorOf(entry: Entry): Actor {
  for (const event of eventsOf(entry)) {
    const decision = event.decision as { by?: unknown } | undefined;
    if (event.type === "StepDecisionRecorded" && typeof decision?.by === "string") return { user: decision.by };
  }
  const [kind = "", name = ""] = split(entry.by);
  return kind === "user" ? { user: name } : { munshi: name || kind };
}

function split(by: string): [string, string] {
  const at = by.indexOf(":");
  return at < 0 ? [by, ""] : [by.slice(0, at), by.slice(at + 1)];
}

/** Reason of the entry, or the rationale of the vote it records. */
export function reasonOf(entry: Entry): string | null {
  if (entry.reason) return entry.reason;
  for (const event of eventsOf(entry)) {
    const decision = event.decision as { rationale?: unknown } | undefined;
    if (typeof decision?.rationale === "string" && decision.rationale !== "") return decision.rationale;
    if (typeof event.reason === "string" && event.reason !== "") return event.reason;
  }
  return null;
}

/** Housekeeping that tells people nothing beside other events of the same entry. */
const QUIET = new Set(["SubmissionSettled", "SourcingStarted", "SourcingEnded", "FactRecorded", "StockMoved", "CancellationClosed"]);

/** One thing that happened, with its numbers; the same with the same words is one. */
export interface Deed {
  type: string;
  units: number;
  places: string[];
  word: { group: "carrier" | "hold" | "decision"; word: string } | null;
  /** Carrier and number of a booking, as people read them out. */
  booking: string | null;
}

const RESULTS: Record<string, string> = { approved: "approve", rejected: "reject", changes_requested: "request_changes" };

export function deedsOf(entry: Entry): Deed[] {
  const events = eventsOf(entry);
  const loud = events.filter((e) => !QUIET.has(e.type ?? ""));
  const deeds = new Map<string, Deed>();
  for (const event of loud.length > 0 ? loud : events) {
    const type = event.type ?? entry.command;
    const word = wordOf(type, event);
    const booking = bookingOf(type, event);
    const key = `${type} ${word?.word ?? ""} ${booking ?? ""}`;
    const deed = deeds.get(key) ?? { type, units: 0, places: [], word, booking };
    deed.units += unitsOf(event);
    const place = event.warehouse;
    if (typeof place === "string" && !deed.places.includes(place)) deed.places.push(place);
    deeds.set(key, deed);
  }
  return [...deeds.values()];
}

function unitsOf(event: Event): number {
  if (typeof event.quantity === "number") return event.quantity;
  if (event.type === "UnitsReleased" && Array.isArray(event.lines)) {
    return (event.lines as unknown[]).reduce<number>((n, line) => n + (Array.isArray(line) && typeof line[1] === "number" ? line[1] : 0), 0);
  }
  return 0;
}

function wordOf(type: string, event: Event): Deed["word"] {
  const hold = event.hold as { kind?: unknown } | undefined;
  const kind = typeof event.kind === "string" ? event.kind : hold?.kind;
  if (type.startsWith("Hold") && typeof kind === "string") return { group: "hold", word: kind };
  if (type === "CarrierScanRecorded" && typeof event.status === "string") return { group: "carrier", word: event.status };
  const decision = event.decision as { result?: unknown } | undefined;
  if (type === "StepDecisionRecorded" && typeof decision?.result === "string") {
    return { group: "decision", word: RESULTS[decision.result] ?? decision.result };
  }
  return null;
}

function bookingOf(type: string, event: Event): string | null {
  if (type !== "ConsignmentBooked") return null;
  const said = [event.carrier, event.tracking].filter((part) => typeof part === "string" && part !== "");
  return said.length > 0 ? said.join(" ") : null;
}

const TONES: [RegExp, Tone][] = [
  [/Refused|Rejected|Canceled|Lost|Expired|HoldPlaced|Shorted|Conflicted|Discarded/, "bad"],
  [/ApprovalRequested|Backordered|Returning|CancellationRequested|ChangesRequested|ReturnedToDraft/, "warn"],
  [/Delivered|Granted|OrderApproved|OrderConfirmed|HoldReleased|OrderClosed/, "good"],
  [/Shipped|Released|Packed|Booked|CarrierScan|InTransit/, "accent"],
  [/Placed|Submitted|Created|Allocated|Imported/, "info"],
];

export function toneOfEntry(entry: Entry): Tone {
  const types = eventsOf(entry).map((e) => e.type ?? "").join(" ");
  const decision = eventsOf(entry).find((e) => e.type === "StepDecisionRecorded")?.decision as { result?: string } | undefined;
  if (decision?.result) return decision.result === "approved" ? "good" : decision.result === "rejected" ? "bad" : "warn";
  return TONES.find(([pattern]) => pattern.test(types))?.[1] ?? "neutral";
}
