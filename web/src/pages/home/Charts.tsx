import type { Schema } from "@/api/react";
import { Link } from "@/app/nav";
import { useFormat, useText, useWords } from "@/i18n";
import { en } from "@/i18n/en/home";
import { ur } from "@/i18n/ur/home";
import { Bars, Card, Money, Num, Shares, toneOf } from "@/ui";
import { STATUSES } from "../orders/filters";
import css from "./Home.module.css";
import { dayAt, height, mainCurrency } from "./report";

/** Orders and value by day, and where orders stand. */
export function Charts({ report }: { report: Schema["Dashboard"] }) {
  const t = useText({ en, ur });
  const format = useFormat();
  const words = useWords();
  const currency = mainCurrency(report.days);
  const name = (date: string) => format.day(dayAt(date));
  const states = STATUSES.filter((s) => (report.by_status[s] ?? 0) > 0);
  return (
    <>
      <Card title={t.ordersByDay} className={css.half}>
        <Bars label={t.ordersByDay} nameColumn={t.day} valueColumn={t.orders} bars={report.days.map((d) => ({ key: d.date, name: name(d.date), value: d.orders, text: <Num value={d.orders} /> }))} />
      </Card>
      {currency ? (
        <Card title={t.valueByDay} className={css.half}>
          <Bars
            label={t.valueByDay} nameColumn={t.day} valueColumn={t.amount}
            bars={report.days.map((d) => ({ key: d.date, name: name(d.date), value: height(d.value[currency]), text: <Money amount={d.value[currency] ?? "0"} currency={currency} /> }))}
          />
        </Card>
      ) : null}
      <Card title={t.byStatus} className={css.half}>
        {states.length === 0 ? <p className={css.empty}>{t.noOrders}</p> : null}
        <Shares
          label={t.byStatus}
          parts={states.map((s) => ({
            key: s, name: words("status", s), value: report.by_status[s] ?? 0, text: <Num value={report.by_status[s] ?? 0} />, tone: toneOf(s),
            link: (content, className) => <Link to="/orders" search={{ status: s }} className={className}>{content}</Link>,
          }))}
        />
      </Card>
    </>
  );
}
