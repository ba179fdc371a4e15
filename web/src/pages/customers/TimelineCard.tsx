import { useInfiniteQuery } from "@tanstack/react-query";
import { fill, request } from "@/api/client";
import type { Problem } from "@/api/problem";
import type { Listed, Schema } from "@/api/react";
import { useText } from "@/i18n";
import { en } from "@/i18n/en/customers";
import { ur } from "@/i18n/ur/customers";
import { useActor } from "@/pages/parts/actor";
import { Button, Card, ErrorPanel, type Moment, Skeleton, Timeline } from "@/ui";
import css from "./customers.module.css";

type Entry = Schema["TimelineEntry"];
const PATH = "/api/v1/customers/{id}/events";

/** What happened to a customer, as the journal has it. */
export function TimelineCard({ customer }: { customer: string }) {
  const t = useText({ en, ur });
  const actor = useActor();
  const query = useInfiniteQuery<Listed<Entry>, Problem, { pages: Listed<Entry>[] }, readonly unknown[], string | null>({
    queryKey: [PATH, { id: customer }, "pages"],
    queryFn: ({ pageParam, signal }) => request("GET", fill(PATH, { id: customer }), { query: { limit: 100, after: pageParam }, signal }),
    initialPageParam: null,
    getNextPageParam: (page) => page.next ?? null,
  });
  const entries = query.data?.pages.flatMap((page) => page.items) ?? [];
  const missing = query.error?.status === 404;
  const moments: Moment[] = entries.map((entry) => ({
    key: String(entry.seq), at: entry.at, what: t.commands[entry.command] ?? entry.command, who: actor(entry.by), why: entry.reason,
    tone: entry.command === "BlockCustomer" ? "bad" : undefined,
  }));
  return (
    <Card title={t.timeline}>
      {query.isPending ? <Skeleton lines={4} /> : null}
      {missing ? <p className={css.quiet}>{t.noTimeline}</p> : null}
      {query.error && !missing ? <ErrorPanel error={query.error} onRetry={() => void query.refetch()} /> : null}
      {moments.length > 0 ? <Timeline label={t.timeline} moments={moments.reverse()} /> : null}
      {query.hasNextPage ? <div className={css.more}><Button busy={query.isFetchingNextPage} onPress={() => void query.fetchNextPage()}>{t.moreEvents}</Button></div> : null}
    </Card>
  );
}
