/** How the server is: its journal, its actors, its sockets, and whether journal and documents agree. */
import { CircleAlert, CircleCheck, Stethoscope } from "lucide-react";
import { useGet, useSend } from "@/api/react";
import { useMay } from "@/app/session";
import { useFormat, useText } from "@/i18n";
import { en } from "@/i18n/en/system";
import { ur } from "@/i18n/ur/system";
import { Badge, Button, Card, ErrorPanel, Facts, Ltr, Num, Page, Shares, Skeleton, toast, When } from "@/ui";
import { type DoctorResult, span, type Status } from "./model";
import css from "./system.module.css";

const PATH = "/api/v1/system/status";
const EVERY_MS = 5_000;
/** While a check runs, its end is worth knowing soon. */
const CHECKING_MS = 1_000;

export default function SystemPage() {
  const t = useText({ en, ur });
  const fast = useGet(PATH, {}, { every: EVERY_MS });
  const running = fast.data?.doctor.running ?? false;
  useGet(PATH, {}, { every: CHECKING_MS, enabled: running });
  const status = fast.data;
  return (
    <Page
      title={t.title}
      beside={status ? <Badge tone={status.stopped ? "bad" : "good"}>{status.stopped ? t.stopped : t.running}</Badge> : null}
    >
      {fast.isPending ? <Skeleton lines={10} /> : null}
      {fast.error ? <ErrorPanel error={fast.error} onRetry={() => void fast.refetch()} /> : null}
      {status?.stopped ? <p className={css.stopped} dir="auto">{status.stopped}</p> : null}
      {status ? (
        <div className={css.cards}>
          <ServerCard status={status} />
          <JournalCard status={status} />
          <Card title={t.sockets}>
            <Facts
              facts={[
                [t.consoles, <Num key="consoles" value={status.sockets.consoles} />],
                [t.scanners, <Num key="devices" value={status.sockets.devices} />],
                [t.customers, <Num key="tracking" value={status.sockets.tracking} />],
                [t.subscriptions, <Num key="subscriptions" value={status.sockets.subscriptions} />],
              ]}
            />
          </Card>
          <LaneCard lane={status.lane} />
          <ActorsCard live={status.live} />
          <DoctorCard running={status.doctor.running} last={status.doctor.last ?? null} />
        </div>
      ) : null}
      <p className={css.hint}>{t.refreshed}</p>
    </Page>
  );
}

function ServerCard({ status }: { status: Status }) {
  const t = useText({ en, ur });
  return (
    <Card title={t.server}>
      <Facts facts={[[t.version, <Ltr key="version" mono>{status.version}</Ltr>], [t.uptime, t.duration(...span(status.uptime_seconds))]]} />
    </Card>
  );
}

function JournalCard({ status }: { status: Status }) {
  const t = useText({ en, ur });
  const format = useFormat();
  return (
    <Card title={t.journal}>
      <Facts
        facts={[
          [t.head, <Num key="head" value={status.head} />],
          [t.projected, <Num key="projected" value={status.projected} />],
          [t.lag, t.positions(format.number(status.lag))],
          [t.outstanding, <Num key="outstanding" value={status.outstanding} />],
        ]}
      />
    </Card>
  );
}

function LaneCard({ lane }: { lane: Status["lane"] }) {
  const t = useText({ en, ur });
  return (
    <Card title={t.lane}>
      <Facts facts={Object.entries(lane).map(([name, value]): [string, React.ReactNode] => [t.laneWords[name] ?? name, <Num key={name} value={value} />])} />
    </Card>
  );
}

function ActorsCard({ live }: { live: Record<string, number> }) {
  const t = useText({ en, ur });
  const parts = Object.entries(live).sort(([, a], [, b]) => b - a);
  return (
    <Card title={t.actors}>
      <Shares label={t.actors} parts={parts.map(([kind, value]) => ({ key: kind, name: t.kinds[kind] ?? kind, value, text: <Num value={value} /> }))} />
    </Card>
  );
}

function DoctorCard({ running, last }: { running: boolean; last: DoctorResult | null }) {
  const t = useText({ en, ur });
  const may = useMay()("system.check");
  const send = useSend("post", "/api/v1/system/doctor", { refresh: [PATH] });
  const start = () => send.mutate({ wish: last?.at ?? "first" }, { onSuccess: () => toast.good(t.started), onError: toast.problem });
  const button = may ? <Button small icon={<Stethoscope aria-hidden />} busy={running || send.isPending} onPress={start}>{running ? t.checking : t.start}</Button> : null;
  return (
    <Card title={t.doctor} actions={button}>
      <div className={css.stack}>
        <p className={css.hint}>{t.doctorText}</p>
        {running ? <p role="status">{t.checking}</p> : null}
        {last ? <Result last={last} /> : running ? null : <p>{t.never}</p>}
      </div>
    </Card>
  );
}

function Result({ last }: { last: DoctorResult }) {
  const t = useText({ en, ur });
  const format = useFormat();
  const healthy = last.problem_count === 0 && !last.failure;
  return (
    <>
      <p className={healthy ? css.good : css.bad}>
        {healthy ? <CircleCheck aria-hidden /> : <CircleAlert aria-hidden />}
        {last.failure ? <span dir="auto">{last.failure}</span> : healthy ? t.healthy : t.problems(format.number(last.problem_count))}
      </p>
      <p className={css.hint}>{t.last} <When at={last.at} /> · {t.seconds(format.number(last.seconds))} · {t.entries(format.number(last.entries))} · {t.documents(format.number(last.documents))}</p>
      {healthy ? null : <ul className={css.problems}>{last.problems.map((problem) => <li key={problem}><Ltr mono>{problem}</Ltr></li>)}</ul>}
    </>
  );
}
