import { EllipsisVertical, ScanBarcode } from "lucide-react";
import { useState } from "react";
import { type Schema, useList, useRefresh, useSend } from "@/api/react";
import { useMay } from "@/app/session";
import { useText } from "@/i18n";
import { en } from "@/i18n/en/settings";
import { ur } from "@/i18n/ur/settings";
import { useUserNames } from "@/pages/parts/actor";
import { Badge, Button, Card, Empty, ErrorPanel, IconButton, Ltr, Menu, Skeleton, toast, type Tone, When } from "@/ui";
import { Rows, type RowsColumn } from "@/ui/Rows";
import { FormDialog } from "@/ui/FormDialog";
import { InviteDialog } from "./InviteDialog";
import css from "./settings.module.css";

type Device = Schema["DeviceView"];
export const DEVICE_PATHS = ["/api/v1/warehouses/{code}/devices"];
const TONE: Record<string, Tone> = { invited: "warn", enrolled: "good", revoked: "bad" };

/** Scanners: enrolling by a one-time code, enrolling anew, revoking. */
export function DevicesCard({ code }: { code: string }) {
  const t = useText({ en, ur }).devices;
  const may = useMay()("floor.devices");
  const list = useList("/api/v1/warehouses/{code}/devices", { path: { code } }, { every: 5_000 });
  const [inviting, setInviting] = useState<Device | "new" | null>(null);
  const [revoking, setRevoking] = useState<Device | null>(null);
  const refresh = useRefresh();
  const closeInvite = () => {
    setInviting(null);
    DEVICE_PATHS.forEach(refresh);
  };
  const columns = useColumns(may, setInviting, setRevoking);
  return (
    <Card flush title={t.table} actions={may ? <Button small look="primary" icon={<ScanBarcode aria-hidden />} onPress={() => setInviting("new")}>{t.invite}</Button> : null}>
      {list.isPending ? <div className={css.pad}><Skeleton lines={4} /></div> : null}
      {list.error && !list.data ? <div className={css.pad}><ErrorPanel error={list.error} onRetry={() => void list.refetch()} /></div> : null}
      {list.data && list.rows.length === 0 ? <Empty icon={<ScanBarcode aria-hidden />} title={t.emptyTitle}>{t.emptyText}</Empty> : null}
      {list.rows.length > 0 ? <Rows label={t.table} columns={columns} rows={list.rows} rowKey={(row) => row.device} /> : null}
      {inviting ? <InviteDialog code={code} device={inviting === "new" ? null : inviting} close={closeInvite} /> : null}
      {revoking ? <RevokeDialog code={code} device={revoking} close={() => setRevoking(null)} /> : null}
    </Card>
  );
}

function useColumns(may: boolean, invite: (device: Device) => void, revoke: (device: Device) => void): RowsColumn<Device>[] {
  const t = useText({ en, ur }).devices;
  const name = useUserNames();
  const columns: RowsColumn<Device>[] = [
    { id: "device", name: t.label, cell: (row) => <><bdi>{row.label}</bdi><span className={css.note}><Ltr mono>{row.device}</Ltr></span></> },
    {
      id: "state", name: t.state,
      cell: (row) => <><Badge tone={TONE[row.state]}>{t.states[row.state] ?? row.state}</Badge>{row.invited_until ? <span className={css.note}><When at={row.invited_until} as="dateTime" /></span> : null}</>,
    },
    { id: "seen", name: t.seen, wide: true, cell: (row) => (row.seen ? <When at={row.seen} /> : t.never) },
    { id: "operator", name: t.operator, wide: true, cell: (row) => (row.operator ? <bdi>{name(row.operator) ?? row.operator.slice(0, 8)}</bdi> : "–") },
    { id: "generation", name: t.generation, end: true, wide: true, cell: (row) => <Ltr>{row.generation}</Ltr> },
  ];
  if (!may) return columns;
  const actions: RowsColumn<Device> = {
    id: "actions", name: t.actionsColumn, end: true, actions: true,
    cell: (row) => (
      <Menu
        label={t.actions(row.label)}
        entries={[
          { id: "again", label: t.again, text: t.again, onAction: () => invite(row) },
          { id: "revoke", label: t.revoke, text: t.revoke, danger: true, disabled: row.state === "revoked", onAction: () => revoke(row) },
        ]}
      >
        <IconButton small label={t.actions(row.label)}><EllipsisVertical aria-hidden /></IconButton>
      </Menu>
    ),
  };
  return [...columns, actions];
}

function RevokeDialog({ code, device, close }: { code: string; device: Device; close: () => void }) {
  const t = useText({ en, ur }).devices;
  const send = useSend("post", "/api/v1/warehouses/{code}/devices/{device}/revoke", { refresh: DEVICE_PATHS });
  const submit = () => send.mutate({ path: { code, device: device.device } }, { onSuccess: () => { toast.good(t.revoked); close(); } });
  return <FormDialog open alert onClose={close} title={`${t.revokeTitle} ${device.label}`} text={t.revokeText} submit={t.revoke} look="danger" busy={send.isPending} error={send.error} onSubmit={submit} />;
}
