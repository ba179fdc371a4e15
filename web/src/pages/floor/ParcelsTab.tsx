import { Package } from "lucide-react";
import { useList } from "@/api/react";
import { Link, useSearch, useSetSearch } from "@/app/nav";
import { useText, useWords } from "@/i18n";
import { en } from "@/i18n/en/floor";
import { ur } from "@/i18n/ur/floor";
import type { Schema } from "@/api/react";
import { Badge, Card, Empty, Ltr, Select, Toolbar, type Tone } from "@/ui";
import { Rows, type RowsColumn } from "@/ui/Rows";
import css from "./floor.module.css";
import { PATHS, SLOW, useWork } from "./live";
import { useOperatorNames } from "./names";
import { More, OrderLink, Progress, Waiting } from "./parts";

type Parcel = Schema["ParcelView"];
const STATES = ["planned", "queued", "picking", "picked", "packed", "booked", "handed_over"] as const;
const TONE: Record<string, Tone> = { queued: "warn", picking: "info", picked: "info", packed: "accent", booked: "accent", handed_over: "good" };

export function ParcelState({ state }: { state: string }) {
  const words = useWords();
  return <Badge tone={TONE[state]}>{words("parcel", state)}</Badge>;
}

/** Every parcel on the floor, with a way into each. */
export function ParcelsTab({ code }: { code: string }) {
  const t = useText({ en, ur });
  const words = useWords();
  const { state = "" } = useSearch();
  const setSearch = useSetSearch();
  const view = useWork(code);
  const query = useList(PATHS.parcels, { path: { code }, query: { state } }, { keep: true, every: SLOW });
  const columns = useColumns(code);
  return (
    <div className={css.stack}>
      <Toolbar label={t.stateFilter}>
        <Select label={t.stateFilter} hideLabel value={state} onChange={(value) => setSearch({ state: value })} options={[{ id: "", label: t.allStates }, ...STATES.map((id) => ({ id: id as string, label: words("parcel", id) }))]} />
      </Toolbar>
      <Waiting query={query} />
      {query.data && query.rows.length === 0 ? <Empty icon={<Package aria-hidden />} title={state ? t.nothing : t.noParcels}>{state ? null : t.noParcelsText}</Empty> : null}
      {query.rows.length > 0 ? (
        <Card flush>
          <Rows label={t.parcels} columns={columns} rows={query.rows} rowKey={(row) => `${row.order}/${row.number}`} mark={(row) => view.rows.get(`${row.order}/${row.number}`)?.mark} />
          <More query={query} />
        </Card>
      ) : null}
    </div>
  );
}

function useColumns(code: string): RowsColumn<Parcel>[] {
  const t = useText({ en, ur });
  const name = useOperatorNames(code);
  return [
    {
      id: "parcel", name: t.parcel,
      cell: (row) => <Link className={css.whole} to={`/floor/${encodeURIComponent(code)}/parcels/${row.order}/${row.number}`}>{t.parcelOf(row.number)}</Link>,
    },
    { id: "order", name: t.order, cell: (row) => <OrderLink id={row.order} code={code} /> },
    { id: "state", name: t.state, cell: (row) => <span className={css.badges}><ParcelState state={row.state} />{row.held ? <Badge tone="bad">{t.held}</Badge> : null}</span> },
    { id: "method", name: t.method, wide: true, cell: (row) => t.methods[row.method] ?? row.method },
    { id: "picked", name: t.picked, cell: (row) => <Progress done={row.lines.reduce((sum, line) => sum + line.picked, 0)} all={row.lines.reduce((sum, line) => sum + line.quantity, 0)} /> },
    { id: "picker", name: t.picker, wide: true, cell: (row) => (row.picker ? <bdi>{name(row.picker)}</bdi> : "–") },
    { id: "carrier", name: t.carrier, wide: true, cell: (row) => (row.carrier ? <><bdi>{row.carrier}</bdi><span className={css.note}><Ltr mono>{row.tracking}</Ltr></span></> : "–") },
  ];
}
