import type { ReactElement, ReactNode } from "react";
import { Menu as AriaMenu, MenuItem, MenuTrigger, Popover, Separator } from "react-aria-components";
import { cx } from "./cx";
import css from "./Select.module.css";
import menu from "./Menu.module.css";

export interface MenuEntry {
  id: string;
  label: ReactNode;
  text: string;
  icon?: ReactNode;
  keys?: string;
  danger?: boolean;
  disabled?: boolean;
  onAction: () => void;
}

/** A button (the child) that opens a list of actions; `null` draws a line. */
export function Menu({ children, label, entries }: { children: ReactElement; label: string; entries: (MenuEntry | null)[] }) {
  return (
    <MenuTrigger>
      {children}
      <Popover className={css.popover ?? ""} offset={4}>
        <AriaMenu className={css.list ?? ""} aria-label={label}>
          {entries.map((e, i) =>
            e === null ? <Separator key={`line-${i}`} className={menu.line ?? ""} /> : (
              <MenuItem key={e.id} id={e.id} textValue={e.text} isDisabled={e.disabled ?? false} onAction={e.onAction} className={cx(css.item, menu.item, e.danger && menu.danger)}>
                {e.icon}
                <span className={css.text}>{e.label}</span>
                {e.keys ? <kbd className={menu.keys}>{e.keys}</kbd> : null}
              </MenuItem>
            ),
          )}
        </AriaMenu>
      </Popover>
    </MenuTrigger>
  );
}
