/** Moving between pages, and what an address says. */
import { Link as RouterLink, useNavigate as useRouterNavigate, useParams, useRouterState } from "@tanstack/react-router";
import type { ComponentProps } from "react";
import { useCallback, useMemo } from "react";

type Search = Record<string, string | number | boolean | undefined>;

export interface LinkProps extends Omit<ComponentProps<"a">, "href"> {
  to: string;
  search?: Search;
}

/** The router calls a link current by itself, and so would be every one to a page above this one. */
const EXACT = { exact: true } as const;

/** A link to a page of the console. `to` is a whole address: `/orders/…`. */
export function Link({ to, search, ...rest }: LinkProps) {
  return <RouterLink to={to as never} search={search as never} activeOptions={EXACT} {...rest} />;
}

/** Opens a page. */
export function useGo(): (to: string, options?: { search?: Search; replace?: boolean }) => void {
  const navigate = useRouterNavigate();
  return useCallback((to, options = {}) => void navigate({ to, search: options.search, replace: options.replace } as never), [navigate]);
}

/** Parameters of the address, such as `$id`. */
export function usePathParams<T extends Record<string, string>>(): T {
  return useParams({ strict: false }) as T;
}

/** What stands behind the `?`, as text. */
export function useSearch(): Record<string, string> {
  const search = useRouterState({ select: (s) => s.location.search as Search });
  return useMemo(() => Object.fromEntries(Object.entries(search).map(([k, v]) => [k, v === undefined ? "" : String(v)])), [search]);
}

/** Changes what stands behind the `?`; empty values go. Filters use it, so that an address can be passed on. */
export function useSetSearch(): (change: Search, options?: { push?: boolean }) => void {
  const navigate = useRouterNavigate();
  return useCallback(
    (change, options = {}) =>
      void navigate({
        to: ".", replace: !options.push,
        search: (old: Search) => Object.fromEntries(Object.entries({ ...old, ...change }).filter(([, v]) => v !== undefined && v !== "")),
      } as never),
    [navigate],
  );
}
