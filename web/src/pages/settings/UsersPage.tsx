/** Users and what they may do. Nobody's own access can be taken away by themselves; the server sees to it. */
import { EllipsisVertical, UserPlus, Users } from "lucide-react";
import { useState } from "react";
import { type Schema, useList } from "@/api/react";
import { useSearch, useSetSearch } from "@/app/nav";
import { useMe } from "@/app/session";
import { useText, useWords } from "@/i18n";
import { en } from "@/i18n/en/settings";
import { ur } from "@/i18n/ur/settings";
import { Badge, Button, Card, Empty, ErrorPanel, IconButton, Ltr, Menu, Page, SearchField, Skeleton, Toolbar } from "@/ui";
import { Rows, type RowsColumn } from "@/ui/Rows";
import css from "./settings.module.css";
import { SettingsNav } from "./SettingsNav";
import { type UserAction, UserDialogs } from "./UserDialogs";

type Row = Schema["UserRow"];

export default function UsersPage() {
  const t = useText({ en, ur });
  const u = t.users;
  const { q = "" } = useSearch();
  const setSearch = useSetSearch();
  const list = useList("/api/v1/users", { query: { q } }, { keep: true });
  const [open, setOpen] = useState<UserAction | null>(null);
  const columns = useColumns(setOpen);
  return (
    <Page title={t.title} actions={<Button look="primary" icon={<UserPlus aria-hidden />} onPress={() => setOpen({ kind: "create" })}>{u.create}</Button>}>
      <SettingsNav now="users" />
      <Toolbar label={u.searchLabel}>
        <SearchField label={u.searchLabel} placeholder={u.search} value={q} onChange={(value) => setSearch({ q: value })} />
      </Toolbar>
      {list.isPending ? <Skeleton lines={8} /> : null}
      {list.error && !list.data ? <ErrorPanel error={list.error} onRetry={() => void list.refetch()} /> : null}
      {list.data && list.rows.length === 0 ? <Empty icon={<Users aria-hidden />} title={u.emptyTitle} /> : null}
      {list.rows.length > 0 ? (
        <Card flush>
          <Rows label={u.table} columns={columns} rows={list.rows} rowKey={(row) => row.id} />
          {list.hasNextPage ? <div className={css.more}><Button busy={list.isFetchingNextPage} onPress={() => void list.fetchNextPage()}>{t.warehouses.more}</Button></div> : null}
        </Card>
      ) : null}
      {open ? <UserDialogs action={open} close={() => setOpen(null)} /> : null}
    </Page>
  );
}

function useColumns(open: (action: UserAction) => void): RowsColumn<Row>[] {
  const t = useText({ en, ur }).users;
  const words = useWords();
  const me = useMe();
  return [
    {
      id: "name", name: t.name,
      cell: (row) => <><bdi>{row.name}</bdi>{row.id === me.id ? ` (${t.you})` : ""}<span className={css.note}><Ltr>{row.email}</Ltr></span></>,
    },
    { id: "roles", name: t.roles, cell: (row) => <span className={css.badges}>{row.roles.map((role) => <Badge key={role} tone="info">{words("role", role)}</Badge>)}</span> },
    { id: "state", name: t.state, wide: true, cell: (row) => <Badge tone={row.disabled ? "bad" : "good"}>{row.disabled ? t.disabled : t.active}</Badge> },
    {
      id: "actions", name: t.actionsColumn, end: true, actions: true,
      cell: (row) => {
        const entry = (kind: UserAction["kind"], text: string, danger = false, disabled = false) => ({
          id: kind, label: text, text, danger, disabled, onAction: () => open({ kind, user: row } as UserAction),
        });
        const self = row.id === me.id;
        return (
          <Menu
            label={t.actions(row.name)}
            entries={[
              entry("edit", t.edit), entry("password", t.setPassword), entry("revoke", t.revoke), null,
              row.disabled ? entry("enable", t.enable) : entry("disable", t.disable, true, self),
            ]}
          >
            <IconButton small label={t.actions(row.name)}><EllipsisVertical aria-hidden /></IconButton>
          </Menu>
        );
      },
    },
  ];
}
