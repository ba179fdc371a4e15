/** Everything around a page: menu, search, connection, account. */
import { useQueryClient } from "@tanstack/react-query";
import { Outlet, useRouter, useRouterState } from "@tanstack/react-router";
import { Menu as MenuIcon, Search } from "lucide-react";
import { lazy, Suspense, useEffect, useMemo, useRef, useState } from "react";
import { useGet } from "@/api/react";
import { updateUser } from "@/api/session";
import { useLabel, useText } from "@/i18n";
import { en } from "@/i18n/en/app";
import { ur } from "@/i18n/ur/app";
import { LiveProvider, useConnection } from "@/live/react";
import { Button, cx, Dialog, IconButton, Kbd } from "@/ui";
import { AccountMenu } from "./AccountMenu";
import { Bell } from "./Bell";
import { ConnectionBanner, ConnectionDot } from "./ConnectionBanner";
import { useLiveConsole } from "./live";
import { useAccountLook } from "./look";
import { Link, useGo } from "./nav";
import { offered, type PageRoute } from "./pages";
import { RolesBanner } from "./RolesBanner";
import { useMe, useSession } from "./session";
import { SessionEnded } from "./SessionEnded";
import { drawn, listen, useShortcuts } from "./shortcuts";
import css from "./Shell.module.css";

const Palette = lazy(() => import("./Palette"));
const ShortcutHelp = lazy(() => import("./ShortcutHelp"));

export default function Shell() {
  const t = useText({ en, ur });
  const me = useMe();
  const live = useLiveConsole();
  const go = useGo();
  const pages = useMemo(() => offered(me.permissions), [me.permissions]);
  const [menu, setMenu] = useState(false);
  const [palette, setPalette] = useState(false);
  const [help, setHelp] = useState(false);
  const path = useRouterState({ select: (s) => s.location.pathname });
  const { user, was } = useSession();
  const covered = user === null && was !== null;
  useSignedOut();
  useAnother();
  useRoles();
  useAccountLook();
  useEffect(() => (covered ? undefined : listen()), [covered]);
  useEffect(() => setMenu(false), [path]);
  useShortcuts([
    { keys: "mod+k", label: { en: en.search, ur: ur.search }, run: () => setPalette((open) => !open), anywhere: true },
    { keys: "?", label: { en: en.shortcuts, ur: ur.shortcuts }, run: () => setHelp(true) },
    ...pages.flatMap((p) => (p.nav?.keys ? [{ keys: p.nav.keys, label: p.title, run: () => go(p.path) }] : [])),
  ]);
  return (
    <LiveProvider live={live}>
      <a href="#page" className={css.skip}>{t.skip}</a>
      <div className={css.shell}>
        <aside className={css.side} data-noprint>
          <Brand />
          <Menu pages={pages} path={path} />
          <footer className={css.sideFoot}><AccountMenu onShortcuts={() => setHelp(true)} /></footer>
        </aside>
        <header className={css.top} data-noprint>
          <span className={css.topBrand}><Brand /></span>
          <div className={css.searchButton}>
            <Button look="plain" wide icon={<Search aria-hidden />} onPress={() => setPalette(true)}>
              <span className={css.searchText}>{t.searchHint}</span>
              <span className={css.keys}><Kbd>{drawn("mod+k").join(" ")}</Kbd></span>
            </Button>
          </div>
          <Bell />
          <ConnectionDot />
          <span className={css.topAccount}><AccountMenu compact onShortcuts={() => setHelp(true)} /></span>
        </header>
        <div className={css.banners}>
          <ConnectionBanner />
          <RolesBanner />
        </div>
        <CatchUp />
        <main id="page" className={css.main} tabIndex={-1}>
          <Outlet key={me.id} />
        </main>
        <PhoneBar pages={pages} path={path} onMore={() => setMenu(true)} />
      </div>
      <Dialog open={menu} onClose={() => setMenu(false)} title={t.menu} drawer>
        <Menu pages={pages} path={path} />
      </Dialog>
      <Suspense>
        {palette ? <Palette onClose={() => setPalette(false)} pages={pages} onShortcuts={() => setHelp(true)} /> : null}
        {help ? <ShortcutHelp onClose={() => setHelp(false)} /> : null}
      </Suspense>
      {covered ? <SessionEnded was={was} /> : null}
    </LiveProvider>
  );
}

