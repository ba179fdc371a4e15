import { Contrast, Keyboard, Languages, LogOut, Moon, Sun, UserRound } from "lucide-react";
import { Button as AriaButton } from "react-aria-components";
import { signOut } from "@/api/session";
import { setLanguage, useLanguage, useText, useWords, useFormat } from "@/i18n";
import { en } from "@/i18n/en/app";
import { ur } from "@/i18n/ur/app";
import { Menu } from "@/ui";
import css from "./AccountMenu.module.css";
import { useMe } from "./session";
import { setTheme, type Theme, useTheme } from "./theme";

const NEXT: Record<Theme, Theme> = { system: "light", light: "dark", dark: "system" };

/** Who is signed in, and what is theirs: language, theme, signing out. */
export function AccountMenu({ compact, onShortcuts }: { compact?: boolean; onShortcuts: () => void }) {
  const t = useText({ en, ur });
  const me = useMe();
  const words = useWords();
  const format = useFormat();
  const language = useLanguage();
  const theme = useTheme();
  const roles = format.list(me.roles.map((r) => words("role", r)));
  const icons = { system: <Contrast aria-hidden />, light: <Sun aria-hidden />, dark: <Moon aria-hidden /> };
  const other = language === "en" ? "اردو" : "English";
  return (
    <Menu
      label={t.account}
      entries={[
        { id: "language", text: other, label: <bdi lang={language === "en" ? "ur" : "en"}>{other}</bdi>, icon: <Languages aria-hidden />, onAction: () => setLanguage(language === "en" ? "ur" : "en") },
        { id: "theme", text: t.theme, label: `${t.theme}: ${t.themes[theme]}`, icon: icons[theme], onAction: () => setTheme(NEXT[theme]) },
        { id: "keys", text: t.shortcuts, label: t.shortcuts, keys: "?", icon: <Keyboard aria-hidden />, onAction: onShortcuts },
        null,
        { id: "out", text: t.signOut, label: t.signOut, icon: <LogOut aria-hidden />, onAction: () => void signOut() },
      ]}
    >
      <AriaButton className={css.button ?? ""} aria-label={`${t.account}: ${me.name}`}>
        <span className={css.face}><UserRound aria-hidden /></span>
        {compact ? null : (
          <span className={css.who}>
            <bdi className={css.name}>{me.name}</bdi>
            <span className={css.roles}>{roles}</span>
          </span>
        )}
      </AriaButton>
    </Menu>
  );
}
