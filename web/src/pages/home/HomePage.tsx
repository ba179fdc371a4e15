import { useMemo, useState } from "react";
import { useGet } from "@/api/react";
import { useMay, useMe } from "@/app/session";
import { useText } from "@/i18n";
import { en } from "@/i18n/en/home";
import { ur } from "@/i18n/ur/home";
import { ErrorPanel, Page, Select, Skeleton } from "@/ui";
import { useLiveOrders } from "../orders/useOrderList";
import { Charts } from "./Charts";
import { Gauges } from "./Gauges";
import css from "./Home.module.css";
import { Recent } from "./Recent";
import { StockAlerts } from "./StockAlerts";

const PERIODS = ["7", "14", "30", "90"] as const;
/** Days and alerts change slowly; the gauges above them are live. */
const EVERY_MS = 15_000;

export default function HomePage() {
  const t = useText({ en, ur });
  const me = useMe();
  const may = useMay();
  const [days, setDays] = useState<(typeof PERIODS)[number]>("14");
  const live = useLiveOrders();
  const report = useGet("/api/v1/reports/dashboard", { query: { days } }, { every: EVERY_MS, keep: true, enabled: may("orders.read") && may("stock.read") });
  const first = useMemo(() => me.name.split(" ")[0] ?? "", [me.name]);
  return (
    <Page
      title={t.hello(first)} name={t.title}
      actions={<Select hideLabel label={t.period} value={days} onChange={setDays} options={PERIODS.map((d) => ({ id: d, label: t.days[d] }))} />}
    >
      <Gauges report={report.data} live={live} />
      {report.error && !report.data ? <ErrorPanel error={report.error} onRetry={() => void report.refetch()} /> : null}
      {report.isPending && report.fetchStatus !== "idle" ? <Skeleton lines={6} /> : null}
      <div className={css.layout}>
        {report.data ? <Charts report={report.data} /> : null}
        <Recent live={live} />
        {report.data ? <StockAlerts report={report.data} /> : null}
      </div>
    </Page>
  );
}
