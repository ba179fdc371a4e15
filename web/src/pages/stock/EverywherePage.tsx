import { useGet } from "@/api/react";
import { Link, usePathParams } from "@/app/nav";
import { useText } from "@/i18n";
import { en } from "@/i18n/en/stock";
import { ur } from "@/i18n/ur/stock";
import { buttonClass, Card, Ltr, Page } from "@/ui";
import { Everywhere } from "./everywhere";
import css from "./stock.module.css";

/** Where a SKU is, over all warehouses. */
export default function EverywherePage() {
  const t = useText({ en, ur });
  const { sku } = usePathParams<{ sku: string }>();
  const product = useGet("/api/v1/products/{sku}", { path: { sku } });
  return (
    <Page
      title={product.data ? <><bdi>{product.data.title}</bdi> <span className={css.whole}><Ltr mono>{sku}</Ltr></span></> : <Ltr mono>{sku}</Ltr>} name={t.everywhereTitle(sku)}
      up={{ to: "/stock", label: t.title }}
      actions={<Link className={buttonClass()} to={`/products/${encodeURIComponent(sku)}`}>{t.openProduct}</Link>}
    >
      <Card title={t.everywhere} flush><Everywhere sku={sku} /></Card>
    </Page>
  );
}
