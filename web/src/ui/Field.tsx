/** Fields of forms: a label, the control, a hint, and the reason of a refusal, tied together for screen readers. */
import { Check, Minus, Search, X } from "lucide-react";
import type { ReactNode, Ref } from "react";
import {
  Button as AriaButton, Checkbox as AriaCheckbox, type CheckboxProps, FieldError, Input, Label, NumberField as AriaNumberField,
  Radio, RadioGroup, SearchField as AriaSearchField, type SearchFieldProps, Switch as AriaSwitch, type SwitchProps, Text,
  TextArea, TextField as AriaTextField, type TextFieldProps, Group,
} from "react-aria-components";
import { useText } from "@/i18n";
import { en } from "@/i18n/en/ui";
import { ur } from "@/i18n/ur/ui";
import { cx } from "./cx";
import css from "./Field.module.css";

interface Common {
  label: string;
  hint?: ReactNode;
  /** Why the server refused this field. */
  error?: string | null;
}

function Feet({ hint, error }: { hint?: ReactNode; error?: string | null }) {
  return (
    <>
      {hint && !error ? <Text slot="description" className={css.hint}>{hint}</Text> : null}
      <FieldError className={css.error ?? ""}>{error ?? undefined}</FieldError>
    </>
  );
}

function Name({ label, required }: { label: string; required?: boolean }) {
  return (
    <Label className={css.label}>
      {label}
      {required ? <span className={css.required} aria-hidden> *</span> : null}
    </Label>
  );
}

export interface FieldProps extends Common, Omit<TextFieldProps, "className" | "children" | "style"> {
  placeholder?: string;
  /** Lines; more than one makes a text area. */
  rows?: number;
  /** Codes, phones, e-mails: left to right in Urdu too. */
  ltr?: boolean;
  inputRef?: Ref<HTMLInputElement>;
}

export function Field({ label, hint, error, placeholder, rows = 1, ltr, inputRef, ...rest }: FieldProps) {
  return (
    <AriaTextField {...rest} isInvalid={rest.isInvalid || Boolean(error)} className={css.field ?? ""}>
      <Name label={label} required={rest.isRequired} />
      {rows > 1 ? (
        <TextArea rows={rows} placeholder={placeholder} className={css.input ?? ""} dir={ltr ? "ltr" : "auto"} />
      ) : (
        <Input ref={inputRef} placeholder={placeholder} className={cx(css.input, ltr && "num")} dir={ltr ? "ltr" : undefined} />
      )}
      <Feet hint={hint} error={error} />
    </AriaTextField>
  );
}

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

export interface SearchProps extends Omit<SearchFieldProps, "className" | "children" | "style"> {
  label: string;
  placeholder?: string;
  inputRef?: Ref<HTMLInputElement>;
}

export function SearchField({ label, placeholder, inputRef, ...rest }: SearchProps) {
  const t = useText({ en, ur });
  return (
    <AriaSearchField {...rest} aria-label={label} className={css.search ?? ""}>
      <Group className={css.group ?? ""}>
        <Search aria-hidden />
        <Input ref={inputRef} placeholder={placeholder ?? label} />
        <AriaButton className={css.clear ?? ""} aria-label={t.clear}><X aria-hidden /></AriaButton>
      </Group>
    </AriaSearchField>
  );
}

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
