/** Stock of a warehouse by bin, plate and lot, as the floor knows it. */
import { LayoutGrid } from "lucide-react";
import { useList } from "@/api/react";
import { usePathParams, useSearch, useSetSearch } from "@/app/nav";
import { useText } from "@/i18n";
import { en } from "@/i18n/en/stock";
import { ur } from "@/i18n/ur/stock";
import { useWarehouse } from "@/pages/parts/warehouse";
import { Button, Card, Empty, ErrorPanel, Page, SearchField, Skeleton, Toolbar } from "@/ui";
import { Rows } from "@/ui/Rows";
import { binColumns, flatten, usePlateLabel } from "./bins";
import css from "./stock.module.css";

export default function BinsPage() {
  const t = useText({ en, ur });
  const { warehouse: code } = usePathParams<{ warehouse: string }>();
  useWarehouse(code);
  const { location = "", sku = "" } = useSearch();
  const setSearch = useSetSearch();
  const query = useList("/api/v1/warehouses/{code}/bins", { path: { code }, query: { location, sku } }, { keep: true });
  const print = usePlateLabel(code);
  const noFloor = query.error?.code === "site_unknown";
  const lines = flatten(query.rows);
  return (
    <Page title={t.byBinTitle} up={{ to: `/stock?w=${encodeURIComponent(code)}`, label: `${t.title} · ${code}` }}>
      <Toolbar label={t.filterLabel}>
        <SearchField label={t.locationBegins} placeholder={t.locationBegins} value={location} onChange={(value) => setSearch({ location: value })} />
        <SearchField label={t.searchLabel} placeholder={t.sku} value={sku} onChange={(value) => setSearch({ sku: value })} />
      </Toolbar>
      {query.isPending ? <Skeleton lines={8} /> : null}
      {query.error && !noFloor ? <ErrorPanel error={query.error} onRetry={() => void query.refetch()} /> : null}
      {noFloor ? <Empty icon={<LayoutGrid aria-hidden />} title={t.noFloor} /> : null}
      {query.data && lines.length === 0 ? <Empty icon={<LayoutGrid aria-hidden />} title={t.noBins} /> : null}
      {lines.length > 0 ? (
        <Card flush>
          <Rows label={t.byBinTitle} columns={binColumns(t, true, print)} rows={lines} rowKey={(line) => line.key} />
          {query.hasNextPage ? <div className={css.more}><Button busy={query.isFetchingNextPage} onPress={() => void query.fetchNextPage()}>{t.more}</Button></div> : null}
        </Card>
      ) : null}
    </Page>
  );
}
