/** What was given up and waits for a person: read it, send it again, or discard it. */
import { MailX, RotateCw } from "lucide-react";
import { useState } from "react";
import { useGet, useList } from "@/api/react";
import { useSearch, useSetSearch } from "@/app/nav";
import { useMay } from "@/app/session";
import { useText } from "@/i18n";
import { en } from "@/i18n/en/messages";
import { ur } from "@/i18n/ur/messages";
import { Button, Card, Empty, ErrorPanel, Field, Ltr, Page, Select, Skeleton, Toolbar, When } from "@/ui";
import { Rows, type RowsColumn } from "@/ui/Rows";
import { EVERY, PATHS } from "./data";
import { DeadDrawer, ReplayAllDialog } from "./DeadDialogs";
import css from "./messages.module.css";
import { MessagesNav } from "./MessagesNav";
import { More, useSays } from "./parts";
import type { Dead } from "./types";

const ALL = "-";

export default function DeadLettersPage() {
  const t = useText({ en, ur });
  const may = useMay()("connections.dead_letters");
  const { connection = "", code = "" } = useSearch();
  const setSearch = useSetSearch();
  const connections = useGet(PATHS.connections);
  const list = useList(PATHS.dead, { query: { connection, class: code } }, { every: EVERY, keep: true });
  const [open, setOpen] = useState<Dead | null>(null);
  const [all, setAll] = useState(false);
  const columns = useColumns(setOpen);
  const filtered = connection !== "" || code !== "";
  const options = [{ id: ALL, label: t.allConnections }, ...(connections.data?.items ?? []).map((one) => ({ id: one.id, label: one.name || one.id }))];
  const replayAll = may && list.rows.some((row) => row.replayable);
  return (
    <Page
      title={t.deadTitle}
      actions={replayAll ? <Button icon={<RotateCw aria-hidden />} isDisabled={connection === ""} onPress={() => setAll(true)}>{t.replayAll}</Button> : null}
    >
      <MessagesNav now="dead" />
      <p className={css.quiet}>{t.deadText} {replayAll && connection === "" ? t.chooseConnection : null}</p>
      <Toolbar label={t.filter}>
        <Select label={t.connection} value={connection || ALL} options={options} onChange={(id) => setSearch({ connection: id === ALL ? "" : id })} />
        <Field label={t.reason} ltr placeholder="63016" value={code} onChange={(value) => setSearch({ code: value.trim() })} />
      </Toolbar>
      {list.isPending ? <Skeleton lines={8} /> : null}
      {list.error && !list.data ? <ErrorPanel error={list.error} onRetry={() => void list.refetch()} /> : null}
      {list.data && list.rows.length === 0 ? (
        <Empty icon={<MailX aria-hidden />} title={filtered ? t.deadNoneFit : t.deadNone}>{filtered ? null : t.deadNoneText}</Empty>
      ) : null}
      {list.rows.length > 0 ? <Card flush title={t.deadTitle}><Rows label={t.deadTitle} columns={columns} rows={list.rows} rowKey={(row) => `${row.connection}/${row.id}`} /></Card> : null}
      <More list={list} label={t.more} />
      {open ? <DeadDrawer of={open} close={() => setOpen(null)} /> : null}
      {all ? <ReplayAllDialog connection={connection} name={options.find(({ id }) => id === connection)?.label ?? connection} code={code} close={() => setAll(false)} /> : null}
    </Page>
  );
}

function useColumns(open: (dead: Dead) => void): RowsColumn<Dead>[] {
  const t = useText({ en, ur });
  const says = useSays();
  return [
    { id: "what", name: t.what, cell: (row) => <Button small onPress={() => open(row)}>{says("deadKind", row.kind)} · <Ltr mono>{row.class}</Ltr></Button> },
    { id: "connection", name: t.connection, cell: (row) => <Ltr>{row.connection}</Ltr> },
    { id: "hint", name: t.hint, wide: true, cell: (row) => <span dir="auto">{row.hint}</span> },
    { id: "attempts", name: t.attempts, end: true, cell: (row) => <Ltr>{row.attempts}</Ltr> },
    { id: "at", name: t.at, cell: (row) => <When at={row.at} /> },
  ];
}
