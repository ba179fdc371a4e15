import { Slider, SliderOutput, SliderThumb, SliderTrack, Label } from "react-aria-components";
import { useFormat, useText } from "@/i18n";
import { en } from "@/i18n/en/order";
import { ur } from "@/i18n/ur/order";
import css from "./Order.module.css";
import type { Entry } from "./story";

/** Moves through the order's history: each stop is an entry of its timeline, the last is now. */
export function AsOf({ entries, value, onChange }: { entries: Entry[]; value: number | null; onChange: (seq: number | null) => void }) {
  const t = useText({ en, ur });
  const format = useFormat();
  const last = entries.length - 1;
  const found = entries.findIndex((e) => e.seq === value);
  const at = found < 0 ? last : found;
  if (last < 1) return null;
  const name = (i: number) => (i >= last ? t.asOfNow : format.moment(entries[i]!.at));
  return (
    <Slider
      className={css.slider ?? ""} minValue={0} maxValue={last} value={at}
      onChange={(i) => onChange(i >= last ? null : (entries[i]?.seq ?? null))}
    >
      <Label className={css.sliderLabel}>{t.asOf}</Label>
      <SliderOutput className={css.sliderNow ?? ""}>{name(at)}</SliderOutput>
      <SliderTrack className={css.track ?? ""}>
        <span className={css.rail} />
        {entries.map((e, i) => <span key={e.seq} className={css.stop} style={{ insetInlineStart: `${(i / last) * 100}%` }} />)}
        <SliderThumb className={css.thumb ?? ""} aria-label={name(at)} />
      </SliderTrack>
    </Slider>
  );
}
