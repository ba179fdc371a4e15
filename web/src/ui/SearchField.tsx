import { Search, X } from "lucide-react";
import type { Ref } from "react";
import { Button as AriaButton, Group, Input, SearchField as AriaSearchField, type SearchFieldProps } from "react-aria-components";
import { useText } from "@/i18n";
import { en } from "@/i18n/en/ui";
import { ur } from "@/i18n/ur/ui";
import { cx } from "./cx";
import css from "./Field.module.css";

export interface SearchProps extends Omit<SearchFieldProps, "className" | "children" | "style"> {
  label: string;
  placeholder?: string;
  inputRef?: Ref<HTMLInputElement>;
  /** As wide as what it stands in. */
  wide?: boolean;
}

export function SearchField({ label, placeholder, inputRef, wide, ...rest }: SearchProps) {
  const t = useText({ en, ur });
  return (
    <AriaSearchField {...rest} aria-label={label} className={cx(css.search, wide && css.whole)}>
      <Group className={css.group ?? ""}>
        <Search aria-hidden />
        <Input ref={inputRef} placeholder={placeholder ?? label} />
        <AriaButton className={css.clear ?? ""} aria-label={t.clear}><X aria-hidden /></AriaButton>
      </Group>
    </AriaSearchField>
  );
}
