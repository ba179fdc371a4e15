import { useText } from "@/i18n";
import { en } from "@/i18n/en/new-order";
import { ur } from "@/i18n/ur/new-order";
import { Card, Field } from "@/ui";
import { Fields, refusedAt } from "@/ui/FormDialog";
import type { PartProps } from "./CustomerCard";
import type { AddressField } from "./draft";

/** Where it goes. */
export function AddressCard({ draft, change, error }: PartProps) {
  const t = useText({ en, ur });
  const fields: [AddressField, string, boolean][] = [
    ["line1", t.line1, true], ["line2", t.line2, false], ["landmark", t.landmark, false], ["city", t.city, true],
    ["province", t.province, false], ["postcode", t.postcode, false], ["name", t.receiver, false], ["phone", t.receiverPhone, false],
  ];
  return (
    <Card title={t.address}>
      <Fields>
        {fields.map(([name, label, required]) => (
          <Field
            key={name} label={label} isRequired={required} value={draft.address[name]} ltr={name === "phone" || name === "postcode"} type={name === "phone" ? "tel" : "text"}
            onChange={(value) => change({ address: { ...draft.address, [name]: value } })} error={refusedAt(error, `/shipping_address/${name}`)}
          />
        ))}
      </Fields>
    </Card>
  );
}
