/** Hooks: the page's dictionary, the server's words and the formats, in the language of now. */
import { useCallback, useSyncExternalStore } from "react";
import { en as enWords } from "./en/words";
import { type Format, formatFor } from "./format";
import { type Label, type Language, language, subscribe } from "./language";
import { ur as urWords } from "./ur/words";

export function useLanguage(): Language {
  return useSyncExternalStore(subscribe, language, () => "en");
}

/** The dictionary of an area: `const t = useText({ en, ur })`, then `t.title`, `t.lines(3)`. */
export function useText<T>(texts: { en: T; ur: T }): T {
  return texts[useLanguage()];
}

export function useLabel(): (label: Label) => string {
  const now = useLanguage();
  return useCallback((label: Label) => label[now], [now]);
}

export function useFormat(): Format {
  return formatFor(useLanguage());
}

type Group = keyof typeof enWords;

/** `words("status", "picking")`: a word of the server for people. One that is not known is shown as it came. */
export function useWords(): (group: Group, word: string) => string {
  const now = useLanguage();
  return useCallback(
    (group: Group, word: string) => {
      const known: Record<string, string> = (now === "ur" ? urWords : enWords)[group];
      return known[word] ?? word.replaceAll("_", " ");
    },
    [now],
  );
}
