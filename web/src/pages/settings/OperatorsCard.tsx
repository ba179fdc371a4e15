import { IdCard, UserPlus } from "lucide-react";
import { useState } from "react";
import { type Schema, useGet, useList, useSend } from "@/api/react";
import { useMay } from "@/app/session";
import { useText } from "@/i18n";
import { en } from "@/i18n/en/settings";
import { ur } from "@/i18n/ur/settings";
import { given } from "@/pages/parts/numbers";
import { Badge, Button, Card, Checkbox, Checks, Empty, ErrorPanel, Field, Ltr, Select, Skeleton, toast } from "@/ui";
import { Rows, type RowsColumn } from "@/ui/Rows";
import { Fields, FormDialog, refusedAt } from "@/ui/FormDialog";
import css from "./settings.module.css";

type Operator = Schema["OperatorView"];
const PATHS = ["/api/v1/warehouses/{code}/operators"];
const RIGHTS = ["receive", "put_away", "pick", "pack", "ship", "count", "return", "inquire", "override"] as const;

/** Who may sign on at scanners here, with what rights. A PIN is set here and never shown. */
export function OperatorsCard({ code }: { code: string }) {
  const { devices: t, warehouses: { more } } = useText({ en, ur });
  const may = useMay()("floor.devices");
  const [open, setOpen] = useState<Operator | "new" | null>(null);
  const list = useList("/api/v1/warehouses/{code}/operators", { path: { code } });
  const unlock = useSend("post", "/api/v1/warehouses/{code}/operators/{badge}/unlock", { refresh: PATHS });
  const columns: RowsColumn<Operator>[] = [
    { id: "name", name: t.name, cell: (row) => <><bdi>{row.name}</bdi><span className={css.note}>{t.badge} <Ltr mono>{row.badge}</Ltr></span></> },
    {
      id: "rights", name: t.rights,
      cell: (row) => <span className={css.badges}>{row.rights.length === 0 ? t.noRights : row.rights.map((right) => <Badge key={right}>{t.rightWords[right] ?? right}</Badge>)}</span>,
    },
    {
      id: "state", name: t.state,
      cell: (row) => (row.locked ? <Badge tone="bad">{t.locked}</Badge> : "–"),
    },
    {
      id: "actions", name: t.actionsColumn, end: true, actions: true,
      cell: (row) => (
        <span className={css.buttons}>
          {may && row.locked ? (
            <Button small busy={unlock.isPending} onPress={() => unlock.mutate({ path: { code, badge: row.badge } }, { onSuccess: () => toast.good(t.unlocked), onError: toast.problem })}>{t.unlock}</Button>
          ) : null}
          {may ? <Button small onPress={() => setOpen(row)}>{t.edit}</Button> : null}
        </span>
      ),
    },
  ];
  return (
    <Card flush title={t.operators} actions={may ? <Button small icon={<UserPlus aria-hidden />} onPress={() => setOpen("new")}>{t.addOperator}</Button> : null}>
      {list.isPending ? <div className={css.pad}><Skeleton lines={4} /></div> : null}
      {list.error && !list.data ? <div className={css.pad}><ErrorPanel error={list.error} onRetry={() => void list.refetch()} /></div> : null}
      {list.data && list.rows.length === 0 ? <Empty icon={<IdCard aria-hidden />} title={t.noOperators}>{t.noOperatorsText}</Empty> : null}
      {list.rows.length > 0 ? <Rows label={t.operators} columns={columns} rows={list.rows} rowKey={(row) => row.badge} /> : null}
      {list.hasNextPage ? <div className={css.more}><Button busy={list.isFetchingNextPage} onPress={() => void list.fetchNextPage()}>{more}</Button></div> : null}
      {open ? <OperatorDialog code={code} operator={open === "new" ? null : open} close={() => setOpen(null)} /> : null}
    </Card>
  );
}

function OperatorDialog({ code, operator, close }: { code: string; operator: Operator | null; close: () => void }) {
  const t = useText({ en, ur });
  const d = t.devices;
  const [badge, setBadge] = useState(operator?.badge ?? "");
  const [user, setUser] = useState<string | null>(operator?.user ?? null);
  const [name, setName] = useState(operator?.name ?? "");
  const [pin, setPin] = useState("");
  const [rights, setRights] = useState<string[]>(operator?.rights ?? ["receive", "put_away", "pick", "pack", "ship", "count", "return", "inquire"]);
  const users = useGet("/api/v1/users", { query: { limit: 200 } }, { enabled: useMay()("users.manage") });
  const send = useSend("put", "/api/v1/warehouses/{code}/operators/{badge}", { refresh: PATHS });
  const choose = (id: string) => {
    setUser(id);
    if (name === "") setName(users.data?.items.find((one) => one.id === id)?.name ?? "");
  };
  const submit = () =>
    send.mutate({ path: { code, badge: badge.trim() }, body: { name: name.trim(), user: user ?? "", rights, pin: given(pin) } }, { onSuccess: () => { toast.good(d.saved); close(); } });
  const ready = badge.trim() !== "" && user !== null && name.trim() !== "" && (operator !== null || pin !== "");
  return (
    <FormDialog open wide onClose={close} title={d.operatorTitle} submit={t.save} busy={send.isPending} error={send.error} onSubmit={submit} blocked={!ready}>
      <Fields>
        <Field label={d.badge} ltr hint={d.badgeHelp} value={badge} onChange={setBadge} isReadOnly={operator !== null} isRequired autoFocus error={refusedAt(send.error, "/badge")} />
        <Select label={d.user} value={user} onChange={choose} isRequired error={refusedAt(send.error, "/user")} options={(users.data?.items ?? []).map((one) => ({ id: one.id, label: one.name, note: one.email }))} />
        <Field label={d.name} value={name} onChange={setName} isRequired error={refusedAt(send.error, "/name")} />
        <Field label={d.pin} ltr type="password" inputMode="numeric" autoComplete="new-password" hint={operator ? d.pinKeep : d.pinHelp} value={pin} onChange={setPin} isRequired={operator === null} error={refusedAt(send.error, "/pin")} />
      </Fields>
      <Checks label={d.rights}>
        {RIGHTS.map((right) => (
          <Checkbox key={right} isSelected={rights.includes(right)} onChange={(on) => setRights(on ? [...rights, right] : rights.filter((one) => one !== right))}>{d.rightWords[right] ?? right}</Checkbox>
        ))}
      </Checks>
    </FormDialog>
  );
}
