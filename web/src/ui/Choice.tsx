import { Check, Minus } from "lucide-react";
import type { ReactNode } from "react";
import { Checkbox as AriaCheckbox, type CheckboxProps, Label, Radio, RadioGroup, Switch as AriaSwitch, type SwitchProps } from "react-aria-components";
import { cx } from "./cx";
import css from "./Field.module.css";

export function Checkbox({ children, label, ...rest }: Omit<CheckboxProps, "className" | "children" | "style"> & { children?: ReactNode; label?: string }) {
  return (
    <AriaCheckbox {...rest} aria-label={label} className={css.check ?? ""}>
      {({ isIndeterminate }) => (
        <>
          <span className={css.box}>{isIndeterminate ? <Minus aria-hidden /> : <Check aria-hidden />}</span>
          {children ? <span>{children}</span> : null}
        </>
      )}
    </AriaCheckbox>
  );
}

/** Any of a few, under one name. */
export function Checks({ label, children, foot, describedBy }: { label: string; children: ReactNode; foot?: ReactNode; describedBy?: string }) {
  return (
    <fieldset className={css.fieldset} aria-describedby={describedBy}>
      <legend className={css.label}>{label}</legend>
      <div className={css.checks}>{children}</div>
      {foot}
    </fieldset>
  );
}

export function Switch({ children, ...rest }: Omit<SwitchProps, "className" | "children" | "style"> & { children: ReactNode }) {
  return (
    <AriaSwitch {...rest} className={css.switch ?? ""}>
      <span className={css.track} />
      <span>{children}</span>
    </AriaSwitch>
  );
}

export interface ChoiceProps<T extends string> {
  label: string;
  value: T;
  onChange: (value: T) => void;
  options: { id: T; label: ReactNode }[];
  isDisabled?: boolean;
}

/** One of few, all of them visible. */
export function RadioChoice<T extends string>({ label, value, onChange, options, isDisabled }: ChoiceProps<T>) {
  return (
    <RadioGroup value={value} onChange={(v) => onChange(v as T)} isDisabled={isDisabled} className={css.field ?? ""}>
      <Label className={css.label}>{label}</Label>
      <div className={css.options}>
        {options.map((o) => (
          <Radio key={o.id} value={o.id} className={css.check ?? ""}>
            <span className={cx(css.box, css.round)}><Check aria-hidden /></span>
            <span>{o.label}</span>
          </Radio>
        ))}
      </div>
    </RadioGroup>
  );
}
