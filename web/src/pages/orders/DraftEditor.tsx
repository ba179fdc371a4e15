import { Send, Trash2 } from "lucide-react";
import { useCallback, useState } from "react";
import { asProblem, type Problem } from "@/api/problem";
import { useSend } from "@/api/react";
import { useGo } from "@/app/nav";
import { useShortcuts } from "@/app/shortcuts";
import { useText } from "@/i18n";
import { en } from "@/i18n/en/new-order";
import { ur } from "@/i18n/ur/new-order";
import { Button, ErrorPanel, Ltr, Page, toast } from "@/ui";
import { AddressCard } from "./AddressCard";
import { CustomerCard } from "./CustomerCard";
import { complete, type Draft, numbered } from "./draft";
import { LinesEditor } from "./LinesEditor";
import css from "./NewOrder.module.css";
import { TermsCard } from "./TermsCard";
import { TotalsCard } from "./TotalsCard";
import type { Order } from "./useOrder";
import { useServerDraft } from "./useServerDraft";

/** Makes a draft, with the server's totals as one types, and places it. */
export function DraftEditor({ initial, draft: first }: { initial: Order | null; draft: Draft }) {
  const t = useText({ en, ur });
  const go = useGo();
  const [draft, setDraft] = useState(first);
  const [placing, setPlacing] = useState(false);
  const [refused, setRefused] = useState<Problem | null>(null);
  const change = useCallback((part: Partial<Draft>) => setDraft((old) => ({ ...old, ...part })), []);
  const onSaved = useCallback((order: Order) => {
    setDraft((old) => ({
      ...old, lines: numbered(old.lines, order),
      // A new customer was made together with the draft: from now on it is a known one.
      ...(old.inline && { customer: { id: order.customer.id, name: order.customer.name }, inline: null }),
    }));
  }, []);
  const server = useServerDraft(draft, initial, true, onSaved);
  // Its key is kept while its outcome is not known: pressed again, it finds out and does nothing twice.
  const submit = useSend("post", "/api/v1/orders/{id}/submit", { refresh: ["/api/v1/orders", "/api/v1/orders/{id}"] });
  const discard = useSend("post", "/api/v1/orders/{id}/cancel", { refresh: ["/api/v1/orders"] });
  const ready = complete(draft);
  const error = refused ?? server.error;

  async function place() {
    setPlacing(true);
    setRefused(null);
    try {
      const order = server.order === null || server.dirty || server.saving ? await server.flush() : server.order;
      const { data: placed } = await submit.mutateAsync({ path: { id: order.id } });
      toast.good(t.placed, <Ltr>{placed.number}</Ltr>);
      go(`/orders/${order.id}`);
    } catch (e) {
      setRefused(asProblem(e));
    } finally {
      setPlacing(false);
    }
  }

  const giveUp = () =>
    discard.mutate({ path: { id: server.order!.id }, body: { reason: t.discardReason } }, {
      onSuccess: () => {
        toast.good(t.discarded);
        go("/orders");
      },
      onError: toast.problem,
    });
  useShortcuts([{ keys: "mod+enter", label: { en: en.place, ur: ur.place }, run: () => { if (ready && !placing) void place(); } }]);
  return (
    <Page
      title={initial ? t.titleEdit : t.titleNew} up={initial ? { to: `/orders/${initial.id}`, label: t.backToOrder } : { to: "/orders", label: t.orders }}
      actions={server.order ? <Button look="quiet" icon={<Trash2 aria-hidden />} busy={discard.isPending} onPress={giveUp}>{t.discard}</Button> : null}
    >
      <div className={css.layout}>
        <div className={css.main}>
          <CustomerCard draft={draft} change={change} error={error} />
          <AddressCard draft={draft} change={change} error={error} />
          <LinesEditor draft={draft} change={change} order={server.order} error={error} />
        </div>
        <div className={css.side}>
          <TotalsCard order={ready ? server.order : null} note={!ready ? t.waiting : server.saving || server.dirty ? t.saving : server.order ? t.saved : t.waiting} stale={server.saving || server.dirty}>
            {error ? <ErrorPanel inline error={error} /> : null}
            <Button look="primary" wide icon={<Send aria-hidden />} isDisabled={!ready} busy={placing} onPress={() => void place()}>{t.place}</Button>
          </TotalsCard>
          <TermsCard draft={draft} change={change} error={error} />
        </div>
      </div>
    </Page>
  );
}
