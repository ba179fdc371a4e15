import { Link } from "@/app/nav";
import { useMay, useMe } from "@/app/session";
import { useText, useWords } from "@/i18n";
import { en } from "@/i18n/en/order";
import { ur } from "@/i18n/ur/order";
import { Badge, buttonClass, Card, type Tone } from "@/ui";
import css from "./Order.module.css";
import { useReason } from "./reasons";
import type { Order } from "./useOrder";

const TONES: Record<string, Tone> = { active: "warn", open: "warn", approved: "good", rejected: "bad", changes_requested: "warn" };

/** Why somebody has to decide, and how far it is. */
export function ApprovalCard({ order, past }: { order: Order; past: boolean }) {
  const t = useText({ en, ur });
  const words = useWords();
  const me = useMe();
  const may = useMay();
  const reason = useReason();
  const approval = order.approval;
  if (!approval) return null;
  const mine = approval.steps.find((s) => s.state === "active" && me.roles.includes(s.role));
  return (
    <Card
      title={<>{t.approval} <Badge tone={TONES[approval.state] ?? "neutral"}>{words("step", approval.state)}</Badge></>}
      actions={!past && mine && may("approvals.vote") ? <Link to="/approvals" search={{ step: mine.step }} className={buttonClass("primary", true)}>{t.actions.decide}</Link> : null}
    >
      <ul className={css.why}>{approval.trace.map((why, i) => <li key={i}>{reason(why)}</li>)}</ul>
      <ul className={css.steps}>
        {approval.steps.map((s) => (
          <li key={s.step}><span>{words("role", s.role)}</span><Badge tone={TONES[s.state] ?? "neutral"}>{words("step", s.state)}</Badge></li>
        ))}
      </ul>
    </Card>
  );
}
