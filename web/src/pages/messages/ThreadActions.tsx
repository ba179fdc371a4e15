/** Looking after a thread: taking it, handing it on, being done with it, noting a call. */
import { CircleCheck, Phone, UserRoundCheck, UserRoundPlus } from "lucide-react";
import { useState } from "react";
import { useGet, useSend } from "@/api/react";
import { useMay, useMe } from "@/app/session";
import { useText } from "@/i18n";
import { en } from "@/i18n/en/messages";
import { ur } from "@/i18n/ur/messages";
import { Button, Field, RadioChoice, Select, toast } from "@/ui";
import { FormDialog, refusedAt } from "@/ui/FormDialog";
import { THREAD_PATHS } from "./data";
import { useSays } from "./parts";
import type { Conversation } from "./types";

type Open = "assign" | "call" | null;

export function ThreadActions({ of }: { of: Conversation }) {
  const t = useText({ en, ur });
  const me = useMe();
  const may = useMay()("messages.write");
  const [open, setOpen] = useState<Open>(null);
  const assign = useAssign();
  const resolve = useSend("post", "/api/v1/conversations/{id}/resolve", { refresh: THREAD_PATHS });
  if (!may) return null;
  const mine = of.assigned_to === me.id;
  const done = () => resolve.mutate({ path: { id: of.id } }, { onSuccess: () => toast.good(t.resolved), onError: toast.problem });
  const take = () => assign.mutate({ path: { id: of.id }, body: { user_id: me.id } }, { onSuccess: () => toast.good(t.assigned), onError: toast.problem });
  return (
    <>
      {mine ? null : <Button icon={<UserRoundCheck aria-hidden />} busy={assign.isPending} onPress={take}>{t.assignMe}</Button>}
      <Button icon={<UserRoundPlus aria-hidden />} onPress={() => setOpen("assign")}>{t.assign}</Button>
      <Button icon={<Phone aria-hidden />} onPress={() => setOpen("call")}>{t.recordCall}</Button>
      {of.needs_agent ? <Button look="primary" icon={<CircleCheck aria-hidden />} busy={resolve.isPending} onPress={done}>{t.resolve}</Button> : null}
      {open === "assign" ? <AssignDialog of={of} close={() => setOpen(null)} /> : null}
      {open === "call" ? <CallDialog of={of} close={() => setOpen(null)} /> : null}
    </>
  );
}

function useAssign() {
  return useSend("post", "/api/v1/conversations/{id}/assign", { refresh: THREAD_PATHS });
}

const WRITERS = ["admin", "sales_manager", "customer_service"];
const ANYBODY = "-";

/** Only who manages users knows their names; others hand a thread to themselves or back to all. */
function AssignDialog({ of, close }: { of: Conversation; close: () => void }) {
  const t = useText({ en, ur });
  const me = useMe();
  const may = useMay()("users.manage");
  const users = useGet("/api/v1/users", { query: { limit: 200 } }, { enabled: may });
  const others = (users.data?.items ?? []).filter((user) => user.id !== me.id && user.roles.some((role) => WRITERS.includes(role)));
  const [to, setTo] = useState(of.assigned_to ?? ANYBODY);
  const send = useAssign();
  const options = [{ id: ANYBODY, label: t.anybody }, { id: me.id, label: t.me }, ...others.map((user) => ({ id: user.id, label: user.name }))];
  const known = options.some((one) => one.id === to);
  const submit = () =>
    send.mutate({ path: { id: of.id }, body: { user_id: to === ANYBODY ? null : to } }, { onSuccess: () => { toast.good(t.assigned); close(); } });
  return (
    <FormDialog open onClose={close} title={t.assignTitle} submit={t.assign} busy={send.isPending} error={send.error} onSubmit={submit} blocked={!known}>
      <Select label={t.assignTo} value={known ? to : null} placeholder={t.colleague} onChange={setTo} options={options} error={refusedAt(send.error, "/user_id")} />
    </FormDialog>
  );
}

const OUTCOMES = ["confirmed", "declined", "no_answer", "other"];
const NONE = "-";

function CallDialog({ of, close }: { of: Conversation; close: () => void }) {
  const t = useText({ en, ur });
  const says = useSays();
  const open = of.questions.filter((one) => one.state === "open");
  const [outcome, setOutcome] = useState("no_answer");
  const [note, setNote] = useState("");
  const [question, setQuestion] = useState((open.find((one) => one.call) ?? open[0])?.id ?? NONE);
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
