import { ListTodo } from "lucide-react";
import { useState } from "react";
import { type Schema, useGet, useList, useSend } from "@/api/react";
import { Link, useSearch, useSetSearch } from "@/app/nav";
import { useMay } from "@/app/session";
import { useFormat, useText } from "@/i18n";
import { en } from "@/i18n/en/floor";
import { ur } from "@/i18n/ur/floor";
import { Badge, Button, Card, Empty, Ltr, Select, toast, Toolbar, When } from "@/ui";
import { Rows, type RowsColumn } from "@/ui/Rows";
import { FormDialog, refusedAt } from "@/ui/FormDialog";
import { WholeField } from "@/ui/WholeField";
import css from "./floor.module.css";
import { PATHS, SLOW, useWork } from "./live";
import { useOperatorNames } from "./names";
import { More, OrderLink, Progress, Waiting } from "./parts";

type Task = Schema["TaskView"];
const KINDS = ["pick", "pack", "put_back", "replenish"] as const;

/** Work that waits for scanners or is in hand: who has it, how urgent it is, and giving it to somebody else. */
export function TasksTab({ code }: { code: string }) {
  const t = useText({ en, ur });
  const may = useMay()("floor.run");
  const { kind = "" } = useSearch();
  const setSearch = useSetSearch();
  useWork(code);
  const query = useList(PATHS.tasks, { path: { code }, query: { kind } }, { keep: true, every: SLOW });
  const [steering, setSteering] = useState<{ task: Task; how: "priority" | "reassign" } | null>(null);
  const columns = useColumns(code);
  const actions: RowsColumn<Task> = {
    id: "actions", name: t.actions, end: true, actions: true,
    cell: (row) => (
      <span className={css.badges}>
        <Button small onPress={() => setSteering({ task: row, how: "priority" })}>{t.priority}</Button>
        <Button small onPress={() => setSteering({ task: row, how: "reassign" })}>{t.reassign}</Button>
      </span>
    ),
  };
  const rows = [...query.rows].sort((a, b) => b.priority - a.priority || a.task - b.task);
  return (
    <div className={css.stack}>
      <Toolbar label={t.kind}>
        <Select label={t.kind} hideLabel value={kind} onChange={(value) => setSearch({ kind: value })} options={[{ id: "", label: t.allKinds }, ...KINDS.map((id) => ({ id: id as string, label: t.kinds[id] ?? id }))]} />
      </Toolbar>
      <Waiting query={query} />
      {query.data && rows.length === 0 ? <Empty icon={<ListTodo aria-hidden />} title={t.noTasks}>{t.noTasksText}</Empty> : null}
      {rows.length > 0 ? (
        <Card flush>
          <Rows until="72rem" label={t.tasks} columns={may ? [...columns, actions] : columns} rows={rows} rowKey={(row) => String(row.task)} />
          <More query={query} />
        </Card>
      ) : null}
      {steering?.how === "priority" ? <PriorityDialog code={code} task={steering.task} close={() => setSteering(null)} /> : null}
      {steering?.how === "reassign" ? <ReassignDialog code={code} task={steering.task} close={() => setSteering(null)} /> : null}
    </div>
  );
}

