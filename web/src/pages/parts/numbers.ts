/** Amounts as people type them: decimal text, at most four places, never a binary fraction. */
export function isAmount(text: string): boolean {
  return /^\d{1,15}(\.\d{1,4})?$/.test(text.trim());
}

/** Lines and commas of a text area, without what is empty. */
export function lines(text: string): string[] {
  return text.split(/\n/).map((line) => line.trim()).filter(Boolean);
}

export function commas(text: string): string[] {
  return text.split(/[,،]/).map((part) => part.trim()).filter(Boolean);
}

/** Nothing where a field was left empty, for bodies that leave such fields out. */
export function given(text: string): string | undefined {
  const trimmed = text.trim();
  return trimmed === "" ? undefined : trimmed;
}
