import { useRef, useState } from "react";
import { request } from "@/api/client";
import { asProblem, type Problem } from "@/api/problem";
import { type Schema, useRefresh } from "@/api/react";
import { uuid } from "@/api/uuid";
import { useText } from "@/i18n";
import { en } from "@/i18n/en/approvals";
import { ur } from "@/i18n/ur/approvals";
import { runBulk } from "@/pages/orders/bulk";
import { Field, toast } from "@/ui";
import { FormDialog } from "@/ui/FormDialog";
import type { Waiting } from "./waiting";

export type Decision = "approve" | "reject" | "request-changes";

export interface DecideDialogProps {
  decision: Decision;
  rows: Waiting[];
  onClose: () => void;
  onDecided: (steps: string[]) => void;
}

/** Votes on one request or on several with the same words. Each vote names the content that was shown, by its hash. */
export function DecideDialog({ decision, rows, onClose, onDecided }: DecideDialogProps) {
  const t = useText({ en, ur });
  const refresh = useRefresh();
  const [rationale, setRationale] = useState("");
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<Problem | null>(null);
  const keys = useRef(new Map(rows.map((w) => [w.step, uuid()])));
  const needed = decision !== "approve";
  const title = { approve: t.askApprove, reject: t.askReject, "request-changes": t.askChanges }[decision](rows.length);
  const word = { approve: t.approve, reject: t.reject, "request-changes": t.changes }[decision].replace("…", "");

  async function run() {
    setBusy(true);
    setError(null);
    const byStep = new Map(rows.map((w) => [w.step, w]));
    const outcomes = await runBulk(rows.map((w) => w.step), (step) => vote(byStep.get(step)!, decision, rationale.trim(), keys.current.get(step)!));
    setBusy(false);
    const good = outcomes.filter((o) => o.error === null).map((o) => o.id);
    const bad = outcomes.filter((o) => o.error !== null);
    refresh("/api/v1/approvals");
    refresh("/api/v1/orders/{id}");
    if (good.length > 0) onDecided(good);
    if (bad.length === 0) {
      toast.good(`${t.done[decision]}: ${rows.length === 1 ? (rows[0]?.number ?? "") : rows.length}`);
      onClose();
    } else if (rows.length === 1) {
      // Its key is spent with this answer; what is asked next is another wish.
      if (bad[0]!.error!.outcome === "refused") keys.current.set(bad[0]!.id, uuid());
      setError(bad[0]!.error);
    } else {
      toast.bad(t.partly(good.length, bad.length), bad.map((o) => `${byStep.get(o.id)?.number ?? ""}: ${o.error!.detail}`).join("; "));
      onClose();
    }
  }

  return (
    <FormDialog open onClose={onClose} title={title} submit={word} look={decision === "reject" ? "danger" : "primary"} busy={busy} error={error} blocked={needed && rationale.trim() === ""} onSubmit={() => void run().catch((e: unknown) => setError(asProblem(e)))}>
      <Field label={needed ? t.reason : t.reasonOptional} hint={t.reasonHint} value={rationale} onChange={setRationale} isRequired={needed} autoFocus maxLength={500} rows={3} />
    </FormDialog>
  );
}

async function vote(row: Waiting, decision: Decision, rationale: string, key: string): Promise<void> {
  const queue = row.queue ?? (await queueOf(row));
  const path = `/api/v1/approvals/${encodeURIComponent(queue)}/${encodeURIComponent(row.step)}/${decision}`;
  await request("POST", path, { key, body: { hash: row.hash, ...(rationale !== "" && { rationale }) } });
}

/** The topic does not name the queue; the order's steps do. */
async function queueOf(row: Waiting): Promise<string> {
  const order = await request<Schema["OrderView"]>("GET", `/api/v1/orders/${row.order}`);
  const found = order.approval?.steps.find((s) => s.step === row.step);
  if (!found) throw new Error("the request is not part of the order any more");
  return found.queue;
}
