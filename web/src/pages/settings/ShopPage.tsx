/** The shop's settings. Everything is edited on the page and saved as one change, which names only what differs. */
import { useEffect, useState } from "react";
import { type Schema, useGet, useSend } from "@/api/react";
import { useMay } from "@/app/session";
import { useText } from "@/i18n";
import { en } from "@/i18n/en/settings";
import { ur } from "@/i18n/ur/settings";
import { Button, ErrorPanel, Page, Skeleton, toast } from "@/ui";
import { ApprovalsCard } from "./ApprovalsCard";
import { BasicsCard } from "./BasicsCard";
import { MessagesCard } from "./MessagesCard";
import { patch, type Shop } from "./model";
import { OrdersCard } from "./OrdersCard";
import css from "./settings.module.css";
import { SettingsNav } from "./SettingsNav";
import { TaxCard } from "./TaxCard";

export interface CardProps {
  shop: Shop;
  change: (part: Partial<Shop>) => void;
  /** JSON pointer of the refused setting, and why. */
  refused: (pointer: string) => string | null;
  readOnly: boolean;
}

export default function ShopPage() {
  const t = useText({ en, ur });
  const query = useGet("/api/v1/settings");
  return (
    <Page title={t.title}>
      <SettingsNav now="shop" />
      {query.isPending ? <Skeleton lines={12} /> : null}
      {query.error && !query.data ? <ErrorPanel error={query.error} onRetry={() => void query.refetch()} /> : null}
      {query.data ? <ShopForm view={query.data} reload={() => query.refetch().then((again) => again.data)} /> : null}
    </Page>
  );
}

function ShopForm({ view, reload }: { view: Schema["SettingsView"]; reload: () => Promise<Schema["SettingsView"] | undefined> }) {
  const t = useText({ en, ur });
  const readOnly = !useMay()("settings.write");
  const was = view.settings as unknown as Shop;
  const [base, setBase] = useState(view.version);
  const [shop, setShop] = useState(was);
  const send = useSend("patch", "/api/v1/settings", { refresh: ["/api/v1/settings"] });
  const changes = patch(was, shop);
  const dirty = Object.keys(changes).length > 0;
  useEffect(() => {
    // Somebody else's change is taken over as long as nothing is edited here.
    if (view.version === base || dirty) return;
    setBase(view.version);
    setShop(view.settings as unknown as Shop);
  }, [view, base, dirty]);
  const { reset } = send;
  const change = (part: Partial<Shop>) => {
    reset();
    setShop((old) => ({ ...old, ...part }));
  };
  const startOver = async () => {
    const now = (await reload()) ?? view;
    reset();
    setBase(now.version);
    setShop(now.settings as unknown as Shop);
  };
  const save = () =>
    send.mutate(
      { body: changes as never, version: base },
      {
        onSuccess: ({ data }) => {
          setBase(data.version);
          setShop(data.settings as unknown as Shop);
          toast.good(t.saved);
        },
      },
    );
  const refused = (pointer: string) => (send.error?.field === pointer ? send.error.detail : null);
  const props: CardProps = { shop, change, refused, readOnly };
  const conflict = send.error?.code === "version_conflict";
  return (
    <form className={css.form} onSubmit={(event) => { event.preventDefault(); if (dirty) save(); }}>
      {readOnly ? <p className={css.hint}>{t.readOnly}</p> : null}
      <BasicsCard {...props} />
      <ApprovalsCard {...props} />
      <TaxCard {...props} />
      <OrdersCard {...props} />
      <MessagesCard {...props} />
      {dirty && !readOnly ? (
        <div className={css.bar} role="toolbar" aria-label={t.unsaved}>
          <span className={css.grow}>{t.unsaved}</span>
          <Button onPress={() => void startOver()}>{conflict ? t.reload : t.discard}</Button>
          <Button type="submit" look="primary" busy={send.isPending}>{t.save}</Button>
          {send.error ? <div className={css.grow}><ErrorPanel inline error={send.error} /></div> : null}
        </div>
      ) : null}
    </form>
  );
}
