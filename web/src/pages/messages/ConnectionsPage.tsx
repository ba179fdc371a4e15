/** Connections to vendors and subscribers: how each is doing, and what may be done about it. */
import { Cable, Copy, FileCheck, History, Pause, Pencil, Play, Plus, RotateCw, Send } from "lucide-react";
import { useState } from "react";
import { useGet, useSend } from "@/api/react";
import { Link } from "@/app/nav";
import { useMay } from "@/app/session";
import { useFormat, useText } from "@/i18n";
import { en } from "@/i18n/en/messages";
import { ur } from "@/i18n/ur/messages";
import { Badge, Button, Card, cx, Empty, ErrorPanel, Facts, Ltr, Page, Skeleton, toast, type Tone, When } from "@/ui";
import { FormDialog } from "@/ui/FormDialog";
import { ConnectionForm } from "./ConnectionForm";
import { EVERY, PATHS } from "./data";
import css from "./messages.module.css";
import { MessagesNav } from "./MessagesNav";
import { useSays } from "./parts";
import { TellAgainDialog } from "./TellAgainDialog";
import { TestDialog } from "./TestDialog";
import type { Connection } from "./types";
import { failing, VENDORS } from "./vendors";

export default function ConnectionsPage() {
  const t = useText({ en, ur });
  const may = useMay()("connections.manage");
  const [making, setMaking] = useState(false);
  const list = useGet(PATHS.connections, {}, { every: EVERY });
  const make = may ? <Button look="primary" icon={<Plus aria-hidden />} onPress={() => setMaking(true)}>{t.newConnection}</Button> : null;
  return (
    <Page title={t.tabs.connections} actions={make}>
      <MessagesNav now="connections" />
      <p className={css.quiet}>{t.connectionsText}</p>
      {list.isPending ? <Skeleton lines={8} /> : null}
      {list.error && !list.data ? <ErrorPanel error={list.error} onRetry={() => void list.refetch()} /> : null}
      {list.data?.items.length === 0 ? <Empty icon={<Cable aria-hidden />} title={t.noConnections}>{t.noConnectionsText}</Empty> : null}
      <div className={css.grid}>{((list.data?.items ?? []) as Connection[]).map((one) => <One key={one.id} of={one} />)}</div>
      {making ? <ConnectionForm of={null} close={() => setMaking(false)} /> : null}
    </Page>
  );
}

const MODES: Record<string, Tone> = { live: "good", practice: "info", paused: "warn" };
const BREAKERS: Record<string, Tone> = { closed: "good", half_open: "warn", open: "bad", unauthorized: "bad" };

function One({ of }: { of: Connection }) {
  const t = useText({ en, ur });
  const says = useSays();
  const may = useMay();
  return (
    <Card title={<bdi>{of.name || of.id}</bdi>} actions={<Badge tone={MODES[of.mode]}>{says("mode", of.mode)}</Badge>}>
      <div className={css.stack}>
        {of.problem ? <p className={cx(css.notice, css.bad)} dir="auto">{of.problem}</p> : null}
        {of.paused_because ? <p className={css.notice} dir="auto">{t.pausedBecause(of.paused_because)}</p> : null}
        <Health of={of} />
        {of.hook_url && VENDORS[of.vendor]?.calls ? <Hook url={of.hook_url} /> : null}
        {may("connections.manage") ? <Actions of={of} /> : null}
      </div>
    </Card>
  );
}

