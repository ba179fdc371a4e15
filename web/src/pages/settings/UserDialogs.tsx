/** Everything that is done to a user. */
import { useState } from "react";
import { type Schema, useGet, useSend } from "@/api/react";
import { useFormat, useText, useWords } from "@/i18n";
import { en } from "@/i18n/en/settings";
import { ur } from "@/i18n/ur/settings";
import { Checkbox, Checks, Field, toast } from "@/ui";
import { FormDialog, refusedAt } from "@/ui/FormDialog";
import css from "./settings.module.css";

type Row = Schema["UserRow"];
export type UserAction =
  | { kind: "create"; user?: undefined }
  | { kind: "edit" | "password" | "revoke" | "disable" | "enable"; user: Row };

const ROLES = ["admin", "sales_manager", "finance", "customer_service", "warehouse", "viewer"] as const;
const PATHS = ["/api/v1/users", "/api/v1/users/{id}"];

export function UserDialogs({ action, close }: { action: UserAction; close: () => void }) {
  switch (action.kind) {
    case "create":
      return <Create close={close} />;
    case "edit":
      return <Edit user={action.user} close={close} />;
    case "password":
      return <Password user={action.user} close={close} />;
    default:
      return <Confirm user={action.user} kind={action.kind} close={close} />;
  }
}

interface Of {
  user: Row;
  close: () => void;
}

function done(text: string, close: () => void) {
  return {
    onSuccess: () => {
      toast.good(text);
      close();
    },
  };
}

function Roles({ value, onChange }: { value: string[]; onChange: (roles: string[]) => void }) {
  const t = useText({ en, ur }).users;
  const words = useWords();
  return (
    <Checks label={t.roles} foot={value.length === 0 ? <p className={css.bad}>{t.noRole}</p> : null}>
      {ROLES.map((role) => (
        <Checkbox key={role} isSelected={value.includes(role)} onChange={(on) => onChange(on ? [...value, role] : value.filter((one) => one !== role))}>
          {words("role", role)}<span className={css.note}>{t.roleText[role]}</span>
        </Checkbox>
      ))}
    </Checks>
  );
}

function Create({ close }: { close: () => void }) {
  const t = useText({ en, ur }).users;
  const [name, setName] = useState("");
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const [roles, setRoles] = useState<string[]>(["viewer"]);
  const send = useSend("post", "/api/v1/users", { refresh: PATHS });
  const ready = name.trim() !== "" && email.trim() !== "" && password !== "" && roles.length > 0;
  const submit = () => send.mutate({ body: { name: name.trim(), email: email.trim(), password, roles } }, done(t.created, close));
  return (
    <FormDialog open wide onClose={close} title={t.newTitle} submit={t.create} busy={send.isPending} error={send.error} onSubmit={submit} blocked={!ready}>
      <Field label={t.name} value={name} onChange={setName} isRequired autoFocus autoComplete="off" error={refusedAt(send.error, "/name")} />
      <Field label={t.email} ltr type="email" value={email} onChange={setEmail} isRequired autoComplete="off" error={refusedAt(send.error, "/email")} />
      <Field label={t.password} ltr type="password" hint={t.passwordHelp} value={password} onChange={setPassword} isRequired autoComplete="new-password" error={refusedAt(send.error, "/password")} />
      <Roles value={roles} onChange={setRoles} />
    </FormDialog>
  );
}

function Edit({ user, close }: Of) {
  const { users: t, save } = useText({ en, ur });
  const format = useFormat();
  const whole = useGet("/api/v1/users/{id}", { path: { id: user.id } });
  const [name, setName] = useState(user.name);
  const [roles, setRoles] = useState(user.roles);
  const send = useSend("patch", "/api/v1/users/{id}", { refresh: PATHS });
  const submit = () => send.mutate({ path: { id: user.id }, body: { name: name.trim(), roles }, version: whole.data?.version }, done(t.editTitle, close));
  return (
    <FormDialog
      open wide onClose={close} title={`${t.editTitle}: ${user.name}`} submit={save} busy={send.isPending} error={send.error} onSubmit={submit}
      blocked={name.trim() === "" || roles.length === 0}
    >
      <Field label={t.name} value={name} onChange={setName} isRequired autoFocus error={refusedAt(send.error, "/name")} />
      <Roles value={roles} onChange={setRoles} />
      {whole.data ? <p className={css.hint}>{t.sessions}: {t.sessionsValue(format.number(whole.data.sessions))}</p> : null}
    </FormDialog>
  );
}

function Password({ user, close }: Of) {
  const t = useText({ en, ur }).users;
  const [password, setPassword] = useState("");
  const send = useSend("post", "/api/v1/users/{id}/password", { refresh: PATHS });
  const submit = () => send.mutate({ path: { id: user.id }, body: { password } }, done(t.passwordSet, close));
  return (
    <FormDialog open onClose={close} title={`${t.setPassword}: ${user.name}`} submit={t.setPassword} busy={send.isPending} error={send.error} onSubmit={submit} blocked={password === ""}>
      <Field label={t.password} ltr type="password" hint={t.passwordHelp} value={password} onChange={setPassword} isRequired autoFocus autoComplete="new-password" error={refusedAt(send.error, "/password")} />
    </FormDialog>
  );
}

function Confirm({ user, kind, close }: Of & { kind: "revoke" | "disable" | "enable" }) {
  const t = useText({ en, ur }).users;
  const revoke = useSend("post", "/api/v1/users/{id}/revoke-sessions", { refresh: PATHS });
  const disable = useSend("post", "/api/v1/users/{id}/disable", { refresh: PATHS });
  const enable = useSend("post", "/api/v1/users/{id}/enable", { refresh: PATHS });
  const path = { id: user.id };
  const asked = {
    revoke: { send: revoke, title: t.revokeTitle, text: t.revokeText, submit: t.revoke, done: t.revoked },
    disable: { send: disable, title: t.disableTitle, text: t.disableText, submit: t.disable, done: t.disabledDone },
    enable: { send: enable, title: t.enable, text: undefined, submit: t.enable, done: t.enabledDone },
  }[kind];
  return (
    <FormDialog
      open alert onClose={close} title={`${asked.title} ${user.name}`} text={asked.text} submit={asked.submit} look={kind === "enable" ? "primary" : "danger"}
      busy={asked.send.isPending} error={asked.send.error} onSubmit={() => asked.send.mutate({ path }, done(asked.done, close))}
    />
  );
}
