/** Short words about what just happened. An error stays until it is dismissed. */
import { CircleAlert, CircleCheck, X } from "lucide-react";
import type { ReactNode } from "react";
import { Text, UNSTABLE_Toast as AriaToast, UNSTABLE_ToastContent as ToastContent, UNSTABLE_ToastQueue as ToastQueue, UNSTABLE_ToastRegion as ToastRegion } from "react-aria-components";
import { asProblem } from "@/api/problem";
import { useText } from "@/i18n";
import { en } from "@/i18n/en/ui";
import { ur } from "@/i18n/ur/ui";
import { language } from "@/i18n/language";
import { IconButton } from "./Button";
import { cx } from "./cx";
import css from "./Toast.module.css";

interface Said {
  text: ReactNode;
  note?: ReactNode;
  bad?: boolean;
}

const queue = new ToastQueue<Said>({ maxVisibleToasts: 4 });

export const toast = {
  good(text: ReactNode, note?: ReactNode): void {
    queue.add({ text, note }, { timeout: 5000 });
  },
  bad(text: ReactNode, note?: ReactNode): void {
    queue.add({ text, note, bad: true });
  },
  /** Shows why something was refused. */
  problem(error: unknown): void {
    const t = language() === "ur" ? ur : en;
    const problem = asProblem(error);
    const said = t.problems[problem.code as keyof typeof t.problems] ?? problem.detail;
    const note = problem.outcome === "unknown" ? t.unknown : problem.fix ? `${t.fix}: ${problem.fix}` : undefined;
    queue.add({ text: said, note, bad: true });
  },
};

export function Toasts() {
  const t = useText({ en, ur });
  return (
    <ToastRegion queue={queue} className={css.region ?? ""}>
      {({ toast: item }) => (
        <AriaToast toast={item} className={cx(css.toast, item.content.bad && css.bad)}>
          {item.content.bad ? <CircleAlert aria-hidden /> : <CircleCheck aria-hidden />}
          <ToastContent className={css.content ?? ""}>
            <Text slot="title" elementType="div" dir="auto">{item.content.text}</Text>
            {item.content.note ? <Text slot="description" elementType="div" className={css.note} dir="auto">{item.content.note}</Text> : null}
          </ToastContent>
          <IconButton slot="close" small label={t.dismiss}><X aria-hidden /></IconButton>
        </AriaToast>
      )}
    </ToastRegion>
  );
}
