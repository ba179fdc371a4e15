/**
 * Keeps a long list current without asking for all of it again.
 *
 * The list is newest first. When something changed, only its head is asked for anew; what is further down is known from
 * before, and is patched from what the live topics say.
 */
import type { Listed } from "@/api/react";

export interface Dated {
  id: string;
  version: number;
  at?: string | null;
}

export interface Pages<T> {
  pages: Listed<T>[];
  pageParams: (string | null)[];
}

/**
 * Puts a fresh head before what is known. A known row that is newer than the head's last row and is not in the head
 * does not match any more. If the head has everything, nothing else remains.
 */
export function mergeHead<T extends Dated>(old: Pages<T>, head: Listed<T>): Pages<T> {
  const last = head.items.at(-1);
  if (old.pages.length === 0 || last === undefined || !head.next) return { pages: [head], pageParams: [null] };
  const fresh = new Set(head.items.map((row) => row.id));
  const floor = last.at ?? "";
  const stays = (row: T) => !fresh.has(row.id) && (row.at ?? "") <= floor;
  const rest = old.pages.map((page) => ({ ...page, items: page.items.filter(stays) }));
  // The cursor of the last page still leads on from where it ended; the head's own cursor only if nothing else is known.
  if (rest.every((page) => page.items.length === 0)) return { pages: [head], pageParams: [null] };
  const [first, ...others] = rest;
  const joined = { ...first!, items: [...head.items, ...first!.items], seq: head.seq };
  return { pages: [joined, ...others], pageParams: old.pageParams };
}

/** Replaces rows that are known by newer ones. Answers the same object if nothing changed. */
export function patchRows<T extends Dated>(old: Pages<T>, newer: ReadonlyMap<string, T>): Pages<T> {
  let changed = false;
  const pages = old.pages.map((page) => {
    if (!page.items.some((row) => isNewer(row, newer.get(row.id)))) return page;
    changed = true;
    return { ...page, items: page.items.map((row) => (isNewer(row, newer.get(row.id)) ? newer.get(row.id)! : row)) };
  });
  return changed ? { ...old, pages } : old;
}

/** Takes rows away that do not match any more. */
export function dropRows<T extends Dated>(old: Pages<T>, gone: ReadonlySet<string>): Pages<T> {
  if (gone.size === 0 || !old.pages.some((page) => page.items.some((row) => gone.has(row.id)))) return old;
  return { ...old, pages: old.pages.map((page) => ({ ...page, items: page.items.filter((row) => !gone.has(row.id)) })) };
}

function isNewer<T extends Dated>(row: T, next: T | undefined): next is T {
  return next !== undefined && next.version > row.version;
}
