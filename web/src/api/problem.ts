/**
 * What the server answers when it does not do something (RFC 9457), and what the network does to a request.
 *
 * `outcome` says what is certain: `refused` nothing changed, `later` certainly not executed and worth a retry,
 * `unknown` perhaps executed: the same request with the same key finds out.
 */
export type Outcome = "refused" | "later" | "unknown";

/** Fields of a problem document that the consoles use. */
export interface ProblemBody {
  status: number;
  code: string;
  detail: string;
  title?: string;
  field?: string | null;
  fix?: string | null;
  request_id?: string | null;
}

/** A request that was not carried out, or of which it is not known. */
export class Problem extends Error {
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly field: string | null;
  readonly fix: string | null;
  readonly requestId: string | null;
  readonly outcome: Outcome;
  /** Milliseconds to wait before another try, where the server names them. */
  readonly retryAfter: number | null;

  constructor(body: ProblemBody, outcome: Outcome, retryAfter: number | null = null) {
    super(`${body.code}: ${body.detail}`);
    this.name = "Problem";
    this.status = body.status;
    this.code = body.code;
    this.detail = body.detail;
    this.field = body.field ?? null;
    this.fix = body.fix ?? null;
    this.requestId = body.request_id ?? null;
    this.outcome = outcome;
    this.retryAfter = retryAfter;
  }

  /** No answer of Munshi came: the network is away, the server is down, or the answer got lost. */
  get offline(): boolean {
    return this.status === 0 || this.code === "http_502" || this.code === "http_503" || this.code === "http_504";
  }
}

/** The same for anything thrown. */
export function asProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  const detail = error instanceof Error ? error.message : String(error);
  return new Problem({ status: 0, code: "client_error", detail }, "refused");
}

/** A request to which no answer came. A request that changes nothing may simply be sent again. */
export function unanswered(method: string): Problem {
  const safe = method === "GET" || method === "HEAD";
  return new Problem({ status: 0, code: "unreachable", detail: "no answer from the server" }, safe ? "later" : "unknown");
}

/**
 * Reads a refusal. A body that is no problem document (a proxy's page, say) still becomes one. Whether a question was
 * carried out does not matter: it can be asked again.
 */
export async function readProblem(answer: Response, method = "POST"): Promise<Problem> {
  const text = await answer.text().catch(() => "");
  const body = parse(text) ?? {
    status: answer.status,
    code: `http_${answer.status}`,
    detail: answer.statusText || `status ${answer.status}`,
  };
  const outcome = outcomeOf(answer.status);
  const certain = outcome === "unknown" && method === "GET" ? "later" : outcome;
  return new Problem({ ...body, status: answer.status }, certain, retryAfter(answer.headers.get("retry-after")));
}

/** docs/PROTOCOL.md, "What an answer means". */
export function outcomeOf(status: number): Outcome {
  if (status === 429 || status === 503) return "later";
  return status >= 500 ? "unknown" : "refused";
}

/** `Retry-After` in milliseconds: seconds, or a date of HTTP. */
export function retryAfter(header: string | null, now = Date.now()): number | null {
  if (header === null || header.trim() === "") return null;
  const seconds = Number(header);
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1000);
  const at = Date.parse(header);
  return Number.isNaN(at) ? null : Math.max(0, at - now);
}

function parse(text: string): ProblemBody | null {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== "object" || value === null) return null;
    const { code, detail } = value as Partial<ProblemBody>;
    return typeof code === "string" && typeof detail === "string" ? (value as ProblemBody) : null;
  } catch {
    return null;
  }
}
