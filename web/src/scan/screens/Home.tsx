// The home of flows.
import {
  ArrowLeftRight, Boxes, ClipboardList, LogOut, type LucideIcon, PackageCheck, PackageOpen, PackagePlus, PackageSearch, Repeat, ScanSearch, Truck, Undo2, Warehouse,
} from "lucide-react";
import type { Flow } from "../out";
import type { Scanner, Shown } from "../scanner";
import { useWordsOfScan } from "../words";
import { Message } from "./Message";

const FLOWS: readonly (readonly [Flow, LucideIcon])[] = [
  ["receive", PackagePlus],
  ["put_away", Warehouse],
  ["pick", PackageSearch],
  ["pack", PackageCheck],
  ["ship", Truck],
  ["count", ClipboardList],
  ["return", Undo2],
  ["move", ArrowLeftRight],
  ["inquiry", ScanSearch],
  ["pick_batch", Boxes],
  ["replenish", Repeat],
  ["put_back", PackageOpen],
];

export function Home({ scanner, shown, badge }: { scanner: Scanner; shown: Shown; badge: string }) {
  const t = useWordsOfScan();
  const asked = shown.notice?.msg?.code === "confirm_by_rescan" && shown.notice.op === "sign_off";
  return (
    <main className="page">
      <h1>{t.home.title}</h1>
      <p className="quiet">{t.home.hello(badge)}</p>
      <Message shown={shown} />
      {shown.away ? <p className="banner confirm">{t.away.other}</p> : null}
      <nav className="flows">
        {FLOWS.map(([flow, Icon]) => (
          <button type="button" key={flow} className="flow" onClick={() => void scanner.intend("choose", { flow })}>
            <Icon aria-hidden />
            <span>{t.flows[flow as keyof typeof t.flows]}</span>
          </button>
        ))}
      </nav>
      <button type="button" className={`button ${asked ? "warn" : ""}`} onClick={() => void scanner.intend("sign_off", {})}>
        <LogOut aria-hidden className="flip" />
        {t.home.off}
      </button>
    </main>
  );
}
