/** Chooses by English plural rules; Urdu's (one, other) are the same for whole numbers. */
export function plural(n: number, one: string, other: string): string {
  return n === 1 ? one : other;
}
