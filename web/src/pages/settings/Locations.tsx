/** Places of a floor: bins, docks, tables, doors, totes; and their labels. */
import { MapPin, Plus, Printer } from "lucide-react";
import { useState } from "react";
import { type Schema, useList } from "@/api/react";
import { useMay } from "@/app/session";
import { useText } from "@/i18n";
import { en } from "@/i18n/en/settings";
import { ur } from "@/i18n/ur/settings";
import { openFile, saveFile } from "@/pages/parts/print";
import { Badge, Button, Card, Empty, ErrorPanel, Field, Ltr, SearchField, Select, Skeleton, Toolbar } from "@/ui";
import { Rows, type RowsColumn } from "@/ui/Rows";
import { Fields, FormDialog } from "@/ui/FormDialog";
import { AddLocations, EditLocation, KINDS } from "./LocationDialogs";
import css from "./settings.module.css";

type Location = Schema["FloorLocation"];

export function Locations({ code }: { code: string }) {
  const t = useText({ en, ur }).warehouses;
  const may = useMay();
  const [zone, setZone] = useState("");
  const [kind, setKind] = useState("");
  const [open, setOpen] = useState<"add" | "labels" | Location | null>(null);
  const list = useList("/api/v1/warehouses/{code}/locations", { path: { code }, query: { zone, kind } }, { keep: true });
  const close = () => setOpen(null);
  const columns: RowsColumn<Location>[] = [
    {
      id: "code", name: t.code,
      cell: (row) => (may("floor.set_up") ? <Button small look="quiet" onPress={() => setOpen(row)}><Ltr mono>{row.code}</Ltr></Button> : <Ltr mono>{row.code}</Ltr>),
    },
    { id: "kind", name: t.kind, cell: (row) => t.kinds[row.kind] ?? row.kind },
    { id: "zone", name: t.zone, cell: (row) => <Ltr>{row.zone || "–"}</Ltr> },
    { id: "digits", name: t.checkDigits, wide: true, cell: (row) => <Ltr mono>{row.check_digits ?? "–"}</Ltr> },
    { id: "state", name: t.blocked, cell: (row) => (row.blocked ? <Badge tone="bad"><bdi>{row.blocked}</bdi></Badge> : "–") },
  ];
  return (
    <div className={css.stack}>
      <Toolbar label={t.locations}>
        <SearchField label={t.zone} placeholder={t.zone} value={zone} onChange={setZone} />
        <Select label={t.kind} hideLabel value={kind} onChange={setKind} options={[{ id: "", label: t.allKinds }, ...KINDS.map((id) => ({ id: id as string, label: t.kinds[id] ?? id }))]} />
        {may("floor.set_up") ? <Button look="primary" icon={<Plus aria-hidden />} onPress={() => setOpen("add")}>{t.addLocation}</Button> : null}
        {may("floor.work") ? <Button icon={<Printer aria-hidden />} onPress={() => setOpen("labels")}>{t.labels}</Button> : null}
      </Toolbar>
      {list.isPending ? <Skeleton lines={8} /> : null}
      {list.error && !list.data ? <ErrorPanel error={list.error} onRetry={() => void list.refetch()} /> : null}
      {list.data && list.rows.length === 0 ? <Empty icon={<MapPin aria-hidden />} title={t.noLocations}>{t.noLocationsText}</Empty> : null}
      {list.rows.length > 0 ? (
        <Card flush>
          <Rows label={t.locations} columns={columns} rows={list.rows} rowKey={(row) => row.code} />
          {list.hasNextPage ? <div className={css.more}><Button busy={list.isFetchingNextPage} onPress={() => void list.fetchNextPage()}>{t.more}</Button></div> : null}
        </Card>
      ) : null}
      {open === "add" ? <AddLocations code={code} close={close} /> : null}
      {open === "labels" ? <Labels code={code} close={close} zone={zone} /> : null}
      {open !== null && typeof open === "object" ? <EditLocation code={code} location={open} close={close} /> : null}
    </div>
  );
}

const DPI = ["203", "300", "600"] as const;

function Labels({ code, zone: startZone, close }: { code: string; zone: string; close: () => void }) {
  const t = useText({ en, ur }).warehouses;
  const [zone, setZone] = useState(startZone);
  const [prefix, setPrefix] = useState("");
  const [dpi, setDpi] = useState<(typeof DPI)[number]>("203");
  const [busy, setBusy] = useState(false);
  const pdf = async () => {
    setBusy(true);
    const shown = await openFile("/api/v1/warehouses/{code}/locations/labels.pdf", { code }, `labels-${code}.pdf`, { query: { zone, prefix } });
    setBusy(false);
    if (shown) close();
  };
  return (
    <FormDialog open onClose={close} title={t.labels} text={t.labelsText} submit={t.labelsPdf} busy={busy} onSubmit={() => void pdf()}>
      <Fields>
        <Field label={t.zone} ltr value={zone} onChange={setZone} />
        <Field label={t.prefixFilter} ltr value={prefix} onChange={setPrefix} />
      </Fields>
      <div className={css.row}>
        <Select label={t.dpi} value={dpi} onChange={setDpi} options={DPI.map((id) => ({ id, label: id }))} />
        <Button onPress={() => void saveFile("/api/v1/warehouses/{code}/locations/labels.zpl", { code }, `labels-${code}.zpl`, { query: { zone, prefix, dpi } })}>{t.labelsZpl}</Button>
      </div>
    </FormDialog>
  );
}
