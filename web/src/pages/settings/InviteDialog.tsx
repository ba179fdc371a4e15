/**
 * Enrolling a scanner: asks for its name, then shows the one-time code. The code is answered once and kept nowhere: it
 * lives in this dialog's state and goes with it.
 */
import { Copy, Printer } from "lucide-react";
import { useState } from "react";
import { type Schema, useSend } from "@/api/react";
import { useFormat, useText } from "@/i18n";
import { en } from "@/i18n/en/settings";
import { ur } from "@/i18n/ur/settings";
import { openFile } from "@/pages/parts/print";
import { Button, Dialog, Field, Ltr, Select, toast } from "@/ui";
import { FormDialog, refusedAt } from "@/ui/FormDialog";
import { DEVICE_PATHS } from "./DevicesCard";
import { QrCode } from "./QrCode";
import css from "./settings.module.css";

type Device = Schema["DeviceView"];
type Invitation = Schema["DeviceInvitation"];
const MINUTES = [15, 60, 480, 1_440] as const;

/** `Front desk 2` → `front-desk-2`, as a name for machines may look. */
export function machineName(label: string): string {
  return label.toLowerCase().replace(/[^a-z0-9_-]+/g, "-").replace(/^-+|-+$/g, "").slice(0, 32);
}

export function InviteDialog({ code, device, close }: { code: string; device: Device | null; close: () => void }) {
  const [shown, setShown] = useState<Invitation | null>(null);
  return shown ? <Shown invitation={shown} close={close} /> : <Ask code={code} device={device} close={close} show={setShown} />;
}

function Ask({ code, device, close, show }: { code: string; device: Device | null; close: () => void; show: (invitation: Invitation) => void }) {
  const t = useText({ en, ur }).devices;
  const [label, setLabel] = useState(device?.label ?? "");
  const [typed, setTyped] = useState(device?.device ?? "");
  const [minutes, setMinutes] = useState("60");
  const [printing, setPrinting] = useState(false);
  const id = typed.trim() === "" ? machineName(label) : typed.trim();
  const body = { label: label.trim(), minutes: Number(minutes) };
  const send = useSend("post", "/api/v1/warehouses/{code}/devices/{device}/invite", { refresh: DEVICE_PATHS });
  const submit = () => send.mutate({ path: { code, device: id }, body }, { onSuccess: ({ data }) => show(data) });
  const ready = label.trim() !== "" && /^[a-z0-9_-]{1,32}$/.test(id);
  const sheet = async () => {
    setPrinting(true);
    const done = await openFile("/api/v1/warehouses/{code}/devices/{device}/enrolment-sheet.pdf", { code, device: id }, `${id}.pdf`, { method: "POST", body });
    setPrinting(false);
    if (done) close();
  };
  return (
    <FormDialog
      open onClose={close} title={t.inviteTitle} text={t.inviteText} submit={t.invite} busy={send.isPending} error={send.error} blocked={!ready}
      onSubmit={submit}
    >
      <Field label={t.label} value={label} onChange={setLabel} isRequired autoFocus maxLength={64} error={refusedAt(send.error, "/label")} />
      <Field label={t.id} ltr hint={t.idHelp} value={typed} placeholder={machineName(label)} onChange={setTyped} isReadOnly={device !== null} error={refusedAt(send.error, "/device")} />
      <Select label={t.minutes} value={minutes} onChange={setMinutes} options={MINUTES.map((one) => ({ id: String(one), label: t.minutesValue[one] ?? String(one) }))} />
      <div><Button icon={<Printer aria-hidden />} isDisabled={!ready} busy={printing} onPress={() => void sheet()}>{t.sheet}</Button></div>
    </FormDialog>
  );
}

function Shown({ invitation, close }: { invitation: Invitation; close: () => void }) {
  const t = useText({ en, ur }).devices;
  const format = useFormat();
  const copy = () => void navigator.clipboard?.writeText(invitation.code).then(() => toast.good(t.copied));
  return (
    <Dialog open alert onClose={close} title={t.shownTitle} actions={<Button look="primary" onPress={close}>{t.close}</Button>}>
      <p>{t.shownText} <a href="/scan" target="_blank" rel="noreferrer">{t.open}</a></p>
      <QrCode text={invitation.code} label={t.qr} />
      <p className={css.code}><Ltr mono>{invitation.code}</Ltr></p>
      <div><Button small icon={<Copy aria-hidden />} onPress={copy}>{t.copy}</Button></div>
      <p>{t.until(format.dateTime(invitation.expires))}</p>
      <p className={css.hint}>{t.once}</p>
    </Dialog>
  );
}
