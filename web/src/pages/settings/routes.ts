import { Settings } from "lucide-react";
import type { PageRoute } from "@/app/pages";

export default [
  {
    path: "/settings", title: { en: "Settings", ur: "سیٹنگز" }, permission: "settings.read",
    load: () => import("./ShopPage"), nav: { group: "admin", order: 20, icon: Settings, keys: "g e" },
  },
] satisfies PageRoute[];
