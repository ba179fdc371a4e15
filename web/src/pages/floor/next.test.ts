import { expect, it } from "vitest";
import { offered } from "./next";

const parcel = (state: string, held: string | null = null, method = "courier") => ({ state, held, method });

it("offers the next step first", () => {
  expect(offered(parcel("queued"))[0]).toBe("claim");
  expect(offered(parcel("picking"))[0]).toBe("confirm");
  expect(offered(parcel("picked"))[0]).toBe("pack");
  expect(offered(parcel("packed"))[0]).toBe("book");
  expect(offered(parcel("packed", null, "pickup"))).toEqual(["hand-over", "hold"]);
  expect(offered(parcel("handed_over"))).toEqual(["return"]);
});

it("lets a held parcel do nothing but go on", () => {
  for (const state of ["planned", "queued", "picked", "packed", "booked"]) expect(offered(parcel(state, "fraud check"))).toEqual(["resume"]);
  expect(offered(parcel("picking", "fraud check"))).toEqual(["resume", "release"]);
});

it("offers nothing in a state it does not know", () => {
  expect(offered(parcel("closed"))).toEqual([]);
});
