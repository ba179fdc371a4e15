import { describe, expect, it } from "vitest";
import { modeOf, NOTHING, pickNeeds, plateIn, type Step, take, units } from "./offline";
import { flowOf, type Out } from "./out";

const screen = (state: string, view: Record<string, unknown>, allowed = ["suspend"]): Out => ({ state, rev: 1, view, allowed, expect: [], beep: "ok" });
const PLATE = "106141410000000019";
const STOP = { task: 7, line: 1, sku: "KURTA-M", units: 3, location: "A-01", lot: "L1", expiry: null, tote: null };
const pick = (state: string, stop: object = {}) => screen(state, { lists: [], stop: { ...STOP, ...stop }, got: {}, asked: null });

/** What is recorded by these scans, one after the other. */
function all(out: Out, ...scans: string[]): Step[] {
  let collected = NOTHING;
  return scans.map((raw) => {
    const step = take(out, collected, raw);
    if (step.is !== "no") collected = step.then;
    return step;
  });
}

describe("which way an operator goes on without a connection", () => {
  it.each([
    [screen("Idle", {}, ["choose"]), undefined, "none"],
    [screen("Lpn", { plate: null, stock: [], suggestion: null, location: null }), "put_away", "put_away"],
    [screen("ScanSscc", { door: "DOOR-1", load: "L-1", plan: {}, missing: [] }), "ship", "ship"],
    [screen("Seal", { door: "DOOR-1", load: "L-1", plan: {}, missing: [] }), "ship", "none"],
    [screen("ScanEach", { parcel: "x/1", tote: null, lines: [], carton: null }), "pack", "steady"],
    [screen("Carton", { parcel: "x/1", tote: null, lines: [], carton: null }), "pack", "none"],
    [screen("Lines", { task: 1, location: "A-01", counted: [] }), "count", "steady"],
    [pick("Loc"), "pick", "pick"],
    [pick("Loc", { location: null }), "pick", "none"],
    [screen("Drop", { lists: [], stop: null, got: {} }), "pick", "none"],
    [screen("Item", { doc: "PO-1", dock: null, plate: PLATE, line: {} }), "receive", "none"],
    [screen("Ask", {}), "inquiry", "none"],
    [screen("Source", { state: "Source", replenish: true, sku: null }), "replenish", "none"],
  ])("%j", (out, flow, mode) => {
    expect(flowOf(out)).toBe(flow);
    expect(modeOf(out)).toBe(mode);
  });
});

describe("facts", () => {
  it("a plate and its location are one, with both scans as they came", () => {
    const out = screen("Lpn", { plate: null, stock: [], suggestion: null, location: null });
    const [plate, bin] = all(out, `]C100${PLATE}`, "A-01");
    expect(plate).toEqual({ is: "more", then: { plate: PLATE, raw: [`]C100${PLATE}`] } });
    expect(bin).toEqual({ is: "record", op: "fact.stored", a: { plate: PLATE, bin: "A-01", raw: [`]C100${PLATE}`, "A-01"] }, then: NOTHING });
    expect(take(out, NOTHING, "A-01")).toMatchObject({ is: "no", code: "lpn_unknown" });
    const known = screen("Suggested", { plate: PLATE, stock: [], suggestion: "A-01", location: null });
    expect(take(known, NOTHING, "B-02"), "the plate was scanned before").toMatchObject({ op: "fact.stored", a: { plate: PLATE, bin: "B-02" } });
    const other = `2${PLATE.slice(1)}`;
    expect(all(known, other, "B-02").at(-1), "another plate counts from then on").toMatchObject({ a: { plate: other } });
  });

  it("a carton goes onto the load at hand", () => {
    const out = screen("ScanSscc", { door: "DOOR-1", load: "L-1", plan: {}, missing: [] });
    expect(take(out, NOTHING, PLATE)).toEqual({ is: "record", op: "fact.loaded", a: { load: "L-1", plate: PLATE, raw: [PLATE] }, then: NOTHING });
    expect(take(out, NOTHING, "A-01")).toMatchObject({ is: "no", code: "sscc_not_on_load" });
  });

  it("a stop is picked by location, item, units and tote", () => {
    const out = pick("Loc");
    expect(take(out, NOTHING, "A-02")).toEqual({ is: "no", code: "wrong_location", args: { expected: "A-01" } });
    const steps = all(out, "A-01", "09506000134352");
    const item = steps[1]!;
    if (item.is === "no") throw new Error(item.code);
    expect(pickNeeds(out, item.then)).toBe("units");
    expect(take(out, item.then, "T-1"), "units first").toMatchObject({ is: "no", code: "unexpected_scan" });
    expect(units(out, item.then, 4)).toMatchObject({ is: "no", code: "over_pick" });
    expect(units(out, item.then, 0)).toMatchObject({ is: "no", code: "qty_zero" });
    expect(units(out, item.then, 1.5)).toMatchObject({ is: "no", code: "qty_zero" });
    const counted = units(out, item.then, 2);
    if (counted.is !== "more") throw new Error(counted.is);
    expect(pickNeeds(out, counted.then)).toBe("tote");
    expect(take(out, counted.then, "T-1")).toEqual({
      is: "record",
      op: "fact.picked",
      a: {
        task: 7,
        line: 1,
        place: { bin: "A-01" },
        goods: { sku: "KURTA-M", lot: "L1" },
        units: 2,
        tote: "T-1",
        raw: ["A-01", "09506000134352", "T-1"],
      },
      then: NOTHING,
    });
    expect(take(pick("Loc", { tote: "T-9" }), counted.then, "T-1")).toMatchObject({ is: "no", code: "tote_other_order" });
  });

  it("a stop that was begun with a connection is finished without", () => {
    expect(pickNeeds(pick("Item"), NOTHING)).toBe("item");
    const out = pick("Qty");
    expect(pickNeeds(out, NOTHING)).toBe("units");
    const counted = units(out, NOTHING, 3);
    if (counted.is !== "more") throw new Error(counted.is);
    expect(take(out, counted.then, "T-1")).toMatchObject({ op: "fact.picked", a: { place: { bin: "A-01" }, units: 3, tote: "T-1" } });
  });
});

describe("scans of a steady state", () => {
  it("go up as they came, each on its own", () => {
    const out = screen("ScanEach", { parcel: "x/1", tote: null, lines: [], carton: null });
    const step = { is: "record", op: "scan", a: { raw: "09506000134352" }, then: NOTHING };
    expect(all(out, "09506000134352", "09506000134352")).toEqual([step, step]);
  });

  it("are refused elsewhere", () => {
    expect(take(screen("Ask", {}), NOTHING, "A-01")).toEqual({ is: "no", code: "offline_not_allowed" });
  });
});

it("a plate's number is found in what scanners send", () => {
  for (const raw of [PLATE, `00${PLATE}`, `(00)${PLATE}`, `]C100${PLATE}`, `]d2\u{1d}00${PLATE}`]) expect(plateIn(raw), raw).toBe(PLATE);
  for (const raw of ["A-01", PLATE.slice(1), `01${PLATE}`, `${PLATE}9`, `00${PLATE}10L1`]) expect(plateIn(raw), raw).toBeUndefined();
});
