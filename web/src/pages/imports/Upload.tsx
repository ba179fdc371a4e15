import { FileSpreadsheet, Upload as UploadIcon } from "lucide-react";
import { useState } from "react";
import { DropZone, FileTrigger, isFileDropItem } from "react-aria-components";
import { Problem } from "@/api/problem";
import { request } from "@/api/client";
import { useRefresh } from "@/api/react";
import { uuid } from "@/api/uuid";
import { useFormat, useText } from "@/i18n";
import { en } from "@/i18n/en/imports";
import { ur } from "@/i18n/ur/imports";
import { useWarehouses } from "@/pages/parts/warehouse";
import { Button, ErrorPanel, Select, toast } from "@/ui";
import { Fields } from "@/ui/FormDialog";
import css from "./imports.module.css";
import { faultOf, type ImportView, type Kind, KINDS, LAYOUTS, mediaType, WITH_WAREHOUSE } from "./model";

const PATH = "/api/v1/imports";

/** Choosing a file and what it holds, and sending it. The same file tried again after a lost answer is the same wish. */
export function Upload() {
  const t = useText({ en, ur });
  const format = useFormat();
  const { warehouses } = useWarehouses();
  const refresh = useRefresh();
  const [file, setFile] = useState<File | null>(null);
  const [kind, setKind] = useState<Kind>("products");
  const [layout, setLayout] = useState("");
  const [warehouse, setWarehouse] = useState("");
  const [key, setKey] = useState(uuid);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const fault = file ? faultOf(file) : null;
  const wish = (change: () => void) => {
    change();
    setKey(uuid());
    setError(null);
  };
  const take = (next: File | null) => wish(() => setFile(next));
  const send = async () => {
    if (!file || fault) return;
    setBusy(true);
    setError(null);
    try {
      await request<ImportView>("POST", PATH, {
        query: { kind, layout, warehouse: WITH_WAREHOUSE.includes(kind) ? warehouse : "" }, body: file, key,
        headers: { "content-type": mediaType(file.name) ?? "", "x-filename": encodeURIComponent(file.name) },
      });
      toast.good(t.started);
      take(null);
      refresh(PATH);
    } catch (failed) {
      if (failed instanceof Problem && failed.outcome === "refused") setKey(uuid());
      setError(failed);
    } finally {
      setBusy(false);
    }
  };
  return (
    <form className={css.form} onSubmit={(event) => { event.preventDefault(); void send(); }}>
      <DropZone
        className={css.zone ?? ""} aria-label={t.drop}
        onDrop={(event) => {
          const dropped = event.items.find(isFileDropItem);
          if (dropped) void dropped.getFile().then(take);
        }}
      >
        <FileSpreadsheet aria-hidden />
        <p>{file ? <><bdi dir="auto">{file.name}</bdi> · {format.compact(file.size / 1024)} KiB</> : t.drop}</p>
        <FileTrigger acceptedFileTypes={[".csv", ".xlsx"]} onSelect={(files) => take(files?.[0] ?? null)}>
          <Button>{file ? t.another : t.choose}</Button>
        </FileTrigger>
        <p className={css.hint}>{t.formats}</p>
        {fault ? <p className={css.loud} role="alert">{t[fault]}</p> : null}
      </DropZone>
      <Fields>
        <Select label={t.kind} value={kind} onChange={(next) => wish(() => { setKind(next); setLayout(""); })} options={KINDS.map((id) => ({ id, label: t.kinds[id] ?? id }))} />
        <Select label={t.layout} value={layout} onChange={(next) => wish(() => setLayout(next))} options={LAYOUTS[kind].map((id) => ({ id, label: t.layouts[id] ?? id }))} />
        {WITH_WAREHOUSE.includes(kind) ? (
          <Select
            label={t.warehouse} hint={t.warehouseHelp} value={warehouse} onChange={(next) => wish(() => setWarehouse(next))}
            options={[{ id: "", label: t.noWarehouse }, ...warehouses.map((one) => ({ id: one.code, label: one.code, note: one.name }))]}
          />
        ) : null}
      </Fields>
      {error ? <ErrorPanel inline error={error} /> : null}
      <div><Button type="submit" look="primary" icon={<UploadIcon aria-hidden />} busy={busy} isDisabled={!file || fault !== null}>{busy ? t.uploading : t.start}</Button></div>
    </form>
  );
}
