// The two requests of the tracking page. The token comes from the part of the address that browsers never send, and goes
// in a header only.
import type { TrackView } from "./model";

export type Read =
  | { kind: "view"; view: TrackView }
  | { kind: "gone" }
  | { kind: "refused"; detail: string }
  | { kind: "unreachable"; retryMs?: number };

/** How long an answer may take before the network counts as down. */
const PATIENCE_MS = 15_000;

async function ask(path: string, token: string, init: RequestInit = {}): Promise<Read> {
  let response: Response;
  try {
    response = await fetch(`/api/v1${path}`, {
      ...init,
      cache: "no-store",
      credentials: "omit",
      signal: AbortSignal.timeout(PATIENCE_MS),
      headers: { ...init.headers, authorization: `Track ${token}` },
    });
    if (response.ok) return { kind: "view", view: (await response.json()) as TrackView };
  } catch {
    return { kind: "unreachable" };
  }
  if ([401, 403, 404, 410].includes(response.status)) return { kind: "gone" };
  if (response.status === 429 || response.status >= 500) {
    const seconds = Number(response.headers.get("retry-after"));
    return seconds > 0 ? { kind: "unreachable", retryMs: seconds * 1_000 } : { kind: "unreachable" };
  }
  const problem = (await response.json().catch(() => ({}))) as { detail?: string; title?: string };
  return { kind: "refused", detail: problem.detail ?? problem.title ?? String(response.status) };
}

export const read = (token: string): Promise<Read> => ask("/track", token);

/** `key` is made once per wish of the customer, so that trying again cancels once. */
export const cancel = (token: string, key: string): Promise<Read> =>
  ask("/track/cancel", token, {
    method: "POST",
    body: "{}",
    headers: { "content-type": "application/json", "idempotency-key": key },
  });
