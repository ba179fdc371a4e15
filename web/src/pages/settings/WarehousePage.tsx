/** The floor of a warehouse: its site and rules, its locations and labels, its item rules. */
import { useGet } from "@/api/react";
import { usePathParams, useSearch, useSetSearch } from "@/app/nav";
import { useText } from "@/i18n";
import { en } from "@/i18n/en/settings";
import { ur } from "@/i18n/ur/settings";
import { useWarehouse } from "@/pages/parts/warehouse";
import { Empty, ErrorPanel, Ltr, Page, Skeleton, Tabs } from "@/ui";
import { ItemRules } from "./ItemRules";
import { Locations } from "./Locations";
import { SiteForm } from "./SiteForm";

export default function WarehousePage() {
  const t = useText({ en, ur });
  const w = t.warehouses;
  const { warehouse: code } = usePathParams<{ warehouse: string }>();
  useWarehouse(code);
  const { part = "site" } = useSearch();
  const setSearch = useSetSearch();
  const warehouse = useGet("/api/v1/warehouses/{code}", { path: { code } });
  const site = useGet("/api/v1/warehouses/{code}/floor", { path: { code } });
  const none = site.error?.code === "site_unknown";
  return (
    <Page
      title={<><bdi>{warehouse.data?.name ?? w.floor}</bdi> <Ltr mono>{code}</Ltr></>} name={code} up={{ to: "/settings/warehouses", label: `${t.title} · ${t.tabs.warehouses}` }}
    >
      {site.isPending ? <Skeleton lines={8} /> : null}
      {site.error && !none && !site.data ? <ErrorPanel error={site.error} onRetry={() => void site.refetch()} /> : null}
      {none ? <><Empty title={w.noSite}>{w.noSiteText}</Empty><SiteForm code={code} site={null} /></> : null}
      {site.data ? (
        <Tabs
          label={w.floor} selected={part} onSelect={(id) => setSearch({ part: id === "site" ? "" : id })}
          tabs={[
            { id: "site", label: w.site, content: <SiteForm key={JSON.stringify(site.data)} code={code} site={site.data} /> },
            { id: "locations", label: w.locations, content: <Locations code={code} /> },
            { id: "rules", label: w.rules, content: <ItemRules code={code} /> },
          ]}
        />
      ) : null}
    </Page>
  );
}
