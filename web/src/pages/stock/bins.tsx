/** Bins as lines of a table: one per place and sort of units. */
import type { Schema } from "@/api/react";
import type { en } from "@/i18n/en/stock";
import { Badge, Ltr, Num } from "@/ui";
import { type RowsColumn } from "@/ui/Rows";

export interface BinRow extends Omit<Schema["BinLine"], never> {
  key: string;
  location: string;
}

export function flatten(bins: Schema["BinView"][]): BinRow[] {
  return bins.flatMap((bin) => bin.lines.map((line, index) => ({ ...line, location: bin.location, key: `${bin.location}/${index}` })));
}

export function binColumns(t: typeof en, withSku: boolean): RowsColumn<BinRow>[] {
  const sku: RowsColumn<BinRow> = { id: "sku", name: t.sku, cell: (line) => <Ltr mono>{line.sku}</Ltr> };
  return [
    { id: "location", name: t.location, cell: (line) => <Ltr mono>{line.location}</Ltr> },
    ...(withSku ? [sku] : []),
    { id: "lot", name: t.lot, cell: (line) => (line.lot ? <Ltr mono>{line.lot}</Ltr> : "–") },
    { id: "expiry", name: t.expiry, cell: (line) => (line.expiry ? <Ltr>{line.expiry}</Ltr> : "–") },
    { id: "plate", name: t.plate, wide: true, cell: (line) => (line.plate ? <Ltr mono>{line.plate}</Ltr> : "–") },
    { id: "condition", name: t.inCondition, wide: true, cell: (line) => t.condition[line.condition] ?? line.condition },
    {
      id: "units", name: t.units, end: true,
      cell: (line) => (
        <>
          <Num value={line.units} />
          {line.overdraw > 0 ? <> <span title={t.overdrawNote}><Badge tone="bad">{t.overdraw} <Num value={line.overdraw} /></Badge></span></> : null}
        </>
      ),
    },
  ];
}
