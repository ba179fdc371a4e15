/** What a customer wants to hear, in which language and by which channels, on the customer's page. */
import { SlidersHorizontal } from "lucide-react";
import { useState } from "react";
import { useGet } from "@/api/react";
import { Link } from "@/app/nav";
import { useMay } from "@/app/session";
import { useFormat, useText } from "@/i18n";
import { en } from "@/i18n/en/messages";
import { ur } from "@/i18n/ur/messages";
import { Badge, Button, Card, ErrorPanel, Facts, Skeleton, When } from "@/ui";
import css from "./messages.module.css";
import { useCustomerThread } from "./news";
import { useSays } from "./parts";
import type { Conversation } from "./types";
import { clock, quietHours } from "./quiet";
import { WishesDialog } from "./WishesDialog";

export function CustomerMessages({ customer }: { customer: string }) {
  const t = useText({ en, ur });
  const may = useMay();
  const [asking, setAsking] = useState(false);
  const query = useCustomerThread(customer, may("messages.read"));
  if (!may("messages.read")) return null;
  const none = query.error?.status === 404;
  const reachable = query.data !== undefined || none;
  const change = reachable && may("messages.write")
    ? <Button small icon={<SlidersHorizontal aria-hidden />} onPress={() => setAsking(true)}>{t.wishes}</Button> : null;
  return (
    <Card title={t.panel} actions={change}>
      <div className={css.tight}>
        {query.isPending ? <Skeleton lines={4} /> : null}
        {query.error?.code === "no_contact" ? <p className={css.quiet}>{t.noContact}</p>
          : query.error && !none && !query.data ? <ErrorPanel inline error={query.error} onRetry={() => void query.refetch()} /> : null}
        {none ? <p className={css.quiet}>{t.noThread}. {t.shopRules}</p> : null}
        {query.data ? <Wanted of={query.data} /> : null}
        {query.data ? <p><Link to={`/messages/${query.data.id}`}>{t.openThread}</Link></p> : null}
      </div>
      {asking && query.data ? <WishesDialog of={query.data} close={() => setAsking(false)} /> : null}
      {asking && !query.data ? <WishesDialog of={null} customer={customer} close={() => setAsking(false)} /> : null}
    </Card>
  );
}

function Wanted({ of }: { of: Conversation }) {
  const t = useText({ en, ur });
  const format = useFormat();
  const says = useSays();
  const may = useMay()("settings.read");
  const settings = useGet("/api/v1/settings", {}, { enabled: may });
  const quiet = quietHours(settings.data?.settings);
  const kinds = Object.entries(of.preferences);
  const channels = (list: string[]) => (list.length > 0 ? list.map((one) => says("channel", one)).join(` ${t.then} `) : t.noneWanted);
  return (
    <Facts facts={[
      [t.language, of.language ? says("language", of.language) : null],
      [t.consent, of.consent.length > 0 ? of.consent.map((one) => (
        <div key={`${one.channel}/${one.category}`} className={css.badges}>
          <span>{says("channel", one.channel)} · {says("category", one.category)}</span>
          <Badge tone={one.allowed ? "good" : "bad"}>{one.allowed ? t.consentYes : t.consentNo}</Badge>
          <span className={css.quiet}><When at={one.at} /></span>
        </div>
      )) : <span key="rules" className={css.quiet}>{t.shopRules}</span>],
      [t.byKind, kinds.length > 0 ? kinds.map(([kind, list]) => <div key={kind}>{says("kind", kind)}: {channels(list)}</div>) : null],
      [t.unreachable, Object.keys(of.unreachable).length > 0 ? format.list(Object.keys(of.unreachable).map((one) => says("channel", one))) : null],
      [t.quietHours, quiet ? (quiet.from === quiet.until ? t.quietNone : t.quietFromTo(clock(quiet.from), clock(quiet.until))) : null],
    ]} />
  );
}
