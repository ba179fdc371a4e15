/** Moves between the pages of one area; what one may not see is not offered. */
import { useRef } from "react";
import { cx } from "@/ui";
import { useInSight } from "@/ui/useInSight";
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
  const row = useRef<HTMLElement>(null);
  useInSight(row, '[aria-current="page"]', now);
  return (
    <nav ref={row} aria-label={label} className={css.nav} data-noprint>
      {parts.filter((part) => may(part.permission)).map((part) => (
        <Link key={part.id} to={part.to} className={cx(css.part, part.id === now && css.now)} aria-current={part.id === now ? "page" : undefined}>
          {names[part.id]}
        </Link>
      ))}
    </nav>
  );
}
