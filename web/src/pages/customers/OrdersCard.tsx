import { type Schema, useList } from "@/api/react";
import { Link } from "@/app/nav";
import { useMay } from "@/app/session";
import { useText } from "@/i18n";
import { en } from "@/i18n/en/customers";
import { ur } from "@/i18n/ur/customers";
import { Button, Card, ErrorPanel, Ltr, Money, OrderStatus, Skeleton, When } from "@/ui";
import { Rows, type RowsColumn } from "@/ui/Rows";
import css from "./customers.module.css";

type Row = Schema["OrderRow"];

/** Orders of a customer, newest first. */
export function OrdersCard({ customer }: { customer: string }) {
  const t = useText({ en, ur });
  const may = useMay()("orders.read");
  const list = useList("/api/v1/orders", { query: { customer } }, { limit: 20, enabled: may, every: 15_000 });
  if (!may) return null;
  const columns: RowsColumn<Row>[] = [
    { id: "number", name: t.number, cell: (row) => <Link to={`/orders/${row.id}`}><Ltr mono>{row.number ?? row.id.slice(0, 8)}</Ltr></Link> },
    { id: "placed", name: t.placed, wide: true, cell: (row) => <When at={row.at} as="dateTime" /> },
    { id: "status", name: t.status, cell: (row) => <OrderStatus status={row.status} /> },
    { id: "total", name: t.total, end: true, cell: (row) => (row.total && row.currency ? <Money amount={row.total} currency={row.currency} /> : "–") },
  ];
  return (
    <Card title={t.orders} flush>
      {list.isPending ? <div className={css.pad}><Skeleton lines={4} /></div> : null}
      {list.error && !list.data ? <div className={css.pad}><ErrorPanel error={list.error} onRetry={() => void list.refetch()} /></div> : null}
      {list.data && list.rows.length === 0 ? <p className={css.pad}>{t.noOrders}</p> : null}
      {list.rows.length > 0 ? <Rows label={t.ordersTable} columns={columns} rows={list.rows} rowKey={(row) => row.id} /> : null}
      {list.hasNextPage ? <div className={css.more}><Button busy={list.isFetchingNextPage} onPress={() => void list.fetchNextPage()}>{t.moreOrders}</Button></div> : null}
    </Card>
  );
}
