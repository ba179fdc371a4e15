import { FileUp } from "lucide-react";
import type { PageRoute } from "@/app/pages";

export default [
  {
    path: "/imports", title: { en: "Imports", ur: "درآمدات" }, permission: "imports.run",
    load: () => import("./ImportsPage"), nav: { group: "catalogue", order: 30, icon: FileUp, keys: "g i" },
  },
] satisfies PageRoute[];
