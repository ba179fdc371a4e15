/**
 * A short table that becomes a list of cards on phones: the first column heads the card, the others are named values.
 * Columns marked `wide` are left out there, and so are the names of columns that need none.
 */
import { cx } from "./cx";
import css from "./Rows.module.css";
import { Table, type TableColumn, type TableProps } from "./Table";
import { useNarrow } from "./useNarrow";

export interface RowsColumn<R> extends TableColumn<R> {
  /** Buttons and the like: drawn at the card's foot, without a name. */
  actions?: boolean;
}

export interface RowsProps<R> extends Omit<TableProps<R>, "columns" | "foot"> {
  columns: RowsColumn<R>[];
  /** Widest window in which it is cards, for tables that need more room than most. */
  until?: string;
}

export function Rows<R>({ label, columns, rows, rowKey, mark, until = "40rem" }: RowsProps<R>) {
  const narrow = useNarrow(until);
  if (!narrow) return <Table label={label} columns={columns} rows={rows} rowKey={rowKey} mark={mark} />;
  const [first, ...rest] = columns.filter((column) => !column.wide);
  return (
    <ul aria-label={label} className={css.list}>
      {rows.map((row) => (
        <li key={rowKey(row)} data-mark={mark?.(row)} className={css.card}>
          <div className={css.head}>{first?.cell(row)}</div>
          <dl className={css.values}>
            {rest.filter((column) => !column.actions).map((column) => (
              <div key={column.id} className={cx(css.value)}><dt>{column.name}</dt><dd>{column.cell(row)}</dd></div>
            ))}
          </dl>
          {rest.filter((column) => column.actions).map((column) => <div key={column.id} className={css.actions}>{column.cell(row)}</div>)}
        </li>
      ))}
    </ul>
  );
}
