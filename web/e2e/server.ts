// A server of its own for each file of tests: the demo shop in a fresh directory, on a free port, stopped by its pid.
//
// `MUNSHI_BIN` names the program (default: the debug build). Where it serves the pages of this build itself, tests talk
// to it directly; where it was built without them, a small front on this side serves web/dist with the same policy of
// content and passes /api and /ws on, so the pages under test are always those of web/dist (or of `MUNSHI_DIST`).
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, statSync } from "node:fs";
import { createServer, type IncomingMessage, request, type Server } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { homedir, tmpdir } from "node:os";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The pages under test. */
export const DIST = process.env.MUNSHI_DIST ?? fileURLToPath(new URL("../dist", import.meta.url));

/** The program under test. */
export const MUNSHI =
  process.env.MUNSHI_BIN ?? join(process.env.CARGO_TARGET_DIR ?? join(homedir(), ".cache/munshi-target"), "debug/munshi");

/** How long the server may take to be ready. */
const READY_MS = 60_000;

/** Who can sign in to the demo shop; all with {@link PASSWORD}. */
export const USERS = {
  admin: "admin@demo.munshi.pk",
  sales: "sales@demo.munshi.pk",
  finance: "finance@demo.munshi.pk",
  service: "service@demo.munshi.pk",
  warehouse: "warehouse@demo.munshi.pk",
  viewer: "viewer@demo.munshi.pk",
} as const;
export const PASSWORD = "munshi-demo";

interface Wishes {
  pages?: string;
  front?: boolean;
  empty?: boolean;
  shop?: string;
  settings?: Record<string, string>;
}

/** A running server. */
export class Munshi {
  #child: ChildProcess | undefined;
  #front: Front | undefined;
  #port = 0;
  #tokens = new Map<string, string>();
  /** What it wrote to standard output and error. */
  log = "";

  private constructor(
    readonly data: string,
    readonly settings: Record<string, string>,
  ) {}

