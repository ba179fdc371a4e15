/** How a table makes do with the room it has: first without its wide columns, then as cards. */

export interface Fitting {
  width: string;
  wide?: boolean;
}

const REM = 16;
/** For tracks whose least width cannot be read off. */
const UNKNOWN_REM = 6;
const GAP_REM = 0.75;
const TICK_REM = 2.25;

/** Least width of a track in rem: `9rem`, `minmax(9rem, 2fr)`. */
export function least(track: string): number {
  const found = /^(?:minmax\(\s*)?([\d.]+)rem/.exec(track.trim());
  return found ? Number(found[1]) : UNKNOWN_REM;
}

/** Which columns are shown in so many pixels; `narrow` means cards. Before it is known all are. */
export function fit<C extends Fitting>(columns: C[], width: number | null, ticks: boolean): { columns: C[]; narrow: boolean } {
  if (width === null) return { columns, narrow: false };
  const needs = (some: C[]) => {
    const tracks = some.length + (ticks ? 1 : 0);
    const rem = some.reduce((n, c) => n + least(c.width), ticks ? TICK_REM : 0) + GAP_REM * (tracks + 1);
    return rem * REM;
  };
  if (needs(columns) <= width) return { columns, narrow: false };
  const fewer = columns.filter((c) => !c.wide);
  return { columns: fewer, narrow: needs(fewer) > width };
}
