import { useState } from "react";
import { useSend } from "@/api/react";
import { useText } from "@/i18n";
import { en } from "@/i18n/en/messages";
import { ur } from "@/i18n/ur/messages";
import { Field, RadioChoice, Select, toast } from "@/ui";
import { FormDialog, refusedAt } from "@/ui/FormDialog";
import { THREAD_PATHS } from "./data";
import { useSays } from "./parts";
import type { Conversation } from "./types";

const OUTCOMES = ["confirmed", "declined", "no_answer", "other"];
const NONE = "-";

export interface CallDialogProps {
  of: Conversation;
  /** The order that is looked at; its question comes first. */
  order?: string;
  close: () => void;
}

/** Notes what came of a call. A yes or no answers the question that was called about. */
export function CallDialog({ of, order, close }: CallDialogProps) {
  const t = useText({ en, ur });
  const says = useSays();
  const open = of.questions.filter((one) => one.state === "open");
  const likely = open.find((one) => one.order_id === order) ?? open.find((one) => one.call) ?? open[0];
  const [outcome, setOutcome] = useState("no_answer");
  const [note, setNote] = useState("");
  const [question, setQuestion] = useState(likely?.id ?? NONE);
  const send = useSend("post", "/api/v1/conversations/{id}/calls", { refresh: THREAD_PATHS });
  const body = { outcome, note: note.trim(), question_id: question === NONE ? null : question };
  const submit = () => send.mutate({ path: { id: of.id }, body }, { onSuccess: () => { toast.good(t.callNoted); close(); } });
  const options = [...open.map((one) => ({ id: one.id, label: `${says("about", one.about)} · ${one.number}` })), { id: NONE, label: t.noQuestion }];
  return (
    <FormDialog open onClose={close} title={t.callTitle} submit={t.recordCall} busy={send.isPending} error={send.error} onSubmit={submit}>
      <RadioChoice label={t.callOutcome} value={outcome} onChange={setOutcome} options={OUTCOMES.map((id) => ({ id, label: says("outcome", id) }))} />
      {open.length > 0 ? <Select label={t.callQuestion} value={question} onChange={setQuestion} options={options} error={refusedAt(send.error, "/question_id")} /> : null}
      <Field label={t.callNote} value={note} onChange={setNote} rows={3} maxLength={1000} error={refusedAt(send.error, "/note")} />
    </FormDialog>
  );
}
