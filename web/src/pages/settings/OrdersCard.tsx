import { ChevronDown, ChevronUp, Plus, Trash2 } from "lucide-react";
import { useState } from "react";
import { useText } from "@/i18n";
import { en } from "@/i18n/en/settings";
import { ur } from "@/i18n/ur/settings";
import { useWarehouses } from "@/pages/parts/warehouse";
import { Button, Card, Field, IconButton, Ltr, Switch } from "@/ui";
import { Fields } from "@/ui/FormDialog";
import { WholeField } from "@/ui/WholeField";
import css from "./settings.module.css";
import type { CardProps } from "./ShopPage";

const HOUR = 3_600;

/** Where orders take their stock from, and what they wait for. */
export function OrdersCard({ shop, change, refused, readOnly }: CardProps) {
  const t = useText({ en, ur }).shop;
  return (
    <Card title={t.orders}>
      <div className={css.stack}>
        <Sourcing asked={shop.sourcing} change={(sourcing) => change({ sourcing })} readOnly={readOnly} />
        {refused("/sourcing") ? <p className={css.bad}>{refused("/sourcing")}</p> : null}
        <Switch isSelected={shop.split_orders} isDisabled={readOnly} onChange={(split_orders) => change({ split_orders })}>{t.split}</Switch>
        <Switch isSelected={shop.release_automatically} isDisabled={readOnly} onChange={(release_automatically) => change({ release_automatically })}>{t.release}</Switch>
        <Switch isSelected={shop.confirm_cod} isDisabled={readOnly} onChange={(confirm_cod) => change({ confirm_cod })}>{t.cod}</Switch>
        <Fields>
          <WholeField
            label={`${t.confirmation} (${t.hours})`} min={1} max={2_160} value={Math.round(shop.confirmation_seconds / HOUR)} isDisabled={readOnly}
            error={refused("/confirmation_seconds")} onChange={(value) => Number.isFinite(value) && change({ confirmation_seconds: value * HOUR })}
          />
          <WholeField
            label={t.placement} min={1} max={600} value={shop.placement_seconds} isDisabled={readOnly} error={refused("/placement_seconds")}
            onChange={(placement_seconds) => Number.isFinite(placement_seconds) && change({ placement_seconds })}
          />
          <WholeField
            label={t.returnDays} min={0} max={3_650} value={shop.return_window_days} isDisabled={readOnly} error={refused("/return_window_days")}
            onChange={(return_window_days) => Number.isFinite(return_window_days) && change({ return_window_days })}
          />
        </Fields>
        <Minimum shop={shop} change={change} refused={refused} readOnly={readOnly} />
      </div>
    </Card>
  );
}

function Sourcing({ asked, change, readOnly }: { asked: string[]; change: (codes: string[]) => void; readOnly: boolean }) {
  const t = useText({ en, ur }).shop;
  const { warehouses } = useWarehouses();
  const name = (code: string) => warehouses.find((one) => one.code === code)?.name;
  const rest = warehouses.filter((one) => !asked.includes(one.code));
  const move = (index: number, by: number) => {
    const next = [...asked];
    const [code] = next.splice(index, 1);
    if (code) next.splice(index + by, 0, code);
    change(next);
  };
  return (
    <div className={css.stack} role="group" aria-label={t.sourcing}>
      <p className={css.legend}>{t.sourcing}</p>
      {asked.length + rest.length === 0 ? <p>{t.noSourcing}</p> : null}
      <ol className={css.order}>
        {asked.map((code, index) => (
          <li key={code}>
            <span className={css.grow}><Ltr mono>{code}</Ltr> <bdi>{name(code)}</bdi></span>
            {readOnly ? null : (
              <>
                <IconButton small label={`${t.up}: ${code}`} isDisabled={index === 0} onPress={() => move(index, -1)}><ChevronUp aria-hidden /></IconButton>
                <IconButton small label={`${t.down}: ${code}`} isDisabled={index === asked.length - 1} onPress={() => move(index, 1)}><ChevronDown aria-hidden /></IconButton>
                <IconButton small label={`${t.exclude}: ${code}`} onPress={() => change(asked.filter((one) => one !== code))}><Trash2 aria-hidden /></IconButton>
              </>
            )}
          </li>
        ))}
        {rest.map((one) => (
          <li key={one.code} className={css.off}>
            <span className={css.grow}><Ltr mono>{one.code}</Ltr> <bdi>{one.name}</bdi> · {t.unlisted}</span>
            {readOnly ? null : <IconButton small label={`${t.include}: ${one.code}`} onPress={() => change([...asked, one.code])}><Plus aria-hidden /></IconButton>}
          </li>
        ))}
      </ol>
    </div>
  );
}

function Minimum({ shop, change, refused, readOnly }: CardProps) {
  const t = useText({ en, ur }).shop;
  const [currency, setCurrency] = useState("");
  const code = (currency || shop.currency).toUpperCase();
  const amounts = shop.minimum_order;
  const known = amounts.some((one) => one.currency === code);
  return (
    <div className={css.stack} role="group" aria-label={t.minimum}>
      <p className={css.legend}>{t.minimum}{amounts.length === 0 ? `: ${t.noMinimum}` : ""}</p>
      {amounts.map((one, index) => (
        <div key={one.currency} className={css.row}>
          <Field
            label={`${t.amount} (${one.currency})`} ltr inputMode="decimal" value={one.amount} isReadOnly={readOnly}
            onChange={(amount) => change({ minimum_order: amounts.map((old, at) => (at === index ? { ...old, amount } : old)) })}
          />
          {readOnly ? null : <IconButton label={`${t.removeMinimum}: ${one.currency}`} onPress={() => change({ minimum_order: amounts.filter((_, at) => at !== index) })}><Trash2 aria-hidden /></IconButton>}
        </div>
      ))}
      {refused("/minimum_order") ? <p className={css.bad}>{refused("/minimum_order")}</p> : null}
      {readOnly ? null : (
        <div className={css.row}>
          <Field label={t.currency} ltr value={currency} placeholder={shop.currency} onChange={setCurrency} maxLength={3} />
          <Button icon={<Plus aria-hidden />} isDisabled={known || code.length !== 3} onPress={() => { change({ minimum_order: [...amounts, { amount: "0", currency: code }] }); setCurrency(""); }}>{t.addMinimum}</Button>
        </div>
      )}
    </div>
  );
}
