// Draws the tracking page from its state. It decides nothing and asks nobody.
import { h, latin } from "./dom";
import { money, STATIONS, stationOf, type TrackParcel, type TrackView } from "./model";
import { fill, type Language, when, WORDS, word, type Words } from "./text";

export type Trouble = "offline" | "stale" | null;

/** What became of the customer's wish. */
export interface Notice {
  /** In the language that is chosen, also after it was said. */
  text: (words: Words) => string;
  good: boolean;
}

export type Screen =
  | { kind: "loading" }
  | { kind: "no_link" }
  | { kind: "gone" }
  | { kind: "unreachable" }
  | { kind: "order"; view: TrackView; at: number; trouble: Trouble; live: boolean; notice: Notice | null; busy: boolean };

export interface Actions {
  retry(): void;
  language(): void;
  cancel(): void;
}

function bar(language: Language, actions: Actions, shop: string): HTMLElement {
  const words = WORDS[language];
  const other = language === "en" ? "ur" : "en";
  return h(
    "header",
    { class: "bar" },
    h("p", { class: "shop" }, h("bdi", {}, shop)),
    h("span", { class: "grow" }),
    h("button", { type: "button", class: "plain no-print", lang: other, click: actions.language }, words.language),
    // A page without an order has nothing to keep on paper.
    shop !== "" && h("button", { type: "button", class: "plain no-print", click: () => window.print() }, words.print),
  );
}

function progress(view: TrackView, language: Language): HTMLElement | null {
  const at = stationOf(view.status);
  if (at === null) return null;
  const words = WORDS[language];
  const item = (station: (typeof STATIONS)[number], index: number) =>
    h(
      "li",
      { class: index < at || at === 3 ? "done" : index === at ? "now" : "ahead", "aria-current": index === at ? "step" : undefined },
      h("span", { class: "dot", "aria-hidden": "true" }),
      words.station[station],
      index > at && h("span", { class: "hidden" }, ` (${words.soon})`),
    );
  return h("ol", { class: "stations" }, ...STATIONS.map(item));
}

function copyButton(text: string, language: Language): HTMLElement {
  const words = WORDS[language];
  const button: HTMLElement = h("button", { type: "button", class: "plain no-print" }, words.copy);
  button.addEventListener("click", () => {
    void navigator.clipboard?.writeText(text).then(() => {
      button.textContent = words.copied;
    });
  });
  return button;
}

function parcel(one: TrackParcel, language: Language): HTMLElement {
  const words = WORDS[language];
  const state = one.carrier_state ?? one.state;
  return h(
    "li",
    { class: "parcel" },
    h("p", {}, h("strong", {}, fill(words.parcel, { n: one.n })), " · ", word(words.parcelState, state)),
    one.carrier || one.tracking_number
      ? h(
          "p",
          { class: "quiet" },
          one.carrier && latin(one.carrier),
          one.tracking_number && h("span", {}, ` ${words.tracking} `, latin(one.tracking_number, "code"), " "),
          one.tracking_number && copyButton(one.tracking_number, language),
        )
      : null,
  );
}

function section(title: string, ...content: (Node | null)[]): HTMLElement {
  return h("section", {}, h("h2", {}, title), ...content);
}

function contents(view: TrackView, language: Language): HTMLElement {
  const words = WORDS[language];
  const line = (one: TrackView["lines"][number]) =>
    h(
      "li",
      {},
      h("span", { class: "grow" }, h("bdi", {}, one.title)),
      latin(fill(words.pieces, { n: one.quantity }), "quiet"),
      latin(money(one.total, view.currency), "amount"),
      ...(["canceled", "returned"] as const).map((what) => (one[what] ?? 0) > 0 && h("span", { class: "part" }, fill(words.lineNote[what], { n: one[what] ?? 0 }))),
    );
  const shipping = view.shipping && /[1-9]/.test(view.shipping)
    ? h("p", { class: "sum" }, h("span", { class: "grow" }, words.delivery), latin(money(view.shipping, view.currency)))
    : null;
  const paid = view.payment_method ? words.payment[view.payment_method] : undefined;
  const total = h("p", { class: "total" }, h("span", { class: "grow" }, words.total), latin(money(view.total, view.currency)));
  return section(words.items, h("ul", { class: "items" }, ...view.lines.map(line)), shipping, total, paid ? h("p", { class: "quiet" }, paid) : null);
}

function history(view: TrackView, language: Language): HTMLElement | null {
  if (view.steps.length === 0) return null;
  const words = WORDS[language];
  const step = (one: TrackView["steps"][number]) =>
    h(
      "li",
      {},
      h("span", {}, word(words.step, one.what), one.parcel && view.parcels.length > 1 ? ` · ${fill(words.parcel, { n: one.parcel })}` : ""),
      h("time", { datetime: one.at, class: "quiet" }, when(one.at, language)),
    );
  return section(words.history, h("ol", { class: "history" }, ...[...view.steps].reverse().map(step)));
}

