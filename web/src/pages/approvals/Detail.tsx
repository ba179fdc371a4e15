import { Check, ExternalLink, MessageSquareWarning, X } from "lucide-react";
import { type ReactNode, useMemo } from "react";
import { type Schema, useGet } from "@/api/react";
import { Link } from "@/app/nav";
import { useMay } from "@/app/session";
import { usePeople } from "@/app/shop";
import { useText, useWords } from "@/i18n";
import { en } from "@/i18n/en/approvals";
import { ur } from "@/i18n/ur/approvals";
import { compare } from "@/pages/orders/decimal";
import { useReason } from "@/pages/orders/reasons";
import { useOrder } from "@/pages/orders/useOrder";
import { Badge, Button, buttonClass, Card, cx, ErrorPanel, Facts, Kbd, Ltr, Money, Num, OrderBadges, OrderStatus, Skeleton, Table, When } from "@/ui";
import css from "./Approvals.module.css";
import type { Decision } from "./DecideDialog";
import type { Waiting } from "./waiting";

export interface DetailProps {
  row: Waiting;
  may: boolean;
  /** Why one may not decide. */
  why: string | null;
  onDecide: (decision: Decision) => void;
  back: ReactNode;
}

/** One request with what a decision needs: the order, the stock, the customer's credit and past. */
export function Detail({ row, may, why, onDecide, back }: DetailProps) {
  const t = useText({ en, ur });
  const words = useWords();
  const people = usePeople();
  const reason = useReason();
  const permitted = useMay();
  const { order, isPending, error, refetch } = useOrder(row.order);
  const reasons = row.reasons.length > 0 ? row.reasons : (order?.approval?.trace ?? []);
  const requester = row.requester ? people(row.requester) : null;
  return (
    <section className={css.detail} aria-label={row.number ?? t.order}>
      {back}
      <header className={css.head}>
        <div>
          <h2 className={css.number}><Ltr>{row.number ?? order?.number ?? ""}</Ltr> {order ? <OrderBadges badges={order.badges} /> : null}</h2>
          <p className={css.faint}>{order ? <><bdi>{order.customer.name}</bdi> · {words("payment", order.payment_method)} · {words("channel", order.channel)}</> : null}</p>
        </div>
        <strong className={css.amount}><Money {...row.amount} /></strong>
      </header>
      <div className={css.actions}>
        {may ? (
          <>
            <Button look="primary" icon={<Check aria-hidden />} onPress={() => onDecide("approve")}>{t.approve} <span className={css.key}><Kbd>A</Kbd></span></Button>
            <Button icon={<MessageSquareWarning aria-hidden />} onPress={() => onDecide("request-changes")}>{t.changes} <span className={css.key}><Kbd>C</Kbd></span></Button>
            <Button look="danger" icon={<X aria-hidden />} onPress={() => onDecide("reject")}>{t.reject} <span className={css.key}><Kbd>R</Kbd></span></Button>
          </>
        ) : why ? <Badge>{why}</Badge> : null}
        <Link to={`/orders/${row.order}`} className={buttonClass("quiet")}><ExternalLink aria-hidden />{t.openOrder}</Link>
      </div>
      <div className={css.cards}>
        <Card title={t.why}>
          <ul className={css.reasons}>{reasons.map((r, i) => <li key={i}>{reason(r)}</li>)}</ul>
          <Facts facts={[
            [t.role, words("role", row.role)], [t.asked, requester ? <bdi key="who">{requester}</bdi> : null], [t.opened, <When key="at" at={row.openedAt} as="dateTime" />],
            [t.escalates, row.escalatesAt ? <When key="esc" at={row.escalatesAt} /> : null],
          ]} />
        </Card>
        {order && permitted("customers.read") ? <Credit customer={order.customer.id} amount={row.amount.amount} /> : null}
        {isPending ? <Skeleton lines={6} /> : error && !order ? <ErrorPanel error={error} onRetry={() => void refetch()} /> : null}
        {order ? <Lines order={order} /> : null}
        {order && permitted("orders.read") ? <History customer={order.customer.id} but={order.id} /> : null}
      </div>
    </section>
  );
}

