import { useText, useLabel } from "@/i18n";
import { en } from "@/i18n/en/app";
import { ur } from "@/i18n/ur/app";
import { Dialog, Kbd } from "@/ui";
import { drawn, shortcutsNow } from "./shortcuts";
import css from "./ShortcutHelp.module.css";

/** What the keyboard does on this page. */
export default function ShortcutHelp({ onClose }: { onClose: () => void }) {
  const t = useText({ en, ur });
  const label = useLabel();
  const seen = new Map(shortcutsNow().map((s) => [s.keys, s]));
  return (
    <Dialog open onClose={onClose} title={t.shortcuts}>
      <dl className={css.list}>
        {[...seen.values()].map((s) => (
          <div key={s.keys} className={css.row}>
            <dt>{label(s.label)}</dt>
            <dd dir="ltr">{drawn(s.keys).map((k, i) => <span key={i} className={css.key}><Kbd>{k}</Kbd></span>)}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
