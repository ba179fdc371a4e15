import { House } from "lucide-react";
import type { PageRoute } from "@/app/pages";

export default [
  { path: "/", title: { en: "Home", ur: "صفحۂ اول" }, load: () => import("./HomePage"), nav: { group: "sell", order: 0, icon: House, keys: "g h", phone: true } },
] satisfies PageRoute[];
