/**
 * When something happened in a thread, told by its topic; the words themselves are always asked for. A server without
 * these topics, and one that cannot be reached, is asked every few seconds instead.
 */
import { useEffect, useRef, useState } from "react";
import { useGet, useRefresh } from "@/api/react";
import { hex } from "@/app/shop";
import { useTopic } from "@/live/react";
import { EVERY, PATHS, THREAD_PATHS } from "./data";

/** Milliseconds between looks while a topic tells of changes: some, such as a window that closes, are no event. */
const CALM = 60_000;
/** The same for lists, which have threads that the topic does not. */
const CALM_LIST = 15_000;

function useAgain(stand: unknown, known: boolean, paths: readonly string[]): void {
  const refresh = useRefresh();
  const last = useRef<unknown>(undefined);
  useEffect(() => {
    if (!known) return;
    // What is there at the beginning was asked for just now.
    if (last.current !== undefined && last.current !== stand) paths.forEach(refresh);
    last.current = stand;
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [stand, known]);
}

/** Asks for a thread anew when something happens in it. Answers how often to look besides. */
export function useThreadNews(id: string | undefined): number {
  const { rows, state } = useTopic<{ rev: number }>(id === undefined ? null : `thread.${hex(id)}`);
  useAgain(rows.values().next().value?.v.rev, rows.size > 0, THREAD_PATHS);
  return state === "live" ? CALM : EVERY;
}

/** The same for lists of threads. */
export function useThreadsNews(may = true): number {
  const { rows, state } = useTopic(may ? "shop.threads" : null);
  useAgain(rows, state === "live", [PATHS.threads]);
  return state === "live" ? CALM_LIST : EVERY;
}

/** The thread with a customer, as it is now. */
export function useCustomerThread(customer: string, may = true) {
  const [id, setId] = useState<string>();
  const every = useThreadNews(id);
  const query = useGet(PATHS.ofCustomer, { path: { id: customer } }, { enabled: may, every });
  const found = query.data?.id;
  useEffect(() => setId(found), [found]);
  return query;
}
