// Hooks over the one live connection of a tab.
//
// `useTopic(topic, window?)` rows of a Map topic with marks of change; `useStream`, `useGauge` the other classes;
// `useConnection()` the honest state for the banner; `useCommand()` commands over the socket. A topic of `null` wants
// nothing, for pages that do not know yet what they show.
import { createContext, type ReactNode, useCallback, useContext, useEffect, useMemo, useState, useSyncExternalStore } from "react";
import type { Answer, Topic, Window } from "../wire/munshi-v1";
import type { Connection } from "./connection";
import type { LiveConsole } from "./console";
import { monotonic } from "./driver";
import { admits, windowKey } from "./topics";
import { type GaugeView, LOADING, type LiveRow, type StreamView, type TopicView } from "./views";

export type { Connection } from "./connection";
export { NotDone } from "./console";
export type { Freshness, GaugeView, LiveRow, StreamView, TopicView } from "./views";

const Live = createContext<LiveConsole | null>(null);

/** Gives the pages below their live connection. `null` while nobody is signed in: topics stay loading. */
export function LiveProvider({ live, children }: { live: LiveConsole | null; children: ReactNode }) {
  return <Live value={live}>{children}</Live>;
}

/** The connection itself, for what the hooks do not do. */
export function useLive(): LiveConsole | null {
  return useContext(Live);
}

const nothing = () => undefined;

function useHeld(topic: Topic | null, window: Window | undefined, maxHz: number | undefined): unknown {
  const live = useContext(Live);
  const key = windowKey(window);
  const subscribe = useCallback(
    (listener: () => void) => {
      if (!live || topic === null) return nothing;
      return live.hold(topic, { window, maxHz }, listener);
    },
    // A window that means the same is the same, however often it is written anew.
    // eslint-disable-next-line react-hooks/exhaustive-deps
    [live, topic, key, maxHz],
  );
  return useSyncExternalStore(subscribe, () => (live && topic !== null ? live.view(topic) : LOADING), () => LOADING);
}

/** Rows of a Map topic, by key, through a window of it if one is given. */
export function useTopic<V>(topic: Topic | null, window?: Window): TopicView<V> {
  const live = useContext(Live);
  const view = useHeld(topic, window, undefined) as TopicView<V>;
  const key = windowKey(window);
  const shared = topic !== null && windowKey(live?.windowOf(topic)) !== key;
  return useMemo(() => {
    if (!shared || !window) return view;
    const rows = new Map<string, LiveRow<V>>();
    for (const row of view.rows.values()) if (admits(window, row.v)) rows.set(row.k, row);
    return { ...view, rows };
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [view, shared, key]);
}

/** One row of a Map topic, or nothing if it is not there. */
export function useRow<V>(topic: Topic | null, key: string): LiveRow<V> | undefined {
  return useTopic<V>(topic).rows.get(key);
}

/** Items of a Stream topic that were not seen, oldest first, and how to say that they were, up to an offset. */
export function useStream<V>(topic: Topic | null): StreamView<V> & { seen: (off: number) => void } {
  const live = useContext(Live);
  const view = useHeld(topic, undefined, undefined) as StreamView<V>;
  const seen = useCallback((off: number) => topic !== null && live?.seen(topic, off), [live, topic]);
  return useMemo(() => ({ ...view, seen: (off: number) => void seen(off) }), [view, seen]);
}

/** The newest value of a Gauge topic, at most `maxHz` times a second. */
export function useGauge<V>(topic: Topic | null, maxHz = 2): GaugeView<V> {
  return useHeld(topic, undefined, maxHz) as GaugeView<V>;
}

const IDLE: Connection = { state: "idle" };

/** The connection for the banner; `seconds` until the next attempt while it is reconnecting. */
export function useConnection(): Connection & { seconds?: number; retry: () => void } {
  const live = useContext(Live);
  const connection = useSyncExternalStore(live?.onConnection ?? (() => nothing), live?.connection ?? (() => IDLE), () => IDLE);
  const at = connection.state === "reconnecting" ? connection.at : undefined;
  const [now, setNow] = useState(monotonic);
  useEffect(() => {
    if (at === undefined) return nothing;
    setNow(monotonic());
    const timer = setInterval(() => setNow(monotonic()), 1_000);
    return () => clearInterval(timer);
  }, [at]);
  const retry = useCallback(() => live?.start(), [live]);
  const seconds = at === undefined ? undefined : Math.max(0, Math.ceil((at - now) / 1_000));
  return { ...connection, ...(seconds !== undefined && { seconds }), retry };
}

/** Gives commands over the socket; the promise keeps until the server answered, over any number of reconnects. */
export function useCommand(): (op: string, a: unknown, rev?: number) => Promise<Answer> {
  const live = useContext(Live);
  return useCallback(
    (op, a, rev) => (live ? live.command(op, a, rev) : Promise.reject(new Error("nobody is signed in"))),
    [live],
  );
}
