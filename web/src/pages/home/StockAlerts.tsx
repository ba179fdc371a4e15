import type { Schema } from "@/api/react";
import { Link } from "@/app/nav";
import { useText } from "@/i18n";
import { en } from "@/i18n/en/home";
import { ur } from "@/i18n/ur/home";
import { Card, Ltr, Num, Table } from "@/ui";
import css from "./Home.module.css";

type Low = Schema["LowStock"];
const MOST = 10;

/** Items whose stock is below the level set for them. */
export function StockAlerts({ report }: { report: Schema["Dashboard"] }) {
  const t = useText({ en, ur });
  return (
    <Card title={t.stockAlerts} flush className={css.half}>
      {report.low_stock.length === 0 ? <p className={css.none}>{t.stockNone}</p> : (
        <Table
          label={t.stockAlerts} rows={report.low_stock.slice(0, MOST)} rowKey={(r) => `${r.warehouse} ${r.sku}`}
          columns={[
            { id: "sku", name: t.item, cell: (r: Low) => <Link to={`/stock/${encodeURIComponent(r.warehouse)}/item/${encodeURIComponent(r.sku)}`}><Ltr mono>{r.sku}</Ltr></Link> },
            { id: "warehouse", name: t.warehouse, cell: (r: Low) => <Ltr>{r.warehouse}</Ltr> },
            { id: "available", name: t.available, end: true, cell: (r: Low) => <Num value={r.available} /> },
            { id: "low", name: t.level, end: true, cell: (r: Low) => <Num value={r.low} /> },
          ]}
        />
      )}
    </Card>
  );
}
