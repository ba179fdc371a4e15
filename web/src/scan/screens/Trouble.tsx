// What keeps the device from working, said plainly, with what can be done about it.
import { CircleAlert } from "lucide-react";
import type { Scanner, Shown } from "../scanner";
import { useWordsOfScan } from "../words";

export function Trouble({ scanner, shown, again }: { scanner: Scanner; shown: Shown; again: () => void }) {
  const t = useWordsOfScan();
  const { connection, alarm, storeFailed } = shown.live;
  if (alarm) return <Banner words={t.alarm} act={t.enrol.again} on={again} />;
  if (storeFailed) return <Banner words={t.storeFailed} />;
  const reason = connection.state === "refused" ? connection.reason : connection.state === "signed_out" ? shown.refused : undefined;
  if (!reason) return null;
  const words = t.refused[reason] ?? t.refusedOther(reason);
  if (reason === "replaced") return <Banner words={words} act={t.useHere} on={() => location.reload()} />;
  const anew = ["device_revoked", "revoked", "generation_fenced", "device_unknown", "token_bad", "key_bad"].includes(reason);
  return <Banner words={words} act={anew ? t.enrol.again : t.tryNow} on={anew ? again : () => scanner.device.start()} />;
}

function Banner({ words, act, on }: { words: string; act?: string; on?: () => void }) {
  return (
    <div className="banner stop" role="alert">
      <CircleAlert aria-hidden />
      <span>{words}</span>
      {act ? (
        <button type="button" className="button" onClick={on}>
          {act}
        </button>
      ) : null}
    </div>
  );
}
