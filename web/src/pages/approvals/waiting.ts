/** What waits for a decision: the queues as REST lists them, kept current by the roles' topics. */
import type { Schema } from "@/api/react";
import type { TopicView } from "@/live/react";
import type { ApprovalRow } from "@/wire/munshi-v1";

export type Step = Schema["StepView"];

export interface Waiting {
  step: string;
  /** Unknown for a moment after it appeared in the topic; the order knows it too. */
  queue: string | null;
  order: string;
  number: string | null;
  amount: { amount: string; currency: string };
  role: string;
  reasons: string[];
  requester: string | null;
  openedAt: number;
  escalatesAt: number | null;
  hash: string;
  mark: "new" | "changed" | undefined;
}

/** A role whose topic stands is shown as the topic says; the others as the list says. The oldest comes first. */
export function combine(listed: readonly Step[], topics: ReadonlyMap<string, TopicView<ApprovalRow>>): Waiting[] {
  const queues = new Map(listed.map((s) => [s.step, s]));
  const found: Waiting[] = [];
  const told = new Set<string>();
  for (const [topic, view] of topics) {
    if (view.state !== "live" && view.state !== "stale") continue;
    const role = topic.slice(topic.indexOf(".") + 1);
    told.add(role);
    for (const { k, v, mark } of view.rows.values()) {
      if (v.state !== "active") continue;
      found.push({
        step: k, queue: queues.get(k)?.queue ?? null, order: v.order, number: v.number, amount: { amount: v.amount, currency: v.currency }, role,
        reasons: v.reasons, requester: v.requester ?? null, openedAt: v.opened_at, escalatesAt: v.escalates_at ?? null, hash: v.hash, mark,
      });
    }
  }
  for (const s of listed) {
    if (s.state !== "active" || told.has(s.role)) continue;
    found.push({
      step: s.step, queue: s.queue, order: s.order, number: null, amount: s.amount, role: s.role, reasons: [], requester: s.requester ?? null,
      openedAt: Date.parse(s.opened_at), escalatesAt: null, hash: s.hash, mark: undefined,
    });
  }
  return found.sort((a, b) => a.openedAt - b.openedAt || (a.step < b.step ? -1 : 1));
}

/** Which one to look at when the chosen one is gone: the one that took its place, else the last. */
export function nextAfter(rows: readonly Waiting[], gone: string, before: readonly Waiting[]): string | null {
  const at = before.findIndex((w) => w.step === gone);
  const later = before.slice(at + 1).find((w) => rows.some((r) => r.step === w.step));
  return later?.step ?? rows.at(-1)?.step ?? null;
}
