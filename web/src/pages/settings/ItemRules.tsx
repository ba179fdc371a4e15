/** What the floor must know of items: what scanners ask for, and barcodes of packagings. */
import { ListChecks, Plus, Trash2 } from "lucide-react";
import { useState } from "react";
import { type Schema, useList, useSend } from "@/api/react";
import { useMay } from "@/app/session";
import { useText } from "@/i18n";
import { en } from "@/i18n/en/settings";
import { ur } from "@/i18n/ur/settings";
import { given } from "@/pages/parts/numbers";
import { Badge, Button, Card, Checkbox, Checks, Empty, ErrorPanel, Field, IconButton, Ltr, Skeleton, toast, Toolbar } from "@/ui";
import { Rows, type RowsColumn } from "@/ui/Rows";
import { Fields, FormDialog, refusedAt } from "@/ui/FormDialog";
import { WholeField } from "@/ui/WholeField";
import css from "./settings.module.css";

type Rule = Schema["FloorItemRule"];
const TRACKS = ["lot", "expiry", "serial", "catch_weight"] as const;
const FRESH: Rule = { sku: "", packs: [] };

export function ItemRules({ code }: { code: string }) {
  const t = useText({ en, ur }).warehouses;
  const may = useMay()("floor.set_up");
  const [open, setOpen] = useState<Rule | null>(null);
  const list = useList("/api/v1/warehouses/{code}/item-rules", { path: { code } });
  const word = { lot: t.lot, expiry: t.expiry, serial: t.serial, catch_weight: t.catchWeight };
  const columns: RowsColumn<Rule>[] = [
    { id: "sku", name: t.sku, cell: (row) => (may ? <Button small look="quiet" onPress={() => setOpen(row)}><Ltr mono>{row.sku}</Ltr></Button> : <Ltr mono>{row.sku}</Ltr>) },
    { id: "tracks", name: t.tracks, cell: (row) => <span className={css.badges}>{TRACKS.filter((one) => row[one]).map((one) => <Badge key={one} tone="info">{word[one]}</Badge>)}</span> },
    { id: "packs", name: t.packs, cell: (row) => (row.packs ?? []).map((pack) => <div key={pack.gtin}><Ltr mono>{pack.gtin}</Ltr>{pack.units == null ? null : <> × <Ltr>{pack.units}</Ltr></>}</div>) },
    { id: "zone", name: t.zone, wide: true, cell: (row) => <Ltr>{row.zone || "–"}</Ltr> },
  ];
  return (
    <div className={css.stack}>
      <p className={css.hint}>{t.rulesText}</p>
      {may ? <Toolbar label={t.rules}><Button look="primary" icon={<Plus aria-hidden />} onPress={() => setOpen(FRESH)}>{t.addRule}</Button></Toolbar> : null}
      {list.isPending ? <Skeleton lines={6} /> : null}
      {list.error && !list.data ? <ErrorPanel error={list.error} onRetry={() => void list.refetch()} /> : null}
      {list.data && list.rows.length === 0 ? <Empty icon={<ListChecks aria-hidden />} title={t.noRules}>{t.noRulesText}</Empty> : null}
      {list.rows.length > 0 ? (
        <Card flush>
          <Rows label={t.rules} columns={columns} rows={list.rows} rowKey={(row) => row.sku} />
          {list.hasNextPage ? <div className={css.more}><Button busy={list.isFetchingNextPage} onPress={() => void list.fetchNextPage()}>{t.more}</Button></div> : null}
        </Card>
      ) : null}
      {open ? <RuleDialog code={code} rule={open} close={() => setOpen(null)} /> : null}
    </div>
  );
}

function RuleDialog({ code, rule, close }: { code: string; rule: Rule; close: () => void }) {
  const t = useText({ en, ur });
  const w = t.warehouses;
  const fresh = rule.sku === "";
  const [draft, setDraft] = useState(rule);
  const change = (part: Partial<Rule>) => setDraft((old) => ({ ...old, ...part }));
  const packs = draft.packs ?? [];
  const send = useSend("put", "/api/v1/warehouses/{code}/item-rules", { refresh: ["/api/v1/warehouses/{code}/item-rules"] });
  const submit = () => {
    const body = { rules: [{ ...draft, sku: draft.sku.trim(), hazmat: given(draft.hazmat ?? "") ?? null, packs: packs.filter((pack) => pack.gtin.trim() !== "") }] };
    send.mutate({ path: { code }, body }, { onSuccess: () => { toast.good(w.ruleSaved); close(); } });
  };
  const word = { lot: w.lot, expiry: w.expiry, serial: w.serial, catch_weight: w.catchWeight };
  return (
    <FormDialog open wide onClose={close} title={fresh ? w.newRule : w.ruleTitle(rule.sku)} submit={t.save} busy={send.isPending} error={send.error} onSubmit={submit} blocked={draft.sku.trim() === ""}>
      {fresh ? <Field label={w.sku} ltr value={draft.sku} onChange={(sku) => change({ sku })} isRequired autoFocus error={refusedAt(send.error, "/rules/0/sku")} /> : null}
      <Checks label={w.tracks}>
        {TRACKS.map((one) => <Checkbox key={one} isSelected={draft[one] ?? false} onChange={(on) => change({ [one]: on })}>{word[one]}</Checkbox>)}
      </Checks>
      <Fields>
        <WholeField label={w.minShelf} min={0} value={draft.min_shelf_days ?? 0} onChange={(value) => change({ min_shelf_days: value || 0 })} />
        <WholeField label={w.unitGrams} min={0} value={draft.unit_grams ?? 0} onChange={(value) => change({ unit_grams: value || 0 })} />
        <WholeField label={w.unitCm3} min={0} value={draft.unit_cm3 ?? 0} onChange={(value) => change({ unit_cm3: value || 0 })} />
      </Fields>
      <Fields>
        <Field label={w.zoneBelongs} ltr value={draft.zone ?? ""} onChange={(zone) => change({ zone })} />
        <Field label={w.temperature} value={draft.temperature ?? ""} onChange={(temperature) => change({ temperature })} />
        <Field label={w.hazmatClass} ltr value={draft.hazmat ?? ""} onChange={(hazmat) => change({ hazmat })} />
      </Fields>
      <div className={css.stack} role="group" aria-label={w.packs}>
        <p className={css.legend}>{w.packs}</p>
        {packs.map((pack, index) => {
          const put = (next: Schema["PackLevel"]) => change({ packs: packs.map((old, at) => (at === index ? next : old)) });
          return (
            <div key={index} className={css.row}>
              <Field label={w.gtin} ltr inputMode="numeric" value={pack.gtin} onChange={(gtin) => put({ ...pack, gtin })} error={refusedAt(send.error, `/rules/0/packs/${index}/gtin`)} />
              <WholeField label={w.packUnits} min={1} value={pack.units ?? NaN} onChange={(units) => put({ ...pack, units: Number.isFinite(units) ? units : null })} />
              <IconButton label={`${w.removePack}: ${pack.gtin}`} onPress={() => change({ packs: packs.filter((_, at) => at !== index) })}><Trash2 aria-hidden /></IconButton>
            </div>
          );
        })}
        <div><Button small icon={<Plus aria-hidden />} onPress={() => change({ packs: [...packs, { gtin: "", units: 1 }] })}>{w.addPack}</Button></div>
      </div>
    </FormDialog>
  );
}
