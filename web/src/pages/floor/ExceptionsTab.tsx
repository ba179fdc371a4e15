import { TriangleAlert } from "lucide-react";
import { useState } from "react";
import { type Schema, useList, useSend } from "@/api/react";
import { useMay } from "@/app/session";
import { useText } from "@/i18n";
import { en } from "@/i18n/en/floor";
import { ur } from "@/i18n/ur/floor";
import { Badge, Button, Card, Empty, Field, Ltr, toast, When } from "@/ui";
import { FormDialog, refusedAt } from "@/ui/FormDialog";
import { useCodes } from "./codes";
import css from "./floor.module.css";
import { PATHS, SLOW } from "./live";
import { useOperatorNames } from "./names";
import { About, More, Waiting } from "./parts";

type Exception = Schema["ExceptionView"];

/** Disagreements between floor and books, until somebody looked. */
export function ExceptionsTab({ code }: { code: string }) {
  const t = useText({ en, ur });
  const may = useMay()("floor.run");
  const says = useCodes();
  const name = useOperatorNames(code);
  const [open, setOpen] = useState<Exception | null>(null);
  const query = useList(PATHS.exceptions, { path: { code } }, { limit: 200, every: SLOW });
  return (
    <div className={css.stack}>
      <p className={css.hint}>{t.exceptionText}</p>
      <Waiting query={query} />
      {query.data && query.rows.length === 0 ? <Empty icon={<TriangleAlert aria-hidden />} title={t.noExceptions}>{t.noExceptionsText}</Empty> : null}
      {query.rows.length > 0 ? (
        <Card flush>
          <ul className={css.list} aria-label={t.exceptions}>
            {query.rows.map((row) => (
              <li key={row.exception} className={css.item}>
                <div>
                  <p><strong dir="auto">{says(row.code, row.text)}</strong> {row.offline ? <Badge tone="warn">{t.offline}</Badge> : null}</p>
                  <About about={row.about} />
                  <p className={css.hint}><bdi>{name(row.operator)}</bdi> · <Ltr mono>{row.device}</Ltr> · <When at={row.performed_at} as="dateTime" /></p>
                </div>
                {may ? <Button small onPress={() => setOpen(row)}>{t.resolve}</Button> : null}
              </li>
            ))}
          </ul>
          <More query={query} />
        </Card>
      ) : null}
      {open ? <ResolveDialog code={code} exception={open} close={() => setOpen(null)} /> : null}
    </div>
  );
}

function ResolveDialog({ code, exception, close }: { code: string; exception: Exception; close: () => void }) {
  const t = useText({ en, ur });
  const says = useCodes();
  const [note, setNote] = useState("");
  const send = useSend("post", `${PATHS.exceptions}/{exception}/resolve`, { refresh: [PATHS.exceptions] });
  const submit = () =>
    send.mutate({ path: { code, exception: exception.exception }, body: { note } }, { onSuccess: () => { toast.good(t.resolved); close(); } });
  return (
    <FormDialog open onClose={close} title={t.resolveTitle} text={says(exception.code, exception.text)} submit={t.resolve} busy={send.isPending} error={send.error} onSubmit={submit} blocked={note.trim() === ""}>
      <About about={exception.about} />
      <Field label={t.note} value={note} onChange={setNote} rows={2} isRequired autoFocus maxLength={500} error={refusedAt(send.error, "/note")} />
    </FormDialog>
  );
}
