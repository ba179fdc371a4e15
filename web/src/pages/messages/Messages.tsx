/** What was said with one person, and the field to answer in: on the thread's page, and beside an order. */
import { type ReactNode, useEffect } from "react";
import { useList } from "@/api/react";
import { useText } from "@/i18n";
import { en } from "@/i18n/en/messages";
import { ur } from "@/i18n/ur/messages";
import { Card, cx, ErrorPanel, Skeleton } from "@/ui";
import { PATHS } from "./data";
import css from "./messages.module.css";
import { useThreadNews } from "./news";
import { looked } from "./order";
import { More } from "./parts";
import { Reply } from "./Reply";
import { ThreadItems } from "./ThreadItems";
import type { Conversation, ThreadEntry } from "./types";

export interface MessagesProps {
  of: Conversation;
  actions?: ReactNode;
  /** Above what was said. */
  head?: ReactNode;
  /** Beside something else: less high. */
  beside?: boolean;
}

export function Messages({ of, actions, head, beside }: MessagesProps) {
  const t = useText({ en, ur });
  const list = useList(PATHS.entries, { path: { id: of.id } }, { every: useThreadNews(of.id) });
  const entries = list.rows as unknown as ThreadEntry[];
  useLooked(of.id, entries.find((entry) => entry.event.type === "InboundReceived")?.at ?? null);
  return (
    <Card title={t.messages} actions={actions} flush>
      {head}
      {list.isPending ? <div className={css.pad}><Skeleton lines={6} /></div> : null}
      {list.error && !list.data ? <div className={css.pad}><ErrorPanel error={list.error} onRetry={() => void list.refetch()} /></div> : null}
      {list.data && entries.length === 0 ? <p className={css.pad}>{t.noEntries}</p> : null}
      {entries.length > 0 ? (
        <div className={cx(css.scroll, beside && css.low)} tabIndex={0} role="region" aria-label={t.messages}>
          <div><More list={list} label={t.older} /><ThreadItems entries={entries} short={beside} /></div>
        </div>
      ) : null}
      <Reply of={of} />
    </Card>
  );
}

/** Up to the newest message of the person the thread was looked at, as soon as somebody does. */
function useLooked(id: string, newest: string | null): void {
  useEffect(() => {
    if (newest === null) return;
    const look = () => {
      if (document.visibilityState === "visible") looked(id, newest);
    };
    look();
    document.addEventListener("visibilitychange", look);
    return () => document.removeEventListener("visibilitychange", look);
  }, [id, newest]);
}
