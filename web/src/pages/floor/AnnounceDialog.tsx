import { Plus, Trash2 } from "lucide-react";
import { useState } from "react";
import { type Schema, useSend } from "@/api/react";
import { useText } from "@/i18n";
import { en } from "@/i18n/en/floor";
import { ur } from "@/i18n/ur/floor";
import { Button, Checkbox, Field, IconButton, RadioChoice, toast } from "@/ui";
import { FormDialog, refusedAt } from "@/ui/FormDialog";
import { WholeField } from "@/ui/WholeField";
import css from "./floor.module.css";
import { PATHS } from "./live";
import { blank, body, complete, type Draft, type Goods, type Kind, KINDS, nextLine, NO_GOODS } from "./receipt";

type Receipt = Schema["ReceiptView"];

/** What is known of a document when it is changed; what stands on its plates is not told again, so they are named anew. */
function draftOf(receipt: Receipt): Draft {
  const lines = receipt.lines.map((line) => ({ line: line.line, sku: line.sku, expected: line.expected }));
  return { ...blank(), receipt: receipt.receipt, kind: receipt.kind as Kind, exclusive: receipt.exclusive, lines };
}

/** Announces goods, or changes what is expected. */
export function AnnounceDialog({ code, receipt, close }: { code: string; receipt: Receipt | null; close: () => void }) {
  const t = useText({ en, ur });
  const [draft, setDraft] = useState(() => (receipt ? draftOf(receipt) : blank()));
  const change = (part: Partial<Draft>) => setDraft((old) => ({ ...old, ...part }));
  const send = useSend("put", PATHS.receipt, { refresh: [PATHS.receipts, PATHS.receipt] });
  const submit = () =>
    send.mutate({ path: { code, receipt: draft.receipt.trim() }, body: body(draft) }, { onSuccess: () => { toast.good(t.announced); close(); } });
  return (
    <FormDialog
      open wide onClose={close} title={receipt ? t.changeTitle(receipt.receipt) : t.announceTitle} text={t.announceText} submit={receipt ? t.save : t.announce}
      busy={send.isPending} error={send.error} onSubmit={submit} blocked={!complete(draft)}
    >
      {receipt ? null : <Field label={t.receiptNumber} ltr hint={t.receiptHelp} value={draft.receipt} onChange={(value) => change({ receipt: value })} isRequired autoFocus error={refusedAt(send.error, "/receipt")} />}
      {receipt ? null : <RadioChoice label={t.kind} value={draft.kind} onChange={(kind) => change({ kind })} options={KINDS.map((id) => ({ id, label: t.receiptKinds[id] ?? id }))} />}
      <p className={css.hint}>{t.receiptKindHelp[draft.kind]}</p>
      {draft.kind === "order" ? <Lines draft={draft} change={change} /> : null}
      {draft.kind === "announced" ? <Plates draft={draft} change={change} /> : null}
      <Checkbox isSelected={draft.exclusive} onChange={(exclusive) => change({ exclusive })}>{t.exclusive}</Checkbox>
    </FormDialog>
  );
}

interface PartProps {
  draft: Draft;
  change: (part: Partial<Draft>) => void;
}

function Lines({ draft, change }: PartProps) {
  const t = useText({ en, ur });
  const { lines } = draft;
  const put = (index: number, part: Partial<Draft["lines"][number]>) => change({ lines: lines.map((old, at) => (at === index ? { ...old, ...part } : old)) });
  return (
    <>
      {lines.map((line, index) => (
        <div key={line.line} className={css.row} role="group" aria-label={`${t.line} ${line.line}`}>
          <Field label={t.sku} ltr value={line.sku} onChange={(sku) => put(index, { sku })} isRequired />
          <WholeField label={t.expected} min={1} value={line.expected} onChange={(expected) => put(index, { expected })} isRequired />
          <IconButton label={`${t.removeLine} ${line.line}`} isDisabled={lines.length === 1} onPress={() => change({ lines: lines.filter((_, at) => at !== index) })}><Trash2 aria-hidden /></IconButton>
        </div>
      ))}
      <div><Button small icon={<Plus aria-hidden />} onPress={() => change({ lines: [...lines, { line: nextLine(lines), sku: "", expected: NaN }] })}>{t.addLine}</Button></div>
    </>
  );
}

function Plates({ draft, change }: PartProps) {
  const t = useText({ en, ur });
  const { plates } = draft;
  const put = (index: number, part: Partial<Draft["plates"][number]>) => change({ plates: plates.map((old, at) => (at === index ? { ...old, ...part } : old)) });
  return (
    <>
      {plates.map((plate, index) => (
        <div key={index} className={css.group} role="group" aria-label={`${t.plate} ${index + 1}`}>
          <div className={css.row}>
            <Field label={t.plate} ltr value={plate.number} onChange={(number) => put(index, { number })} isRequired />
            <IconButton label={`${t.removeLine}: ${t.plate} ${index + 1}`} isDisabled={plates.length === 1} onPress={() => change({ plates: plates.filter((_, at) => at !== index) })}><Trash2 aria-hidden /></IconButton>
          </div>
          {plate.goods.map((goods, at) => (
            <GoodsRow
              key={at} goods={goods} put={(part) => put(index, { goods: plate.goods.map((old, here) => (here === at ? { ...old, ...part } : old)) })}
              drop={plate.goods.length > 1 ? () => put(index, { goods: plate.goods.filter((_, here) => here !== at) }) : undefined}
            />
          ))}
          <div><Button small icon={<Plus aria-hidden />} onPress={() => put(index, { goods: [...plate.goods, NO_GOODS] })}>{t.addGoods}</Button></div>
        </div>
      ))}
      <div><Button small icon={<Plus aria-hidden />} onPress={() => change({ plates: [...plates, { number: "", goods: [NO_GOODS] }] })}>{t.addPlate}</Button></div>
    </>
  );
}

function GoodsRow({ goods, put, drop }: { goods: Goods; put: (part: Partial<Goods>) => void; drop?: () => void }) {
  const t = useText({ en, ur });
  return (
    <div className={css.row}>
      <Field label={t.sku} ltr value={goods.sku} onChange={(sku) => put({ sku })} isRequired />
      <WholeField label={t.units} min={1} value={goods.units} onChange={(units) => put({ units })} isRequired />
      <Field label={t.lot} ltr value={goods.lot} onChange={(lot) => put({ lot })} />
      <Field label={t.expiry} ltr type="date" value={goods.expiry} onChange={(expiry) => put({ expiry })} />
      {drop ? <IconButton label={t.removeLine} onPress={drop}><Trash2 aria-hidden /></IconButton> : null}
    </div>
  );
}
