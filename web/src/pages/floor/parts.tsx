/** Small pieces that several tabs of the floor draw. */
import type { ReactNode } from "react";
import type { Problem } from "@/api/problem";
import { Link } from "@/app/nav";
import { useMay } from "@/app/session";
import { useFormat, useText } from "@/i18n";
import { en } from "@/i18n/en/floor";
import { ur } from "@/i18n/ur/floor";
import { useTopic } from "@/live/react";
import { topicCode } from "@/pages/parts/warehouse";
import { Button, cx, ErrorPanel, Ltr, Skeleton } from "@/ui";
import type { OrderRow } from "@/wire/munshi-v1";
import css from "./floor.module.css";

interface Query {
  isPending: boolean;
  error: Problem | null;
  data: unknown;
  refetch: () => unknown;
}

/** Loading and failure of a list, the same everywhere; nothing once there is something to show. */
export function Waiting({ query }: { query: Query }) {
  if (query.isPending) return <Skeleton lines={6} />;
  return query.error && !query.data ? <ErrorPanel error={query.error} onRetry={() => void query.refetch()} /> : null;
}

export function More({ query }: { query: { hasNextPage: boolean; isFetchingNextPage: boolean; fetchNextPage: () => unknown } }) {
  const t = useText({ en, ur });
  if (!query.hasNextPage) return null;
  return <div className={css.more}><Button busy={query.isFetchingNextPage} onPress={() => void query.fetchNextPage()}>{t.more}</Button></div>;
}

/** How much of something is done. */
export function Progress({ done, all }: { done: number; all: number }) {
  const t = useText({ en, ur });
  const format = useFormat();
  const part = all > 0 ? Math.min(1, done / all) : 0;
  return (
    <span>
      <span className="num">{t.progressOf(format.number(done), format.number(all))}</span>
      <span className={css.rail} aria-hidden><span className={cx(part === 1 && css.all)} style={{ inlineSize: `${part * 100}%` }} /></span>
    </span>
  );
}

/** What a record is about, as the server tells it: words and codes. */
export function About({ about }: { about: Record<string, string> }) {
  const t = useText({ en, ur });
  const may = useMay()("orders.read");
  const value = (key: string, text: string): ReactNode =>
    key === "order" && may ? <Link to={`/orders/${text}`}><Ltr mono>{text.slice(0, 8)}</Ltr></Link> : <Ltr mono>{text}</Ltr>;
  return (
    <dl className={css.about}>
      {Object.entries(about).map(([key, text]) => <div key={key}><dt>{t.aboutWords[key] ?? key.replaceAll("_", " ")}</dt><dd>{value(key, text)}</dd></div>)}
    </dl>
  );
}

/** An order by its number and customer while it is open here; later by the beginning of its id. */
export function OrderLink({ id, code }: { id: string; code: string }) {
  const may = useMay()("orders.read");
  const row = useTopic<OrderRow>(may ? `wh.${topicCode(code)}.orders` : null).rows.get(id)?.v;
  const text = <Ltr mono>{row?.number ?? id.slice(0, 8)}</Ltr>;
  return (
    <>
      {may ? <Link to={`/orders/${id}`}>{text}</Link> : text}
      {row ? <span className={css.note}><bdi>{row.customer}</bdi></span> : null}
    </>
  );
}
