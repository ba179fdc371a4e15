/** One parcel through picking, packing and leaving, with everything that may be done to it as it stands. */
import { Printer } from "lucide-react";
import { type Schema, useGet } from "@/api/react";
import { Link, usePathParams } from "@/app/nav";
import { useMay } from "@/app/session";
import { useFormat, useText } from "@/i18n";
import { en } from "@/i18n/en/floor";
import { ur } from "@/i18n/ur/floor";
import { openFile, saveFile } from "@/pages/parts/print";
import { useWarehouse } from "@/pages/parts/warehouse";
import { Badge, Button, buttonClass, Card, Empty, ErrorPanel, Facts, Ltr, Menu, Num, Page, Skeleton, Table, type TableColumn } from "@/ui";
import css from "./floor.module.css";
import { PATHS, SLOW, useWork } from "./live";
import { useOperatorNames } from "./names";
import { ParcelActions } from "./ParcelActions";
import { ParcelState } from "./ParcelsTab";
import { OrderLink, Progress } from "./parts";

type Parcel = Schema["ParcelView"];
type Line = Schema["ParcelLine"];

export default function ParcelPage() {
  const t = useText({ en, ur });
  const { warehouse: code, order, n } = usePathParams<{ warehouse: string; order: string; n: string }>();
  useWarehouse(code);
  useWork(code);
  const query = useGet(PATHS.parcel, { path: { code, order, n } }, { every: SLOW });
  const gone = query.error?.status === 404;
  const parcel = gone ? undefined : query.data;
  return (
    <Page
      title={t.parcelOf(Number(n))} name={t.parcelOf(Number(n))}
      up={{ to: `/floor?w=${encodeURIComponent(code)}&tab=parcels`, label: `${t.title} · ${code}` }}
      beside={parcel ? <><ParcelState state={parcel.state} />{parcel.held ? <Badge tone="bad">{t.held}</Badge> : null}</> : null}
      actions={parcel ? <><ParcelActions parcel={parcel} /><Prints parcel={parcel} /></> : null}
    >
      {query.isPending ? <Skeleton lines={8} /> : null}
      {gone ? <Empty title={t.gone} action={<Link className={buttonClass()} to={`/orders/${order}`}>{t.openOrder}</Link>}>{t.goneText}</Empty> : null}
      {query.error && !gone && !parcel ? <ErrorPanel error={query.error} onRetry={() => void query.refetch()} /> : null}
      {parcel ? <Shown parcel={parcel} /> : null}
    </Page>
  );
}

function Shown({ parcel }: { parcel: Parcel }) {
  const t = useText({ en, ur });
  const format = useFormat();
  const name = useOperatorNames(parcel.warehouse);
  const all = parcel.lines.reduce((sum, line) => sum + line.quantity, 0);
  const done = parcel.lines.reduce((sum, line) => sum + line.picked, 0);
  const columns: TableColumn<Line>[] = [
    { id: "sku", name: t.sku, cell: (line) => <Link to={`/stock/${encodeURIComponent(parcel.warehouse)}/item/${encodeURIComponent(line.sku)}`}><Ltr mono>{line.sku}</Ltr></Link> },
    { id: "quantity", name: t.quantity, end: true, cell: (line) => <Num value={line.quantity} /> },
    { id: "picked", name: t.picked, end: true, cell: (line) => <Num value={line.picked} /> },
    { id: "missing", name: t.missing, end: true, cell: (line) => (line.quantity > line.picked ? <strong><Num value={line.quantity - line.picked} /></strong> : "–") },
  ];
  return (
    <>
      {parcel.held ? <p className={css.notice} dir="auto">{t.held}: {parcel.held}</p> : null}
      <div className={css.columns}>
        <Card title={t.lines} flush><Table label={t.lines} columns={columns} rows={parcel.lines} rowKey={(line) => `${line.line}/${line.sku}`} /></Card>
        <Card>
          <Facts
            facts={[
              [t.order, <OrderLink key="order" id={parcel.order} code={parcel.warehouse} />],
              [t.method, t.methods[parcel.method] ?? parcel.method],
              [t.picked, <Progress key="picked" done={done} all={all} />],
              [t.picker, parcel.picker ? <bdi key="picker">{name(parcel.picker)}</bdi> : null],
              [t.weight, parcel.weight_grams == null ? null : t.grams(format.number(parcel.weight_grams))],
              [t.carrier, parcel.carrier ? <bdi key="carrier">{parcel.carrier}</bdi> : null],
              [t.tracking, parcel.tracking ? <Ltr key="tracking" mono>{parcel.tracking}</Ltr> : null],
            ]}
          />
        </Card>
      </div>
    </>
  );
}

const DPI = ["203", "300", "600"] as const;

function Prints({ parcel }: { parcel: Parcel }) {
  const t = useText({ en, ur });
  if (!useMay()("floor.work")) return null;
  const of = { code: parcel.warehouse, order: parcel.order, n: parcel.number };
  const name = `${parcel.order.slice(0, 8)}-${parcel.number}`;
  const pdf = (what: "pick-list" | "packing-slip" | "label") => () => void openFile(`${PATHS.parcel}/${what}.pdf`, of, `${what}-${name}.pdf`);
  return (
    <Menu
      label={t.prints}
      entries={[
        // Nobody walks for what is picked: there is no such list any more.
        ...(parcel.lines.some((line) => line.quantity > line.picked) ? [{ id: "pick", label: t.pickList, text: t.pickList, onAction: pdf("pick-list") }] : []),
        { id: "slip", label: t.slip, text: t.slip, onAction: pdf("packing-slip") },
        { id: "label", label: t.label, text: t.label, onAction: pdf("label") },
        null,
        ...DPI.map((dpi) => ({
          id: `zpl-${dpi}`, label: <>{t.labelZpl} <Ltr>{dpi} dpi</Ltr></>, text: `${t.labelZpl} ${dpi}`,
          onAction: () => void saveFile(`${PATHS.parcel}/label.zpl`, of, `label-${name}.zpl`, { query: { dpi } }),
        })),
      ]}
    >
      <Button icon={<Printer aria-hidden />}>{t.prints}</Button>
    </Menu>
  );
}
