// The screen as the server says it, and what follows from it without asking.
//
// The server's `out` does not name the flow; its view and state tell it. Nothing here decides anything about the work.
import type { Answer, Beep } from "../wire/munshi-v1";

/** A flow of the floor. */
export type Flow =
  | "receive"
  | "put_away"
  | "move"
  | "replenish"
  | "count"
  | "return"
  | "inquiry"
  | "pick"
  | "pick_batch"
  | "pack"
  | "ship"
  | "put_back";

/** What a message on the screen says. */
export interface Msg {
  code: string;
  field?: string;
  args?: Record<string, string>;
}

/** `out` of an answer (warehouse-floor §5). */
export interface Out {
  state: string;
  rev: number;
  view: Record<string, unknown>;
  allowed: string[];
  expect: string[];
  msg?: Msg;
  beep: Beep;
}

/** Reads `out`; nothing for an answer without a screen. */
export function screenOf(answer: Answer): Out | undefined {
  const out = answer.out as Partial<Out> | undefined;
  if (typeof out !== "object" || out === null || typeof out.state !== "string") return undefined;
  return {
    state: out.state,
    rev: out.rev ?? 0,
    view: (out.view ?? {}) as Record<string, unknown>,
    allowed: out.allowed ?? [],
    expect: out.expect ?? [],
    ...(out.msg && { msg: out.msg }),
    beep: out.beep ?? "ok",
  };
}

/** Members of a view that only one flow has. */
const SIGNS: readonly (readonly [Flow, string])[] = [
  ["pick", "stop"],
  ["ship", "plan"],
  ["pack", "carton"],
  ["put_away", "suggestion"],
  ["receive", "doc"],
  ["count", "counted"],
  ["return", "at_hand"],
  ["put_back", "work"],
  ["move", "replenish"],
  ["inquiry", "found"],
];

/** Which flow a screen is of; nothing on the home screen. */
export function flowOf(out: Out): Flow | undefined {
  if (out.allowed.includes("choose")) return undefined;
  if (out.state === "Ask") return "inquiry";
  const sign = SIGNS.find(([, member]) => member in out.view)?.[0];
  return sign === "move" && out.view["replenish"] === true ? "replenish" : sign;
}

/** The dictionary's name of a flow: variants share the words of their steps. */
export function stepsOf(flow: Flow | undefined): string {
  if (flow === "replenish") return "move";
  if (flow === "pick_batch") return "pick";
  return flow ?? "none";
}

/** A member of an object, if it is one. */
export function at(value: unknown, ...path: string[]): unknown {
  return path.reduce<unknown>(
    (inner, name) => (typeof inner === "object" && inner !== null ? (inner as Record<string, unknown>)[name] : undefined),
    value,
  );
}

/** A text or number as text; nothing for anything else. */
export function text(value: unknown): string | undefined {
  if (typeof value === "string") return value === "" ? undefined : value;
  return typeof value === "number" ? String(value) : undefined;
}

/** A list, if it is one. */
export function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}
