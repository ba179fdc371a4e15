// Who this device is: enrolled by a one-time code, known by a key that stays in this browser.
//
// Invariant: a device that is enrolled anew is a new installation; what it had not sent stays in its queue and keeps its
// keys. The key is stored beside the queue, for a device without its key could not send it; it is shown nowhere.
import { readProblem, unanswered, type Problem } from "../api/problem";
import { SignedOut, type TokenSource } from "../live/token";

const STORE = "munshi.scan.device";

/** An enrolled device. */
export interface Enrolled {
  warehouse: string;
  device: string;
  gen: number;
  install: string;
  key: string;
}

/** The device of this browser, if it is one. */
export function enrolled(): Enrolled | null {
  try {
    const value = JSON.parse(localStorage.getItem(STORE) ?? "null") as Enrolled | null;
    return value && typeof value.key === "string" && typeof value.device === "string" ? value : null;
  } catch {
    return null;
  }
}

/** Is no device any more. Its queue stays. */
export function forget(): void {
  localStorage.removeItem(STORE);
}

/** The code in what was scanned: the bare code, or a link that carries it behind `#enrol=`. */
export function codeIn(scanned: string): string {
  const link = /#enrol=([^&\s]+)/.exec(scanned)?.[1];
  return (link ? decodeURIComponent(link) : scanned).trim();
}

/** Whether a text can be a code of an invitation, so that a scan of something else is not sent. */
export function isCode(text: string): boolean {
  return /^mdi_\S{16,200}$/.test(text);
}

interface Answered {
  warehouse: string;
  device: string;
  generation: number;
  key: string;
}

/**
 * Enrols this browser.
 * @throws {Problem} what the server refuses, or that it does not answer.
 */
export async function enrol(code: string): Promise<Enrolled> {
  const { warehouse, device, generation, key } = await post<Answered>("/api/v1/devices/enrol", { code });
  const install = `in_${Array.from(crypto.getRandomValues(new Uint8Array(8)), (byte) => byte.toString(16).padStart(2, "0")).join("")}`;
  const made: Enrolled = { warehouse, device, gen: generation, install, key };
  localStorage.setItem(STORE, JSON.stringify(made));
  return made;
}

/** Of a token's life, the part after which another is fetched, so that the connection need not end with it. */
const RENEW_AT = 0.75;

/** Tokens for a device's key. `refused` is told why there are none any more. */
export function tokensOf({ key }: Enrolled, refused: (code: string) => void): TokenSource {
  let last: { token: string; until: number } | undefined;
  return {
    async get(dead) {
      if (last && last.token !== dead && Date.now() < last.until) return last.token;
      try {
        const { token, expires_in } = await post<{ token: string; expires_in: number }>("/api/v1/devices/token", { key });
        last = { token, until: Date.now() + expires_in * 1_000 * RENEW_AT };
        return token;
      } catch (error) {
        const problem = error as Problem;
        if (problem.outcome !== "refused" || problem.status === 429 || problem.status === 408) throw error;
        refused(problem.code);
        throw new SignedOut();
      }
    },
  };
}

async function post<T>(path: string, body: unknown): Promise<T> {
  const answer = await fetch(path, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
    cache: "no-store",
  }).catch(() => {
    throw unanswered("POST");
  });
  if (!answer.ok) throw await readProblem(answer);
  return (await answer.json()) as T;
}
