// Which of the page's screens is shown: enrolling, signing on, the work, the records, the settings.
import { useCallback, useEffect, useRef, useState, useSyncExternalStore } from "react";
import { enrolled as stored, type Enrolled, forget } from "./enrolment";
import { flowOf } from "./out";
import { Scanner } from "./scanner";
import { Bar } from "./screens/Bar";
import { Enrol } from "./screens/Enrol";
import { Home } from "./screens/Home";
import { Inbox } from "./screens/Inbox";
import { Records } from "./screens/Records";
import { Settings } from "./screens/Settings";
import { SignOn } from "./screens/SignOn";
import { Trouble } from "./screens/Trouble";
import { Work } from "./screens/Work";
import { unlockSound } from "./sound";
import { useWakeLock } from "./wakelock";
import { listenToWedge } from "./wedge";
import { useWordsOfScan } from "./words";

/** Where scans go on the screen that is shown. */
export type TakeScan = (raw: string, aim?: string) => void;

export function App() {
  const [enrolled, setEnrolled] = useState<Enrolled | null>(stored);
  const [scanner, setScanner] = useState<Scanner | null>(null);
  const [failed, setFailed] = useState(false);
  useEffect(() => {
    if (!enrolled) return;
    let ended = false;
    let opened: Scanner | undefined;
    Scanner.open(enrolled, __APP_VERSION__).then(
      (made) => {
        opened = made;
        if (ended) made.end();
        else setScanner(made);
      },
      () => setFailed(true),
    );
    return () => {
      ended = true;
      opened?.end();
      setScanner(null);
    };
  }, [enrolled]);
  useEffect(() => {
    window.addEventListener("pointerdown", unlockSound);
    window.addEventListener("keydown", unlockSound);
    return () => {
      window.removeEventListener("pointerdown", unlockSound);
      window.removeEventListener("keydown", unlockSound);
    };
  }, []);
  const again = useCallback(() => {
    forget();
    setEnrolled(null);
  }, []);
  if (!enrolled) return <Enrol done={setEnrolled} />;
  if (failed) return <StoreGone />;
  return scanner ? <Device scanner={scanner} again={again} /> : null;
}

/** The browser does not let the page store anything: without that nothing may beep. */
function StoreGone() {
  const t = useWordsOfScan();
  return (
    <main className="page">
      <p className="banner stop" role="alert">{t.storeFailed}</p>
    </main>
  );
}

type Sheet = "records" | "settings" | undefined;

function Device({ scanner, again }: { scanner: Scanner; again: () => void }) {
  const shown = useSyncExternalStore(scanner.subscribe, scanner.state);
  const [sheet, setSheet] = useState<Sheet>();
  const target = useRef<TakeScan | undefined>(undefined);
  const capture = useCallback((take: TakeScan | undefined) => {
    target.current = take;
  }, []);
  const { badge, screen } = shown;
  useWakeLock(badge !== undefined);
  useEffect(
    () => listenToWedge(document, (raw) => (target.current ?? ((code: string) => scanner.scan(code)))(raw)),
    [scanner],
  );
  const work = badge !== undefined && screen !== undefined;
  return (
    <div className="device">
      <Bar scanner={scanner} shown={shown} sheet={sheet} open={setSheet} />
      <Trouble scanner={scanner} shown={shown} again={again} />
      <Inbox scanner={scanner} shown={shown} />
      {sheet === "records" ? (
        <Records scanner={scanner} shown={shown} />
      ) : sheet === "settings" ? (
        <Settings scanner={scanner} shown={shown} capture={capture} again={again} />
      ) : !work ? (
        <SignOn scanner={scanner} shown={shown} capture={capture} />
      ) : flowOf(screen) ? (
        <Work scanner={scanner} shown={shown} screen={screen} />
      ) : (
        <Home scanner={scanner} shown={shown} badge={badge} />
      )}
    </div>
  );
}
