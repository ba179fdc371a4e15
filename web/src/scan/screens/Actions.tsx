// What may be done beside scanning, as the server's `allowed` names it. What it does not name is not offered.
import { useEffect, useState } from "react";
import { at, flowOf, list, type Out, text } from "../out";
import type { Scanner, Shown } from "../scanner";
import { useWordsOfScan } from "../words";
import { Ask, Choose, type Field } from "./Forms";

/** Inputs that are the point of their state: their form is open. */
const OPEN = new Set(["quantity", "condition", "grade", "disposition", "carton", "weigh", "seal", "bin_empty", "label"]);
/** Inputs that are one touch. */
const PLAIN = new Set(["get_work", "next", "close", "confirm", "skip", "full", "verify", "depart", "submit", "nothing"]);
/** Those that go on, drawn first and in colour. */
const ONWARD = new Set(["get_work", "next", "confirm", "verify", "close", "submit", "depart"]);

export function Actions({ scanner, shown, out }: { scanner: Scanner; shown: Shown; out: Out }) {
  const t = useWordsOfScan();
  const [asked, setAsked] = useState<string>();
  const place = `${out.state} ${out.allowed.join()}`;
  // Another state asks for other things.
  useEffect(() => setAsked(undefined), [place]);
  const flow = flowOf(out);
  const words = (word: string) => (word === "submit" && flow === "pack" ? t.submitPack : (t.act[word] ?? word));
  // A question is answered by the same input once more: that one is marked.
  const question = shown.notice?.sound === "confirm" && shown.notice.st === "rejected" ? shown.notice.op : undefined;
  const allowed = out.allowed.filter((word) => word !== "suspend" && word !== "choose");
  const open = allowed.filter((word) => OPEN.has(word));
  const first = allowed.filter((word) => PLAIN.has(word) && ONWARD.has(word));
  const rest = allowed.filter((word) => !OPEN.has(word) && !first.includes(word));
  const press = (word: string) => (PLAIN.has(word) ? void scanner.intend(word, {}) : setAsked(asked === word ? undefined : word));
  return (
    <section className="actions">
      {open.map((word) => (
        <Form key={`${word} ${out.rev}`} word={word} scanner={scanner} out={out} />
      ))}
      {first.map((word, n) => (
        <button type="button" key={word} className={`button big ${question === word ? "warn" : n === 0 && open.length === 0 ? "primary" : ""}`} onClick={() => press(word)}>
          {words(word)}
        </button>
      ))}
      {asked ? <Form word={asked} scanner={scanner} out={out} cancel={() => setAsked(undefined)} /> : null}
      {rest.length > 0 ? (
        <div className="row wrap">
          {rest.map((word) => (
            <button type="button" key={word} className="button" aria-expanded={PLAIN.has(word) ? undefined : asked === word} onClick={() => press(word)}>
              {words(word)}
            </button>
          ))}
        </div>
      ) : null}
    </section>
  );
}

const CARTON = "munshi.scan.carton";
const BIN = "munshi.scan.bin";