const CREDIT_MS = 5_000;

function Credit({ customer, amount }: { customer: string; amount: string }) {
  const t = useText({ en, ur });
  const { data, error } = useGet("/api/v1/customers/{id}/credit", { path: { id: customer } }, { every: CREDIT_MS });
  const short = data?.available ? compare(data.available.amount, amount) < 0 : false;
  return (
    <Card title={t.credit}>
      {error && !data ? <ErrorPanel inline error={error} /> : !data ? <Skeleton lines={2} /> : !data.terms ? <p className={css.faint}>{t.creditNone}</p> : (
        <Facts facts={[
          [t.creditLimit, <><Money {...data.terms.limit} /> · {t.creditDays(data.terms.days)}</>],
          [t.creditOwed, data.exposure ? <Money {...data.exposure} /> : null],
          [t.creditLeft, data.available ? <span className={cx(short && css.short)}><Money {...data.available} /></span> : null],
        ]} />
      )}
    </Card>
  );
}

const STOCK_MS = 5_000;
type Line = Schema["OrderView"]["lines"][number];

function Lines({ order }: { order: Schema["OrderView"] }) {
  const t = useText({ en, ur });
  const { currency } = order.totals;
  return (
    <Card title={t.lines} flush className={css.wide}>
      <Table
        label={t.lines} rows={order.lines} rowKey={(l) => String(l.line)}
        columns={[
          { id: "item", name: t.item, cell: (l: Line) => <span className={css.itemName}><bdi>{l.title}</bdi><span className={css.faint}><Ltr mono>{l.sku}</Ltr></span></span> },
          { id: "ordered", name: t.ordered, end: true, cell: (l: Line) => <Num value={l.quantity} /> },
          { id: "stock", name: t.available, end: true, cell: (l: Line) => <Available line={l} /> },
          { id: "total", name: t.total, end: true, cell: (l: Line) => <Money amount={l.total} currency={currency} /> },
        ]}
      />
    </Card>
  );
}

/** Units that can still be promised, in all warehouses together, beside what this order already holds. */
function Available({ line }: { line: Line }) {
  const may = useMay();
  const { data } = useGet("/api/v1/products/{sku}/stock", { path: { sku: line.sku } }, { every: STOCK_MS, enabled: may("stock.read") });
  const free = useMemo(() => data?.items.reduce((n, row) => n + Math.max(0, row.available), 0), [data]);
  const waits = line.quantities.backordered;
  if (free === undefined) return <>–</>;
  return <span className={cx(waits > free && css.short)}><Num value={free} />{waits > 0 ? <span className={css.faint}> (−<Num value={waits} />)</span> : null}</span>;
}

const HISTORY_MS = 15_000;

function History({ customer, but }: { customer: string; but: string }) {
  const t = useText({ en, ur });
  const { data, error } = useGet("/api/v1/orders", { query: { customer, limit: 8 } }, { every: HISTORY_MS });
  const others = (data?.items ?? []).filter((o) => o.id !== but).slice(0, 6);
  return (
    <Card title={t.history} flush className={css.wide}>
      {error && !data ? <ErrorPanel inline error={error} /> : !data ? <Skeleton lines={3} /> : others.length === 0 ? <p className={cx(css.faint, css.pad)}>{t.historyNone}</p> : (
        <ul>
          {others.map((o) => (
            <li key={o.id} className={css.past}>
              <Link to={`/orders/${o.id}`}><Ltr>{o.number ?? "–"}</Ltr></Link>
              <OrderStatus status={o.status} />
              <span className={css.faint}><When at={o.at} /></span>
              <span className={css.pastAmount}>{o.total && o.currency ? <Money amount={o.total} currency={o.currency} /> : null}</span>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}
