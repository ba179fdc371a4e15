/** What every page needs to know of the shop: its warehouses, its people. */
import { useGet, type Schema } from "@/api/react";
import { useMay, useMe } from "./session";

const NONE: never[] = [];

/** Warehouses, by code. */
export function useWarehouses(): Schema["WarehouseView"][] {
  const may = useMay();
  const { data } = useGet("/api/v1/warehouses", { query: { limit: 200 } }, { enabled: may("stock.read") });
  return data?.items ?? NONE;
}

/** The segment that names a warehouse in topics; of two codes that differ in case only the first has topics. */
export function topicSegments(codes: readonly string[]): string[] {
  return [...new Set(codes.map((code) => code.toLowerCase()))].filter((code) => /^[a-z0-9_-]{1,32}$/.test(code));
}

/** Ids as topics write them: 32 hex digits. */
export function hex(id: string): string {
  return id.replaceAll("-", "").toLowerCase();
}

/** Ids as the REST interface writes them. */
export function dashed(id: string): string {
  return /^[0-9a-f]{32}$/.test(id) ? `${id.slice(0, 8)}-${id.slice(8, 12)}-${id.slice(12, 16)}-${id.slice(16, 20)}-${id.slice(20)}` : id;
}

/**
 * Names of users by id. Only who manages users may ask for them; others know themselves, and get `null` for the rest.
 */
export function usePeople(): (id: string) => string | null {
  const me = useMe();
  const may = useMay();
  const { data } = useGet("/api/v1/users", { query: { limit: 200 } }, { enabled: may("users.manage") });
  return (id) => (id === me.id ? me.name : (data?.items.find((u) => u.id === id)?.name ?? null));
}
