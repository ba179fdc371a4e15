/** A SKU in all warehouses, as a table that other pages show too. */
import { type Schema, useGet } from "@/api/react";
import { Link } from "@/app/nav";
import { useText } from "@/i18n";
import { en } from "@/i18n/en/stock";
import { ur } from "@/i18n/ur/stock";
import { Empty, ErrorPanel, Ltr, Num, Skeleton } from "@/ui";
import { Rows, type RowsColumn } from "@/ui/Rows";

type Row = Schema["StockView"];

export function Everywhere({ sku }: { sku: string }) {
  const t = useText({ en, ur });
  const query = useGet("/api/v1/products/{sku}/stock", { path: { sku } }, { every: 15_000 });
  const rows = query.data?.items ?? [];
  const total = (of: (row: Row) => number) => rows.reduce((sum, row) => sum + of(row), 0);
  const columns: RowsColumn<Row>[] = [
    { id: "warehouse", name: t.warehouse, cell: (row) => <Link to={`/stock/${encodeURIComponent(row.warehouse)}/item/${encodeURIComponent(sku)}`}><Ltr mono>{row.warehouse}</Ltr></Link> },
    { id: "on", name: t.onHand, end: true, cell: (row) => <Num value={row.on_hand} /> },
    { id: "held", name: t.reserved, end: true, wide: true, cell: (row) => <Num value={row.reserved} /> },
    { id: "allocated", name: t.allocated, end: true, wide: true, cell: (row) => <Num value={row.allocated} /> },
    { id: "waiting", name: t.waiting, end: true, wide: true, cell: (row) => <Num value={row.waiting} /> },
    { id: "free", name: t.available, end: true, cell: (row) => <strong><Num value={row.available} /></strong> },
  ];
  if (query.isPending) return <Skeleton lines={4} />;
  if (query.error && !query.data) return <ErrorPanel error={query.error} onRetry={() => void query.refetch()} />;
  if (rows.length === 0) return <Empty title={t.noRows} />;
  const sum: Row = {
    ...rows[0]!, warehouse: t.total, on_hand: total((r) => r.on_hand), reserved: total((r) => r.reserved), allocated: total((r) => r.allocated),
    waiting: total((r) => r.waiting), available: total((r) => r.available),
  };
  const named: RowsColumn<Row>[] = [{ ...columns[0]!, cell: (row) => (row === sum ? <strong>{t.total}</strong> : columns[0]!.cell(row)) }, ...columns.slice(1)];
  return <Rows label={t.everywhereTitle(sku)} columns={named} rows={rows.length > 1 ? [...rows, sum] : rows} rowKey={(row) => row.warehouse} />;
}
