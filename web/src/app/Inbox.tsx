/**
 * The list of what the person is told. Loaded when it is opened: it brings the words of the floor's codes.
 */
import { CircleAlert, CircleCheck, ListTodo } from "lucide-react";
import { useText } from "@/i18n";
import { en } from "@/i18n/en/inbox";
import { ur } from "@/i18n/ur/inbox";
import { When } from "@/ui";
import type { UserNotice } from "@/wire/munshi-v1";
import css from "./Bell.module.css";
import { inWords } from "./inbox-words";
import { Link } from "./nav";

const ICONS = { info: CircleCheck, warning: CircleAlert, action: ListTodo };

export default function Inbox({ items, close }: { items: readonly { off: number; v: UserNotice }[]; close: () => void }) {
  return (
    <ul className={css.list}>
      {items.toReversed().map((item) => <li key={item.off} className={css[item.v.level]}><Notice notice={item.v} close={close} /></li>)}
    </ul>
  );
}

function Notice({ notice, close }: { notice: UserNotice; close: () => void }) {
  const t = useText({ en, ur });
  const Icon = ICONS[notice.level];
  const [to = "/", query] = notice.link?.split("?") ?? [];
  const said = inWords(notice, t);
  // What the server says is in its own language; what is said here reads the way the page does, even if it begins with a name.
  const words = said === notice.text ? <bdi>{said}</bdi> : said;
  return (
    <>
      <Icon aria-hidden />
      <span>
        {notice.link ? <Link to={to} search={Object.fromEntries(new URLSearchParams(query))} onClick={close}>{words}</Link> : words}
        <small><When at={notice.at} /></small>
      </span>
    </>
  );
}
