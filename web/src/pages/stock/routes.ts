import { Boxes } from "lucide-react";
import type { PageRoute } from "@/app/pages";

export default [
  {
    path: "/stock", title: { en: "Stock", ur: "اسٹاک" }, permission: "stock.read",
    load: () => import("./StockPage"), nav: { group: "floor", order: 20, icon: Boxes, keys: "g s" },
  },
  {
    path: "/stock/sku/$sku", title: { en: "A SKU in all warehouses", ur: "سب گوداموں میں ایک SKU" }, permission: "stock.read",
    load: () => import("./EverywherePage"),
  },
  {
    path: "/stock/$warehouse/bins", title: { en: "Stock by bin", ur: "بِن کے حساب سے اسٹاک" }, permission: "stock.read",
    load: () => import("./BinsPage"),
  },
  {
    path: "/stock/$warehouse/item/$sku", title: { en: "Stock of a SKU", ur: "ایک SKU کا اسٹاک" }, permission: "stock.read",
    load: () => import("./ItemPage"),
  },
] satisfies PageRoute[];
