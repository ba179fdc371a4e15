import { X } from "lucide-react";
import { useWarehouses } from "@/app/shop";
import { useText, useWords } from "@/i18n";
import { en } from "@/i18n/en/orders";
import { ur } from "@/i18n/ur/orders";
import { Button, Field, Select } from "@/ui";
import css from "./Board.module.css";
import { CHANNELS, count, type Filters, FILTERS, STATUSES } from "./filters";

const ANY = "-";

/** The filters of the board, each a word of the address. */
export function FilterBar({ filters, onChange, withStatus }: { filters: Filters; onChange: (change: Filters) => void; withStatus: boolean }) {
  const t = useText({ en, ur });
  const words = useWords();
  const warehouses = useWarehouses();
  const any = { id: ANY, label: t.any };
  const choose = (name: keyof Filters) => (id: string) => onChange({ [name]: id === ANY ? undefined : id });
  const none = Object.fromEntries(FILTERS.filter((f) => f !== "q").map((f) => [f, undefined]));
  return (
    <div className={css.filters} role="group" aria-label={t.filters}>
      {withStatus ? (
        <Select label={t.status} value={filters.status ?? ANY} onChange={choose("status")} options={[any, ...STATUSES.map((s) => ({ id: s as string, label: words("status", s) }))]} />
      ) : null}
      <Select label={t.warehouse} value={filters.warehouse ?? ANY} onChange={choose("warehouse")} options={[any, ...warehouses.map((w) => ({ id: w.code, label: w.name, note: w.code }))]} />
      <Select label={t.channel} value={filters.channel ?? ANY} onChange={choose("channel")} options={[any, ...CHANNELS.map((c) => ({ id: c as string, label: words("channel", c) }))]} />
      <Field label={t.tag} value={filters.tag ?? ""} onChange={(tag) => onChange({ tag })} />
      <Field label={t.from} type="date" value={filters.from ?? ""} onChange={(from) => onChange({ from })} />
      <Field label={t.to} type="date" value={filters.to ?? ""} onChange={(to) => onChange({ to })} />
      {count(filters) > 0 ? <Button look="quiet" icon={<X aria-hidden />} onPress={() => onChange(none)}>{t.clearFilters}</Button> : null}
    </div>
  );
}
