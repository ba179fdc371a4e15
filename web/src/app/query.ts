/** How answers are kept and asked for again. */
import { QueryClient } from "@tanstack/react-query";
import { passing } from "@/api/client";
import { Problem } from "@/api/problem";

export const queryClient = new QueryClient({
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
