import { AlertTriangle, Banknote, ClipboardCheck, Footprints, ReceiptText, ScanLine } from "lucide-react";
import type { ReactNode } from "react";
import type { Schema } from "@/api/react";
import { Link } from "@/app/nav";
import { useMay } from "@/app/session";
import { useFormat, useText } from "@/i18n";
import { en } from "@/i18n/en/home";
import { ur } from "@/i18n/ur/home";
import { cx, Ltr, Money, Num, Spark } from "@/ui";
import { useWaiting } from "../approvals/useWaiting";
import type { LiveOrders } from "../orders/useOrderList";
import css from "./Home.module.css";
import { mainCurrency } from "./report";
import { useGauges } from "./useGauges";

type Report = Schema["Dashboard"];

/** The figures that are looked at all day. Each leads to where it comes from. */
export function Gauges({ report, live }: { report: Report | undefined; live: LiveOrders }) {
  const t = useText({ en, ur });
  const format = useFormat();
  const may = useMay();
  const floor = useGauges();
  const today = report?.days.at(-1);
  const yesterday = report?.days.at(-2);
  const currency = report ? mainCurrency(report.days) : null;
  const scans = report?.floor.scans_per_minute.map((m) => m.count) ?? [];
  return (
    <div className={css.gauges}>
      {today ? <Gauge icon={<ReceiptText aria-hidden />} name={t.today} to="/orders" note={yesterday ? t.against(format.number(yesterday.orders)) : null}><Num value={today.orders} /></Gauge> : null}
      {today && currency ? (
        <Gauge icon={<Banknote aria-hidden />} name={t.value} to="/orders" note={yesterday ? t.against(format.moneyText(yesterday.value[currency] ?? "0", currency)) : null}>
          <Money amount={whole(today.value[currency] ?? "0")} currency={currency} />
        </Gauge>
      ) : null}
      <Gauge icon={<ReceiptText aria-hidden />} name={t.openOrders} to="/orders?view=columns">{live.known || live.rows.size > 0 ? <Num value={live.rows.size} /> : "–"}</Gauge>
      {may("approvals.read") ? <ApprovalsGauge /> : null}
      {floor.kpi ? <Gauge icon={<Footprints aria-hidden />} name={t.tasks} to={may("floor.read") ? "/floor" : undefined} note={t.tasksSplit(floor.waiting, floor.active)}><Num value={floor.waiting + floor.active} /></Gauge> : null}
      {report ? <Gauge icon={<AlertTriangle aria-hidden />} name={t.lowStock} to="/stock" tone={report.low_stock_count > 0 ? "warn" : undefined}><Num value={report.low_stock_count} /></Gauge> : null}
      {floor.flow || report ? (
        <Gauge icon={<ScanLine aria-hidden />} name={t.scans} note={floor.flow ? `${t.packed(floor.packs)} · ${t.shipped(floor.ships)}` : null} spark={<Spark label={t.scans} values={scans} />}>
          <Num value={floor.flow ? floor.scans : (scans.at(-1) ?? 0)} />
        </Gauge>
      ) : null}
    </div>
  );
}

/** Parts of a rupee do not matter in a day's value. */
function whole(amount: string): string {
  return amount.split(".")[0] ?? amount;
}

function ApprovalsGauge() {
  const t = useText({ en, ur });
  const { rows, loading, error } = useWaiting();
  return <Gauge icon={<ClipboardCheck aria-hidden />} name={t.approvals} to="/approvals?whose=all" tone={rows.length > 0 ? "warn" : undefined}>{rows.length === 0 && (loading || error) ? "–" : <Num value={rows.length} />}</Gauge>;
}

interface GaugeProps {
  icon: ReactNode;
  name: string;
  to?: string;
  note?: ReactNode;
  tone?: "warn";
  spark?: ReactNode;
  children: ReactNode;
}

function Gauge({ icon, name, to, note, tone, spark, children }: GaugeProps) {
  const inner = (
    <>
      <span className={css.gaugeName}>{icon}{name}</span>
      <span className={cx(css.figure, tone && css.warn)}><Ltr>{children}</Ltr></span>
      {note ? <span className={css.note}>{note}</span> : null}
      {spark}
    </>
  );
  return to ? <Link to={to} className={css.gauge ?? ""}>{inner}</Link> : <div className={css.gauge}>{inner}</div>;
}
