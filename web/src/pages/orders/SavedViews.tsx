import { BookmarkPlus, X } from "lucide-react";
import { useState } from "react";
import { Link } from "@/app/nav";
import { usePreference } from "@/app/preferences";
import { useText } from "@/i18n";
import { en } from "@/i18n/en/orders";
import { ur } from "@/i18n/ur/orders";
import { cx, Field, IconButton, toast } from "@/ui";
import { FormDialog } from "@/ui/FormDialog";
import css from "./Board.module.css";
import { FILTERS, type Filters, sameFilters, type View } from "./filters";

interface Saved {
  name: string;
  filters: Filters;
  view: View;
}

const READY = ["pending_approval", "pending", "processing", "shipped", "draft"] as const;
const NONE: Saved[] = [];
const MOST = 30;

/** Views everybody has, and those one saved oneself (kept with the account, so they are there on every device). */
export function SavedViews({ filters, view }: { filters: Filters; view: View }) {
  const t = useText({ en, ur });
  const saved = usePreference<Saved[]>("order_views", NONE);
  const [naming, setNaming] = useState(false);
  const ready: Saved[] = [{ name: t.views.all, filters: {}, view: "list" }, ...READY.map((status) => ({ name: t.views[status], filters: { status }, view: "list" as const }))];
  const all = [...ready, ...saved.value];
  const here = (v: Saved) => sameFilters(v.filters, filters) && v.view === view;
  const known = all.some(here);
  const remove = (v: Saved) => saved.change.mutate((old) => old.filter((o) => o.name !== v.name), { onError: toast.problem });
  return (
    <nav className={css.views} aria-label={t.view} data-noprint>
      {all.map((v, i) => (
        <span key={`${i < ready.length}-${v.name}`} className={cx(css.view, here(v) && css.here)}>
          <Link to="/orders" search={toSearch(v)} aria-current={here(v) ? "page" : undefined}>{v.name}</Link>
          {i >= ready.length && here(v) ? <IconButton small label={t.removeView(v.name)} onPress={() => remove(v)}><X aria-hidden /></IconButton> : null}
        </span>
      ))}
      {known ? null : <IconButton small label={t.saveView} onPress={() => setNaming(true)}><BookmarkPlus aria-hidden /></IconButton>}
      <Naming
        open={naming} onClose={() => setNaming(false)} error={saved.change.error ?? saved.error} busy={saved.change.isPending}
        onName={(name) =>
          saved.change.mutate((old) => [...old.filter((o) => o.name !== name), { name, filters, view }].slice(-MOST), { onSuccess: () => setNaming(false) })
        }
      />
    </nav>
  );
}

/** Every filter is named, so that those of the view before go. */
function toSearch(v: Saved): Record<string, string | undefined> {
  return { ...Object.fromEntries(FILTERS.map((f) => [f, v.filters[f]])), view: v.view === "columns" ? "columns" : undefined };
}

interface NamingProps {
  open: boolean;
  onClose: () => void;
  onName: (name: string) => void;
  busy: boolean;
  error: React.ComponentProps<typeof FormDialog>["error"];
}

function Naming({ open, onClose, onName, busy, error }: NamingProps) {
  const t = useText({ en, ur });
  const [name, setName] = useState("");
  return (
    <FormDialog open={open} onClose={onClose} title={t.saveView} submit={t.save} busy={busy} error={error} blocked={name.trim() === ""} onSubmit={() => onName(name.trim())}>
      <Field label={t.viewName} value={name} onChange={setName} isRequired maxLength={40} autoFocus />
    </FormDialog>
  );
}
