/** One thread: what was said, how far each message came, and what a person can do about it. */
import { Phone, UserRoundCheck } from "lucide-react";
import { useGet } from "@/api/react";
import { usePathParams } from "@/app/nav";
import { useFormat, useText } from "@/i18n";
import { en } from "@/i18n/en/messages";
import { ur } from "@/i18n/ur/messages";
import { OrdersCard } from "@/pages/customers/OrdersCard";
import { Badge, cx, ErrorPanel, Page, Skeleton } from "@/ui";
import { PATHS } from "./data";
import { Messages } from "./Messages";
import css from "./messages.module.css";
import { useThreadNews } from "./news";
import { useSays, useWho } from "./parts";
import { PersonCard, QuestionsCard } from "./PersonCard";
import { ThreadActions } from "./ThreadActions";
import type { Conversation } from "./types";

export default function ThreadPage() {
  const { id } = usePathParams<{ id: string }>();
  const every = useThreadNews(id);
  const query = useGet(PATHS.thread, { path: { id } }, { every });
  if (query.data) return <Thread key={query.data.id} of={query.data} />;
  return <Waiting>{query.isPending ? <Skeleton lines={10} /> : <ErrorPanel error={query.error} onRetry={() => void query.refetch()} />}</Waiting>;
}

export function Waiting({ children }: { children: React.ReactNode }) {
  const t = useText({ en, ur });
  return <Page title={t.thread} up={{ to: "/messages", label: t.title }}>{children}</Page>;
}

export function Thread({ of }: { of: Conversation }) {
  const t = useText({ en, ur });
  return (
    <Page
      title={<bdi>{of.name}</bdi>} name={of.name} up={{ to: "/messages", label: t.title }} actions={<ThreadActions of={of} />}
      beside={of.user_id ? <Badge>{t.staff}</Badge> : null}
    >
      <Needs of={of} />
      <div className={css.columns}>
        <div className={css.stack}><Messages of={of} /></div>
        <div className={css.stack}>
          <PersonCard of={of} />
          <QuestionsCard of={of} />
          {of.customer_id ? <OrdersCard customer={of.customer_id} /> : null}
        </div>
      </div>
    </Page>
  );
}

function Needs({ of }: { of: Conversation }) {
  const t = useText({ en, ur });
  const format = useFormat();
  const says = useSays();
  const who = useWho();
  const call = of.questions.filter((one) => one.call && one.state === "open").map((one) => one.expires_at).sort()[0];
  return (
    <>
      {call ? <p className={cx(css.notice, css.bad)}><Phone aria-hidden /><span>{t.callDue} · {t.callUntil(format.dateTime(call))}</span></p> : null}
      {of.needs_agent ? (
        <p className={css.notice}>
          <UserRoundCheck aria-hidden /><span>{of.why ? t.needWhy(says("why", of.why)) : t.needsPerson} · {t.caredFor}: <bdi>{of.assigned_to ? who(of.assigned_to) : t.nobody}</bdi></span>
        </p>
      ) : null}
    </>
  );
}
