import { useMemo } from "react";
import { encode } from "uqr";
import css from "./Qr.module.css";

/** A QR code. Dark on light in both themes, because many readers cannot read it inverted. */
export function Qr({ text, label }: { text: string; label: string }) {
  const { path, size } = useMemo(() => draw(text), [text]);
  return (
    <svg className={css.qr} viewBox={`0 0 ${size} ${size}`} role="img" aria-label={label} shapeRendering="crispEdges">
      <rect width={size} height={size} className={css.paper} />
      <path d={path} className={css.ink} />
    </svg>
  );
}

/** ISO/IEC 18004 asks for four light modules around it. */
const QUIET = 4;

function draw(text: string): { path: string; size: number } {
  const { data, size } = encode(text, { border: 0, ecc: "M" });
  let path = "";
  data.forEach((row, y) => row.forEach((on, x) => {
    if (on) path += `M${x + QUIET} ${y + QUIET}h1v1h-1z`;
  }));
  return { path, size: size + 2 * QUIET };
}
