/**
 * The session of this browser.
 *
 * The access token lives in memory only. The refresh token lives in localStorage and works once: using an old one ends
 * the session. So a tab refreshes only while it holds a lock that all tabs share, and reads the stored token inside it.
 * A tab that refreshed tells the others its access token, so that ten tabs refresh once.
 */
import { type ProblemBody, Problem, readProblem, unanswered } from "./problem";
import type { components } from "@/wire/rest";
import { uuid } from "./uuid";

export type Me = components["schemas"]["Me"];
type SignedIn = components["schemas"]["SignedIn"];

const STORE = "munshi.session";
const LOCK = "munshi.session";
const CHANNEL = "munshi.session";
/** An access token is renewed this long before it ends. */
const EARLY_MS = 30_000;

interface Stored {
  refresh: string;
  user: Me;
}

interface Access {
  token: string;
  until: number;
}

/** Why there is no session, for the sign-in page to say. */
export type Ended = "signed_out" | "ended" | null;

export interface SessionState {
  user: Me | null;
  ended: Ended;
}

let access: Access | null = null;
let state: SessionState = { user: read()?.user ?? null, ended: null };
let renewing: Promise<string> | null = null;
const listeners = new Set<() => void>();
const channel = typeof BroadcastChannel === "undefined" ? null : new BroadcastChannel(CHANNEL);

channel?.addEventListener("message", (event: MessageEvent<{ access: Access; refresh: string }>) => {
  if (event.data.refresh === read()?.refresh) access = event.data.access;
});
if (typeof window !== "undefined") {
  window.addEventListener("storage", (event) => {
    if (event.key === STORE || event.key === null) adopt();
  });
}

/** Another tab signed in, out, or as somebody else. */
function adopt(): void {
  const stored = read();
  if (stored?.user.id !== state.user?.id) {
    access = null;
    set({ user: stored?.user ?? null, ended: stored ? null : "signed_out" });
  } else if (stored) {
    set({ user: stored.user, ended: null });
  }
}

export function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function snapshot(): SessionState {
  return state;
}

/** Who is signed in. */
export function user(): Me | null {
  return state.user;
}

/** What the signed-in user may do; the server decides again with each request. */
export function may(permission: string): boolean {
  return state.user?.permissions.includes(permission) ?? false;
}

/** Signs in. Throws the server's `Problem` when it refuses. */
export async function signIn(email: string, password: string): Promise<Me> {
  const given = await post<SignedIn>("/api/v1/auth/sign-in", { email, password });
  keep(given);
  return given.user;
}

/** Ends the session here and on the server; without a connection the server's ends by time. */
export async function signOut(): Promise<void> {
  const token = await accessToken().catch(() => null);
  forget("signed_out");
  if (token === null) return;
  await fetch("/api/v1/auth/sign-out", {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "idempotency-key": uuid() },
    keepalive: true,
  }).catch(() => undefined);
}

/** A token that is good for at least half a minute. Throws `Problem` `signed_out` when there is no session. */
export async function accessToken(): Promise<string> {
  if (access && access.until - EARLY_MS > Date.now()) return access.token;
  renewing ??= renew(access?.token ?? null).finally(() => {
    renewing = null;
  });
  return renewing;
}

/** The server refused `token` before its time: get another, unless somebody already did. */
export async function replaceToken(token: string): Promise<string> {
  if (access?.token === token) access = null;
  return accessToken();
}

/** Asks the server who this is: roles may have changed. */
export function updateUser(user: Me): void {
  const stored = read();
  if (stored) localStorage.setItem(STORE, JSON.stringify({ ...stored, user }));
  set({ user, ended: null });
}

async function renew(stale: string | null): Promise<string> {
  return locked(async () => {
    // Another tab may have refreshed while this one waited for the lock.
    if (access && access.token !== stale && access.until - EARLY_MS > Date.now()) return access.token;
    const stored = read();
    if (!stored) {
      forget("ended");
      throw gone();
    }
    try {
      return keep(await post<SignedIn>("/api/v1/auth/refresh", { refresh_token: stored.refresh }));
    } catch (error) {
      if (error instanceof Problem && error.status >= 400 && error.status < 500 && error.status !== 429) {
        forget("ended");
        throw gone();
      }
      throw error;
    }
  });
}

function keep(given: SignedIn): string {
  access = { token: given.access_token, until: Date.now() + given.expires_in * 1000 };
  localStorage.setItem(STORE, JSON.stringify({ refresh: given.refresh_token, user: given.user } satisfies Stored));
  channel?.postMessage({ access, refresh: given.refresh_token });
  set({ user: given.user, ended: null });
  return access.token;
}

function forget(ended: Ended): void {
  access = null;
  localStorage.removeItem(STORE);
  set({ user: null, ended });
}

function set(next: SessionState): void {
  if (JSON.stringify(next) === JSON.stringify(state)) return;
  state = next;
  listeners.forEach((listener) => listener());
}

function gone(): Problem {
  const body: ProblemBody = { status: 401, code: "signed_out", detail: "the session has ended", fix: "sign in again" };
  return new Problem(body, "refused");
}

function read(): Stored | null {
  if (typeof localStorage === "undefined") return null;
  try {
    const value = JSON.parse(localStorage.getItem(STORE) ?? "null") as Stored | null;
    return value && typeof value.refresh === "string" && typeof value.user?.id === "string" ? value : null;
  } catch {
    return null;
  }
}

function locked<T>(work: () => Promise<T>): Promise<T> {
  // Web Locks need a secure context (https, or localhost); over plain http on a LAN tabs can only hope.
  return navigator.locks ? navigator.locks.request(LOCK, work) as Promise<T> : work();
}

async function post<T>(path: string, body: unknown): Promise<T> {
  const answer = await fetch(path, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  }).catch(() => {
    throw unanswered("POST");
  });
  if (!answer.ok) throw await readProblem(answer);
  return (await answer.json()) as T;
}
