/** Which warehouse a page is about: the one in the address, else the one looked at last, else the first. */
import { useEffect } from "react";
import { useGet } from "@/api/react";
import { Link } from "@/app/nav";
import { useMay } from "@/app/session";
import { useText } from "@/i18n";
import { en } from "@/i18n/en/parts";
import { ur } from "@/i18n/ur/parts";
import { buttonClass, Select } from "@/ui";

const STORE = "munshi.warehouse";

/** Every warehouse. A shop has few; one page of the list holds them. */
export function useWarehouses() {
  const query = useGet("/api/v1/warehouses", { query: { limit: 200 } });
  return { ...query, warehouses: query.data?.items ?? [] };
}

function remembered(): string | null {
  try {
    return localStorage.getItem(STORE);
  } catch {
    return null;
  }
}

/** The code to show; `null` while the list is not there, or when there is no warehouse. */
export function useWarehouse(named: string | undefined) {
  const list = useWarehouses();
  const codes = list.warehouses.map((one) => one.code);
  const last = remembered();
  const code = named || (last && codes.includes(last) ? last : (codes[0] ?? null));
  useEffect(() => {
    if (!named) return;
    try {
      localStorage.setItem(STORE, named);
    } catch {
      // Without storage the choice lasts as long as the address.
    }
  }, [named]);
  return { ...list, code };
}

/** A warehouse's code as it stands in topics. */
export const topicCode = (code: string) => code.toLowerCase();

/** Where there is none yet: the way to the first one. */
export function OpenWarehouse() {
  const t = useText({ en, ur });
  return useMay()("warehouses.open") ? <Link className={buttonClass("primary")} to="/settings/warehouses">{t.openWarehouse}</Link> : null;
}

export function WarehousePick({ label, value, onChange }: { label: string; value: string | null; onChange: (code: string) => void }) {
  const { warehouses } = useWarehouses();
  if (warehouses.length < 2) return null;
  return (
    <Select
      label={label} hideLabel value={value} onChange={onChange}
      options={warehouses.map((one) => ({ id: one.code, label: one.code, note: one.name }))}
    />
  );
}