function cancelling(view: TrackView, language: Language, busy: boolean, actions: Actions): HTMLElement | null {
  if (!view.can_cancel) return null;
  const words = WORDS[language];
  const dialog = h(
    "dialog",
    { "aria-labelledby": "ask" },
    h("h2", { id: "ask" }, fill(words.cancelAsk, { number: `⁦${view.number}⁩` })),
    h("p", {}, words.cancelExplain),
  ) as HTMLDialogElement;
  const yes = () => {
    dialog.close();
    actions.cancel();
  };
  dialog.append(
    h(
      "p",
      { class: "choices" },
      h("button", { type: "button", class: "danger", click: yes }, words.cancelYes),
      h("button", { type: "button", class: "main", autofocus: true, click: () => dialog.close() }, words.cancelNo),
    ),
  );
  const open = h(
    "button",
    { type: "button", class: "danger", disabled: busy, click: () => dialog.showModal() },
    busy ? words.cancelling : words.cancel,
  );
  return h("div", { class: "cancel no-print" }, open, dialog);
}

function order(screen: Extract<Screen, { kind: "order" }>, language: Language, actions: Actions): HTMLElement {
  const { view } = screen;
  const words = WORDS[language];
  const known = when(screen.at, language);
  const trouble = screen.trouble && fill(words[screen.trouble], { when: known });
  return h(
    "main",
    {},
    // A region that is there from the start is what screen readers announce changes of.
    h("div", { role: "status", class: "notices" }, trouble && h("p", { class: "notice" }, trouble), screen.notice && h("p", { class: screen.notice.good ? "notice good" : "notice" }, screen.notice.text(words))),
    h("p", { class: "quiet" }, ...around(words.order, latin(view.number))),
    h("h1", { "aria-live": "polite" }, view.canceling ? words.canceling : word(words.status, view.status)),
    h(
      "p",
      { class: "quiet" },
      view.placed_at ? fill(words.placed, { when: when(view.placed_at, language) }) : null,
      view.placed_at && view.city ? " · " : null,
      ...(view.city ? around(words.to, h("bdi", {}, view.city)) : []),
    ),
    progress(view, language),
    view.parcels.length > 0
      ? section(words.parcels, h("ul", { class: "parcels" }, ...view.parcels.map((one) => parcel(one, language))))
      : null,
    contents(view, language),
    history(view, language),
    cancelling(view, language, screen.busy, actions),
    h("p", { class: "quiet foot" }, screen.live && !screen.trouble ? `${words.live} · ` : "", fill(words.updated, { when: known })),
  );
}

/** The text around its one place, with an element in the place. */
function around(text: string, element: HTMLElement): (string | HTMLElement)[] {
  const [before = "", after = ""] = text.split(/\{\w+\}/);
  return [before, element, after];
}

function plain(title: string, text: string, button?: HTMLElement): HTMLElement {
  return h("main", { class: "plain-page" }, h("h1", {}, title), h("p", {}, text), button);
}

function body(screen: Screen, language: Language, actions: Actions): HTMLElement {
  const words = WORDS[language];
  switch (screen.kind) {
    case "loading":
      return h(
        "main",
        { "aria-busy": "true" },
        h("p", { role: "status" }, words.loading),
        h("div", { class: "ghost wide", "aria-hidden": "true" }),
        h("div", { class: "ghost", "aria-hidden": "true" }),
        h("div", { class: "ghost tall", "aria-hidden": "true" }),
      );
    case "no_link":
      return plain(words.noLinkTitle, words.noLinkText);
    case "gone":
      return plain(words.goneTitle, words.goneText);
    case "unreachable":
      return plain(words.failTitle, words.failText, h("button", { type: "button", class: "main", click: actions.retry }, words.retry));
    case "order":
      return order(screen, language, actions);
  }
}

/** Replaces what is shown. An open question to the customer stays open: it is redrawn when it is answered. */
export function draw(root: HTMLElement, screen: Screen, language: Language, actions: Actions): void {
  if (root.querySelector("dialog[open]")) return;
  const shop = screen.kind === "order" ? screen.view.shop : "";
  document.documentElement.lang = language;
  document.documentElement.dir = language === "ur" ? "rtl" : "ltr";
  if (screen.kind === "order") document.title = `${screen.view.number} · ${shop}`;
  const focused = document.activeElement instanceof HTMLElement ? document.activeElement.textContent : null;
  root.replaceChildren(bar(language, actions, shop), body(screen, language, actions));
  if (focused) [...root.querySelectorAll("button")].find((button) => button.textContent === focused)?.focus();
}
