/** Language, consent, and the channels a person wants for kinds of messages. */
import { useState } from "react";
import { useGet, useSend } from "@/api/react";
import { useText } from "@/i18n";
import { en } from "@/i18n/en/messages";
import { ur } from "@/i18n/ur/messages";
import { Select, toast } from "@/ui";
import { FormDialog, refusedAt } from "@/ui/FormDialog";
import { PATHS, THREAD_PATHS } from "./data";
import css from "./messages.module.css";
import { useSays } from "./parts";
import type { Conversation } from "./types";
import { CATEGORIES, CHANNELS, SHOP, type Wishes, wishesChanged, wishesOf } from "./wishes";

/** For a thread, or for a customer with whom there is none yet. */
export type WishesProps = { of: Conversation; close: () => void } | { of: null; customer: string; close: () => void };

export function WishesDialog(props: WishesProps) {
  const t = useText({ en, ur });
  const says = useSays();
  const { of, close } = props;
  const [was] = useState(() => wishesOf(of));
  const [now, setNow] = useState(was);
  const [route, id] = props.of ? [PATHS.wishes, props.of.id] as const : [PATHS.customerWishes, props.customer] as const;
  const send = useSend("patch", route, { refresh: THREAD_PATHS });
  const body = wishesChanged(was, now);
  const submit = () => send.mutate({ path: { id }, body }, { onSuccess: () => { toast.good(t.saved); close(); } });
  return (
    <FormDialog
      open wide onClose={close} title={t.wishesTitle} submit={t.save} busy={send.isPending} error={send.error} onSubmit={submit}
      blocked={Object.keys(body).length === 0}
    >
      <Select
        label={t.language} value={now.language || null} onChange={(language) => setNow((old) => ({ ...old, language }))}
        options={["en", "ur"].map((one) => ({ id: one, label: says("language", one) }))} error={refusedAt(send.error, "/language")}
      />
      <Consents now={now} was={was} change={(consent) => setNow((old) => ({ ...old, consent }))} />
      <Kinds now={now} change={(kinds) => setNow((old) => ({ ...old, kinds }))} staff={of?.user_id != null} />
    </FormDialog>
  );
}

function Consents({ now, was, change }: { now: Wishes; was: Wishes; change: (consent: Wishes["consent"]) => void }) {
  const t = useText({ en, ur });
  const says = useSays();
  const options = (key: string) => [
    ...(was.consent[key] === "unknown" ? [{ id: "unknown", label: t.consentUnknown }] : []), { id: "yes", label: t.consentYes }, { id: "no", label: t.consentNo },
  ];
  return (
    <div className={css.tight}>
      <h3 className={css.heading}>{t.consent}</h3>
      <p className={css.quiet}>{t.consentText}</p>
      <div className={css.fields}>
        {CHANNELS.flatMap((channel) => CATEGORIES.map((category) => {
          const key = `${channel}/${category}`;
          return (
            <Select
              key={key} label={`${says("channel", channel)} · ${says("category", category)}`} value={now.consent[key] ?? "unknown"}
              options={options(key)} onChange={(value) => change({ ...now.consent, [key]: value })}
            />
          );
        }))}
      </div>
    </div>
  );
}

/** Orders of channels that make sense to want. */
const ROUTES = ["whatsapp", "sms", "email", "whatsapp,sms", "sms,whatsapp", "whatsapp,email", "email,whatsapp", "whatsapp,sms,email"];

function Kinds({ now, change, staff }: { now: Wishes; change: (kinds: Wishes["kinds"]) => void; staff: boolean }) {
  const t = useText({ en, ur });
  const says = useSays();
  const list = useGet(PATHS.templates);
  const audience = staff ? "staff" : "customer";
  // Answers go where the person wrote; only what the shop begins by itself is a matter of choice.
  const others = (list.data?.items ?? []).filter((one) => one.audience === audience && one.category !== "service" && !(one.kind in now.kinds));
  const label = (route: string) => route.split(",").map((channel) => says("channel", channel)).join(` ${t.then} `);
  const options = (value: string) => [
    { id: SHOP, label: t.shopChoice }, { id: "none", label: t.noneWanted },
    ...[...new Set([...ROUTES, ...(value === SHOP || value === "" ? [] : [value])])].map((id) => ({ id, label: label(id) })),
  ];
  const set = (kind: string, value: string) => change({ ...now.kinds, [kind]: value === "none" ? "" : value });
  return (
    <div className={css.tight}>
      <h3 className={css.heading}>{t.byKind}</h3>
      <p className={css.quiet}>{t.byKindText}</p>
      <div className={css.fields}>
        {Object.entries(now.kinds).map(([kind, value]) => (
          <Select key={kind} label={says("kind", kind)} value={value === "" ? "none" : value} options={options(value)} onChange={(id) => set(kind, id)} />
        ))}
      </div>
      {others.length > 0 ? (
        <Select label={t.addKind} hideLabel placeholder={t.addKind} value={null} options={others.map((one) => ({ id: one.kind, label: says("kind", one.kind) }))} onChange={(kind) => set(kind, SHOP)} />
      ) : null}
    </div>
  );
}
