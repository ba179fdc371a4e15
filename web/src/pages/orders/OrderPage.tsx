import { ClipboardCheck, Eye, History } from "lucide-react";
import { useDeferredValue, useEffect, useState } from "react";
import { useAsk, useList, useRefresh } from "@/api/react";
import { Link, usePathParams } from "@/app/nav";
import { useMe } from "@/app/session";
import { useFormat, useText } from "@/i18n";
import { en } from "@/i18n/en/order";
import { ur } from "@/i18n/ur/order";
import { Badge, Button, cx, ErrorPanel, Ltr, OrderBadges, OrderStatus, Page, Skeleton } from "@/ui";
import { ApprovalCard } from "./ApprovalCard";
import { AsOf } from "./AsOf";
import { HoldsCard } from "./HoldsCard";
import { LinesCard } from "./LinesCard";
import css from "./Order.module.css";
import { OrderActions } from "./OrderActions";
import { ParcelsCard } from "./ParcelsCard";
import { SideCards } from "./SideCards";
import type { Entry } from "./story";
import { TimelineCard } from "./TimelineCard";
import { type Order, useOrder, usePresence } from "./useOrder";

const EVENTS = "/api/v1/orders/{id}/events";

export default function OrderPage() {
  const t = useText({ en, ur });
  const { id } = usePathParams<{ id: string }>();
  const live = useOrder(id);
  const { order } = live;
  if (live.isPending) return <Page title={t.title}><Skeleton lines={10} /></Page>;
  if (!order) return <Page title={t.title} up={{ to: "/orders", label: t.orders }}><ErrorPanel error={live.error} onRetry={() => void live.refetch()} /></Page>;
  return <Loaded key={order.id} order={order} mark={live.mark} error={live.error} />;
}

function Loaded({ order: now, mark, error }: { order: Order; mark: string | undefined; error: unknown }) {
  const t = useText({ en, ur });
  const format = useFormat();
  const refresh = useRefresh();
  const events = useList(EVENTS, { path: { id: now.id } }, { limit: 200 });
  useEffect(() => refresh(EVENTS), [now.version]); // eslint-disable-line react-hooks/exhaustive-deps
  const [chosen, setChosen] = useState<number | null>(null);
  const [slider, setSlider] = useState(false);
  const seq = useDeferredValue(chosen);
  const then = useAsk<Order>("/api/v1/orders/{id}", { path: { id: now.id }, query: { as_of: seq } }, { enabled: seq !== null, keep: true });
  const past = seq !== null;
  const order = past ? then.data : now;
  const entries: Entry[] = events.rows;
  const at = entries.find((e) => e.seq === seq)?.at;
  const shownEntries = past ? entries.filter((e) => e.seq <= seq) : entries;
  return (
    <Page
      title={now.number ? <Ltr>{now.number}</Ltr> : t.draft} name={now.number ?? t.draft} up={{ to: "/orders", label: t.orders }}
      beside={<><OrderStatus status={(order ?? now).status} /><OrderBadges badges={(order ?? now).badges} /><Presence order={now} /></>}
      actions={
        <>
          <Button look="quiet" icon={<History aria-hidden />} aria-expanded={slider} onPress={() => { setSlider(!slider); setChosen(null); }}>{t.asOf}</Button>
          {past ? null : <OrderActions order={now} />}
        </>
      }
    >
      {error ? <ErrorPanel inline error={error} /> : null}
      {slider ? <AsOf entries={entries} value={chosen} onChange={setChosen} /> : null}
      {past ? (
        <div className={css.past} role="status">
          <History aria-hidden />
          <span>{at ? t.asOfBanner(format.moment(at)) : null}</span>
          <Button small onPress={() => setChosen(null)}>{t.asOfBack}</Button>
        </div>
      ) : null}
      {past && then.error ? <ErrorPanel error={then.error} onRetry={() => void then.refetch()} /> : null}
      {order ? (
        <div className={cx(css.layout, past && then.isPlaceholderData && css.waiting)} data-mark={past ? undefined : mark}>
          <div className={css.main}>
            <Refused order={order} />
            <HoldsCard order={order} past={past} />
            {order.approval ? <ApprovalCard order={order} past={past} /> : null}
            <LinesCard order={order} past={past} />
            <ParcelsCard order={order} past={past} />
            <TimelineCard entries={shownEntries} loading={events.isPending} error={events.error} onMore={events.hasNextPage ? () => void events.fetchNextPage() : undefined} />
          </div>
          <div className={css.side}>
            <SideCards order={order} />
          </div>
        </div>
      ) : past && !then.error ? <Skeleton lines={8} /> : null}
    </Page>
  );
}

/** Colleagues who look at this order now, so that two do not do the same. */
function Presence({ order }: { order: Order }) {
  const t = useText({ en, ur });
  const format = useFormat();
  const me = useMe();
  const others = usePresence(order.id, me.id);
  if (others.length === 0) return null;
  return <Badge tone="accent" icon={<Eye aria-hidden />}>{t.here(format.list(others), others.length)}</Badge>;
}

function Refused({ order }: { order: Order }) {
  const t = useText({ en, ur });
  const refused = order.placement_refused;
  if (!refused) return null;
  return (
    <div role="alert" className={css.refused}>
      <ClipboardCheck aria-hidden />
      <div>
        <strong>{t.refusedTitle}</strong>
        <p dir="auto">{refused.detail}</p>
        {refused.fix ? <p dir="auto">{refused.fix}</p> : null}
      </div>
      {order.next_actions.includes("EditDraft") ? <Link to={`/orders/${order.id}/edit`}>{t.actions.edit}</Link> : null}
    </div>
  );
}
