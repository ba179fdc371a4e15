// Badge and PIN. Only with a connection: a PIN does not wait in a queue.
import { Camera as CameraIcon } from "lucide-react";
import { type FormEvent, useEffect, useRef, useState } from "react";
import type { TakeScan } from "../App";
import type { Scanner, Shown } from "../scanner";
import { useWordsOfScan } from "../words";
import { Camera } from "./Camera";
import { Message } from "./Message";

export function SignOn({ scanner, shown, capture }: { scanner: Scanner; shown: Shown; capture: (take: TakeScan | undefined) => void }) {
  const t = useWordsOfScan();
  const [badge, setBadge] = useState("");
  const [pin, setPin] = useState("");
  const [camera, setCamera] = useState(false);
  const pinField = useRef<HTMLInputElement>(null);
  useEffect(() => {
    capture((raw) => {
      setBadge(raw.trim());
      pinField.current?.focus();
    });
    return () => capture(undefined);
  }, [capture]);
  const there = shown.live.connection.state === "live" || shown.live.connection.state === "catching_up";
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (badge.trim() === "" || pin === "") return;
    void scanner.signOn(badge.trim(), pin);
    setPin("");
  };
  const { takeOver } = shown;
  return (
    <main className="page narrow">
      <h1>{t.on.title}</h1>
      <p className="lead">{t.on.text}</p>
      <Message shown={shown} />
      {takeOver ? (
        <button type="button" className="button warn big" onClick={() => void scanner.signOn(takeOver.badge, takeOver.pin)}>
          {t.on.takeOver}
        </button>
      ) : null}
      {camera ? (
        <Camera
          close={() => setCamera(false)}
          scanned={(raw) => {
            setCamera(false);
            setBadge(raw.trim());
            pinField.current?.focus();
          }}
        />
      ) : null}
      <form className="form" onSubmit={submit}>
        <label className="field">
          <span>{t.on.badge}</span>
          <span className="with">
            <input value={badge} onChange={(event) => setBadge(event.target.value)} dir="ltr" autoComplete="off" autoCapitalize="characters" spellCheck={false} enterKeyHint="next" />
            <button type="button" className="icon" onClick={() => setCamera(!camera)} aria-label={t.input.camera}>
              <CameraIcon aria-hidden />
            </button>
          </span>
        </label>
        <label className="field">
          <span>{t.on.pin}</span>
          <input ref={pinField} value={pin} onChange={(event) => setPin(event.target.value)} type="password" inputMode="numeric" autoComplete="off" dir="ltr" maxLength={12} enterKeyHint="go" />
        </label>
        {there ? null : <p className="hint">{t.on.away}</p>}
        <button type="submit" className="button primary big" disabled={!there || badge.trim() === "" || pin === ""}>
          {t.on.go}
        </button>
      </form>
    </main>
  );
}
