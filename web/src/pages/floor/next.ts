/**
 * What may be done to a parcel as it stands (SM-07). It only decides what is offered: the warehouse decides what is done.
 * The first one is the next step of the work.
 */
export type ParcelAction = "claim" | "confirm" | "short" | "release" | "pack" | "book" | "hand-over" | "hold" | "resume" | "return";

const OFFERED: Record<string, ParcelAction[]> = {
  planned: ["hold"],
  queued: ["claim", "hold"],
  picking: ["confirm", "short", "release", "hold"],
  picked: ["pack", "hold"],
  packed: ["book", "hand-over", "hold"],
  booked: ["hand-over", "hold"],
  handed_over: ["return"],
};

export function offered(parcel: { state: string; held?: string | null; method: string }): ParcelAction[] {
  const actions = OFFERED[parcel.state] ?? [];
  if (parcel.held) return ["resume", ...actions.filter((action) => action === "release")];
  // What a courier does not take needs no booking.
  if (parcel.method !== "courier") return actions.filter((action) => action !== "book");
  return actions;
}
