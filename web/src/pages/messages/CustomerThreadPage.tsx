/** The thread with a customer, or that there is none yet. */
import { MessagesSquare, SlidersHorizontal } from "lucide-react";
import { useState } from "react";
import { usePathParams } from "@/app/nav";
import { useMay } from "@/app/session";
import { useText } from "@/i18n";
import { en } from "@/i18n/en/messages";
import { ur } from "@/i18n/ur/messages";
import { Button, Empty, ErrorPanel, Skeleton } from "@/ui";
import { useCustomerThread } from "./news";
import { Thread, Waiting } from "./ThreadPage";
import { WishesDialog } from "./WishesDialog";

export default function CustomerThreadPage() {
  const { customer } = usePathParams<{ customer: string }>();
  const query = useCustomerThread(customer);
  if (query.data) return <Thread key={query.data.id} of={query.data} />;
  if (query.isPending) return <Waiting><Skeleton lines={10} /></Waiting>;
  if (query.error.status === 404) return <Waiting><NoThread customer={customer} /></Waiting>;
  return <Waiting><ErrorPanel error={query.error} onRetry={() => void query.refetch()} /></Waiting>;
}

function NoThread({ customer }: { customer: string }) {
  const t = useText({ en, ur });
  const may = useMay()("messages.write");
  const [asking, setAsking] = useState(false);
  const action = may ? <Button icon={<SlidersHorizontal aria-hidden />} onPress={() => setAsking(true)}>{t.wishes}</Button> : undefined;
  return (
    <>
      <Empty icon={<MessagesSquare aria-hidden />} title={t.noThread} action={action}>{t.noThreadText}</Empty>
      {asking ? <WishesDialog of={null} customer={customer} close={() => setAsking(false)} /> : null}
    </>
  );
}
