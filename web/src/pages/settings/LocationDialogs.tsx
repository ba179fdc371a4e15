/** Adding places by their codes, and changing one. */
import { useState } from "react";
import { type Schema, useSend } from "@/api/react";
import { useFormat, useText } from "@/i18n";
import { en } from "@/i18n/en/settings";
import { ur } from "@/i18n/ur/settings";
import { commas, given } from "@/pages/parts/numbers";
import { Checkbox, Field, Select, Switch, toast } from "@/ui";
import { Fields, FormDialog } from "@/ui/FormDialog";
import { WholeField } from "@/ui/WholeField";

type Location = Schema["FloorLocation"];
export const KINDS = ["pick_face", "reserve", "stage", "dock", "door", "pack", "returns", "quarantine", "tote"] as const;

function useSave(code: string, close: () => void) {
  const t = useText({ en, ur }).warehouses;
  const format = useFormat();
  const send = useSend("put", "/api/v1/warehouses/{code}/locations", { refresh: ["/api/v1/warehouses/{code}/locations"] });
  const save = (locations: Location[], assign_check_digits: boolean) =>
    send.mutate(
      { path: { code }, body: { locations, assign_check_digits } },
      { onSuccess: () => { toast.good(t.added(format.number(locations.length))); close(); } },
    );
  return { send, save };
}

export function AddLocations({ code, close }: { code: string; close: () => void }) {
  const t = useText({ en, ur }).warehouses;
  const [codes, setCodes] = useState("");
  const [kind, setKind] = useState<string>("pick_face");
  const [zone, setZone] = useState("");
  const [assign, setAssign] = useState(true);
  const { send, save } = useSave(code, close);
  const named = [...new Set(codes.split(/[\s,،]+/).filter(Boolean))];
  const submit = () => save(named.map((one) => ({ code: one, kind, zone: given(zone) })), assign);
  return (
    <FormDialog open onClose={close} title={t.locationsTitle} text={t.locationsText} submit={t.addLocation} busy={send.isPending} error={send.error} onSubmit={submit} blocked={named.length === 0}>
      <Field label={t.codes} ltr rows={5} value={codes} onChange={setCodes} isRequired autoFocus />
      <Fields>
        <Select label={t.kind} value={kind} onChange={setKind} options={KINDS.map((id) => ({ id: id as string, label: t.kinds[id] ?? id }))} />
        <Field label={t.zone} ltr value={zone} onChange={setZone} />
      </Fields>
      <Checkbox isSelected={assign} onChange={setAssign}>{t.assign}</Checkbox>
    </FormDialog>
  );
}

const orNull = (value: number) => (Number.isFinite(value) ? value : null);

export function EditLocation({ code, location, close }: { code: string; location: Location; close: () => void }) {
  const t = useText({ en, ur });
  const w = t.warehouses;
  const [draft, setDraft] = useState(location);
  const [hazmat, setHazmat] = useState((location.hazmat ?? []).join(", "));
  const { send, save } = useSave(code, close);
  const change = (part: Partial<Location>) => setDraft((old) => ({ ...old, ...part }));
  const submit = () => save([{ ...draft, hazmat: commas(hazmat), blocked: given(draft.blocked ?? "") ?? null }], false);
  return (
    <FormDialog open wide onClose={close} title={w.editLocation(location.code)} submit={t.save} busy={send.isPending} error={send.error} onSubmit={submit}>
      <Fields>
        <Select label={w.kind} value={draft.kind} onChange={(kind) => change({ kind })} options={KINDS.map((id) => ({ id: id as string, label: w.kinds[id] ?? id }))} />
        <Field label={w.zone} ltr value={draft.zone ?? ""} onChange={(zone) => change({ zone })} />
        <Field label={w.checkDigits} ltr value={draft.check_digits ?? ""} onChange={(text) => change({ check_digits: given(text) ?? null })} />
      </Fields>
      <Field label={w.blocked} hint={w.blockedHelp} value={draft.blocked ?? ""} onChange={(blocked) => change({ blocked })} />
      <Fields>
        <WholeField label={w.maxUnits} min={1} value={draft.max_units ?? NaN} onChange={(value) => change({ max_units: orNull(value) })} />
        <WholeField label={w.maxGrams} min={1} value={draft.max_grams ?? NaN} onChange={(value) => change({ max_grams: orNull(value) })} />
        <WholeField label={w.maxCm3} min={1} value={draft.max_cm3 ?? NaN} onChange={(value) => change({ max_cm3: orNull(value) })} />
      </Fields>
      <Switch isSelected={draft.mix_items ?? true} onChange={(mix_items) => change({ mix_items })}>{w.mixItems}</Switch>
      <Switch isSelected={draft.mix_lots ?? true} onChange={(mix_lots) => change({ mix_lots })}>{w.mixLots}</Switch>
      <Fields>
        <Field label={w.temperature} value={draft.temperature ?? ""} onChange={(temperature) => change({ temperature })} />
        <Field label={w.hazmat} hint={w.hazmatHelp} ltr value={hazmat} onChange={setHazmat} />
        <Field label={w.gln} ltr value={draft.gln ?? ""} onChange={(text) => change({ gln: given(text) ?? null })} />
      </Fields>
    </FormDialog>
  );
}
