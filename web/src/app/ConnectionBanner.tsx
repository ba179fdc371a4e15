/** Says honestly how current the page is. Nothing is drawn over the page while all is well but a small dot. */
import { CloudOff, LoaderCircle, TriangleAlert, Wifi } from "lucide-react";
import { signOut } from "@/api/session";
import { useText } from "@/i18n";
import { en } from "@/i18n/en/app";
import { ur } from "@/i18n/ur/app";
import { useConnection } from "@/live/react";
import { Button, cx } from "@/ui";
import css from "./ConnectionBanner.module.css";
import { useEffect, useState } from "react";

/** A state is shown only if it lasts: a reconnect of a tenth of a second is no news. */
const PATIENCE_MS = 1200;

function useLasting<T>(value: T, calm: boolean): boolean {
  const [lasting, setLasting] = useState(false);
  useEffect(() => {
    setLasting(false);
    if (calm) return;
    const timer = setTimeout(() => setLasting(true), PATIENCE_MS);
    return () => clearTimeout(timer);
  }, [value, calm]);
  return lasting;
}

export function ConnectionDot() {
  const t = useText({ en, ur });
  const { state } = useConnection();
  return (
    <span className={cx(css.dot, css[state])} role="status">
      <span className={css.bulb} />
      <span className={css.word}>{t.connection[state]}</span>
    </span>
  );
}

export function ConnectionBanner() {
  const t = useText({ en, ur });
  const connection = useConnection();
  const { state } = connection;
  const calm = state === "live" || state === "idle" || state === "connecting" || state === "catching_up" || state === "signed_out";
  const lasting = useLasting(state, calm);
  if (calm || (!lasting && state !== "refused")) return null;
  if (connection.state === "refused") {
    return (
      <div role="alert" className={cx(css.banner, css.bad)}>
        <TriangleAlert aria-hidden />
        <span className={css.text}>{t.refused[connection.reason as keyof typeof t.refused] ?? `${t.refusedOther} (${connection.reason})`}</span>
        {connection.reason === "revoked" || connection.reason === "token_bad"
          ? <Button small onPress={() => void signOut()}>{t.signInAgain}</Button>
          : <Button small onPress={connection.retry}>{t.connectNow}</Button>}
      </div>
    );
  }
  return (
    <div role="status" className={css.banner}>
      {state === "offline" ? <CloudOff aria-hidden /> : state === "reconnecting" ? <LoaderCircle aria-hidden className={css.spin} /> : <Wifi aria-hidden />}
      <span className={css.text}>
        {state === "offline" ? t.offline : t.reconnecting}
        {connection.seconds ? <span className="num"> {t.nextTry(connection.seconds)}</span> : null}
      </span>
      <Button small onPress={connection.retry}>{t.connectNow}</Button>
    </div>
  );
}