  /** Starts one with the demo shop in it. `pages` are served in place of those under test; `front` keeps the front
   * between browsers and server, so that it can be cut; an `empty` shop has its administrator and nothing else,
   * `shop` is the data of another one;   * `settings` are the server's, named as its environment names them. */
  static async start({ pages, front = false, empty = false, shop, settings = {} }: Wishes = {}): Promise<Munshi> {
    const data = mkdtempSync(join(tmpdir(), "munshi-e2e-"));
    if (empty) emptyShop(data);
    else cpSync(shop ?? demoShop(), data, { recursive: true });
    const munshi = new Munshi(data, settings);
    munshi.#front = await Front.start(pages ?? DIST);
    await munshi.up();
    if (!pages && !front && (await munshi.#servesOurPages())) await munshi.#front.stop().then(() => (munshi.#front = undefined));
    else munshi.#front.target = munshi.#port;
    return munshi;
  }

  /** Where browsers go. */
  get url(): string {
    return `http://127.0.0.1:${this.#front?.port ?? this.#port}`;
  }

  /** Starts it, also again after `kill`: on the same port, with the same data. */
  async up(): Promise<void> {
    const origins = [this.#front?.port, this.#port].filter(Boolean).map((port) => `http://127.0.0.1:${port}`);
    this.#child = spawn(MUNSHI, ["--data", this.data, "serve", "--listen", `127.0.0.1:${this.#port}`], {
      env: { ...plainEnv(), ...this.settings, MUNSHI_LIVE__ORIGINS: origins.join(",") },
      stdio: ["ignore", "pipe", "pipe"],
      cwd: this.data,
    });
    const from = this.log.length;
    const hear = (chunk: Buffer) => (this.log += chunk.toString());
    this.#child.stdout?.on("data", hear);
    this.#child.stderr?.on("data", hear);
    await until("the server to be ready", async () => {
      if (this.#child?.exitCode !== null) throw new Error(`munshi ended:\n${this.log.slice(-2_000)}`);
      this.#port ||= Number(/127\.0\.0\.1:(\d+)/.exec(this.log.slice(from))?.[1] ?? 0);
      return this.#port > 0 && (await fetch(`http://127.0.0.1:${this.#port}/readyz`).catch(() => null))?.ok === true;
    });
  }

  /** Ends it without warning, as a power cut does. */
  async kill(): Promise<void> {
    await this.#end("SIGKILL");
  }

  /** Ends it in order and removes its data. */
  async stop(): Promise<void> {
    await this.#end("SIGTERM");
    await this.#front?.stop();
    rmSync(this.data, { recursive: true, force: true });
  }

  /** Cuts every connection of the pages and refuses new ones until the answer is called. */
  cut(): () => void {
    if (!this.#front) throw new Error("a server that serves the pages itself cannot be cut off; kill it");
    return this.#front.cut();
  }

  /** A request of a signed-in user; throws what the server refuses. */
  async rest<T = unknown>(user: keyof typeof USERS, method: string, path: string, body?: unknown): Promise<T> {
    const key = crypto.randomUUID();
    const ask = async () => fetch(`http://127.0.0.1:${this.#port}/api/v1${path}`, {
      method,
      headers: {
        authorization: `Bearer ${await this.#token(user)}`,
        ...(body !== undefined && { "content-type": "application/json" }),
        ...(method !== "GET" && { "idempotency-key": key }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    let answer = await ask();
    if (answer.status === 401 && this.#tokens.delete(user)) answer = await ask();
    // A server that has no time says that nothing was done: the same wish is told again.
    if (answer.status === 429) await until("the server to have time", async () => (answer = await ask()).status !== 429);
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return (text === "" ? undefined : JSON.parse(text)) as T;
  }

  async #token(user: keyof typeof USERS): Promise<string> {
    const known = this.#tokens.get(user);
    if (known) return known;
    const ask = () => fetch(`http://127.0.0.1:${this.#port}/api/v1/auth/sign-in`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ email: USERS[user], password: PASSWORD }),
    });
    let answer = await ask();
    if (answer.status === 429) await until("the server to have time", async () => (answer = await ask()).status !== 429);
    if (!answer.ok) throw new Error(`sign-in: ${answer.status} ${await answer.text()}`);
    const { access_token } = (await answer.json()) as { access_token: string };
    this.#tokens.set(user, access_token);
    return access_token;
  }

  async #servesOurPages(): Promise<boolean> {
    const page = await fetch(`http://127.0.0.1:${this.#port}/scan`).catch(() => null);
    return page?.ok === true && (await page.text()) === readFileSync(join(DIST, "scan.html"), "utf8");
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (!child || child.exitCode !== null) return;
    const gone = new Promise((resolve) => child.once("exit", resolve));
    child.kill(signal);
    await gone;
  }
}

/** Our environment without settings of the server: it refuses those it does not know, and tests bring their own. */
export function plainEnv(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("MUNSHI_")));
}

/** A shop as it is before its first day: somebody who may do everything. */
function emptyShop(data: string): void {
  const made = spawnSync(MUNSHI, ["--data", data, "user", "add", "--email", USERS.admin, "--name", "Ayesha Siddiqui", "--role", "admin"], {
    encoding: "utf8", cwd: data, env: plainEnv(), input: `${PASSWORD}\n`,
  });
  if (made.status !== 0) throw new Error(`munshi user add: ${made.stdout}${made.stderr}`);
}

/** The demo shop, filled once for each build of the program and copied from then on. */
function demoShop(): string {
  if (!existsSync(MUNSHI)) throw new Error(`${MUNSHI} is not there: build it, or name it in MUNSHI_BIN`);
  const { mtimeMs, size } = statSync(MUNSHI);
  const name = createHash("sha256").update(`${MUNSHI} ${mtimeMs} ${size}`).digest("hex").slice(0, 16);
  const shops = join(tmpdir(), "munshi-e2e-shops");
  const shop = join(shops, name);
  if (existsSync(shop)) return shop;
  mkdirSync(shops, { recursive: true });
  const fresh = mkdtempSync(join(shops, "filling-"));
  // What was seeded stays, so a second run goes on where the first one ended: on a crowded machine a step may come too
  // early for what it builds on.
  const seed = () => spawnSync(MUNSHI, ["--data", fresh, "seed"], { encoding: "utf8", cwd: fresh, env: plainEnv() });
  let seeded = seed();
  for (let n = 0; n < 2 && seeded.status !== 0; n++) seeded = seed();
  if (seeded.status !== 0) throw new Error(`munshi seed: ${seeded.stdout}${seeded.stderr}`);
  try {
    renameSync(fresh, shop);
  } catch (error) {
    // Another worker was faster.
    if (!existsSync(shop)) throw error;
    rmSync(fresh, { recursive: true, force: true });
  }
  return shop;
}

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".woff2": "font/woff2",
  ".webmanifest": "application/manifest+json",
};
const POLICY =
  "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self' ws: wss:; " +
  "worker-src 'self'; manifest-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'";

