/** Writing to the person, by the channels that take free text now. */
import { Send } from "lucide-react";
import { type FormEvent, useState } from "react";
import { useSend } from "@/api/react";
import { useMay } from "@/app/session";
import { useFormat, useText } from "@/i18n";
import { en } from "@/i18n/en/messages";
import { ur } from "@/i18n/ur/messages";
import { Button, ErrorPanel, Field, Select, toast } from "@/ui";
import { refusedAt } from "@/ui/FormDialog";
import { THREAD_PATHS } from "./data";
import css from "./messages.module.css";
import { useSays } from "./parts";
import type { Conversation } from "./types";

/** Channels by which free text may reach the person now, as far as the console knows; the server decides. */
export function openChannels(of: Pick<Conversation, "phone" | "email" | "window_open" | "unreachable">): string[] {
  const has: Record<string, boolean> = { whatsapp: of.phone != null && of.window_open, sms: of.phone != null, email: of.email != null };
  return Object.keys(has).filter((channel) => has[channel] && !(channel in of.unreachable));
}

export function Reply({ of }: { of: Conversation }) {
  const t = useText({ en, ur });
  const format = useFormat();
  const says = useSays();
  const may = useMay()("messages.write");
  const [text, setText] = useState("");
  const [chosen, setChosen] = useState<string | null>(null);
  const send = useSend("post", "/api/v1/conversations/{id}/reply", { refresh: THREAD_PATHS });
  if (!may) return null;
  const channels = openChannels(of);
  const channel = channels.find((one) => one === chosen) ?? channels[0];
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!channel || text.trim() === "" || send.isPending) return;
    send.mutate({ path: { id: of.id }, body: { text: text.trim(), channel } }, { onSuccess: () => { setText(""); toast.good(t.sent); } });
  };
  return (
    <form className={css.reply} onSubmit={submit} data-noprint>
      {of.phone == null ? null : <p className={css.quiet}>{of.window_open && of.window_until ? t.windowOpen(format.dateTime(of.window_until)) : of.window_open ? null : t.windowClosed}</p>}
      {Object.entries(of.unreachable).map(([one, code]) => <p key={one} className={css.quiet}>{t.unreachableBy(says("channel", one), code)}</p>)}
      {channel ? (
        <>
          <Field label={t.replyTo} rows={3} maxLength={4096} value={text} onChange={setText} error={refusedAt(send.error, "/text")} />
          <div className={css.foot}>
            <Select label={t.channel} hideLabel value={channel} onChange={setChosen} options={channels.map((id) => ({ id, label: says("channel", id) }))} />
            <Button type="submit" look="primary" icon={<Send aria-hidden />} busy={send.isPending} isDisabled={text.trim() === ""}>{t.send}</Button>
          </div>
        </>
      ) : <p>{t.noChannel}</p>}
      {send.error ? <ErrorPanel inline error={send.error} /> : null}
    </form>
  );
}
