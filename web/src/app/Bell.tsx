/**
 * What the person is told (`user.{id}.inbox`): how much of it was not seen, and the list of it, newest first. What waited
 * and was decided by somebody else meanwhile stays in the list until it is seen; the page it leads to shows how it is.
 */
import { Bell as BellIcon, CircleAlert, CircleCheck, ListTodo } from "lucide-react";
import { useState } from "react";
import { useText } from "@/i18n";
import { en } from "@/i18n/en/app";
import { ur } from "@/i18n/ur/app";
import { useStream } from "@/live/react";
import { Button, Dialog, IconButton, When } from "@/ui";
import type { UserNotice } from "@/wire/munshi-v1";
import css from "./Bell.module.css";
import { Link } from "./nav";
import { useMe } from "./session";

const ICONS = { info: CircleCheck, warning: CircleAlert, action: ListTodo };
/** More than this is not counted out. */
const MANY = 99;

export function Bell() {
  const t = useText({ en, ur });
  const { id } = useMe();
  const [open, setOpen] = useState(false);
  const { state, items, seen } = useStream<UserNotice>(id === "" ? null : `user.${id.replaceAll("-", "")}.inbox`);
  // A server that is older than this page has no inboxes.
  if (state === "refused") return null;
  const last = items.at(-1);
  const close = () => setOpen(false);
  return (
    <span className={css.bell}>
      <IconButton label={items.length > 0 ? t.inbox.open(items.length) : t.inbox.none} onPress={() => setOpen(true)}>
        <BellIcon aria-hidden />
      </IconButton>
      {items.length > 0 ? <span className={css.count} aria-hidden>{items.length > MANY ? `${MANY}+` : items.length}</span> : null}
      <Dialog open={open} onClose={close} title={t.inbox.title} drawer>
        {last ? (
          <>
            <ul className={css.list}>
              {items.toReversed().map((item) => <li key={item.off} className={css[item.v.level]}><Notice notice={item.v} close={close} /></li>)}
            </ul>
            <Button wide onPress={() => seen(last.off)}>{t.inbox.seen}</Button>
          </>
        ) : <p className={css.none}>{t.inbox.none}</p>}
      </Dialog>
    </span>
  );
}

function Notice({ notice, close }: { notice: UserNotice; close: () => void }) {
  const Icon = ICONS[notice.level];
  const [to = "/", query] = notice.link?.split("?") ?? [];
  const words = <bdi>{notice.text}</bdi>;
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
