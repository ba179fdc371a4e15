/**
 * Language and theme go with the account: what is chosen here is kept on the server, and a browser in which nobody has
 * chosen yet takes it over. A browser's own choice always wins there.
 */
import { useEffect, useRef } from "react";
import { useLanguage } from "@/i18n";
import { languageChosen, LANGUAGES, type Language, setLanguage } from "@/i18n/language";
import { usePreference } from "./preferences";
import { setTheme, type Theme, themeChosen, useTheme } from "./theme";

export interface Look {
  language?: Language;
  theme?: Theme;
}

const NONE: Look = {};
const THEMES: Theme[] = ["system", "light", "dark"];

/** What of the account's look this browser takes over. */
export function adopted(look: Look, chosen: { language: boolean; theme: boolean }): Look {
  return {
    ...(!chosen.language && look.language && LANGUAGES.includes(look.language) && { language: look.language }),
    ...(!chosen.theme && look.theme && THEMES.includes(look.theme) && { theme: look.theme }),
  };
}

export function useAccountLook(): void {
  const language = useLanguage();
  const theme = useTheme();
  const { value, known, change } = usePreference<Look>("look", NONE);
  const { mutate } = change;
  const begun = useRef(false);
  useEffect(() => {
    if (!known) return;
    if (!begun.current) {
      begun.current = true;
      const take = adopted(value, { language: languageChosen(), theme: themeChosen() });
      if (take.language) setLanguage(take.language);
      if (take.theme) setTheme(take.theme);
      return;
    }
    const look: Look = { ...(languageChosen() && { language }), ...(themeChosen() && { theme }) };
    if ((look.language && look.language !== value.language) || (look.theme && look.theme !== value.theme)) mutate((old) => ({ ...old, ...look }));
  }, [known, value, language, theme, mutate]);
}
