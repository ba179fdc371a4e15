/** One product: its facts, its stock everywhere, its variants; changed on the same page. */
import { Pencil, Printer } from "lucide-react";
import { useState } from "react";
import { type Schema, useGet, useSend } from "@/api/react";
import { Link, usePathParams } from "@/app/nav";
import { useMay } from "@/app/session";
import { useFormat, useText } from "@/i18n";
import { en } from "@/i18n/en/products";
import { ur } from "@/i18n/ur/products";
import { Everywhere } from "@/pages/stock/everywhere";
import { Badge, Button, buttonClass, Card, cx, ErrorPanel, Facts, Ltr, Money, Page, Skeleton, toast } from "@/ui";
import { FormDialog } from "@/ui/FormDialog";
import { complete, details, draftOf } from "./draft";
import { ProductForm } from "./ProductForm";
import css from "./products.module.css";

type Product = Schema["ProductView"];
const REFRESH = ["/api/v1/products", "/api/v1/products/{sku}"];

export default function ProductPage() {
  const t = useText({ en, ur });
  const { sku } = usePathParams<{ sku: string }>();
  const query = useGet("/api/v1/products/{sku}", { path: { sku } });
  const [editing, setEditing] = useState(false);
  const product = query.data;
  if (!product) {
    return (
      <Page title={<Ltr mono>{sku}</Ltr>} name={sku} up={{ to: "/products", label: t.title }}>
        {query.isPending ? <Skeleton lines={8} /> : <ErrorPanel error={query.error} onRetry={() => void query.refetch()} />}
      </Page>
    );
  }
  return (
    <Page
      title={<bdi>{product.title}</bdi>} name={product.title} up={{ to: "/products", label: t.title }}
      beside={<Badge tone={product.active ? "good" : "neutral"}>{product.active ? t.active : t.inactive}</Badge>}
      actions={editing ? null : <Actions product={product} edit={() => setEditing(true)} />}
    >
      {editing ? <Edit product={product} close={() => setEditing(false)} /> : <Shown product={product} />}
    </Page>
  );
}

function Actions({ product, edit }: { product: Product; edit: () => void }) {
  const t = useText({ en, ur });
  const may = useMay()("products.write");
  const [asking, setAsking] = useState(false);
  const path = { sku: product.sku };
  const activate = useSend("post", "/api/v1/products/{sku}/activate", { refresh: REFRESH });
  const deactivate = useSend("post", "/api/v1/products/{sku}/deactivate", { refresh: REFRESH });
  return (
    <>
      {may ? <Button look="primary" icon={<Pencil aria-hidden />} onPress={edit}>{t.edit}</Button> : null}
      {may && product.active ? <Button look="danger" onPress={() => setAsking(true)}>{t.deactivate}</Button> : null}
      {may && !product.active ? (
        <Button busy={activate.isPending} onPress={() => activate.mutate({ path }, { onSuccess: () => toast.good(t.activated), onError: toast.problem })}>{t.activate}</Button>
      ) : null}
      <Button icon={<Printer aria-hidden />} onPress={() => window.print()}>{t.print}</Button>
      {asking ? (
        <FormDialog
          open alert onClose={() => setAsking(false)} title={t.deactivateTitle} text={t.deactivateText} submit={t.deactivate} look="danger"
          busy={deactivate.isPending} error={deactivate.error}
          onSubmit={() => deactivate.mutate({ path }, { onSuccess: () => { toast.good(t.deactivated); setAsking(false); } })}
        />
      ) : null}
    </>
  );
}

