import type { ReactNode } from "react";
import { cx } from "./cx";
import type { Tone } from "./Status";
import css from "./Timeline.module.css";
import { When } from "./Values";

export interface Moment {
  key: string;
  at: string;
  what: ReactNode;
  who?: ReactNode;
  why?: ReactNode;
  tone?: Tone;
  icon?: ReactNode;
  detail?: ReactNode;
}

/** Who did what, when and why, newest first or as given. */
export function Timeline({ label, moments }: { label: string; moments: Moment[] }) {
  return (
    <ol aria-label={label} className={css.list}>
      {moments.map((m) => (
        <li key={m.key} className={css.item}>
          <span className={cx(css.dot, m.tone && css[m.tone])}>{m.icon}</span>
          <div className={css.body}>
            <p className={css.what}>{m.what}</p>
            <p className={css.who}>{m.who ? <><bdi>{m.who}</bdi> · </> : null}<When at={m.at} as="dateTime" /></p>
            {m.why ? <blockquote className={css.why}><bdi>{m.why}</bdi></blockquote> : null}
            {m.detail}
          </div>
        </li>
      ))}
    </ol>
  );
}
