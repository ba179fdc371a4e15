/** Addresses and their pages. Each page's code is fetched when it is first opened (or pointed at). */
import { createRootRoute, createRoute, createRouter, lazyRouteComponent, redirect } from "@tanstack/react-router";
import { may, user } from "@/api/session";
import { PAGES, type PageRoute } from "./pages";
import { Forbidden, NotFound, PageFailed, PagePending } from "./PageStates";
import { Root } from "./Root";

const root = createRootRoute({ component: Root, notFoundComponent: NotFound });

const signIn = createRoute({
  getParentRoute: () => root,
  path: "/sign-in",
  component: lazyRouteComponent(() => import("./SignIn")),
  beforeLoad: () => {
    if (user()) throw redirect({ to: "/" });
  },
});

const shell = createRoute({
  getParentRoute: () => root,
  id: "shell",
  component: lazyRouteComponent(() => import("./Shell")),
  beforeLoad: ({ location }) => {
    if (!user()) throw redirect({ to: "/sign-in", search: location.pathname === "/" ? {} : { to: location.href } });
  },
});

function toRoute(page: PageRoute) {
  const component = lazyRouteComponent(page.load);
  return createRoute({
    getParentRoute: () => shell,
    path: page.path,
    component,
    beforeLoad: () => {
      if (page.permission && !may(page.permission)) throw new ForbiddenPage();
    },
    errorComponent: ({ error, reset }) => (error instanceof ForbiddenPage ? <Forbidden /> : <PageFailed error={error} reset={reset} />),
  });
}

/** What is at no address; who is not signed in is asked to sign in first. */
const elsewhere = createRoute({ getParentRoute: () => shell, path: "$", component: NotFound });

class ForbiddenPage extends Error {}

export const router = createRouter({
  routeTree: root.addChildren([signIn, shell.addChildren([...PAGES.map(toRoute), elsewhere])]),
  defaultPreload: "intent",
  defaultPendingComponent: PagePending,
  defaultPendingMs: 150,
  defaultNotFoundComponent: NotFound,
  defaultErrorComponent: PageFailed,
  scrollRestoration: true,
  // Plain text in addresses: `?status=draft`, no JSON.
  parseSearch: (text) => Object.fromEntries(new URLSearchParams(text)),
  stringifySearch: (search) => {
    const params = new URLSearchParams();
    for (const [key, value] of Object.entries(search)) {
      if (value !== undefined && value !== null && value !== "") params.set(key, String(value));
    }
    const text = params.toString();
    return text === "" ? "" : `?${text}`;
  },
});
