import { Forklift } from "lucide-react";
import type { PageRoute } from "@/app/pages";

export default [
  {
    path: "/floor", title: { en: "Warehouse floor", ur: "گودام کا فلور" }, permission: "stock.read",
    load: () => import("./FloorPage"), nav: { group: "floor", order: 10, icon: Forklift, keys: "g w", phone: true, short: { en: "Floor", ur: "فلور" } },
  },
  {
    path: "/floor/$warehouse/parcels/$order/$n", title: { en: "Parcel", ur: "پارسل" }, permission: "stock.read",
    load: () => import("./ParcelPage"),
  },
  {
    path: "/floor/$warehouse/receipts/$receipt", title: { en: "Receipt", ur: "وصولی" }, permission: "floor.read",
    load: () => import("./ReceiptPage"),
  },
] satisfies PageRoute[];
