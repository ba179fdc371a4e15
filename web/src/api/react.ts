/** Hooks over the requests. Types come from the OpenAPI document. */
import { type InfiniteData, keepPreviousData, useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useMemo, useRef } from "react";
import type { components, paths } from "@/wire/rest";
import { type Answer, type Ask, exchange, fill, request } from "./client";
import { ownWrite } from "./own-writes";
import { Problem } from "./problem";
import { uuid } from "./uuid";

export type Schema = components["schemas"];
type Verb = "get" | "post" | "put" | "patch" | "delete";
type Json<R> = R extends { content: { "application/json": infer T } } ? T : undefined;
type Good<R> = { [S in keyof R]: S extends 200 | 201 | 202 ? Json<R[S]> : never }[keyof R];
type Operation<P extends keyof paths, V extends Verb> = NonNullable<paths[P][V]>;
/** What a route answers. */
export type Reply<P extends keyof paths, V extends Verb> =
  Operation<P, V> extends { responses: infer R } ? Good<R> : never;
/** What a route takes. */
export type Body<P extends keyof paths, V extends Verb> =
  Operation<P, V> extends { requestBody: { content: { "application/json": infer B } } } ? B : undefined;
type PathsOf<V extends Verb> = { [P in keyof paths]: paths[P][V] extends undefined ? never : P }[keyof paths];

export interface Where {
  path?: Record<string, string | number>;
  query?: Ask["query"];
}

export interface GetOptions {
  enabled?: boolean;
  /** Milliseconds between polls, for what has no topic. */
  every?: number;
  /** Keep showing the old answer while another question is asked. */
  keep?: boolean;
}

/** The key under which an answer is kept; its first member is the path, for `useRefresh`. */
export const cacheKey = (path: string, where: Where = {}) => [path, where.path ?? {}, where.query ?? {}] as const;

export function useGet<P extends PathsOf<"get">>(path: P, where: Where = {}, options: GetOptions = {}) {
  return useAsk<Reply<P, "get">>(path, where, options);
}

/** As `useGet` for a route whose type is named by the caller. */
export function useAsk<T>(path: string, where: Where = {}, options: GetOptions = {}) {
  return useQuery<T, Problem, T>({
    queryKey: cacheKey(path, where),
    queryFn: ({ signal }) => request<T>("GET", fill(path, where.path), { query: where.query, signal }),
    enabled: options.enabled ?? true,
    refetchInterval: options.every ?? false,
    ...(options.keep && { placeholderData: keepPreviousData }),
  });
}

export interface Listed<T> {
  items: T[];
  next?: string | null;
  seq?: number;
}
type Item<P extends PathsOf<"get">> = Reply<P, "get"> extends { items: (infer T)[] } ? T : never;

/** A list in cursor pages; `rows` are all pages so far. */
export function useList<P extends PathsOf<"get">>(path: P, where: Where = {}, options: GetOptions & { limit?: number } = {}) {
  const query = useInfiniteQuery<Listed<Item<P>>, Problem, InfiniteData<Listed<Item<P>>, string | null>, readonly unknown[], string | null>({
    queryKey: [...cacheKey(path, where), "pages", options.limit ?? 100],
    queryFn: ({ pageParam, signal }) =>
      request<Listed<Item<P>>>("GET", fill(path, where.path), {
        query: { ...where.query, limit: options.limit ?? 100, after: pageParam, min_seq: ownWrite() },
        signal,
      }),
    initialPageParam: null,
    getNextPageParam: (page) => page.next ?? null,
    enabled: options.enabled ?? true,
    refetchInterval: options.every ?? false,
    // Comparing a hundred thousand rows with the same rows after each page would cost more than drawing them.
    structuralSharing: false,
    ...(options.keep && { placeholderData: keepPreviousData }),
  });
  const { data } = query;
  const rows = useMemo(() => data?.pages.flatMap((page) => page.items) ?? [], [data]);
  return { ...query, rows };
}

export interface SendInput<B> {
  path?: Record<string, string | number>;
  body?: B;
  query?: Ask["query"];
  version?: number;
  /** Names the wish; the same wish tried again gets the same idempotency key. */
  wish?: string;
}

/**
 * A change. Its idempotency key is kept until an answer says what became of it, so pressing again after a lost answer
 * is the same request. `refresh` are paths whose answers are asked for anew when it is done.
 */
export function useSend<P extends PathsOf<V>, V extends Exclude<Verb, "get">>(
  verb: V,
  path: P,
  options: { refresh?: string[] } = {},
) {
  return useChange<Body<P, V>, Reply<P, V>>(verb, path, options);
}

/** As `useSend` for a route whose types are named by the caller. */
export function useChange<B, T>(verb: string, path: string, options: { refresh?: string[] } = {}) {
  const cache = useQueryClient();
  const keys = useRef(new Map<string, string>());
  return useMutation<Answer<T>, Problem, SendInput<B>>({
    mutationFn: async (input) => {
      const wish = JSON.stringify([input.path, input.body, input.query, input.wish]);
      const key = keys.current.get(wish) ?? uuid();
      keys.current.set(wish, key);
      try {
        const answer = await exchange<T>(verb.toUpperCase(), fill(path, input.path), {
          query: input.query, body: input.body, version: input.version, key,
        });
        keys.current.delete(wish);
        return answer;
      } catch (error) {
        if (error instanceof Problem && error.outcome === "refused") keys.current.delete(wish);
        throw error;
      }
    },
    onSuccess: () => Promise.all((options.refresh ?? []).map((p) => cache.invalidateQueries({ queryKey: [p] }))).then(() => undefined),
  });
}

/** Asks anew for what was answered under a path. */
export function useRefresh(): (path: string) => void {
  const cache = useQueryClient();
  return (path) => void cache.invalidateQueries({ queryKey: [path] });
}
