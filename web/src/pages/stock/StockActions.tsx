/** What can be done to the stock of a SKU: receive, correct, count, set its levels. Each is one durable command. */
import { ClipboardCheck, PackagePlus, PencilLine, SlidersHorizontal } from "lucide-react";
import { useState } from "react";
import { type Schema, useSend } from "@/api/react";
import { useMay } from "@/app/session";
import { useFormat, useText } from "@/i18n";
import { en } from "@/i18n/en/stock";
import { ur } from "@/i18n/ur/stock";
import { given } from "@/pages/parts/numbers";
import { Button, Field, toast } from "@/ui";
import { Fields, FormDialog, refusedAt } from "@/ui/FormDialog";
import { WholeField } from "@/ui/WholeField";

type Stock = Schema["StockView"];
type Action = "receive" | "adjust" | "count" | "policy";

export const STOCK_PATHS = [
  "/api/v1/warehouses/{code}/stock/{sku}",
  "/api/v1/warehouses/{code}/stock/{sku}/ledger",
  "/api/v1/warehouses/{code}/stock",
  "/api/v1/products/{sku}/stock",
];

interface Of {
  code: string;
  sku: string;
  stock: Stock | null;
}

/** The buttons, and the form of the one that was pressed. */
export function StockActions(props: Of) {
  const t = useText({ en, ur });
  const may = useMay();
  const [open, setOpen] = useState<Action | null>(null);
  const close = () => setOpen(null);
  const known = props.stock !== null;
  return (
    <>
      {may("stock.write") ? (
        <>
          <Button look="primary" icon={<PackagePlus aria-hidden />} onPress={() => setOpen("receive")}>{t.receive}</Button>
          <Button icon={<PencilLine aria-hidden />} isDisabled={!known} onPress={() => setOpen("adjust")}>{t.adjust}</Button>
          <Button icon={<ClipboardCheck aria-hidden />} isDisabled={!known} onPress={() => setOpen("count")}>{t.countIt}</Button>
        </>
      ) : null}
      {may("stock.policy") ? (
        <Button icon={<SlidersHorizontal aria-hidden />} isDisabled={!known} onPress={() => setOpen("policy")}>{t.policy}</Button>
      ) : null}
      {open === "receive" ? <Receive {...props} onClose={close} /> : null}
      {open === "adjust" && props.stock ? <Adjust {...props} stock={props.stock} onClose={close} /> : null}
      {open === "count" && props.stock ? <Count {...props} stock={props.stock} onClose={close} /> : null}
      {open === "policy" && props.stock ? <Policy {...props} stock={props.stock} onClose={close} /> : null}
    </>
  );
}

interface FormOf extends Of {
  stock: Stock;
  onClose: () => void;
}

function useDone(onClose: () => void, said: string) {
  return {
    onSuccess: () => {
      toast.good(said);
      onClose();
    },
  };
}

function Receive({ code, sku, onClose }: Omit<FormOf, "stock">) {
  const t = useText({ en, ur });
  const [quantity, setQuantity] = useState(NaN);
  const [reference, setReference] = useState("");
  const send = useSend("post", "/api/v1/warehouses/{code}/stock/{sku}/receive", { refresh: STOCK_PATHS });
  const done = useDone(onClose, t.done.receive);
  const submit = () => send.mutate({ path: { code, sku }, body: { quantity, reference: given(reference) } }, done);
  return (
    <FormDialog open onClose={onClose} title={t.receiveTitle} text={t.receiveText} submit={t.receive} busy={send.isPending} error={send.error} onSubmit={submit} blocked={!(quantity > 0)}>
      <WholeField label={t.quantity} min={1} max={1_000_000} value={quantity} onChange={setQuantity} isRequired autoFocus error={refusedAt(send.error, "/quantity")} />
      <Field label={t.reference} hint={t.referenceHelp} value={reference} onChange={setReference} maxLength={200} />
    </FormDialog>
  );
}

