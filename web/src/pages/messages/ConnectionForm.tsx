/**
 * Making a connection and changing one. Secrets are written only: the server never tells them, so an empty field keeps
 * what is there, and what was typed goes with the dialog.
 */
import { useState } from "react";
import { useSend } from "@/api/react";
import { useText } from "@/i18n";
import { en } from "@/i18n/en/messages";
import { ur } from "@/i18n/ur/messages";
import { Checkbox, Field, Select, toast } from "@/ui";
import { Fields, FormDialog, refusedAt } from "@/ui/FormDialog";
import { PATHS } from "./data";
import css from "./messages.module.css";
import { useSays } from "./parts";
import type { Connection, ConnectionSettings } from "./types";
import { RoomFields } from "./RoomFields";
import { addressFault, roomChanged, roomOf, secretsTyped, settingsChanged, shownSetting, VENDORS } from "./vendors";

const MODES = ["live", "practice", "paused"];

export function ConnectionForm({ of, close }: { of: Connection | null; close: () => void }) {
  const t = useText({ en, ur });
  const says = useSays();
  const [id, setId] = useState("");
  const [name, setName] = useState(of?.name ?? "");
  const [vendor, setVendor] = useState(of?.vendor ?? "twilio");
  const [mode, setMode] = useState(of?.mode ?? "practice");
  const [url, setUrl] = useState(of?.base_url ?? "");
  const [settings, setSettings] = useState<Record<string, string>>({});
  const [secrets, setSecrets] = useState<Record<string, string>>({});
  const [rotate, setRotate] = useState(false);
  const [room, setRoom] = useState(() => roomOf(of?.settings ?? {}));
  const form = VENDORS[vendor] ?? { settings: [], secrets: [], needed: [], calls: false };
  const create = useSend("post", PATHS.connections, { refresh: [PATHS.connections] });
  const change = useSend("patch", PATHS.connection, { refresh: [PATHS.connections] });
  const send = of ? change : create;
  const changed = form.room ? roomChanged(of?.settings ?? {}, room) : settingsChanged(of?.settings ?? {}, settings);
  const fault = form.room && secrets.url ? addressFault(vendor, mode, secrets.url) : null;
  const given = { name: name.trim(), mode, base_url: url.trim(), settings: changed as ConnectionSettings, credentials: secretsTyped(secrets) };
  const submit = () => {
    const done = (text: string) => ({ onSuccess: () => { toast.good(text); close(); } });
    if (of) change.mutate({ path: { id: of.id }, version: of.version, body: { ...given, rotate_hook: rotate } }, done(t.changed));
    else create.mutate({ body: { ...given, id, vendor } }, done(t.made));
  };
  const has = (one: string) => (form.secrets.includes(one) ? Boolean(secrets[one]) || of?.credentials.includes(one) : (settings[one] ?? shownSetting(of?.settings[one])).trim() !== "");
  const ready = name.trim() !== "" && (of !== null || /^[a-z0-9-]{1,32}$/.test(id)) && form.needed.every(has) && (vendor !== "webhook" || url.trim() !== "") &&
    (!form.room || (room.roles.length > 0 && room.kinds.length > 0 && !fault));
  return (
    <FormDialog
      open wide onClose={close} title={of ? `${t.changeConnection}: ${of.name || of.id}` : t.newConnection} submit={t.save} busy={send.isPending}
      error={send.error} onSubmit={submit} blocked={!ready}
    >
      <Fields>
        {of ? null : <Select label={t.vendor} value={vendor} onChange={(one) => { setVendor(one); setSettings({}); setSecrets({}); }} options={Object.keys(VENDORS).map((one) => ({ id: one, label: says("vendor", one) }))} />}
        {of ? null : <Field label={t.id} hint={t.idHint} ltr value={id} onChange={setId} isRequired maxLength={32} error={refusedAt(send.error, "/id")} />}
        <Field label={t.name} value={name} onChange={setName} isRequired maxLength={100} error={refusedAt(send.error, "/name")} />
        <Select label={t.mode} hint={t.modeHint} value={mode} onChange={setMode} options={MODES.map((one) => ({ id: one, label: says("mode", one) }))} error={refusedAt(send.error, "/mode")} />
      </Fields>
      {form.room ? null : <Field label={t.baseUrl} hint={vendor === "webhook" ? t.baseUrlNeeded : t.baseUrlHint} ltr value={url} onChange={setUrl} isRequired={vendor === "webhook"} placeholder="https://" error={refusedAt(send.error, "/base_url")} />}
      {form.room ? <RoomFields room={room} onChange={setRoom} /> : null}
      {form.settings.length > 0 ? <h3 className={css.heading}>{t.settings}</h3> : null}
      <Fields>
        {form.settings.map((one) => one === "encryption" ? (
          <Select
            key={one} label={t.setting[one] ?? one} value={settings[one] ?? (shownSetting(of?.settings[one]) || "starttls")}
            options={["starttls", "tls", "none"].map((id) => ({ id, label: id }))} onChange={(value) => setSettings((old) => ({ ...old, [one]: value }))}
          />
        ) : (
          <Field
            key={one} label={t.setting[one] ?? one} ltr value={settings[one] ?? shownSetting(of?.settings[one])} isRequired={form.needed.includes(one)}
            onChange={(value) => setSettings((old) => ({ ...old, [one]: value }))} error={refusedAt(send.error, `/settings/${one}`)}
          />
        ))}
      </Fields>
      <h3 className={css.heading}>{t.secrets}</h3>
      <Fields>
        {form.secrets.map((one) => (
          <Field
            key={one} label={t.secret[one] ?? one} type="password" autoComplete="new-password" ltr value={secrets[one] ?? ""}
            hint={of?.credentials.includes(one) ? t.secretSet : t.secretNew} isRequired={form.needed.includes(one) && !of?.credentials.includes(one)}
            onChange={(value) => setSecrets((old) => ({ ...old, [one]: value }))} error={refusedAt(send.error, `/credentials/${one}`) ?? (one === "url" && fault ? t[fault] : null)}
          />
        ))}
      </Fields>
      {of?.hook_url && form.calls ? <div className={css.tight}><Checkbox isSelected={rotate} onChange={setRotate}>{t.rotate}</Checkbox><p className={css.quiet}>{t.rotateText}</p></div> : null}
    </FormDialog>
  );
}
