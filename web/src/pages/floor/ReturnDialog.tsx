import { useState } from "react";
import { useSend } from "@/api/react";
import { useText } from "@/i18n";
import { en } from "@/i18n/en/floor";
import { ur } from "@/i18n/ur/floor";
import { Field, Ltr } from "@/ui";
import { FormDialog, refusedAt } from "@/ui/FormDialog";
import { WholeField } from "@/ui/WholeField";
import css from "./floor.module.css";
import { PATHS } from "./live";
import { type ActionProps, at, useDone } from "./ParcelActions";

/** Units of an undelivered parcel that came back, inspected (RET-05). They may come in parts. */
export function ReturnDialog({ parcel, close }: ActionProps) {
  const t = useText({ en, ur });
  const [lines, setLines] = useState(() => parcel.lines.map((line) => ({ line: line.line, sku: line.sku, good: 0, damaged: 0 })));
  const [reason, setReason] = useState("");
  const send = useSend("post", `${PATHS.parcel}/return`, { refresh: [PATHS.parcel, PATHS.parcels] });
  const done = useDone("return", close);
  const came = lines.filter((line) => line.good + line.damaged > 0);
  const damaged = came.some((line) => line.damaged > 0);
  const put = (index: number, part: { good?: number; damaged?: number }) => setLines((old) => old.map((line, at) => (at === index ? { ...line, ...part } : line)));
  const submit = () => {
    const body = { lines: came.map(({ line, good, damaged: broken }) => ({ line, good, damaged: broken })), reason: damaged ? reason : null };
    send.mutate({ path: at(parcel), body }, done);
  };
  return (
    <FormDialog
      open wide onClose={close} title={t.takeBack} text={t.returnText} submit={t.takeBack} busy={send.isPending} error={send.error} onSubmit={submit}
      blocked={came.length === 0 || (damaged && reason.trim() === "")}
    >
      {lines.map((line, index) => (
        <div key={line.line} className={css.row} role="group" aria-label={`${t.line} ${line.line}`}>
          <span className={css.name}><Ltr mono>{line.sku}</Ltr></span>
          <WholeField label={t.good} min={0} value={line.good} onChange={(good) => put(index, { good: good || 0 })} error={refusedAt(send.error, `/lines/${index}/good`)} />
          <WholeField label={t.damaged} min={0} value={line.damaged} onChange={(broken) => put(index, { damaged: broken || 0 })} error={refusedAt(send.error, `/lines/${index}/damaged`)} />
        </div>
      ))}
      {damaged ? <Field label={t.returnReason} value={reason} onChange={setReason} isRequired maxLength={500} error={refusedAt(send.error, "/reason")} /> : null}
    </FormDialog>
  );
}
