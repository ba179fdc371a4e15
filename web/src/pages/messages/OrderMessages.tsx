/** The thread with an order's customer, beside the order: what was said, what is asked, and the answer. */
import { Phone } from "lucide-react";
import { useState } from "react";
import { Link } from "@/app/nav";
import { useMay } from "@/app/session";
import { useFormat, useText } from "@/i18n";
import { en } from "@/i18n/en/messages";
import { ur } from "@/i18n/ur/messages";
import { Button, Card, cx, ErrorPanel } from "@/ui";
import { CallDialog } from "./CallDialog";
import { Messages } from "./Messages";
import css from "./messages.module.css";
import { useCustomerThread } from "./news";
import type { Conversation } from "./types";

export function OrderMessages({ order, customer }: { order: string; customer: string }) {
  const t = useText({ en, ur });
  const may = useMay()("messages.read");
  const query = useCustomerThread(customer, may);
  if (!may) return null;
  const open = <Link data-noprint className={css.quiet} to={`/messages/customer/${customer}`}>{t.openThread}</Link>;
  if (query.data) return <Messages beside of={query.data} actions={open} head={<Called of={query.data} order={order} />} />;
  if (query.isPending) return null;
  const none = query.error.status === 404 || query.error.code === "no_contact";
  return (
    <Card title={t.messages} actions={none ? open : null}>
      {none ? <p className={css.quiet}>{query.error.code === "no_contact" ? t.noContact : t.noThread}</p> : <ErrorPanel inline error={query.error} onRetry={() => void query.refetch()} />}
    </Card>
  );
}

/** What waits for the customer's answer about this order, and the call that gets it. */
function Called({ of, order }: { of: Conversation; order: string }) {
  const t = useText({ en, ur });
  const format = useFormat();
  const may = useMay()("messages.write");
  const [calling, setCalling] = useState(false);
  const asked = of.questions.find((one) => one.order_id === order && one.state === "open");
  if (!asked) return null;
  const until = format.dateTime(asked.expires_at);
  return (
    <div className={cx(css.notice, css.square, asked.call && css.bad)} role="status">
      <Phone aria-hidden />
      <span className={css.grow}>{asked.call ? `${t.callDue} · ${t.callUntil(until)}` : t.waitsUntil(until)}</span>
      {may ? <Button small onPress={() => setCalling(true)}>{t.recordCall}</Button> : null}
      {calling ? <CallDialog of={of} order={order} close={() => setCalling(false)} /> : null}
    </div>
  );
}
