/** Moves between the pages of one area; what one may not see is not offered. */
import { useEffect, useRef } from "react";
import { cx } from "@/ui";
import { Link } from "./nav";
import css from "./PartsNav.module.css";
import { useMay } from "./session";

export interface AreaPart<Id extends string> {
  id: Id;
  to: string;
  permission: string;
}

export interface PartsNavProps<Id extends string> {
  label: string;
  parts: readonly AreaPart<Id>[];
  names: Record<Id, string>;
  now: Id;
}

export function PartsNav<Id extends string>({ label, parts, names, now }: PartsNavProps<Id>) {
  const may = useMay();
  const shown = useRef<HTMLAnchorElement>(null);
  // On a phone the row is wider than the page: the part that is open is in sight.
  useEffect(() => shown.current?.scrollIntoView({ block: "nearest", inline: "nearest" }), []);
  return (
    <nav aria-label={label} className={css.nav} data-noprint>
      {parts.filter((part) => may(part.permission)).map((part) => (
        <Link key={part.id} ref={part.id === now ? shown : undefined} to={part.to} className={cx(css.part, part.id === now && css.now)} aria-current={part.id === now ? "page" : undefined}>
          {names[part.id]}
        </Link>
      ))}
    </nav>
  );
}
