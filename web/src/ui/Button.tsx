import { LoaderCircle } from "lucide-react";
import type { ReactNode, Ref } from "react";
import { Button as AriaButton, type ButtonProps as AriaProps, Tooltip as AriaTooltip, TooltipTrigger } from "react-aria-components";
import { cx } from "./cx";
import css from "./Button.module.css";
import tip from "./Tooltip.module.css";

export type Look = "primary" | "plain" | "quiet" | "danger";

export interface ButtonProps extends Omit<AriaProps, "className" | "children" | "style"> {
  look?: Look;
  small?: boolean;
  wide?: boolean;
  icon?: ReactNode;
  busy?: boolean;
  children?: ReactNode;
  ref?: Ref<HTMLButtonElement>;
}

/** A button with words. While `busy` it cannot be pressed and says so. */
export function Button({ look = "plain", small, wide, icon, busy, children, ...rest }: ButtonProps) {
  return (
    <AriaButton {...rest} isPending={busy} className={cx(css.button, css[look], small && css.small, wide && css.wide)}>
      {busy ? <LoaderCircle className={css.spin} aria-hidden /> : icon}
      {children}
    </AriaButton>
  );
}

export interface IconButtonProps extends Omit<ButtonProps, "icon" | "wide" | "children"> {
  /** What it does; read aloud and shown on hover. */
  label: string;
  /** Shortcut shown beside the label. */
  keys?: string;
  children: ReactNode;
}

/** A button of an icon alone. */
export function IconButton({ look = "quiet", small, busy, label, keys, children, ...rest }: IconButtonProps) {
  return (
    <TooltipTrigger delay={500}>
      <AriaButton {...rest} isPending={busy} aria-label={label} className={cx(css.button, css[look], css.icon, small && css.small)}>
        {busy ? <LoaderCircle className={css.spin} aria-hidden /> : children}
      </AriaButton>
      <AriaTooltip className={tip.tooltip ?? ""} offset={6}>
        {label}
        {keys ? <kbd className={tip.keys}>{keys}</kbd> : null}
      </AriaTooltip>
    </TooltipTrigger>
  );
}

/** Classes of a button, for links that look like one. */
export function buttonClass(look: Look = "plain", small = false): string {
  return cx(css.button, css[look], small && css.small);
}
