import { Activity } from "lucide-react";
import type { PageRoute } from "@/app/pages";

export default [
  {
    path: "/system", title: { en: "System", ur: "نظام" }, permission: "system.read",
    load: () => import("./SystemPage"), nav: { group: "admin", order: 40, icon: Activity, keys: "g y" },
  },
] satisfies PageRoute[];
