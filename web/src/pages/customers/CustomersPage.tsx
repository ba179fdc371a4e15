/** Customers, found by name, phone or e-mail. */
import { Plus, SearchX, Users } from "lucide-react";
import { useDeferredValue } from "react";
import { type Schema, useList } from "@/api/react";
import { Link, useGo, useSearch, useSetSearch } from "@/app/nav";
import { useMay } from "@/app/session";
import { useText, useWords } from "@/i18n";
import { en } from "@/i18n/en/customers";
import { ur } from "@/i18n/ur/customers";
import { Badge, buttonClass, type Column, DataTable, Empty, ErrorPanel, Ltr, Page, SearchField, Skeleton, Toolbar } from "@/ui";
import css from "./customers.module.css";
import { asQuery } from "./search";

type Row = Schema["CustomerRow"];

export default function CustomersPage() {
  const t = useText({ en, ur });
  const words = useWords();
  const go = useGo();
  const may = useMay();
  const { q = "" } = useSearch();
  const setSearch = useSetSearch();
  const query = asQuery(useDeferredValue(q));
  const list = useList("/api/v1/customers", { query }, { keep: true });
  const create = may("customers.write") ? <Link className={buttonClass("primary")} to="/customers/new"><Plus aria-hidden />{t.create}</Link> : null;
  const none = q === "" ? <Empty icon={<Users aria-hidden />} title={t.emptyTitle} action={create}>{t.emptyText}</Empty> : <Empty icon={<SearchX aria-hidden />} title={t.nothingTitle}>{t.nothingText}</Empty>;
  const columns: Column<Row>[] = [
    { id: "name", name: t.name, width: "minmax(11rem, 2fr)", cell: (row) => <bdi>{row.name}</bdi> },
    { id: "phone", name: t.phone, width: "minmax(9rem, 1.2fr)", cell: (row) => <Ltr>{row.phones[0] ?? "–"}</Ltr> },
    { id: "email", name: t.email, width: "minmax(12rem, 2fr)", cell: (row) => <Ltr>{row.emails[0] ?? "–"}</Ltr> },
    { id: "type", name: t.type, width: "minmax(6rem, 1fr)", cell: (row) => words("customerType", row.type) },
    { id: "tier", name: t.tier, width: "minmax(5rem, 0.7fr)", cell: (row) => <bdi>{row.tier || "–"}</bdi> },
    { id: "state", name: t.state, width: "minmax(6rem, 0.7fr)", cell: (row) => <AccountState state={row.state} /> },
  ];
  return (
    <Page title={t.title} actions={create} full>
      <Toolbar label={t.searchLabel}>
        <SearchField label={t.searchLabel} placeholder={t.search} value={q} onChange={(value) => setSearch({ q: value })} />
      </Toolbar>
      {list.isPending ? <Skeleton lines={12} /> : null}
      {list.error && !list.data ? <ErrorPanel error={list.error} onRetry={() => void list.refetch()} /> : null}
      {list.data ? (
        <DataTable
          label={t.table} columns={columns} rows={list.rows} rowKey={(row) => row.id} rowName={(row) => row.name} empty={none}
          onOpen={(row) => go(`/customers/${row.id}`)} more={list.hasNextPage} onEnd={() => void list.fetchNextPage()}
          foot={list.isFetchingNextPage ? <Skeleton lines={1} /> : null}
          card={(row) => (
            <div className={css.card}>
              <div className={css.cardHead}><bdi className={css.strong}>{row.name}</bdi><AccountState state={row.state} /></div>
              <div className={css.cardHead}><Ltr>{row.phones[0] ?? "–"}</Ltr><span className={css.quiet}>{words("customerType", row.type)}</span></div>
            </div>
          )}
        />
      ) : null}
    </Page>
  );
}

export function AccountState({ state }: { state: string }) {
  const words = useWords();
  const tone = state === "active" ? "good" : state === "blocked" ? "bad" : "neutral";
  return <Badge tone={tone}>{words("customerState", state)}</Badge>;
}
