import { useText, useWords } from "@/i18n";
import { en } from "@/i18n/en/new-order";
import { ur } from "@/i18n/ur/new-order";
import { Card, Checkbox, Field, RadioChoice, Select } from "@/ui";
import { refusedAt } from "@/ui/FormDialog";
import type { PartProps } from "./CustomerCard";
import { CHANNELS } from "./filters";
import css from "./NewOrder.module.css";

const PAYMENTS = ["cod", "prepaid", "terms"] as const;
const PRIORITIES = ["low", "normal", "high", "critical"] as const;

/** How it is paid and delivered. Of a placed order only some of it may change. */
export function TermsCard({ draft, change, error, placed }: PartProps & { placed?: boolean }) {
  const t = useText({ en, ur });
  const words = useWords();
  return (
    <Card title={t.terms}>
      <div className={css.fields}>
        {placed ? null : (
          <>
            <RadioChoice label={t.payment} value={draft.payment} onChange={(payment) => change({ payment })} options={PAYMENTS.map((p) => ({ id: p as string, label: words("payment", p) }))} />
            <Select label={t.channel} value={draft.channel} onChange={(channel) => change({ channel })} options={CHANNELS.map((c) => ({ id: c as string, label: words("channel", c) }))} />
            <Select label={t.priority} value={draft.priority} onChange={(priority) => change({ priority })} options={PRIORITIES.map((p) => ({ id: p as string, label: words("priority", p) }))} />
          </>
        )}
        <Field label={t.shippingFee} hint={t.shippingFeeHint} inputMode="decimal" ltr value={draft.fee} onChange={(fee) => change({ fee })} error={refusedAt(error, "/shipping_fee")} />
        <Field label={t.note} value={draft.note} onChange={(note) => change({ note })} rows={2} error={refusedAt(error, "/note")} />
        <Field label={t.poNumber} ltr value={draft.po} onChange={(po) => change({ po })} error={refusedAt(error, "/po_number")} />
        <Field label={t.tags} hint={t.tagsHint} value={draft.tags} onChange={(tags) => change({ tags })} error={refusedAt(error, "/tags")} />
        {placed ? null : <Checkbox isSelected={draft.complete} onChange={(complete) => change({ complete })}>{t.shipComplete}</Checkbox>}
      </div>
    </Card>
  );
}
