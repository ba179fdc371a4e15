import { useEffect, useMemo } from "react";
import { useList, useRefresh } from "@/api/react";
import { useMe } from "@/app/session";
import { useTopics } from "@/app/useTopics";
import type { ApprovalRow } from "@/wire/munshi-v1";
import { combine, type Waiting } from "./waiting";

const PATH = "/api/v1/approvals";
/** How often the list is asked for, for roles that have no topic for this user. */
const POLL_MS = 15_000;

/** Everything that waits, live, and whether anything is known yet. */
export function useWaiting(): { rows: Waiting[]; loading: boolean; error: unknown; retry: () => void } {
  const me = useMe();
  const refresh = useRefresh();
  const list = useList(PATH, {}, { limit: 200, every: POLL_MS });
  const topics = useMemo(
    () => [...new Set([...me.roles, ...list.rows.map((s) => s.role)])].sort().map((role) => `approvals.${role}`),
    [me.roles, list.rows],
  );
  const views = useTopics<ApprovalRow>(topics);
  const rows = useMemo(() => combine(list.rows, views), [list.rows, views]);
  const unknown = rows.some((r) => r.queue === null);
  useEffect(() => {
    if (unknown) refresh(PATH);
    // Once for each change of what is waiting.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [unknown, rows.length]);
  return { rows, loading: list.isPending && rows.length === 0, error: rows.length === 0 ? list.error : null, retry: () => void list.refetch() };
}
