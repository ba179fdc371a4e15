/** Which threads come first, and which have something new. */
import type { ConversationRow } from "./types";

export type View = "all" | "agent" | "calls" | "mine";
export const VIEWS: View[] = ["all", "agent", "calls", "mine"];

export const viewOf = (text: string | undefined): View => VIEWS.find((one) => one === text) ?? "all";

/** Calls that are due first, the most pressing of them on top; then those that need a person; then the rest as it came. */
export function byNeed(...lists: readonly ConversationRow[][]): ConversationRow[] {
  const once = new Map<string, ConversationRow>();
  for (const list of lists) for (const row of list) if (!once.has(row.id)) once.set(row.id, row);
  const rows = [...once.values()];
  const calls = rows.filter((row) => row.call_due).sort((a, b) => (a.call_until ?? "9").localeCompare(b.call_until ?? "9"));
  return [...calls, ...rows.filter((row) => !row.call_due && row.needs_agent), ...rows.filter((row) => !row.call_due && !row.needs_agent)];
}

const STORE = "munshi.threads.seen";
/** More threads than anybody has open; the oldest looks are forgotten. */
const KEPT = 500;

type Seen = Record<string, string>;

function readSeen(store: Pick<Storage, "getItem">): Seen {
  try {
    const seen: unknown = JSON.parse(store.getItem(STORE) ?? "{}");
    return typeof seen === "object" && seen !== null ? (seen as Seen) : {};
  } catch {
    return {};
  }
}

/** Remembers, in this browser, up to which of the person's messages the thread was looked at. */
export function looked(id: string, inbound: string, store: Pick<Storage, "getItem" | "setItem"> = localStorage): void {
  const { [id]: old = "", ...rest } = readSeen(store);
  const kept = Object.entries(rest).slice(-(KEPT - 1));
  try {
    store.setItem(STORE, JSON.stringify({ ...Object.fromEntries(kept), [id]: old > inbound ? old : inbound }));
  } catch {
    // A full or forbidden store costs the mark alone.
  }
}

/** Tells whether the person wrote since this browser last showed the thread. */
export function unreadIn(store: Pick<Storage, "getItem"> = localStorage): (row: ConversationRow) => boolean {
  const seen = readSeen(store);
  return (row) => row.last_inbound_at != null && row.last_inbound_at > (seen[row.id] ?? "");
}
