import { Link } from "@/app/nav";
import { useMay } from "@/app/session";
import { useText, useWords } from "@/i18n";
import { en } from "@/i18n/en/order";
import { ur } from "@/i18n/ur/order";
import { OrderMessages } from "@/pages/messages/OrderMessages";
import { Badge, Card, Facts, Ltr, When } from "@/ui";
import css from "./Order.module.css";
import type { Order } from "./useOrder";

/** Who ordered, where it goes, and the small print. */
export function SideCards({ order }: { order: Order }) {
  const t = useText({ en, ur });
  const words = useWords();
  const may = useMay();
  const c = order.customer;
  return (
    <>
      <Card title={t.customer}>
        <p className={css.who}>
          {may("customers.read") ? <Link to={`/customers/${c.id}`}><bdi>{c.name}</bdi></Link> : <bdi>{c.name}</bdi>}
          <Badge>{words("customerType", c.type)}</Badge>
        </p>
        <Facts facts={[
          [t.phone, c.phone ? <Ltr>{c.phone}</Ltr> : null], [t.email, c.email ? <Ltr>{c.email}</Ltr> : null], [t.tier, c.tier],
          [t.shipTo, <Address key="ship" address={order.shipping_address} />],
          [t.billTo, order.billing_address ? <Address key="bill" address={order.billing_address} /> : null],
        ]} />
      </Card>
      <OrderMessages order={order.id} customer={c.id} />
      <Card title={t.details}>
        <Facts facts={[
          [order.placed_at ? t.placed : t.made, <When key="at" at={order.placed_at ?? order.created_at} as="dateTime" />],
          [t.payment, words("payment", order.payment_method)], [t.channel, words("channel", order.channel)],
          [t.type, words("orderType", order.type)], [t.priority, words("priority", order.priority)],
          [t.shipComplete, order.ship_complete ? t.shipCompleteText : null],
          [t.poNumber, order.po_number ? <Ltr>{order.po_number}</Ltr> : null], [t.reference, order.reference ? <Ltr>{order.reference}</Ltr> : null],
          [t.tags, order.tags.length > 0 ? <span className={css.tags}>{order.tags.map((tag) => <Badge key={tag}>#<bdi>{tag}</bdi></Badge>)}</span> : null],
          [t.note, order.note ? <span key="note" dir="auto">{order.note}</span> : null],
        ]} />
      </Card>
    </>
  );
}

function Address({ address: a }: { address: Order["shipping_address"] }) {
  const lines = [a.name, a.line1, a.line2, a.landmark, [a.city, a.postcode].filter(Boolean).join(" "), a.province].filter(Boolean);
  return (
    <address className={css.address}>
      {lines.map((line, i) => <span key={i}><bdi>{line}</bdi></span>)}
      {a.phone ? <span><Ltr>{a.phone}</Ltr></span> : null}
    </address>
  );
}
