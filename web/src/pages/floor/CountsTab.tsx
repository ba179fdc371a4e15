import { ClipboardList, Plus } from "lucide-react";
import { useState } from "react";
import { type Schema, useList, useSend } from "@/api/react";
import { useMay } from "@/app/session";
import { useFormat, useText } from "@/i18n";
import { en } from "@/i18n/en/floor";
import { ur } from "@/i18n/ur/floor";
import { given } from "@/pages/parts/numbers";
import { Badge, Button, Card, Empty, Field, Ltr, toast, Toolbar } from "@/ui";
import { Rows, type RowsColumn } from "@/ui/Rows";
import { Fields, FormDialog, refusedAt } from "@/ui/FormDialog";
import { useCodes } from "./codes";
import css from "./floor.module.css";
import { PATHS, SLOW } from "./live";
import { More, Waiting } from "./parts";

type Count = Schema["CountTaskView"];

/** Counts that are not done, and having something counted. */
export function CountsTab({ code }: { code: string }) {
  const t = useText({ en, ur });
  const format = useFormat();
  const may = useMay()("floor.run");
  const says = useCodes();
  const [opening, setOpening] = useState(false);
  const query = useList(PATHS.counts, { path: { code } }, { limit: 200, every: SLOW });
  const columns: RowsColumn<Count>[] = [
    { id: "count", name: t.task, cell: (row) => <Ltr>#{row.count}</Ltr> },
    { id: "location", name: t.location, cell: (row) => <Ltr mono>{row.location}</Ltr> },
    { id: "sku", name: t.sku, cell: (row) => (row.sku ? <Ltr mono>{row.sku}</Ltr> : t.anySku) },
    { id: "state", name: t.state, cell: (row) => <Badge tone={row.state === "approval" ? "bad" : row.state === "recount" ? "warn" : "neutral"}>{t.countStates[row.state] ?? row.state}</Badge> },
    { id: "attempts", name: t.attempts, end: true, wide: true, cell: (row) => t.times(format.number(row.attempts)) },
    { id: "cause", name: t.cause, wide: true, cell: (row) => (row.cause ? says(row.cause) : t.planned) },
  ];
  return (
    <div className={css.stack}>
      {may ? <Toolbar label={t.counts}><Button look="primary" icon={<Plus aria-hidden />} onPress={() => setOpening(true)}>{t.openCount}</Button></Toolbar> : null}
      <Waiting query={query} />
      {query.data && query.rows.length === 0 ? <Empty icon={<ClipboardList aria-hidden />} title={t.noCounts}>{t.noCountsText}</Empty> : null}
      {query.rows.length > 0 ? <Card flush><Rows label={t.counts} columns={columns} rows={query.rows} rowKey={(row) => String(row.count)} /><More query={query} /></Card> : null}
      {opening ? <OpenDialog code={code} close={() => setOpening(false)} /> : null}
    </div>
  );
}

function OpenDialog({ code, close }: { code: string; close: () => void }) {
  const t = useText({ en, ur });
  const format = useFormat();
  const [location, setLocation] = useState("");
  const [sku, setSku] = useState("");
  const send = useSend("post", PATHS.counts, { refresh: [PATHS.counts] });
  const submit = () =>
    send.mutate(
      { path: { code }, body: { location: given(location) ?? null, sku: given(sku) ?? null } },
      { onSuccess: ({ data }) => { toast.good(t.counted(format.number(data.counts.length))); close(); } },
    );
  return (
    <FormDialog open onClose={close} title={t.countTitle} text={t.countText} submit={t.openCount} busy={send.isPending} error={send.error} onSubmit={submit} blocked={location.trim() + sku.trim() === ""}>
      <Fields>
        <Field label={t.location} ltr hint={t.anyLocation} value={location} onChange={setLocation} autoFocus error={refusedAt(send.error, "/location")} />
        <Field label={t.sku} ltr hint={t.anySku} value={sku} onChange={setSku} error={refusedAt(send.error, "/sku")} />
      </Fields>
    </FormDialog>
  );
}
