/** One customer: who it is, what it owes, what it ordered, what happened. */
import { Ban, CircleCheck, Pencil, Plus, Printer } from "lucide-react";
import { useState } from "react";
import { type Schema, useGet, useSend } from "@/api/react";
import { Link, usePathParams } from "@/app/nav";
import { useMay } from "@/app/session";
import { useText } from "@/i18n";
import { en } from "@/i18n/en/customers";
import { ur } from "@/i18n/ur/customers";
import { CustomerMessages } from "@/pages/messages/CustomerMessages";
import { MessagesLink } from "@/pages/messages/MessagesLink";
import { Button, buttonClass, ErrorPanel, Field, Page, Skeleton, toast } from "@/ui";
import { FormDialog, refusedAt } from "@/ui/FormDialog";
import { CreditCard } from "./CreditCard";
import { CustomerForm } from "./CustomerForm";
import { AccountState } from "./CustomersPage";
import css from "./customers.module.css";
import { changes, complete, draftOf } from "./draft";
import { OrdersCard } from "./OrdersCard";
import { ProfileCard } from "./ProfileCard";
import { TimelineCard } from "./TimelineCard";

type Customer = Schema["CustomerView"];
export const CUSTOMER_PATHS = ["/api/v1/customers", "/api/v1/customers/{id}", "/api/v1/customers/{id}/events"];

export default function CustomerPage() {
  const t = useText({ en, ur });
  const { id } = usePathParams<{ id: string }>();
  const query = useGet("/api/v1/customers/{id}", { path: { id } }, { every: 30_000 });
  const [editing, setEditing] = useState(false);
  const customer = query.data;
  const up = { to: "/customers", label: t.title };
  if (!customer) {
    return (
      <Page title={t.profile} up={up}>
        {query.isPending ? <Skeleton lines={10} /> : <ErrorPanel error={query.error} onRetry={() => void query.refetch()} />}
      </Page>
    );
  }
  return (
    <Page
      title={<bdi>{customer.name}</bdi>} name={customer.name} up={up} beside={<AccountState state={customer.state} />}
      actions={editing ? null : <Actions customer={customer} edit={() => setEditing(true)} />}
    >
      {customer.blocked ? <p className={css.notice} dir="auto">{t.blockedWhy(customer.blocked)}</p> : null}
      {editing ? <Edit customer={customer} close={() => setEditing(false)} /> : (
        <div className={css.columns}>
          <div className={css.stack}>
            <ProfileCard customer={customer} />
            <CustomerMessages customer={customer.id} />
            <CreditCard customer={customer} />
          </div>
          <div className={css.stack}>
            <OrdersCard customer={customer.id} />
            <TimelineCard customer={customer.id} />
          </div>
        </div>
      )}
    </Page>
  );
}

function Actions({ customer, edit }: { customer: Customer; edit: () => void }) {
  const t = useText({ en, ur });
  const may = useMay();
  const [asking, setAsking] = useState(false);
  const alive = customer.state === "active" || customer.state === "blocked";
  const blocked = customer.state === "blocked";
  return (
    <>
      {may("orders.write") && customer.state === "active" ? (
        <Link className={buttonClass("primary")} to="/orders/new" search={{ customer: customer.id }}><Plus aria-hidden />{t.newOrder}</Link>
      ) : null}
      <MessagesLink customer={customer.id} />
      {may("customers.write") && alive ? <Button icon={<Pencil aria-hidden />} onPress={edit}>{t.edit}</Button> : null}
      {may("customers.block") && alive ? (
        <Button look={blocked ? "plain" : "danger"} icon={blocked ? <CircleCheck aria-hidden /> : <Ban aria-hidden />} onPress={() => setAsking(true)}>
          {blocked ? t.unblock : t.block}
        </Button>
      ) : null}
      <Button icon={<Printer aria-hidden />} onPress={() => window.print()}>{t.print}</Button>
      {asking ? <BlockDialog id={customer.id} blocked={blocked} close={() => setAsking(false)} /> : null}
    </>
  );
}

function BlockDialog({ id, blocked, close }: { id: string; blocked: boolean; close: () => void }) {
  const t = useText({ en, ur });
  const [reason, setReason] = useState("");
  const block = useSend("post", "/api/v1/customers/{id}/block", { refresh: CUSTOMER_PATHS });
  const unblock = useSend("post", "/api/v1/customers/{id}/unblock", { refresh: CUSTOMER_PATHS });
  const send = blocked ? unblock : block;
  const submit = () =>
    send.mutate({ path: { id }, body: { reason } }, { onSuccess: () => { toast.good(blocked ? t.unblocked : t.blocked); close(); } });
  return (
    <FormDialog
      open onClose={close} title={blocked ? t.unblockTitle : t.blockTitle} text={blocked ? undefined : t.blockText} submit={blocked ? t.unblock : t.block}
      look={blocked ? "primary" : "danger"} busy={send.isPending} error={send.error} onSubmit={submit} blocked={reason.trim() === ""}
    >
      <Field label={t.reason} value={reason} onChange={setReason} isRequired autoFocus rows={2} maxLength={500} error={refusedAt(send.error, "/reason")} />
    </FormDialog>
  );
}

function Edit({ customer, close }: { customer: Customer; close: () => void }) {
  const t = useText({ en, ur });
  const [was] = useState(() => draftOf(customer));
  const [base] = useState(customer.version);
  const [draft, setDraft] = useState(was);
  const send = useSend("patch", "/api/v1/customers/{id}", { refresh: CUSTOMER_PATHS });
  const changed = changes(was, draft);
  const save = () =>
    send.mutate({ path: { id: customer.id }, body: changed, version: base }, { onSuccess: () => { toast.good(t.saved); close(); } });
  const ready = complete(draft) && Object.keys(changed).length > 0;
  return (
    <form className={css.form} onSubmit={(event) => { event.preventDefault(); if (ready && !send.isPending) save(); }}>
      <CustomerForm draft={draft} change={(part) => setDraft((old) => ({ ...old, ...part }))} error={send.error} />
      {send.error ? <ErrorPanel inline error={send.error} /> : null}
      <div className={css.buttons}>
        <Button type="submit" look="primary" busy={send.isPending} isDisabled={!ready}>{t.save}</Button>
        <Button onPress={close}>{t.cancel}</Button>
      </div>
    </form>
  );
}
