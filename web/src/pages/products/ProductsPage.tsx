/** The catalogue: found by words, brand, category and whether it can be ordered. */
import { Plus, SearchX, Tags, X } from "lucide-react";
import { useDeferredValue } from "react";
import { request } from "@/api/client";
import { type Schema, useList } from "@/api/react";
import { Link, useGo, useSearch, useSetSearch } from "@/app/nav";
import { useMay } from "@/app/session";
import { useText } from "@/i18n";
import { en } from "@/i18n/en/products";
import { ur } from "@/i18n/ur/products";
import { Badge, Button, buttonClass, type Column, DataTable, Empty, ErrorPanel, Ltr, Money, Page, SearchField, Select, Skeleton, Toolbar } from "@/ui";
import css from "./products.module.css";

type Product = Schema["ProductView"];

export default function ProductsPage() {
  const t = useText({ en, ur });
  const may = useMay();
  const go = useGo();
  const { q = "", brand = "", category = "", active = "" } = useSearch();
  const setSearch = useSetSearch();
  // A whole SKU or barcode, typed or scanned, opens its product; anything else stays a search.
  const lookUp = (code: string) =>
    request<Product>("GET", "/api/v1/products/lookup", { query: { code } }).then((found) => go(`/products/${encodeURIComponent(found.sku)}`), () => undefined);
  const query = useDeferredValue({ q, brand, category, active: active === "" ? undefined : active });
  const list = useList("/api/v1/products", { query }, { keep: true });
  const filtered = q + brand + category + active !== "";
  const create = may("products.write") ? <Link className={buttonClass("primary")} to="/products/new"><Plus aria-hidden />{t.create}</Link> : null;
  const none = filtered ? <Empty icon={<SearchX aria-hidden />} title={t.nothingTitle}>{t.nothingText}</Empty> : <Empty icon={<Tags aria-hidden />} title={t.emptyTitle} action={create}>{t.emptyText}</Empty>;
  return (
    <Page title={t.title} actions={create} full>
      <Toolbar label={t.showing}>
        <SearchField label={t.searchLabel} placeholder={t.search} value={q} onChange={(value) => setSearch({ q: value })} onSubmit={(code) => void lookUp(code)} />
        <Select
          label={t.status} hideLabel value={active === "" ? "all" : active} onChange={(value) => setSearch({ active: value === "all" ? "" : value })}
          options={[{ id: "all", label: t.filter.all }, { id: "true", label: t.filter.active }, { id: "false", label: t.filter.inactive }]}
        />
        {brand ? <Button small icon={<X aria-hidden />} onPress={() => setSearch({ brand: "" })}>{t.brand}: <bdi>{brand}</bdi></Button> : null}
        {category ? <Button small icon={<X aria-hidden />} onPress={() => setSearch({ category: "" })}>{t.category}: <bdi>{category}</bdi></Button> : null}
      </Toolbar>
      {list.isPending ? <Skeleton lines={12} /> : null}
      {list.error && !list.data ? <ErrorPanel error={list.error} onRetry={() => void list.refetch()} /> : null}
      {list.data ? (
        <DataTable
          label={t.table} columns={columns(t)} rows={list.rows} rowKey={(row) => row.sku} rowName={(row) => row.title}
          card={(row) => <ProductCard row={row} />} onOpen={(row) => go(`/products/${encodeURIComponent(row.sku)}`)}
          more={list.hasNextPage} onEnd={() => void list.fetchNextPage()} empty={none}
          foot={list.isFetchingNextPage ? <Skeleton lines={1} /> : null}
        />
      ) : null}
    </Page>
  );
}

function State({ active }: { active: boolean }) {
  const t = useText({ en, ur });
  return active ? <Badge tone="good">{t.active}</Badge> : <Badge>{t.inactive}</Badge>;
}

const columns = (t: typeof en): Column<Product>[] => [
  { id: "title", name: t.name, width: "minmax(14rem, 3fr)", cell: (row) => <bdi>{row.title}</bdi> },
  { id: "sku", name: t.sku, width: "minmax(8rem, 1.2fr)", cell: (row) => <Ltr mono>{row.sku}</Ltr> },
  { id: "brand", name: t.brand, width: "minmax(7rem, 1fr)", cell: (row) => <bdi>{row.brand}</bdi> },
  { id: "category", name: t.category, width: "minmax(7rem, 1fr)", cell: (row) => <bdi>{row.category}</bdi> },
  { id: "price", name: t.price, width: "minmax(6rem, 0.8fr)", end: true, cell: (row) => <Money {...row.price} /> },
  { id: "state", name: t.status, width: "minmax(5rem, 0.6fr)", cell: (row) => <State active={row.active} /> },
];

function ProductCard({ row }: { row: Product }) {
  return (
    <div className={css.card}>
      <div className={css.cardHead}><bdi className={css.cardTitle}>{row.title}</bdi><Money {...row.price} /></div>
      <div className={css.cardHead}><Ltr mono>{row.sku}</Ltr><State active={row.active} /></div>
    </div>
  );
}
