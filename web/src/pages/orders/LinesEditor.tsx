import { SlidersHorizontal, X } from "lucide-react";
import { useDeferredValue, useState } from "react";
import { useGet } from "@/api/react";
import { uuid } from "@/api/uuid";
import { useMay } from "@/app/session";
import { useFormat, useText } from "@/i18n";
import { en } from "@/i18n/en/new-order";
import { ur } from "@/i18n/ur/new-order";
import { Badge, Card, Combo, Empty, Field, IconButton, Ltr, Money } from "@/ui";
import { Fields, refusedAt } from "@/ui/FormDialog";
import { WholeField } from "@/ui/WholeField";
import type { PartProps } from "./CustomerCard";
import { addProduct, type DraftLine } from "./draft";
import css from "./NewOrder.module.css";
import type { Order } from "./useOrder";

/** What is ordered. Prices and line totals come back from the server's draft. */
export function LinesEditor({ draft, change, order, error }: PartProps & { order: Order | null }) {
  const t = useText({ en, ur });
  const set = (line: DraftLine, part: Partial<DraftLine>) => change({ lines: draft.lines.map((l) => (l.key === line.key ? { ...l, ...part } : l)) });
  return (
    <Card title={t.lines}>
      <div className={css.fields}>
        <FindProduct onPick={(product) => change({ lines: addProduct(draft.lines, product, uuid()) })} />
        {refusedAt(error, "/lines") ? <p role="alert" className={css.bad}>{refusedAt(error, "/lines")}</p> : null}
        {draft.lines.length === 0 ? <Empty title={t.noLines} /> : (
          <ul className={css.lines}>
            {draft.lines.map((l, i) => (
              <Line
                key={l.key} line={l} at={i} error={error} order={order} set={(part) => set(l, part)}
                remove={() => change({ lines: draft.lines.filter((o) => o.key !== l.key) })}
              />
            ))}
          </ul>
        )}
      </div>
    </Card>
  );
}

type Product = import("@/api/react").Schema["ProductView"];

function FindProduct({ onPick }: { onPick: (product: Product) => void }) {
  const t = useText({ en, ur });
  const [text, setText] = useState("");
  // After each pick the field begins anew: emptied by hand it would open its list again, over the line just added.
  const [picks, setPicks] = useState(0);
  const q = useDeferredValue(text.trim());
  const { data, isFetching } = useGet("/api/v1/products", { query: { q, limit: 12, active: true } }, { enabled: q.length > 1, keep: true });
  const rows = q.length > 1 ? (data?.items ?? []) : [];
  return (
    <Combo
      key={picks} autoFocus={picks > 0} label={t.findProduct} hideLabel placeholder={t.findProduct} text={text} onText={setText} searching={isFetching} none={t.noProduct}
      found={rows.map((p) => ({ id: p.sku, label: p.title, note: <><Ltr mono>{p.sku}</Ltr> · <Money {...p.price} /></> }))}
      onPick={(sku) => {
        const product = rows.find((p) => p.sku === sku);
        if (product) onPick(product);
        setText("");
        setPicks(picks + 1);
      }}
    />
  );
}

interface LineProps {
  line: DraftLine;
  at: number;
  order: Order | null;
  error: PartProps["error"];
  set: (part: Partial<DraftLine>) => void;
  remove: () => void;
}

function Line({ line, at, order, error, set, remove }: LineProps) {
  const t = useText({ en, ur });
  const [open, setOpen] = useState(line.discount !== "" || line.note !== "");
  const known = order?.lines.find((l) => l.line === line.line);
  const currency = order?.totals.currency;
  return (
    <li className={css.line}>
      <div className={css.lineMain}>
        <div className={css.item}>
          <strong><bdi>{line.title}</bdi></strong>
          <span className={css.hint}><Ltr mono>{line.sku}</Ltr>{known && currency ? <> · <Money amount={known.unit_price} currency={currency} /></> : null}</span>
          <Stock line={line} />
        </div>
        <div className={css.quantity}>
          <WholeField label={`${t.quantity}: ${line.title}`} hideLabel value={line.quantity} min={1} onChange={(quantity) => set({ quantity })} error={refusedAt(error, `/lines/${at}/quantity`)} />
        </div>
        <span className={css.lineTotal}>{known && currency ? <Money amount={known.total} currency={currency} /> : "–"}</span>
        <IconButton small label={t.options} aria-expanded={open} onPress={() => setOpen(!open)}><SlidersHorizontal aria-hidden /></IconButton>
        <IconButton small label={t.remove(line.title)} onPress={remove}><X aria-hidden /></IconButton>
      </div>
      {open ? (
        <Fields>
          <Field label={t.price} inputMode="decimal" ltr placeholder={known?.unit_price} value={line.unitPrice} onChange={(unitPrice) => set({ unitPrice })} error={refusedAt(error, `/lines/${at}/unit_price`)} />
          <Field label={t.discount} inputMode="decimal" ltr value={line.discount} onChange={(discount) => set({ discount })} error={refusedAt(error, `/lines/${at}/discount`)} />
          <Field label={t.lineNote} value={line.note} onChange={(note) => set({ note })} error={refusedAt(error, `/lines/${at}/note`)} />
        </Fields>
      ) : null}
    </li>
  );
}

const STOCK_MS = 10_000;

/** What could be promised now; placing decides. */
function Stock({ line }: { line: DraftLine }) {
  const t = useText({ en, ur });
  const format = useFormat();
  const may = useMay();
  const { data } = useGet("/api/v1/products/{sku}/stock", { path: { sku: line.sku } }, { every: STOCK_MS, enabled: may("stock.read") });
  if (!data) return null;
  const free = data.items.reduce((n, row) => n + Math.max(0, row.available), 0);
  const number = format.number(free);
  if (free >= line.quantity) return <span className={css.hint}>{t.available(number)}</span>;
  return <span><Badge tone={line.backorder ? "warn" : "bad"}>{line.backorder ? t.waitsFor(number) : t.tooMany(number)}</Badge></span>;
}