function useColumns(code: string): RowsColumn<Task>[] {
  const t = useText({ en, ur });
  const format = useFormat();
  const name = useOperatorNames(code);
  const sum = (task: Task, of: (line: Task["lines"][number]) => number) => task.lines.reduce((all, line) => all + of(line), 0);
  return [
    { id: "task", name: t.task, cell: (row) => <><Ltr>#{row.task}</Ltr> {t.kinds[row.kind] ?? row.kind}</> },
    { id: "parcel", name: t.parcel, cell: (row) => row.parcel == null ? (row.replenish ? <><Ltr mono>{row.replenish.sku}</Ltr> → <Ltr mono>{row.replenish.location}</Ltr></> : "–") : <Link className={css.whole} to={`/floor/${encodeURIComponent(code)}/parcels/${row.order}/${row.parcel}`}>{t.parcelOf(row.parcel)}</Link> },
    { id: "order", name: t.order, cell: (row) => row.order ? <OrderLink id={row.order} code={code} /> : "–" },
    {
      id: "state", name: t.state,
      cell: (row) => (
        <span className={css.badges}>
          <Badge tone={row.state === "leased" ? "info" : "warn"}>{t.taskStates[row.state] ?? row.state}</Badge>
          {row.held ? <Badge tone="bad"><bdi>{row.held}</bdi></Badge> : null}
        </span>
      ),
    },
    { id: "priority", name: t.priority, end: true, cell: (row) => <Ltr>{row.priority}</Ltr> },
    {
      id: "by", name: t.by,
      cell: (row) => (
        <>
          {row.operator ? <bdi>{name(row.operator)}</bdi> : "–"}
          {row.device ? <span className={css.note}><Ltr mono>{row.device}</Ltr></span> : null}
          {row.only && row.only !== row.operator ? <span className={css.note}>{t.only} <bdi>{name(row.only)}</bdi></span> : null}
        </>
      ),
    },
    {
      id: "progress", name: t.progress, wide: true,
      cell: (row) => {
        const short = sum(row, (line) => line.short);
        if (row.replenish) return <Progress done={row.replenish.brought} all={row.replenish.units} />;
        if (row.lines.length === 0) return "–";
        return <><Progress done={sum(row, (line) => line.picked)} all={sum(row, (line) => line.need)} />{short > 0 ? <span className={css.note}>{t.shortOf(format.number(short))}</span> : null}</>;
      },
    },
    { id: "age", name: t.age, wide: true, cell: (row) => <When at={row.created} /> },
  ];
}

interface SteerProps {
  code: string;
  task: Task;
  close: () => void;
}

function PriorityDialog({ code, task, close }: SteerProps) {
  const t = useText({ en, ur });
  const [priority, setPriority] = useState(task.priority);
  const send = useSend("post", `${PATHS.tasks}/{task}/priority`, { refresh: [PATHS.tasks] });
  const submit = () => send.mutate({ path: { code, task: task.task }, body: { priority } }, { onSuccess: () => { toast.good(t.prioritySet); close(); } });
  return (
    <FormDialog open onClose={close} title={t.setPriority} submit={t.save} busy={send.isPending} error={send.error} onSubmit={submit} blocked={!(priority >= 0 && priority <= 255)}>
      <WholeField label={t.priority} hint={t.priorityHelp} min={0} max={255} value={priority} onChange={setPriority} autoFocus isRequired error={refusedAt(send.error, "/priority")} />
    </FormDialog>
  );
}

const ANYBODY = "anybody";

function ReassignDialog({ code, task, close }: SteerProps) {
  const t = useText({ en, ur });
  const [to, setTo] = useState(task.only ?? ANYBODY);
  const operators = useGet(PATHS.operators, { path: { code }, query: { limit: 200 } });
  const send = useSend("post", `${PATHS.tasks}/{task}/reassign`, { refresh: [PATHS.tasks] });
  const submit = () =>
    send.mutate({ path: { code, task: task.task }, body: { to: to === ANYBODY ? null : to } }, { onSuccess: () => { toast.good(t.reassigned); close(); } });
  const people = new Map((operators.data?.items ?? []).map((one) => [one.user, one]));
  return (
    <FormDialog open onClose={close} title={t.reassignTitle(String(task.task))} text={t.reassignText} submit={t.reassign} busy={send.isPending} error={send.error} onSubmit={submit}>
      <Select
        label={t.to} value={to} onChange={setTo} error={refusedAt(send.error, "/to")}
        options={[{ id: ANYBODY, label: t.anybody }, ...[...people.values()].map((one) => ({ id: one.user, label: one.name, note: one.device ?? t.notSignedOn }))]}
      />
    </FormDialog>
  );
}
