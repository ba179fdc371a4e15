import type { Schema } from "@/api/react";
import { useMay } from "@/app/session";
import { useText, useWords } from "@/i18n";
import { en } from "@/i18n/en/customers";
import { ur } from "@/i18n/ur/customers";
import { Badge, Card, Facts, Ltr } from "@/ui";
import css from "./customers.module.css";
import type { Address } from "./draft";

/** How to reach a customer. Roles that need no contacts get them masked by the server, and no links made of masks. */
export function ProfileCard({ customer }: { customer: Schema["CustomerView"] }) {
  const t = useText({ en, ur });
  const words = useWords();
  const whole = useMay()("contacts.see");
  return (
    <>
      <Card title={t.profile}>
        <div className={css.stack}>
          <div className={css.contacts}>
            {customer.phones.map((phone) => (
              <div key={phone} className={css.contact}>
                <Ltr>{phone}</Ltr>
                {whole ? (
                  <span data-noprint>
                    <a href={`tel:${phone}`}>{t.call}</a>
                    <a href={`https://wa.me/${phone.replace(/\D/g, "")}`} target="_blank" rel="noreferrer noopener">{t.whatsapp}</a>
                  </span>
                ) : null}
              </div>
            ))}
            {customer.emails.map((email) => (
              <div key={email} className={css.contact}>{whole ? <a href={`mailto:${email}`}><Ltr>{email}</Ltr></a> : <Ltr>{email}</Ltr>}</div>
            ))}
            {whole ? null : <p className={css.quiet}>{t.masked}</p>}
          </div>
          <Facts
            facts={[
              [t.type, words("customerType", customer.type)],
              [t.tier, customer.tier ? <bdi key="tier">{customer.tier}</bdi> : null],
              [t.language, t.languages[customer.language] ?? customer.language],
              [t.tags, customer.tags.length > 0 ? <span key="tags" className={css.buttons}>{customer.tags.map((tag) => <Badge key={tag}><bdi>{tag}</bdi></Badge>)}</span> : null],
            ]}
          />
        </div>
      </Card>
      <Card title={t.addresses}>
        {customer.addresses.length === 0 ? <p className={css.quiet}>{t.noAddress}</p> : (
          <div className={css.addresses}>{customer.addresses.map((address, index) => <AddressText key={index} address={address} />)}</div>
        )}
      </Card>
    </>
  );
}

function AddressText({ address }: { address: Address }) {
  const t = useText({ en, ur });
  const place = [address.city, address.postcode, address.province, address.country].filter(Boolean).join(", ");
  return (
    <address className={css.address} dir="auto">
      <strong>{address.label || t.kinds[address.kind ?? ""] || null}</strong>
      {[address.name, address.line1, address.line2, address.landmark, place].filter(Boolean).map((line, index) => <div key={index}><bdi>{line}</bdi></div>)}
      {address.phone ? <Ltr>{address.phone}</Ltr> : null}
    </address>
  );
}
