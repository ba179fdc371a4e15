import type { ReactNode } from "react";
import { useText } from "@/i18n";
import { en } from "@/i18n/en/new-order";
import { ur } from "@/i18n/ur/new-order";
import { Card, cx, Money } from "@/ui";
import { add, equal } from "./decimal";
import css from "./NewOrder.module.css";
import type { Order } from "./useOrder";

/** What the customer pays, as the server reckons it. */
export function TotalsCard({ order, note, stale, children }: { order: Order | null; note: string | null; stale: boolean; children: ReactNode }) {
  const t = useText({ en, ur });
  const totals = order?.totals;
  const within = totals ? equal(add(totals.subtotal, totals.shipping), add(totals.total, totals.discount)) : false;
  return (
    <Card title={t.totals} className={css.totalsCard}>
      <div className={css.fields}>
        {totals ? (
          <dl className={cx(css.totals, stale && css.stale)}>
            {([[t.subtotal, totals.subtotal], [t.discounts, totals.discount], [t.shipping, totals.shipping], [within ? t.taxWithin : t.tax, totals.tax]] as const)
              .filter(([, amount]) => !equal(amount, "0"))
              .map(([name, amount]) => <div key={name}><dt>{name}</dt><dd><Money amount={amount} currency={totals.currency} /></dd></div>)}
            <div className={css.total}><dt>{t.total}</dt><dd><Money amount={totals.total} currency={totals.currency} /></dd></div>
          </dl>
        ) : null}
        {note ? <p role="status" className={css.hint}>{note}</p> : null}
        {children}
      </div>
    </Card>
  );
}
