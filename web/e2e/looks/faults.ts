/**
 * What a machine sees on the page that is shown. Runs in the page, so it names nothing outside of itself. What begins
 * with "note:" is meant, or may be: it is for people to judge; the rest is a fault.
 */
export function faultsIn(language: string): string[] {
  const faults = new Set<string>();
  const root = document.documentElement;
  const name = (element: Element) =>
    `${element.tagName.toLowerCase()}.${String(element.className).slice(0, 50)} "${(element.textContent ?? "").trim().slice(0, 50)}"`;
  if (root.scrollWidth > root.clientWidth) faults.add(`scrolls sideways by ${root.scrollWidth - root.clientWidth}`);

  const hidden = (element: Element) => element.closest('.hidden-visually, [style*="clip"], [aria-hidden="true"], [hidden], [inert]') !== null;
  const scrolls = (element: Element) => /auto|scroll/.test(getComputedStyle(element).overflowX);
  for (const element of document.querySelectorAll<HTMLElement>("body *")) {
    // What is typed into a field scrolls in it, and the thumb of a slider stands out of its ends.
    if (element instanceof SVGElement || element.matches("input, textarea, :has(> [class*=thumb] input[type=range])") || hidden(element)) continue;
    const style = getComputedStyle(element);
    if (style.visibility === "hidden" || style.position === "absolute" || element.matches("html, body")) continue;
    if (element.clientWidth > 0 && element.scrollWidth > element.clientWidth + 1 && !scrolls(element) && style.display !== "inline") {
      faults.add(style.textOverflow === "ellipsis" ? `note: shortened: ${name(element)}` : `cut or too wide by ${element.scrollWidth - element.clientWidth}: ${name(element)}`);
    }
    if (scrolls(element) && element.scrollWidth > element.clientWidth + 1) {
      // Tabs and columns of a board are many on purpose; a table is to fit.
      const meant = element.querySelector(":scope > table") ? "" : "note: ";
      faults.add(`${meant}scrolls within by ${element.scrollWidth - element.clientWidth}: ${name(element)}`);
    }
    if (element.clientHeight > 0 && style.overflowY === "hidden" && element.scrollHeight > element.clientHeight + 3) faults.add(`cut below by ${element.scrollHeight - element.clientHeight}: ${name(element)}`);
  }

  const touched = [...document.querySelectorAll<HTMLElement>("button, a[href], input, [role=tab]")].filter((element) => !hidden(element) && element.getClientRects().length > 0);
  /** What of it is not scrolled out of sight. */
  const shown = (element: Element) => {
    let { left, top, right, bottom } = element.getBoundingClientRect();
    for (let around = element.parentElement; around; around = around.parentElement) {
      if (getComputedStyle(around).overflow === "visible") continue;
      const edge = around.getBoundingClientRect();
      [left, top, right, bottom] = [Math.max(left, edge.left), Math.max(top, edge.top), Math.min(right, edge.right), Math.min(bottom, edge.bottom)];
    }
    return { left, top, right, bottom, width: right - left, height: bottom - top };
  };
  const boxes = touched.map((element) => ({ element, box: shown(element) })).filter(({ box }) => box.width > 4 && box.height > 4 && box.bottom > 0 && box.top < innerHeight);
  boxes.forEach(({ element, box }, at) => {
    for (const other of boxes.slice(at + 1)) {
      if (element.contains(other.element) || other.element.contains(element)) continue;
      const wide = Math.min(box.right, other.box.right) - Math.max(box.left, other.box.left);
      const high = Math.min(box.bottom, other.box.bottom) - Math.max(box.top, other.box.top);
      if (wide <= 3 || high <= 3) continue;
      const there = document.elementFromPoint(Math.max(box.left, other.box.left) + wide / 2, Math.max(box.top, other.box.top) + high / 2);
      // Both must be at the top of it: what lies under a dialog or a sticky bar is covered on purpose.
      if (there && (element.contains(there) || other.element.contains(there)) && element.closest("header, nav, dialog, [role=dialog], [role=alertdialog], [role=toolbar]") === other.element.closest("header, nav, dialog, [role=dialog], [role=alertdialog], [role=toolbar]")) faults.add(`over each other: ${name(element)} and ${name(other.element)}`);
    }
  });

  if (language === "ur") {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const parent = node.parentElement;
      const text = node.textContent?.trim() ?? "";
      if (!parent || !/[A-Za-z]{3,}/.test(text) || hidden(parent) || parent.closest("[lang]")?.getAttribute("lang") === "en") continue;
      if (parent.closest('bdi, .ltr, [dir="ltr"], [dir="auto"], code, kbd, .mono, script, style, noscript')) continue;
      // Within a sentence they are names of things, such as SKU; alone they are not translated, or not set apart.
      faults.add(`${/[\u0600-\u06ff]/.test(text) || /^[A-Z]{2,5}$/.test(text) ? "note: " : ""}Latin: "${text.slice(0, 70)}"`);
    }
  }
  return [...faults];
}
