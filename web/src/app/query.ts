/** How answers are kept and asked for again. */
import { MutationCache, QueryCache, QueryClient } from "@tanstack/react-query";
import { passing } from "@/api/client";
import { Problem } from "@/api/problem";

/** What was offered is refused: the roles are others by now. */
function onError(error: unknown): void {
  if (error instanceof Problem && error.code === "permission_denied") void queryClient.invalidateQueries({ queryKey: ["/api/v1/auth/me"] });
}

export const queryClient = new QueryClient({
  queryCache: new QueryCache({ onError }),
  mutationCache: new MutationCache({ onError }),
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      networkMode: "always",
      retry: (count, error) => count < 2 && passing(error),
      retryDelay: (count, error) => (error instanceof Problem && error.retryAfter !== null ? error.retryAfter : 400 * 2 ** count),
    },
    mutations: { networkMode: "always", retry: false },
  },
});
