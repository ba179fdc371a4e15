/**
 * Requests to the server: token, idempotency key, typed refusals.
 *
 * A change carries a key that is made once by whoever wants it, so that trying again after a lost answer cannot do it
 * twice. This module never retries a change by itself except when the server says that it certainly was not executed.
 */
import { wrote } from "./own-writes";
import { Problem, readProblem, unanswered } from "./problem";
import { accessToken, back, replaceToken } from "./session";
import { uuid } from "./uuid";

export interface Ask {
  query?: Record<string, string | number | boolean | null | undefined>;
  body?: unknown;
  /** Idempotency key of a change; a fresh one if left out. */
  key?: string;
  /** Version that must still be the newest (`If-Match`). */
  version?: number;
  headers?: Record<string, string>;
  signal?: AbortSignal;
}

/** An answer with what its headers say. */
export interface Answer<T> {
  data: T;
  /** Journal position of the change, to wait for in lists (`min_seq`). */
  seq: number | null;
}

/** A request with a JSON answer. Throws `Problem`. */
export async function request<T>(method: string, path: string, ask: Ask = {}): Promise<T> {
  return (await exchange<T>(method, path, ask)).data;
}

/** The same with the journal position. */
export async function exchange<T>(method: string, path: string, ask: Ask = {}): Promise<Answer<T>> {
  const answer = await send(method, path, ask);
  const seq = Number(answer.headers.get("munshi-seq") ?? "");
  const data = answer.status === 204 ? undefined : await json(answer, method);
  const place = Number.isSafeInteger(seq) && seq > 0 ? seq : null;
  if (method !== "GET" && place !== null) wrote(place);
  return { data: data as T, seq: place };
}

/** A request whose answer is a file. */
export async function download(method: string, path: string, ask: Ask = {}): Promise<Blob> {
  return (await send(method, path, ask)).blob();
}

async function json(answer: Response, method: string): Promise<unknown> {
  const text = await answer.text().catch(() => {
    throw unanswered(method);
  });
  return text === "" ? undefined : JSON.parse(text);
}

async function send(method: string, path: string, ask: Ask): Promise<Response> {
  const key = ask.key ?? uuid();
  let token = await patiently(accessToken);
  for (let turn = 0; ; turn += 1) {
    const answer = await once(method, path, ask, token, key);
    if (answer.ok) return answer;
    const problem = await readProblem(answer, method);
    if (problem.status === 401 && problem.code !== "signed_out" && turn === 0) {
      const refused = token;
      token = await patiently(() => replaceToken(refused));
      continue;
    }
    throw problem;
  }
}

/** A request that finds the session ended goes on, the same and with the same key, when its user has signed in again. */
async function patiently(token: () => Promise<string>): Promise<string> {
  try {
    return await token();
  } catch (error) {
    if (!(error instanceof Problem && error.code === "signed_out")) throw error;
    await back();
    return token();
  }
}

async function once(method: string, path: string, ask: Ask, token: string, key: string): Promise<Response> {
  const headers: Record<string, string> = { authorization: `Bearer ${token}`, ...ask.headers };
  if (method !== "GET") headers["idempotency-key"] = key;
  if (ask.version !== undefined) headers["if-match"] = `"${ask.version}"`;
  const raw = ask.body instanceof Blob;
  if (ask.body !== undefined && !raw) headers["content-type"] = "application/json";
  const body = ask.body === undefined ? undefined : raw ? (ask.body as Blob) : JSON.stringify(ask.body);
  try {
    return await fetch(address(path, ask.query), { method, headers, body, signal: ask.signal });
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw unanswered(method);
  }
}

/** Path and query; what is null, undefined or empty is left out. */
export function address(path: string, query: Ask["query"] = {}): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== null && value !== undefined && value !== "") params.append(name, String(value));
  }
  const text = params.toString();
  return text === "" ? path : `${path}?${text}`;
}

/** Fills `{name}` in a path. */
export function fill(path: string, values: Record<string, string | number> = {}): string {
  return path.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`path ${path} needs ${name}`);
    return encodeURIComponent(String(value));
  });
}

/** Whether asking again may help without any change: network, overload, a server that starts. */
export function passing(error: unknown): boolean {
  return error instanceof Problem && (error.outcome !== "refused" || error.status === 0);
}
