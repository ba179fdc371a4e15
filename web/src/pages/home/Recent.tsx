import { Link } from "@/app/nav";
import { useText } from "@/i18n";
import { en } from "@/i18n/en/home";
import { ur } from "@/i18n/ur/home";
import { Card, Ltr, Money, OrderStatus } from "@/ui";
import type { LiveOrders } from "../orders/useOrderList";
import css from "./Home.module.css";

const MOST = 8;

/** The orders that moved last, as they move. */
export function Recent({ live }: { live: LiveOrders }) {
  const t = useText({ en, ur });
  const last = [...live.rows].sort(([, a], [, b]) => b.ver - a.ver).slice(0, MOST);
  return (
    <Card title={t.recent} flush className={css.half}>
      {last.length === 0 ? <p className={css.none}>{t.recentNone}</p> : (
        <ul>
          {last.map(([id, { ver, order, mark }]) => (
            <li key={`${id}-${ver}`} className={css.recent} data-mark={mark}>
              <Link to={`/orders/${id}`}><Ltr>{order.number}</Ltr></Link>
              <bdi className={css.recentName}>{order.customer}</bdi>
              <OrderStatus status={order.status} />
              <span className={css.recentAmount}><Money amount={order.total} currency={order.currency} /></span>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}
