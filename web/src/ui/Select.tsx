import { Check, ChevronDown } from "lucide-react";
import type { Key, ReactNode } from "react";
import { Button, FieldError, ListBox, ListBoxItem, Popover, Select as AriaSelect, SelectValue, Text } from "react-aria-components";
import { useText } from "@/i18n";
import { en } from "@/i18n/en/ui";
import { ur } from "@/i18n/ur/ui";
import { cx } from "./cx";
import { Name } from "./Field";
import field from "./Field.module.css";
import css from "./Select.module.css";

export interface Option<T extends string = string> {
  id: T;
  label: string;
  note?: ReactNode;
}

export interface SelectProps<T extends string> {
  label: string;
  options: Option<T>[];
  value: T | null;
  onChange: (value: T) => void;
  hint?: string;
  error?: string | null;
  placeholder?: string;
  isDisabled?: boolean;
  isRequired?: boolean;
  /** The label is read aloud but not drawn. */
  hideLabel?: boolean;
  small?: boolean;
}

/** One of a known list. */
export function Select<T extends string>({ label, options, value, onChange, hint, error, placeholder, hideLabel, small, ...rest }: SelectProps<T>) {
  const t = useText({ en, ur });
  return (
    <AriaSelect
      {...rest} value={value} onChange={(key: Key | null) => key !== null && onChange(key as T)} isInvalid={Boolean(error)}
      placeholder={placeholder ?? t.choose} aria-label={hideLabel ? label : undefined} className={field.field ?? ""}
    >
      {hideLabel ? null : <Name label={label} required={rest.isRequired} />}
      <Button className={cx(css.trigger, small && css.small)}>
        <SelectValue className={css.value ?? ""} />
        <ChevronDown aria-hidden />
      </Button>
      {hint && !error ? <Text slot="description" className={field.hint}>{hint}</Text> : null}
      <FieldError className={field.error ?? ""}>{error ? <bdi>{error}</bdi> : undefined}</FieldError>
      <Popover className={css.popover ?? ""} offset={4}>
        <ListBox items={options} className={css.list ?? ""}>
          {(o) => (
            <ListBoxItem id={o.id} textValue={o.label} className={css.item ?? ""}>
              <span className={css.text}><bdi>{o.label}</bdi>{o.note ? <bdi className={css.note}>{o.note}</bdi> : null}</span>
              <Check aria-hidden className={css.tick} />
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </AriaSelect>
  );
}
