/** Bins as lines of a table: one per place and sort of units. */
import { Printer } from "lucide-react";
import type { Schema } from "@/api/react";
import { useMay } from "@/app/session";
import type { en } from "@/i18n/en/stock";
import { openFile } from "@/pages/parts/print";
import { Badge, Button, Ltr, Num } from "@/ui";
import { type RowsColumn } from "@/ui/Rows";

export interface BinRow extends Readonly<Schema["BinLine"]> {
  key: string;
  location: string;
}

export function flatten(bins: Schema["BinView"][]): BinRow[] {
  return bins.flatMap((bin) => bin.lines.map((line, index) => ({ ...line, location: bin.location, key: `${bin.location}/${index}` })));
}

/** `print` prints the label of a plate, for those who may. */
export function binColumns(t: typeof en, withSku: boolean, print?: (plate: string) => void): RowsColumn<BinRow>[] {
  const sku: RowsColumn<BinRow> = { id: "sku", name: t.sku, cell: (line) => <Ltr mono>{line.sku}</Ltr> };
  return [
    { id: "location", name: t.location, cell: (line) => <Ltr mono>{line.location}</Ltr> },
    ...(withSku ? [sku] : []),
    { id: "lot", name: t.lot, cell: (line) => (line.lot ? <Ltr mono>{line.lot}</Ltr> : "–") },
    { id: "expiry", name: t.expiry, cell: (line) => (line.expiry ? <Ltr>{line.expiry}</Ltr> : "–") },
    { id: "serials", name: t.serials, wide: true, cell: (line) => (line.serials.length > 0 ? <details><summary><Num value={line.serials.length} /></summary><Ltr mono>{line.serials.join(", ")}</Ltr></details> : "–") },
    { id: "plate", name: t.plate, wide: true, cell: (line) => (line.plate ? (print ? <Button small look="quiet" icon={<Printer aria-hidden />} onPress={() => print(line.plate ?? "")}><Ltr mono>{line.plate}</Ltr></Button> : <Ltr mono>{line.plate}</Ltr>) : "–") },
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

/** Prints the label of a plate, or nothing if one may not. */
export function usePlateLabel(code: string): ((plate: string) => void) | undefined {
  const may = useMay()("floor.work");
  if (!may) return undefined;
  return (plate) => void openFile("/api/v1/warehouses/{code}/plates/{plate}/label.pdf", { code, plate }, `plate-${plate}.pdf`);
}
