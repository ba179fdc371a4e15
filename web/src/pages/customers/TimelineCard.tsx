import { useList } from "@/api/react";
import { useText } from "@/i18n";
import { en } from "@/i18n/en/customers";
import { ur } from "@/i18n/ur/customers";
import { useActor } from "@/pages/parts/actor";
import { Button, Card, ErrorPanel, type Moment, Skeleton, Timeline } from "@/ui";
import css from "./customers.module.css";

/** What happened to a customer, as the journal has it. */
export function TimelineCard({ customer }: { customer: string }) {
  const t = useText({ en, ur });
  const actor = useActor();
  const query = useList("/api/v1/customers/{id}/events", { path: { id: customer } }, { every: 30_000 });
  const moments: Moment[] = query.rows.map((entry) => ({
    key: String(entry.seq), at: entry.at, what: t.commands[entry.command] ?? entry.command, who: entry.by_name ?? actor(entry.by), why: entry.reason,
    tone: entry.command === "BlockCustomer" ? "bad" : undefined,
  }));
  return (
    <Card title={t.timeline}>
      {query.isPending ? <Skeleton lines={4} /> : null}
      {query.error && !query.data ? <ErrorPanel error={query.error} onRetry={() => void query.refetch()} /> : null}
      {moments.length > 0 ? <Timeline label={t.timeline} moments={moments.reverse()} /> : null}
      {query.hasNextPage ? <div className={css.more}><Button busy={query.isFetchingNextPage} onPress={() => void query.fetchNextPage()}>{t.moreEvents}</Button></div> : null}
    </Card>
  );
}
