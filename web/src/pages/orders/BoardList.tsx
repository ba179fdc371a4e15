import { ArrowUp, Inbox, SearchX } from "lucide-react";
import { useCallback, useEffect, useMemo, useState } from "react";
import { Link, useGo, useSetSearch } from "@/app/nav";
import { useMay } from "@/app/session";
import { useText, useWords } from "@/i18n";
import { en } from "@/i18n/en/orders";
import { en as enUi } from "@/i18n/en/ui";
import { ur } from "@/i18n/ur/orders";
import { ur as urUi } from "@/i18n/ur/ui";
import { Badge, Button, buttonClass, type Column, DataTable, Empty, ErrorPanel, Ltr, Money, OrderBadges, OrderStatus, Skeleton, When } from "@/ui";
import css from "./Board.module.css";
import { BulkBar } from "./BulkBar";
import { type Filters, FILTERS } from "./filters";
import { type LiveOrders, type Row, useOrderList } from "./useOrderList";

const NONE: ReadonlySet<string> = new Set();

export function BoardList({ filters, live }: { filters: Filters; live: LiveOrders }) {
  const t = useText({ en, ur });
  const ui = useText({ en: enUi, ur: urUi });
  const go = useGo();
  const list = useOrderList(filters, live);
  const may = useMay();
  const setSearch = useSetSearch();
  const clear = () => setSearch(Object.fromEntries(FILTERS.map((f) => [f, undefined])));
  const columns = useColumns();
  const [selected, setSelected] = useState<ReadonlySet<string>>(NONE);
  const { fetchNextPage, isFetchingNextPage, hasNextPage } = list;
  const more = useCallback(() => {
    if (!isFetchingNextPage) void fetchNextPage();
  }, [fetchNextPage, isFetchingNextPage]);
  useEffect(() => setSelected(NONE), [filters]);
  const { rows } = list;
  const chosen = useMemo(() => (selected.size === 0 ? [] : rows.filter((r) => selected.has(r.id))), [rows, selected]);

  if (list.isPending) return <Skeleton lines={10} />;
  if (list.error && list.rows.length === 0) return <ErrorPanel error={list.error} onRetry={() => void list.refetch()} />;
  const filtered = Object.keys(filters).length > 0;
  return (
    <>
      <p className={css.summary} role="status">{t.shown(list.rows.length, hasNextPage)}</p>
      <DataTable
        label={t.title} columns={columns} rows={list.rows} rowKey={(r) => r.id} rowName={(r) => r.number ?? r.customer_name ?? t.noNumber}
        card={(r) => <OrderCard row={r} />} onOpen={(r) => go(`/orders/${r.id}`)} mark={(r) => list.marks.get(r.id)}
        selected={selected} onSelect={setSelected} onEnd={more} more={hasNextPage}
        empty={
          filtered
            ? <Empty icon={<SearchX aria-hidden />} title={t.none} action={<Button onPress={clear}>{t.clearFilters}</Button>}>{t.noneText}</Empty>
            : <Empty icon={<Inbox aria-hidden />} title={t.empty} action={may("orders.write") ? <Link className={buttonClass("primary")} to="/orders/new">{t.newOrder}</Link> : null}>{t.emptyText}</Empty>
        }
        foot={isFetchingNextPage ? ui.loading : list.error ? <ErrorPanel inline error={list.error} onRetry={more} /> : !hasNextPage && list.rows.length > 30 ? ui.end : null}
      />
      <BulkBar rows={chosen} onDone={() => setSelected(NONE)} />
    </>
  );
}

function useColumns(): Column<Row>[] {
  const t = useText({ en, ur });
  const words = useWords();
  return useMemo(() => [
    { id: "number", name: t.number, width: "9.5rem", cell: (r) => <Link to={`/orders/${r.id}`} className={css.number ?? ""} tabIndex={-1}>{r.number ? <Ltr>{r.number}</Ltr> : t.noNumber}</Link> },
    { id: "customer", name: t.customer, width: "minmax(8rem, 2fr)", cell: (r) => <bdi>{r.customer_name}</bdi> },
    { id: "status", name: t.status, width: "minmax(9.5rem, 1fr)", cell: (r) => <OrderStatus status={r.status} /> },
    { id: "badges", name: t.badges, width: "minmax(9.5rem, 1.3fr)", cell: (r) => <Notes row={r} /> },
    { id: "channel", name: t.channel, wide: true, width: "minmax(8.5rem, 1fr)", cell: (r) => (r.channel ? words("channel", r.channel) : null) },
    { id: "total", name: t.total, width: "8.5rem", end: true, cell: (r) => (r.total && r.currency ? <Money amount={r.total} currency={r.currency} /> : "–") },
    { id: "at", name: t.placed, width: "6.5rem", end: true, cell: (r) => <When at={r.at} /> },
  ], [t, words]);
}

function Notes({ row }: { row: Row }) {
  const words = useWords();
  const urgent = row.priority === "high" || row.priority === "critical";
  return (
    <span className={css.notes}>
      {urgent ? <Badge tone="warn" icon={<ArrowUp aria-hidden />}>{words("priority", row.priority!)}</Badge> : null}
      <OrderBadges badges={row.badges} />
      {row.tags.map((tag) => <Badge key={`tag-${tag}`}>#<bdi>{tag}</bdi></Badge>)}
    </span>
  );
}

/** An order where there is no room for columns. */
export function OrderCard({ row, status = true }: { row: Row; status?: boolean }) {
  const t = useText({ en, ur });
  return (
    <div className={css.card}>
      <div className={css.cardLine}>
        <Link to={`/orders/${row.id}`} className={css.number ?? ""} tabIndex={-1}>{row.number ? <Ltr>{row.number}</Ltr> : t.noNumber}</Link>
        {row.total && row.currency ? <strong><Money amount={row.total} currency={row.currency} /></strong> : null}
      </div>
      <div className={css.cardLine}>
        <bdi className={css.cardName}>{row.customer_name}</bdi>
        <span className={css.faint}><When at={row.at} /></span>
      </div>
      {status || row.badges.length > 0 || row.tags.length > 0 ? (
        <div className={css.cardNotes}>{status ? <OrderStatus status={row.status} /> : null}<Notes row={row} /></div>
      ) : null}
    </div>
  );
}
