import { useSyncExternalStore } from "react";

/** Whether the window is as narrow as a phone. */
export function useNarrow(width = "48rem"): boolean {
  const query = `(max-width: ${width})`;
  return useSyncExternalStore(
    (listener) => {
      const media = matchMedia(query);
      media.addEventListener("change", listener);
      return () => media.removeEventListener("change", listener);
    },
    () => matchMedia(query).matches,
  );
}