function Adjust({ code, sku, stock, onClose }: FormOf) {
  const t = useText({ en, ur });
  const format = useFormat();
  const [delta, setDelta] = useState(NaN);
  const [reason, setReason] = useState("");
  const send = useSend("post", "/api/v1/warehouses/{code}/stock/{sku}/adjust", { refresh: STOCK_PATHS });
  const done = useDone(onClose, t.done.adjust);
  const submit = () => send.mutate({ path: { code, sku }, body: { delta, reason } }, done);
  const known = Number.isFinite(delta) && delta !== 0;
  return (
    <FormDialog open onClose={onClose} title={t.adjustTitle} text={t.adjustText} submit={t.adjust} busy={send.isPending} error={send.error} onSubmit={submit} blocked={!known || reason.trim() === ""}>
      <WholeField label={t.delta} hint={known ? t.result(format.number(stock.on_hand), format.number(stock.on_hand + delta)) : t.deltaHelp} value={delta} onChange={setDelta} isRequired autoFocus error={refusedAt(send.error, "/delta")} />
      <Field label={t.reason} hint={t.reasonHelp} value={reason} onChange={setReason} isRequired maxLength={500} rows={2} error={refusedAt(send.error, "/reason")} />
    </FormDialog>
  );
}

/** A count is held against the row as it was when the form was opened: what moves meanwhile is applied on top (INV-06). */
function Count({ code, sku, stock, onClose }: FormOf) {
  const t = useText({ en, ur });
  const [began] = useState(stock.version);
  const [counted, setCounted] = useState(NaN);
  const [reason, setReason] = useState("");
  const send = useSend("post", "/api/v1/warehouses/{code}/stock/{sku}/count", { refresh: STOCK_PATHS });
  const done = useDone(onClose, t.done.count);
  const submit = () => send.mutate({ path: { code, sku }, body: { counted, at_version: began, reason } }, done);
  return (
    <FormDialog open onClose={onClose} title={t.countTitle} text={t.countText} submit={t.countIt} busy={send.isPending} error={send.error} onSubmit={submit} blocked={!(counted >= 0) || reason.trim() === ""}>
      <WholeField label={t.counted} min={0} value={counted} onChange={setCounted} isRequired autoFocus error={refusedAt(send.error, "/counted")} />
      <Field label={t.reason} hint={t.reasonHelp} value={reason} onChange={setReason} isRequired maxLength={500} error={refusedAt(send.error, "/reason")} />
    </FormDialog>
  );
}

function Policy({ code, sku, stock, onClose }: FormOf) {
  const t = useText({ en, ur });
  const [safety, setSafety] = useState(stock.safety);
  const [low, setLow] = useState(stock.low_stock);
  const [cap, setCap] = useState(stock.backorder_cap ?? NaN);
  const send = useSend("put", "/api/v1/warehouses/{code}/stock/{sku}/policy", { refresh: STOCK_PATHS });
  const done = useDone(onClose, t.done.policy);
  const submit = () =>
    send.mutate({ path: { code, sku }, body: { safety: safety || 0, low_stock: low || 0, backorder_cap: Number.isFinite(cap) ? cap : null } }, done);
  return (
    <FormDialog open onClose={onClose} title={t.policyTitle} submit={t.save} busy={send.isPending} error={send.error} onSubmit={submit}>
      <Fields>
        <WholeField label={t.safety} hint={t.safetyHelp} min={0} value={safety} onChange={setSafety} error={refusedAt(send.error, "/safety")} />
        <WholeField label={t.lowLevel} hint={t.lowHelp} min={0} value={low} onChange={setLow} error={refusedAt(send.error, "/low_stock")} />
        <WholeField label={t.backorderCap} hint={t.capHelp} min={0} value={cap} onChange={setCap} error={refusedAt(send.error, "/backorder_cap")} />
      </Fields>
    </FormDialog>
  );
}
