import { Plus, Trash2 } from "lucide-react";
import { useState } from "react";
import { type Schema, useSend } from "@/api/react";
import { useMay } from "@/app/session";
import { useText } from "@/i18n";
import { en } from "@/i18n/en/settings";
import { ur } from "@/i18n/ur/settings";
import { Button, Card, ErrorPanel, Field, IconButton, Switch, toast } from "@/ui";
import { Fields, refusedAt } from "@/ui/FormDialog";
import { WholeField } from "@/ui/WholeField";
import css from "./settings.module.css";

type Site = Schema["FloorSite"];

const COUNTS: Schema["CountRules"] = { attempts: 2, blind: true, max_movements: 50, tolerance_percent: 0, tolerance_units: 0 };
const FRESH: Site = {
  receiving: "STAGE", utc_offset_minutes: 300, company_prefix: "", over_receipt_percent: 0, dock_required: false, weigh: false,
  weight_tolerance_percent: 0, sscc_reuse_days: 366, oldest_app: "", cartons: [],
  count: COUNTS,
};

/** The site's own rules. The whole site is sent, as the route replaces it. */
export function SiteForm({ code, site }: { code: string; site: Site | null }) {
  const t = useText({ en, ur });
  const w = t.warehouses;
  const readOnly = !useMay()("floor.set_up");
  const [draft, setDraft] = useState<Site>(site ?? FRESH);
  const send = useSend("put", "/api/v1/warehouses/{code}/floor", { refresh: ["/api/v1/warehouses/{code}/floor"] });
  const change = (part: Partial<Site>) => setDraft((old) => ({ ...old, ...part }));
  const count = draft.count ?? COUNTS;
  const cartons = draft.cartons ?? [];
  const rule = (part: Partial<Schema["CountRules"]>) => change({ count: { ...count, ...part } });
  const save = () => send.mutate({ path: { code }, body: draft }, { onSuccess: () => toast.good(t.saved) });
  const number = (label: string, value: number | undefined, put: (value: number) => void, pointer: string, hint?: string, min = 0) => (
    <WholeField label={label} hint={hint} min={min} value={value ?? 0} isDisabled={readOnly} error={refusedAt(send.error, pointer)} onChange={(next) => put(Number.isFinite(next) ? next : 0)} />
  );
  return (
    <form className={css.form} onSubmit={(event) => { event.preventDefault(); if (!send.isPending) save(); }}>
      <Card title={w.site}>
        <div className={css.stack}>
          <Fields>
            <Field label={w.receiving} ltr value={draft.receiving} onChange={(receiving) => change({ receiving })} isRequired isReadOnly={readOnly} error={refusedAt(send.error, "/receiving")} />
            {number(w.offset, draft.utc_offset_minutes, (utc_offset_minutes) => change({ utc_offset_minutes }), "/utc_offset_minutes", w.offsetHelp, -840)}
            <Field label={w.prefix} ltr hint={w.prefixHelp} value={draft.company_prefix ?? ""} isReadOnly={readOnly} onChange={(company_prefix) => change({ company_prefix })} error={refusedAt(send.error, "/company_prefix")} />
            {number(w.overReceipt, draft.over_receipt_percent, (over_receipt_percent) => change({ over_receipt_percent }), "/over_receipt_percent")}
            {number(w.reuse, draft.sscc_reuse_days, (sscc_reuse_days) => change({ sscc_reuse_days }), "/sscc_reuse_days")}
            <Field label={w.oldestApp} ltr hint={w.oldestAppHelp} value={draft.oldest_app ?? ""} isReadOnly={readOnly} onChange={(oldest_app) => change({ oldest_app })} error={refusedAt(send.error, "/oldest_app")} />
          </Fields>
          <Switch isSelected={draft.dock_required ?? false} isDisabled={readOnly} onChange={(dock_required) => change({ dock_required })}>{w.dockRequired}</Switch>
        </div>
      </Card>
      <Card title={w.countRules}>
        <div className={css.stack}>
          <Fields>
            {number(w.toleranceUnits, count.tolerance_units, (tolerance_units) => rule({ tolerance_units }), "/count/tolerance_units")}
            {number(w.tolerancePercent, count.tolerance_percent, (tolerance_percent) => rule({ tolerance_percent }), "/count/tolerance_percent")}
            {number(w.attempts, count.attempts, (attempts) => rule({ attempts }), "/count/attempts", undefined, 1)}
            {number(w.maxMovements, count.max_movements, (max_movements) => rule({ max_movements }), "/count/max_movements")}
          </Fields>
          <Switch isSelected={count.blind} isDisabled={readOnly} onChange={(blind) => rule({ blind })}>{w.blind}</Switch>
        </div>
      </Card>
      <Card title={w.cartons} actions={readOnly ? null : <Button small icon={<Plus aria-hidden />} onPress={() => change({ cartons: [...cartons, { kind: "", grams: 0 }] })}>{w.addCarton}</Button>}>
        <div className={css.stack}>
          <Switch isSelected={draft.weigh ?? false} isDisabled={readOnly} onChange={(weigh) => change({ weigh })}>{w.weigh}</Switch>
          {draft.weigh ? number(w.weightTolerance, draft.weight_tolerance_percent, (weight_tolerance_percent) => change({ weight_tolerance_percent }), "/weight_tolerance_percent") : null}
          {cartons.length === 0 ? <p className={css.hint}>{w.anyCarton}</p> : null}
          {cartons.map((carton, index) => {
            const put = (next: Schema["CartonKind"]) => change({ cartons: cartons.map((old, at) => (at === index ? next : old)) });
            return (
              <div key={index} className={css.row}>
                <Field label={w.carton} value={carton.kind} isReadOnly={readOnly} onChange={(kind) => put({ ...carton, kind })} />
                <WholeField label={w.cartonGrams} min={0} value={carton.grams ?? 0} isDisabled={readOnly} onChange={(grams) => put({ ...carton, grams: grams || 0 })} />
                {readOnly ? null : <IconButton label={`${w.removeCarton}: ${carton.kind}`} onPress={() => change({ cartons: cartons.filter((_, at) => at !== index) })}><Trash2 aria-hidden /></IconButton>}
              </div>
            );
          })}
        </div>
      </Card>
      {send.error ? <ErrorPanel inline error={send.error} /> : null}
      {readOnly ? <p className={css.hint}>{t.readOnly}</p> : <div><Button type="submit" look="primary" busy={send.isPending}>{t.save}</Button></div>}
    </form>
  );
}
