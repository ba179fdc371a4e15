/** Looking after a thread: taking it, handing it on, being done with it, noting a call. */
import { CircleCheck, Phone, UserRoundCheck, UserRoundPlus } from "lucide-react";
import { useState } from "react";
import { useGet, useSend } from "@/api/react";
import { useMay, useMe } from "@/app/session";
import { useText } from "@/i18n";
import { en } from "@/i18n/en/messages";
import { ur } from "@/i18n/ur/messages";
import { Button, Select, toast } from "@/ui";
import { FormDialog, refusedAt } from "@/ui/FormDialog";
import { CallDialog } from "./CallDialog";
import { THREAD_PATHS } from "./data";
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