/** Signed out, here or in another tab: to the sign-in page, and back to here afterwards. */
function useSignedOut() {
  const { user, ended, was } = useSession();
  const go = useGo();
  const here = useRouterState({ select: (s) => s.location.href });
  useEffect(() => {
    if (user === null && was === null) go("/sign-in", { replace: true, search: { to: here === "/" ? undefined : here, why: ended ?? undefined } });
    // Only when the user changes: the address changes by this itself.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [user, was]);
}

/** Somebody else signed in over the page: they begin at home, not where the other one was. */
function useAnother() {
  const { id } = useMe();
  const go = useGo();
  const known = useRef(id);
  useEffect(() => {
    if (id === "" || id === known.current) return;
    const another = known.current !== "";
    known.current = id;
    if (another) go("/", { replace: true });
  }, [id, go]);
}

/**
 * After the connection or the session was away, what came by requests is asked for again, and what failed is tried again.
 */
function CatchUp() {
  const cache = useQueryClient();
  const { state } = useConnection();
  const { user } = useSession();
  const away = useRef(false);
  useEffect(() => {
    if (state === "reconnecting" || state === "offline" || user === null) away.current = true;
    if (state !== "live" || !away.current) return;
    away.current = false;
    void cache.invalidateQueries();
  }, [cache, state, user]);
  return null;
}

/**
 * Roles may be given or taken while one works. What the live connection or a refusal tells of it is followed at once, the
 * rest within a minute; the page that is open is held against them as well.
 */
function useRoles() {
  const router = useRouter();
  const me = useMe();
  const { data } = useGet("/api/v1/auth/me", {}, { every: 60_000 });
  useEffect(() => {
    if (data) updateUser(data);
  }, [data]);
  const now = `${me.id} ${me.permissions.join(" ")}`;
  const known = useRef(now);
  useEffect(() => {
    if (known.current === now || me.id === "") return;
    known.current = now;
    void router.invalidate();
  }, [router, now, me.id]);
}

function Brand() {
  return (
    <Link to="/" className={css.brand ?? ""} aria-label="Munshi">
      <svg viewBox="0 0 32 32" aria-hidden className={css.logo}>
        <rect width="32" height="32" rx="8" />
        <path d="M8 23V10.5c0-.8 1-1.2 1.5-.5L16 17.500l6.500-7.500c.5-.7 1.500-.3 1.500.5V23" />
      </svg>
      <bdi>Munshi</bdi>
    </Link>
  );
}

function Menu({ pages, path }: { pages: PageRoute[]; path: string }) {
  const t = useText({ en, ur });
  const groups = [...new Set(pages.map((p) => p.nav!.group))];
  return (
    <nav aria-label={t.menu} className={css.menu}>
      {groups.map((group) => (
        <div key={group} className={css.group}>
          <p className={css.groupName}>{t.groups[group]}</p>
          {pages.filter((p) => p.nav!.group === group).map((p) => <MenuLink key={p.path} page={p} path={path} />)}
        </div>
      ))}
    </nav>
  );
}

function current(page: PageRoute, path: string): boolean {
  return page.path === "/" ? path === "/" : path === page.path || path.startsWith(`${page.path}/`);
}

function MenuLink({ page, path }: { page: PageRoute; path: string }) {
  const label = useLabel();
  const { icon: Icon, count: Figure } = page.nav!;
  return (
    <Link to={page.path} className={css.link ?? ""} aria-current={current(page, path) ? "page" : undefined}>
      <Icon aria-hidden />
      <span className={css.linkName}>{label(page.title)}</span>
      {Figure ? <Figure /> : null}
    </Link>
  );
}

function PhoneBar({ pages, path, onMore }: { pages: PageRoute[]; path: string; onMore: () => void }) {
  const t = useText({ en, ur });
  const label = useLabel();
  const shown = pages.filter((p) => p.nav!.phone).slice(0, 4);
  return (
    <nav aria-label={t.menu} className={css.phoneBar} data-noprint>
      {shown.map((p) => {
        const { icon: Icon, count: Figure } = p.nav!;
        return (
          <Link key={p.path} to={p.path} className={css.phoneLink ?? ""} aria-current={current(p, path) ? "page" : undefined}>
            <span className={css.phoneIcon}><Icon aria-hidden />{Figure ? <span className={css.phoneCount}><Figure /></span> : null}</span>
            <span>{label(p.nav!.short ?? p.title)}</span>
          </Link>
        );
      })}
      <span className={cx(css.phoneLink)}>
        <IconButton label={t.menu} onPress={onMore}><MenuIcon aria-hidden /></IconButton>
      </span>
    </nav>
  );
}
