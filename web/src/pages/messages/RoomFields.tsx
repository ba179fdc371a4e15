/** What a chat room hears of: whose alerts and approvals, which of them, in which language. */
import { useId } from "react";
import { useText, useWords } from "@/i18n";
import { en } from "@/i18n/en/messages";
import { ur } from "@/i18n/ur/messages";
import { Checkbox, Checks, Select } from "@/ui";
import css from "./messages.module.css";
import { useSays } from "./parts";
import { type Room, ROOM_KINDS } from "./vendors";

const ROLES = ["admin", "sales_manager", "finance", "customer_service", "warehouse"];

export function RoomFields({ room, onChange }: { room: Room; onChange: (room: Room) => void }) {
  const t = useText({ en, ur });
  const says = useSays();
  const words = useWords();
  return (
    <>
      <Several label={t.roomRoles} hint={t.roomRolesHint} missing={t.roomRolesNone} all={ROLES} say={(role) => words("role", role)} value={room.roles} onChange={(roles) => onChange({ ...room, roles })} />
      <Several label={t.roomKinds} missing={t.roomKindsNone} all={ROOM_KINDS} say={(kind) => says("kind", kind)} value={room.kinds} onChange={(kinds) => onChange({ ...room, kinds })} />
      <Select label={t.language} value={room.language} options={["en", "ur"].map((id) => ({ id, label: says("language", id) }))} onChange={(language) => onChange({ ...room, language })} />
    </>
  );
}

interface SeveralProps {
  label: string;
  hint?: string;
  /** What is said when none is chosen. */
  missing: string;
  all: readonly string[];
  say: (one: string) => string;
  value: string[];
  onChange: (value: string[]) => void;
}

/** Any of a few, at least one; what the server knows and this page does not stays chosen. */
function Several({ label, hint, missing, all, say, value, onChange }: SeveralProps) {
  const id = useId();
  const shown = [...all, ...value.filter((one) => !all.includes(one))];
  return (
    <Checks label={label} describedBy={id} foot={<p id={id} className={value.length === 0 ? css.tickBad : css.quiet}>{value.length === 0 ? missing : hint}</p>}>
      {shown.map((one) => (
        <Checkbox key={one} isSelected={value.includes(one)} onChange={(on) => onChange(on ? [...value, one] : value.filter((other) => other !== one))}>{say(one)}</Checkbox>
      ))}
    </Checks>
  );
}
