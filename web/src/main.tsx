/** The console. */
import "@/ui/base.css";
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { snapshot, subscribe } from "@/api/session";
import { queryClient } from "@/app/query";
import { router } from "@/app/router";
import { watchTheme } from "@/app/theme";
import { watchLanguage } from "@/i18n/language";

watchTheme();
watchLanguage();

// Nothing that one user saw is shown to the next. Whose session ended may sign in again and go on.
const whose = () => (snapshot().user ?? snapshot().was)?.id;
let who = whose();
subscribe(() => {
  if (whose() !== who) queryClient.clear();
  who = whose();
});

createRoot(document.getElementById("root")!).render(
  <StrictMode>
    <QueryClientProvider client={queryClient}>
      <RouterProvider router={router} />
    </QueryClientProvider>
  </StrictMode>,
);
