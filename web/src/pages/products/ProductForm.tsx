/** Fields of a product, for making and changing one. */
import { Plus, Trash2 } from "lucide-react";
import type { Problem } from "@/api/problem";
import { useText } from "@/i18n";
import { en } from "@/i18n/en/products";
import { ur } from "@/i18n/ur/products";
import { isAmount } from "@/pages/parts/numbers";
import { Button, Card, Field, IconButton, Switch } from "@/ui";
import { Fields, refusedAt } from "@/ui/FormDialog";
import { WholeField } from "@/ui/WholeField";
import type { Draft } from "./draft";
import css from "./products.module.css";

export interface ProductFormProps {
  draft: Draft;
  change: (part: Partial<Draft>) => void;
  error: Problem | null;
  /** Where details stand in the body: at its root, or below `/details`. */
  under: string;
}

export function ProductForm({ draft, change, error, under }: ProductFormProps) {
  const t = useText({ en, ur });
  const refused = (name: string) => refusedAt(error, `${under}/${name}`);
  const text = (key: keyof Draft, label: string, name: string, extra: { hint?: string; ltr?: boolean; rows?: number } = {}) => (
    <Field label={label} value={String(draft[key])} onChange={(value) => change({ [key]: value })} error={refused(name)} {...extra} />
  );
  const amountError = (amount: string, name: string) => refused(name) ?? (amount === "" || isAmount(amount) ? null : t.badAmount);
  return (
    <>
      <Card title={t.details}>
        <div className={css.stack}>
          <Field label={t.name} value={draft.title} onChange={(title) => change({ title })} isRequired error={refused("title")} />
          <Fields>
            <Field label={`${t.price} (${draft.currency})`} ltr inputMode="decimal" value={draft.amount} onChange={(amount) => change({ amount })} isRequired hint={t.priceHelp} error={amountError(draft.amount, "price")} />
            <Field label={`${t.compareAt} (${draft.currency})`} ltr inputMode="decimal" value={draft.compareAt} onChange={(compareAt) => change({ compareAt })} error={amountError(draft.compareAt, "compare_at")} />
          </Fields>
          <Fields>
            {text("brand", t.brand, "brand")}
            {text("category", t.category, "category")}
            {text("handle", t.handle, "handle", { hint: t.handleHelp, ltr: true })}
          </Fields>
          {text("description", t.description, "description", { rows: 4 })}
          {text("image", t.image, "image", { ltr: true })}
        </div>
      </Card>
      <Card title={t.options} actions={<Button small icon={<Plus aria-hidden />} onPress={() => change({ options: [...draft.options, { name: "", value: "" }] })}>{t.addOption}</Button>}>
        <div className={css.stack}>
          <p className={css.hint}>{t.optionsHelp}</p>
          {draft.options.map((option, index) => (
            <div key={index} className={css.row}>
              <Field label={t.optionName} value={option.name} onChange={(name) => change({ options: draft.options.map((old, at) => (at === index ? { ...old, name } : old)) })} />
              <Field label={t.optionValue} value={option.value} onChange={(value) => change({ options: draft.options.map((old, at) => (at === index ? { ...old, value } : old)) })} />
              <IconButton label={t.removeOption} onPress={() => change({ options: draft.options.filter((_, at) => at !== index) })}><Trash2 aria-hidden /></IconButton>
            </div>
          ))}
        </div>
      </Card>
      <Card title={t.stock}>
        <div className={css.stack}>
          <Fields>
            {text("barcode", t.barcode, "barcode", { hint: t.barcodeHelp, ltr: true })}
            {text("taxCode", t.taxCode, "tax_code", { hint: t.taxDefault, ltr: true })}
            <WholeField label={t.weight} min={0} value={draft.weight} onChange={(weight) => change({ weight })} error={refused("weight_grams")} />
            <WholeField label={t.minQuantity} min={1} value={draft.minimum} onChange={(minimum) => change({ minimum })} error={refused("min_quantity")} />
          </Fields>
          <Switch isSelected={draft.stocked} onChange={(stocked) => change({ stocked })}>{t.stocked} <span className={css.hint}>{t.stockedHelp}</span></Switch>
          <Switch isSelected={draft.backorder} onChange={(backorder) => change({ backorder })}>{t.backorder}</Switch>
        </div>
      </Card>
    </>
  );
}
