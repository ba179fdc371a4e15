/** Warehouses of the shop, and opening another. */
import { Plus, Warehouse } from "lucide-react";
import { useState } from "react";
import { type Schema, useSend } from "@/api/react";
import { Link, useGo } from "@/app/nav";
import { useMay } from "@/app/session";
import { useText } from "@/i18n";
import { en } from "@/i18n/en/settings";
import { ur } from "@/i18n/ur/settings";
import { given } from "@/pages/parts/numbers";
import { useWarehouses } from "@/pages/parts/warehouse";
import { Button, Card, Empty, ErrorPanel, Field, Ltr, Num, Page, Skeleton, toast } from "@/ui";
import { Rows, type RowsColumn } from "@/ui/Rows";
import { Fields, FormDialog, refusedAt } from "@/ui/FormDialog";
import css from "./settings.module.css";
import { SettingsNav } from "./SettingsNav";

type Row = Schema["WarehouseView"];

export default function WarehousesPage() {
  const t = useText({ en, ur });
  const w = t.warehouses;
  const may = useMay()("warehouses.open");
  const [opening, setOpening] = useState(false);
  const list = useWarehouses();
  const columns: RowsColumn<Row>[] = [
    {
      id: "code", name: w.code,
      cell: (row) => <Link to={`/settings/warehouses/${encodeURIComponent(row.code)}`}><Ltr mono>{row.code}</Ltr></Link>,
    },
    { id: "name", name: w.name, cell: (row) => <><bdi>{row.name}</bdi>{row.address ? <span className={css.note}><bdi>{[row.address.line1, row.address.city].join(", ")}</bdi></span> : null}</> },
    { id: "skus", name: w.skus, end: true, wide: true, cell: (row) => <Num value={row.skus} /> },
    { id: "parcels", name: w.parcels, end: true, wide: true, cell: (row) => <Num value={row.open_parcels} /> },
  ];
  return (
    <Page title={t.title} actions={may ? <Button look="primary" icon={<Plus aria-hidden />} onPress={() => setOpening(true)}>{w.create}</Button> : null}>
      <SettingsNav now="warehouses" />
      {list.isPending ? <Skeleton lines={4} /> : null}
      {list.error && !list.data ? <ErrorPanel error={list.error} onRetry={() => void list.refetch()} /> : null}
      {list.data && list.warehouses.length === 0 ? <Empty icon={<Warehouse aria-hidden />} title={w.emptyTitle}>{w.emptyText}</Empty> : null}
      {list.warehouses.length > 0 ? <Card flush><Rows label={w.table} columns={columns} rows={list.warehouses} rowKey={(row) => row.code} /></Card> : null}
      {opening ? <OpenDialog close={() => setOpening(false)} /> : null}
    </Page>
  );
}

function OpenDialog({ close }: { close: () => void }) {
  const t = useText({ en, ur }).warehouses;
  const go = useGo();
  const [code, setCode] = useState("");
  const [name, setName] = useState("");
  const [line1, setLine1] = useState("");
  const [city, setCity] = useState("");
  const [province, setProvince] = useState("");
  const send = useSend("post", "/api/v1/warehouses", { refresh: ["/api/v1/warehouses"] });
  const address = line1.trim() !== "" && city.trim() !== "" ? { line1: line1.trim(), city: city.trim(), province: given(province) } : null;
  const submit = () =>
    send.mutate(
      { body: { code: code.trim(), name: name.trim(), address } },
      { onSuccess: ({ data }) => { toast.good(t.opened); close(); go(`/settings/warehouses/${encodeURIComponent(data.code)}`); } },
    );
  return (
    <FormDialog open onClose={close} title={t.newTitle} text={t.newText} submit={t.create} busy={send.isPending} error={send.error} onSubmit={submit} blocked={code.trim() === "" || name.trim() === ""}>
      <Fields>
        <Field label={t.code} ltr hint={t.codeHelp} value={code} onChange={setCode} isRequired autoFocus error={refusedAt(send.error, "/code")} />
        <Field label={t.name} value={name} onChange={setName} isRequired error={refusedAt(send.error, "/name")} />
      </Fields>
      <Fields>
        <Field label={t.line1} value={line1} onChange={setLine1} error={refusedAt(send.error, "/address/line1")} />
        <Field label={t.city} value={city} onChange={setCity} error={refusedAt(send.error, "/address/city")} />
        <Field label={t.province} value={province} onChange={setProvince} error={refusedAt(send.error, "/address/province")} />
      </Fields>
    </FormDialog>
  );
}
