/** States of a page that has nothing to show (yet), or had its request refused. */
import { CircleAlert, CloudOff, RotateCw } from "lucide-react";
import type { ReactNode } from "react";
import { asProblem } from "@/api/problem";
import { useText } from "@/i18n";
import { en } from "@/i18n/en/ui";
import { ur } from "@/i18n/ur/ui";
import { Button } from "./Button";
import { cx } from "./cx";
import css from "./Feedback.module.css";
import { Ltr } from "./Values";

export function Empty({ icon, title, children, action }: { icon?: ReactNode; title: string; children?: ReactNode; action?: ReactNode }) {
  return (
    <div className={css.empty}>
      {icon ? <span className={css.icon}>{icon}</span> : null}
      <p className={css.title}>{title}</p>
      {children ? <div className={css.text}>{children}</div> : null}
      {action}
    </div>
  );
}

/** Why something was refused or failed, what could be done, and a way to try again. */
export function ErrorPanel({ error, onRetry, inline }: { error: unknown; onRetry?: () => void; inline?: boolean }) {
  const t = useText({ en, ur });
  const problem = asProblem(error);
  const unreachable = problem.offline && problem.code !== "client_error";
  const said = unreachable ? t.problems.unreachable : t.problems[problem.code as keyof typeof t.problems];
  const title = unreachable
    ? t.unreachable
    : problem.status === 403 ? t.forbidden : problem.status === 404 ? t.notFound : t.failed;
  return (
    <div role="alert" className={cx(css.problem, inline && css.inline)}>
      {problem.offline ? <CloudOff aria-hidden /> : <CircleAlert aria-hidden />}
      <div className={css.said}>
        <p className={css.title}>{inline && !unreachable ? (said ?? <bdi>{problem.detail}</bdi>) : title}</p>
        {inline && !unreachable ? null : <p className={css.text}><bdi>{said ?? (problem.status === 404 ? t.notFoundText : problem.detail)}</bdi></p>}
        {problem.outcome === "unknown" ? <p className={css.text}>{t.unknown}</p> : null}
        {problem.fix ? <p className={css.text}>{t.fix}: <bdi>{problem.fix}</bdi></p> : null}
        {problem.requestId && problem.status >= 500 ? <p className={css.text}>{t.requestId} <Ltr mono>{problem.requestId}</Ltr></p> : null}
      </div>
      {onRetry ? <Button small icon={<RotateCw aria-hidden />} onPress={onRetry}>{t.retry}</Button> : null}
    </div>
  );
}

/** Grey bars where something will be. */
export function Skeleton({ lines = 3 }: { lines?: number }) {
  const t = useText({ en, ur });
  return (
    <div role="status" className={css.skeleton}>
      <span className="hidden-visually">{t.loading}</span>
      {Array.from({ length: lines }, (_, i) => <span key={i} className={css.bar} />)}
    </div>
  );
}
