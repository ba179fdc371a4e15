import { useState } from "react";
import { useSend } from "@/api/react";
import { useMay } from "@/app/session";
import { useText, useWords } from "@/i18n";
import { en } from "@/i18n/en/order";
import { ur } from "@/i18n/ur/order";
import { Badge, Button, Card, Ltr, Select, toast, type Tone } from "@/ui";
import { FormDialog } from "@/ui/FormDialog";
import css from "./Order.module.css";
import type { Order } from "./useOrder";

type Parcel = Order["parcels"][number];
const TONES: Record<string, Tone> = { delivered: "good", handed_over: "accent", returning: "warn", lost: "bad", canceled: "neutral" };
/** What a carrier does, as recorded by hand (SM-08). */
const SCANS = ["picked_up", "in_transit", "at_destination", "out_for_delivery", "attempt_failed", "returning", "damaged", "delivered", "returned_to_sender", "lost"] as const;

export function ParcelsCard({ order, past }: { order: Order; past: boolean }) {
  const t = useText({ en, ur });
  const words = useWords();
  const may = useMay();
  const [scanning, setScanning] = useState<Parcel | null>(null);
  if (order.parcels.length === 0) return order.placed_at ? <Card title={t.parcels}><p className={css.faint}>{t.noParcels}</p></Card> : null;
  return (
    <Card title={t.parcels} flush>
      <ul>
        {order.parcels.map((p) => (
          <li key={p.number} className={css.parcel}>
            <strong>{t.parcel(p.number)}</strong>
            <Badge tone={TONES[p.state] ?? "info"}>{words("parcel", p.state)}</Badge>
            {p.carrier_state ? <Badge>{words("carrier", p.carrier_state)}</Badge> : null}
            <span className={css.faint}><Ltr>{p.warehouse}</Ltr></span>
            {p.carrier ? <span><Ltr>{p.carrier}</Ltr> <Ltr mono>{p.tracking ?? ""}</Ltr></span> : null}
            {!past && may("orders.track") && (p.state === "handed_over" || p.state === "returning")
              ? <span className={css.parcelAct}><Button small onPress={() => setScanning(p)}>{t.actions.scan}</Button></span> : null}
          </li>
        ))}
      </ul>
      {scanning ? <ScanDialog order={order} parcel={scanning} onClose={() => setScanning(null)} /> : null}
    </Card>
  );
}

function ScanDialog({ order, parcel, onClose }: { order: Order; parcel: Parcel; onClose: () => void }) {
  const t = useText({ en, ur });
  const words = useWords();
  const [status, setStatus] = useState<string | null>(null);
  const send = useSend("post", "/api/v1/orders/{id}/scan", { refresh: ["/api/v1/orders/{id}"] });
  const submit = () =>
    send.mutate({ path: { id: order.id }, body: { parcel: parcel.number, status: status! } }, {
      onSuccess: () => {
        toast.good(t.done.scan);
        onClose();
      },
    });
  return (
    <FormDialog open onClose={onClose} title={`${t.parcel(parcel.number)}: ${t.actions.scan.replace("…", "")}`} submit={t.actions.scan.replace("…", "")} busy={send.isPending} error={send.error} blocked={!status} onSubmit={submit}>
      <Select label={t.scanStatus} value={status} onChange={setStatus} options={SCANS.map((s) => ({ id: s as string, label: words("carrier", s) }))} />
    </FormDialog>
  );
}
