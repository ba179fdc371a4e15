import { useState } from "react";
import { useGet, useSend } from "@/api/react";
import { useGo } from "@/app/nav";
import { useMay } from "@/app/session";
import { useText } from "@/i18n";
import { en } from "@/i18n/en/products";
import { ur } from "@/i18n/ur/products";
import { Button, Card, ErrorPanel, Field, Page, toast } from "@/ui";
import { refusedAt } from "@/ui/FormDialog";
import { blank, complete, details } from "./draft";
import { ProductForm } from "./ProductForm";
import css from "./products.module.css";

/** Whoever may not read the settings is offered the currency of the first market. */
const FIRST_MARKET = "PKR";

export default function NewProductPage() {
  const t = useText({ en, ur });
  const go = useGo();
  const settings = useGet("/api/v1/settings", {}, { enabled: useMay()("settings.read") });
  const [sku, setSku] = useState("");
  const [draft, setDraft] = useState(() => blank(""));
  const shown = draft.currency === "" ? { ...draft, currency: String(settings.data?.settings.currency ?? FIRST_MARKET) } : draft;
  const send = useSend("post", "/api/v1/products", { refresh: ["/api/v1/products"] });
  const save = () =>
    send.mutate(
      { body: { sku: sku.trim(), details: details(shown) } },
      {
        onSuccess: ({ data }) => {
          toast.good(t.created);
          go(`/products/${encodeURIComponent(data.sku)}`, { replace: true });
        },
      },
    );
  const ready = sku.trim() !== "" && complete(shown);
  return (
    <Page title={t.newTitle} up={{ to: "/products", label: t.title }}>
      <form className={css.form} onSubmit={(event) => { event.preventDefault(); if (ready && !send.isPending) save(); }}>
        <Card><Field label={t.sku} ltr value={sku} onChange={setSku} isRequired autoFocus error={refusedAt(send.error, "/sku")} /></Card>
        <ProductForm draft={shown} change={(part) => setDraft((old) => ({ ...old, ...part }))} error={send.error} under="/details" />
        {send.error ? <ErrorPanel inline error={send.error} /> : null}
        <div className={css.buttons}><Button type="submit" look="primary" busy={send.isPending} isDisabled={!ready}>{t.save}</Button></div>
      </form>
    </Page>
  );
}
