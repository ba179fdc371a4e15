import { useEffect, useState } from "react";
import { useLanguage, useText } from "@/i18n";
import { en } from "@/i18n/en/settings";
import { ur } from "@/i18n/ur/settings";
import { Card, Field, Ltr } from "@/ui";
import { Fields } from "@/ui/FormDialog";
import { timeIn } from "./model";
import { type FormatFault, preview } from "./number-format";
import css from "./settings.module.css";
import type { CardProps } from "./ShopPage";

/** A running number that shows the noughts before it. */
const SAMPLE = 1042;

/** Who the shop is, and how its order numbers are written. */
export function BasicsCard({ shop, change, refused, readOnly }: CardProps) {
  const t = useText({ en, ur }).shop;
  const zones = useZoneTime(shop.time_zone);
  return (
    <>
      <Card title={t.basics}>
        <Fields>
          <Field label={t.name} hint={t.nameHelp} value={shop.name} onChange={(name) => change({ name })} isReadOnly={readOnly} error={refused("/name")} isRequired />
          <Field label={t.currency} hint={t.currencyHelp} ltr value={shop.currency} onChange={(currency) => change({ currency: currency.toUpperCase() })} isReadOnly={readOnly} error={refused("/currency")} maxLength={3} />
          <Field
            label={t.zone} ltr value={shop.time_zone} onChange={(time_zone) => change({ time_zone })} isReadOnly={readOnly}
            hint={zones ? t.zoneNow(zones) : t.zoneHelp} error={refused("/time_zone") ?? (zones ? null : t.zoneBad)}
          />
        </Fields>
      </Card>
      <Card title={t.numbers}>
        <NumberFormat format={shop.order_number} onChange={(order_number) => change({ order_number })} error={refused("/order_number")} readOnly={readOnly} />
      </Card>
    </>
  );
}

function useZoneTime(zone: string): string | null {
  const locale = useLanguage() === "ur" ? "ur-PK-u-nu-latn" : "en-GB";
  const [now, setNow] = useState(() => new Date());
  useEffect(() => {
    const timer = setInterval(() => setNow(new Date()), 30_000);
    return () => clearInterval(timer);
  }, []);
  return timeIn(zone, now, locale);
}

function NumberFormat({ format, onChange, error, readOnly }: { format: string; onChange: (text: string) => void; error: string | null; readOnly: boolean }) {
  const t = useText({ en, ur }).shop;
  const shown = preview(format, SAMPLE, new Date().getUTCFullYear());
  const said = (fault: FormatFault) => (typeof fault === "string" ? t.faults[fault] : t.faults.placeholder(fault.placeholder));
  return (
    <div className={css.stack}>
      <Field label={t.format} ltr hint={t.formatHelp} value={format} onChange={onChange} isReadOnly={readOnly} error={error ?? (shown.ok ? null : said(shown.fault))} />
      {shown.ok ? <p className={css.preview} role="status">{t.preview("")}<Ltr mono>{shown.text}</Ltr></p> : null}
    </div>
  );
}
