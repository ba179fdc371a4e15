import { PartsNav } from "@/app/PartsNav";
import { useText } from "@/i18n";
import { en } from "@/i18n/en/messages";
import { ur } from "@/i18n/ur/messages";

const PARTS = [
  { id: "threads", to: "/messages", permission: "messages.read" },
  { id: "dead", to: "/messages/dead-letters", permission: "connections.read" },
  { id: "connections", to: "/messages/connections", permission: "connections.read" },
  { id: "templates", to: "/messages/templates", permission: "messages.read" },
] as const;

export function MessagesNav({ now }: { now: (typeof PARTS)[number]["id"] }) {
  const t = useText({ en, ur });
  return <PartsNav label={t.parts} parts={PARTS} names={t.tabs} now={now} />;
}
