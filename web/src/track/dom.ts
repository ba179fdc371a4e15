// Elements without a library. Text is only ever set as text, so nothing a shop or customer typed becomes markup.

type Child = Node | string | null | undefined | false;
type Props = Record<string, string | boolean | ((event: Event) => void) | undefined>;

export function h(tag: string, props: Props = {}, ...children: Child[]): HTMLElement {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (typeof value === "function") element.addEventListener(name, value);
    else if (value === true) element.setAttribute(name, "");
    else if (typeof value === "string") element.setAttribute(name, value);
  }
  for (const child of children) if (child != null && child !== false) element.append(child);
  return element;
}

/** Latin text inside either direction: numbers of orders, amounts, tracking numbers. */
export function latin(text: string, className?: string): HTMLElement {
  return h("bdi", { dir: "ltr", class: className }, text);
}
