import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

const user = { id: "u1", name: "U", email: "u@x", roles: [], permissions: ["orders.read"] };
const signedIn = (n: number, expires = 900) => ({ access_token: `a${n}`, refresh_token: `r${n}`, expires_in: expires, user });
const stored = (until: number) => JSON.stringify({ refresh: "r0", access: "a0", until, user });

let kept: Map<string, string>;
let sent: { path: string; body: unknown }[];
let answer: (path: string) => Response | Promise<Response>;

beforeEach(() => {
  kept = new Map();
  sent = [];
  answer = () => Response.json(signedIn(sent.length));
  vi.resetModules();
  vi.stubGlobal("localStorage", {
    getItem: (k: string) => kept.get(k) ?? null, setItem: (k: string, v: string) => void kept.set(k, v), removeItem: (k: string) => void kept.delete(k),
  });
  vi.stubGlobal("navigator", {});
  vi.stubGlobal("fetch", async (path: string, init: RequestInit) => {
    sent.push({ path, body: init.body ? JSON.parse(init.body as string) : null });
    return answer(path);
  });
});
afterEach(() => vi.unstubAllGlobals());

/** What a page does when it is opened: the module begins anew, the browser's storage stays. */
const open = () => import("./session");

describe("session", () => {
  test("opening a page again does not use the refresh token", async () => {
    kept.set("munshi.session", stored(Date.now() + 60_000));
    for (let i = 0; i < 3; i += 1) {
      vi.resetModules();
      expect(await (await open()).accessToken()).toBe("a0");
    }
    expect(sent).toEqual([]);
  });

  test("many requests at once refresh once", async () => {
    kept.set("munshi.session", stored(Date.now() - 1));
    const session = await open();
    const tokens = await Promise.all(Array.from({ length: 10 }, () => session.accessToken()));
    expect(new Set(tokens)).toEqual(new Set(["a1"]));
    expect(sent).toEqual([{ path: "/api/v1/auth/refresh", body: { refresh_token: "r0" } }]);
    expect(JSON.parse(kept.get("munshi.session")!)).toMatchObject({ refresh: "r1", access: "a1" });
  });

  test("a tab that waited for another tab's refresh takes over its token", async () => {
    kept.set("munshi.session", stored(Date.now() - 1));
    vi.stubGlobal("navigator", {
      locks: {
        request: async (_: string, work: () => Promise<string>) => {
          kept.set("munshi.session", JSON.stringify({ refresh: "r9", access: "a9", until: Date.now() + 60_000, user }));
          return work();
        },
      },
    });
    expect(await (await open()).accessToken()).toBe("a9");
    expect(sent).toEqual([]);
  });

  test("a server that cannot be reached does not end the session", async () => {
    kept.set("munshi.session", stored(Date.now() - 1));
    answer = () => Promise.reject(new TypeError("failed"));
    const session = await open();
    await expect(session.accessToken()).rejects.toMatchObject({ code: "unreachable" });
    expect(session.user()?.id).toBe("u1");
    answer = () => Response.json(signedIn(2));
    expect(await session.accessToken()).toBe("a2");
  });

  test("a refused refresh ends it, and says so", async () => {
    kept.set("munshi.session", stored(Date.now() - 1));
    answer = () => Response.json({ status: 401, code: "refresh_token_reused", detail: "used" }, { status: 401 });
    const session = await open();
    await expect(session.accessToken()).rejects.toMatchObject({ code: "signed_out" });
    // Who it was is remembered by this page alone, for what it shows behind the sign-in.
    expect(session.snapshot()).toEqual({ user: null, ended: "ended", was: user });
    expect([...kept]).toEqual([["munshi.session.ended", "ended"]]);
    session.leave();
    expect(session.snapshot()).toEqual({ user: null, ended: "ended", was: null });
  });

  test("an overloaded server does not end it", async () => {
    kept.set("munshi.session", stored(Date.now() - 1));
    answer = () => Response.json({ status: 503, code: "overloaded", detail: "busy" }, { status: 503 });
    const session = await open();
    await expect(session.accessToken()).rejects.toMatchObject({ outcome: "later" });
    expect(session.user()).not.toBeNull();
  });

  test("a token that the server refused is replaced although its time is not over", async () => {
    kept.set("munshi.session", stored(Date.now() + 60_000));
    const session = await open();
    expect(await session.replaceToken("a0")).toBe("a1");
    expect(await session.accessToken()).toBe("a1");
  });

  test("who signs out leaves nothing, and an answer that comes late does not sign in again", async () => {
    kept.set("munshi.session", stored(Date.now() + 60_000));
    const session = await open();
    answer = () => new Response(null, { status: 204 });
    await session.signOut();
    expect(session.snapshot()).toEqual({ user: null, ended: "signed_out", was: null });
    session.updateUser(user);
    expect(session.user()).toBeNull();
    expect(kept.has("munshi.session")).toBe(false);
  });

  test("a request that finds the session ended waits for its user, and for nobody else", async () => {
    for (const [who, outcome] of [["u1", "done"], ["u2", "signed_out"]] as const) {
      kept.set("munshi.session", stored(Date.now() - 1));
      sent = [];
      vi.resetModules();
      answer = (path) => {
        if (path.endsWith("/refresh")) return Response.json({ status: 401, code: "refresh_token_invalid", detail: "revoked" }, { status: 401 });
        if (path.endsWith("/sign-in")) return Response.json({ ...signedIn(9), user: { ...user, id: who } });
        return Response.json({ said: "done" });
      };
      const session = await open();
      const { request } = await import("./client");
      const asked = request<{ said: string }>("POST", "/api/v1/x", { body: {} }).then(({ said }) => said, (error: { code: string }) => error.code);
      await vi.waitFor(() => expect(session.snapshot().was?.id).toBe("u1"));
      expect(sent.map(({ path }) => path)).toEqual(["/api/v1/auth/refresh"]);
      await session.signIn("u@x", "p");
      expect(await asked).toBe(outcome);
    }
  });
});
