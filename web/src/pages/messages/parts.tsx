/** What the pages of messages share: words of the server, names of people, a button under a list. */
import { useMe } from "@/app/session";
import { useText } from "@/i18n";
import { en } from "@/i18n/en/messages";
import { en as enWords } from "@/i18n/en/message-words";
import { ur } from "@/i18n/ur/messages";
import { ur as urWords } from "@/i18n/ur/message-words";
import { useUserNames } from "@/pages/parts/actor";
import { Button } from "@/ui";
import css from "./messages.module.css";

/** `says("status", "read")`; a word that is not known is shown as it came. */
export function useSays(): (group: keyof typeof enWords, word: string) => string {
  const t = useText({ en: enWords, ur: urWords });
  return (group, word) => t[group][word] ?? word.replaceAll("_", " ");
}

/** Who a user is to whoever is signed in: "You", a name as far as one may know it, or a colleague. */
export function useWho(): (id: string) => string {
  const t = useText({ en, ur });
  const me = useMe();
  const name = useUserNames();
  return (id) => (id === me.id ? t.me : (name(id) ?? t.colleague));
}

interface Pages {
  hasNextPage: boolean;
  isFetchingNextPage: boolean;
  fetchNextPage: () => unknown;
}

export function More({ list, label }: { list: Pages; label: string }) {
  if (!list.hasNextPage) return null;
  return <div className={css.more}><Button small busy={list.isFetchingNextPage} onPress={() => void list.fetchNextPage()}>{label}</Button></div>;
}
