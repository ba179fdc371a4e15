/** What a person changes of a dead letter before it is sent again, as the server takes it. */
import type { Body } from "@/api/react";
import type { Dead } from "./types";

type Replay = Body<"/api/v1/dead-letters/{connection}/{id}/replay", "post">;

/** Values that may be changed; none from a server that knows of none. */
export function deadValues(of: Dead): Record<string, unknown> {
  const { values } = of as { values?: Record<string, unknown> };
  return values ?? {};
}

/** Only what differs is named; `hours` counts from `now`. */
export function replayBody(was: Record<string, string>, typed: Record<string, string>, reason: string, hours: number | null, now: Date): Replay {
  const values = Object.fromEntries(Object.entries(typed).filter(([name, value]) => value !== was[name]));
  return {
    ...(Object.keys(values).length > 0 && { values }),
    ...(hours !== null && { expires_at: new Date(now.getTime() + hours * 3_600_000).toISOString() }),
    ...(reason.trim() !== "" && { reason: reason.trim() }),
  } as Replay;
}
