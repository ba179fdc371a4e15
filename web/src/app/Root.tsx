import { Outlet } from "@tanstack/react-router";
import { I18nProvider, RouterProvider } from "react-aria-components";
import { useLanguage } from "@/i18n";
import { Toasts } from "@/ui/Toast";
import { useGo } from "./nav";

/** What the sign-in page and the shell share: language of the components, links inside them, toasts. */
export function Root() {
  const language = useLanguage();
  const go = useGo();
  return (
    <I18nProvider locale={language === "ur" ? "ur-PK-u-nu-latn" : "en-GB"}>
      <RouterProvider navigate={(to) => go(to)}>
        <Outlet />
        <Toasts />
      </RouterProvider>
    </I18nProvider>
  );
}
