import { usePeople } from "@/app/shop";
import { useMe } from "@/app/session";
import { useText, useWords } from "@/i18n";
import { en as enEvents } from "@/i18n/en/events";
import { en } from "@/i18n/en/order";
import { ur as urEvents } from "@/i18n/ur/events";
import { ur } from "@/i18n/ur/order";
import { Button, Card, ErrorPanel, Ltr, Skeleton, Timeline } from "@/ui";
import css from "./Order.module.css";
import { actorOf, type Deed, deedsOf, type Entry, reasonOf, toneOfEntry } from "./story";

export interface TimelineCardProps {
  entries: Entry[];
  loading: boolean;
  error: unknown;
  onMore: (() => void) | undefined;
}

export function TimelineCard({ entries, loading, error, onMore }: TimelineCardProps) {
  const t = useText({ en, ur });
  const who = useWho();
  return (
    <Card title={t.timeline}>
      {loading ? <Skeleton lines={5} /> : null}
      {error ? <ErrorPanel inline error={error} /> : null}
      <Timeline
        label={t.timeline}
        moments={[...entries].reverse().map((e) => ({
          key: String(e.seq), at: e.at, what: <Deeds deeds={deedsOf(e)} />, who: who(e), why: reasonOf(e), tone: toneOfEntry(e),
        }))}
      />
      {onMore ? <Button small wide onPress={onMore}>{t.more}</Button> : null}
    </Card>
  );
}

/** Who did it, as far as the reader may know. */
export function useWho(): (entry: Entry) => string {
  const t = useText({ en, ur });
  const me = useMe();
  const people = usePeople();
  return (entry) => {
    const actor = actorOf(entry);
    if ("munshi" in actor) return t.munshi;
    return actor.user === me.id ? `${me.name} (${t.you})` : (entry.by_name ?? people(actor.user) ?? t.colleague);
  };
}

function Deeds({ deeds }: { deeds: Deed[] }) {
  const t = useText({ en, ur });
  const events = useText<Record<string, string>>({ en: enEvents, ur: urEvents });
  const words = useWords();
  return (
    <>
      {deeds.map((d, i) => (
        <span key={i} className={css.deed}>
          {events[d.type] ?? d.type.replace(/([a-z])([A-Z])/g, "$1 $2")}
          {d.word ? `: ${words(d.word.group, d.word.word)}` : ""}
          {d.booking ? <>: <Ltr>{d.booking}</Ltr></> : null}
          {d.units > 0 ? <span className={css.faint}> {t.units(d.units)}</span> : null}
          {d.places.length > 0 ? <span className={css.faint}> <Ltr>{d.places.join(", ")}</Ltr></span> : null}
        </span>
      ))}
    </>
  );
}
