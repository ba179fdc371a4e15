// What the office and the floor tell this device (`device.{id}.inbox`): the oldest that nobody has dealt with, above
// whatever is being done. It goes when a person says so, on every page of the device and for good; work goes on beneath.
import { BellRing, MessageSquare } from "lucide-react";
import type { DeviceNotice, Item } from "../../wire/munshi-v1";
import type { Scanner, Shown } from "../scanner";
import { useWordsOfScan } from "../words";

export function Inbox({ scanner, shown }: { scanner: Scanner; shown: Shown }) {
  const t = useWordsOfScan();
  const [first] = shown.live.inbox;
  if (!first) return null;
  const notice = first.v as DeviceNotice;
  const said = notice.kind === "message";
  const Icon = said ? MessageSquare : BellRing;
  const more = shown.live.inbox.length - 1;
  return (
    <section className={`banner ${said ? "confirm" : "stop"} inbox`} role={said ? "status" : "alert"} key={first.off} data-testid="inbox">
      <Icon aria-hidden />
      <span>
        {said ? <b>{t.inbox.office}</b> : null}
        <strong dir="auto">{words(t.inbox, first)}</strong>
        <span className="quiet">
          <time className="num" dir="ltr">{new Date(notice.at).toLocaleTimeString("en-GB")}</time>
          {more > 0 ? ` · ${t.inbox.more(more)}` : ""}
        </span>
      </span>
      <button type="button" className="button" onClick={() => scanner.device.seen(first.off)}>
        {t.inbox.read}
      </button>
    </section>
  );
}

/** What a notice says. A kind that this release does not know is named. */
function words(t: ReturnType<typeof useWordsOfScan>["inbox"], item: Item): string {
  const { kind, task = "", a } = item.v as DeviceNotice;
  const named = (a ?? {}) as Record<string, unknown>;
  if (kind === "message") return String(named["text"] ?? "");
  if (kind === "signed_on_elsewhere") return t.elsewhere(String(named["device"] ?? ""));
  return t.kinds[kind]?.(task) ?? kind.replaceAll("_", " ");
}
