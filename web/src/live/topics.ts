// The class of a topic, which its name tells, and windows.
//
// A name that this release does not know is taken for a Map: whether it exists is the server's to say.
import type { Topic, Window } from "../wire/munshi-v1";

/** What a topic guarantees. */
export type TopicClass = "stream" | "map" | "gauge";

const STREAMS = [/^device\.[^.]+\.inbox$/, /^user\.[^.]+\.inbox$/, /^wh\.[^.]+\.exceptions$/];
const GAUGES = [/^dash\.[^.]+\.(kpi|throughput)$/];

/** The class of a topic. */
export function classOf(topic: Topic): TopicClass {
  if (STREAMS.some((name) => name.test(topic))) return "stream";
  return GAUGES.some((name) => name.test(topic)) ? "gauge" : "map";
}

/** A text by which windows that mean the same are equal. */
export function windowKey(window: Window | undefined): string {
  if (!window) return "";
  return Object.keys(window)
    .sort()
    .map((key) => `${key}=${[...new Set(window[key])].sort().join(",")}`)
    .join(";");
}

/** Whether a row is inside a window: for pages that look at one topic through several. */
export function admits(window: Window | undefined, row: unknown): boolean {
  if (!window) return true;
  if (typeof row !== "object" || row === null) return false;
  const fields = row as Record<string, unknown>;
  return Object.entries(window).every(([key, values]) => {
    const value = fields[key];
    return typeof value === "string" && values.includes(value);
  });
}
