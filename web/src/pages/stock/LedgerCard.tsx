import { useEffect, useMemo } from "react";
import { type Schema, useList } from "@/api/react";
import { Link } from "@/app/nav";
import { useMay } from "@/app/session";
import { useFormat, useText } from "@/i18n";
import { en } from "@/i18n/en/stock";
import { ur } from "@/i18n/ur/stock";
import { Button, Card, cx, ErrorPanel, Ltr, Num, Skeleton, When } from "@/ui";
import { useActor } from "@/pages/parts/actor";
import { Rows, type RowsColumn } from "@/ui/Rows";
import { type Entry, SELLABLE, story } from "./ledger";
import css from "./stock.module.css";

/** Pages that are fetched by themselves, so that the sum is whole for all but the busiest SKUs. */
const AT_ONCE = 5;

/** Answers "why is on-hand 47?": the sum by cause, then every movement with what was on the shelf after it. */
export function LedgerCard({ code, sku, stock, title }: { code: string; sku: string; stock: Schema["StockView"]; title: string }) {
  const t = useText({ en, ur });
  const query = useList("/api/v1/warehouses/{code}/stock/{sku}/ledger", { path: { code, sku } }, { limit: 200 });
  const { hasNextPage, isFetching, fetchNextPage } = query;
  const pages = query.data?.pages.length ?? 0;
  useEffect(() => {
    if (hasNextPage && !isFetching && pages < AT_ONCE) void fetchNextPage();
  }, [hasNextPage, isFetching, pages, fetchNextPage]);
  const told = useMemo(
    () => story(query.rows, query.data !== undefined && !query.hasNextPage, { ...stock.conditions, [SELLABLE]: stock.on_hand }),
    [query.rows, query.data, query.hasNextPage, stock],
  );
  const columns = useColumns();
  return (
    <Card title={title} flush>
      {query.isPending ? <div className={css.pad}><Skeleton lines={6} /></div> : null}
      {query.error && !query.data ? <div className={css.pad}><ErrorPanel error={query.error} onRetry={() => void query.refetch()} /></div> : null}
      {query.data ? (
        <>
          <Sum told={told} />
          <p className={css.hint}>{told.entries.length === 0 ? t.noMoves : t.ledgerNote}</p>
          {told.entries.length > 0 ? <Rows label={title} columns={columns} rows={told.entries} rowKey={(entry) => entry.key} /> : null}
          {query.hasNextPage ? (
            <div className={css.more}><Button busy={query.isFetchingNextPage} onPress={() => void query.fetchNextPage()}>{t.more}</Button></div>
          ) : null}
        </>
      ) : null}
    </Card>
  );
}

function Sum({ told }: { told: ReturnType<typeof story> }) {
  const t = useText({ en, ur });
  const format = useFormat();
  const terms = told.before === 0 ? told.parts : [{ cause: "", units: told.before }, ...told.parts];
  if (terms.length === 0) return null;
  return (
    <p className={css.equation}>
      {terms.map((part, index) => (
        <span key={part.cause}>
          <Ltr>{`${part.units < 0 ? "− " : index > 0 ? "+ " : ""}${format.number(Math.abs(part.units))}`}</Ltr>{" "}
          <small>{part.cause === "" ? t.before : (t.causes[part.cause] ?? part.cause)}</small>
        </span>
      ))}
      <strong><Ltr>{`= ${format.number(told.onHand)}`}</Ltr> <small>{t.onHand}</small></strong>
    </p>
  );
}

function useColumns(): RowsColumn<Entry>[] {
  const t = useText({ en, ur });
  const format = useFormat();
  const mayOrder = useMay()("orders.read");
  const actor = useActor();
  return [
    { id: "when", name: t.when, cell: (entry) => <When at={entry.at} as="dateTime" /> },
    { id: "cause", name: t.cause, cell: (entry) => t.causes[entry.cause] ?? entry.cause },
    {
      id: "change", name: t.change, end: true,
      cell: (entry) => <span className={cx(entry.delta < 0 ? css.negative : css.positive)}><Ltr>{`${entry.delta < 0 ? "−" : "+"}${format.number(Math.abs(entry.delta))}`}</Ltr></span>,
    },
    { id: "balance", name: t.balance, end: true, cell: (entry) => <Num value={entry.balance} /> },
    { id: "condition", name: t.inCondition, wide: true, cell: (entry) => t.condition[entry.condition] ?? entry.condition },
    {
      id: "why", name: t.why,
      cell: (entry) => (
        <div className={css.reason}>
          {entry.reason ? <><bdi>{entry.reason}</bdi> </> : null}
          {entry.by ? <span>{t.by(actor(`user:${entry.by}`))} </span> : null}
          {entry.order ? (mayOrder ? <Link to={`/orders/${entry.order}`}>{t.forOrder}</Link> : t.forOrder) : null}
        </div>
      ),
    },
  ];
}
