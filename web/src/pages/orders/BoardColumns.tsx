/** The board: a column for each status, in the order in which orders move. An order moves from one to the next live. */
import { useVirtualizer } from "@tanstack/react-virtual";
import { useCallback, useEffect, useMemo, useRef } from "react";
import { useGo } from "@/app/nav";
import { useText, useWords } from "@/i18n";
import { en } from "@/i18n/en/orders";
import { ur } from "@/i18n/ur/orders";
import { ErrorPanel, Skeleton, toneOf } from "@/ui";
import { OrderCard } from "./BoardList";
import css from "./Board.module.css";
import { COLUMNS, type Filters } from "./filters";
import { type LiveOrders, useOrderList } from "./useOrderList";

export function BoardColumns({ filters, live }: { filters: Filters; live: LiveOrders }) {
  const t = useText({ en, ur });
  return (
    <div className={css.board} role="group" aria-label={t.columns}>
      {COLUMNS.map((status) => <StatusColumn key={status} status={status} filters={filters} live={live} />)}
    </div>
  );
}

function StatusColumn({ status, filters, live }: { status: string; filters: Filters; live: LiveOrders }) {
  const t = useText({ en, ur });
  const words = useWords();
  const go = useGo();
  const mine = useMemo(() => ({ ...filters, status }), [filters, status]);
  const list = useOrderList(mine, live, 50);
  const scroller = useRef<HTMLDivElement>(null);
  const { rows, hasNextPage, isFetchingNextPage, fetchNextPage } = list;
  const itemKey = useCallback((i: number) => rows[i]!.id, [rows]);
  const virtual = useVirtualizer({
    count: rows.length, getScrollElement: () => scroller.current, estimateSize: () => 84, getItemKey: itemKey, overscan: 6, gap: 8,
  });
  const last = virtual.getVirtualItems().at(-1)?.index ?? -1;
  useEffect(() => {
    if (hasNextPage && !isFetchingNextPage && last >= rows.length - 10) void fetchNextPage();
  }, [last, rows.length, hasNextPage, isFetchingNextPage, fetchNextPage]);
  const name = words("status", status);
  return (
    <section className={css.column} aria-label={name}>
      <header className={css.columnHead} data-tone={toneOf(status)}>
        <h2 className={css.columnName}>{name}</h2>
        <span className={css.faint}>{list.isPending || (list.error && rows.length === 0) ? "" : `${rows.length}${hasNextPage ? "+" : ""}`}</span>
      </header>
      <div ref={scroller} className={css.columnBody} tabIndex={0} role="group" aria-label={name}>
        {list.isPending ? <Skeleton lines={4} /> : null}
        {list.error && rows.length === 0 ? <ErrorPanel inline error={list.error} onRetry={() => void list.refetch()} /> : null}
        {!list.isPending && !list.error && rows.length === 0 ? <p className={css.columnNone}>{t.none}</p> : null}
        <ul className={css.space} style={{ blockSize: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map((item) => {
            const row = rows[item.index]!;
            return (
              <li
                key={item.key} ref={virtual.measureElement} data-index={item.index} data-mark={list.marks.get(row.id)} className={css.tile}
                style={{ transform: `translateY(${item.start}px)` }}
                onClick={(event) => {
                  if (!(event.target as HTMLElement).closest("a")) go(`/orders/${row.id}`);
                }}
              >
                <OrderCard row={row} status={false} />
              </li>
            );
          })}
        </ul>
      </div>
    </section>
  );
}
