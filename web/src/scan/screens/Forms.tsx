// Small questions: a few fields and OK, or a choice of large buttons.
import { type FormEvent, useState } from "react";
import { useWordsOfScan } from "../words";

/** One field of a question. */
export interface Field {
  name: string;
  label: string;
  kind: "text" | "number" | "date" | "reason";
  value?: string;
}

/** Asks for a few values; `done` gets them when all are there. */
export function Ask({ fields, done, cancel }: { fields: Field[]; done: (values: Record<string, string>) => void; cancel?: () => void }) {
  const t = useWordsOfScan();
  const [values, setValues] = useState<Record<string, string>>(() => Object.fromEntries(fields.map(({ name, value }) => [name, value ?? ""])));
  const set = (name: string, value: string) => setValues((old) => ({ ...old, [name]: value }));
  const whole = fields.every(({ name }) => (values[name] ?? "").trim() !== "");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!whole) return;
    done(Object.fromEntries(Object.entries(values).map(([name, value]) => [name, value.trim()])));
    setValues(Object.fromEntries(fields.map(({ name, value }) => [name, value ?? ""])));
  };
  return (
    <form className="form ask" onSubmit={submit}>
      {fields.map(({ name, label, kind }, at) => (
        <label className="field" key={name}>
          <span>{label}</span>
          <input
            name={name}
            value={values[name] ?? ""}
            onChange={(event) => set(name, event.target.value)}
            type={kind === "date" ? "date" : "text"}
            inputMode={kind === "number" ? "numeric" : undefined}
            dir={kind === "reason" ? "auto" : "ltr"}
            autoComplete="off"
            spellCheck={false}
            enterKeyHint={at === fields.length - 1 ? "go" : "next"}
            className={kind === "number" ? "digits num" : undefined}
          />
          {kind === "reason" ? (
            <span className="chips">
              {t.reasons.map((reason) => (
                <button type="button" className="chip" key={reason} onClick={() => set(name, reason)} aria-pressed={values[name] === reason}>
                  {reason}
                </button>
              ))}
            </span>
          ) : null}
        </label>
      ))}
      <div className="row">
        {cancel ? (
          <button type="button" className="button" onClick={cancel}>
            {t.ask.cancel}
          </button>
        ) : null}
        <button type="submit" className="button primary" disabled={!whole}>
          {t.ask.ok}
        </button>
      </div>
    </form>
  );
}

/** One of several. */
export function Choose({ words, choices, done }: { words: Record<string, string>; choices: readonly string[]; done: (choice: string) => void }) {
  return (
    <div className="choices">
      {choices.map((choice) => (
        <button type="button" className="button big" key={choice} onClick={() => done(choice)}>
          {words[choice] ?? choice}
        </button>
      ))}
    </div>
  );
}
