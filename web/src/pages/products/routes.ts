import { Tags } from "lucide-react";
import type { PageRoute } from "@/app/pages";

export default [
  {
    path: "/products", title: { en: "Products", ur: "پراڈکٹس" }, permission: "products.read",
    load: () => import("./ProductsPage"), nav: { group: "catalogue", order: 10, icon: Tags, keys: "g p" },
  },
  {
    path: "/products/new", title: { en: "New product", ur: "نئی پراڈکٹ" }, permission: "products.write",
    load: () => import("./NewProductPage"),
  },
  {
    path: "/products/$sku", title: { en: "Product", ur: "پراڈکٹ" }, permission: "products.read",
    load: () => import("./ProductPage"),
  },
] satisfies PageRoute[];
