// The tracking page's socket: the least of docs/PROTOCOL.md that one row of one topic needs.
// It gives up at the first sign of trouble and says so; the page then asks over HTTP, which is always enough. What it
// does not do: reconnect, resume, count offsets of more than its one row.
import { uuid } from "@/api/uuid";
import type { TrackView } from "./model";

interface Frame {
  t: string;
  d: {
    topic?: string;
    rows?: { v: TrackView }[];
    put?: { v: TrackView }[];
    n?: number;
    last?: boolean;
    hb_ms?: number;
    subs?: { outcome: string }[];
  };
}

/** Follows the order until `stop` or until the socket ends; `ended` is called once, and not after `stop`. */
export function follow(
  token: string,
  topic: string,
  changed: (view: TrackView) => void,
  ended: () => void,
): { stop(): void } {
  const scheme = location.protocol === "https:" ? "wss" : "ws";
  const socket = new WebSocket(`${scheme}://${location.host}/ws/console`, "munshi.v1.json");
  let over = false;
  let silence: ReturnType<typeof setTimeout> | undefined;
  const end = (tell: boolean) => {
    if (over) return;
    over = true;
    clearTimeout(silence);
    socket.close(1000);
    if (tell) ended();
  };
  const listen = (ms: number) => {
    clearTimeout(silence);
    silence = setTimeout(() => end(true), ms);
  };
  let heartbeat = 30_000;
  socket.onopen = () => {
    const hello = { kind: "console", client: `track-${uuid().slice(0, 8)}`, app: "1.0.0", caps: [], track: token, subs: [{ topic }] };
    socket.send(JSON.stringify({ t: "hello", d: hello }));
    listen(15_000);
  };
  const take = (frame: Frame) => {
    if (frame.t === "ping") socket.send(JSON.stringify({ t: "pong", d: { n: frame.d.n ?? 0 } }));
    if (frame.t === "welcome") {
      heartbeat = frame.d.hb_ms ?? heartbeat;
      if (frame.d.subs?.some((sub) => sub.outcome === "refused")) end(true);
    }
    if (frame.t === "err" || frame.t === "drain" || frame.t === "unsub") end(true);
    const row = frame.d.topic === topic ? (frame.d.put ?? frame.d.rows)?.at(-1) : undefined;
    if (row) changed(row.v);
  };
  socket.onmessage = (message) => {
    for (const line of String(message.data).split("\n")) if (line) take(JSON.parse(line) as Frame);
    if (!over) listen(heartbeat * 2 + 5_000);
  };
  socket.onclose = () => end(true);
  socket.onerror = () => end(true);
  return { stop: () => end(false) };
}
