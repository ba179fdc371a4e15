// What is said now: large, coloured and read out, until the next thing is said.
import { Check, CircleAlert, CircleHelp, Clock } from "lucide-react";
import type { Shown } from "../scanner";
import { useSay, useWordsOfScan } from "../words";

const ICONS = { ok: Check, confirm: CircleHelp, stop: CircleAlert, kept: Clock };

export function Message({ shown }: { shown: Shown }) {
  const t = useWordsOfScan();
  const say = useSay();
  const { notice } = shown;
  if (!notice) return <div className="say none" role="status" />;
  const { sound, msg, st } = notice;
  const said = msg ? say(msg) : undefined;
  const outcome = st === "waiting" ? (shown.away ? t.said["kept"] : t.said["waiting"]) : st && (!said || (st !== "applied" && sound !== "confirm")) ? t.said[st] : undefined;
  if (!said && !outcome) return <div className="say none" role="status" />;
  const Icon = ICONS[sound];
  return (
    <div className={`say ${sound}`} role={sound === "stop" ? "alert" : "status"} key={notice.n}>
      <Icon aria-hidden />
      <div>
        <strong>{said?.words ?? outcome}</strong>
        {said && outcome ? <span className="quiet">{outcome}</span> : null}
        {said?.about.map((line) => (
          <span key={line}>
            <bdi>{line}</bdi>
          </span>
        ))}
      </div>
    </div>
  );
}
