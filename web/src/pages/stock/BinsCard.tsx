import { useGet } from "@/api/react";
import { useText } from "@/i18n";
import { en } from "@/i18n/en/stock";
import { ur } from "@/i18n/ur/stock";
import { Card, ErrorPanel, Skeleton } from "@/ui";
import { Rows } from "@/ui/Rows";
import { binColumns, flatten, usePlateLabel } from "./bins";
import css from "./stock.module.css";

/** Where the floor has the SKU: bins, plates, lots. */
export function BinsCard({ code, sku }: { code: string; sku: string }) {
  const t = useText({ en, ur });
  const query = useGet("/api/v1/warehouses/{code}/bins", { path: { code }, query: { sku, limit: 200 } });
  const print = usePlateLabel(code);
  const noFloor = query.error?.code === "site_unknown";
  const lines = flatten(query.data?.items ?? []).filter((line) => line.sku === sku);
  return (
    <Card title={t.bins} flush>
      {query.isPending ? <div className={css.pad}><Skeleton lines={3} /></div> : null}
      {query.error && !noFloor ? <div className={css.pad}><ErrorPanel error={query.error} onRetry={() => void query.refetch()} /></div> : null}
      {noFloor || (query.data && lines.length === 0) ? <p className={css.pad}>{noFloor ? t.noFloor : t.noBins}</p> : null}
      {lines.length > 0 ? <Rows label={t.bins} columns={binColumns(t, false, print)} rows={lines} rowKey={(line) => line.key} /> : null}
    </Card>
  );
}
