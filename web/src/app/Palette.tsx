/** Ctrl K: pages, actions, and what the server finds. */
import { CornerDownLeft, Keyboard, Languages, LogOut, Moon, Package, Plus, ReceiptText, UserRound } from "lucide-react";
import { type ReactNode, useDeferredValue, useState } from "react";
import { Autocomplete, Header, Menu, MenuItem, MenuSection } from "react-aria-components";
import { useGet } from "@/api/react";
import { signOut } from "@/api/session";
import { setLanguage, useLabel, useLanguage, useText } from "@/i18n";
import { en } from "@/i18n/en/app";
import { ur } from "@/i18n/ur/app";
import { Dialog, Ltr, Money, OrderStatus, SearchField } from "@/ui";
import { useGo } from "./nav";
import type { PageRoute } from "./pages";
import css from "./Palette.module.css";
import { useMay } from "./session";
import { setTheme } from "./theme";

interface Entry {
  id: string;
  text: string;
  shown: ReactNode;
  icon: ReactNode;
  run: () => void;
}

export interface PaletteProps {
  onClose: () => void;
  pages: PageRoute[];
  onShortcuts: () => void;
}

export default function Palette({ onClose, pages, onShortcuts }: PaletteProps) {
  const t = useText({ en, ur });
  return (
    <Dialog open onClose={onClose} title={t.search}>
      <Inside onClose={onClose} pages={pages} onShortcuts={onShortcuts} />
    </Dialog>
  );
}

function Inside({ onClose, pages, onShortcuts }: PaletteProps) {
  const t = useText({ en, ur });
  const [text, setText] = useState("");
  const asked = useDeferredValue(text.trim());
  const sections = [
    { id: "found-orders", name: t.orders, entries: useOrders(asked) },
    { id: "found-customers", name: t.customers, entries: useCustomers(asked) },
    { id: "found-products", name: t.products, entries: useProducts(asked) },
    { id: "pages", name: t.pages, entries: usePages(pages, asked) },
    { id: "actions", name: t.actions, entries: useActions(asked, onShortcuts) },
  ].filter((s) => s.entries.length > 0);
  const all = new Map(sections.flatMap((s) => s.entries.map((e) => [e.id, e] as const)));
  return (
    <Autocomplete inputValue={text} onInputChange={setText}>
      <div className={css.find}>
        <SearchField wide label={t.search} placeholder={t.searchHint} autoFocus />
      </div>
      <Menu
        aria-label={t.search} className={css.list ?? ""} renderEmptyState={() => <p className={css.none}>{t.searchNone}</p>}
        onAction={(key) => {
          onClose();
          all.get(String(key))?.run();
        }}
      >
        {sections.map((section) => (
          <MenuSection key={section.id} id={section.id} className={css.section ?? ""}>
            <Header className={css.name}>{section.name}</Header>
            {section.entries.map((e) => (
              <MenuItem key={e.id} id={e.id} textValue={e.text} className={css.item ?? ""}>
                {e.icon}
                <span className={css.shown}>{e.shown}</span>
                <CornerDownLeft aria-hidden className={css.enter} />
              </MenuItem>
            ))}
          </MenuSection>
        ))}
      </Menu>
    </Autocomplete>
  );
}

const FIVE = 5;

function useOrders(q: string): Entry[] {
  const go = useGo();
  const may = useMay();
  const { data } = useGet("/api/v1/orders", { query: { q, limit: FIVE } }, { enabled: q.length > 1 && may("orders.read"), keep: true });
  if (q.length < 2) return [];
  return (data?.items ?? []).map((o) => ({
    id: `order-${o.id}`, text: `${o.number ?? ""} ${o.customer_name ?? ""}`, icon: <ReceiptText aria-hidden />,
    shown: <span className={css.two}><span><Ltr>{o.number ?? "–"}</Ltr> · <bdi>{o.customer_name}</bdi></span><OrderStatus status={o.status} /></span>,
    run: () => go(`/orders/${o.id}`),
  }));
}

function useCustomers(q: string): Entry[] {
  const go = useGo();
  const may = useMay();
  const { data } = useGet("/api/v1/customers", { query: { q, limit: FIVE } }, { enabled: q.length > 1 && may("customers.read"), keep: true });
  if (q.length < 2) return [];
  return (data?.items ?? []).map((c) => ({
    id: `customer-${c.id}`, text: c.name, icon: <UserRound aria-hidden />,
    shown: <span className={css.two}><bdi>{c.name}</bdi><Ltr>{c.phones[0] ?? ""}</Ltr></span>,
    run: () => go(`/customers/${c.id}`),
  }));
}

function useProducts(q: string): Entry[] {
  const go = useGo();
  const may = useMay();
  const { data } = useGet("/api/v1/products", { query: { q, limit: FIVE } }, { enabled: q.length > 1 && may("products.read"), keep: true });
  if (q.length < 2) return [];
  return (data?.items ?? []).map((p) => ({
    id: `product-${p.sku}`, text: `${p.sku} ${p.title}`, icon: <Package aria-hidden />,
    shown: <span className={css.two}><span><bdi>{p.title}</bdi> <Ltr mono>{p.sku}</Ltr></span>{p.price ? <Money {...p.price} /> : null}</span>,
    run: () => go(`/products/${encodeURIComponent(p.sku)}`),
  }));
}

/** Both languages are searched: one may type the English name on an Urdu page. */
export function means(q: string, ...texts: string[]): boolean {
  return q === "" || texts.some((text) => text.toLocaleLowerCase().includes(q.toLocaleLowerCase()));
}

function usePages(pages: PageRoute[], q: string): Entry[] {
  const go = useGo();
  const label = useLabel();
  return pages.filter((p) => means(q, p.title.en, p.title.ur)).map((p) => {
    const Icon = p.nav!.icon;
    return { id: `page-${p.path}`, text: label(p.title), shown: label(p.title), icon: <Icon aria-hidden />, run: () => go(p.path) };
  });
}

function useActions(q: string, onShortcuts: () => void): Entry[] {
  const t = useText({ en, ur });
  const go = useGo();
  const may = useMay();
  const language = useLanguage();
  const other = language === "en" ? "ur" : "en";
  const action = (id: string, text: string, icon: ReactNode, run: () => void, lang?: string): Entry =>
    ({ id: `do-${id}`, text, shown: lang ? <span lang={lang}>{text}</span> : text, icon, run });
  const dark = document.documentElement.dataset.theme === "dark";
  return [
    ...(may("orders.write") ? [action("new", t.newOrder, <Plus aria-hidden />, () => go("/orders/new"))] : []),
    action("language", other === "ur" ? "اردو (Urdu)" : "English", <Languages aria-hidden />, () => setLanguage(other), other),
    action("theme", `${t.theme}: ${dark ? t.themes.light : t.themes.dark}`, <Moon aria-hidden />, () => setTheme(dark ? "light" : "dark")),
    action("keys", t.shortcuts, <Keyboard aria-hidden />, onShortcuts),
    action("out", t.signOut, <LogOut aria-hidden />, () => void signOut()),
  ].filter((e) => means(q, e.text));
}
