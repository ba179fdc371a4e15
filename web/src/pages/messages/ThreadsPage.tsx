/** Threads with customers and staff: calls that are due and those that need a person first. */
import { MessagesSquare, Phone, UserRoundCheck } from "lucide-react";
import { useMemo } from "react";
import { useList } from "@/api/react";
import { useGo, useSearch, useSetSearch } from "@/app/nav";
import { useMe } from "@/app/session";
import { useFormat, useText } from "@/i18n";
import { en } from "@/i18n/en/messages";
import { ur } from "@/i18n/ur/messages";
import { Badge, type Column, cx, DataTable, Empty, ErrorPanel, Ltr, Page, Select, Skeleton, Toolbar, When } from "@/ui";
import { PATHS } from "./data";
import css from "./messages.module.css";
import { MessagesNav } from "./MessagesNav";
import { useThreadsNews } from "./news";
import { byNeed, unreadIn, type View, viewOf, VIEWS } from "./order";
import { useSays, useWho } from "./parts";
import type { ConversationRow as Row } from "./types";

const QUERY: Record<View, (me: string) => Record<string, string | boolean>> = {
  all: () => ({}), agent: () => ({ needs_agent: true }), calls: () => ({ call_due: true }), mine: (me) => ({ assigned_to: me }),
};

/** The threads of a view. Among all of them, those with a need come first wherever they stand by time. */
function useThreads(view: View) {
  const me = useMe();
  const whole = view === "all";
  const options = { every: useThreadsNews(), keep: true };
  const list = useList(PATHS.threads, { query: QUERY[view](me.id) }, options);
  const calls = useList(PATHS.threads, { query: QUERY.calls(me.id) }, { ...options, enabled: whole });
  const agent = useList(PATHS.threads, { query: QUERY.agent(me.id) }, { ...options, enabled: whole });
  const rows = useMemo(() => (whole ? byNeed(calls.rows, agent.rows, list.rows) : byNeed(list.rows)), [whole, calls.rows, agent.rows, list.rows]);
  return { list, rows };
}

export default function ThreadsPage() {
  const t = useText({ en, ur });
  const go = useGo();
  const { view: asked } = useSearch();
  const setSearch = useSetSearch();
  const view = viewOf(asked);
  const { list, rows } = useThreads(view);
  const columns = useColumns();
  const isUnread = unreadIn();
  const none = view === "all"
    ? <Empty icon={<MessagesSquare aria-hidden />} title={t.emptyTitle}>{t.emptyText}</Empty>
    : <Empty title={t.emptyView}>{t.emptyViewText}</Empty>;
  return (
    <Page title={t.title} full>
      <MessagesNav now="threads" />
      <Toolbar label={t.filter}>
        <Select
          label={t.filter} hideLabel value={view} options={VIEWS.map((id) => ({ id, label: t.views[id] }))}
          onChange={(id) => setSearch({ view: id === "all" ? "" : id })}
        />
      </Toolbar>
      {list.isPending ? <Skeleton lines={12} /> : null}
      {list.error && !list.data ? <ErrorPanel error={list.error} onRetry={() => void list.refetch()} /> : null}
      {list.data ? (
        <DataTable
          label={t.table} columns={columns} rows={rows} rowKey={(row) => row.id} empty={none} onOpen={(row) => go(`/messages/${row.id}`)}
          rowName={(row) => (isUnread(row) ? `${row.name}, ${t.unread}` : row.name)} more={list.hasNextPage} onEnd={() => void list.fetchNextPage()}
          foot={list.isFetchingNextPage ? <Skeleton lines={1} /> : null}
          card={(row) => (
            <div className={css.card}>
              <div className={css.cardHead}><Name row={row} /><LastWrote row={row} /></div>
              <div className={css.cardHead}><Need row={row} /><Orders row={row} most={1} /></div>
            </div>
          )}
        />
      ) : null}
    </Page>
  );
}

function useColumns(): Column<Row>[] {
  const t = useText({ en, ur });
  const who = useWho();
  return [
    { id: "name", name: t.person, width: "minmax(11rem, 1.6fr)", cell: (row) => <Name row={row} /> },
    { id: "need", name: t.need, width: "minmax(15rem, 3.2fr)", cell: (row) => <Need row={row} line /> },
    { id: "orders", name: t.orders, width: "minmax(9rem, 1.2fr)", wide: true, cell: (row) => <Orders row={row} most={1} /> },
    {
      id: "who", name: t.caredFor, width: "minmax(8rem, 1fr)", wide: true,
      cell: (row) => (row.assigned_to ? <bdi>{who(row.assigned_to)}</bdi> : row.needs_agent ? t.nobody : "–"),
    },
    { id: "last", name: t.lastWrote, width: "minmax(7rem, 0.8fr)", cell: (row) => <LastWrote row={row} /> },
  ];
}

function Name({ row }: { row: Row }) {
  const t = useText({ en, ur });
  const unread = unreadIn()(row);
  return (
    <span className={css.name}>
      {unread ? <span className={css.dot} role="img" aria-label={t.unread} title={t.unread} /> : null}
      <bdi className={cx(css.strong, unread && css.unread)}>{row.name}</bdi>
      {row.user_id ? <Badge>{t.staff}</Badge> : null}
    </span>
  );
}

function Need({ row, line }: { row: Row; line?: boolean }) {
  const t = useText({ en, ur });
  const format = useFormat();
  const says = useSays();
  const call = row.call_due ? (row.call_until ? t.callUntil(format.dateTime(row.call_until)) : t.callDue) : null;
  const quiet = row.open_questions > 0 ? t.waiting(row.open_questions, format.number(row.open_questions)) : null;
  return (
    <span className={cx(css.badges, line && css.line)}>
      {call ? <Badge tone="bad" icon={<Phone aria-hidden />}>{call}</Badge> : null}
      {row.needs_agent ? <Badge tone="warn" icon={<UserRoundCheck aria-hidden />}>{row.why ? says("why", row.why) : t.needsPerson}</Badge> : null}
      {call || row.needs_agent ? null : <span className={css.quiet}>{quiet ?? t.nothingNeeded}</span>}
    </span>
  );
}

function Orders({ row, most }: { row: Row; most: number }) {
  if (row.orders.length === 0) return <span className={css.quiet}>–</span>;
  const rest = row.orders.length - most;
  return (
    <span className={cx(css.badges, css.quiet)}>
      {row.orders.slice(0, most).map((number) => <Ltr key={number} mono>{number}</Ltr>)}
      {rest > 0 ? <Ltr>{`+${rest}`}</Ltr> : null}
    </span>
  );
}

function LastWrote({ row }: { row: Row }) {
  const t = useText({ en, ur });
  return <span className={css.quiet}>{row.last_inbound_at ? <When at={row.last_inbound_at} /> : t.never}</span>;
}
