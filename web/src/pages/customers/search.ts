/** What was typed into the search: a whole phone number, a whole e-mail address, or words. */
export function asQuery(text: string): { phone?: string; email?: string; q?: string } {
  const typed = text.trim();
  if (/^[^\s@]+@[^\s@]+\.[^\s@]{2,}$/.test(typed)) return { email: typed };
  const digits = typed.replace(/[\s()-]/g, "");
  if (/^(\+\d{10,15}|0\d{9,11}|92\d{10})$/.test(digits)) return { phone: digits };
  return typed === "" ? {} : { q: typed };
}
