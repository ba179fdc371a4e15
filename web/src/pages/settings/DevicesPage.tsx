/** Scanners of a warehouse and the people who sign on at them. */
import { Warehouse } from "lucide-react";
import { Link, useSearch, useSetSearch } from "@/app/nav";
import { useGet } from "@/api/react";
import { useText } from "@/i18n";
import { en } from "@/i18n/en/settings";
import { ur } from "@/i18n/ur/settings";
import { useWarehouse, WarehousePick } from "@/pages/parts/warehouse";
import { buttonClass, Empty, ErrorPanel, Page, Skeleton, Toolbar } from "@/ui";
import { DevicesCard } from "./DevicesCard";
import { OperatorsCard } from "./OperatorsCard";
import css from "./settings.module.css";
import { SettingsNav } from "./SettingsNav";

export default function DevicesPage() {
  const t = useText({ en, ur });
  const { w } = useSearch();
  const setSearch = useSetSearch();
  const { code, isPending, error, refetch } = useWarehouse(w);
  const site = useGet("/api/v1/warehouses/{code}/floor", { path: { code: code ?? "" } }, { enabled: code !== null });
  const none = site.error?.code === "site_unknown";
  return (
    <Page title={t.title}>
      <SettingsNav now="devices" />
      <Toolbar label={t.devices.warehouse}>
        <WarehousePick label={t.devices.warehouse} value={code} onChange={(value) => setSearch({ w: value })} />
      </Toolbar>
      {(code ? site.isPending : isPending) ? <Skeleton lines={6} /> : null}
      {error && !code ? <ErrorPanel error={error} onRetry={() => void refetch()} /> : null}
      {!isPending && !error && !code ? (
        <Empty icon={<Warehouse aria-hidden />} title={t.warehouses.emptyTitle} action={<Link className={buttonClass("primary")} to="/settings/warehouses">{t.warehouses.create}</Link>}>
          {t.warehouses.emptyText}
        </Empty>
      ) : null}
      {site.error && !none && !site.data ? <ErrorPanel error={site.error} onRetry={() => void site.refetch()} /> : null}
      {code && none ? (
        <Empty title={t.devices.noFloor} action={<Link className={buttonClass("primary")} to={`/settings/warehouses/${encodeURIComponent(code)}`}>{t.devices.toFloor}</Link>}>
          {t.devices.noFloorText}
        </Empty>
      ) : null}
      {code && site.data ? (
        <div key={code} className={css.stack}>
          <DevicesCard code={code} />
          <OperatorsCard code={code} />
        </div>
      ) : null}
    </Page>
  );
}
