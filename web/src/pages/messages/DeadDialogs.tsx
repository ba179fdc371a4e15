/** One dead letter beside the list, and the questions before it is sent again or discarded. */
import { RotateCw, Trash2 } from "lucide-react";
import { useState } from "react";
import { useGet, useSend } from "@/api/react";
import { Link } from "@/app/nav";
import { useMay } from "@/app/session";
import { useFormat, useText } from "@/i18n";
import { en } from "@/i18n/en/messages";
import { ur } from "@/i18n/ur/messages";
import { useActor } from "@/pages/parts/actor";
import { Button, Dialog, ErrorPanel, Facts, Field, Ltr, Select, toast, When } from "@/ui";
import { FormDialog, refusedAt } from "@/ui/FormDialog";
import { PATHS } from "./data";
import css from "./messages.module.css";
import { useSays } from "./parts";
import { deadValues, replayBody } from "./replay";
import type { Dead } from "./types";

const DEAD_PATHS: string[] = [PATHS.dead, PATHS.connections];

export function DeadDrawer({ of: listed, close }: { of: Dead; close: () => void }) {
  const t = useText({ en, ur });
  const says = useSays();
  const may = useMay();
  const [asking, setAsking] = useState<"replay" | "discard" | null>(null);
  const query = useGet(PATHS.deadOne, { path: { connection: listed.connection, id: listed.id } });
  const of = query.data ?? listed;
  // Somebody, or later news, has seen to it meanwhile: there is nothing to do any more, and the list follows.
  const closed = query.error?.status === 404;
  const handles = may("connections.dead_letters") && !closed;
  if (asking === "replay") return <ReplayDialog of={of} close={close} />;
  if (asking === "discard") return <DiscardDialog of={of} close={close} />;
  return (
    <Dialog
      open drawer onClose={close} title={says("deadKind", of.kind)}
      actions={handles ? (
        <>
          <Button look="danger" icon={<Trash2 aria-hidden />} onPress={() => setAsking("discard")}>{t.discard}</Button>
          {of.replayable ? <Button look="primary" icon={<RotateCw aria-hidden />} onPress={() => setAsking("replay")}>{t.replay}</Button> : null}
        </>
      ) : undefined}
    >
      <div className={css.stack}>
        {closed ? <p className={css.notice}>{t.deadClosed} <span dir="auto">{query.error?.detail}</span></p> : null}
        {query.error && !closed ? <ErrorPanel inline error={query.error} onRetry={() => void query.refetch()} /> : null}
        <Facts facts={[
          [t.connection, <Ltr key="connection">{of.connection}</Ltr>], [t.code, <Ltr key="code" mono>{of.class}</Ltr>],
          [t.vendorAnswer, of.answer ? <span key="answer" className={css.wrap} dir="auto">{of.answer}</span> : null],
          [t.hint, of.hint ? <span key="hint" dir="auto">{of.hint}</span> : null], [t.at, <When key="at" at={of.at} as="dateTime" />],
          [t.attempts, <Ltr key="attempts">{of.attempts}</Ltr>], [t.worth, of.expires_at ? <When key="worth" at={of.expires_at} as="dateTime" /> : null],
          [t.position, of.caused_by == null ? null : <Ltr key="position" mono>{of.caused_by}</Ltr>],
        ]} />
        {of.conversation && may("messages.read") ? <p><Link to={`/messages/${of.conversation}`}>{t.openThread}</Link></p> : null}
        {of.replayable ? null : <p className={css.quiet}>{t.notReplayable}</p>}
        <History of={of} />
      </div>
    </Dialog>
  );
}

function History({ of }: { of: Dead }) {
  const t = useText({ en, ur });
  const says = useSays();
  const actor = useActor();
  if (of.history.length === 0) return null;
  return (
    <div className={css.tight}>
      <h3 className={css.heading}>{t.history}</h3>
      {of.history.map((one, at) => (
        <p key={at} className={css.quiet}>
          {says("did", one.what)} · <bdi>{actor(one.by)}</bdi> · <When at={one.at} as="dateTime" />{one.reason ? <> · <bdi>{one.reason}</bdi></> : null}
        </p>
      ))}
    </div>
  );
}

