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

/** Sends one message with sample values, and says what the vendor made of it. */
export function TestDialog({ of, close }: { of: Connection; close: () => void }) {
  const t = useText({ en, ur });
  const says = useSays();
  const templates = useGet(PATHS.templates);
  const [to, setTo] = useState("");
  const [channel, setChannel] = useState(of.channels[0] ?? "whatsapp");
  const [kind, setKind] = useState("order_confirmed");
  const [language, setLanguage] = useState("en");
  const send = useSend("post", "/api/v1/connections/{id}/test", { refresh: [PATHS.connections] });
  const submit = () => send.mutate({ path: { id: of.id }, body: { to: to.trim(), channel, kind, language } });
  const kinds = templates.data?.items.map((one) => one.kind) ?? [kind];
  const result = send.data?.data;
  return (
    <FormDialog open onClose={close} title={t.testTitle} text={t.testText} submit={t.send} busy={send.isPending} error={send.error} onSubmit={submit} blocked={to.trim() === ""}>
      <Field label={t.testTo} ltr value={to} onChange={setTo} isRequired autoFocus placeholder={channel === "email" ? "name@example.com" : "0300 1234567"} error={refusedAt(send.error, "/to")} />
      <Fields>
        <Select label={t.channel} value={channel} onChange={setChannel} options={of.channels.map((id) => ({ id, label: says("channel", id) }))} />
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
