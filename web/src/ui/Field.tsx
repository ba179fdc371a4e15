/** Fields of forms: a label, the control, a hint, and the reason of a refusal, tied together for screen readers. */
import type { ReactNode, Ref } from "react";
import { FieldError, Input, Label, Text, TextArea, TextField as AriaTextField, type TextFieldProps } from "react-aria-components";
import { cx } from "./cx";
import css from "./Field.module.css";

export interface Common {
  label: string;
  hint?: ReactNode;
  /** Why the server refused this field. */
  error?: string | null;
}

export function Feet({ hint, error }: { hint?: ReactNode; error?: string | null }) {
  return (
    <>
      {hint && !error ? <Text slot="description" className={css.hint}>{hint}</Text> : null}
      <FieldError className={css.error ?? ""}>{error ? <bdi>{error}</bdi> : undefined}</FieldError>
    </>
  );
}

export function Name({ label, required }: { label: string; required?: boolean }) {
  return (
    <Label className={css.label}>
      {label}
      {required ? <span className={css.required} aria-hidden>{"\u00a0*"}</span> : null}
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
  /** The label is for screen readers alone. */
  hideLabel?: boolean;
}

export function Field({ label, hint, error, placeholder, rows = 1, ltr, inputRef, hideLabel, ...rest }: FieldProps) {
  return (
    <AriaTextField {...rest} isInvalid={rest.isInvalid || Boolean(error)} aria-label={hideLabel ? label : undefined} className={css.field ?? ""}>
      {hideLabel ? null : <Name label={label} required={rest.isRequired} />}
      {rows > 1 ? (
        <TextArea rows={rows} placeholder={placeholder} className={css.input ?? ""} dir={ltr ? "ltr" : "auto"} />
      ) : (
        <Input ref={inputRef} placeholder={placeholder} className={cx(css.input, ltr && "num")} dir={ltr ? "ltr" : undefined} />
      )}
      <Feet hint={hint} error={error} />
    </AriaTextField>
  );
}
