import { PackageOpen, Plus } from "lucide-react";
import { useState } from "react";
import { type Schema, useList } from "@/api/react";
import { Link, useSearch, useSetSearch } from "@/app/nav";
import { useMay } from "@/app/session";
import { useFormat, useText } from "@/i18n";
import { en } from "@/i18n/en/floor";
import { ur } from "@/i18n/ur/floor";
import { Badge, Button, Card, Empty, Ltr, Num, Select, Toolbar } from "@/ui";
import { Rows, type RowsColumn } from "@/ui/Rows";
import css from "./floor.module.css";
import { PATHS, SLOW } from "./live";
import { More, Progress, Waiting } from "./parts";
import { AnnounceDialog } from "./AnnounceDialog";

type Receipt = Schema["ReceiptView"];

export const expectedOf = (receipt: Receipt) => receipt.lines.reduce((sum, line) => sum + line.expected, 0);
export const receivedOf = (receipt: Receipt) => receipt.lines.reduce((sum, line) => sum + (line.received ?? 0), 0);

/** Goods that are expected or being received. */
export function ReceiptsTab({ code }: { code: string }) {
  const t = useText({ en, ur });
  const may = useMay()("floor.run");
  const { closed = "" } = useSearch();
  const setSearch = useSetSearch();
  const [announcing, setAnnouncing] = useState(false);
  const query = useList(PATHS.receipts, { path: { code }, query: { closed: closed === "yes" } }, { keep: true, every: SLOW });
  const columns: RowsColumn<Receipt>[] = [
    { id: "receipt", name: t.receipt, cell: (row) => <Link to={`/floor/${encodeURIComponent(code)}/receipts/${encodeURIComponent(row.receipt)}`}><Ltr mono>{row.receipt}</Ltr></Link> },
    { id: "kind", name: t.kind, cell: (row) => t.receiptKinds[row.kind] ?? row.kind },
    { id: "progress", name: t.received, cell: (row) => <Received receipt={row} /> },
    { id: "dock", name: t.dock, wide: true, cell: (row) => <Ltr mono>{row.dock ?? "–"}</Ltr> },
    { id: "state", name: t.state, cell: (row) => <ReceiptState receipt={row} /> },
  ];
  return (
    <div className={css.stack}>
      <Toolbar label={t.receipts}>
        <Select label={t.state} hideLabel value={closed === "yes" ? "yes" : "no"} onChange={(value) => setSearch({ closed: value === "yes" ? "yes" : "" })} options={[{ id: "no", label: t.openReceipts }, { id: "yes", label: t.closedReceipts }]} />
        {may ? <Button look="primary" icon={<Plus aria-hidden />} onPress={() => setAnnouncing(true)}>{t.announce}</Button> : null}
      </Toolbar>
      <Waiting query={query} />
      {query.data && query.rows.length === 0 ? <Empty icon={<PackageOpen aria-hidden />} title={t.noReceipts}>{t.noReceiptsText}</Empty> : null}
      {query.rows.length > 0 ? <Card flush><Rows label={t.receipts} columns={columns} rows={query.rows} rowKey={(row) => row.receipt} /><More query={query} /></Card> : null}
      {announcing ? <AnnounceDialog code={code} receipt={null} close={() => setAnnouncing(false)} /> : null}
    </div>
  );
}

/** A blind receipt has no expectation, and plates tell theirs to scanners: there only what came is told. */
export function Received({ receipt }: { receipt: Receipt }) {
  const t = useText({ en, ur });
  const format = useFormat();
  if (receipt.plates.length > 0 && expectedOf(receipt) === 0) return <>{t.platesOf(format.number(receipt.plates.length))} · {t.unitsCame(format.number(receivedOf(receipt)))}</>;
  if (receipt.kind === "blind") return <Num value={receivedOf(receipt)} />;
  return <Progress done={receivedOf(receipt)} all={expectedOf(receipt)} />;
}

export function ReceiptState({ receipt }: { receipt: Receipt }) {
  const t = useText({ en, ur });
  if (receipt.closed) return <Badge tone="good">{t.closed}</Badge>;
  return receipt.devices.length > 0 || receivedOf(receipt) > 0 ? <Badge tone="info">{t.inProgress}</Badge> : <Badge>{t.open}</Badge>;
}
