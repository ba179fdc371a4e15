// What the screen is about: one large fact for the eye, the others small, and the lists that a flow has.
//
// Only what the server sent is shown. A blind count has no field for what is expected, so none is drawn.
import { at, flowOf, list, type Out, text } from "../out";
import { useWordsOfScan } from "../words";

type Words = ReturnType<typeof useWordsOfScan>;

/** A name of the dictionary and its value. */
type Fact = readonly [string, string | undefined];

/** More characters than this do not stand beside others, nor in the largest type. */
const LONG = 12;

/** A value in words, where the server has codes or moments for it. */
function saying(t: Words, name: string, value: string): string {
  const words: Record<string, Record<string, string>> = { condition: t.condition, grade: t.grade, disposition: t.disposition, kind: t.kinds, state: t.states };
  if (words[name]) return words[name][value] ?? value.replaceAll("_", " ");
  if (!/^\d{4}-\d\d-\d\dT/.test(value)) return value;
  const locale = document.documentElement.lang === "ur" ? "ur-PK-u-nu-latn" : "en-GB";
  return new Intl.DateTimeFormat(locale, { day: "numeric", month: "short", hour: "numeric", minute: "2-digit", hourCycle: "h23" }).format(new Date(value));
}

/** The fact to see from two metres, by flow and state. */
function large(out: Out): Fact | undefined {
  const { view, state } = out;
  switch (flowOf(out)) {
    case "pick":
      if (state === "Loc") return ["location", text(at(view, "stop", "location"))];
      if (state === "Tote") return ["tote", text(at(view, "stop", "tote"))];
      if (state === "Qty") return ["units", text(at(view, "stop", "units"))];
      return ["sku", text(at(view, "stop", "sku"))];
    case "put_away":
      return state === "Done" ? ["location", text(view["location"])] : ["suggestion", text(view["suggestion"])];
    case "put_back":
      return ["sku", text(at(view, "work", "goods", "sku"))];
    case "count":
      return at(view, "at_hand", "sku") ? ["sku", text(at(view, "at_hand", "sku"))] : ["location", text(view["location"])];
    case "receive":
      return ["sku", text(at(view, "line", "sku"))];
    default:
      return undefined;
  }
}

function small(out: Out): Fact[] {
  const { view } = out;
  const from = (value: unknown, ...names: string[]): Fact[] => names.map((name) => [name, text(at(value, name))] as const);
  switch (flowOf(out)) {
    case "pick":
      return [...from(view["stop"], "location", "sku", "units", "lot", "expiry", "tote"), ["open", text(sum(list(view["lists"]), "open"))]];
    case "put_away":
      return from(view, "plate", "location");
    case "receive":
      return [...from(view, "doc", "dock", "plate"), ...from(view["line"], "lot", "expiry", "units", "condition"), ...from(view, "expected", "received")];
    case "replenish":
      if (view["wanted"] && view["units"] === 0) return [["from", text(view["fetch_from"])], ...from(view["wanted"], "sku", "units"), ["location", text(at(view, "wanted", "to"))]];
      return [...from(view, "source", "plate", "sku", "lot", "units"), ["location", text(view["location"]) ?? text(at(view, "wanted", "to"))]];
    case "move":
      return from(view, "source", "plate", "sku", "lot", "units", "location");
    case "count":
      return [...from(view, "location", "sku"), ...from(view["at_hand"], "lot", "expiry")];
    case "return":
      return [["return", text(at(view, "at_hand", "rma"))], ...from(view["at_hand"], "sku", "lot", "serial", "units", "grade", "disposition", "plate")];
    case "pack":
      return [...from(view, "parcel", "tote"), ["carton", text(at(view, "carton", "kind"))]];
    case "ship":
      return from(view, "door", "load");
    case "put_back":
      return [["units", text(at(view, "work", "units"))], ["from", text(at(view, "work", "from", "bin"))], ["lot", text(at(view, "work", "goods", "lot"))]];
    default:
      return from(view, "plate");
  }
}

function sum(rows: unknown[], name: string): number | undefined {
  return rows.length === 0 ? undefined : rows.reduce<number>((total, row) => total + Number(at(row, name) ?? 0), 0);
}

export function Facts({ out }: { out: Out }) {
  const t = useWordsOfScan();
  const [name, value] = large(out) ?? [];
  // No units yet are no fact.
  const others = small(out).filter(([other, said]) => said !== undefined && !(other === name && said === value) && !(other === "units" && said === "0"));
  return (
    <section className="facts">
      {name && value ? (
        <p className="fact-large">
          <span>{t.facts[name] ?? name}</span>
          <bdi className={value.length > LONG ? "num long" : "num"}>{value}</bdi>
        </p>
      ) : null}
      <Named facts={others.map(([other, said]) => [other, said ?? ""] as const)} />
      <Lists out={out} />
    </section>
  );
}

