import { Copy } from "lucide-react";
import { useState } from "react";
import { useChange } from "@/api/react";
import { useText } from "@/i18n";
import { en } from "@/i18n/en/order";
import { ur } from "@/i18n/ur/order";
import { Button, Dialog, ErrorPanel, Field, When } from "@/ui";
import { Qr } from "@/ui/Qr";
import css from "./Order.module.css";
import type { Order } from "./useOrder";

interface TrackingLink {
  url: string;
  expires_at: string;
}

/** Makes the link that shows a customer their order. */
export function TrackingDialog({ order, onClose }: { order: Order; onClose: () => void }) {
  const t = useText({ en, ur });
  const make = useChange<undefined, TrackingLink>("post", "/api/v1/orders/{id}/tracking-link");
  const [copied, setCopied] = useState(false);
  const link = make.data?.data;
  const copy = () => void navigator.clipboard?.writeText(link?.url ?? "").then(() => setCopied(true), () => undefined);
  return (
    <Dialog open onClose={onClose} title={t.link.title}>
      <p>{t.link.text}</p>
      {make.error ? <ErrorPanel inline error={make.error} /> : null}
      {link ? (
        <>
          <Field label={t.actions.link} value={link.url} isReadOnly ltr />
          <p className={css.faint}>{t.link.until} <When at={link.expires_at} as="date" /></p>
          <div className={css.qr}><Qr text={link.url} label={t.link.title} /></div>
          <Button look="primary" icon={<Copy aria-hidden />} onPress={copy}>{copied ? t.link.copied : t.link.copy}</Button>
        </>
      ) : <Button look="primary" busy={make.isPending} onPress={() => make.mutate({ path: { id: order.id } })}>{t.link.make}</Button>}
    </Dialog>
  );
}
