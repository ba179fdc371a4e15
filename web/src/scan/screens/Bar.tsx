// The bar at the top: how the connection is, what waits to be sent, records and settings.
import { ArrowLeft, ListChecks, Settings as Gear } from "lucide-react";
import { useEffect, useState } from "react";
import type { Connection } from "../../live/connection";
import { monotonic } from "../../live/driver";
import type { Scanner, Shown } from "../scanner";
import { useWordsOfScan } from "../words";

type Sheet = "records" | "settings" | undefined;

export function Bar({ scanner, shown, sheet, open }: { scanner: Scanner; shown: Shown; sheet: Sheet; open: (sheet: Sheet) => void }) {
  const t = useWordsOfScan();
  const { connection, pending, parked } = shown.live;
  const toggle = (which: "records" | "settings") => open(sheet === which ? undefined : which);
  return (
    <header className="bar">
      {sheet ? (
        <button type="button" className="icon" onClick={() => open(undefined)} aria-label={t.back}>
          <ArrowLeft aria-hidden className="flip" />
        </button>
      ) : null}
      <button type="button" className={`link ${connection.state}`} onClick={() => scanner.device.start()}>
        <span className="bulb" aria-hidden />
        <span className="words">
          <span role="status">{t.connection[connection.state]}</span>
          <Countdown connection={connection} />
        </span>
      </button>
      <span className="who">{sheet ? "" : <bdi>{scanner.enrolled.device}</bdi>}</span>
      <button
        type="button"
        className={`icon ${parked.length > 0 ? "bad" : pending.length > 0 ? "warn" : ""}`}
        onClick={() => toggle("records")}
        aria-label={`${t.pending.title}: ${t.pending.open(pending.length)}`}
        aria-pressed={sheet === "records"}
      >
        <ListChecks aria-hidden />
        {pending.length > 0 ? <span className="count num">{pending.length}</span> : null}
      </button>
      <button type="button" className="icon" onClick={() => toggle("settings")} aria-label={t.settings.title} aria-pressed={sheet === "settings"}>
        <Gear aria-hidden />
      </button>
    </header>
  );
}

/** Seconds until the next attempt. */
function Countdown({ connection }: { connection: Connection }) {
  const t = useWordsOfScan();
  const at = connection.state === "reconnecting" ? connection.at : 0;
  const [now, setNow] = useState(monotonic);
  useEffect(() => {
    if (at === 0) return;
    setNow(monotonic());
    const timer = setInterval(() => setNow(monotonic()), 500);
    return () => clearInterval(timer);
  }, [at]);
  const seconds = Math.ceil((at - now) / 1_000);
  return at > 0 && seconds > 0 ? <span className="num quiet">{t.inSeconds(seconds)}</span> : null;
}
