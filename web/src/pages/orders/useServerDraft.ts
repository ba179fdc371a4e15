/**
 * Keeps a draft on the server while it is typed, so that its totals (prices, taxes, rounding) are the server's own and
 * nothing is lost when the page is left. One request at a time; what was typed meanwhile goes with the next.
 */
import { useCallback, useEffect, useRef, useState } from "react";
import { request } from "@/api/client";
import { asProblem, type Problem } from "@/api/problem";
import { uuid } from "@/api/uuid";
import { useConnection } from "@/live/react";
import { complete, type Draft, toCreate, toDraftPatch } from "./draft";
import type { Order } from "./useOrder";

const CALM_MS = 450;
/** Between tries while the server does not answer as it should. */
const AGAIN_MS = 3_000;
const PATH = "/api/v1/orders";

export interface ServerDraft {
  order: Order | null;
  saving: boolean;
  /** What is typed is not (yet) on the server. */
  dirty: boolean;
  error: Problem | null;
  /** Sends what is still to be sent; the order as it then is. */
  flush: () => Promise<Order>;
}

export function useServerDraft(draft: Draft, initial: Order | null, enabled: boolean, onSaved: (order: Order) => void): ServerDraft {
  const [order, setOrder] = useState(initial);
  const [saving, setSaving] = useState(false);
  const [error, setError] = useState<Problem | null>(null);
  const wanted = useRef(draft);
  const sent = useRef<string | null>(initial ? text(draft, initial.id) : null);
  const id = useRef(initial?.id ?? null);
  const running = useRef<Promise<Order> | null>(null);
  const attempt = useRef<{ body: string; key: string } | null>(null);
  const saved = useRef(onSaved);
  wanted.current = draft;
  saved.current = onSaved;

  const once = useCallback(async (): Promise<Order> => {
    const now = wanted.current;
    const body = text(now, id.current);
    // The same request again has the same key, so a lost answer makes no second draft.
    if (attempt.current?.body !== body) attempt.current = { body, key: uuid() };
    const { key } = attempt.current;
    const made = id.current === null
      ? await request<Order>("POST", PATH, { body: toCreate(now), key })
      : await request<Order>("PATCH", `${PATH}/${id.current}`, { body: toDraftPatch(now), key });
    attempt.current = null;
    id.current = made.id;
    sent.current = body;
    setOrder(made);
    saved.current(made);
    return made;
  }, []);

  const flush = useCallback((): Promise<Order> => {
    const run = async () => {
      setSaving(true);
      setError(null);
      try {
        return await once();
      } catch (e) {
        const problem = asProblem(e);
        if (problem.outcome === "refused") attempt.current = null;
        setError(problem);
        throw problem;
      } finally {
        setSaving(false);
      }
    };
    const next = (running.current ?? Promise.resolve()).then(run, run);
    running.current = next;
    return next;
  }, [once]);

  const current = text(draft, id.current);
  const ready = enabled && complete(draft);
  useEffect(() => {
    if (!ready || current === sent.current) return;
    const timer = setTimeout(() => void flush().catch(() => undefined), CALM_MS);
    return () => clearTimeout(timer);
  }, [ready, current, flush]);

  // What could not be sent goes as soon as the server is there again, without waiting for another key to be pressed.
  const { state } = useConnection();
  const passed = error !== null && (error.outcome !== "refused" || error.code === "signed_out") && state === "live" && !saving;
  useEffect(() => {
    if (!ready || !passed || current === sent.current) return;
    const timer = setTimeout(() => void flush().catch(() => undefined), AGAIN_MS);
    return () => clearTimeout(timer);
  }, [ready, passed, current, flush]);

  return { order, saving, dirty: ready && current !== sent.current, error, flush };
}

/** What a request would say; numbers of new lines are the server's and make no difference. */
function text(draft: Draft, id: string | null): string {
  const lines = draft.lines.map((l) => ({ ...l, line: null }));
  return JSON.stringify(id === null ? toCreate({ ...draft, lines }) : toDraftPatch({ ...draft, lines }));
}