function useReplayed() {
  const t = useText({ en, ur });
  const format = useFormat();
  return (n: number) => toast.good(t.replayed(n, format.number(n)));
}

const HOURS = [1, 4, 24, 72];
const KEPT = "-";

/** Values of one kind: text. What is of another kind stays as it is. */
const texts = (values: Record<string, unknown>): [string, string][] =>
  Object.entries(values).filter((entry): entry is [string, string] => typeof entry[1] === "string");

/** Sends it again, with other values and for longer if somebody says so. A server that tells no values takes none. */
function ReplayDialog({ of, close }: { of: Dead; close: () => void }) {
  const t = useText({ en, ur });
  const format = useFormat();
  const says = useSays();
  const replayed = useReplayed();
  const [reason, setReason] = useState("");
  const [hours, setHours] = useState(KEPT);
  const [typed, setTyped] = useState<Record<string, string>>({});
  const was = texts(deadValues(of));
  const send = useSend("post", "/api/v1/dead-letters/{connection}/{id}/replay", { refresh: DEAD_PATHS });
  const body = replayBody(Object.fromEntries(was), typed, reason, hours === KEPT ? null : Number(hours), new Date());
  const submit = () =>
    send.mutate({ path: { connection: of.connection, id: of.id }, body }, { onSuccess: ({ data }) => { replayed(data.replayed); close(); } });
  return (
    <FormDialog open wide={was.length > 0} onClose={close} title={t.replayTitle} text={t.replayText} submit={t.replay} busy={send.isPending} error={send.error} onSubmit={submit}>
      {was.length > 0 ? (
        <div className={css.tight}>
          <h3 className={css.heading}>{t.replayValues}</h3>
          <p className={css.quiet}>{t.replayValuesText}</p>
          {was.map(([name, value]) => (
            <Field key={name} label={says("value", name)} value={typed[name] ?? value} onChange={(text) => setTyped((old) => ({ ...old, [name]: text }))} error={refusedAt(send.error, `/values/${name}`)} />
          ))}
          {refusedAt(send.error, "/values") ? <p className={css.tickBad}>{refusedAt(send.error, "/values")}</p> : null}
        </div>
      ) : null}
      <Select
        label={t.replayUntil} value={hours} onChange={setHours} error={refusedAt(send.error, "/expires_at")}
        options={[{ id: KEPT, label: t.replayUntilKept }, ...HOURS.map((n) => ({ id: String(n), label: t.replayHours(n, format.number(n)) }))]}
      />
      <Field label={t.replayWhy} value={reason} onChange={setReason} rows={2} maxLength={500} error={refusedAt(send.error, "/reason")} />
    </FormDialog>
  );
}

function DiscardDialog({ of, close }: { of: Dead; close: () => void }) {
  const t = useText({ en, ur });
  const [reason, setReason] = useState("");
  const send = useSend("post", "/api/v1/dead-letters/{connection}/{id}/discard", { refresh: DEAD_PATHS });
  const submit = () =>
    send.mutate({ path: { connection: of.connection, id: of.id }, body: { reason: reason.trim() } }, { onSuccess: () => { toast.good(t.discarded); close(); } });
  return (
    <FormDialog
      open alert onClose={close} title={t.discardTitle} text={t.discardText} submit={t.discard} look="danger" busy={send.isPending} error={send.error}
      onSubmit={submit} blocked={reason.trim() === ""}
    >
      <Field label={t.why} value={reason} onChange={setReason} rows={2} isRequired autoFocus maxLength={500} error={refusedAt(send.error, "/reason")} />
    </FormDialog>
  );
}

export function ReplayAllDialog({ connection, name, code, close }: { connection: string; name: string; code: string; close: () => void }) {
  const t = useText({ en, ur });
  const replayed = useReplayed();
  const send = useSend("post", "/api/v1/dead-letters/replay", { refresh: DEAD_PATHS });
  const body = code === "" ? { connection } : { connection, class: code };
  const submit = () => send.mutate({ body }, { onSuccess: ({ data }) => { replayed(data.replayed); close(); } });
  return (
    <FormDialog
      open alert onClose={close} title={t.replayAllTitle} text={t.replayAllText(name, code || null)} submit={t.replayAll} busy={send.isPending}
      error={send.error} onSubmit={submit}
    />
  );
}
