import { MessagesSquare } from "lucide-react";
import { Link } from "@/app/nav";
import { useMay } from "@/app/session";
import { useText } from "@/i18n";
import { en } from "@/i18n/en/messages";
import { ur } from "@/i18n/ur/messages";
import { buttonClass } from "@/ui/Button";

/** Opens the thread with a customer, for those who may see threads. */
export function MessagesLink({ customer, small }: { customer: string; small?: boolean }) {
  const t = useText({ en, ur });
  if (!useMay()("messages.read")) return null;
  return <Link className={buttonClass("plain", small)} to={`/messages/customer/${customer}`}><MessagesSquare aria-hidden />{t.panel}</Link>;
}
