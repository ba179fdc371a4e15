// Words of the page and of the server's codes, in the language of now.
import { useCallback } from "react";
import { useLanguage, useText } from "../i18n";
import { en } from "../i18n/en/scan";
import { en as enCodes } from "../i18n/en/scan-codes";
import { ur } from "../i18n/ur/scan";
import { ur as urCodes } from "../i18n/ur/scan-codes";
import type { Msg } from "./out";

/** The page's dictionary. */
export function useWordsOfScan(): typeof en {
  return useText({ en, ur });
}

/** Says a message: the words of its code, and what it is about. An unknown code is said as it came. */
export function useSay(): (msg: Msg) => { words: string; about: string[] } {
  const language = useLanguage();
  const t = useWordsOfScan();
  return useCallback(
    (msg: Msg) => {
      const own: Record<string, string> = { queue_full: t.queueFull, store_failed: t.storeFailed, too_large: t.tooLarge };
      const words = own[msg.code] ?? (language === "ur" ? urCodes : enCodes)[msg.code] ?? msg.code.replaceAll("_", " ");
      const about = Object.entries(msg.args ?? {}).map(([name, given]) => {
        let value = given;
        if (name === "left") return t.on.left(value);
        if (name === "expected") value = value.split(", ").map((word) => t.expect[word] ?? t.act[word] ?? word).join(", ");
        return `${t.args[name] ?? t.facts[name] ?? name.replaceAll("_", " ")}: ${value}`;
      });
      return { words, about };
    },
    [language, t],
  );
}
