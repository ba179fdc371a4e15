import { ReceiptText } from "lucide-react";
import type { PageRoute } from "@/app/pages";

export default [
  {
    path: "/orders", title: { en: "Orders", ur: "آرڈر" }, permission: "orders.read", load: () => import("./BoardPage"),
    nav: { group: "sell", order: 10, icon: ReceiptText, keys: "g o", phone: true },
  },
  { path: "/orders/new", title: { en: "New order", ur: "نیا آرڈر" }, permission: "orders.write", load: () => import("./NewOrderPage") },
  { path: "/orders/$id", title: { en: "Order", ur: "آرڈر" }, permission: "orders.read", load: () => import("./OrderPage") },
  { path: "/orders/$id/edit", title: { en: "Edit order", ur: "آرڈر میں ترمیم" }, permission: "orders.write", load: () => import("./NewOrderPage") },
] satisfies PageRoute[];
