import { ArrowLeft, Inbox, X } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { useGo, useSearch, useSetSearch } from "@/app/nav";
import { useMay, useMe } from "@/app/session";
import { type Shortcut, useShortcuts } from "@/app/shortcuts";
import { useText, useWords } from "@/i18n";
import { en } from "@/i18n/en/approvals";
import { ur } from "@/i18n/ur/approvals";
import { Button, Checkbox, cx, Empty, ErrorPanel, IconButton, Ltr, Money, Page, Select, Skeleton, useNarrow, When } from "@/ui";
import css from "./Approvals.module.css";
import { type Decision, DecideDialog } from "./DecideDialog";
import { Detail } from "./Detail";
import { useWaiting } from "./useWaiting";
import { nextAfter, type Waiting } from "./waiting";

const NONE: ReadonlySet<string> = new Set();

export default function ApprovalsPage() {
  const t = useText({ en, ur });
  const me = useMe();
  const may = useMay();
  const go = useGo();
  const narrow = useNarrow("60rem");
  const { step: chosen, whose } = useSearch();
  const setSearch = useSetSearch();
  const waiting = useWaiting();
  const [decided, setDecided] = useState<ReadonlySet<string>>(NONE);
  const [selected, setSelected] = useState<ReadonlySet<string>>(NONE);
  const [asking, setAsking] = useState<{ decision: Decision; rows: Waiting[]; before: Waiting[]; viewed: string | undefined } | null>(null);
  const mine = (w: Waiting) => may("approvals.vote") && me.roles.includes(w.role) && w.requester !== me.id;
  const all = whose === "all" || !may("approvals.vote");
  const rows = waiting.rows.filter((w) => !decided.has(w.step) && (all || me.roles.includes(w.role)));
  const current = rows.find((w) => w.step === chosen) ?? (chosen || narrow ? undefined : rows[0]);
  const marked = rows.filter((w) => selected.has(w.step) && mine(w));

  const show = (step: string | null | undefined) => setSearch({ step: step ?? undefined });
  const move = (by: number) => {
    const at = rows.findIndex((w) => w.step === current?.step);
    show(rows[Math.min(rows.length - 1, Math.max(0, at + by))]?.step);
  };
  // What was there when one began to decide: the decided row may be gone from the list before its answer comes.
  const begin = (decision: Decision, targets: Waiting[]) => {
    if (targets.length > 0) setAsking({ decision, rows: targets, before: rows, viewed: current?.step });
  };
  const ask = (decision: Decision) => {
    const targets = marked.length > 0 ? marked : current && mine(current) ? [current] : [];
    begin(decision, targets);
  };
  const toggle = (step: string) => {
    const next = new Set(selected);
    if (!next.delete(step)) next.add(step);
    setSelected(next);
  };
  const key = (keys: string, name: (texts: typeof en) => string, run: () => void): Shortcut => ({ keys, label: { en: name(en), ur: name(ur) }, run });
  useShortcuts([
    key("j", (x) => x.keys.next, () => move(1)), key("k", (x) => x.keys.previous, () => move(-1)),
    key("x", (x) => x.keys.select, () => current && mine(current) && toggle(current.step)),
    key("enter", (x) => x.keys.open, () => current && go(`/orders/${current.order}`)),
    key("a", (x) => x.approve, () => ask("approve")), key("r", (x) => x.reject, () => ask("reject")), key("c", (x) => x.changes, () => ask("request-changes")),
  ]);

  function onDecided(steps: string[]) {
    const now = new Set([...decided, ...steps]);
    setDecided(now);
    setSelected(NONE);
    const left = rows.filter((w) => !now.has(w.step));
    if (asking?.viewed && now.has(asking.viewed)) show(narrow ? null : nextAfter(left, asking.viewed, asking.before));
  }

  const listed = (
    <div className={css.list}>
      {rows.map((w) => (
        <Item key={w.step} row={w} current={w.step === current?.step} boxes={rows.some(mine)} selectable={mine(w)} selected={selected.has(w.step)} onSelect={() => toggle(w.step)} onShow={() => show(w.step)} />
      ))}
    </div>
  );
  return (
    <Page
      title={t.title} full
      beside={rows.length > 0 ? <span className={css.faint}>{t.waiting(rows.length)}</span> : null}
      actions={may("approvals.vote") ? (
        <Select hideLabel label={t.which} value={all ? "all" : "mine"} onChange={(v) => setSearch({ whose: v === "all" ? "all" : undefined })} options={[{ id: "mine", label: t.mine }, { id: "all", label: t.all }]} />
      ) : null}
    >
      {waiting.loading ? <Skeleton lines={8} /> : waiting.error ? <ErrorPanel error={waiting.error} onRetry={waiting.retry} /> : (
        <div className={css.panes}>
          {narrow && (current || chosen) ? null : rows.length === 0 && !chosen ? <div className={css.whole}><Empty icon={<Inbox aria-hidden />} title={t.none} action={all ? null : <Button onPress={() => setSearch({ whose: "all" })}>{t.lookAtAll}</Button>}>{t.noneText}</Empty></div> : listed}
          {current ? (
            <Detail
              key={current.step} row={current} may={mine(current)} why={current.requester === me.id ? t.own : me.roles.includes(current.role) ? null : t.cannot} onDecide={(d) => begin(d, [current])}
              back={narrow ? <Button look="quiet" icon={<ArrowLeft aria-hidden className={css.flip} />} onPress={() => show(null)}>{t.back}</Button> : null}
            />
          ) : chosen ? (
            <Empty icon={<Inbox aria-hidden />} title={t.goneTitle} action={<Button onPress={() => show(rows[0]?.step)}>{rows.length > 0 ? t.next : t.back}</Button>}>{t.gone}</Empty>
          ) : rows.length > 0 && !narrow ? <Empty title={t.choose} /> : null}
        </div>
      )}
      {marked.length > 0 ? (
        <div className={css.bulk} role="toolbar" aria-label={t.selected(marked.length)}>
          <strong className="num">{t.selected(marked.length)}</strong>
          <Button small look="primary" onPress={() => ask("approve")}>{t.approve}</Button>
          <Button small onPress={() => ask("request-changes")}>{t.changes}</Button>
          <Button small look="danger" onPress={() => ask("reject")}>{t.reject}</Button>
          <IconButton small label={t.unselect} onPress={() => setSelected(NONE)}><X aria-hidden /></IconButton>
        </div>
      ) : null}
      {asking ? <DecideDialog decision={asking.decision} rows={asking.rows} onClose={() => setAsking(null)} onDecided={onDecided} /> : null}
    </Page>
  );
}

interface ItemProps {
  row: Waiting;
  current: boolean;
  /** Some rows have a box, so that those without keep its place. */
  boxes: boolean;
  selectable: boolean;
  selected: boolean;
  onSelect: () => void;
  onShow: () => void;
}

function Item({ row, current, boxes, selectable, selected, onSelect, onShow }: ItemProps) {
  const t = useText({ en, ur });
  const words = useWords();
  const element = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (current) element.current?.scrollIntoView({ block: "nearest" });
  }, [current]);
  return (
    <div ref={element} className={cx(css.item, current && css.current)} data-mark={row.mark}>
      {selectable ? <Checkbox label={t.selected(1)} isSelected={selected} onChange={onSelect} /> : boxes ? <span className={css.noBox} /> : null}
      <button type="button" className={css.open} aria-current={current ? "true" : undefined} onClick={onShow}>
        <span className={css.line}><strong>{row.number ? <Ltr>{row.number}</Ltr> : t.order}</strong><strong><Money {...row.amount} /></strong></span>
        <span className={css.line}><span className={css.faint}>{words("role", row.role)}</span><span className={css.faint}><When at={row.openedAt} /></span></span>
      </button>
    </div>
  );
}
