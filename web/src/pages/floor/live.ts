/**
 * What the floor's tabs share: lists over REST, asked anew when a topic says that something changed. Topics that this
 * server or this role does not have are passed over; then a slow poll keeps the lists true.
 */
import { useEffect, useRef } from "react";
import { type Schema, useList, useRefresh } from "@/api/react";
import { useStream, useTopic } from "@/live/react";
import { topicCode } from "@/pages/parts/warehouse";
import type { ExceptionItem, TaskRow } from "@/wire/munshi-v1";

const BASE = "/api/v1/warehouses/{code}";
export const PATHS = {
  tasks: `${BASE}/tasks`,
  parcels: `${BASE}/parcels`,
  parcel: `${BASE}/parcels/{order}/{n}`,
  counts: `${BASE}/counts`,
  exceptions: `${BASE}/exceptions`,
  decisions: `${BASE}/decisions`,
  receipts: `${BASE}/receipts`,
  receipt: `${BASE}/receipts/{receipt}`,
  operators: `${BASE}/operators`,
  devices: `${BASE}/devices`,
} as const;

/** Milliseconds between polls of what has no topic of its own. */
export const SLOW = 10_000;
/** Changes come in bursts; one question answers a burst. */
const GATHER_MS = 300;

/** Asks for `paths` anew whenever `sign` becomes another value. */
export function useRefreshOn(sign: unknown, paths: readonly string[]): void {
  const refresh = useRefresh();
  const seen = useRef(sign);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  useEffect(() => {
    if (seen.current === sign) return;
    seen.current = sign;
    clearTimeout(timer.current);
    timer.current = setTimeout(() => paths.forEach(refresh), GATHER_MS);
  }, [sign, paths, refresh]);
  useEffect(() => () => clearTimeout(timer.current), []);
}

const WORK = [PATHS.tasks, PATHS.parcels, PATHS.parcel] as const;
const TROUBLE = [PATHS.exceptions, PATHS.counts, PATHS.decisions] as const;

/** The live rows of parcels that are worked on, keeping the lists of tasks and parcels true. */
export function useWork(code: string) {
  const view = useTopic<TaskRow>(`wh.${topicCode(code)}.tasks`);
  useRefreshOn(signOf(view.rows.values()), WORK);
  return view;
}

/** Differs whenever a row came, went or changed; not when a mark fades. */
function signOf(rows: Iterable<{ ver: number }>): string {
  let [count, newest] = [0, 0];
  for (const row of rows) [count, newest] = [count + 1, Math.max(newest, row.ver)];
  return `${count}/${newest}`;
}

export interface FloorLists {
  counts: Schema["CountTaskView"][];
  exceptions: Schema["ExceptionView"][];
  decisions: Schema["FloorDecisionView"][];
}

/** What wants attention on the floor. */
export function useFloorLists(code: string, enabled: boolean): FloorLists {
  const stream = useStream<ExceptionItem>(enabled ? `wh.${topicCode(code)}.exceptions` : null);
  useRefreshOn(stream.items.at(-1)?.off, TROUBLE);
  const options = { enabled, every: SLOW, limit: 200 };
  const counts = useList(PATHS.counts, { path: { code } }, options);
  const exceptions = useList(PATHS.exceptions, { path: { code } }, options);
  const decisions = useList(PATHS.decisions, { path: { code } }, options);
  return { counts: counts.rows, exceptions: exceptions.rows, decisions: decisions.rows };
}
