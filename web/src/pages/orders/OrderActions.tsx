import { Ban, CircleCheck, EllipsisVertical, Link2, PackageOpen, Pause, Pencil, Printer, Send, Undo2 } from "lucide-react";
import { type ReactNode, useState } from "react";
import { useSend } from "@/api/react";
import { useGo } from "@/app/nav";
import { useMay } from "@/app/session";
import { useShortcuts } from "@/app/shortcuts";
import { useText, useWords } from "@/i18n";
import { en } from "@/i18n/en/order";
import { en as enUi } from "@/i18n/en/ui";
import { ur } from "@/i18n/ur/order";
import { ur as urUi } from "@/i18n/ur/ui";
import { Button, Field, IconButton, Menu, type MenuEntry, Select, toast } from "@/ui";
import { FormDialog } from "@/ui/FormDialog";
import { CancelDialog } from "./CancelDialog";
import { cancelable } from "./stages";
import { TrackingDialog } from "./TrackingDialog";
import type { Order } from "./useOrder";

type Asked = "hold" | "cancel" | "withdraw" | "link" | null;
const REFRESH = { refresh: ["/api/v1/orders/{id}", "/api/v1/orders"] };

/** What can be done with the order now: what its state and the person's role allow. */
export function OrderActions({ order }: { order: Order }) {
  const t = useText({ en, ur });
  const ui = useText({ en: enUi, ur: urUi });
  const may = useMay();
  const go = useGo();
  const [asked, setAsked] = useState<Asked>(null);
  const submit = useSend("post", "/api/v1/orders/{id}/submit", REFRESH);
  const confirm = useSend("post", "/api/v1/orders/{id}/confirm", REFRESH);
  const release = useSend("post", "/api/v1/orders/{id}/release", REFRESH);
  const can = (action: string, permission: string) => order.next_actions.includes(action) && may(permission);
  const run = (what: typeof submit, word: string) => what.mutate({ path: { id: order.id } }, { onSuccess: () => toast.good(word), onError: toast.problem });
  const editable = can("EditDraft", "orders.write") || can("ProposeChange", "orders.write");
  const open = !["delivered", "returned", "canceled", "rejected", "expired", "discarded"].includes(order.status);
  const canCancel = open && may("orders.write") && order.lines.some((l) => cancelable(l.quantities) > 0);
  const canRelease = can("ReleaseUnits", "orders.release") && order.lines.some((l) => l.quantities.allocated > 0);
  const edit = () => go(`/orders/${order.id}/edit`);
  useShortcuts(editable ? [{ keys: "e", label: { en: en.actions.edit, ur: ur.actions.edit }, run: edit }] : []);

  const entry = (id: string, text: string, icon: ReactNode, onAction: () => void, danger = false): MenuEntry => ({ id, text, label: text, icon, onAction, danger });
  const entries: (MenuEntry | null)[] = [
    ...(editable ? [entry("edit", t.actions.edit, <Pencil aria-hidden />, edit)] : []),
    ...(can("PlaceHold", "orders.hold") ? [entry("hold", t.actions.hold, <Pause aria-hidden />, () => setAsked("hold"))] : []),
    ...(can("WithdrawSubmission", "orders.write") ? [entry("withdraw", t.actions.withdraw, <Undo2 aria-hidden />, () => setAsked("withdraw"))] : []),
    ...(order.placed_at && may("orders.write") ? [entry("link", t.actions.link, <Link2 aria-hidden />, () => setAsked("link"))] : []),
    entry("print", t.print, <Printer aria-hidden />, () => window.print()),
    ...(canCancel ? [null, entry("cancel", t.actions.cancel, <Ban aria-hidden />, () => setAsked("cancel"), true)] : []),
  ];
  const close = () => setAsked(null);
  return (
    <>
      {can("SubmitOrder", "orders.write") ? <Button look="primary" icon={<Send aria-hidden />} busy={submit.isPending} onPress={() => run(submit, t.done.submit)}>{t.actions.submit}</Button> : null}
      {can("ConfirmOrder", "orders.write") ? <Button look="primary" icon={<CircleCheck aria-hidden />} busy={confirm.isPending} onPress={() => run(confirm, t.done.confirm)}>{t.actions.confirm}</Button> : null}
      {canRelease ? <Button icon={<PackageOpen aria-hidden />} busy={release.isPending} onPress={() => run(release, t.done.release)}>{t.actions.release}</Button> : null}
      <Menu label={ui.moreActions} entries={entries}><IconButton label={ui.moreActions} look="plain"><EllipsisVertical aria-hidden /></IconButton></Menu>
      {asked === "hold" ? <HoldDialog order={order} onClose={close} /> : null}
      {asked === "withdraw" ? <WithdrawDialog order={order} onClose={close} /> : null}
      {asked === "cancel" ? <CancelDialog order={order} onClose={close} /> : null}
      {asked === "link" ? <TrackingDialog order={order} onClose={close} /> : null}
    </>
  );
}

const HOLDS = ["manual", "payment", "stock", "address", "credit", "risk", "cod_unconfirmed", "compliance", "channel"] as const;

function HoldDialog({ order, onClose }: { order: Order; onClose: () => void }) {
  const t = useText({ en, ur });
  const words = useWords();
  const [kind, setKind] = useState<string>("manual");
  const [reason, setReason] = useState("");
  const [until, setUntil] = useState("");
  const send = useSend("post", "/api/v1/orders/{id}/hold", REFRESH);
  const submit = () =>
    send.mutate({ path: { id: order.id }, body: { kind, reason: reason.trim(), ...(until && { expires_at: new Date(until).toISOString() }) } }, {
      onSuccess: () => {
        toast.good(t.done.hold);
        onClose();
      },
    });
  return (
    <FormDialog open onClose={onClose} title={t.actions.hold} submit={t.actions.hold} busy={send.isPending} error={send.error} blocked={!reason.trim()} onSubmit={submit}>
      <Select label={t.holdKind} value={kind} onChange={setKind} options={HOLDS.map((k) => ({ id: k as string, label: words("hold", k) }))} />
      <Field label={t.reason} hint={t.reasonHint} value={reason} onChange={setReason} isRequired autoFocus maxLength={500} />
      <Field label={t.holdUntil} hint={t.holdUntilHint} type={"datetime-local" as never} value={until} onChange={setUntil} ltr />
    </FormDialog>
  );
}

function WithdrawDialog({ order, onClose }: { order: Order; onClose: () => void }) {
  const t = useText({ en, ur });
  const [reason, setReason] = useState("");
  const send = useSend("post", "/api/v1/orders/{id}/withdraw", REFRESH);
  const submit = () =>
    send.mutate({ path: { id: order.id }, body: { reason: reason.trim() } }, {
      onSuccess: () => {
        toast.good(t.done.withdraw);
        onClose();
      },
    });
  return (
    <FormDialog open onClose={onClose} title={t.actions.withdraw.replace("…", "")} text={t.withdrawText} submit={t.actions.withdraw.replace("…", "")} busy={send.isPending} error={send.error} blocked={!reason.trim()} onSubmit={submit}>
      <Field label={t.reason} hint={t.reasonHint} value={reason} onChange={setReason} isRequired autoFocus maxLength={500} />
    </FormDialog>
  );
}
