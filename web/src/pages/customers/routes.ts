import { Users } from "lucide-react";
import type { PageRoute } from "@/app/pages";

export default [
  {
    path: "/customers", title: { en: "Customers", ur: "گاہک" }, permission: "customers.read",
    load: () => import("./CustomersPage"), nav: { group: "sell", order: 40, icon: Users, keys: "g c" },
  },
  {
    path: "/customers/new", title: { en: "New customer", ur: "نیا گاہک" }, permission: "customers.write",
    load: () => import("./NewCustomerPage"),
  },
  {
    path: "/customers/$id", title: { en: "Customer", ur: "گاہک" }, permission: "customers.read",
    load: () => import("./CustomerPage"),
  },
] satisfies PageRoute[];
