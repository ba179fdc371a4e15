import { useState } from "react";
import { type Schema, useGet, useSend } from "@/api/react";
import { useMay } from "@/app/session";
import { useFormat, useText } from "@/i18n";
import { en } from "@/i18n/en/customers";
import { ur } from "@/i18n/ur/customers";
import { isAmount } from "@/pages/parts/numbers";
import { Button, Card, cx, Facts, Field, Money, Select, toast } from "@/ui";
import { Fields, FormDialog, refusedAt } from "@/ui/FormDialog";
import { WholeField } from "@/ui/WholeField";
import { CUSTOMER_PATHS } from "./CustomerPage";
import css from "./customers.module.css";

type Customer = Schema["CustomerView"];
type Open = "terms" | "drop" | "settle" | null;

/** Hundredths of the limit that are used, for the bar only: figures stay the server's text. */
function usedPart(limit: string, owed: string): number {
  const [most, now] = [Number(limit), Number(owed)];
  return most > 0 && Number.isFinite(now) ? Math.min(1, Math.max(0, now / most)) : 0;
}

/** Credit of a customer: limit, what is held and owed, what is left; terms and payments for those who may. */
export function CreditCard({ customer }: { customer: Customer }) {
  const t = useText({ en, ur });
  const format = useFormat();
  const may = useMay()("customers.credit");
  const [open, setOpen] = useState<Open>(null);
  const { terms, exposure, available } = customer.credit;
  const used = terms && exposure ? usedPart(terms.limit.amount, exposure.amount) : 0;
  const close = () => setOpen(null);
  const actions = may ? (
    <span className={css.buttons} data-noprint>
      <Button small onPress={() => setOpen("terms")}>{terms ? t.changeTerms : t.setTerms}</Button>
      {terms ? <Button small onPress={() => setOpen("drop")}>{t.dropTerms}</Button> : null}
      {exposure ? <Button small onPress={() => setOpen("settle")}>{t.settle}</Button> : null}
    </span>
  ) : null;
  return (
    <Card title={t.credit} actions={actions}>
      {terms ? (
        <div className={css.stack}>
          <Facts
            facts={[
              [t.limit, <Money key="limit" {...terms.limit} />],
              [t.owed, exposure ? <Money key="owed" {...exposure} /> : null],
              [t.creditAvailable, available ? <strong key="left"><Money {...available} /></strong> : null],
              [t.days, t.daysValue(format.number(terms.days))],
            ]}
          />
          <div>
            <div className={css.rail} aria-hidden><span className={cx(used >= 0.9 && css.full)} style={{ inlineSize: `${used * 100}%` }} /></div>
            <p className={css.quiet}>{t.used(format.percent(used))}</p>
          </div>
        </div>
      ) : (
        <div className={css.stack}>
          <p>{t.noTerms}</p>
          {exposure ? <Facts facts={[[t.owed, <Money key="owed" {...exposure} />]]} /> : null}
        </div>
      )}
      {open === "terms" ? <Terms customer={customer} close={close} /> : null}
      {open === "drop" ? <Drop customer={customer} close={close} /> : null}
      {open === "settle" ? <Settle customer={customer} close={close} /> : null}
    </Card>
  );
}

function Terms({ customer, close }: { customer: Customer; close: () => void }) {
  const t = useText({ en, ur });
  const now = customer.credit.terms;
  const [amount, setAmount] = useState(now?.limit.amount ?? "");
  const [currency, setCurrency] = useState(now?.limit.currency ?? "PKR");
  const [days, setDays] = useState(now?.days ?? 30);
  const send = useSend("put", "/api/v1/customers/{id}/credit", { refresh: CUSTOMER_PATHS });
  const submit = () =>
    send.mutate({ path: { id: customer.id }, body: { limit: { amount: amount.trim(), currency }, days } }, { onSuccess: () => { toast.good(t.termsSaved); close(); } });
  const ready = isAmount(amount) && currency.length === 3 && days >= 0;
  return (
    <FormDialog open onClose={close} title={t.termsTitle} submit={t.setTerms} busy={send.isPending} error={send.error} onSubmit={submit} blocked={!ready}>
      <Fields>
        <Field label={t.limit} ltr inputMode="decimal" value={amount} onChange={setAmount} isRequired autoFocus error={refusedAt(send.error, "/limit") ?? (amount === "" || isAmount(amount) ? null : t.badAmount)} />
        <Field label={t.currency} ltr value={currency} maxLength={3} onChange={(text) => setCurrency(text.toUpperCase())} error={refusedAt(send.error, "/limit/currency")} />
        <WholeField label={t.days} min={0} max={3_650} value={days} onChange={setDays} error={refusedAt(send.error, "/days")} />
      </Fields>
    </FormDialog>
  );
}

function Drop({ customer, close }: { customer: Customer; close: () => void }) {
  const t = useText({ en, ur });
  const send = useSend("put", "/api/v1/customers/{id}/credit", { refresh: CUSTOMER_PATHS });
  // The route takes `null` for "no terms", which its schema does not say.
  const submit = () =>
    send.mutate({ path: { id: customer.id }, body: null as never }, { onSuccess: () => { toast.good(t.termsDropped); close(); } });
  return <FormDialog open alert onClose={close} title={t.dropTitle} text={t.dropText} submit={t.dropTerms} look="danger" busy={send.isPending} error={send.error} onSubmit={submit} />;
}

function Settle({ customer, close }: { customer: Customer; close: () => void }) {
  const t = useText({ en, ur });
  const [order, setOrder] = useState("");
  const [amount, setAmount] = useState("");
  const currency = customer.credit.exposure?.currency ?? customer.credit.terms?.limit.currency ?? "PKR";
  const send = useSend("post", "/api/v1/customers/{id}/settlements", { refresh: CUSTOMER_PATHS });
  const orders = useGet("/api/v1/orders", { query: { customer: customer.id, limit: 200 } });
  const submit = () => {
    const money = amount.trim() === "" ? null : { amount: amount.trim(), currency };
    send.mutate({ path: { id: customer.id }, body: { order_id: order, amount: money } }, { onSuccess: () => { toast.good(t.settled); close(); } });
  };
  return (
    <FormDialog
      open onClose={close} title={t.settleTitle} text={t.settleText} submit={t.settle} busy={send.isPending} error={send.error} onSubmit={submit}
      blocked={order === "" || (amount !== "" && !isAmount(amount))}
    >
      <Select
        label={t.settleOrder} value={order === "" ? null : order} onChange={setOrder} isRequired error={refusedAt(send.error, "/order_id")}
        options={(orders.data?.items ?? []).filter((one) => one.currency === currency).map((one) => ({
          id: one.id, label: one.number ?? one.id, note: one.total ? <Money amount={one.total} currency={currency} /> : undefined,
        }))}
      />
      <Field label={`${t.settleAmount} (${currency})`} ltr inputMode="decimal" hint={t.settleAll} value={amount} onChange={setAmount} error={refusedAt(send.error, "/amount") ?? (amount === "" || isAmount(amount) ? null : t.badAmount)} />
    </FormDialog>
  );
}
