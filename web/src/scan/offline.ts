// What can be done while there is no connection, as the protocol allows it: facts on work that is known here, and scans
// of states that stay the same with every scan. Everything else waits for the connection and says so.
//
// Pure: from where the operator stands and a scan to what is recorded. A fact is never refused for disagreeing with the
// books; the server finds out and opens an exception, so nothing is guessed or checked here that only the books know.
import { at, type Flow, flowOf, type Out, text } from "./out";

/** What has been collected for a fact that is not whole. */
export interface Collected {
  plate?: string;
  location?: string;
  item?: string;
  units?: number;
  raw: string[];
}

/** What a scan leads to. */
export type Step =
  /** Recorded. */
  | { is: "record"; op: string; a: unknown; then: Collected }
  /** More is needed. */
  | { is: "more"; then: Collected }
  /** It does not fit; the code is a floor code. */
  | { is: "no"; code: string; args?: Record<string, string> };

/** Nothing collected. */
export const NOTHING: Collected = { raw: [] };

/** States in which a scan changes nothing but what was scanned: they may be kept as they are. */
const STEADY: Partial<Record<Flow, readonly string[]>> = { pack: ["ScanEach"], count: ["Lines"] };
const STOP_STATES = ["Loc", "Item", "LotSerial", "Qty", "Tote"];

/** In which way an operator can go on without a connection. */
export type Mode = "put_away" | "ship" | "steady" | "pick" | "none";

/** How this screen can go on. */
export function modeOf(out: Out | undefined): Mode {
  const flow = out && flowOf(out);
  if (!out || !flow) return "none";
  if (flow === "put_away") return "put_away";
  if (flow === "ship") return out.state === "ScanSscc" ? "ship" : "none";
  if (flow === "pick") return STOP_STATES.includes(out.state) && at(out.view, "stop", "location") ? "pick" : "none";
  return STEADY[flow]?.includes(out.state) ? "steady" : "none";
}

/** The number of a plate in a scan: 18 digits, with or without the identifier of an SSCC. */
export function plateIn(raw: string): string | undefined {
  const bare = raw.replace(/^\][A-Za-z][0-9]/, "").replace(/^\u{1d}/u, "");
  const sscc = /^(?:\(00\)|00)?(\d{18})$/.exec(bare)?.[1];
  return sscc;
}

/** Takes a scan. */
export function take(out: Out, partial: Collected, raw: string): Step {
  switch (modeOf(out)) {
    case "put_away":
      return putAway(out, partial, raw);
    case "ship":
      return load(out, raw);
    case "pick":
      return stop(out, partial, raw);
    case "steady":
      return { is: "record", op: "scan", a: { raw }, then: NOTHING };
    default:
      return { is: "no", code: "offline_not_allowed" };
  }
}

function putAway(out: Out, partial: Collected, raw: string): Step {
  // A plate that was scanned before the connection went is on the screen.
  const plate = partial.plate ?? (out.state === "Suggested" || out.state === "LocationScan" ? text(out.view["plate"]) : undefined);
  const scanned = plateIn(raw);
  if (scanned) return { is: "more", then: { plate: scanned, raw: [raw] } };
  if (!plate) return { is: "no", code: "lpn_unknown", args: { text: raw } };
  return { is: "record", op: "fact.stored", a: { plate, bin: raw, raw: [...partial.raw, raw] }, then: NOTHING };
}

function load(out: Out, raw: string): Step {
  const plate = plateIn(raw);
  const into = text(out.view["load"]);
  if (!plate || !into) return { is: "no", code: "sscc_not_on_load", args: { text: raw } };
  return { is: "record", op: "fact.loaded", a: { load: into, plate, raw: [raw] }, then: NOTHING };
}

/** Location, item, units, tote: the units come by {@link units}. */
function stop(out: Out, partial: Collected, raw: string): Step {
  const want = text(at(out.view, "stop", "location"));
  const location = partial.location ?? (out.state === "Loc" ? undefined : want);
  const item = partial.item ?? (["Qty", "Tote"].includes(out.state) ? text(at(out.view, "stop", "sku")) : undefined);
  const raws = [...partial.raw, raw];
  if (!location) {
    if (raw !== want) return { is: "no", code: "wrong_location", args: want ? { expected: want } : {} };
    return { is: "more", then: { ...partial, location: raw, raw: raws } };
  }
  if (!item) return { is: "more", then: { ...partial, location, item: raw, raw: raws } };
  if (partial.units === undefined) return { is: "no", code: "unexpected_scan" };
  return picked(out, { ...partial, location, raw: raws }, raw);
}

function picked(out: Out, partial: Collected, tote: string): Step {
  const stop = out.view["stop"];
  const [task, line, sku] = [at(stop, "task"), at(stop, "line"), at(stop, "sku")];
  const known = text(at(stop, "tote"));
  if (known && known !== tote) return { is: "no", code: "tote_other_order", args: { expected: known } };
  const lot = text(at(stop, "lot"));
  const expiry = text(at(stop, "expiry"));
  const goods = { sku, ...(lot && { lot }), ...(expiry && { expiry }) };
  const a = { task, line, place: { bin: partial.location }, goods, units: partial.units, tote, raw: partial.raw };
  return { is: "record", op: "fact.picked", a, then: NOTHING };
}

/** What the operator took, keyed in while there is no connection. */
export function units(out: Out, partial: Collected, count: number): Step {
  const need = Number(at(out.view, "stop", "units") ?? 0);
  if (!Number.isInteger(count) || count < 1) return { is: "no", code: "qty_zero" };
  if (count > need) return { is: "no", code: "over_pick", args: { need: String(need) } };
  return { is: "more", then: { ...partial, units: count } };
}

/** What an operator who picks offline does next; nothing where the mode asks for no more than scans. */
export function pickNeeds(out: Out, partial: Collected): "location" | "item" | "units" | "tote" {
  if (!partial.location && out.state === "Loc") return "location";
  if (!partial.item && !["Qty", "Tote"].includes(out.state)) return "item";
  return partial.units === undefined ? "units" : "tote";
}
