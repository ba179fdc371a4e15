import { Gavel } from "lucide-react";
import { useState } from "react";
import { type Schema, useList, useSend } from "@/api/react";
import { useMay, useMe } from "@/app/session";
import { useFormat, useText } from "@/i18n";
import { en } from "@/i18n/en/floor";
import { ur } from "@/i18n/ur/floor";
import { Button, Card, Empty, Field, Ltr, Table, type TableColumn, toast, When } from "@/ui";
import { FormDialog, refusedAt } from "@/ui/FormDialog";
import css from "./floor.module.css";
import { PATHS, SLOW } from "./live";
import { useOperatorNames } from "./names";
import { About, More, Waiting } from "./parts";

type Decision = Schema["FloorDecisionView"];
type Verdict = "approve" | "refuse";

/** Variances, over-receipts, late facts and incomplete loads that wait for a verdict. */
export function DecisionsTab({ code }: { code: string }) {
  const t = useText({ en, ur });
  const may = useMay()("floor.decide");
  const me = useMe();
  const name = useOperatorNames(code);
  const [open, setOpen] = useState<{ decision: Decision; verdict: Verdict } | null>(null);
  const query = useList(PATHS.decisions, { path: { code } }, { limit: 200, every: SLOW });
  return (
    <div className={css.stack}>
      <p className={css.hint}>{t.decisionsText}</p>
      <Waiting query={query} />
      {query.data && query.rows.length === 0 ? <Empty icon={<Gavel aria-hidden />} title={t.noDecisions}>{t.noDecisionsText}</Empty> : null}
      {query.rows.length > 0 ? (
        <Card flush>
          <ul className={css.list} aria-label={t.decisions}>
            {query.rows.map((row) => (
              <li key={row.decision} className={css.item}>
                <div>
                  <p><strong>{t.decisionKinds[row.kind] ?? row.kind}</strong></p>
                  <About about={row.about} />
                  <Deltas deltas={row.deltas} />
                  <p className={css.hint}><bdi>{name(row.operator)}</bdi> · <Ltr mono>{row.device}</Ltr> · <When at={row.performed_at} as="dateTime" /></p>
                </div>
                {may && row.operator !== me.id ? (
                  <span className={css.buttons}>
                    <Button small look="primary" onPress={() => setOpen({ decision: row, verdict: "approve" })}>{t.approve}</Button>
                    <Button small look="danger" onPress={() => setOpen({ decision: row, verdict: "refuse" })}>{t.refuse}</Button>
                  </span>
                ) : null}
              </li>
            ))}
          </ul>
          <More query={query} />
        </Card>
      ) : null}
      {open ? <VerdictDialog code={code} {...open} close={() => setOpen(null)} /> : null}
    </div>
  );
}

function Deltas({ deltas }: { deltas: Decision["deltas"] }) {
  const t = useText({ en, ur });
  const format = useFormat();
  if (deltas.length === 0) return null;
  const columns: TableColumn<Decision["deltas"][number]>[] = [
    { id: "sku", name: t.sku, cell: (row) => <Ltr mono>{row.sku}</Ltr> },
    { id: "lot", name: t.lot, cell: (row) => <Ltr mono>{row.lot ?? "–"}</Ltr> },
    { id: "delta", name: t.deltas, end: true, cell: (row) => <Ltr>{`${row.delta < 0 ? "−" : "+"}${format.number(Math.abs(row.delta))}`}</Ltr> },
  ];
  return <Table label={t.deltas} columns={columns} rows={deltas} rowKey={(row) => `${row.sku}/${row.lot ?? ""}`} />;
}

function VerdictDialog({ code, decision, verdict, close }: { code: string; decision: Decision; verdict: Verdict; close: () => void }) {
  const t = useText({ en, ur });
  const [reason, setReason] = useState("");
  const refresh = [PATHS.decisions, PATHS.counts, PATHS.exceptions, PATHS.receipts];
  const approve = useSend("post", `${PATHS.decisions}/{decision}/approve`, { refresh });
  const refuse = useSend("post", `${PATHS.decisions}/{decision}/refuse`, { refresh });
  const yes = verdict === "approve";
  const send = yes ? approve : refuse;
  const submit = () =>
    send.mutate({ path: { code, decision: decision.decision }, body: { reason } }, { onSuccess: () => { toast.good(yes ? t.approved : t.refused); close(); } });
  return (
    <FormDialog
      open onClose={close} title={yes ? t.approveTitle : t.refuseTitle} text={t.decisionKinds[decision.kind]} submit={yes ? t.approve : t.refuse}
      look={yes ? "primary" : "danger"} busy={send.isPending} error={send.error} onSubmit={submit} blocked={reason.trim() === ""}
    >
      <About about={decision.about} />
      <Deltas deltas={decision.deltas} />
      <Field label={t.reason} value={reason} onChange={setReason} isRequired autoFocus rows={2} maxLength={500} error={refusedAt(send.error, "/reason")} />
    </FormDialog>
  );
}
