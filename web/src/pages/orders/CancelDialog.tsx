import { useState } from "react";
import { useSend } from "@/api/react";
import { useText } from "@/i18n";
import { en } from "@/i18n/en/order";
import { ur } from "@/i18n/ur/order";
import { Field, RadioChoice, toast } from "@/ui";
import { FormDialog } from "@/ui/FormDialog";
import { WholeField } from "@/ui/WholeField";
import { cancelable } from "./stages";
import type { Order } from "./useOrder";

/** Cancels all that is still here, or some units of some lines. */
export function CancelDialog({ order, onClose }: { order: Order; onClose: () => void }) {
  const t = useText({ en, ur });
  const [scope, setScope] = useState<"all" | "units">("all");
  const [units, setUnits] = useState<Record<number, number>>({});
  const [reason, setReason] = useState("");
  const send = useSend("post", "/api/v1/orders/{id}/cancel", { refresh: ["/api/v1/orders/{id}", "/api/v1/orders"] });
  const chosen = Object.entries(units).map(([line, quantity]) => ({ line: Number(line), quantity })).filter((u) => u.quantity > 0);
  const unclear = Object.values(units).some(Number.isNaN);
  const body = { reason: reason.trim(), ...(scope === "units" && { lines: chosen }) };
  const submit = () =>
    send.mutate({ path: { id: order.id }, body }, {
      onSuccess: () => {
        toast.good(t.done.cancel);
        onClose();
      },
    });
  const draft = order.status === "draft";
  return (
    <FormDialog
      open onClose={onClose} title={t.cancelTitle} text={draft ? undefined : t.cancelText} submit={scope === "all" ? t.cancelDo : t.cancelSome} dismiss={t.cancelKeep}
      look="danger" busy={send.isPending} error={send.error} blocked={!reason.trim() || (scope === "units" && (chosen.length === 0 || unclear))} onSubmit={submit}
    >
      {draft ? null : (
        <RadioChoice label={t.cancelWhat} value={scope} onChange={setScope} options={[{ id: "all", label: t.cancelWhole }, { id: "units", label: t.cancelUnits }]} />
      )}
      {scope === "units" ? order.lines.filter((l) => cancelable(l.quantities) > 0).map((l) => (
        <WholeField
          key={l.line} label={t.cancelUnitsOf(l.title)} hint={t.left(cancelable(l.quantities))} value={units[l.line] ?? 0} min={0} max={cancelable(l.quantities)}
          onChange={(n) => setUnits({ ...units, [l.line]: n })} error={Number.isNaN(units[l.line]) ? t.left(cancelable(l.quantities)) : null}
        />
      )) : null}
      <Field label={t.reason} hint={t.reasonHint} value={reason} onChange={setReason} isRequired maxLength={500} />
    </FormDialog>
  );
}
