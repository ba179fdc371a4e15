/** One document: what was expected, what came, who works on it. */
import { Pencil, Printer } from "lucide-react";
import { useState } from "react";
import { type Schema, useGet } from "@/api/react";
import { usePathParams } from "@/app/nav";
import { useMay } from "@/app/session";
import { useText } from "@/i18n";
import { en } from "@/i18n/en/floor";
import { ur } from "@/i18n/ur/floor";
import { openFile } from "@/pages/parts/print";
import { useWarehouse } from "@/pages/parts/warehouse";
import { Badge, Button, Card, cx, ErrorPanel, Facts, Ltr, Num, Page, Skeleton, Table, type TableColumn } from "@/ui";
import { AnnounceDialog } from "./AnnounceDialog";
import css from "./floor.module.css";
import { PATHS } from "./live";
import { Progress } from "./parts";
import { Received, ReceiptState } from "./ReceiptsTab";

type Line = Schema["ReceiptLine"];

export default function ReceiptPage() {
  const t = useText({ en, ur });
  const may = useMay();
  const { warehouse: code, receipt } = usePathParams<{ warehouse: string; receipt: string }>();
  useWarehouse(code);
  const [changing, setChanging] = useState(false);
  const query = useGet(PATHS.receipt, { path: { code, receipt } }, { every: 4_000 });
  const doc = query.data;
  // With every unit that comes, plates are asked for anew.
  const units = doc?.lines.reduce((sum, line) => sum + (line.received ?? 0), 0) ?? 0;
  const columns: TableColumn<Line>[] = [
    { id: "sku", name: t.sku, cell: (line) => <Ltr mono>{line.sku}</Ltr> },
    ...(doc?.kind === "blind" ? [] : [{ id: "expected", name: t.expected, end: true, cell: (line: Line) => <Num value={line.expected} /> }]),
    { id: "received", name: t.received, end: true, cell: (line) => <span className={cx(doc?.kind !== "blind" && (line.received ?? 0) > line.expected && css.over)}><Num value={line.received ?? 0} /></span> },
    ...(doc?.kind === "blind" ? [] : [{ id: "progress", name: t.progressColumn, wide: true, cell: (line: Line) => <Progress done={line.received ?? 0} all={line.expected} /> }]),
  ];
  return (
    <Page
      title={<Ltr mono>{receipt}</Ltr>} name={receipt} up={{ to: `/floor?w=${encodeURIComponent(code)}&tab=receipts`, label: `${t.tabs.receipts} · ${code}` }}
      beside={doc ? <ReceiptState receipt={doc} /> : null}
      actions={doc && !doc.closed && doc.kind !== "blind" && may("floor.run") ? <Button icon={<Pencil aria-hidden />} onPress={() => setChanging(true)}>{t.change}</Button> : null}
    >
      {query.isPending ? <Skeleton lines={6} /> : null}
      {query.error && !doc ? <ErrorPanel error={query.error} onRetry={() => void query.refetch()} /> : null}
      {doc ? (
        <div className={css.columns}>
          {doc.lines.length > 0 || doc.plates.length === 0 ? (
            <Card title={t.lines} flush>
              {doc.lines.length === 0 ? <p className={css.pad}>{t.nothingYet}</p> : <Table label={t.lines} columns={columns} rows={doc.lines} rowKey={(line) => `${line.line}/${line.sku}`} />}
            </Card>
          ) : null}
          <div className={css.stack}>
            <Card>
              <Facts
                facts={[
                  [t.kind, t.receiptKinds[doc.kind] ?? doc.kind],
                  [t.received, <Received key="received" receipt={doc} />],
                  [t.dock, doc.dock ? <Ltr key="dock" mono>{doc.dock}</Ltr> : null],
                  [t.workedBy, doc.devices.length > 0 ? <span key="by" className={css.badges}>{doc.devices.map((device) => <Badge key={device}><Ltr mono>{device}</Ltr></Badge>)}</span> : null],
                  [t.exclusive, doc.exclusive ? "✓" : null],
                ]}
              />
            </Card>
            {doc.plates.length > 0 ? (
              <Card title={t.plates} flush>
                <ul className={css.list}>
                  {doc.plates.map((plate) => <AnnouncedPlate key={`${plate}/${units}`} code={code} plate={plate} />)}
                </ul>
              </Card>
            ) : null}
          </div>
        </div>
      ) : null}
      {changing && doc ? <AnnounceDialog code={code} receipt={doc} close={() => setChanging(false)} /> : null}
    </Page>
  );
}

/** A plate that was announced: the floor knows it once it came, and only then its label can be printed again. */
function AnnouncedPlate({ code, plate }: { code: string; plate: string }) {
  const t = useText({ en, ur });
  const may = useMay();
  const { data, error } = useGet("/api/v1/warehouses/{code}/plates/{plate}", { path: { code, plate } });
  return (
    <li className={css.item}>
      <Ltr mono>{plate}</Ltr>
      {error?.status === 404 ? <Badge>{t.awaited}</Badge> : null}
      {data && may("floor.work") ? (
        <Button small icon={<Printer aria-hidden />} onPress={() => void openFile("/api/v1/warehouses/{code}/plates/{plate}/label.pdf", { code, plate }, `plate-${plate}.pdf`)}>{t.label}</Button>
      ) : null}
    </li>
  );
}
