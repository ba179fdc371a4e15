/** The frame of a page: its name, what can be done, its parts. */
import { ChevronRight } from "lucide-react";
import { type ReactNode, useEffect } from "react";
import { Link } from "@/app/nav";
import { cx } from "./cx";
import css from "./Page.module.css";

export interface PageProps {
  title: ReactNode;
  /** For the window's name, when `title` is no text. */
  name?: string;
  /** Beside the title: status, counts. */
  beside?: ReactNode;
  actions?: ReactNode;
  /** Where it is under. */
  up?: { to: string; label: string };
  children: ReactNode;
  /** Uses the whole height for a list that scrolls by itself. */
  full?: boolean;
}

export function Page({ title, name, beside, actions, up, children, full }: PageProps) {
  const windowName = name ?? (typeof title === "string" ? title : "");
  useEffect(() => {
    document.title = windowName === "" ? "Munshi" : `${windowName} · Munshi`;
  }, [windowName]);
  return (
    <div className={cx(css.page, full && css.full)}>
      <header className={css.head}>
        <div className={css.names}>
          {up ? (
            <nav className={css.up}>
              <Link to={up.to}>{up.label}</Link>
              <ChevronRight aria-hidden />
            </nav>
          ) : null}
          <div className={css.line}>
            <h1 className={css.title}>{title}</h1>
            {beside}
          </div>
        </div>
        {actions ? <div className={css.actions} data-noprint>{actions}</div> : null}
      </header>
      {children}
    </div>
  );
}

/** Filters and switches above a list. */
export function Toolbar({ children, label }: { children: ReactNode; label: string }) {
  return <div role="group" aria-label={label} className={css.toolbar} data-noprint>{children}</div>;
}

export interface CardProps {
  title?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
  /** No space around the content (tables). */
  flush?: boolean;
  className?: string;
}

export function Card({ title, actions, children, flush, className }: CardProps) {
  return (
    <section className={cx(css.card, className)}>
      {title ? (
        <header className={css.cardHead}>
          <h2 className={css.cardTitle}>{title}</h2>
          {actions}
        </header>
      ) : null}
      <div className={flush ? css.flush : css.cardBody}>{children}</div>
    </section>
  );
}

/** Names and values. Those without a value are left out. */
export function Facts({ facts, columns }: { facts: [label: string, value: ReactNode][]; columns?: boolean }) {
  return (
    <dl className={cx(css.facts, columns && css.columns)}>
      {facts.filter(([, value]) => value !== null && value !== undefined && value !== "").map(([label, value]) => (
        <div key={label} className={css.fact}>
          <dt>{label}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
