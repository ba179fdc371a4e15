import { MessagesSquare } from "lucide-react";
import type { PageRoute } from "@/app/pages";
import { NeedCount } from "./NeedCount";

export default [
  {
    path: "/messages", title: { en: "Messages", ur: "پیغامات" }, permission: "messages.read",
    load: () => import("./ThreadsPage"), nav: { group: "sell", order: 45, icon: MessagesSquare, keys: "g m", count: NeedCount },
  },
  {
    path: "/messages/$id", title: { en: "Thread", ur: "گفتگو" }, permission: "messages.read",
    load: () => import("./ThreadPage"),
  },
  {
    path: "/messages/customer/$customer", title: { en: "Thread with a customer", ur: "گاہک سے گفتگو" }, permission: "messages.read",
    load: () => import("./CustomerThreadPage"),
  },
  {
    path: "/messages/dead-letters", title: { en: "Given up", ur: "ناکام پیغامات" }, permission: "connections.read",
    load: () => import("./DeadLettersPage"),
  },
  {
    path: "/messages/connections", title: { en: "Connections", ur: "کنکشن" }, permission: "connections.read",
    load: () => import("./ConnectionsPage"),
  },
  {
    path: "/messages/templates", title: { en: "Templates", ur: "سانچے" }, permission: "messages.read",
    load: () => import("./TemplatesPage"),
  },
] satisfies PageRoute[];
