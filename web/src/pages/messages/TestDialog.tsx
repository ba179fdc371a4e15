import { useState } from "react";
import { useGet, useSend } from "@/api/react";
import { useText } from "@/i18n";
import { en } from "@/i18n/en/messages";
import { ur } from "@/i18n/ur/messages";
import { Badge, Facts, Field, Ltr, Select } from "@/ui";
import { Fields, FormDialog, refusedAt } from "@/ui/FormDialog";
import { PATHS } from "./data";
import css from "./messages.module.css";
import { useSays } from "./parts";
import type { Connection } from "./types";

export interface TestDialogProps {
  /** Connections that can send it. */
  by: Pick<Connection, "id" | "name" | "channels">[];
  /** The kind of message to begin with, and how it is looked at. */
  kind?: string;
  channel?: string;
  close: () => void;
}

/** Sends one message with sample values, and says what the vendor made of it. */
export function TestDialog({ by, kind: first = "order_confirmed", channel: wanted, close }: TestDialogProps) {
  const t = useText({ en, ur });
  const says = useSays();
  const templates = useGet(PATHS.templates);
  const fits = by.find((one) => wanted !== undefined && one.channels.includes(wanted)) ?? by[0];
  const [chosen, setChosen] = useState(fits?.id ?? "");
  const of = by.find((one) => one.id === chosen);
  const channels = of?.channels ?? [];
  const [to, setTo] = useState("");
  const [asked, setChannel] = useState(wanted);
  const channel = channels.find((one) => one === asked) ?? channels[0] ?? "whatsapp";
  const [kind, setKind] = useState(first);
  const [language, setLanguage] = useState("en");
  const send = useSend("post", "/api/v1/connections/{id}/test", { refresh: [PATHS.connections] });
  // Each press is a wish of its own: a second try is a second message.
  const [tries, setTries] = useState(0);
  const submit = () => {
    setTries(tries + 1);
    send.mutate({ path: { id: chosen }, body: { to: to.trim(), channel, kind, language }, wish: String(tries) });
  };
  const kinds = templates.data?.items.map((one) => one.kind) ?? [kind];
  const result = send.data?.data;
  return (
    <FormDialog open onClose={close} title={t.testTitle} text={t.testText} submit={t.send} busy={send.isPending} error={send.error} onSubmit={submit} blocked={to.trim() === "" || !of}>
      {of ? null : <p>{t.testNone}</p>}
      {by.length > 1 ? <Select label={t.testBy} value={chosen} onChange={setChosen} options={by.map((one) => ({ id: one.id, label: one.name || one.id }))} /> : null}
      <Field label={t.testTo} ltr value={to} onChange={setTo} isRequired autoFocus placeholder={channel === "email" ? "name@example.com" : "0300 1234567"} error={refusedAt(send.error, "/to")} />
      <Fields>
        <Select label={t.channel} value={channel} onChange={setChannel} options={channels.map((id) => ({ id, label: says("channel", id) }))} />
        <Select label={t.language} value={language} onChange={setLanguage} options={["en", "ur"].map((id) => ({ id, label: says("language", id) }))} />
      </Fields>
      <Select label={t.testKind} value={kind} onChange={setKind} options={kinds.map((id) => ({ id, label: says("kind", id) }))} error={refusedAt(send.error, "/kind")} />
      {result ? (
        <div className={css.tight} role="status">
          <p><Badge tone={result.ok ? "good" : "bad"}>{result.ok ? t.testOk : says("result", result.outcome)}</Badge></p>
          <Facts facts={[
            [t.code, result.code ? <Ltr key="code" mono>{result.code}</Ltr> : null], [t.hint, result.hint ? <span key="hint" dir="auto">{result.hint}</span> : null],
            [t.vendorRef, result.vendor_ref ? <span key="ref" className={css.wrap}><Ltr mono>{result.vendor_ref}</Ltr></span> : null],
          ]} />
        </div>
      ) : null}
    </FormDialog>
  );
}
