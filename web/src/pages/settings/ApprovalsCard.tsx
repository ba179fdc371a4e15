import { Plus, Trash2 } from "lucide-react";
import { useText, useWords } from "@/i18n";
import { en } from "@/i18n/en/settings";
import { ur } from "@/i18n/ur/settings";
import { Button, Card, Field, IconButton, Select } from "@/ui";
import { Fields } from "@/ui/FormDialog";
import { WholeField } from "@/ui/WholeField";
import type { ApprovalRule } from "./model";
import css from "./settings.module.css";
import type { CardProps } from "./ShopPage";

const HOUR = 3_600;
/** Roles that may vote (docs of the permission `approvals.vote`). */
const DECIDERS = ["sales_manager", "finance", "admin"] as const;

/** Above which totals an order waits for whom, and for how long. */
export function ApprovalsCard({ shop, change, refused, readOnly }: CardProps) {
  const t = useText({ en, ur }).shop;
  const rules = shop.approval_rules;
  const put = (index: number, rule: ApprovalRule) => change({ approval_rules: rules.map((old, at) => (at === index ? rule : old)) });
  const add = () =>
    change({ approval_rules: [...rules, { over: { amount: "100000", currency: shop.currency }, queue: "sales", role: "sales_manager" }] });
  const drop = (index: number) => change({ approval_rules: rules.filter((_, at) => at !== index) });
  const hours = (label: string, key: "remind_after_seconds" | "escalate_after_seconds" | "approval_expires_seconds") => (
    <WholeField
      label={`${label} (${t.hours})`} min={0} max={8_760} value={Math.round(shop[key] / HOUR)} isDisabled={readOnly} error={refused(`/${key}`)}
      onChange={(value) => Number.isFinite(value) && change({ [key]: value * HOUR })}
    />
  );
  return (
    <Card title={t.approvals} actions={readOnly ? null : <Button small icon={<Plus aria-hidden />} onPress={add}>{t.addRule}</Button>}>
      <div className={css.stack}>
        <p className={css.hint}>{t.approvalsText}</p>
        {rules.length === 0 ? <p>{t.noRules}</p> : null}
        {rules.map((rule, index) => (
          <RuleRow key={index} rule={rule} put={(next) => put(index, next)} drop={() => drop(index)} readOnly={readOnly} />
        ))}
        {refused("/approval_rules") ? <p className={css.bad}>{refused("/approval_rules")}</p> : null}
        <Fields>
          {hours(t.remind, "remind_after_seconds")}
          {hours(t.escalate, "escalate_after_seconds")}
          {hours(t.expires, "approval_expires_seconds")}
        </Fields>
        <p className={css.hint}>{t.never}</p>
      </div>
    </Card>
  );
}

function RuleRow({ rule, put, drop, readOnly }: { rule: ApprovalRule; put: (rule: ApprovalRule) => void; drop: () => void; readOnly: boolean }) {
  const t = useText({ en, ur }).shop;
  const words = useWords();
  const roles = DECIDERS.some((role) => role === rule.role) ? [...DECIDERS] : [...DECIDERS, rule.role];
  return (
    <div className={css.row}>
      <Field label={`${t.over} (${rule.over.currency})`} ltr value={rule.over.amount} isReadOnly={readOnly} onChange={(amount) => put({ ...rule, over: { ...rule.over, amount } })} inputMode="decimal" />
      <Field label={t.queue} ltr value={rule.queue} isReadOnly={readOnly} onChange={(queue) => put({ ...rule, queue })} />
      <Select label={t.role} value={rule.role} isDisabled={readOnly} onChange={(role) => put({ ...rule, role })} options={roles.map((id) => ({ id, label: words("role", id) }))} />
      {readOnly ? null : <IconButton label={t.removeRule} onPress={drop}><Trash2 aria-hidden /></IconButton>}
    </div>
  );
}
