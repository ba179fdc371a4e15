import { ClipboardCheck } from "lucide-react";
import type { PageRoute } from "@/app/pages";
import { WaitingCount } from "./WaitingCount";

export default [
  {
    path: "/approvals", title: { en: "Approvals", ur: "منظوریاں" }, permission: "approvals.read", load: () => import("./ApprovalsPage"),
    nav: { group: "sell", order: 20, icon: ClipboardCheck, keys: "g a", phone: true, count: WaitingCount },
  },
] satisfies PageRoute[];
