/** The floor's live figures, summed over all warehouses that the user may see. */
import { useCallback, useMemo, useRef, useSyncExternalStore } from "react";
import { topicSegments, useWarehouses } from "@/app/shop";
import { type GaugeView, useLive } from "@/live/react";
import type { KpiGauge, ThroughputGauge } from "@/wire/munshi-v1";

export interface FloorFigures {
  openOrders: number;
  waiting: number;
  active: number;
  scans: number;
  packs: number;
  ships: number;
}

/** Sums what is known; `null` where no warehouse has sent a figure. */
export function sumGauges(kpis: readonly (KpiGauge | undefined)[], flows: readonly (ThroughputGauge | undefined)[]): { kpi: boolean; flow: boolean } & FloorFigures {
  const sum = { kpi: false, flow: false, openOrders: 0, waiting: 0, active: 0, scans: 0, packs: 0, ships: 0 };
  for (const k of kpis) {
    if (!k) continue;
    sum.kpi = true;
    sum.openOrders += k.open_orders;
    sum.waiting += k.waiting_tasks;
    sum.active += k.active_tasks;
  }
  for (const f of flows) {
    if (!f) continue;
    sum.flow = true;
    sum.scans += f.scans_1m;
    sum.packs += f.packs_1h;
    sum.ships += f.ships_1h;
  }
  return sum;
}

export function useGauges() {
  const warehouses = useWarehouses();
  const names = useMemo(() => topicSegments(warehouses.map((w) => w.code)), [warehouses]);
  const kpis = useGaugeValues<KpiGauge>(names, "kpi");
  const flows = useGaugeValues<ThroughputGauge>(names, "throughput");
  return useMemo(() => sumGauges(kpis, flows), [kpis, flows]);
}

function useGaugeValues<V>(warehouses: string[], kind: "kpi" | "throughput"): readonly (V | undefined)[] {
  const live = useLive();
  const held = useRef<readonly (V | undefined)[]>([]);
  const key = warehouses.join(" ");
  const subscribe = useCallback(
    (listener: () => void) => {
      if (!live || key === "") return () => undefined;
      const ends = key.split(" ").map((w) => live.hold(`dash.${w}.${kind}`, { maxHz: 1 }, listener));
      return () => ends.forEach((end) => end());
    },
    [live, key, kind],
  );
  return useSyncExternalStore(subscribe, () => {
    const now = !live || key === "" ? [] : key.split(" ").map((w) => (live.view(`dash.${w}.${kind}`) as GaugeView<V>).value);
    if (now.length !== held.current.length || now.some((v, i) => v !== held.current[i])) held.current = now;
    return held.current;
  }, () => held.current);
}
