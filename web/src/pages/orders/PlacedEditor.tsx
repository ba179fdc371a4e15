import { useState } from "react";
import { useSend } from "@/api/react";
import { useGo } from "@/app/nav";
import { useText } from "@/i18n";
import { en } from "@/i18n/en/new-order";
import { ur } from "@/i18n/ur/new-order";
import { Button, ErrorPanel, Field, Ltr, Page, toast } from "@/ui";
import { AddressCard } from "./AddressCard";
import { changes, complete, type Draft, fromOrder, toPlacedPatch } from "./draft";
import { LinesEditor } from "./LinesEditor";
import css from "./NewOrder.module.css";
import { TermsCard } from "./TermsCard";
import { TotalsCard } from "./TotalsCard";
import type { Order } from "./useOrder";

/** Changes a placed order. Nothing is sent before it is saved, and only what differs, with a reason. */
export function PlacedEditor({ order }: { order: Order }) {
  const t = useText({ en, ur });
  const go = useGo();
  const [first] = useState(() => fromOrder(order));
  const [draft, setDraft] = useState(first);
  const [reason, setReason] = useState("");
  const change = (part: Partial<Draft>) => setDraft((old) => ({ ...old, ...part }));
  const save = useSend("patch", "/api/v1/orders/{id}", { refresh: ["/api/v1/orders", "/api/v1/orders/{id}"] });
  const patch = changes(toPlacedPatch(first), toPlacedPatch(draft));
  const touched = Object.keys(patch).length > 0;
  const submit = () =>
    save.mutate({ path: { id: order.id }, body: { ...patch, reason: reason.trim() }, version: order.version }, {
      onSuccess: () => {
        toast.good(t.changed);
        go(`/orders/${order.id}`);
      },
    });
  return (
    <Page title={<>{t.titleEdit} <Ltr>{order.number}</Ltr></>} name={t.titleEdit} up={{ to: `/orders/${order.id}`, label: t.backToOrder }}>
      <p className={css.hint}>{t.frozen}</p>
      <div className={css.layout}>
        <div className={css.main}>
          <LinesEditor draft={draft} change={change} order={order} error={save.error} />
          <AddressCard draft={draft} change={change} error={save.error} />
        </div>
        <div className={css.side}>
          <TotalsCard order={order} note={touched ? t.unsaved : null} stale={touched}>
            <Field label={t.reason} hint={t.reasonHint} value={reason} onChange={setReason} isRequired maxLength={500} />
            {save.error ? <ErrorPanel inline error={save.error} /> : null}
            <Button look="primary" wide busy={save.isPending} isDisabled={!touched || !complete(draft) || reason.trim() === ""} onPress={submit}>{t.save}</Button>
          </TotalsCard>
          <TermsCard draft={draft} change={change} error={save.error} placed />
        </div>
      </div>
    </Page>
  );
}
