/** Whole numbers as people type them, in Latin, Arabic or Urdu digits. Anything else is NaN, so that a form can wait. */
const MAX_DIGITS = 15;

export function parseWhole(text: string): number {
  const latin = text
    .trim()
    .replace(/[\u0660-\u0669]/g, (digit) => String(digit.charCodeAt(0) - 0x0660))
    .replace(/[\u06f0-\u06f9]/g, (digit) => String(digit.charCodeAt(0) - 0x06f0))
    .replace(/^\u2212/, "-");
  return /^-?\d+$/.test(latin) && latin.length <= MAX_DIGITS ? Number(latin) : NaN;
}

/** The same, or NaN if it is out of bounds. */
export function wholeWithin(text: string, min = -Infinity, max = Infinity): number {
  const value = parseWhole(text);
  return value >= min && value <= max ? value : NaN;
}
