// Language, colours, sound; what the device is; a test of the scanner that shows its bytes and records nothing.
import { type ReactNode, useEffect, useState, useSyncExternalStore } from "react";
import type { TakeScan } from "../App";
import { setTheme, useTheme } from "../../app/theme";
import { setLanguage, useLanguage } from "../../i18n";
import type { Scanner, Shown } from "../scanner";
import { heard, play, setHeard } from "../sound";
import { installNow, letIn, offered, onOffer } from "../update";
import { useWordsOfScan } from "../words";

export function Settings({ scanner, shown, capture, again }: { scanner: Scanner; shown: Shown; capture: (take: TakeScan | undefined) => void; again: () => void }) {
  const t = useWordsOfScan();
  const theme = useTheme();
  const [quiet, setQuiet] = useState(heard);
  const offer = useSyncExternalStore(onOffer, offered);
  const [kept, setKept] = useState<boolean>();
  const [sure, setSure] = useState(false);
  useEffect(() => {
    void navigator.storage?.persisted?.().then(setKept, () => undefined);
  }, []);
  const switchOff = (change: Partial<typeof quiet>) => {
    setHeard(change);
    setQuiet(heard());
    play("ok");
  };
  const left = shown.live.pending.length;
  return (
    <main className="page">
      <h1>{t.settings.title}</h1>
      {offer.update ? (
        <p className="banner confirm">
          <span>{t.settings.update}</span>
          <button type="button" className="button" onClick={letIn}>
            {t.settings.updateNow}
          </button>
        </p>
      ) : null}
      <Language />
      <Group name={t.settings.theme}>
        {(["system", "light", "dark"] as const).map((one) => (
          <button type="button" className="chip" key={one} aria-pressed={theme === one} onClick={() => setTheme(one)}>
            {t.settings[one]}
          </button>
        ))}
      </Group>
      <Group name={t.settings.sound}>
        <Switch on={quiet.sound} set={(sound) => switchOff({ sound })} />
      </Group>
      <Group name={t.settings.vibration}>
        <Switch on={quiet.vibration} set={(vibration) => switchOff({ vibration })} />
      </Group>
      <Test capture={capture} />
      <dl className="about">
        <About name={t.settings.device} value={scanner.enrolled.device} />
        <About name={t.settings.warehouse} value={scanner.enrolled.warehouse} />
        <About name={t.settings.version} value={__APP_VERSION__} />
        {kept === undefined ? null : <About name={t.settings.stays} value={kept ? t.settings.persistent : t.settings.best} />}
      </dl>
      {offer.install ? (
        <button type="button" className="button" onClick={installNow}>
          {t.settings.install}
        </button>
      ) : null}
      {left > 0 ? <p className="hint">{t.enrol.left(left, scanner.enrolled.device)}</p> : null}
      {sure ? (
        <div className="banner confirm">
          <span>{t.settings.sure}</span>
          <div className="row">
            <button type="button" className="button" onClick={() => setSure(false)}>
              {t.ask.cancel}
            </button>
            <button type="button" className="button warn" onClick={again}>
              {t.settings.forget}
            </button>
          </div>
        </div>
      ) : (
        <button type="button" className="button" onClick={() => setSure(true)}>
          {t.settings.forget}
        </button>
      )}
    </main>
  );
}

/** The language, each in its own words. */
export function Language() {
  const t = useWordsOfScan();
  const language = useLanguage();
  return (
    <Group name={t.settings.language}>
      <button type="button" className="chip" lang="en" aria-pressed={language === "en"} onClick={() => setLanguage("en")}>
        English
      </button>
      <button type="button" className="chip" lang="ur" aria-pressed={language === "ur"} onClick={() => setLanguage("ur")}>
        اردو
      </button>
    </Group>
  );
}

function Group({ name, children }: { name: string; children: ReactNode }) {
  return (
    <fieldset className="group">
      <legend>{name}</legend>
      <div className="chips">{children}</div>
    </fieldset>
  );
}

function Switch({ on, set }: { on: boolean; set: (on: boolean) => void }) {
  const t = useWordsOfScan();
  return (
    <>
      <button type="button" className="chip" aria-pressed={on} onClick={() => set(true)}>
        {t.settings.on}
      </button>
      <button type="button" className="chip" aria-pressed={!on} onClick={() => set(false)}>
        {t.settings.off}
      </button>
    </>
  );
}

function About({ name, value }: { name: string; value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        <bdi>{value}</bdi>
      </dd>
    </div>
  );
}

function Test({ capture }: { capture: (take: TakeScan | undefined) => void }) {
  const t = useWordsOfScan();
  const [raw, setRaw] = useState<string>();
  useEffect(() => {
    capture((code) => {
      play("ok");
      setRaw(code);
    });
    return () => capture(undefined);
  }, [capture]);
  const bytes = raw === undefined ? [] : [...new TextEncoder().encode(raw)].map((byte) => byte.toString(16).padStart(2, "0"));
  return (
    <section className="test">
      <h2>{t.settings.test}</h2>
      <p className="quiet">{t.settings.testText}</p>
      {raw === undefined ? null : (
        <>
          <p dir="ltr" className="mono" data-testid="tested">
            {raw.replaceAll("\u{1d}", "␝")}
          </p>
          <p dir="ltr" className="mono quiet">
            {t.settings.bytes}: {bytes.join(" ")}
          </p>
        </>
      )}
    </section>
  );
}
