/** The floor of a warehouse at work: one tab a concern, each live. What one may not see has no tab. */
import { Warehouse } from "lucide-react";
import { type ReactNode, useEffect } from "react";
import { useGet } from "@/api/react";
import { Link, useSearch, useSetSearch } from "@/app/nav";
import { useMay } from "@/app/session";
import { useText } from "@/i18n";
import { en } from "@/i18n/en/floor";
import { ur } from "@/i18n/ur/floor";
import { OpenWarehouse, useWarehouse, WarehousePick } from "@/pages/parts/warehouse";
import { buttonClass, Count, Empty, ErrorPanel, Page, Skeleton, Tabs, type TabSpec } from "@/ui";
import { CountsTab } from "./CountsTab";
import { DecisionsTab } from "./DecisionsTab";
import { ExceptionsTab } from "./ExceptionsTab";
import { useFloorLists } from "./live";
import { NowTab } from "./NowTab";
import { ParcelsTab } from "./ParcelsTab";
import { PeopleTab } from "./PeopleTab";
import { ReceiptsTab } from "./ReceiptsTab";
import { TasksTab } from "./TasksTab";
import css from "./floor.module.css";

export default function FloorPage() {
  const t = useText({ en, ur });
  const { w } = useSearch();
  const may = useMay();
  const setSearch = useSetSearch();
  const { code, isPending, error, refetch } = useWarehouse(w);
  return (
    <Page
      title={t.title}
      actions={
        <>
          {code && may("floor.set_up") ? <Link className={buttonClass()} to={`/settings/warehouses/${encodeURIComponent(code)}`}>{t.rules}</Link> : null}
          <WarehousePick label={t.warehouse} value={code} onChange={(value) => setSearch({ w: value })} />
        </>
      }
    >
      {isPending && !code ? <Skeleton lines={10} /> : null}
      {error && !code ? <ErrorPanel error={error} onRetry={() => void refetch()} /> : null}
      {!isPending && !error && !code ? <Empty icon={<Warehouse aria-hidden />} title={t.noWarehouse} action={<OpenWarehouse />}>{t.noWarehouseText}</Empty> : null}
      {code ? <Parts key={code} code={code} /> : null}
    </Page>
  );
}

function Parts({ code }: { code: string }) {
  const t = useText({ en, ur });
  const may = useMay();
  const { tab = "overview" } = useSearch();
  const setSearch = useSetSearch();
  const mayFloor = may("floor.read");
  const site = useGet("/api/v1/warehouses/{code}/floor", { path: { code } });
  const noSite = site.error?.code === "site_unknown";
  const lists = useFloorLists(code, mayFloor && site.data !== undefined);
  const named = (id: keyof typeof t.tabs, count: number): ReactNode => <span className={css.tab}>{t.tabs[id]} <Count value={count} tone="warn" /></span>;
  const part = (content: ReactNode) => (noSite ? <NoSite code={code} /> : content);
  const tabs: TabSpec[] = [
    { id: "overview", label: t.tabs.overview, content: <NowTab code={code} lists={lists} noSite={noSite} /> },
    { id: "parcels", label: t.tabs.parcels, content: <ParcelsTab code={code} /> },
    ...(mayFloor
      ? [
          { id: "tasks", label: t.tabs.tasks, content: part(<TasksTab code={code} />) },
          { id: "people", label: t.tabs.people, content: part(<PeopleTab code={code} />) },
          { id: "receipts", label: t.tabs.receipts, content: part(<ReceiptsTab code={code} />) },
          { id: "counts", label: named("counts", lists.counts.length), content: part(<CountsTab code={code} />) },
          { id: "exceptions", label: named("exceptions", lists.exceptions.length), content: part(<ExceptionsTab code={code} />) },
          { id: "decisions", label: named("decisions", lists.decisions.length), content: part(<DecisionsTab code={code} />) },
        ]
      : []),
  ];
  const selected = tabs.some((one) => one.id === tab) ? tab : "overview";
  useEffect(() => {
    // On a phone the row of tabs is longer than the screen.
    document.querySelector('[role="tab"][aria-selected="true"]')?.scrollIntoView({ block: "nearest", inline: "center" });
  }, [selected]);
  return <Tabs label={t.parts} tabs={tabs} selected={selected} onSelect={(id) => setSearch({ tab: id === "overview" ? "" : id })} />;
}

function NoSite({ code }: { code: string }) {
  const t = useText({ en, ur });
  const may = useMay()("floor.set_up");
  const action = may ? <Link className={buttonClass("primary")} to={`/settings/warehouses/${encodeURIComponent(code)}`}>{t.setUp}</Link> : undefined;
  return <Empty icon={<Warehouse aria-hidden />} title={t.noSite} action={action}>{t.noSiteText}</Empty>;
}
