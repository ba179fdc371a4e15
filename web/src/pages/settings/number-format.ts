/**
 * How an order number will look (ORD-01): mirrors the server's rules, so that a preview never promises what would be
 * refused. The server decides all the same.
 */
export type FormatFault = "text" | "sequence" | { placeholder: string };
export type Preview = { ok: true; text: string } | { ok: false; fault: FormatFault };

export function preview(format: string, n: number, year: number): Preview {
  if (!/^[\x20-\x7e]{1,40}$/.test(format)) return { ok: false, fault: "text" };
  let sequences = 0;
  let text = "";
  const [head = "", ...pieces] = format.split("{");
  text += head;
  for (const piece of pieces) {
    const end = piece.indexOf("}");
    const [name, rest] = end < 0 ? [piece, ""] : [piece.slice(0, end), piece.slice(end + 1)];
    const width = name === "seq" ? 1 : widthOf(name);
    if (width !== null) {
      sequences += 1;
      text += String(n).padStart(width, "0");
    } else if (name === "yyyy") text += String(year);
    else if (name === "yy") text += String(year % 100).padStart(2, "0");
    else return { ok: false, fault: { placeholder: name } };
    text += rest;
  }
  return sequences === 1 ? { ok: true, text } : { ok: false, fault: "sequence" };
}

function widthOf(name: string): number | null {
  const found = /^seq:(\d+)$/.exec(name);
  const width = found ? Number(found[1]) : 0;
  return width >= 1 && width <= 12 ? width : null;
}
