import { ScanBarcode, Users } from "lucide-react";
import { type Schema, useList } from "@/api/react";
import { Link } from "@/app/nav";
import { useText } from "@/i18n";
import { en } from "@/i18n/en/floor";
import { ur } from "@/i18n/ur/floor";
import { useTopic } from "@/live/react";
import { topicCode } from "@/pages/parts/warehouse";
import { Badge, buttonClass, Card, Empty, Ltr, Num, type Tone, When } from "@/ui";
import { Rows, type RowsColumn } from "@/ui/Rows";
import type { DeviceRow } from "@/wire/munshi-v1";
import css from "./floor.module.css";
import { PATHS, SLOW } from "./live";
import { useOperatorNames } from "./names";
import { Waiting } from "./parts";

type Device = Schema["DeviceView"];
type Operator = Schema["OperatorView"];
const TONE: Record<string, Tone> = { online: "good", enrolled: "neutral", away: "warn", invited: "warn", offline: "neutral", revoked: "bad" };
/** A clock that is off by less changes nothing on a screen. */
const SKEW_MS = 5_000;

/** Who is at work, and on which scanner. */
export function PeopleTab({ code }: { code: string }) {
  const t = useText({ en, ur });
  const live = useTopic<DeviceRow>(`wh.${topicCode(code)}.devices`).rows;
  const devices = useList(PATHS.devices, { path: { code } }, { limit: 200, every: SLOW });
  const operators = useList(PATHS.operators, { path: { code } }, { limit: 200, every: SLOW });
  const manage = <Link className={buttonClass("plain", true)} to="/settings/devices" search={{ w: code }}>{t.manageDevices}</Link>;
  const deviceColumns = useDeviceColumns(code, (device) => live.get(device)?.v);
  const at = (device: string) => devices.rows.find((one) => one.device === device)?.label ?? device;
  const operatorColumns: RowsColumn<Operator>[] = [
    { id: "name", name: t.operator, cell: (row) => <><bdi>{row.name}</bdi><span className={css.note}>{t.badge} <Ltr mono>{row.badge}</Ltr></span></> },
    { id: "at", name: t.signedOn, cell: (row) => (row.device ? <Badge tone="good"><bdi>{at(row.device)}</bdi></Badge> : <span className={css.hint}>{t.notSignedOn}</span>) },
    { id: "state", name: t.state, cell: (row) => (row.locked ? <Badge tone="bad">{t.locked}</Badge> : "–") },
  ];
  return (
    <div className={css.stack}>
      <Card title={t.devices} flush actions={manage}>
        <Waiting query={devices} />
        {devices.data && devices.rows.length === 0 ? <Empty icon={<ScanBarcode aria-hidden />} title={t.noDevices}>{t.noDevicesText}</Empty> : null}
        {devices.rows.length > 0 ? <Rows label={t.devices} columns={deviceColumns} rows={devices.rows} rowKey={(row) => row.device} mark={(row) => live.get(row.device)?.mark} /> : null}
      </Card>
      <Card title={t.operators} flush>
        <Waiting query={operators} />
        {operators.data && operators.rows.length === 0 ? <Empty icon={<Users aria-hidden />} title={t.noOperators}>{t.noOperatorsText}</Empty> : null}
        {operators.rows.length > 0 ? <Rows label={t.operators} columns={operatorColumns} rows={operators.rows} rowKey={(row) => row.badge} /> : null}
      </Card>
    </div>
  );
}

function useDeviceColumns(code: string, live: (device: string) => DeviceRow | undefined): RowsColumn<Device>[] {
  const t = useText({ en, ur });
  const name = useOperatorNames(code);
  return [
    { id: "device", name: t.device, cell: (row) => <><bdi>{row.label}</bdi><span className={css.note}><Ltr mono>{row.device}</Ltr></span></> },
    {
      id: "state", name: t.state,
      cell: (row) => {
        const state = live(row.device)?.state ?? row.state;
        return <Badge tone={TONE[state]}>{t.deviceStates[state] ?? state}</Badge>;
      },
    },
    {
      id: "operator", name: t.operator,
      cell: (row) => {
        const user = row.operator ?? live(row.device)?.operator;
        return user ? <bdi>{name(user)}</bdi> : "–";
      },
    },
    { id: "task", name: t.task, wide: true, cell: (row) => <Ltr mono>{live(row.device)?.task ?? "–"}</Ltr> },
    {
      id: "seen", name: t.seen,
      cell: (row) => {
        const seen = live(row.device)?.seen_at ?? row.seen;
        const skew = live(row.device)?.skew_ms ?? 0;
        return <>{seen ? <When at={seen} /> : t.never}{Math.abs(skew) > SKEW_MS ? <span className={css.note}>{t.skew} <Num value={Math.round(skew / 1_000)} /> s</span> : null}</>;
      },
    },
  ];
}
