import { Group, Input, NumberField as AriaNumberField } from "react-aria-components";
import { cx } from "./cx";
import { type Common, Feet, Name } from "./Field";
import css from "./Field.module.css";

export interface NumberFieldProps extends Common {
  value: number;
  onChange: (value: number) => void;
  min?: number;
  max?: number;
  isRequired?: boolean;
  isDisabled?: boolean;
  autoFocus?: boolean;
  hideLabel?: boolean;
}

/** A whole number. Empty is NaN. */
export function NumberField({ label, hint, error, value, onChange, min, max, hideLabel, ...rest }: NumberFieldProps) {
  return (
    <AriaNumberField
      {...rest} value={value} onChange={onChange} minValue={min} maxValue={max} isInvalid={Boolean(error)}
      formatOptions={{ maximumFractionDigits: 0 }} aria-label={hideLabel ? label : undefined} className={css.field ?? ""}
    >
      {hideLabel ? null : <Name label={label} required={rest.isRequired} />}
      <Group><Input className={cx(css.input, "num")} dir="ltr" /></Group>
      <Feet hint={hint} error={error} />
    </AriaNumberField>
  );
}
