// Keeps the screen on while an operator works: a handheld that goes dark between two scans is unlocked a hundred times a
// day. Where the browser cannot, nothing happens.
import { useEffect } from "react";

/** Keeps the screen on while `on`, as often as the page comes back into sight. */
export function useWakeLock(on: boolean): void {
  useEffect(() => {
    if (!on || !("wakeLock" in navigator)) return;
    let lock: WakeLockSentinel | undefined;
    let ended = false;
    const take = () => {
      if (document.visibilityState !== "visible" || ended) return;
      navigator.wakeLock.request("screen").then(
        (taken) => {
          if (ended) void taken.release();
          else lock = taken;
        },
        // A battery that is low may forbid it.
        () => undefined,
      );
    };
    take();
    document.addEventListener("visibilitychange", take);
    return () => {
      ended = true;
      document.removeEventListener("visibilitychange", take);
      void lock?.release();
    };
  }, [on]);
}
