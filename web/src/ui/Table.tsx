/** A short table with everything drawn: lines of an order, rows of a ledger's page. Scrolls sideways if it must. */
import type { ReactNode } from "react";
import { cx } from "./cx";
import css from "./Table.module.css";

export interface TableColumn<R> {
  id: string;
  name: ReactNode;
  cell: (row: R) => ReactNode;
  end?: boolean;
  /** Left out on narrow screens. */
  wide?: boolean;
}

export interface TableProps<R> {
  label: string;
  columns: TableColumn<R>[];
  rows: readonly R[];
  rowKey: (row: R) => string;
  foot?: ReactNode;
  mark?: (row: R) => string | undefined;
}

export function Table<R>({ label, columns, rows, rowKey, foot, mark }: TableProps<R>) {
  return (
    <div className={css.scroll} role="region" aria-label={label} tabIndex={0}>
      <table className={css.table}>
        <caption className="hidden-visually">{label}</caption>
        <thead>
          <tr>{columns.map((c) => <th key={c.id} scope="col" className={cx(c.end && css.end, c.wide && css.wide)}>{c.name}</th>)}</tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={rowKey(row)} data-mark={mark?.(row)}>
              {columns.map((c) => <td key={c.id} className={cx(c.end && css.end, c.wide && css.wide)}>{c.cell(row)}</td>)}
            </tr>
          ))}
        </tbody>
        {foot ? <tfoot>{foot}</tfoot> : null}
      </table>
    </div>
  );
}
