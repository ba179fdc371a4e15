/** What the floor's codes say. The scanner page has the words for all of them; a code it does not know says itself. */
import { useText } from "@/i18n";
import { en } from "@/i18n/en/scan-codes";
import { ur } from "@/i18n/ur/scan-codes";

/** Words for a code; `otherwise` is what the server said. */
export function useCodes(): (code: string, otherwise?: string) => string {
  const words = useText<Record<string, string>>({ en, ur });
  return (code, otherwise) => words[code] ?? otherwise ?? code.replaceAll("_", " ");
}
