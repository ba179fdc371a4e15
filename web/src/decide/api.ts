// The two requests of the decision page. The token comes from the part of the address that browsers never send, and goes
// in a header only.

/** What a link asks, as `GET /api/v1/decide` answers it. */
export interface DecideView {
  shop: string;
  approver: string;
  number: string;
  /** The currency's code and the amount. */
  total: string;
  customer: string;
  payment_method: string | null;
  queue: string;
  lines: { title: string; quantity: number }[];
  state: string;
  answer: string | null;
  outcome: string | null;
  choice: string;
  asked_at: string;
  expires_at: string;
  language: string;
}

export type Read =
  | { kind: "view"; view: DecideView }
  | { kind: "gone" }
  | { kind: "refused"; code: string; detail: string }
  | { kind: "unreachable" };

/** How long an answer may take before the network counts as down. */
const PATIENCE_MS = 15_000;

async function ask(token: string, init: RequestInit = {}): Promise<Read> {
  let response: Response;
  try {
    response = await fetch("/api/v1/decide", {
      ...init,
      cache: "no-store",
      credentials: "omit",
      signal: AbortSignal.timeout(PATIENCE_MS),
      headers: { ...init.headers, authorization: `Decide ${token}` },
    });
    if (response.ok) return { kind: "view", view: (await response.json()) as DecideView };
  } catch {
    return { kind: "unreachable" };
  }
  if (response.status === 429 || response.status >= 500) return { kind: "unreachable" };
  const problem = (await response.json().catch(() => ({}))) as { code?: string; detail?: string; title?: string };
  if (problem.code === "link_invalid") return { kind: "gone" };
  return { kind: "refused", code: problem.code ?? "", detail: problem.detail ?? problem.title ?? String(response.status) };
}

export const read = (token: string): Promise<Read> => ask(token);

/** `key` is made once per wish, so that trying again decides once. */
export const decide = (token: string, key: string, choice: "yes" | "no", reason: string): Promise<Read> =>
  ask(token, {
    method: "POST",
    body: JSON.stringify({ choice, reason }),
    headers: { "content-type": "application/json", "idempotency-key": key },
  });
