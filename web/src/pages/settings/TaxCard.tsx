import { Plus, Trash2 } from "lucide-react";
import { useState } from "react";
import { useText } from "@/i18n";
import { en } from "@/i18n/en/settings";
import { ur } from "@/i18n/ur/settings";
import { Button, Card, Field, IconButton, Select, Switch } from "@/ui";
import css from "./settings.module.css";
import type { CardProps } from "./ShopPage";

/** Tax rates by code. A code in use keeps its name, because products say it. */
export function TaxCard({ shop, change, refused, readOnly }: CardProps) {
  const t = useText({ en, ur }).shop;
  const [code, setCode] = useState("");
  const codes = Object.keys(shop.tax_rates);
  const rate = (name: string, value: string) => change({ tax_rates: { ...shop.tax_rates, [name]: value } });
  const drop = (name: string) => change({ tax_rates: Object.fromEntries(Object.entries(shop.tax_rates).filter(([one]) => one !== name)) });
  const add = () => {
    rate(code.trim(), "0");
    setCode("");
  };
  return (
    <Card title={t.tax}>
      <div className={css.stack}>
        {codes.map((name) => (
          <div key={name} className={css.row}>
            <Field label={t.taxCode} ltr value={name} isReadOnly />
            <Field label={t.rate} ltr inputMode="decimal" value={shop.tax_rates[name] ?? ""} isReadOnly={readOnly} onChange={(value) => rate(name, value)} />
            {readOnly ? null : <IconButton label={`${t.removeRate}: ${name}`} isDisabled={name === shop.default_tax_code} onPress={() => drop(name)}><Trash2 aria-hidden /></IconButton>}
          </div>
        ))}
        {refused("/tax_rates") ? <p className={css.bad}>{refused("/tax_rates")}</p> : null}
        {readOnly ? null : (
          <div className={css.row}>
            <Field label={t.taxCode} ltr value={code} onChange={setCode} />
            <Button icon={<Plus aria-hidden />} isDisabled={code.trim() === "" || codes.includes(code.trim())} onPress={add}>{t.addRate}</Button>
          </div>
        )}
        <Select label={t.defaultTax} value={shop.default_tax_code} isDisabled={readOnly} error={refused("/default_tax_code")} onChange={(default_tax_code) => change({ default_tax_code })} options={codes.map((id) => ({ id, label: id }))} />
        <Switch isSelected={shop.prices_include_tax} isDisabled={readOnly} onChange={(prices_include_tax) => change({ prices_include_tax })}>{t.inclusive}</Switch>
      </div>
    </Card>
  );
}
