/**
 * Orders that match a filter, newest first, current within a moment.
 *
 * The warehouses' topics tell which orders changed. What they say of an order that is shown (status, total) is put in
 * its row at once; then the head of the list is asked for, no older than the change. Without a live connection, and for
 * what no topic tells (drafts, imports), the head is asked for every few seconds while the page is looked at.
 */
import { type InfiniteData, useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo, useRef, useState } from "react";
import { request } from "@/api/client";
import { cacheKey, type Listed, type Schema, useList } from "@/api/react";
import { dashed, topicSegments, useWarehouses } from "@/app/shop";
import { useTopics } from "@/app/useTopics";
import { useConnection } from "@/live/react";
import type { OrderRow as LiveOrder } from "@/wire/munshi-v1";
import { useChanges } from "./changes";
import { type Filters, toQuery } from "./filters";
import { dropRows, mergeHead, patchRows } from "./merge";

export type Row = Schema["OrderRow"];
type Data = InfiniteData<Listed<Row>, string | null>;

const PATH = "/api/v1/orders";
const MARK_MS = 2_500;
const LIVE_POLL_MS = 30_000;
const POLL_MS = 5_000;

/** What topics say of orders: the newest of each, and how far the newest change is. */
export interface LiveOrders {
  rows: Map<string, { ver: number; order: LiveOrder; mark?: "new" | "changed" }>;
  head: number;
  /** Whether the topics have told what there is; what they tell from then on is change. */
  known: boolean;
}

/** Orders under way in any warehouse, live. */
export function useLiveOrders(): LiveOrders {
  const warehouses = useWarehouses();
  const topics = useMemo(() => topicSegments(warehouses.map((w) => w.code)).map((w) => `wh.${w}.orders`), [warehouses]);
  const views = useTopics<LiveOrder>(topics);
  return useMemo(() => {
    const rows: LiveOrders["rows"] = new Map();
    let head = 0;
    for (const view of views.values()) {
      for (const row of view.rows.values()) {
        const id = dashed(row.k);
        if ((rows.get(id)?.ver ?? 0) < row.ver) rows.set(id, { ver: row.ver, order: row.v, ...(row.mark && { mark: row.mark }) });
        head = Math.max(head, row.ver);
      }
    }
    return { rows, head, known: views.size > 0 && [...views.values()].every((view) => view.state === "live" || view.state === "refused") };
  }, [views]);
}

export function useOrderList(filters: Filters, live: LiveOrders, limit = 100) {
  const cache = useQueryClient();
  const query = useMemo(() => toQuery(filters), [filters]);
  const list = useList(PATH, { query }, { limit, keep: true });
  const key = useMemo(() => [...cacheKey(PATH, { query }), "pages", limit], [query, limit]);
  const marks = useMarks(list.rows, list.isPlaceholderData || list.isPending ? "" : JSON.stringify(query));
  const { state } = useConnection();
  const { status } = filters;
  useChanges(live, key, renew);

  async function renew(ids: string[], seq: number, signal: AbortSignal) {
    const data = cache.getQueryData<Data>(key);
    if (!data) return;
    const shown = new Map(data.pages.flatMap((p) => p.items.map((r) => [r.id, r] as const)));
    const head = await request<Listed<Row>>("GET", PATH, { query: { ...query, limit, min_seq: seq }, signal });
    const fresh = new Set(head.items.map((r) => r.id));
    const deep = ids.filter((id) => shown.has(id) && !fresh.has(id)).slice(0, 20);
    const read = await Promise.all(deep.map((id) => request<Schema["OrderView"]>("GET", `${PATH}/${id}`, { signal }).catch(() => null)));
    if (signal.aborted) return;
    const newer = new Map<string, Row>();
    const gone = new Set<string>();
    for (const order of read) {
      const row = order && shown.get(order.id);
      if (!row) continue;
      if (status && order.status !== status) gone.add(order.id);
      else newer.set(order.id, { ...row, version: order.version, status: order.status, badges: order.badges, total: order.totals.total, tags: order.tags });
    }
    cache.setQueryData<Data>(key, (old) => old && dropRows(patchRows(mergeHead(old, head), newer), gone));
  }

  useEffect(() => {
    const every = state === "live" ? LIVE_POLL_MS : POLL_MS;
    const timer = setInterval(() => {
      if (document.hidden) return;
      void request<Listed<Row>>("GET", PATH, { query: { ...query, limit } })
        .then((head) => cache.setQueryData<Data>(key, (old) => old && mergeHead(old, head)))
        .catch(() => undefined);
    }, every);
    return () => clearInterval(timer);
  }, [cache, key, query, limit, state]);

  return { ...list, marks };
}

/** Marks rows that appeared or changed while one looks. The first sight, and pages loaded by scrolling, mark nothing. */
function useMarks(rows: Row[], list: string): ReadonlyMap<string, "new" | "changed"> {
  const seen = useRef<{ list: string; versions: Map<string, number>; newest: string } | null>(null);
  const [marks, setMarks] = useState<ReadonlyMap<string, "new" | "changed">>(NO_MARKS);
  useEffect(() => {
    const old = seen.current;
    seen.current = { list, versions: new Map(rows.map((r) => [r.id, r.version])), newest: rows[0]?.at ?? "" };
    if (old === null || old.list !== list || list === "") return;
    const found = markRows(old.versions, old.newest, rows);
    if (found.size > 0) setMarks((now) => new Map([...now, ...found]));
  }, [rows, list]);
  useEffect(() => {
    if (marks.size === 0) return;
    const timer = setTimeout(() => setMarks(NO_MARKS), MARK_MS);
    return () => clearTimeout(timer);
  }, [marks]);
  return marks;
}

const NO_MARKS: ReadonlyMap<string, "new" | "changed"> = new Map();

/** `newest` is the newest row's time before: an unknown row that is older was loaded by scrolling. */
export function markRows(versions: ReadonlyMap<string, number>, newest: string, rows: readonly Row[]): Map<string, "new" | "changed"> {
  const marks = new Map<string, "new" | "changed">();
  for (const row of rows) {
    const old = versions.get(row.id);
    if (old === undefined ? (row.at ?? "") > newest : row.version > old) marks.set(row.id, old === undefined ? "new" : "changed");
  }
  return marks;
}
