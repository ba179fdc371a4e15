/** What was said, oldest first: in from one side, out from the other, and lines between. */
import { Check, CheckCheck, CircleAlert, CircleHelp, CircleSlash, Clock, Phone } from "lucide-react";
import { type ReactNode, useMemo } from "react";
import { useFormat, useText } from "@/i18n";
import { en } from "@/i18n/en/messages";
import { ur } from "@/i18n/ur/messages";
import { cx, When } from "@/ui";
import css from "./messages.module.css";
import { useSays, useWho } from "./parts";
import { type Called, type Item, type Noted, readThread, type Received, type Sent } from "./thread";
import type { ThreadEntry } from "./types";
import { Words } from "./Words";

/** `short`: a mail sent by rule says the same as the message beside it, so it is named and not repeated. */
export function ThreadItems({ entries, short = false }: { entries: ThreadEntry[]; short?: boolean }) {
  const items = useMemo(() => readThread(entries), [entries]);
  return <div className={css.list}>{items.map((item) => <One key={item.key} item={item} short={short} />)}</div>;
}

function One({ item, short }: { item: Item; short: boolean }) {
  switch (item.kind) {
    case "sent": return <SentMessage of={item} named={short && item.channel === "email" && item.author === null} />;
    case "received": return <ReceivedMessage of={item} />;
    case "called": return <CallNote of={item} />;
    case "noted": return <Note of={item} />;
  }
}

function SentMessage({ of, named }: { of: Sent; named: boolean }) {
  const t = useText({ en, ur });
  const format = useFormat();
  const says = useSays();
  const who = useWho();
  return (
    <article className={cx(css.message, css.sent)}>
      {of.text && !named ? <Words text={of.text} channel={of.channel} dir="auto" lang={of.language || undefined} /> : <p>{says("kind", of.about)}</p>}
      <p className={css.meta}>
        <When at={of.at} as="dateTime" /><span>{says("channel", of.channel)}</span>
        {of.author || (of.text && !named) ? <span>{of.author ? t.by(who(of.author)) : says("kind", of.about)}</span> : null}
        {of.attempts > 1 ? <span>{t.attempt(format.number(of.attempts))}</span> : null}
        <Tick status={of.status} code={of.code} />
      </p>
    </article>
  );
}

const TICKS: Record<string, ReactNode> = {
  queued: <Clock aria-hidden />, unknown: <CircleHelp aria-hidden />, accepted: <Check aria-hidden />, sent: <Check aria-hidden />,
  delivered: <CheckCheck aria-hidden />, read: <CheckCheck aria-hidden />, failed: <CircleAlert aria-hidden />,
  expired: <CircleSlash aria-hidden />, suppressed: <CircleSlash aria-hidden />,
};

/** How far a message came: a sign and a word, and why it did not arrive. */
function Tick({ status, code }: { status: string; code: string | null }) {
  const says = useSays();
  const bad = status === "failed" || status === "expired" || status === "suppressed";
  return (
    <span className={cx(css.tick, bad && css.tickBad, status === "read" && css.tickRead)}>
      {TICKS[status]}{says("status", status)}{code ? <> · <bdi>{says("code", code)}</bdi></> : null}
    </span>
  );
}

function ReceivedMessage({ of }: { of: Received }) {
  const t = useText({ en, ur });
  const says = useSays();
  return (
    <article className={cx(css.message, css.received)}>
      {of.media !== null ? <p className={css.quiet}>{t.media(of.media)}</p> : null}
      {of.text ? <p className={css.words} dir="auto">{of.text}</p> : null}
      <p className={css.meta}><When at={of.at} as="dateTime" /><span>{says("channel", of.channel)}</span>{of.button ? <span>{t.button}</span> : null}</p>
    </article>
  );
}

function CallNote({ of }: { of: Called }) {
  const t = useText({ en, ur });
  const says = useSays();
  const who = useWho();
  return (
    <article className={cx(css.message, css.called)}>
      <p className={css.tick}><Phone aria-hidden />{t.called(says("outcome", of.outcome))}</p>
      {of.note ? <p className={css.words} dir="auto">{of.note}</p> : null}
      <p className={css.meta}><When at={of.at} as="dateTime" />{of.by ? <span>{t.by(who(of.by))}</span> : null}</p>
    </article>
  );
}

function Note({ of }: { of: Noted }) {
  return <p className={css.note}>{useNote(of)} · <When at={of.at} as="dateTime" /></p>;
}

function useNote({ what, word, who: id }: Noted): string {
  const { notes } = useText({ en, ur });
  const says = useSays();
  const name = useWho();
  const who = id === null ? null : name(id);
  switch (what) {
    case "assigned": return notes.assigned(who, says("why", word ?? ""));
    case "resolved": return notes.resolved(who);
    case "answered": return notes.answered(says("choice", word ?? ""));
    case "language": return notes.language(says("language", word ?? ""));
    case "preference": return notes.preference(says("kind", word ?? ""));
    case "question_expired": return notes.question_expired;
    case "call_due": return notes.call_due;
    default: return notes[what](says("channel", word ?? ""));
  }
}
