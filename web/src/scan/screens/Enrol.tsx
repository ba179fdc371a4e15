// Enrolling: by a scanned, photographed or typed code, or by a link that carries it.
import { Camera as CameraIcon } from "lucide-react";
import { type FormEvent, useCallback, useEffect, useRef, useState } from "react";
import { asProblem, type Problem } from "../../api/problem";
import { codeIn, enrol, type Enrolled, isCode } from "../enrolment";
import { play } from "../sound";
import { listenToWedge } from "../wedge";
import { useWordsOfScan } from "../words";
import { Camera } from "./Camera";
import { Language } from "./Settings";

/** Takes the code out of the address, where it would stay in the history. */
function fromAddress(): string {
  const code = location.hash.startsWith("#enrol=") ? codeIn(location.hash) : "";
  if (code) history.replaceState(null, "", location.pathname);
  return code;
}

export function Enrol({ done }: { done: (enrolled: Enrolled) => void }) {
  const t = useWordsOfScan();
  const [code, setCode] = useState("");
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem>();
  const [camera, setCamera] = useState(false);
  const going = useRef(false);
  const go = useCallback(
    async (typed: string) => {
      const found = codeIn(typed);
      if (found === "" || going.current) return;
      going.current = true;
      setBusy(true);
      setProblem(undefined);
      try {
        const made = await enrol(found);
        play("ok");
        done(made);
      } catch (error) {
        play("stop");
        setProblem(asProblem(error));
        setBusy(false);
      } finally {
        going.current = false;
      }
    },
    [done],
  );
  const scanned = useCallback(
    (raw: string) => {
      setCamera(false);
      setCode(codeIn(raw));
      if (isCode(codeIn(raw))) void go(raw);
    },
    [go],
  );
  useEffect(() => listenToWedge(document, scanned), [scanned]);
  useEffect(() => {
    const given = fromAddress();
    if (given) scanned(given);
  }, [scanned]);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void go(code);
  };
  return (
    <main className="page narrow">
      <img className="logo" src="/scan-icon.svg" alt="" width="72" height="72" />
      <h1>{t.enrol.title}</h1>
      <p className="lead">{t.enrol.text}</p>
      {camera ? (
        <Camera scanned={scanned} close={() => setCamera(false)} />
      ) : (
        <button type="button" className="button big" onClick={() => setCamera(true)}>
          <CameraIcon aria-hidden />
          {t.input.camera}
        </button>
      )}
      <form className="form" onSubmit={submit}>
        <label className="field">
          <span>{t.enrol.code}</span>
          <input value={code} onChange={(event) => setCode(event.target.value)} dir="ltr" autoComplete="off" autoCapitalize="off" spellCheck={false} enterKeyHint="go" />
        </label>
        {problem ? (
          <p className="banner stop" role="alert">
            {problem.offline ? t.enrol.offline : problem.code === "bad_device_credential" ? t.enrol.wrong : <>{t.enrol.refused}: <bdi>{problem.detail}</bdi></>}
          </p>
        ) : null}
        <button type="submit" className="button primary big" disabled={busy || code.trim() === ""}>
          {busy ? t.enrol.busy : t.enrol.go}
        </button>
      </form>
      <Language />
    </main>
  );
}
