/**
 * Who did something, in words people know. The journal names users by id; their names are known to those who may see
 * users, and everybody knows the own one.
 */
import { useGet } from "@/api/react";
import { useMay, useMe } from "@/app/session";
import { useText } from "@/i18n";
import { en } from "@/i18n/en/parts";
import { ur } from "@/i18n/ur/parts";

/** Names of users by id, as far as one may know them. */
export function useUserNames(): (id: string) => string | null {
  const me = useMe();
  const may = useMay()("users.manage");
  const query = useGet("/api/v1/users", { query: { limit: 200 } }, { enabled: may });
  return (id) => (id === me.id ? me.name : (query.data?.items.find((one) => one.id === id)?.name ?? null));
}

/** `user:<id>`, `process:<name>`, `timer` or `system:<name>` for people. */
export function useActor(): (by: string) => string {
  const t = useText({ en, ur });
  const name = useUserNames();
  return (by) => {
    const [kind, who = ""] = by.split(":");
    if (kind === "user") return name(who) ?? t.someone;
    return t.itself;
  };
}
