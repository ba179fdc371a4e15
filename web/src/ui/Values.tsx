/** Small values that must look the same everywhere: money, times, codes. */
import { type PointerEvent, type ReactNode, useEffect, useState } from "react";
import { useFormat } from "@/i18n";
import { cx } from "./cx";

/** Codes, phones, addresses of e-mail: left to right and apart from the text around them. */
export function Ltr({ children, mono }: { children: ReactNode; mono?: boolean }) {
  return <bdi dir="ltr" className={cx("ltr", "num", mono && "mono")}>{children}</bdi>;
}

export function Money({ amount, currency }: { amount: string; currency: string }) {
  return <bdi dir="ltr" className="ltr num whole">{useFormat().moneyText(amount, currency)}</bdi>;
}

export function Num({ value }: { value: number }) {
  return <Ltr>{useFormat().number(value)}</Ltr>;
}

/** A moment: how long ago, or the date; its exact time on hover. */
export function When({ at, as = "ago" }: { at: string | number | null | undefined; as?: "ago" | "date" | "time" | "dateTime" }) {
  const format = useFormat();
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    if (as !== "ago") return;
    const timer = setInterval(() => setNow(Date.now()), 30_000);
    return () => clearInterval(timer);
  }, [as]);
  if (at === null || at === undefined) return <>–</>;
  const text = as === "ago" ? (Math.abs(now - new Date(at).getTime()) < 6 * 86_400_000 ? format.ago(at, Math.max(now, Date.now())) : format.date(at)) : format[as](at);
  // The long form is written when somebody points at it: a list has hundreds of them.
  const explain = (event: PointerEvent<HTMLTimeElement>) => {
    event.currentTarget.title = format.exact(at);
  };
  return <time dateTime={new Date(at).toISOString()} onPointerEnter={explain} className={as === "ago" ? "num whole" : "num"}>{text}</time>;
}

export function Kbd({ children }: { children: ReactNode }) {
  return <kbd className="mono" dir="ltr">{children}</kbd>;
}
