import { Lock } from "lucide-react";
import { useState } from "react";
import { useGet } from "@/api/react";
import { Link, usePathParams } from "@/app/nav";
import { useText } from "@/i18n";
import { en } from "@/i18n/en/new-order";
import { ur } from "@/i18n/ur/new-order";
import { buttonClass, Empty, ErrorPanel, Page, Skeleton } from "@/ui";
import { EMPTY, fromOrder } from "./draft";
import { DraftEditor } from "./DraftEditor";
import { PlacedEditor } from "./PlacedEditor";

/** A new order, or an order that is edited: a draft as one types, a placed one with a reason. */
export default function NewOrderPage() {
  const { id } = usePathParams<{ id?: string }>();
  return id ? <Edit key={id} id={id} /> : <DraftEditor initial={null} draft={EMPTY} />;
}

function Edit({ id }: { id: string }) {
  const t = useText({ en, ur });
  const query = useGet("/api/v1/orders/{id}", { path: { id } });
  // The form begins with the order as it was when it was opened; what changes meanwhile must not undo what is typed.
  const [opened, setOpened] = useState(query.data);
  if (!opened && query.data) setOpened(query.data);
  const up = { to: `/orders/${id}`, label: t.backToOrder };
  if (!opened) return <Page title={t.titleEdit} up={up}>{query.error ? <ErrorPanel error={query.error} onRetry={() => void query.refetch()} /> : <Skeleton lines={8} />}</Page>;
  if (opened.next_actions.includes("EditDraft")) return <DraftEditor initial={opened} draft={fromOrder(opened)} />;
  if (opened.next_actions.includes("ProposeChange")) return <PlacedEditor order={opened} />;
  return <Page title={t.titleEdit} up={up}><Empty icon={<Lock aria-hidden />} title={t.cannotEdit} action={<Link className={buttonClass("plain")} to={up.to}>{up.label}</Link>} /></Page>;
}