/** The form of one input. */
function Form({ word, scanner, out, cancel }: { word: string; scanner: Scanner; out: Out; cancel?: () => void }) {
  const t = useWordsOfScan();
  const does = (op: string, a: unknown) => {
    void scanner.intend(op, a);
    cancel?.();
  };
  const ask = (fields: Field[], done: (values: Record<string, string>) => void) => <Ask fields={fields} done={done} {...(cancel && { cancel })} />;
  const label = t.act[word] ?? word;
  switch (word) {
    case "quantity":
      return ask([{ name: "qty", label: out.state === "CheckDigits" ? t.ask.checkDigits : label, kind: "number" }], ({ qty }) => does("qty", { qty }));
    case "condition":
      return <Choose words={t.condition} choices={["good", "damaged", "quarantine"]} done={(condition) => does("condition", { condition })} />;
    case "grade":
      return <Choose words={t.grade} choices={["new", "opened", "damaged", "unusable"]} done={(grade) => does("grade", { grade })} />;
    case "disposition":
      return <Choose words={t.disposition} choices={["restock", "refurbish", "quarantine", "scrap"]} done={(disposition) => does("disposition", { disposition })} />;
    case "bin_empty":
      return <Choose words={{ yes: t.ask.yes, no: t.ask.no }} choices={["yes", "no"]} done={(answer) => does("bin_empty", { empty: answer === "yes" })} />;
    case "label":
      return (
        <Choose
          words={{ printed: label, failed: t.act["label_failed"] ?? "" }}
          choices={["printed", "failed"]}
          done={(how) => does("label", { printed: how === "printed" })}
        />
      );
    case "carton":
      return <Carton does={does} />;
    case "weigh":
      return ask([{ name: "grams", label, kind: "number" }], ({ grams }) => does("weigh", { grams: Math.round(Number(grams)) || 0 }));
    case "seal":
      return ask([{ name: "number", label, kind: "text" }], ({ number }) => does("seal", { number }));
    case "expiry":
      return ask([{ name: "date", label: t.ask.date, kind: "date" }], ({ date }) => does("expiry", { date }));
    case "override":
      return ask([{ name: "reason", label: t.ask.reason, kind: "reason" }], ({ reason }) => does("override", { reason }));
    case "short":
      return ask(
        [
          { name: "found", label: t.ask.found, kind: "number", value: "0" },
          { name: "reason", label: t.ask.reason, kind: "reason" },
        ],
        ({ found, reason }) => does("short", { found: Math.max(0, Math.trunc(Number(found)) || 0), reason }),
      );
    case "change_lot":
      return ask(
        [
          { name: "lot", label: t.ask.lot, kind: "text" },
          { name: "reason", label: t.ask.reason, kind: "reason" },
        ],
        (values) => does("change_lot", values),
      );
    case "split":
      return ask(
        [
          { name: "sku", label: t.ask.sku, kind: "text", value: text(at(list(out.view["stock"])[0], "sku")) ?? text(at(list(out.view["stock"])[0], "goods", "sku")) ?? "" },
          { name: "units", label: t.ask.units, kind: "number" },
          { name: "into", label: t.ask.into, kind: "text" },
        ],
        ({ sku, units, into }) => does("plate.split", { sku, units: Math.trunc(Number(units)) || 0, into }),
      );
    case "create_plate":
      return <Plate does={does} dock={text(out.view["dock"])} ask={ask} />;
    default:
      return null;
  }
}

/** A plate stands at the dock of the receipt; where there is none, the operator says where. */
function Plate({ does, dock, ask }: { does: (op: string, a: unknown) => void; dock: string | undefined; ask: (fields: Field[], done: (values: Record<string, string>) => void) => React.ReactNode }) {
  const t = useWordsOfScan();
  const known = dock ?? localStorage.getItem(BIN) ?? "";
  return ask([{ name: "bin", label: t.ask.bin, kind: "text", value: known }], ({ bin }) => {
    localStorage.setItem(BIN, bin ?? "");
    does("plate.create", { bin });
  });
}

/** Cartons that were used here before, and any other. Which may be used is the site's rule. */
function Carton({ does }: { does: (op: string, a: unknown) => void }) {
  const t = useWordsOfScan();
  const used = (localStorage.getItem(CARTON) ?? "BOX-S BOX-M BOX-L").split(" ");
  const choose = (kind: string) => {
    localStorage.setItem(CARTON, [kind, ...used.filter((one) => one !== kind)].slice(0, 4).join(" "));
    does("carton", { kind });
  };
  return (
    <>
      <Choose words={{}} choices={used} done={choose} />
      <Ask fields={[{ name: "kind", label: t.ask.otherCarton, kind: "text" }]} done={({ kind }) => choose((kind ?? "").replaceAll(" ", "-"))} />
    </>
  );
}
