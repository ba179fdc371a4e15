/** Moves between the parts of the settings; what one may not see is not offered. */
import { Link } from "@/app/nav";
import { useMay } from "@/app/session";
import { useText } from "@/i18n";
import { en } from "@/i18n/en/settings";
import { ur } from "@/i18n/ur/settings";
import { cx } from "@/ui";
import css from "./settings.module.css";

const PARTS = [
  { id: "shop", to: "/settings", permission: "settings.read" },
  { id: "users", to: "/settings/users", permission: "users.manage" },
  { id: "warehouses", to: "/settings/warehouses", permission: "stock.read" },
  { id: "devices", to: "/settings/devices", permission: "floor.read" },
] as const;

export function SettingsNav({ now }: { now: (typeof PARTS)[number]["id"] }) {
  const t = useText({ en, ur });
  const may = useMay();
  return (
    <nav aria-label={t.parts} className={css.nav} data-noprint>
      {PARTS.filter((part) => may(part.permission)).map((part) => (
        <Link key={part.id} to={part.to} className={cx(css.part, part.id === now && css.now)} aria-current={part.id === now ? "page" : undefined}>
          {t.tabs[part.id]}
        </Link>
      ))}
    </nav>
  );
}
