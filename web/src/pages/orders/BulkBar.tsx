import { Ban, CircleCheck, PackageOpen, Pause, X } from "lucide-react";
import { useRef, useState } from "react";
import { request } from "@/api/client";
import { useRefresh } from "@/api/react";
import { uuid } from "@/api/uuid";
import { useMay } from "@/app/session";
import { useText } from "@/i18n";
import { en } from "@/i18n/en/orders";
import { en as enUi } from "@/i18n/en/ui";
import { ur } from "@/i18n/ur/orders";
import { ur as urUi } from "@/i18n/ur/ui";
import { Badge, Button, Dialog, Field, IconButton, Ltr } from "@/ui";
import css from "./Board.module.css";
import { type Outcome, runBulk } from "./bulk";
import type { Row } from "./useOrderList";

type Kind = "confirm" | "release" | "hold" | "cancel";

/** Statuses in which an order may be changed like this; the server has the last word on each. */
const FITS: Record<Kind, (row: Row) => boolean> = {
  confirm: (r) => r.status === "pending",
  release: (r) => r.status === "approved" || r.status === "processing",
  hold: (r) => !["draft", "delivered", "returned", "canceled", "rejected", "expired", "discarded"].includes(r.status),
  cancel: (r) => ["draft", "pending", "pending_approval", "approved", "processing"].includes(r.status),
};
const NEEDS: Record<Kind, string> = { confirm: "orders.write", release: "orders.release", hold: "orders.hold", cancel: "orders.write" };
const ICONS = { confirm: <CircleCheck aria-hidden />, release: <PackageOpen aria-hidden />, hold: <Pause aria-hidden />, cancel: <Ban aria-hidden /> };
const KINDS: Kind[] = ["confirm", "release", "hold", "cancel"];

/** What can be done with the selected orders together. */
export function BulkBar({ rows, onDone }: { rows: Row[]; onDone: () => void }) {
  const t = useText({ en, ur });
  const may = useMay();
  const [kind, setKind] = useState<Kind | null>(null);
  const [held, setHeld] = useState<Row[]>([]);
  const offered = KINDS.filter((k) => may(NEEDS[k]));
  return (
    <>
      {rows.length > 0 ? (
        <div className={css.bulk} role="toolbar" aria-label={t.selected(rows.length)}>
          <strong className="num">{t.selected(rows.length)}</strong>
          {offered.map((k) => {
            const fit = rows.filter(FITS[k]);
            return (
              <Button
                key={k} small look={k === "cancel" ? "danger" : "plain"} icon={ICONS[k]} isDisabled={fit.length === 0}
                onPress={() => {
                  setHeld(fit);
                  setKind(k);
                }}
              >
                {t.bulk[k]}{fit.length > 0 && fit.length < rows.length ? ` (${fit.length})` : ""}
              </Button>
            );
          })}
          <IconButton small label={t.unselect} onPress={onDone}><X aria-hidden /></IconButton>
        </div>
      ) : null}
      {kind ? (
        <BulkDialog
          kind={kind} rows={held}
          onClose={(changed) => {
            setKind(null);
            if (changed) onDone();
          }}
        />
      ) : null}
    </>
  );
}

function send(kind: Kind, row: Row, reason: string, key: string): Promise<unknown> {
  const path = `/api/v1/orders/${row.id}/${kind}`;
  const body = kind === "hold" ? { kind: "manual", reason } : kind === "cancel" ? { reason } : undefined;
  return request("POST", path, { key, body });
}

function BulkDialog({ kind, rows, onClose }: { kind: Kind; rows: Row[]; onClose: (changed: boolean) => void }) {
  const t = useText({ en, ur });
  const ui = useText({ en: enUi, ur: urUi });
  const refresh = useRefresh();
  const [reason, setReason] = useState("");
  const [outcomes, setOutcomes] = useState<Outcome[] | null>(null);
  const [running, setRunning] = useState(false);
  const stop = useRef(new AbortController());
  // One key an order for the whole dialog: trying the rest again cannot do anything twice.
  const keys = useRef(new Map(rows.map((r) => [r.id, uuid()])));
  const asks = kind === "hold" || kind === "cancel";
  const good = outcomes?.filter((o) => o.error === null) ?? [];
  const bad = outcomes?.filter((o) => o.error !== null) ?? [];
  const byId = new Map(rows.map((r) => [r.id, r]));

  async function run() {
    setRunning(true);
    setOutcomes([]);
    await runBulk(rows.map((r) => r.id), (id) => send(kind, byId.get(id)!, reason.trim(), keys.current.get(id)!), {
      signal: stop.current.signal,
      onOutcome: (o) => setOutcomes((old) => [...(old ?? []), o]),
    });
    setRunning(false);
    refresh("/api/v1/orders");
  }

  const finished = outcomes !== null && !running;
  return (
    <Dialog
      open title={t.bulk.ask[kind](rows.length)} alert={running} onClose={() => {
        stop.current.abort();
        onClose(good.length > 0);
      }}
      actions={
        finished ? <Button look="primary" onPress={() => onClose(good.length > 0)}>{ui.close}</Button>
          : running ? <Button onPress={() => stop.current.abort()}>{t.bulk.stop}</Button>
          : (
            <>
              <Button onPress={() => onClose(false)}>{ui.cancel}</Button>
              <Button look={kind === "cancel" ? "danger" : "primary"} isDisabled={asks && reason.trim() === ""} onPress={() => void run()}>{t.bulk[kind]}</Button>
            </>
          )
      }
    >
      {asks && outcomes === null ? <Field label={t.bulk.reason} hint={t.bulk.reasonHint} value={reason} onChange={setReason} isRequired autoFocus maxLength={500} /> : null}
      {outcomes === null ? (
        <ul className={css.bulkList}>{rows.slice(0, 8).map((r) => <li key={r.id}><Ltr>{r.number ?? "–"}</Ltr> · <bdi>{r.customer_name}</bdi></li>)}{rows.length > 8 ? <li>…</li> : null}</ul>
      ) : (
        <div role="status" className={css.bulkDone}>
          <progress max={rows.length} value={outcomes.length} aria-label={t.bulk.running(outcomes.length, rows.length)} />
          <p>{running ? t.bulk.running(outcomes.length, rows.length) : null}</p>
          <p>{good.length > 0 ? <Badge tone="good">{t.bulk.done(good.length)}</Badge> : null} {bad.length > 0 ? <Badge tone="bad">{t.bulk.refused(bad.length)}</Badge> : null}</p>
          <ul className={css.bulkList}>
            {bad.map((o) => <li key={o.id}><Ltr>{byId.get(o.id)?.number ?? "–"}</Ltr>: <bdi>{o.error!.detail}</bdi></li>)}
          </ul>
        </div>
      )}
    </Dialog>
  );
}
