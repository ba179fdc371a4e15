// A flow: what to do in large type, what it is about, what may be done beside scanning, and the ways to put a code in.
import { ArrowLeft, Camera as CameraIcon, Keyboard, SendHorizontal } from "lucide-react";
import { type FormEvent, useState } from "react";
import { modeOf, pickNeeds } from "../offline";
import { flowOf, type Out, stepsOf } from "../out";
import type { Scanner, Shown } from "../scanner";
import { useWordsOfScan } from "../words";
import { Actions } from "./Actions";
import { Camera } from "./Camera";
import { Facts } from "./Facts";
import { Ask } from "./Forms";
import { Message } from "./Message";

export function Work({ scanner, shown, screen }: { scanner: Scanner; shown: Shown; screen: Out }) {
  const t = useWordsOfScan();
  const flow = flowOf(screen);
  const name = flow ? t.flows[flow as keyof typeof t.flows] : "";
  const step = t.steps[stepsOf(flow)]?.[screen.state] ?? screen.state;
  // A tote is a location to the server; to people it is a tote.
  const expect = screen.expect.map((what) => t.expect[flow === "pack" && what === "location" ? "tote" : what] ?? what);
  return (
    <main className="page work">
      <div className="title">
        <button type="button" className="icon" onClick={() => void scanner.intend("suspend", {})} aria-label={t.act["suspend"]}>
          <ArrowLeft aria-hidden className="flip" />
        </button>
        <h1>{name}</h1>
      </div>
      {shown.away ? <Away shown={shown} screen={screen} scanner={scanner} /> : <p className="step">{step}</p>}
      {!shown.away && expect.length > 1 ? <p className="hint">{t.scanFor(expect.join(` ${t.or} `))}</p> : null}
      <Message shown={shown} />
      <Facts out={screen} />
      {shown.away ? null : <Actions scanner={scanner} shown={shown} out={screen} />}
      <Input scanner={scanner} />
    </main>
  );
}

/** What goes on without a connection. */
function Away({ scanner, shown, screen }: { scanner: Scanner; shown: Shown; screen: Out }) {
  const t = useWordsOfScan();
  const mode = modeOf(screen);
  const flow = flowOf(screen);
  const { collected } = shown;
  const key = mode === "steady" ? flow : screen.state === "AwayDone" ? "pickDone" : mode === "none" ? "other" : mode;
  const words = t.away[key as "put_away" | "ship" | "pack" | "count" | "pick" | "pickDone" | "other"];
  const need = mode === "pick" ? pickNeeds(screen, collected) : undefined;
  const step = t.steps["pick"] ?? {};
  const next = need === "location" ? step["Loc"] : need === "item" ? step["Item"] : need === "tote" ? step["Tote"] : undefined;
  return (
    <>
      <p className="banner confirm">{words}</p>
      {mode === "put_away" ? <p className="step">{t.steps["put_away"]?.[collected.plate ? "LocationScan" : "Lpn"]}</p> : null}
      {collected.plate ? (
        <p className="fact-large">
          <span>{t.facts["plate"]}</span>
          <bdi className="num long">{collected.plate}</bdi>
        </p>
      ) : null}
      {next ? <p className="step">{next}</p> : null}
      {need === "units" ? <Ask fields={[{ name: "units", label: t.away.howMany, kind: "number" }]} done={({ units }) => scanner.units(Number(units))} /> : null}
    </>
  );
}

/** Camera and keyboard, for codes that no scanner reads. */
function Input({ scanner }: { scanner: Scanner }) {
  const t = useWordsOfScan();
  const [way, setWay] = useState<"camera" | "manual">();
  const [typed, setTyped] = useState("");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (typed.trim() === "") return;
    scanner.scan(typed.trim());
    setTyped("");
  };
  return (
    <section className="input">
      {way === "camera" ? (
        <Camera
          close={() => setWay(undefined)}
          scanned={(raw, aim) => scanner.scan(raw, aim)}
        />
      ) : null}
      {way === "manual" ? (
        <form className="with" onSubmit={submit}>
          <input aria-label={t.input.manual} placeholder={t.input.manual} value={typed} onChange={(event) => setTyped(event.target.value)} dir="ltr" autoComplete="off" autoCapitalize="characters" spellCheck={false} enterKeyHint="send" autoFocus />
          <button type="submit" className="icon primary" aria-label={t.input.send}>
            <SendHorizontal aria-hidden className="flip" />
          </button>
        </form>
      ) : null}
      <div className="row">
        <button type="button" className="button" aria-pressed={way === "manual"} onClick={() => setWay(way === "manual" ? undefined : "manual")}>
          <Keyboard aria-hidden />
          {t.input.manual}
        </button>
        <button type="button" className="button" aria-pressed={way === "camera"} onClick={() => setWay(way === "camera" ? undefined : "camera")}>
          <CameraIcon aria-hidden />
          {t.input.camera}
        </button>
      </div>
    </section>
  );
}
