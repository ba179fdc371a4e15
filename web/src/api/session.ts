/**
 * The session of this browser, shared by its tabs.
 *
 * The refresh token works once: using an old one ends the session. So a tab refreshes only while it holds a lock that
 * all tabs share, and reads the stored token inside it. A page that is left while its refresh is under way loses the
 * answer, and with it the session. That must be rare, so the access token is kept beside the refresh token (which is
 * worth more) and outlives reloads: there is one refresh in the life of an access token, not one for each page. Keeping it
 * in memory alone would protect nothing while the refresh token lies beside it; that takes a cookie which scripts cannot
 * read, and the server has none.
 */
import { type ProblemBody, Problem, readProblem, unanswered } from "./problem";
import type { components } from "@/wire/rest";
import { uuid } from "./uuid";

export type Me = components["schemas"]["Me"];
type SignedIn = components["schemas"]["SignedIn"];

const STORE = "munshi.session";
/** Why there is no session, for the other tabs. */
const WHY = "munshi.session.ended";
const LOCK = "munshi.session";
/** An access token is renewed this long before it ends, or after two thirds of a very short life. */
const EARLY_MS = 30_000;

interface Stored {
  refresh: string;
  access: string;
  /** Until when the access token is used, by this browser's clock. */
  until: number;
  user: Me;
}

/** Why there is no session, for the sign-in page to say. */
export type Ended = "signed_out" | "ended" | null;

export interface SessionState {
  user: Me | null;
  ended: Ended;
  /**
   * Whose session ended without being asked to. Their page stays as it is behind the sign-in, so that nothing is lost of
   * what they typed; whoever signs out leaves nothing.
   */
  was: Me | null;
}

/** An access token that the server refused before its time. */
let refused: string | null = null;
let state: SessionState = { user: read()?.user ?? null, ended: null, was: null };
let renewing: Promise<string> | null = null;
const listeners = new Set<() => void>();

if (typeof window !== "undefined") {
  window.addEventListener("storage", (event) => {
    if (event.key === STORE || event.key === null) adopt();
  });
}

/** Another tab signed in, out, or as somebody else. */
function adopt(): void {
  const stored = read();
  if (stored) set({ user: stored.user, ended: null, was: null });
  else if (state.user) away(localStorage.getItem(WHY) === "ended" ? "ended" : "signed_out");
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
  const good = current();
  if (good !== null) return good;
  renewing ??= locked(renew).finally(() => {
    renewing = null;
  });
  return renewing;
}

/** The server refused `token` before its time: get another, unless somebody already did. */
export async function replaceToken(token: string): Promise<string> {
  refused = token;
  return accessToken();
}

function current(): string | null {
  const stored = read();
  return stored && stored.access !== refused && stored.until > Date.now() ? stored.access : null;
}

/** Asks the server who this is: roles may have changed. */
export function updateUser(user: Me): void {
  const stored = read();
  // An answer may come after the session ended, or after somebody else signed in.
  if (stored?.user.id !== user.id) return;
  write({ ...stored, user });
  set({ user, ended: null, was: null });
}

async function renew(): Promise<string> {
  // Another tab may have refreshed while this one waited for the lock.
  const good = current();
  if (good !== null) return good;
  const stored = read();
  if (!stored) {
    // Another tab ended it, and the browser has not told yet.
    adopt();
    throw gone();
  }
  try {
    return keep(await post<SignedIn>("/api/v1/auth/refresh", { refresh_token: stored.refresh }));
  } catch (error) {
    if (error instanceof Problem && error.outcome === "refused") {
      forget("ended");
      throw gone();
    }
    throw error;
  }
}

function keep(given: SignedIn): string {
  const life = given.expires_in * 1000;
  const until = Date.now() + life - Math.min(EARLY_MS, life / 3);
  write({ refresh: given.refresh_token, access: given.access_token, until, user: given.user });
  set({ user: given.user, ended: null, was: null });
  return given.access_token;
}

function write(stored: Stored): void {
  localStorage.setItem(STORE, JSON.stringify(stored));
}

function forget(ended: "signed_out" | "ended"): void {
  // First the reason: other tabs hear of the removal and look for it.
  localStorage.setItem(WHY, ended);
  localStorage.removeItem(STORE);
  away(ended);
}

function away(ended: "signed_out" | "ended"): void {
  set({ user: null, ended, was: ended === "ended" ? (state.user ?? state.was) : null });
}

/** Waits behind the sign-in until the same user is back. Throws `signed_out` if nobody waits there or is waited for. */
export async function back(): Promise<void> {
  const { was } = state;
  if (was === null) throw gone();
  await new Promise<void>((resolve) => {
    const stop = subscribe(() => {
      if (state.was?.id === was.id) return;
      stop();
      resolve();
    });
  });
  if (state.user?.id !== was.id) throw gone();
}

/** Leaves what stayed open behind the sign-in. */
export function leave(): void {
  if (state.was) set({ ...state, was: null });
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
    const whole = typeof value?.refresh === "string" && typeof value.access === "string" && typeof value.until === "number";
    return whole && typeof value.user?.id === "string" ? value : null;
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
