/** Stock of a warehouse, live: what is there, what is promised, what may still be promised. */
import { Boxes, LayoutGrid } from "lucide-react";
import { useMemo } from "react";
import { useList } from "@/api/react";
import { Link, useGo, useSearch, useSetSearch } from "@/app/nav";
import { useFormat, useText } from "@/i18n";
import { en } from "@/i18n/en/stock";
import { ur } from "@/i18n/ur/stock";
import { useConnection, useTopic } from "@/live/react";
import { OpenWarehouse, topicCode, useWarehouse, WarehousePick } from "@/pages/parts/warehouse";
import { Badge, buttonClass, type Column, cx, DataTable, Empty, ErrorPanel, Ltr, Num, Page, SearchField, Select, Skeleton, Toolbar } from "@/ui";
import type { StockRow } from "@/wire/munshi-v1";
import { fromList, fromTopic, pick, type Shelf, type Which } from "./rows";
import css from "./stock.module.css";

export default function StockPage() {
  const t = useText({ en, ur });
  const search = useSearch();
  const setSearch = useSetSearch();
  const { code, isPending, error, refetch } = useWarehouse(search.w);
  const actions = code ? (
    <Link className={buttonClass()} to={`/stock/${encodeURIComponent(code)}/bins`}><LayoutGrid aria-hidden />{t.byBin}</Link>
  ) : null;
  return (
    <Page title={t.title} actions={actions} full>
      {isPending && !code ? <Skeleton lines={10} /> : null}
      {error && !code ? <ErrorPanel error={error} onRetry={() => void refetch()} /> : null}
      {!isPending && !error && !code ? <Empty icon={<Boxes aria-hidden />} title={t.noWarehouseTitle} action={<OpenWarehouse />}>{t.noWarehouseText}</Empty> : null}
      {code ? <Shelves key={code} code={code} text={search.q ?? ""} which={(search.show as Which) || "all"} change={setSearch} /> : null}
    </Page>
  );
}

interface ShelvesProps {
  code: string;
  text: string;
  which: Which;
  change: (change: Record<string, string>) => void;
}

function useShelves(code: string) {
  const view = useTopic<StockRow>(`wh.${topicCode(code)}.stock`);
  const { state } = useConnection();
  const away = view.state === "loading" && (state === "offline" || state === "reconnecting" || state === "refused");
  const list = useList("/api/v1/warehouses/{code}/stock", { path: { code } }, { limit: 200, enabled: view.state === "refused" || away });
  const live = view.state === "live" || view.state === "stale";
  const rows = useMemo(() => (live ? [...view.rows.values()].map(fromTopic) : list.rows.map(fromList)), [live, view.rows, list.rows]);
  return { rows, live, list, loading: !live && (list.isPending || !list.isFetched) && !list.error };
}

function Shelves({ code, text, which, change }: ShelvesProps) {
  const t = useText({ en, ur });
  const format = useFormat();
  const go = useGo();
  const { rows, live, list, loading } = useShelves(code);
  const shown = useMemo(() => pick(rows, text, which), [rows, text, which]);
  const item = (row: Shelf) => `/stock/${encodeURIComponent(code)}/item/${encodeURIComponent(row.sku)}`;
  const none = rows.length === 0
    ? <Empty icon={<Boxes aria-hidden />} title={t.emptyTitle}>{t.emptyText}</Empty>
    : <Empty title={t.nothingTitle}>{t.nothingText}</Empty>;
  return (
    <>
      <Toolbar label={t.filterLabel}>
        <WarehousePick label={t.warehouse} value={code} onChange={(w) => change({ w })} />
        <SearchField label={t.searchLabel} placeholder={t.search} value={text} onChange={(q) => change({ q })} />
        <Select
          label={t.filterLabel} hideLabel value={which} onChange={(show) => change({ show: show === "all" ? "" : show })}
          options={[{ id: "all", label: t.filter.all }, { id: "low", label: t.filter.low }, { id: "out", label: t.filter.out }]}
        />
        <span className={css.count} role="status">{t.count(format.number(shown.length), format.number(rows.length))}</span>
      </Toolbar>
      {loading ? <Skeleton lines={12} /> : null}
      {!live && list.error ? <ErrorPanel error={list.error} onRetry={() => void list.refetch()} /> : null}
      {!loading && !(list.error && !live) ? (
        <DataTable
          label={t.table} columns={columns(t)} rows={shown} rowKey={(row) => row.key} rowName={(row) => row.sku} mark={(row) => row.mark}
          onOpen={(row) => go(item(row))} empty={none} more={!live && list.hasNextPage} onEnd={() => void list.fetchNextPage()}
          card={(row) => <ShelfCard row={row} />}
        />
      ) : null}
    </>
  );
}

function Level({ row }: { row: Shelf }) {
  const t = useText({ en, ur });
  if (row.available <= 0) return <Badge tone="bad">{t.short}</Badge>;
  return row.low ? <Badge tone="warn">{t.low}</Badge> : null;
}

function Units({ value }: { value: number }) {
  return <span className={cx(value < 0 && css.negative)}><Num value={value} /></span>;
}

const columns = (t: typeof en): Column<Shelf>[] => [
  { id: "sku", name: t.sku, width: "minmax(10rem, 2fr)", cell: (row) => <Ltr mono>{row.sku}</Ltr> },
  { id: "level", name: <span className="hidden-visually">{t.lowLevel}</span>, width: "minmax(7rem, 1fr)", cell: (row) => <Level row={row} /> },
  { id: "on", name: t.onHand, width: "minmax(5rem, 1fr)", end: true, cell: (row) => <Units value={row.onHand} /> },
  { id: "held", name: `${t.reserved} + ${t.allocated}`, width: "minmax(8rem, 1fr)", end: true, cell: (row) => <Units value={row.held} /> },
  { id: "free", name: t.available, width: "minmax(6rem, 1fr)", end: true, cell: (row) => <strong><Units value={row.available} /></strong> },
];

function ShelfCard({ row }: { row: Shelf }) {
  const t = useText({ en, ur });
  return (
    <div className={css.card}>
      <div className={css.cardHead}><Ltr mono>{row.sku}</Ltr><Level row={row} /></div>
      <div className={css.figures}>
        <span>{t.onHand} <Units value={row.onHand} /></span>
        <span>{t.reserved} + {t.allocated} <Units value={row.held} /></span>
        <span>{t.available} <strong><Units value={row.available} /></strong></span>
      </div>
    </div>
  );
}
