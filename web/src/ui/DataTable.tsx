/**
 * A long list in rows and columns. Only the rows in sight are drawn, so a hundred thousand scroll as well as ten.
 * On narrow screens a row is a card. The keyboard moves through rows (arrows, j, k, Home, End), opens (Enter) and
 * selects (Space, x).
 */
import { useVirtualizer } from "@tanstack/react-virtual";
import { type KeyboardEvent, memo, type ReactNode, type Ref, useCallback, useEffect, useId, useImperativeHandle, useLayoutEffect, useMemo, useRef, useState } from "react";
import { useText } from "@/i18n";
import { en } from "@/i18n/en/ui";
import { ur } from "@/i18n/ur/ui";
import { cx } from "./cx";
import css from "./DataTable.module.css";
import { Checkbox } from "./Choice";
import { fit } from "./fit";

export interface Column<R> {
  id: string;
  name: ReactNode;
  /** Track of the grid, such as `minmax(8rem, 2fr)`. */
  width: string;
  cell: (row: R) => ReactNode;
  end?: boolean;
  /** Left out where there is no room for all columns. */
  wide?: boolean;
}

export interface DataTableProps<R> {
  label: string;
  columns: Column<R>[];
  rows: R[];
  rowKey: (row: R) => string;
  /** Name of a row for screen readers. */
  rowName: (row: R) => string;
  /** The row as a card, for narrow screens. */
  card: (row: R) => ReactNode;
  onOpen?: (row: R) => void;
  mark?: (row: R) => "new" | "changed" | undefined;
  selected?: ReadonlySet<string>;
  onSelect?: (keys: Set<string>) => void;
  /** The end is near: load more, if there is more. */
  onEnd?: () => void;
  more?: boolean;
  /** Drawn under the last row: loading, an error, that this is all. */
  foot?: ReactNode;
  empty: ReactNode;
  onActive?: (row: R | undefined) => void;
  handle?: Ref<TableHandle>;
}

export interface TableHandle {
  focus: () => void;
  move: (by: number) => void;
}

const ROW = 44;
const CARD = 92;

