import type { ReactNode } from "react";
import { useWords } from "@/i18n";
import { cx } from "./cx";
import css from "./Status.module.css";

export type Tone = "neutral" | "info" | "accent" | "good" | "warn" | "bad";

/** A word in a colour. The word says it all; the colour only helps to find it. */
export function Badge({ tone = "neutral", icon, children }: { tone?: Tone; icon?: ReactNode; children: ReactNode }) {
  return <span className={cx(css.badge, css[tone])}>{icon}{children}</span>;
}

const TONES: Record<string, Tone> = {
  draft: "neutral", placing: "neutral", pending: "warn", pending_approval: "warn", approved: "info", processing: "info",
  shipped: "accent", delivered: "good", returned: "neutral", canceled: "neutral", rejected: "bad", expired: "neutral",
  discarded: "neutral", pending_cancellation: "bad",
};

export function toneOf(status: string): Tone {
  return TONES[status] ?? "neutral";
}

/** The display status of an order. */
export function OrderStatus({ status }: { status: string }) {
  const words = useWords();
  return <span className={cx(css.badge, css.dotted, css[toneOf(status)])}>{words("status", status)}</span>;
}

const LOUD = new Set(["on_hold", "backorder", "returning", "change_pending"]);

/** What else a person should see about an order. */
export function OrderBadges({ badges }: { badges: string[] }) {
  const words = useWords();
  return badges.map((b) => <Badge key={b} tone={b === "on_hold" ? "bad" : LOUD.has(b) ? "warn" : "neutral"}>{words("badge", b)}</Badge>);
}

/** A number that wants attention. Nought is not shown. */
export function Count({ value, tone = "neutral" }: { value: number; tone?: Tone }) {
  return value > 0 ? <span className={cx(css.count, css[tone], "num")}>{value > 999 ? "999+" : value}</span> : null;
}
