// The page where an approver decides by the one-time link of a mail: shows what is asked and takes yes or no with a
// reason. It decides nothing by being opened, because mail programs open links too.
import { uuid } from "@/api/uuid";
import { h, latin } from "@/track/dom";
import { fill, when, word } from "@/track/text";
import { decide, read, type DecideView, type Read } from "./api";
import { standing, total } from "./model";
import { type Language, type Words, WORDS } from "./text";
import "@/track/track.css";
import "./decide.css";

type Screen =
  | { kind: "loading" | "no_link" | "gone" | "unreachable" }
  | { kind: "ask"; view: DecideView; busy: boolean; notice: Said | null };

/** What is said in the language that is chosen, also after it was said. */
type Said = (words: Words) => string;

const root = document.getElementById("root") as HTMLElement;
let language: Language = navigator.language.startsWith("ur") ? "ur" : "en";
let chosen = false;
let token = "";
let reason = "";
let wish: { of: string; key: string } | null = null;
let screen: Screen = { kind: "loading" };

function show(next: Screen): void {
  screen = next;
  draw();
}

function take(answer: Read): void {
  const known = screen.kind === "ask" ? screen : null;
  if (answer.kind === "view") {
    if (!chosen && (answer.view.language === "en" || answer.view.language === "ur")) language = answer.view.language;
    show({ kind: "ask", view: answer.view, busy: false, notice: null });
  } else if (answer.kind === "refused" && known) {
    show({ ...known, busy: false, notice: refused(answer) });
  } else if (answer.kind === "unreachable" && known) {
    show({ ...known, busy: false, notice: (words) => words.failText });
  } else {
    show({ kind: answer.kind === "unreachable" ? "unreachable" : "gone" });
  }
}

/** A refusal in words; what only the server has words for is said as it says it. */
function refused({ code, detail }: Extract<Read, { kind: "refused" }>): Said {
  return (words) => fill(words.refused, { detail: words.why[code] ?? detail });
}

async function load(): Promise<void> {
  const asked = token;
  const answer = await read(asked);
  if (asked === token) take(answer);
}

async function send(choice: "yes" | "no"): Promise<void> {
  if (screen.kind !== "ask" || screen.busy) return;
  if (choice === "no" && reason.trim() === "") {
    show({ ...screen, notice: (words) => words.reasonMissing });
    root.querySelector("textarea")?.focus();
    return;
  }
  // The same wish keeps its key, so that a lost answer is asked for and nothing is decided twice.
  const of = JSON.stringify([choice, reason]);
  if (wish?.of !== of) wish = { of, key: uuid() };
  show({ ...screen, busy: true, notice: null });
  const answer = await decide(token, wish.key, choice, reason.trim());
  if (answer.kind !== "unreachable") wish = null;
  take(answer);
  // Refused because it moved on: what is shown is asked for anew.
  if (answer.kind === "refused") {
    const notice = refused(answer);
    const now = await read(token);
    if (now.kind === "view") show({ kind: "ask", view: now.view, busy: false, notice });
  }
}

function plain(title: string, text: string, button?: HTMLElement): HTMLElement {
  return h("main", { class: "plain-page" }, h("h1", {}, title), h("p", {}, text), button);
}

function fact(name: string, value: Node | string | null): (HTMLElement | null)[] {
  return value ? [h("dt", {}, name), h("dd", {}, value)] : [];
}

function form(of: DecideView, busy: boolean): HTMLElement {
  const words = WORDS[language];
  const field = h("textarea", { id: "reason", rows: "3", maxlength: "2000", dir: "auto", disabled: busy }) as HTMLTextAreaElement;
  field.value = reason;
  field.addEventListener("input", () => (reason = field.value));
  const yes = h("button", { type: "button", class: of.choice === "no" ? "" : "main", disabled: busy, click: () => void send("yes") }, busy ? words.sending : words.approve);
  const no = h("button", { type: "button", class: "danger", disabled: busy, click: () => void send("no") }, words.reject);
  return h(
    "section",
    { class: "decide" },
    h("p", { class: "quiet" }, words.bound),
    h("label", { for: "reason" }, words.reason, " ", h("span", { class: "quiet" }, `(${words.reasonHint})`)),
    field,
    h("p", { class: "choices" }, ...(of.choice === "no" ? [no, yes] : [yes, no])),
  );
}

function ask(of: Extract<Screen, { kind: "ask" }>): HTMLElement {
  const words = WORDS[language];
  const { view } = of;
  const stands = standing(view, words);
  const [before = "", after = ""] = (stands.open ? words.title : words.done).split("{number}");
  const line = (one: DecideView["lines"][number]) =>
    h("li", {}, h("span", { class: "grow" }, h("bdi", {}, one.title)), latin(fill(words.pieces, { n: one.quantity }), "quiet"));
  return h(
    "main",
    {},
    h("div", { role: "status", class: "notices" }, stands.text && h("p", { class: stands.good ? "notice good" : "notice" }, stands.text), of.notice && h("p", { class: "notice" }, of.notice(words))),
    h("p", { class: "quiet" }, fill(words.for, { name: view.approver })),
    h("h1", {}, before, latin(view.number), after),
    h(
      "section",
      {},
      h(
        "dl",
        { class: "facts" },
        ...fact(words.total, latin(total(view.total), "amount")),
        ...fact(words.customer, h("bdi", {}, view.customer)),
        ...fact(words.payment, view.payment_method ? word(words.method, view.payment_method) : null),
        ...fact(words.queue, latin(view.queue)),
        ...fact(words.until, stands.open ? when(view.expires_at, language) : null),
      ),
    ),
    view.lines.length > 0 && h("section", {}, h("h2", {}, words.items), h("ul", { class: "items" }, ...view.lines.map(line))),
    stands.open && form(view, of.busy),
  );
}

function body(): HTMLElement {
  const words = WORDS[language];
  switch (screen.kind) {
    case "loading":
      return h("main", { "aria-busy": "true" }, h("p", { role: "status" }, words.loading));
    case "no_link":
      return plain(words.noLinkTitle, words.noLinkText);
    case "gone":
      return plain(words.goneTitle, words.goneText);
    case "unreachable":
      return plain(words.failTitle, words.failText, h("button", { type: "button", class: "main", click: begin }, words.retry));
    case "ask":
      return ask(screen);
  }
}

function draw(): void {
  const words = WORDS[language];
  document.documentElement.lang = language;
  document.documentElement.dir = language === "ur" ? "rtl" : "ltr";
  const other = language === "en" ? "ur" : "en";
  const turn = () => {
    language = other;
    chosen = true;
    draw();
  };
  const shop = screen.kind === "ask" ? screen.view.shop : "";
  if (screen.kind === "ask") document.title = `${screen.view.number} · ${shop}`;
  const bar = h(
    "header",
    { class: "bar" },
    h("p", { class: "shop" }, h("bdi", {}, shop)),
    h("span", { class: "grow" }),
    h("button", { type: "button", class: "plain", lang: other, click: turn }, words.language),
  );
  root.replaceChildren(bar, body());
}

function begin(): void {
  token = decodeURIComponent(location.hash.slice(1));
  reason = "";
  wish = null;
  show({ kind: token ? "loading" : "no_link" });
  if (token) void load();
}

addEventListener("hashchange", begin);
begin();