export function DataTable<R>(props: DataTableProps<R>) {
  const { label, columns: all, rows, rowKey, rowName, card, onOpen, mark, selected, onSelect, onEnd, more, foot, empty, onActive, handle } = props;
  const t = useText({ en, ur });
  const id = useId();
  const scroller = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState<number | null>(null);
  const selects = selected !== undefined;
  const { columns, narrow } = useMemo(() => fit(all, width, selects), [all, width, selects]);
  const [active, setActive] = useState(-1);
  const names = useRef(rowKey);
  names.current = rowKey;
  // A function that stays the same: with a new one every place of a hundred thousand would be reckoned anew each frame.
  const itemKey = useCallback((i: number) => names.current(rows[i]!), [rows]);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => (narrow ? CARD : ROW),
    getItemKey: itemKey,
    overscan: 8,
  });
  const items = virtual.getVirtualItems();
  const last = items.at(-1)?.index ?? -1;

  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element) return;
    const observer = new ResizeObserver(() => setWidth(element.clientWidth));
    setWidth(element.clientWidth);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  useEffect(() => virtual.measure(), [narrow, virtual]);
  useEffect(() => {
    if (more && onEnd && last >= rows.length - 20) onEnd();
  }, [last, rows.length, more, onEnd]);

  const clamp = (i: number) => Math.min(rows.length - 1, Math.max(0, i));
  function go(to: number) {
    if (rows.length === 0) return;
    const next = clamp(to);
    setActive(next);
    onActive?.(rows[next]);
    virtual.scrollToIndex(next);
  }
  useImperativeHandle(handle, () => ({ focus: () => scroller.current?.focus(), move: (by) => go(active + by) }));

  function toggle(row: R) {
    if (!selected || !onSelect) return;
    const next = new Set(selected);
    if (!next.delete(rowKey(row))) next.add(rowKey(row));
    onSelect(next);
  }

  // What rows do, behind one object that stays the same, so that scrolling draws only rows that come into sight.
  const doing = useRef<Doing<R>>(null!);
  doing.current = {
    toggle, card, name: rowName,
    open: (row, index) => {
      setActive(index);
      onActive?.(row);
      onOpen?.(row);
    },
  };

  function onKey(event: KeyboardEvent) {
    if (event.target !== scroller.current || event.ctrlKey || event.metaKey || event.altKey) return;
    const row = rows[active];
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? ROW) / ROW) - 1);
    const moves: Record<string, number> = {
      ArrowDown: active + 1, j: active + 1, ArrowUp: active - 1, k: active - 1, PageDown: active + page, PageUp: active - page,
      Home: 0, End: rows.length - 1,
    };
    const to = moves[event.key];
    if (to !== undefined) go(to);
    else if (event.key === "Enter" && row !== undefined) onOpen?.(row);
    else if ((event.key === " " || event.key === "x") && row !== undefined && onSelect) toggle(row);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  const grid = `${selected ? "2.25rem " : ""}${columns.map((c) => c.width).join(" ")}`;
  const every = selected !== undefined && rows.length > 0 && rows.every((r) => selected.has(rowKey(r)));
  return (
    <div
      ref={scroller} className={cx(css.table, narrow && css.narrow)} role="grid" aria-label={label} aria-rowcount={more ? -1 : rows.length + 1}
      aria-multiselectable={selected ? true : undefined} tabIndex={0} onKeyDown={onKey} style={{ "--grid": grid } as React.CSSProperties}
      aria-activedescendant={active >= 0 && active < rows.length ? `${id}-${active}` : undefined}
    >
      <div role="row" aria-rowindex={1} className={css.head}>
        {selected && onSelect ? (
          <span role="columnheader" className={css.tick}>
            <Checkbox
              label={t.selectAll} isSelected={every} isIndeterminate={!every && selected.size > 0} excludeFromTabOrder
              onChange={(on) => onSelect(new Set(on ? rows.map(rowKey) : []))}
            />
          </span>
        ) : null}
        {columns.map((c) => <span key={c.id} role="columnheader" className={cx(css.name, c.end && css.end)}>{c.name}</span>)}
      </div>
      {rows.length === 0 ? <div role="row" className={css.none}><div role="gridcell">{empty}</div></div> : null}
      <div role="presentation" className={css.space} style={{ blockSize: virtual.getTotalSize() }}>
        {items.map((item) => {
          const row = rows[item.index]!;
          const key = rowKey(row);
          return (
            <Row
              key={item.key} id={`${id}-${item.index}`} index={item.index} row={row} top={item.start} columns={columns} narrow={narrow} selects={selects}
              chosen={selected?.has(key) ?? false} active={item.index === active} mark={mark?.(row)} opens={onOpen !== undefined} doing={doing}
              measure={narrow ? virtual.measureElement : undefined}
            />
          );
        })}
      </div>
      {foot ? <div role="row" className={css.foot}><div role="gridcell">{foot}</div></div> : null}
    </div>
  );
}

interface Doing<R> {
  toggle: (row: R) => void;
  open: (row: R, index: number) => void;
  card: (row: R) => ReactNode;
  name: (row: R) => string;
}

interface RowProps<R> {
  id: string;
  index: number;
  row: R;
  top: number;
  columns: Column<R>[];
  narrow: boolean;
  selects: boolean;
  chosen: boolean;
  active: boolean;
  mark: "new" | "changed" | undefined;
  opens: boolean;
  doing: { readonly current: Doing<R> };
  measure: ((element: Element | null) => void) | undefined;
}

function PlainRow<R>({ id, index, row, top, columns, narrow, selects, chosen, active, mark, opens, doing, measure }: RowProps<R>) {
  const t = useText({ en, ur });
  return (
    <div
      id={id} role="row" aria-rowindex={index + 2} aria-selected={selects ? chosen : undefined} ref={measure} data-index={index} data-mark={mark}
      className={cx(css.row, narrow && css.asCard, opens && css.opens, active && css.active, chosen && css.chosen)} style={{ transform: `translateY(${top}px)` }}
      onClick={(event) => {
        if (!(event.target as HTMLElement).closest("a,button,input,label")) doing.current.open(row, index);
      }}
    >
      {selects ? (
        <span role="gridcell" className={css.tick}>
          <input
            type="checkbox" className={css.box} aria-label={t.selectRow(doing.current.name(row))} checked={chosen} tabIndex={-1}
            onChange={() => doing.current.toggle(row)}
          />
        </span>
      ) : null}
      {narrow ? <div role="gridcell" className={css.card}>{doing.current.card(row)}</div>
        : columns.map((c) => <span key={c.id} role="gridcell" className={cx(css.cell, c.end && css.end)}>{c.cell(row)}</span>)}
    </div>
  );
}

const Row = memo(PlainRow) as typeof PlainRow;
