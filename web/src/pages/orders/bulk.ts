/** The same change to many orders, a few at a time. Each is a request of its own: some may be refused, the others are done. */
import { asProblem, type Problem } from "@/api/problem";

export interface Outcome {
  id: string;
  error: Problem | null;
}

export interface BulkOptions {
  /** Requests at once. */
  width?: number;
  signal?: AbortSignal;
  onOutcome?: (outcome: Outcome) => void;
}

/** Runs `work` for each id. What was not begun when `signal` fired has no outcome. */
export async function runBulk(ids: readonly string[], work: (id: string) => Promise<unknown>, options: BulkOptions = {}): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  const queue = [...ids];
  const worker = async () => {
    for (let id = queue.shift(); id !== undefined && !options.signal?.aborted; id = queue.shift()) {
      const outcome: Outcome = { id, error: null };
      try {
        await work(id);
      } catch (error) {
        outcome.error = asProblem(error);
      }
      outcomes.push(outcome);
      options.onOutcome?.(outcome);
    }
  };
  await Promise.all(Array.from({ length: Math.min(options.width ?? 4, ids.length) }, worker));
  return outcomes;
}
