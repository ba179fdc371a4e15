import { type RefObject, useEffect } from "react";

/**
 * Keeps the chosen part of a row that scrolls sideways in sight: when another one is chosen, and when the row becomes
 * narrower, as on a phone that is turned. It moves nothing while somebody scrolls by hand.
 */
export function useInSight(row: RefObject<HTMLElement | null>, chosen: string, now: unknown): void {
  useEffect(() => {
    const element = row.current;
    if (!element) return;
    const show = () => element.querySelector(chosen)?.scrollIntoView({ block: "nearest", inline: "center" });
    show();
    const watch = new ResizeObserver(show);
    watch.observe(element);
    return () => watch.disconnect();
  }, [row, chosen, now]);
}
