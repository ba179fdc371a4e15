import type { Schema } from "@/api/react";
import { useText } from "@/i18n";
import { en } from "@/i18n/en/stock";
import { ur } from "@/i18n/ur/stock";
import { Card, cx, Facts, Num } from "@/ui";
import css from "./stock.module.css";

/** The sum behind "available" (INV-02), each term with what it means. */
export function Levels({ stock }: { stock: Schema["StockView"] }) {
  const t = useText({ en, ur });
  const terms = [
    { id: "onHand", name: t.onHand, value: stock.on_hand, note: t.explain.onHand, sign: null },
    { id: "reserved", name: t.reserved, value: stock.reserved, note: t.explain.reserved, sign: "−" },
    { id: "allocated", name: t.allocated, value: stock.allocated, note: t.explain.allocated, sign: "−" },
    { id: "safety", name: t.safety, value: stock.safety, note: t.explain.safety, sign: "−" },
    { id: "available", name: t.available, value: stock.available, note: t.explain.available, sign: "=" },
  ];
  return (
    <Card title={t.levels}>
      <div className={css.stack}>
        <dl className={css.sum}>
          {terms.map((term) => (
            <div key={term.id} className={cx(css.term, term.id === "available" && css.result)}>
              <dt>{term.sign ? <span aria-hidden>{term.sign} </span> : null}{term.name}</dt>
              <dd className={cx(term.value < 0 && css.negative)}><Num value={term.value} /></dd>
              <dd className={css.note}>{term.note}</dd>
            </div>
          ))}
        </dl>
        <Facts
          columns
          facts={[
            [t.lowLevel, stock.low_stock > 0 ? <Num key="low" value={stock.low_stock} /> : t.none],
            [t.backorderCap, stock.backorder_cap == null ? t.noLimit : <Num key="cap" value={stock.backorder_cap} />],
          ]}
        />
      </div>
    </Card>
  );
}
