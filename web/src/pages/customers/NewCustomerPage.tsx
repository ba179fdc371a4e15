import { useState } from "react";
import { useSend } from "@/api/react";
import { useGo } from "@/app/nav";
import { useText } from "@/i18n";
import { en } from "@/i18n/en/customers";
import { ur } from "@/i18n/ur/customers";
import { Button, ErrorPanel, Page, toast } from "@/ui";
import { CustomerForm } from "./CustomerForm";
import css from "./customers.module.css";
import { BLANK, body, complete } from "./draft";

export default function NewCustomerPage() {
  const t = useText({ en, ur });
  const go = useGo();
  const [draft, setDraft] = useState(BLANK);
  const send = useSend("post", "/api/v1/customers", { refresh: ["/api/v1/customers"] });
  const save = () =>
    send.mutate(
      { body: body(draft) },
      { onSuccess: ({ data }) => { toast.good(t.created); go(`/customers/${data.id}`, { replace: true }); } },
    );
  return (
    <Page title={t.newTitle} up={{ to: "/customers", label: t.title }}>
      <form className={css.form} onSubmit={(event) => { event.preventDefault(); if (complete(draft) && !send.isPending) save(); }}>
        <CustomerForm draft={draft} change={(part) => setDraft((old) => ({ ...old, ...part }))} error={send.error} />
        {send.error ? <ErrorPanel inline error={send.error} /> : null}
        <div className={css.buttons}><Button type="submit" look="primary" busy={send.isPending} isDisabled={!complete(draft)}>{t.save}</Button></div>
      </form>
    </Page>
  );
}
