import { Settings } from "lucide-react";
import type { PageRoute } from "@/app/pages";

export default [
  {
    path: "/settings", title: { en: "Settings", ur: "سیٹنگز" }, permission: "settings.read",
    load: () => import("./ShopPage"), nav: { group: "admin", order: 20, icon: Settings, keys: "g e" },
  },
  {
    path: "/settings/users", title: { en: "Users", ur: "صارفین" }, permission: "users.manage",
    load: () => import("./UsersPage"),
  },
  {
    path: "/settings/warehouses", title: { en: "Warehouses", ur: "گودام" }, permission: "stock.read",
    load: () => import("./WarehousesPage"),
  },
  {
    path: "/settings/warehouses/$warehouse", title: { en: "Floor of a warehouse", ur: "گودام کا فلور" }, permission: "stock.read",
    load: () => import("./WarehousePage"),
  },
  {
    path: "/settings/devices", title: { en: "Scanners", ur: "اسکینر" }, permission: "floor.read",
    load: () => import("./DevicesPage"),
  },
] satisfies PageRoute[];