/** Serves pages and passes the rest on. */
class Front {
  target = 0;
  #cut = false;

  private constructor(
    readonly server: Server,
    readonly dist: string,
  ) {}

  static async start(dist: string): Promise<Front> {
    const server = createServer();
    const front = new Front(server, dist);
    server.on("request", (req, res) => {
      const path = new URL(req.url ?? "/", "http://x").pathname;
      if (front.#cut) return void req.socket.destroy();
      if (!/^\/(api|docs|readyz|healthz)(\/|$)/.test(path)) {
        const file = page(dist, path);
        if (!existsSync(file)) return void res.writeHead(404).end();
        const cache = path.startsWith("/assets/") ? "public, max-age=31536000, immutable" : "no-cache";
        res.writeHead(200, { "content-type": TYPES[extname(file)] ?? "application/octet-stream", "content-security-policy": POLICY, "cache-control": cache });
        return void res.end(readFileSync(file));
      }
      const onward = request({ host: "127.0.0.1", port: front.target, path: req.url, method: req.method, headers: req.headers }, (answer) => {
        res.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(res);
      });
      onward.on("error", () => req.socket.destroy());
      req.pipe(onward);
    });
    server.on("upgrade", (req: IncomingMessage, socket, head) => {
      if (front.#cut) return void socket.destroy();
      const onward = connect(front.target, "127.0.0.1", () => {
        const headers = Object.entries(req.headers).map(([name, value]) => `${name}: ${String(value)}\r\n`);
        onward.write(`GET ${req.url} HTTP/1.1\r\n${headers.join("")}\r\n`);
        onward.write(head);
        onward.pipe(socket).pipe(onward);
      });
      onward.on("error", () => socket.destroy());
      onward.on("close", () => socket.destroy());
      socket.on("error", () => onward.destroy());
      socket.on("close", () => onward.destroy());
    });
    const sockets = new Set<import("node:net").Socket>();
    server.on("connection", (socket) => sockets.add(socket.on("close", () => sockets.delete(socket))));
    front.#sockets = sockets;
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return front;
  }

  #sockets: Set<import("node:net").Socket> = new Set();

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  cut(): () => void {
    this.#cut = true;
    for (const socket of this.#sockets) socket.destroy();
    return () => (this.#cut = false);
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

/** The file behind an address, as the server answers it. */
function page(dist: string, path: string): string {
  const exact = join(dist, path);
  if (exact.startsWith(dist) && existsSync(exact) && statSync(exact).isFile()) return exact;
  if (path === "/scan" || path.startsWith("/scan/")) return join(dist, "scan.html");
  return join(dist, path === "/track" || path === "/decide" ? `${path.slice(1)}.html` : "index.html");
}

/** Waits until something holds. */
export async function until(what: string, holds: () => Promise<boolean>, ms = READY_MS): Promise<void> {
  const end = Date.now() + ms;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`waited ${ms} ms for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
