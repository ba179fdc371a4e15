// The golden frames of the protocol: what the server says is read, what we say has the shape it is decoded from.
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import type { ClientFrame, ServerFrame } from "../wire/munshi-v1";
import { decodeMessage, encode, Unreadable } from "./frames";
import { CONSOLE, DEVICE, drain, greeting, key, live, READING, record } from "./testing";

const golden = fileURLToPath(new URL("../../../protocols/golden/v1", import.meta.url));
const text = (name: string) => readFileSync(`${golden}/${name}`, "utf8").trim();
const server = readdirSync(golden).filter((name) => name.startsWith("server."));
const client = (name: string) => JSON.parse(text(`client.${name}.json`)) as ClientFrame;

/** The names of all members, so that two frames can be compared whatever they say. */
function shape(value: unknown): unknown {
  if (Array.isArray(value)) return value.length > 0 ? [shape(value[0])] : [];
  if (typeof value !== "object" || value === null) return typeof value;
  return Object.fromEntries(Object.entries(value).sort().map(([name, member]) => [name, shape(member)]));
}

describe("frames of the server", () => {
  it("are there", () => expect(server.length).toBeGreaterThan(20));

  it.each(server)("%s is read and changes no machine for the worse", (name) => {
    const [frame] = decodeMessage(text(name));
    expect(frame).toEqual(JSON.parse(text(name)));
    for (const identity of [CONSOLE, DEVICE]) {
      const m = live(identity);
      m.received(1, text(name));
      expect(m.isLive, name).toBe(true);
    }
  });

  it("are passed over when they are of a newer server, with fields that are new too", () => {
    expect(decodeMessage('{"t":"fireworks","d":{}}')).toEqual([]);
    const [chk] = decodeMessage('{"t":"pong","colour":"red","d":{"n":2,"more":[]}}') as ServerFrame[];
    expect(chk?.t).toBe("pong");
  });

  it.each(["", "{", "[]", '{"d":{}}', '{"t":7,"d":{}}', '{"t":"ack"}', '{"t":"ack","d":[]}'])("%j is no frame", (line) => {
    expect(() => decodeMessage(line)).toThrow(Unreadable);
  });

  it("may come several in a message, one a line", () => {
    expect(decodeMessage(`${text("server.chk.json")}\n${text("server.pong.json")}`).map((frame) => frame.t)).toEqual(["chk", "pong"]);
  });
});

describe("frames of ours", () => {
  it("hello of a console", () => {
    const m = greeting(CONSOLE);
    m.subscribe(0, "wh.w1.orders");
    const { sent } = drain(m);
    const bare = { ...client("hello.console").d, subs: [] };
    expect(shape(sent[0]?.d)).toEqual(shape(bare));
  });

  it("hello of a device", () => {
    const m = greeting(DEVICE);
    const { sent } = drain(m);
    const { ticket: _, ...bare } = client("hello.device").d as Record<string, unknown>;
    expect(shape(sent[0]?.d)).toEqual(shape({ ...bare, subs: [] }));
  });

  it("cmd and batch of a device", () => {
    const m = live(DEVICE);
    record(m, 0, 1);
    const [one] = drain(m).sent;
    const { rev: _, ...cmd } = (client("cmd.device") as Extract<ClientFrame, { t: "cmd" }>).d;
    expect(shape({ ...(one?.d as object), a: {} })).toEqual(shape({ ...cmd, a: {} }));
    for (let n = 0; n < 3; n++) record(m, 0, n + 2);
    m.closed(0, 1006);
    m.tick(m.deadline(0) ?? 0);
    m.opened(1_000, READING);
    m.received(1_000, text("server.welcome.device.json").replace('"expect":1042', '"expect":1'));
    const batch = drain(m).sent.find((frame) => frame.t === "batch");
    expect(batch?.t === "batch" && batch.d.cmds.map((cmd) => cmd.seq)).toEqual([1, 2, 3, 4]);
    expect(Object.keys(client("batch").d)).toEqual(["cmds"]);
  });

  it("cmd, sub, unsub, auth, ping, pong and bye of a console", () => {
    const m = live(CONSOLE);
    m.command(0, { key: key(1), op: "approval.decide", rev: 3, a: {} });
    m.subscribe(0, "wh.w1.orders", { window: { status: ["picking"] } });
    m.unsubscribe("wh.w1.orders");
    m.setToken(0, "token-2");
    m.received(1, '{"t":"ping","d":{"n":5,"time_ms":1}}');
    m.tick(10_001);
    m.stop(10_002);
    const { sent } = drain(m);
    expect(sent.map((frame) => frame.t)).toEqual(["cmd", "sub", "unsub", "auth", "pong", "ping", "bye"]);
    for (const frame of sent.filter((frame) => ["unsub", "auth", "pong", "bye"].includes(frame.t))) {
      expect(shape(frame.d), frame.t).toEqual(shape(client(frame.t).d));
    }
  });

  it("are one line each", () => {
    expect(encode({ t: "ping", d: { n: 2 } })).toBe(text("client.ping.json"));
  });
});
