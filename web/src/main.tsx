/** The console. */
import "@/ui/base.css";
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { subscribe, user } from "@/api/session";
import { queryClient } from "@/app/query";
import { router } from "@/app/router";
import { watchTheme } from "@/app/theme";
import { apply as applyLanguage } from "@/i18n/language";

watchTheme();
applyLanguage();

// Nothing that one user saw is shown to the next.
let who = user()?.id;
subscribe(() => {
  if (user()?.id !== who) queryClient.clear();
  who = user()?.id;
});

createRoot(document.getElementById("root")!).render(
  <StrictMode>
    <QueryClientProvider client={queryClient}>
      <RouterProvider router={router} />
    </QueryClientProvider>
  </StrictMode>,
);
