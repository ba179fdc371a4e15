import { ClipboardCheck, Gavel, TriangleAlert } from "lucide-react";
import { useEffect, useState } from "react";
import { Link } from "@/app/nav";
import { useMay } from "@/app/session";
import { useFormat, useText, useWords } from "@/i18n";
import { en } from "@/i18n/en/floor";
import { ur } from "@/i18n/ur/floor";
import { useGauge } from "@/live/react";
import { topicCode } from "@/pages/parts/warehouse";
import { Card, Num, Shares, Spark, When } from "@/ui";
import type { KpiGauge, ThroughputGauge } from "@/wire/munshi-v1";
import { ExportCard } from "./ExportCard";
import css from "./floor.module.css";
import { type FloorLists, useWork } from "./live";

/** Points of the small line of scans: one a measurement, the last ten minutes at most. */
const POINTS = 120;

/** How the floor is doing this minute. */
export function NowTab({ code, lists, noSite }: { code: string; lists: FloorLists; noSite: boolean }) {
  const t = useText({ en, ur }).now;
  const may = useMay();
  const kpi = useGauge<KpiGauge>(`dash.${topicCode(code)}.kpi`);
  const speed = useGauge<ThroughputGauge>(`dash.${topicCode(code)}.throughput`);
  const tiles: [string, number | undefined][] = [
    [t.open, kpi.value?.open_orders], [t.waiting, kpi.value?.waiting_tasks], [t.active, kpi.value?.active_tasks],
    ...(speed.value
      ? ([[t.picks, speed.value.picks_1m], [t.picksHour, speed.value.picks_1h], [t.packs, speed.value.packs_1h], [t.ships, speed.value.ships_1h], [t.scans, speed.value.scans_1m]] as [string, number][])
      : []),
  ];
  return (
    <div className={css.stack}>
      <dl className={css.tiles}>
        {tiles.map(([name, value]) => <div key={name} className={css.tile}><dt>{name}</dt><dd>{value === undefined ? "–" : <Num value={value} />}</dd></div>)}
      </dl>
      {kpi.value ? null : <p className={css.hint}>{t.none}</p>}
      {!noSite && speed.state === "refused" ? <p className={css.hint}>{t.noThroughput}</p> : null}
      {!noSite && speed.state === "live" && !speed.value ? <p className={css.hint}>{t.throughputSoon}</p> : null}
      <div className={css.two}>
        <Work code={code} />
        {noSite ? null : <Attention lists={lists} code={code} />}
        {speed.value ? <Scans value={speed.value} /> : null}
        {noSite || !may("floor.read") ? null : <ExportCard code={code} />}
      </div>
    </div>
  );
}

/** Parcels by where they are, from the live rows. */
function Work({ code }: { code: string }) {
  const t = useText({ en, ur });
  const words = useWords();
  const view = useWork(code);
  const count = new Map<string, number>();
  for (const row of view.rows.values()) count.set(row.v.state, (count.get(row.v.state) ?? 0) + 1);
  const states = ["planned", "queued", "picking", "picked", "packed", "booked"].filter((state) => count.has(state));
  return (
    <Card title={t.parcels}>
      {states.length === 0 ? <p className={css.hint}>{t.noParcels}</p> : (
        <Shares
          label={t.parcels}
          parts={states.map((state) => ({
            key: state, name: words("parcel", state), value: count.get(state) ?? 0, text: <Num value={count.get(state) ?? 0} />,
            link: (content, className) => <Link className={className} to="/floor" search={{ w: code, tab: "parcels", state }}>{content}</Link>,
          }))}
        />
      )}
    </Card>
  );
}

function Attention({ lists, code }: { lists: FloorLists; code: string }) {
  const t = useText({ en, ur }).now;
  const format = useFormat();
  const rows = [
    { tab: "exceptions", icon: <TriangleAlert aria-hidden />, n: lists.exceptions.length, text: t.exceptions },
    { tab: "decisions", icon: <Gavel aria-hidden />, n: lists.decisions.length, text: t.decisions },
    { tab: "counts", icon: <ClipboardCheck aria-hidden />, n: lists.counts.length, text: t.counts },
  ].filter((row) => row.n > 0);
  return (
    <Card title={t.attention}>
      {rows.length === 0 ? <p className={css.hint}>{t.calm}</p> : (
        <ul className={css.links}>
          {rows.map((row) => <li key={row.tab}><Link className={css.tab} to="/floor" search={{ w: code, tab: row.tab }}>{row.icon}{row.text(row.n, format.number(row.n))}</Link></li>)}
        </ul>
      )}
    </Card>
  );
}

function Scans({ value }: { value: ThroughputGauge }) {
  const t = useText({ en, ur }).now;
  const [points, setPoints] = useState<number[]>([]);
  useEffect(() => setPoints((old) => [...old.slice(1 - POINTS), value.scans_1m]), [value]);
  return (
    <Card title={t.scanRate}>
      {/* The first figure alone is a line, too. */}
      <Spark label={t.scanRate} values={points.length === 1 ? [...points, ...points] : points} height={64} />
      <p className={css.hint}>{t.at} <When at={value.at} as="time" /></p>
    </Card>
  );
}
