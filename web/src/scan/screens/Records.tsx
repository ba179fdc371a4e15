// Everything that was recorded: what waits, what the server could not read, what was answered lately. Nothing here can
// be changed: what was done on the floor was done.
import { Check, CircleAlert, CircleHelp, Clock, CloudOff } from "lucide-react";
import { type Entry, type Scanner, type Shown, shownOf } from "../scanner";
import { useSay, useWordsOfScan } from "../words";

/** Lines of what waits that are drawn; the number of all is said above. */
const SHOWN = 200;

export function Records({ scanner, shown }: { scanner: Scanner; shown: Shown }) {
  const t = useWordsOfScan();
  const say = useSay();
  const { pending, parked } = shown.live;
  const known = new Map(shown.log.map((entry) => [entry.key, entry]));
  const waiting = new Set(pending.map((cmd) => cmd.key));
  const answered = shown.log.filter((entry) => !waiting.has(entry.key) && entry.st !== "waiting");
  return (
    <main className="page">
      <h1>{t.pending.title}</h1>
      <section>
        <p className={pending.length > 0 ? "banner confirm" : "quiet"} role="status">
          {pending.length > 0 ? t.pending.waits(pending.length) : t.pending.none}
        </p>
        <ul className="entries" aria-label={t.pending.waits(pending.length)} data-testid="waiting">
          {pending.slice(0, SHOWN).map((cmd) => {
            const entry = known.get(cmd.key);
            const at = entry?.at ?? cmd.at?.wall_ms ?? 0;
            return <Line key={cmd.key} entry={{ key: cmd.key, op: cmd.op, shown: shownOf(cmd.op, cmd.a), at, st: "waiting", offline: entry?.offline ?? true }} />;
          })}
        </ul>
        {pending.length > SHOWN ? <p className="quiet num">+ {pending.length - SHOWN}</p> : null}
      </section>
      {parked.length > 0 ? (
        <section>
          <p className="banner stop">{t.pending.parked}</p>
          <ul className="entries">
            {parked.map(({ cmd, code }) => (
              <li key={cmd.key} className="entry stop">
                <CircleAlert aria-hidden />
                <span className="what">
                  <b>{opName(t, cmd.op)}</b> <bdi>{shownOf(cmd.op, cmd.a)}</bdi> <span className="quiet">{say({ code }).words}</span>
                </span>
                <button type="button" className="button" onClick={() => void scanner.device.dismiss(cmd.key)}>
                  {t.pending.seen}
                </button>
              </li>
            ))}
          </ul>
        </section>
      ) : null}
      <h2>{t.pending.last}</h2>
      {answered.length === 0 ? <p className="quiet">{t.pending.noLast}</p> : null}
      <ul className="entries" data-testid="answered">
        {answered.map((entry) => (
          <Line key={entry.key} entry={entry} />
        ))}
      </ul>
    </main>
  );
}

function Line({ entry }: { entry: Entry }) {
  const t = useWordsOfScan();
  const say = useSay();
  const { st, code } = entry;
  const bad = st === "rejected" || st === "unreadable";
  const odd = st === "applied_with_variance" || st === "pending";
  const Icon = bad ? CircleAlert : odd ? CircleHelp : st === "waiting" ? Clock : Check;
  return (
    <li className={`entry ${bad ? "stop" : odd ? "confirm" : st === "waiting" ? "kept" : "ok"}`}>
      <Icon aria-hidden />
      <span className="what">
        <b>{opName(t, entry.op)}</b> <bdi>{chosen(t, entry)}</bdi>
        <span className="quiet">
          {st === "waiting" ? t.said[entry.offline ? "kept" : "waiting"] : (t.said[st] ?? st)}
          {code ? `: ${say({ code, ...(entry.args && { args: entry.args }) }).words}` : ""}
        </span>
      </span>
      {entry.offline ? <CloudOff aria-label={t.connection.offline} className="quiet" /> : null}
      <time className="num quiet" dir="ltr">
        {new Date(entry.at).toLocaleTimeString("en-GB")}
      </time>
    </li>
  );
}

/** What was chosen of a list, in the words of the list. */
function chosen(t: ReturnType<typeof useWordsOfScan>, { op, shown }: Entry): string {
  const words: Record<string, Record<string, string>> = { choose: t.flows, condition: t.condition, grade: t.grade, disposition: t.disposition };
  return words[op]?.[shown] ?? shown;
}

function opName(t: ReturnType<typeof useWordsOfScan>, op: string): string {
  return t.ops[op] ?? t.act[op] ?? op;
}
