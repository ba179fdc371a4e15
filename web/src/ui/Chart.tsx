/** Small charts. What they show is also a table for screen readers; colours are never the only carrier. */
import { type ReactNode, useId, useState } from "react";
import { cx } from "./cx";
import css from "./Chart.module.css";

export interface Bar {
  key: string;
  /** Name under the bar. */
  name: string;
  value: number;
  /** The value as it is read. */
  text: ReactNode;
}

/** Upright bars over time. */
export function Bars({ label, bars, nameColumn, valueColumn }: { label: string; bars: Bar[]; nameColumn: string; valueColumn: string }) {
  const [at, setAt] = useState<number | null>(null);
  const top = Math.max(1, ...bars.map((b) => b.value));
  // The bar that is pointed at, else the last: what the chart is about is said by what it stands under.
  const shown = bars[at ?? bars.length - 1];
  return (
    <figure className={css.figure}>
      <figcaption className={css.caption} aria-hidden>{shown ? <><bdi>{shown.name}</bdi>: <strong>{shown.text}</strong></> : label}</figcaption>
      <div className={css.bars} aria-hidden onMouseLeave={() => setAt(null)}>
        {bars.map((b, i) => (
          <div key={b.key} className={cx(css.slot, i === at && css.here)} onMouseEnter={() => setAt(i)}>
            <div className={css.bar} style={{ blockSize: `${Math.max(b.value > 0 ? 2 : 0, (b.value / top) * 100)}%` }} />
          </div>
        ))}
      </div>
      <div className={css.axis} aria-hidden>
        <span>{bars[0]?.name}</span>
        <span>{bars.at(-1)?.name}</span>
      </div>
      <table className="hidden-visually">
        <caption>{label}</caption>
        <thead><tr><th scope="col">{nameColumn}</th><th scope="col">{valueColumn}</th></tr></thead>
        <tbody>{bars.map((b) => <tr key={b.key}><th scope="row">{b.name}</th><td>{b.text}</td></tr>)}</tbody>
      </table>
    </figure>
  );
}

export interface Part {
  key: string;
  name: ReactNode;
  value: number;
  text: ReactNode;
  tone?: "neutral" | "info" | "accent" | "good" | "warn" | "bad";
  /** Turns the row into something to press. */
  link?: (content: ReactNode, className: string) => ReactNode;
}

/** Lying bars: how much of each kind there is. */
export function Shares({ label, parts }: { label: string; parts: Part[] }) {
  const top = Math.max(1, ...parts.map((p) => p.value));
  return (
    <ul aria-label={label} className={css.shares}>
      {parts.map((p) => {
        const inner = (
          <>
            <span className={css.shareName}>{p.name}</span>
            <span className={css.shareText}>{p.text}</span>
            <span className={css.rail}><span className={cx(css.fill, css[p.tone ?? "accent"])} style={{ inlineSize: `${(p.value / top) * 100}%` }} /></span>
          </>
        );
        return <li key={p.key}>{p.link ? p.link(inner, css.share ?? "") : <div className={css.share}>{inner}</div>}</li>;
      })}
    </ul>
  );
}

/** A line without axes: where a figure comes from. */
export function Spark({ label, values, height = 36 }: { label: string; values: number[]; height?: number }) {
  const id = useId();
  const width = 120;
  if (values.length < 2) return <div className={css.spark} style={{ blockSize: height }} />;
  const top = Math.max(1, ...values);
  const x = (i: number) => (i / (values.length - 1)) * width;
  const y = (v: number) => height - 3 - (v / top) * (height - 6);
  const line = values.map((v, i) => `${i === 0 ? "M" : "L"}${x(i).toFixed(1)} ${y(v).toFixed(1)}`).join("");
  return (
    <svg className={css.spark} viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" role="img" aria-labelledby={id}>
      <title id={id}>{label}</title>
      <path d={`${line}L${width} ${height}L0 ${height}Z`} className={css.sparkArea} />
      <path d={line} className={css.sparkLine} />
    </svg>
  );
}
