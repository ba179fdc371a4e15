/** Names of the people of a floor: its operators are known to all who may see it. */
import { useGet } from "@/api/react";
import { useMay } from "@/app/session";
import { useUserNames } from "@/pages/parts/actor";
import { PATHS } from "./live";

/** Names by user id; the beginning of the id for somebody unknown. */
export function useOperatorNames(code: string): (user: string) => string {
  const others = useUserNames();
  const query = useGet(PATHS.operators, { path: { code }, query: { limit: 200 } }, { enabled: useMay()("floor.read") });
  return (user) => query.data?.items.find((one) => one.user === user)?.name ?? others(user) ?? user.slice(0, 8);
}
