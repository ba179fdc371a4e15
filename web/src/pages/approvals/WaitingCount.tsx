import { useMemo } from "react";
import { useMay, useMe } from "@/app/session";
import { useTopics } from "@/app/useTopics";
import { Count } from "@/ui/Status";
import type { ApprovalRow } from "@/wire/munshi-v1";

/** How many requests wait for the roles of whoever is signed in. */
export function WaitingCount() {
  const me = useMe();
  const may = useMay();
  const decides = may("approvals.vote");
  const topics = useMemo(() => (decides ? me.roles.map((role) => `approvals.${role}`) : []), [me.roles, decides]);
  const views = useTopics<ApprovalRow>(topics);
  let waiting = 0;
  for (const view of views.values()) for (const row of view.rows.values()) if (row.v.state === "active") waiting += 1;
  return <Count value={waiting} tone="warn" />;
}
