/** Fields of a customer, for making and changing one. */
import { Plus, Trash2 } from "lucide-react";
import type { Problem } from "@/api/problem";
import { useText, useWords } from "@/i18n";
import { en } from "@/i18n/en/customers";
import { ur } from "@/i18n/ur/customers";
import { Button, Card, Field, IconButton, Select } from "@/ui";
import { Fields } from "@/ui/FormDialog";
import css from "./customers.module.css";
import { type Address, BLANK_ADDRESS, type Draft, LANGUAGES, TYPES } from "./draft";

export interface CustomerFormProps {
  draft: Draft;
  change: (part: Partial<Draft>) => void;
  error: Problem | null;
}

export function CustomerForm({ draft, change, error }: CustomerFormProps) {
  const t = useText({ en, ur });
  const words = useWords();
  const refused = (under: string) => (error?.field === under || error?.field?.startsWith(`${under}/`) ? error.detail : null);
  return (
    <>
      <Card title={t.profile}>
        <div className={css.stack}>
          <Field label={t.name} value={draft.name} onChange={(name) => change({ name })} isRequired error={refused("/name")} />
          <Fields>
            <Field label={t.phones} hint={t.phonesHelp} ltr rows={2} value={draft.phones} onChange={(phones) => change({ phones })} error={refused("/phones")} />
            <Field label={t.emails} hint={t.emailsHelp} ltr rows={2} value={draft.emails} onChange={(emails) => change({ emails })} error={refused("/emails")} />
          </Fields>
          <Fields>
            <Select label={t.type} value={draft.type} onChange={(type) => change({ type })} options={TYPES.map((id) => ({ id: id as string, label: words("customerType", id) }))} />
            <Field label={t.tier} value={draft.tier} onChange={(tier) => change({ tier })} error={refused("/tier")} />
            <Select label={t.language} value={draft.language} onChange={(language) => change({ language })} options={LANGUAGES.map((id) => ({ id: id as string, label: t.languages[id] ?? id }))} />
            <Field label={t.tags} hint={t.tagsHelp} value={draft.tags} onChange={(tags) => change({ tags })} error={refused("/tags")} />
          </Fields>
        </div>
      </Card>
      <Card
        title={t.addresses}
        actions={<Button small icon={<Plus aria-hidden />} onPress={() => change({ addresses: [...draft.addresses, BLANK_ADDRESS] })}>{t.addAddress}</Button>}
      >
        <div className={css.stack}>
          {draft.addresses.length === 0 ? <p className={css.quiet}>{t.noAddress}</p> : null}
          {draft.addresses.map((address, index) => (
            <AddressFields
              key={index} address={address} number={index + 1} refused={(field) => refused(`/addresses/${index}/${field}`)}
              put={(next) => change({ addresses: draft.addresses.map((old, at) => (at === index ? next : old)) })}
              drop={() => change({ addresses: draft.addresses.filter((_, at) => at !== index) })}
            />
          ))}
        </div>
      </Card>
    </>
  );
}

interface AddressFieldsProps {
  address: Address;
  number: number;
  put: (address: Address) => void;
  drop: () => void;
  refused: (field: string) => string | null;
}

function AddressFields({ address, number, put, drop, refused }: AddressFieldsProps) {
  const t = useText({ en, ur });
  const text = (key: keyof typeof t.address, extra: { ltr?: boolean; isRequired?: boolean; maxLength?: number } = {}) => (
    <Field label={t.address[key]} value={address[key] ?? ""} onChange={(value) => put({ ...address, [key]: value })} error={refused(key)} {...extra} />
  );
  return (
    <div role="group" aria-label={`${t.addresses} ${number}`} className={css.stack}>
      <div className={css.head}>
        <strong><bdi>{address.label || number}</bdi></strong>
        <IconButton label={`${t.removeAddress}: ${number}`} onPress={drop}><Trash2 aria-hidden /></IconButton>
      </div>
      <Fields>{text("label")}{text("name")}{text("phone", { ltr: true })}</Fields>
      <Fields>{text("line1", { isRequired: true })}{text("line2")}{text("landmark")}</Fields>
      <Fields>
        {text("city", { isRequired: true })}
        {text("province")}
        {text("postcode", { ltr: true })}
        {text("country", { ltr: true, maxLength: 2 })}
        <Select
          label={t.address.kind} value={address.kind ?? "residential"} onChange={(kind) => put({ ...address, kind })}
          options={Object.entries(t.kinds).map(([id, label]) => ({ id, label }))}
        />
      </Fields>
    </div>
  );
}
