import { useState } from "react";
import { useSend } from "@/api/react";
import { useMay } from "@/app/session";
import { useText, useWords } from "@/i18n";
import { en } from "@/i18n/en/order";
import { ur } from "@/i18n/ur/order";
import { Badge, Button, Field, toast, When } from "@/ui";
import { FormDialog } from "@/ui/FormDialog";
import css from "./Order.module.css";
import type { Order } from "./useOrder";

/** Holds stop everything, so they stand above all else. */
export function HoldsCard({ order, past }: { order: Order; past: boolean }) {
  const t = useText({ en, ur });
  const words = useWords();
  const may = useMay();
  const [ending, setEnding] = useState<number | null>(null);
  if (order.holds.length === 0) return null;
  return (
    <section aria-label={t.holds} className={css.holds}>
      {order.holds.map((h) => (
        <div key={h.hold} className={css.hold}>
          <Badge tone="bad">{words("hold", h.kind)}</Badge>
          <bdi className={css.holdText}>{h.reason}</bdi>
          <span className={css.faint}><When at={h.since} as="dateTime" />{h.expires_at ? <> – <When at={h.expires_at} as="dateTime" /></> : null}</span>
          {!past && may("orders.hold") && order.next_actions.includes("ReleaseHold")
            ? <Button small onPress={() => setEnding(h.hold)}>{t.actions.releaseHold}</Button> : null}
        </div>
      ))}
      {ending !== null ? <EndHold order={order} hold={ending} onClose={() => setEnding(null)} /> : null}
    </section>
  );
}

function EndHold({ order, hold, onClose }: { order: Order; hold: number; onClose: () => void }) {
  const t = useText({ en, ur });
  const [reason, setReason] = useState("");
  const send = useSend("post", "/api/v1/orders/{id}/release-hold", { refresh: ["/api/v1/orders/{id}"] });
  const submit = () =>
    send.mutate({ path: { id: order.id }, body: { hold, reason: reason.trim() } }, {
      onSuccess: () => {
        toast.good(t.done.releaseHold);
        onClose();
      },
    });
  return (
    <FormDialog open onClose={onClose} title={t.actions.releaseHold} submit={t.actions.releaseHold} busy={send.isPending} error={send.error} blocked={!reason.trim()} onSubmit={submit}>
      <Field label={t.reason} hint={t.reasonHint} value={reason} onChange={setReason} isRequired autoFocus maxLength={500} />
    </FormDialog>
  );
}
