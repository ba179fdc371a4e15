import { PartsNav } from "@/app/PartsNav";
import { useText } from "@/i18n";
import { en } from "@/i18n/en/settings";
import { ur } from "@/i18n/ur/settings";

const PARTS = [
  { id: "shop", to: "/settings", permission: "settings.read" },
  { id: "users", to: "/settings/users", permission: "users.manage" },
  { id: "warehouses", to: "/settings/warehouses", permission: "stock.read" },
  { id: "devices", to: "/settings/devices", permission: "floor.read" },
] as const;

export function SettingsNav({ now }: { now: (typeof PARTS)[number]["id"] }) {
  const t = useText({ en, ur });
  return <PartsNav label={t.parts} parts={PARTS} names={t.tabs} now={now} />;
}
