import { UserPlus, UserRound } from "lucide-react";
import { useDeferredValue, useEffect, useState } from "react";
import type { Problem } from "@/api/problem";
import { useGet } from "@/api/react";
import { useMay } from "@/app/session";
import { useText } from "@/i18n";
import { en } from "@/i18n/en/new-order";
import { ur } from "@/i18n/ur/new-order";
import { Badge, Button, Card, Combo, Field, Ltr, Money, Select } from "@/ui";
import { Fields, refusedAt } from "@/ui/FormDialog";
import { addressOf, type Draft, EMPTY, sameAddress } from "./draft";
import css from "./NewOrder.module.css";

export interface PartProps {
  draft: Draft;
  change: (part: Partial<Draft>) => void;
  error: Problem | null;
}

/** Who orders: found among the customers, or new. */
export function CustomerCard({ draft, change, error }: PartProps) {
  const t = useText({ en, ur });
  if (draft.customer) return <Chosen draft={draft} change={change} error={error} />;
  const { inline } = draft;
  return (
    <Card
      title={t.customer}
      actions={
        inline
          ? <Button small look="quiet" icon={<UserRound aria-hidden />} onPress={() => change({ inline: null })}>{t.oldCustomer}</Button>
          : <Button small look="quiet" icon={<UserPlus aria-hidden />} onPress={() => change({ inline: { name: "", phone: "", email: "" } })}>{t.newCustomer}</Button>
      }
    >
      {inline ? (
        <Fields>
          <Field label={t.name} value={inline.name} onChange={(name) => change({ inline: { ...inline, name } })} isRequired autoFocus error={refusedAt(error, "/customer/name")} />
          <Field label={t.phone} hint={t.phoneHint} type="tel" ltr value={inline.phone} onChange={(phone) => change({ inline: { ...inline, phone } })} isRequired error={refusedAt(error, "/customer/phone")} />
          <Field label={t.email} type="email" ltr value={inline.email} onChange={(email) => change({ inline: { ...inline, email } })} error={refusedAt(error, "/customer/email")} />
        </Fields>
      ) : <Find onPick={(id, name) => change({ customer: { id, name } })} />}
    </Card>
  );
}

function Find({ onPick }: { onPick: (id: string, name: string) => void }) {
  const t = useText({ en, ur });
  const [text, setText] = useState("");
  const q = useDeferredValue(text.trim());
  const { data, isFetching } = useGet("/api/v1/customers", { query: { q, limit: 12 } }, { enabled: q.length > 1, keep: true });
  const rows = q.length > 1 ? (data?.items ?? []) : [];
  return (
    <Combo
      label={t.findCustomer} hideLabel placeholder={t.findCustomer} text={text} onText={setText} searching={isFetching} none={t.noCustomer} autoFocus
      found={rows.map((c) => ({ id: c.id, label: c.name, note: <Ltr>{[c.phones[0], c.emails[0]].filter(Boolean).join(" · ")}</Ltr> }))}
      onPick={(id) => onPick(id, rows.find((c) => c.id === id)?.name ?? "")}
    />
  );
}

function Chosen({ draft, change }: PartProps) {
  const t = useText({ en, ur });
  const may = useMay();
  const { id, name } = draft.customer!;
  const { data } = useGet("/api/v1/customers/{id}", { path: { id } }, { enabled: may("customers.read") });
  const addresses = data?.addresses ?? [];
  const first = data?.addresses[0];
  const untouched = sameAddress(draft.address, EMPTY.address);
  useEffect(() => {
    if (first && untouched) change({ address: addressOf(first) });
  }, [first, untouched, change]);
  const at = addresses.findIndex((a) => sameAddress(addressOf(a), draft.address));
  return (
    <Card title={t.customer} actions={<Button small look="quiet" onPress={() => change({ customer: null, address: EMPTY.address })}>{t.change}</Button>}>
      <div className={css.chosen}>
        <strong className={css.name}><bdi>{name}</bdi></strong>
        {data?.phones[0] ? <Ltr>{data.phones[0]}</Ltr> : null}
        {data?.state === "blocked" ? <Badge tone="bad">{t.blocked}</Badge> : null}
        {data?.credit.available ? <span className={css.hint}>{t.credit}: <Money {...data.credit.available} /></span> : null}
      </div>
      {addresses.length > 1 ? (
        <div className={css.pick}>
          <Select
            label={t.addressFrom} value={at < 0 ? "-" : String(at)}
            onChange={(i) => change({ address: i === "-" ? EMPTY.address : addressOf(addresses[Number(i)]!) })}
            options={[...addresses.map((a, i) => ({ id: String(i), label: [a.label, a.line1, a.city].filter(Boolean).join(", ") })), { id: "-", label: t.otherAddress }]}
          />
        </div>
      ) : null}
    </Card>
  );
}