/** Small facts with their names. */
function Named({ facts }: { facts: (readonly [string, string])[] }) {
  const t = useWordsOfScan();
  if (facts.length === 0) return null;
  return (
    <dl>
      {facts.map(([name, said]) => (
        <div key={name} className={said.length > LONG ? "long" : undefined}>
          <dt>{t.facts[name] ?? name}</dt>
          <dd>
            <bdi className="num">{saying(t, name, said)}</bdi>
          </dd>
        </div>
      ))}
    </dl>
  );
}

/** Lists of a view: units by item, what is missing, what was found. */
function Lists({ out }: { out: Out }) {
  const t = useWordsOfScan();
  const { view } = out;
  const flow = flowOf(out);
  if (flow === "inquiry") return <Found found={list(view["found"])} />;
  if (flow === "pack") return <Rows title={t.facts["need"] ?? ""} rows={list(view["lines"]).map(packLine)} />;
  if (flow === "count") {
    return (
      <>
        <Rows title={t.facts["counted"] ?? ""} rows={list(view["counted"]).map((line) => stockLine(line))} />
        {view["books"] === undefined ? null : <Rows title={t.facts["books"] ?? ""} rows={list(view["books"]).map((line) => stockLine(line))} />}
      </>
    );
  }
  if (flow === "put_away") return <Rows title={t.facts["stock"] ?? ""} rows={list(view["stock"]).map((line) => stockLine(line, text(view["plate"])))} />;
  if (flow === "ship") return <Rows title={t.facts["missing"] ?? ""} rows={list(view["missing"]).map((one) => [text(one) ?? text(at(one, "plate")) ?? text(at(one, "parcel")) ?? JSON.stringify(one), ""])} />;
  return null;
}

type Line = readonly [string, string];

/** A line of stock in any of the shapes of views. */
function stockLine(line: unknown, plate?: string): Line {
  const goods = at(line, "goods") ?? line;
  const about = [at(goods, "lot"), at(goods, "expiry"), at(line, "plate"), at(goods, "condition")].map(text).filter((said) => said && said !== "good" && said !== plate);
  const units = text(at(line, "units")) ?? text(at(line, "balance")) ?? "";
  return [[text(at(goods, "sku")) ?? "", ...about].join(" · "), units];
}

function packLine(line: unknown): Line {
  const packed = Number(at(line, "packed") ?? 0);
  const need = Number(at(line, "units") ?? at(line, "need") ?? at(line, "ordered") ?? 0);
  return [text(at(line, "sku")) ?? text(at(line, "goods", "sku")) ?? text(at(line, "line")) ?? "", need > 0 ? `${packed} / ${need}` : String(packed)];
}

function Rows({ title, rows }: { title: string; rows: Line[] }) {
  if (rows.length === 0) return null;
  return (
    <div className="rows">
      <h2>{title}</h2>
      <ul>
        {rows.map(([name, units], n) => (
          <li key={`${name} ${n}`}>
            <span className="name">
              <bdi>{name}</bdi>
            </span>
            <span className="num">{units}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}

/** What an inquiry found: every member that is a text or number, and the stock beside it. */
function Found({ found }: { found: unknown[] }) {
  const t = useWordsOfScan();
  if (found.length === 0) return null;
  return (
    <>
      {found.map((one, n) => {
        const [kind, about] = Object.entries(one as object).find(([name]) => name !== "stock" && name !== "items") ?? ["", undefined];
        const facts = flat(about).filter(([label]) => label in t.facts);
        const name = text(about) ?? text(at(about, "code")) ?? text(at(about, "id")) ?? text(at(about, "sku")) ?? "";
        return (
          <article className="found" key={n}>
            <p className="fact-large">
              <span>{t.facts[kind === "item" ? "sku" : kind] ?? kind}</span>
              <bdi>{name}</bdi>
            </p>
            <Named facts={facts} />
            <Rows title={t.facts["stock"] ?? ""} rows={list(at(one, "stock")).map(whereLine)} />
          </article>
        );
      })}
    </>
  );
}

function whereLine(row: unknown): Line {
  const line = at(row, "line");
  if (!line) return stockLine(row);
  const [name, units] = stockLine(line);
  return [`${text(at(row, "location")) ?? ""} · ${name}`, units];
}

/** Texts and numbers of an object that say something; its name is drawn above. What this page has no word for is not shown. */
function flat(value: unknown): [string, string][] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value)
    .filter(([name]) => !["code", "id", "sku", "check_digits"].includes(name))
    .map(([name, inner]) => [name, text(inner)] as const)
    .filter((pair): pair is [string, string] => pair[1] !== undefined && pair[1] !== "0");
}
