/** What the shop writes: kinds of messages, and each as it reads in both languages. */
import { MessageSquareText, Send } from "lucide-react";
import { useEffect, useState } from "react";
import { useGet, useSend } from "@/api/react";
import { useMay } from "@/app/session";
import { useFormat, useText } from "@/i18n";
import { en } from "@/i18n/en/messages";
import { ur } from "@/i18n/ur/messages";
import { Badge, Button, Card, cx, Empty, ErrorPanel, Facts, Ltr, Page, Select, Skeleton } from "@/ui";
import { PATHS } from "./data";
import css from "./messages.module.css";
import { MessagesNav } from "./MessagesNav";
import { useSays } from "./parts";
import { TestDialog } from "./TestDialog";
import type { Template } from "./types";
import { CHANNELS } from "./wishes";
import { Words } from "./Words";

export default function TemplatesPage() {
  const t = useText({ en, ur });
  const list = useGet(PATHS.templates);
  const [kind, setKind] = useState<string | null>(null);
  const items = list.data?.items ?? [];
  const chosen = items.find((one) => one.kind === kind) ?? items[0];
  return (
    <Page title={t.tabs.templates} name={t.tabs.templates}>
      <MessagesNav now="templates" />
      <p className={css.quiet}>{t.templatesText}</p>
      {list.isPending ? <Skeleton lines={12} /> : null}
      {list.error && !list.data ? <ErrorPanel error={list.error} onRetry={() => void list.refetch()} /> : null}
      {list.data && !chosen ? <Empty icon={<MessageSquareText aria-hidden />} title={t.emptyView} /> : null}
      {chosen ? (
        <div className={cx(css.columns, css.master)}>
          <Kinds items={items} chosen={chosen.kind} choose={setKind} />
          <Shown key={chosen.kind} of={chosen} />
        </div>
      ) : null}
    </Page>
  );
}

function Kinds({ items, chosen, choose }: { items: Template[]; chosen: string; choose: (kind: string) => void }) {
  const says = useSays();
  const audiences = [...new Set(items.map((one) => one.audience))];
  return (
    <div className={css.stack}>
      {audiences.map((audience) => (
        <Card key={audience} flush title={says("audience", audience)} className={css.kindsCard}>
          <div className={css.kinds}>
            {items.filter((one) => one.audience === audience).map((one) => (
              <button key={one.kind} type="button" className={css.kind} aria-pressed={one.kind === chosen} onClick={() => choose(one.kind)}>
                <span className={css.strong}>{says("kind", one.kind)}</span>
                <span className={css.quiet}>{says("category", one.category)}</span>
              </button>
            ))}
          </div>
        </Card>
      ))}
    </div>
  );
}

function Shown({ of }: { of: Template }) {
  const t = useText({ en, ur });
  const format = useFormat();
  const says = useSays();
  const first = of.routes[0]?.[0];
  const [channel, setChannel] = useState(first && CHANNELS.includes(first) ? first : "whatsapp");
  const routes = of.routes.map((route) => route.map((one) => says("channel", one)).join(` ${t.then} `));
  return (
    <div className={css.stack}>
      <Card title={says("kind", of.kind)} actions={<span className={css.badges}><Badge>{says("category", of.category)}</Badge><Try kind={of.kind} channel={channel} /></span>}>
        <Facts facts={[
          [t.routes, routes.length > 0 ? routes.map((route) => <div key={route}>{route}</div>) : null],
          [t.sending, <div key="sending"><div>{t.worthHours(format.number(Math.round(of.expires_seconds / 360) / 10))}</div>{of.waits ? <div>{t.waits}</div> : null}</div>],
          [t.variables, of.variables.length > 0 ? <span key="variables" className={css.badges}>{of.variables.map((one) => <Badge key={one}><Ltr mono>{one}</Ltr></Badge>)}</span> : null],
        ]} />
      </Card>
      <Card title={t.preview} actions={<Select small label={t.previewBy} hideLabel value={channel} onChange={setChannel} options={CHANNELS.map((id) => ({ id, label: says("channel", id) }))} />}>
        <div className={css.stack}>
          {of.languages.map((language) => <One key={`${channel}/${language}`} kind={of.kind} channel={channel} language={language} />)}
        </div>
      </Card>
    </div>
  );
}

/** Sends it to oneself, by a connection that is there. */
function Try({ kind, channel }: { kind: string; channel: string }) {
  const t = useText({ en, ur });
  const may = useMay()("connections.manage");
  const [open, setOpen] = useState(false);
  const list = useGet(PATHS.connections, {}, { enabled: may });
  if (!may || !list.data) return null;
  const by = list.data.items.filter((one) => one.channels.length > 0);
  return (
    <>
      <Button small icon={<Send aria-hidden />} onPress={() => setOpen(true)}>{t.test}</Button>
      {open ? <TestDialog by={by} kind={kind} channel={channel} close={() => setOpen(false)} /> : null}
    </>
  );
}

/** The server fills the template in; asking for it changes nothing, although it is a POST. */
function One({ kind, channel, language }: { kind: string; channel: string; language: string }) {
  const t = useText({ en, ur });
  const format = useFormat();
  const says = useSays();
  const { mutate, data, error } = useSend("post", "/api/v1/message-templates/{kind}/preview");
  useEffect(() => {
    mutate({ path: { kind }, body: { channel, language } });
  }, [mutate, kind, channel, language]);
  const shown = data?.data;
  return (
    <section className={css.tight}>
      <div className={css.cardHead}>
        <h3 className={css.heading}>{says("language", language)}</h3>
        {shown ? <span className={css.quiet}>{t.characters(format.number(shown.characters))}</span> : null}
      </div>
      {error ? <ErrorPanel inline error={error} onRetry={() => mutate({ path: { kind }, body: { channel, language } })} /> : null}
      {!shown && !error ? <Skeleton lines={3} /> : null}
      {shown ? (
        <div className={cx(css.bubble, language === "ur" && css.urdu)} dir={shown.direction === "rtl" ? "rtl" : "ltr"} lang={language}>
          {shown.subject ? <p className={css.strong}>{shown.subject}</p> : null}
          <Words text={shown.text} channel={channel} />
          {shown.buttons.length > 0 ? <p className={css.badges}>{shown.buttons.map((title) => <span key={title} className={css.choice}>{title}</span>)}</p> : null}
        </div>
      ) : null}
    </section>
  );
}
