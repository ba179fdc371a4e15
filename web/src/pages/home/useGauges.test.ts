import { expect, test } from "vitest";
import { sumGauges } from "./useGauges";

test("figures of several warehouses are summed, those that sent none left out", () => {
  const sum = sumGauges(
    [{ at: 1, open_orders: 2, waiting_tasks: 3, active_tasks: 1 }, undefined, { at: 1, open_orders: 5, waiting_tasks: 0, active_tasks: 4 }],
    [undefined],
  );
  expect(sum).toMatchObject({ kpi: true, flow: false, openOrders: 7, waiting: 3, active: 5 });
});
