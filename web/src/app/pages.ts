/** The pages of the console. An area names its own in `src/pages/<area>/routes.ts`; they are found here by file name. */
import type { LucideIcon } from "lucide-react";
import type { ComponentType } from "react";
import type { Label } from "@/i18n";

export type NavGroup = "sell" | "floor" | "catalogue" | "admin";

export interface PageRoute {
  /** Address; `$name` is a parameter. */
  path: string;
  title: Label;
  /** What one must be permitted to be offered it. */
  permission?: string;
  load: () => Promise<{ default: ComponentType }>;
  nav?: {
    group: NavGroup;
    /** Place within the group. */
    order: number;
    icon: LucideIcon;
    /** Keys that open it, such as `g o`. */
    keys?: string;
    /** Shown in the bar at a phone's foot. */
    phone?: boolean;
    /** The name there, if the title is too long. */
    short?: Label;
    /** A live figure beside the name. */
    count?: ComponentType;
  };
}

const found = import.meta.glob<{ default: PageRoute[] }>("../pages/*/routes.ts", { eager: true });

export const PAGES: PageRoute[] = Object.values(found).flatMap((module) => module.default);

const GROUPS: NavGroup[] = ["sell", "floor", "catalogue", "admin"];

/** What the menu offers somebody with these permissions. */
export function offered(permissions: readonly string[]): PageRoute[] {
  return PAGES.filter((page) => page.nav && (!page.permission || permissions.includes(page.permission))).sort(
    (a, b) => GROUPS.indexOf(a.nav!.group) - GROUPS.indexOf(b.nav!.group) || a.nav!.order - b.nav!.order,
  );
}
