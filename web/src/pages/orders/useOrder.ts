/** One order, live: from the REST interface with its contacts, and from its topic the moment it changes. */
import { useEffect, useMemo } from "react";
import { type Schema, useGet, useRefresh } from "@/api/react";
import { hex } from "@/app/shop";
import { useTopic } from "@/live/react";

export type Order = Schema["OrderView"];
const PATH = "/api/v1/orders/{id}";

/** The newest of both. Topics mask phones and e-mail addresses for everybody, so contacts stay as REST shows them. */
export function newest(rest: Order | undefined, live: Order | undefined): Order | undefined {
  if (!rest || !live || live.version <= rest.version) return rest;
  return { ...live, customer: rest.customer, shipping_address: rest.shipping_address, billing_address: rest.billing_address };
}

export function useOrder(id: string) {
  const query = useGet(PATH, { path: { id } });
  const refresh = useRefresh();
  // The address may name the order by its number; topics know it by its id.
  const known = query.data?.id;
  const topic = useTopic<Order>(known ? `order.${hex(known)}` : null);
  const live = topic.rows.values().next().value;
  const version = live?.v.version ?? 0;
  const behind = query.data !== undefined && version > query.data.version;
  useEffect(() => {
    if (behind) refresh(PATH);
    // Once for each version.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [version]);
  const order = useMemo(() => newest(query.data, live?.v), [query.data, live?.v]);
  return { ...query, order, mark: live?.mark };
}

/** Others who look at the same order now. */
export function usePresence(id: string | undefined, me: string): string[] {
  const { rows, state } = useTopic<{ name: string; at: number }>(id ? `presence.${hex(id)}` : null);
  return useMemo(
    () => (state === "live" ? [...rows.values()].filter((r) => hex(r.k) !== hex(me)).map((r) => r.v.name) : []),
    [rows, state, me],
  );
}
