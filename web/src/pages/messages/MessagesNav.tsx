/** Moves between the parts of messages; what one may not see is not offered. */
import { Link } from "@/app/nav";
import { useMay } from "@/app/session";
import { useText } from "@/i18n";
import { en } from "@/i18n/en/messages";
import { ur } from "@/i18n/ur/messages";
import { cx } from "@/ui";
import css from "./messages.module.css";

const PARTS = [
  { id: "threads", to: "/messages", permission: "messages.read" },
  { id: "dead", to: "/messages/dead-letters", permission: "connections.read" },
  { id: "connections", to: "/messages/connections", permission: "connections.read" },
  { id: "templates", to: "/messages/templates", permission: "messages.read" },
] as const;

export function MessagesNav({ now }: { now: (typeof PARTS)[number]["id"] }) {
  const t = useText({ en, ur });
  const may = useMay();
  return (
    <nav aria-label={t.parts} className={css.nav} data-noprint>
      {PARTS.filter((part) => may(part.permission)).map((part) => (
        <Link key={part.id} to={part.to} className={cx(css.part, part.id === now && css.now)} aria-current={part.id === now ? "page" : undefined}>
          {t.tabs[part.id]}
        </Link>
      ))}
    </nav>
  );
}
