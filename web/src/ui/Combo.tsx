import { LoaderCircle, Search } from "lucide-react";
import type { Key, ReactNode } from "react";
import { ComboBox, FieldError, Group, Input, Label, ListBox, ListBoxItem, Popover, Text } from "react-aria-components";
import { cx } from "./cx";
import button from "./Button.module.css";
import field from "./Field.module.css";
import css from "./Select.module.css";

export interface Found {
  id: string;
  label: string;
  note?: ReactNode;
}

export interface ComboProps {
  label: string;
  hideLabel?: boolean;
  placeholder?: string;
  hint?: string;
  error?: string | null;
  /** What is typed; the caller searches for it. */
  text: string;
  onText: (text: string) => void;
  found: Found[];
  searching?: boolean;
  /** Shown when nothing was found. */
  none: string;
  onPick: (id: string) => void;
  isRequired?: boolean;
  isDisabled?: boolean;
  autoFocus?: boolean;
}

/** Searches on the server while one types, and picks one. */
export function Combo({ label, hideLabel, placeholder, hint, error, text, onText, found, searching, none, onPick, ...rest }: ComboProps) {
  return (
    <ComboBox
      {...rest} items={found} inputValue={text} onInputChange={onText} value={null} menuTrigger="input" allowsEmptyCollection
      onChange={(key: Key | null) => key !== null && onPick(String(key))} isInvalid={Boolean(error)} defaultFilter={() => true}
      aria-label={hideLabel ? label : undefined} className={field.field ?? ""}
    >
      {hideLabel ? null : <Label className={field.label}>{label}</Label>}
      <Group className={field.group ?? ""}>
        {searching ? <LoaderCircle className={button.spin} aria-hidden /> : <Search aria-hidden />}
        <Input placeholder={placeholder} />
      </Group>
      {hint && !error ? <Text slot="description" className={field.hint}>{hint}</Text> : null}
      <FieldError className={field.error ?? ""}>{error ? <bdi>{error}</bdi> : undefined}</FieldError>
      <Popover className={css.popover ?? ""} offset={4}>
        <ListBox<Found> className={css.list ?? ""} renderEmptyState={() => <div className={css.empty}>{none}</div>}>
          {(o) => (
            <ListBoxItem id={o.id} textValue={o.label} className={css.item ?? ""}>
              <span className={cx(css.text)}><bdi>{o.label}</bdi>{o.note ? <span className={css.note}>{o.note}</span> : null}</span>
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </ComboBox>
  );
}
