import { Truck } from "lucide-react";
import { useState } from "react";
import { useSend } from "@/api/react";
import { Link } from "@/app/nav";
import { useMay } from "@/app/session";
import { useWarehouses } from "@/app/shop";
import { useText, useWords } from "@/i18n";
import { en } from "@/i18n/en/order";
import { ur } from "@/i18n/ur/order";
import { Card, cx, Field, IconButton, Ltr, Money, Num, Select, Table, type TableColumn, toast } from "@/ui";
import { FormDialog } from "@/ui/FormDialog";
import { add, equal } from "./decimal";
import css from "./Order.module.css";
import { movable, type Quantities, shares } from "./stages";
import type { Order } from "./useOrder";

type Line = Order["lines"][number];

export function LinesCard({ order, past }: { order: Order; past: boolean }) {
  const t = useText({ en, ur });
  const may = useMay();
  const [moving, setMoving] = useState<Line | null>(null);
  const { currency } = order.totals;
  const live = ["pending", "pending_approval", "approved", "processing"].includes(order.lifecycle);
  const canMove = (line: Line) => !past && live && may("orders.write") && movable(line.quantities) > 0;
  const columns: TableColumn<Line>[] = [
    {
      id: "item", name: t.item, cell: (l) => (
        <div className={css.item}>
          {may("products.read") ? <Link to={`/products/${encodeURIComponent(l.sku)}`}><bdi>{l.title}</bdi></Link> : <bdi>{l.title}</bdi>}
          <span className={css.faint}><Ltr mono>{l.sku}</Ltr>{l.warehouse ? <> · <Ltr>{l.warehouse}</Ltr></> : null}</span>
          {l.note ? <span className={css.faint} dir="auto">{l.note}</span> : null}
          <StageBar quantities={l.quantities} />
        </div>
      ),
    },
    { id: "quantity", name: t.quantity, end: true, cell: (l) => <Num value={l.quantity} /> },
    { id: "price", name: t.price, end: true, wide: true, cell: (l) => <Money amount={l.unit_price} currency={currency} /> },
    { id: "total", name: t.total, end: true, cell: (l) => <Money amount={l.total} currency={currency} /> },
    ...(order.lines.some(canMove) ? [{
      id: "actions", name: <span className="hidden-visually">{t.actions.more}</span>, wide: true,
      cell: (l: Line) => (canMove(l) ? <IconButton small label={t.actions.move} onPress={() => setMoving(l)}><Truck aria-hidden /></IconButton> : null),
    }] : []),
  ];
  return (
    <Card title={t.lines} flush>
      <Table label={t.lines} columns={columns} rows={order.lines} rowKey={(l) => String(l.line)} />
      <Totals order={order} />
      {moving ? <MoveDialog order={order} line={moving} onClose={() => setMoving(null)} /> : null}
    </Card>
  );
}

/** Where the units of a line are: a bar for the eye, words for everybody. */
export function StageBar({ quantities }: { quantities: Quantities }) {
  const words = useWords();
  const parts = shares(quantities);
  return (
    <div className={css.stages}>
      <div className={css.bar} aria-hidden>
        {parts.map((p) => <span key={p.stage} className={cx(css.part, css[p.tone])} style={{ flexGrow: p.units }} />)}
      </div>
      <ul className={css.legend}>
        {parts.map((p) => <li key={p.stage}><span className={cx(css.key, css[p.tone])} aria-hidden /><Num value={p.units} /> {words("stage", p.stage)}</li>)}
      </ul>
    </div>
  );
}

const ZERO = /^-?0*(\.0*)?$/;

function Totals({ order }: { order: Order }) {
  const t = useText({ en, ur });
  const { subtotal, discount, shipping, tax, total, currency } = order.totals;
  // Prices contain the tax if the total is right without adding it.
  const within = equal(add(subtotal, shipping), add(total, discount));
  const rows: [string, string, boolean][] = [
    [t.subtotal, subtotal, true], [t.discount, discount, !ZERO.test(discount)], [t.shipping, shipping, !ZERO.test(shipping)], [within ? t.taxWithin : t.tax, tax, !ZERO.test(tax)],
  ];
  return (
    <dl className={css.totals}>
      {rows.filter(([, , shown]) => shown).map(([name, amount]) => <div key={name}><dt>{name}</dt><dd><Money amount={amount} currency={currency} /></dd></div>)}
      <div className={css.total}><dt>{t.grandTotal}</dt><dd><Money amount={total} currency={currency} /></dd></div>
    </dl>
  );
}

function MoveDialog({ order, line, onClose }: { order: Order; line: Line; onClose: () => void }) {
  const t = useText({ en, ur });
  const warehouses = useWarehouses().filter((w) => w.code !== line.warehouse);
  const [warehouse, setWarehouse] = useState<string | null>(null);
  const [reason, setReason] = useState("");
  const move = useSend("post", "/api/v1/orders/{id}/lines/{n}/warehouse", { refresh: ["/api/v1/orders/{id}"] });
  const submit = () =>
    move.mutate({ path: { id: order.id, n: line.line }, body: { warehouse: warehouse!, reason: reason.trim() } }, {
      onSuccess: () => {
        toast.good(t.done.move);
        onClose();
      },
    });
  return (
    <FormDialog open onClose={onClose} title={t.actions.move.replace("…", "")} text={t.moveText} submit={t.actions.move.replace("…", "")} busy={move.isPending} error={move.error} blocked={!warehouse || !reason.trim()} onSubmit={submit}>
      <Select label={t.warehouse} value={warehouse} onChange={setWarehouse} options={warehouses.map((w) => ({ id: w.code, label: w.name, note: w.code }))} />
      <Field label={t.reason} hint={t.reasonHint} value={reason} onChange={setReason} isRequired maxLength={500} />
    </FormDialog>
  );
}
