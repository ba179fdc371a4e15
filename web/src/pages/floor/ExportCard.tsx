import { Download } from "lucide-react";
import { useState } from "react";
import { useText } from "@/i18n";
import { en } from "@/i18n/en/floor";
import { ur } from "@/i18n/ur/floor";
import { saveFile } from "@/pages/parts/print";
import { Button, Card, Field } from "@/ui";
import css from "./floor.module.css";

const day = (at: Date) => at.toISOString().slice(0, 10);
const DAY_MS = 86_400_000;

/** What happened on the floor, as a file for trading partners (GS1 EPCIS 2.0). Days are those of UTC, as the file's are. */
export function ExportCard({ code }: { code: string }) {
  const t = useText({ en, ur });
  const [from, setFrom] = useState(() => day(new Date(Date.now() - 7 * DAY_MS)));
  const [to, setTo] = useState(() => day(new Date(Date.now() + DAY_MS)));
  const [busy, setBusy] = useState(false);
  const save = async () => {
    setBusy(true);
    const query = { from: `${from}T00:00:00Z`, to: `${to}T00:00:00Z` };
    await saveFile("/api/v1/warehouses/{code}/epcis", { code }, `epcis-${code}-${from}.jsonld`, { query });
    setBusy(false);
  };
  return (
    <Card title={t.epcis}>
      <div className={css.stack}>
        <p className={css.hint}>{t.exportText}</p>
        <div className={css.row}>
          <Field label={t.from} ltr type="date" value={from} onChange={setFrom} />
          <Field label={t.until} ltr type="date" value={to} onChange={setTo} />
          <Button icon={<Download aria-hidden />} busy={busy} isDisabled={from === "" || to === ""} onPress={() => void save()}>{t.exportIt}</Button>
        </div>
      </div>
    </Card>
  );
}
