import { Columns3, List, Plus, SlidersHorizontal } from "lucide-react";
import { useDeferredValue, useEffect, useMemo, useRef, useState } from "react";
import { ToggleButton, ToggleButtonGroup } from "react-aria-components";
import { useGo, useSearch, useSetSearch } from "@/app/nav";
import { useMay } from "@/app/session";
import { useShortcuts } from "@/app/shortcuts";
import { useText } from "@/i18n";
import { en } from "@/i18n/en/orders";
import { ur } from "@/i18n/ur/orders";
import { Button, Count, Page, SearchField, Toolbar, useNarrow } from "@/ui";
import css from "./Board.module.css";
import { BoardColumns } from "./BoardColumns";
import { BoardList } from "./BoardList";
import { FilterBar } from "./FilterBar";
import { count, type Filters, readFilters, type View } from "./filters";
import { SavedViews } from "./SavedViews";
import { useLiveOrders } from "./useOrderList";

export default function BoardPage() {
  const t = useText({ en, ur });
  const search = useSearch();
  const setSearch = useSetSearch();
  const go = useGo();
  const may = useMay();
  const narrow = useNarrow();
  const live = useLiveOrders();
  const filters = useDeferredValue(useMemo(() => readFilters(search), [search]));
  const view: View = search.view === "columns" ? "columns" : "list";
  const [open, setOpen] = useState(false);
  const find = useRef<HTMLInputElement>(null);
  const set = (change: Filters) => setSearch(change);
  useShortcuts([
    { keys: "/", label: { en: en.find, ur: ur.find }, run: () => find.current?.focus() },
    { keys: "v", label: { en: en.turnView, ur: ur.turnView }, run: () => setSearch({ view: view === "list" ? "columns" : undefined }) },
    ...(may("orders.write") ? [{ keys: "n", label: { en: en.newOrder, ur: ur.newOrder }, run: () => go("/orders/new") }] : []),
  ]);
  return (
    <Page
      title={t.title} full
      actions={may("orders.write") ? <Button look="primary" icon={<Plus aria-hidden />} onPress={() => go("/orders/new")}>{t.newOrder}</Button> : null}
    >
      <SavedViews filters={filters} view={view} />
      <Toolbar label={t.filters}>
        <div className={css.search}><Search value={search.q ?? ""} onChange={(q) => set({ q })} inputRef={find} /></div>
        <Button icon={<SlidersHorizontal aria-hidden />} aria-expanded={open} onPress={() => setOpen(!open)}>
          {t.filters} <Count value={count(filters)} tone="accent" />
        </Button>
        <ToggleButtonGroup
          aria-label={t.view} selectionMode="single" disallowEmptySelection selectedKeys={[view]} className={css.modes ?? ""}
          onSelectionChange={(keys) => setSearch({ view: keys.has("columns") ? "columns" : undefined })}
        >
          <ToggleButton id="list" className={css.mode ?? ""} aria-label={t.list}><List aria-hidden />{narrow ? null : t.list}</ToggleButton>
          <ToggleButton id="columns" className={css.mode ?? ""} aria-label={t.columns}><Columns3 aria-hidden />{narrow ? null : t.columns}</ToggleButton>
        </ToggleButtonGroup>
      </Toolbar>
      {open ? <FilterBar filters={filters} onChange={set} withStatus={view === "list"} /> : null}
      {view === "list" ? <BoardList filters={filters} live={live} /> : <BoardColumns filters={filters} live={live} />}
    </Page>
  );
}

/** Types into the address with a short delay, so that not every letter is a search. */
function Search({ value, onChange, inputRef }: { value: string; onChange: (q: string) => void; inputRef: React.Ref<HTMLInputElement> }) {
  const t = useText({ en, ur });
  const [text, setText] = useState(value);
  const sent = useRef(value);
  useEffect(() => {
    // The address was changed by something else: a saved view, the way back.
    if (value !== sent.current) setText(value);
    sent.current = value;
  }, [value]);
  useEffect(() => {
    if (text === sent.current) return;
    const timer = setTimeout(() => {
      sent.current = text.trim();
      onChange(text.trim());
    }, 250);
    return () => clearTimeout(timer);
  }, [text, onChange]);
  return <SearchField label={t.search} value={text} onChange={setText} inputRef={inputRef} />;
}
