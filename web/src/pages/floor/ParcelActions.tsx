/** The buttons of a parcel and the form behind each. */
import { useState } from "react";
import { type Schema, useSend } from "@/api/react";
import { useMay } from "@/app/session";
import { useText } from "@/i18n";
import { en } from "@/i18n/en/floor";
import { ur } from "@/i18n/ur/floor";
import { Button, Field, Select, toast } from "@/ui";
import { Fields, FormDialog, refusedAt } from "@/ui/FormDialog";
import { WholeField } from "@/ui/WholeField";
import { PATHS } from "./live";
import { offered, type ParcelAction } from "./next";
import { ReturnDialog } from "./ReturnDialog";

type Parcel = Schema["ParcelView"];
const REFRESH = [PATHS.parcel, PATHS.parcels, PATHS.tasks];
/** Done at once, without a form. */
const AT_ONCE = ["claim", "release", "resume"] as const;
type AtOnce = (typeof AT_ONCE)[number];
const isAtOnce = (action: ParcelAction): action is AtOnce => (AT_ONCE as readonly string[]).includes(action);

export interface ActionProps {
  parcel: Parcel;
  close: () => void;
}

export const at = (parcel: Parcel) => ({ code: parcel.warehouse, order: parcel.order, n: parcel.number });

export function useDone(action: ParcelAction, close: () => void) {
  const t = useText({ en, ur });
  return { onSuccess: () => { toast.good(t.done[action] ?? action); close(); } };
}

export function ParcelActions({ parcel }: { parcel: Parcel }) {
  const may = useMay()("floor.work");
  const label = useLabels();
  const [open, setOpen] = useState<ParcelAction | null>(null);
  const claim = useSend("post", `${PATHS.parcel}/claim`, { refresh: REFRESH });
  const release = useSend("post", `${PATHS.parcel}/release`, { refresh: REFRESH });
  const resume = useSend("post", `${PATHS.parcel}/resume`, { refresh: REFRESH });
  const sends = { claim, release, resume };
  const done = useText({ en, ur }).done;
  const press = (action: ParcelAction) => {
    if (!isAtOnce(action)) return setOpen(action);
    sends[action].mutate({ path: at(parcel), wish: String(parcel.version) }, { onSuccess: () => toast.good(done[action]), onError: toast.problem });
  };
  if (!may) return null;
  return (
    <>
      {offered(parcel).map((action, index) => (
        <Button key={action} look={index === 0 && action !== "hold" ? "primary" : "plain"} busy={isAtOnce(action) && sends[action].isPending} onPress={() => press(action)}>
          {label(action)}
        </Button>
      ))}
      {open ? <Form action={open} parcel={parcel} close={() => setOpen(null)} /> : null}
    </>
  );
}

function useLabels(): (action: ParcelAction) => string {
  const t = useText({ en, ur });
  const labels: Record<ParcelAction, string> = {
    claim: t.claim, confirm: t.confirm, short: t.short, release: t.release, pack: t.pack, book: t.book, "hand-over": t.handOver,
    hold: t.hold, resume: t.resume, return: t.takeBack,
  };
  return (action) => labels[action];
}

function Form({ action, parcel, close }: ActionProps & { action: ParcelAction }) {
  switch (action) {
    case "confirm":
      return <Confirm parcel={parcel} close={close} />;
    case "short":
      return <Short parcel={parcel} close={close} />;
    case "pack":
      return <Pack parcel={parcel} close={close} />;
    case "book":
      return <Book parcel={parcel} close={close} />;
    case "hand-over":
      return <HandOver parcel={parcel} close={close} />;
    case "hold":
      return <Hold parcel={parcel} close={close} />;
    case "return":
      return <ReturnDialog parcel={parcel} close={close} />;
    default:
      return null;
  }
}

/** Lines that still need units. */
function useMissing(parcel: Parcel) {
  const missing = parcel.lines.filter((line) => line.quantity > line.picked);
  const [sku, setSku] = useState(missing[0]?.sku ?? "");
  const line = missing.find((one) => one.sku === sku);
  const [quantity, setQuantity] = useState(line ? line.quantity - line.picked : 1);
  const choose = (next: string) => {
    const found = missing.find((one) => one.sku === next);
    setSku(next);
    if (found) setQuantity(found.quantity - found.picked);
  };
  return { options: missing.map((one) => ({ id: one.sku, label: one.sku, note: `${one.picked} / ${one.quantity}` })), sku, choose, quantity, setQuantity };
}

