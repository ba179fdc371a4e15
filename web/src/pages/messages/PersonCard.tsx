/** Who it is, what was asked, and what the person wants to hear. */
import { SlidersHorizontal } from "lucide-react";
import { useState } from "react";
import { Link } from "@/app/nav";
import { useMay } from "@/app/session";
import { useText } from "@/i18n";
import { en } from "@/i18n/en/messages";
import { ur } from "@/i18n/ur/messages";
import { Badge, Button, Card, Facts, Ltr, type Tone, When } from "@/ui";
import css from "./messages.module.css";
import { useSays } from "./parts";
import { WishesDialog } from "./WishesDialog";
import type { Conversation, Question } from "./types";

export function PersonCard({ of }: { of: Conversation }) {
  const t = useText({ en, ur });
  const says = useSays();
  const may = useMay();
  const [asking, setAsking] = useState(false);
  const whole = may("contacts.see");
  const phone = of.phone ? <Ltr key="phone">{of.phone}</Ltr> : null;
  return (
    <Card
      title={t.contact}
      actions={may("messages.write") ? <Button small icon={<SlidersHorizontal aria-hidden />} onPress={() => setAsking(true)}>{t.wishes}</Button> : null}
    >
      <div className={css.tight}>
        <Facts facts={[
          [t.phone, phone && whole ? <a key="phone" href={`tel:${of.phone}`}>{phone}</a> : phone],
          [t.email, of.email ? <Ltr key="email">{of.email}</Ltr> : null],
          [t.language, of.language ? says("language", of.language) : null],
          [t.talkedOf, of.orders.length > 0 ? <OrderLinks key="orders" of={of} /> : null],
        ]} />
        {of.customer_id && may("customers.read") ? <p><Link to={`/customers/${of.customer_id}`}>{t.profile}</Link></p> : null}
      </div>
      {asking ? <WishesDialog of={of} close={() => setAsking(false)} /> : null}
    </Card>
  );
}

function OrderLinks({ of }: { of: Conversation }) {
  const may = useMay()("orders.read");
  return (
    <span className={css.badges}>
      {of.orders.map((order) => {
        const number = <Ltr mono>{order.number}</Ltr>;
        return <span key={order.id}>{may ? <Link to={`/orders/${order.id}`}>{number}</Link> : number}</span>;
      })}
    </span>
  );
}

const TONES: Record<string, Tone> = { open: "warn", answered: "good", expired: "neutral", closed: "neutral" };

export function QuestionsCard({ of }: { of: Conversation }) {
  const t = useText({ en, ur });
  if (of.questions.length === 0) return null;
  return (
    <Card title={t.questions}>
      {of.questions.map((one) => <Asked key={one.id} of={one} />)}
    </Card>
  );
}

function Asked({ of }: { of: Question }) {
  const t = useText({ en, ur });
  const says = useSays();
  return (
    <div className={css.question}>
      <div className={css.cardHead}>
        <span className={css.strong}>{says("about", of.about)} <Ltr mono>{of.number}</Ltr></span>
        <span className={css.badges}>
          {of.call && of.state === "open" ? <Badge tone="bad">{t.callDue}</Badge> : null}
          <Badge tone={TONES[of.state]}>{of.answer ? says("choice", of.answer) : says("questionState", of.state)}</Badge>
        </span>
      </div>
      <p className={css.quiet}>
        {t.askedAt} <When at={of.asked_at} as="dateTime" />{of.state === "open" ? <> · {t.until} <When at={of.expires_at} as="dateTime" /></> : null}
      </p>
    </div>
  );
}
