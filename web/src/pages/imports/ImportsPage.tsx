/** Files that bring products, customers, stock and past orders: sent here, watched here. */
import { FileUp } from "lucide-react";
import { useMemo, useState } from "react";
import { useGet, useSend } from "@/api/react";
import { useFormat, useText } from "@/i18n";
import { en } from "@/i18n/en/imports";
import { ur } from "@/i18n/ur/imports";
import { useTopic } from "@/live/react";
import { saveFile } from "@/pages/parts/print";
import { useActor } from "@/pages/parts/actor";
import { Badge, Button, Card, cx, Empty, ErrorPanel, Ltr, Num, Page, Skeleton, toast, type Tone, When } from "@/ui";
import { FormDialog } from "@/ui/FormDialog";
import css from "./imports.module.css";
import { ended, type ImportView } from "./model";
import { Upload } from "./Upload";

export const PATH = "/api/v1/imports";
const TONE: Record<string, Tone> = { queued: "neutral", running: "info", done: "good", failed: "bad", stopped: "warn" };

/** All imports, newest first: the REST list, overlaid with what the topic says. Without the topic it is asked again. */
function useImports() {
  const view = useTopic<ImportView>("shop.imports");
  const live = view.state === "live";
  const query = useGet(PATH, { query: { limit: 100 } }, { every: live ? 30_000 : 2_000 });
  const items = useMemo(() => {
    const known = new Map((query.data?.items ?? []).map((one) => [one.id, one]));
    for (const row of view.rows.values()) known.set(row.k, row.v);
    return [...known.values()].sort((a, b) => (a.queued_at < b.queued_at ? 1 : -1));
  }, [query.data, view.rows]);
  return { query, items };
}

export default function ImportsPage() {
  const t = useText({ en, ur });
  const { query, items } = useImports();
  const missing = query.error?.status === 404;
  const [stopping, setStopping] = useState<ImportView | null>(null);
  return (
    <Page title={t.title}>
      <p className={css.hint}>{t.text}</p>
      {missing ? <Empty icon={<FileUp aria-hidden />} title={t.missingRoute} /> : (
        <>
          <Card title={t.upload}><Upload /></Card>
          <Card title={t.history} flush>
            {query.isPending ? <div className={css.pad}><Skeleton lines={4} /></div> : null}
            {query.error && !query.data ? <div className={css.pad}><ErrorPanel error={query.error} onRetry={() => void query.refetch()} /></div> : null}
            {query.data && items.length === 0 ? <Empty icon={<FileUp aria-hidden />} title={t.emptyTitle}>{t.emptyText}</Empty> : null}
            <ul className={css.list} aria-label={t.history}>{items.map((one) => <Row key={one.id} one={one} stop={() => setStopping(one)} />)}</ul>
          </Card>
        </>
      )}
      {stopping ? <StopDialog one={stopping} close={() => setStopping(null)} /> : null}
    </Page>
  );
}

function Row({ one, stop }: { one: ImportView; stop: () => void }) {
  const t = useText({ en, ur });
  const format = useFormat();
  const actor = useActor();
  const part = one.state === "done" ? 1 : one.of > 0 ? Math.min(1, one.done / one.of) : 0;
  const stage = one.stage && !ended(one) ? `${t.kinds[one.stage] ?? one.stage}: ` : "";
  const said = one.of > 0 ? `${stage}${t.of(format.number(one.done), format.number(one.of))}` : t.rows(format.number(one.rows));
  return (
    <li className={css.item}>
      <div className={css.head}>
        <strong className={css.file}><bdi dir="auto">{one.file}</bdi></strong>
        <Badge tone={TONE[one.state]}>{t.states[one.state] ?? one.state}</Badge>
        <span className={css.hint}>{t.kinds[one.kind] ?? one.kind}{one.layout ? ` · ${t.layouts[one.layout] ?? one.layout}` : ""}</span>
        <span className={css.grow} />
        {ended(one) ? null : <Button small onPress={stop}>{t.stop}</Button>}
        {one.error_file ? <Button small onPress={() => void saveFile(`${PATH}/{id}/errors.csv`, { id: one.id }, `${one.file}.errors.csv`)}>{t.errorsFile}</Button> : null}
      </div>
      <div className={css.rail} role="progressbar" aria-label={`${t.progress}: ${one.file}`} aria-valuemin={0} aria-valuemax={100} aria-valuenow={Math.round(part * 100)} aria-valuetext={said}>
        <span className={cx(one.state === "failed" && css.bad, one.state === "done" && css.good)} style={{ inlineSize: `${part * 100}%` }} />
      </div>
      <p className={css.figures}>
        <span>{said}</span>
        <span>{t.changed} <Num value={one.changed} /></span>
        <span>{t.unchanged} <Num value={one.unchanged} /></span>
        {one.skipped > 0 ? <span>{t.skipped} <Num value={one.skipped} /></span> : null}
        <span className={cx(one.errors > 0 && css.loud)}>{t.errors} <Num value={one.errors} /></span>
        <span>{t.startedAt} <When at={one.started_at ?? one.queued_at} /></span>
        {one.finished_at ? <span>{t.finishedAt} <When at={one.finished_at} as="time" /></span> : null}
        <span>{t.by} <bdi>{actor(`user:${one.by}`)}</bdi></span>
      </p>
      {one.error_file ? <p className={css.hint}>{t.errorsHelp}</p> : null}
      {one.failure ? <p className={css.loud} dir="auto">{t.failures[one.failure.code] ?? one.failure.detail}</p> : null}
    </li>
  );
}

function StopDialog({ one, close }: { one: ImportView; close: () => void }) {
  const t = useText({ en, ur });
  const send = useSend("post", `${PATH}/{id}/stop`, { refresh: [PATH] });
  return (
    <FormDialog
      open alert onClose={close} title={t.stopTitle} text={<>{t.stopText} <Ltr>{one.file}</Ltr></>} submit={t.stop} look="danger" busy={send.isPending} error={send.error}
      onSubmit={() => send.mutate({ path: { id: one.id } }, { onSuccess: () => { toast.good(t.stopped); close(); } })}
    />
  );
}