function Confirm({ parcel, close }: ActionProps) {
  const t = useText({ en, ur });
  const { options, sku, choose, quantity, setQuantity } = useMissing(parcel);
  const send = useSend("post", `${PATHS.parcel}/confirm`, { refresh: REFRESH });
  const done = useDone("confirm", close);
  return (
    <FormDialog
      open onClose={close} title={t.confirm} submit={t.confirm} busy={send.isPending} error={send.error} blocked={sku === "" || !(quantity > 0)}
      onSubmit={() => send.mutate({ path: at(parcel), body: { sku, quantity } }, done)}
    >
      <Fields>
        <Select label={t.sku} value={sku} onChange={choose} options={options} isRequired error={refusedAt(send.error, "/sku")} />
        <WholeField label={t.quantity} min={1} value={quantity} onChange={setQuantity} isRequired autoFocus error={refusedAt(send.error, "/quantity")} />
      </Fields>
    </FormDialog>
  );
}

function Short({ parcel, close }: ActionProps) {
  const t = useText({ en, ur });
  const { options, sku, choose, quantity, setQuantity } = useMissing(parcel);
  const [reason, setReason] = useState("");
  const send = useSend("post", `${PATHS.parcel}/short`, { refresh: REFRESH });
  const done = useDone("short", close);
  return (
    <FormDialog
      open onClose={close} title={t.short} text={t.shortText} submit={t.short} look="danger" busy={send.isPending} error={send.error}
      blocked={sku === "" || !(quantity > 0) || reason.trim() === ""} onSubmit={() => send.mutate({ path: at(parcel), body: { sku, quantity, reason } }, done)}
    >
      <Fields>
        <Select label={t.sku} value={sku} onChange={choose} options={options} isRequired error={refusedAt(send.error, "/sku")} />
        <WholeField label={t.quantity} min={1} value={quantity} onChange={setQuantity} isRequired error={refusedAt(send.error, "/quantity")} />
      </Fields>
      <Field label={t.reason} value={reason} onChange={setReason} isRequired maxLength={500} error={refusedAt(send.error, "/reason")} />
    </FormDialog>
  );
}

function Pack({ parcel, close }: ActionProps) {
  const t = useText({ en, ur });
  const [grams, setGrams] = useState(NaN);
  const send = useSend("post", `${PATHS.parcel}/pack`, { refresh: REFRESH });
  const done = useDone("pack", close);
  return (
    <FormDialog
      open onClose={close} title={t.pack} text={t.packText} submit={t.pack} busy={send.isPending} error={send.error} blocked={!(grams > 0)}
      onSubmit={() => send.mutate({ path: at(parcel), body: { weight_grams: grams } }, done)}
    >
      <WholeField label={t.weightGrams} min={1} value={grams} onChange={setGrams} isRequired autoFocus error={refusedAt(send.error, "/weight_grams")} />
    </FormDialog>
  );
}

function Book({ parcel, close }: ActionProps) {
  const t = useText({ en, ur });
  const [carrier, setCarrier] = useState("");
  const [tracking, setTracking] = useState("");
  const send = useSend("post", `${PATHS.parcel}/book`, { refresh: REFRESH });
  const done = useDone("book", close);
  return (
    <FormDialog
      open onClose={close} title={t.book} text={t.bookText} submit={t.book} busy={send.isPending} error={send.error}
      blocked={carrier.trim() === "" || tracking.trim() === ""}
      onSubmit={() => send.mutate({ path: at(parcel), body: { carrier: carrier.trim(), tracking: tracking.trim() } }, done)}
    >
      <Fields>
        <Field label={t.carrier} value={carrier} onChange={setCarrier} isRequired autoFocus error={refusedAt(send.error, "/carrier")} />
        <Field label={t.tracking} ltr value={tracking} onChange={setTracking} isRequired error={refusedAt(send.error, "/tracking")} />
      </Fields>
    </FormDialog>
  );
}

function HandOver({ parcel, close }: ActionProps) {
  const t = useText({ en, ur });
  const send = useSend("post", `${PATHS.parcel}/hand-over`, { refresh: REFRESH });
  const done = useDone("hand-over", close);
  return (
    <FormDialog
      open alert onClose={close} title={t.handOver} text={t.handOverText} submit={t.handOver} busy={send.isPending} error={send.error}
      onSubmit={() => send.mutate({ path: at(parcel) }, done)}
    />
  );
}

function Hold({ parcel, close }: ActionProps) {
  const t = useText({ en, ur });
  const [reason, setReason] = useState("");
  const send = useSend("post", `${PATHS.parcel}/hold`, { refresh: REFRESH });
  const done = useDone("hold", close);
  return (
    <FormDialog
      open onClose={close} title={t.hold} text={t.holdText} submit={t.hold} look="danger" busy={send.isPending} error={send.error} blocked={reason.trim() === ""}
      onSubmit={() => send.mutate({ path: at(parcel), body: { reason } }, done)}
    >
      <Field label={t.reason} value={reason} onChange={setReason} isRequired autoFocus maxLength={500} error={refusedAt(send.error, "/reason")} />
    </FormDialog>
  );
}
