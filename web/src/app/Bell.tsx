/**
 * What the person is told (`user.{id}.inbox`): how much of it was not seen, and the list of it, newest first. What waited
 * and was decided by somebody else meanwhile stays in the list until it is seen; the page it leads to shows how it is.
 */
import { Bell as BellIcon } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { useText } from "@/i18n";
import { en } from "@/i18n/en/app";
import { ur } from "@/i18n/ur/app";
import { useStream } from "@/live/react";
import { Button, Dialog, IconButton } from "@/ui";
import type { UserNotice } from "@/wire/munshi-v1";
import css from "./Bell.module.css";
import { useMe } from "./session";

const Inbox = lazy(() => import("./Inbox"));
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
            <Suspense fallback={null}>
              <Inbox items={items} close={close} />
            </Suspense>
            <Button wide onPress={() => seen(last.off)}>{t.inbox.seen}</Button>
          </>
        ) : <p className={css.none}>{t.inbox.none}</p>}
      </Dialog>
    </span>
  );
}