function Health({ of }: { of: Connection }) {
  const t = useText({ en, ur });
  const format = useFormat();
  const says = useSays();
  const h = of.health;
  const count = (value: number) => (value > 0 ? <Ltr key="count">{format.number(value)}</Ltr> : null);
  const channels = of.channels.map((one) => says("channel", one));
  return (
    <Facts facts={[
      [t.vendor, says("vendor", of.vendor)], [t.id, <Ltr key="id" mono>{of.id}</Ltr>],
      [t.channels, channels.length > 0 ? format.list(channels) : null],
      [t.health, <Badge key="health" tone={BREAKERS[h.breaker]}>{says("breaker", h.breaker)}</Badge>],
      [t.planned, count(h.planned)], [t.inFlight, count(h.in_flight)], [t.unknownCount, count(h.unknown)],
      [t.oldest, h.oldest ? <When key="oldest" at={h.oldest} /> : null], [t.lag, count(h.lag)],
      [t.lastOk, h.last_ok ? <When key="ok" at={h.last_ok} /> : null],
      [t.lastFailure, h.last_failure ? <span key="failure"><When at={h.last_failure} />{h.last_outcome ? <> · {says("result", h.last_outcome)}</> : null}</span> : null],
      [t.deadCount, of.dead > 0 ? <Link key="dead" to="/messages/dead-letters" search={{ connection: of.id }}><Ltr>{format.number(of.dead)}</Ltr></Link> : null],
      [t.baseUrl, of.base_url ? <span key="url" className={css.wrap}><Ltr>{of.base_url}</Ltr></span> : null],
    ]} />
  );
}

/** The address carries a secret, so it is copied and not drawn. */
function Hook({ url }: { url: string }) {
  const t = useText({ en, ur });
  const copy = () => void navigator.clipboard?.writeText(url).then(() => toast.good(t.hookCopied));
  return (
    <div className={css.foot}>
      <p className={css.quiet}>{t.hook}. {t.hookText}</p>
      <Button small icon={<Copy aria-hidden />} onPress={copy}>{t.hookCopy}</Button>
    </div>
  );
}

function Actions({ of }: { of: Connection }) {
  const t = useText({ en, ur });
  const [open, setOpen] = useState<"change" | "pause" | "test" | "again" | null>(null);
  const resume = useSend("post", "/api/v1/connections/{id}/resume", { refresh: [PATHS.connections] });
  const goOn = () => resume.mutate({ path: { id: of.id } }, { onSuccess: () => toast.good(t.resumed), onError: toast.problem });
  const paused = of.mode === "paused";
  const handIn = useSend("post", "/api/v1/connections/{id}/templates", { refresh: [PATHS.connections] });
  const handInNow = () => handIn.mutate({ path: { id: of.id } }, { onSuccess: () => toast.good(t.handedIn), onError: toast.problem });
  const close = () => setOpen(null);
  return (
    <div className={css.buttons}>
      <Button small icon={<Pencil aria-hidden />} onPress={() => setOpen("change")}>{t.changeConnection}</Button>
      {paused ? null : <Button small icon={<Pause aria-hidden />} onPress={() => setOpen("pause")}>{t.pause}</Button>}
      {paused || failing(of.health) ? (
        <Button small icon={paused ? <Play aria-hidden /> : <RotateCw aria-hidden />} busy={resume.isPending} onPress={goOn}>{paused ? t.resume : t.retryNow}</Button>
      ) : null}
      {of.channels.length > 0 ? <Button small icon={<Send aria-hidden />} onPress={() => setOpen("test")}>{t.test}</Button> : null}
      {of.channels.includes("whatsapp") ? <Button small icon={<FileCheck aria-hidden />} busy={handIn.isPending} onPress={handInNow}>{t.handIn}</Button> : null}
      {of.vendor === "webhook" ? <Button small icon={<History aria-hidden />} onPress={() => setOpen("again")}>{t.tellAgain}</Button> : null}
      {open === "again" ? <TellAgainDialog of={of} close={close} /> : null}
      {open === "change" ? <ConnectionForm of={of} close={close} /> : null}
      {open === "pause" ? <PauseDialog of={of} close={close} /> : null}
      {open === "test" ? <TestDialog by={[of]} close={close} /> : null}
    </div>
  );
}

function PauseDialog({ of, close }: { of: Connection; close: () => void }) {
  const t = useText({ en, ur });
  const send = useSend("post", "/api/v1/connections/{id}/pause", { refresh: [PATHS.connections] });
  const submit = () => send.mutate({ path: { id: of.id } }, { onSuccess: () => { toast.good(t.paused); close(); } });
  return <FormDialog open alert onClose={close} title={t.pauseTitle} text={t.pauseText} submit={t.pause} look="danger" busy={send.isPending} error={send.error} onSubmit={submit} />;
}
