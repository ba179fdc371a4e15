/** Says that the roles of who is signed in have become others, until it is taken note of. */
import { UserCog, X } from "lucide-react";
import { useState } from "react";
import { useFormat, useText, useWords } from "@/i18n";
import { en } from "@/i18n/en/app";
import { ur } from "@/i18n/ur/app";
import { IconButton } from "@/ui";
import css from "./ConnectionBanner.module.css";
import { useMe } from "./session";

export function RolesBanner() {
  const t = useText({ en, ur });
  const words = useWords();
  const format = useFormat();
  const me = useMe();
  const now = [...me.roles].sort().join(" ");
  const [known, setKnown] = useState({ id: me.id, roles: now });
  if (me.id === "" || (known.id === me.id && known.roles === now)) return null;
  if (known.id !== me.id) {
    // Somebody else signed in.
    setKnown({ id: me.id, roles: now });
    return null;
  }
  return (
    <div role="status" className={css.banner}>
      <UserCog aria-hidden />
      <span className={css.text}>{t.rolesChanged(format.list(me.roles.map((r) => words("role", r))))}</span>
      <IconButton small label={t.understood} onPress={() => setKnown({ id: me.id, roles: now })}><X aria-hidden /></IconButton>
    </div>
  );
}
