/** Several topics at once, such as the orders of every warehouse. */
import { useCallback, useRef, useSyncExternalStore } from "react";
import { type TopicView, useLive } from "@/live/react";

const NONE: ReadonlyMap<string, TopicView<never>> = new Map();

/** Views of Map topics by name; the same map until one of them changes. */
export function useTopics<V>(topics: readonly string[]): ReadonlyMap<string, TopicView<V>> {
  const live = useLive();
  const names = topics.join(" ");
  const held = useRef<ReadonlyMap<string, TopicView<V>>>(NONE);
  const subscribe = useCallback(
    (listener: () => void) => {
      if (!live || names === "") return () => undefined;
      const ends = names.split(" ").map((topic) => live.hold(topic, {}, listener));
      return () => ends.forEach((end) => end());
    },
    [live, names],
  );
  const snapshot = () => {
    if (!live || names === "") return NONE as ReadonlyMap<string, TopicView<V>>;
    const all = names.split(" ");
    const old = held.current;
    if (old.size === all.length && all.every((t) => old.get(t) === live.view(t))) return old;
    held.current = new Map(all.map((t) => [t, live.view(t) as TopicView<V>]));
    return held.current;
  };
  return useSyncExternalStore(subscribe, snapshot, () => NONE as ReadonlyMap<string, TopicView<V>>);
}
