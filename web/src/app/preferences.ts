/**
 * What a user keeps for themselves on the server: saved views and the like. One JSON object for all areas, each under
 * its own name; a change is written over the newest version, so that two tabs do not undo each other.
 */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { request } from "@/api/client";
import { Problem } from "@/api/problem";
import { useMe } from "./session";

interface Kept {
  version: number;
  preferences: Record<string, unknown>;
}

const PATH = "/api/v1/auth/me/preferences";

const TRIES = 4;

/** Changes the newest version; begins anew if another tab was faster. */
async function write(edit: (kept: Record<string, unknown>) => Record<string, unknown>): Promise<Kept> {
  for (let turn = 1; ; turn += 1) {
    const now = await request<Kept>("GET", PATH);
    try {
      return await request<Kept>("PUT", PATH, { body: { preferences: edit(now.preferences) }, version: now.version });
    } catch (error) {
      if (!(error instanceof Problem && error.status === 412 && turn < TRIES)) throw error;
    }
  }
}

/** One area's part, and how to write it. */
export function usePreference<T>(area: string, initial: T) {
  const me = useMe();
  const cache = useQueryClient();
  const key = ["preferences", me.id];
  const query = useQuery<Kept, Problem>({ queryKey: key, queryFn: ({ signal }) => request<Kept>("GET", PATH, { signal }), staleTime: 60_000 });
  const change = useMutation<Kept, Problem, (old: T) => T>({
    mutationFn: (edit) => write((kept) => ({ ...kept, [area]: edit((kept[area] as T | undefined) ?? initial) })),
    onSuccess: (kept) => cache.setQueryData(key, kept),
  });
  return {
    value: (query.data?.preferences[area] as T | undefined) ?? initial,
    known: query.data !== undefined,
    error: query.error,
    change,
  };
}