function Shown({ product }: { product: Product }) {
  const t = useText({ en, ur });
  const format = useFormat();
  const mayStock = useMay()("stock.read");
  return (
    <div className={css.columns}>
      <div className={css.stack}>
        <Card title={t.details}>
          <div className={css.stack}>
            {product.image ? <Picture address={product.image} /> : null}
            <Facts
              facts={[
                [t.sku, <Ltr key="sku" mono>{product.sku}</Ltr>],
                [t.price, <Money key="price" {...product.price} />],
                [t.compareAt, product.compare_at ? <Money key="was" {...product.compare_at} /> : null],
                [t.brand, product.brand ? <Link key="brand" to="/products" search={{ brand: product.brand }}><bdi>{product.brand}</bdi></Link> : null],
                [t.category, product.category ? <Link key="category" to="/products" search={{ category: product.category }}><bdi>{product.category}</bdi></Link> : null],
                [t.options, product.options.length > 0 ? <bdi key="options">{product.options.map((one) => `${one.name}: ${one.value}`).join(" · ")}</bdi> : null],
                [t.barcode, product.barcode ? <Ltr key="barcode" mono>{product.barcode}</Ltr> : null],
                [t.weight, format.number(product.weight_grams)],
                [t.minQuantity, product.min_quantity > 1 ? format.number(product.min_quantity) : null],
                [t.taxCode, product.tax_code ? <Ltr key="tax">{product.tax_code}</Ltr> : t.taxDefault],
                [t.backorder, product.backorder ? t.yes : t.no],
                [t.description, product.description ? <span key="description" dir="auto">{product.description}</span> : null],
              ]}
            />
          </div>
        </Card>
      </div>
      <div className={css.stack}>
        {mayStock ? (
          <Card title={t.stock} flush actions={product.stocked ? <Link className={buttonClass("plain", true)} to={`/stock/sku/${encodeURIComponent(product.sku)}`}>{t.allStock}</Link> : null}>
            {product.stocked ? <Everywhere sku={product.sku} /> : <p className={css.pad}>{t.notStocked}</p>}
          </Card>
        ) : null}
        <Family product={product} />
      </div>
    </div>
  );
}

/** Pictures come from our own server only: a page of another host is not asked for anything. */
function Picture({ address }: { address: string }) {
  const own = address.startsWith("/") || address.startsWith(`${location.origin}/`);
  return own ? <img className={css.picture} src={address} alt="" /> : <a href={address} rel="noreferrer noopener" target="_blank" dir="ltr">{address}</a>;
}

function Family({ product }: { product: Product }) {
  const t = useText({ en, ur });
  const query = useGet("/api/v1/products", { query: { handle: product.handle, limit: 200 } });
  const family = query.data?.items ?? [];
  if (family.length < 2) return null;
  return (
    <Card title={t.family} flush>
      <ul className={css.family}>
        {family.map((one) => (
          <li key={one.sku}>
            <Link to={`/products/${encodeURIComponent(one.sku)}`} aria-current={one.sku === product.sku ? "page" : undefined} className={cx(one.sku === product.sku && css.here)}>
              <bdi>{one.options.map((option) => option.value).join(" · ") || one.sku}</bdi>
              <Money {...one.price} />
            </Link>
          </li>
        ))}
      </ul>
    </Card>
  );
}

function Edit({ product, close }: { product: Product; close: () => void }) {
  const t = useText({ en, ur });
  const [base] = useState(product.version);
  const [draft, setDraft] = useState(() => draftOf(product));
  const send = useSend("put", "/api/v1/products/{sku}", { refresh: REFRESH });
  const save = () =>
    send.mutate(
      { path: { sku: product.sku }, body: details(draft), version: base },
      { onSuccess: () => { toast.good(t.saved); close(); } },
    );
  return (
    <form className={css.form} onSubmit={(event) => { event.preventDefault(); if (complete(draft) && !send.isPending) save(); }}>
      <ProductForm draft={draft} change={(part) => setDraft((old) => ({ ...old, ...part }))} error={send.error} under="" />
      {send.error ? <ErrorPanel inline error={send.error} /> : null}
      <div className={css.buttons}>
        <Button type="submit" look="primary" busy={send.isPending} isDisabled={!complete(draft)}>{t.save}</Button>
        <Button onPress={close}>{t.cancel}</Button>
      </div>
    </form>
  );
}
