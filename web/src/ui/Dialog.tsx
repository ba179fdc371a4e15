import { X } from "lucide-react";
import type { ReactNode } from "react";
import { Dialog as AriaDialog, Heading, Modal, ModalOverlay } from "react-aria-components";
import { useText } from "@/i18n";
import { en } from "@/i18n/en/ui";
import { ur } from "@/i18n/ur/ui";
import { IconButton } from "./Button";
import { cx } from "./cx";
import css from "./Dialog.module.css";

export interface DialogProps {
  open: boolean;
  onClose: () => void;
  title: string;
  children: ReactNode;
  /** Buttons at its foot. */
  actions?: ReactNode;
  wide?: boolean;
  /** Slides in from the side, for what is read beside the page. */
  drawer?: boolean;
  alert?: boolean;
}

/** A question or a small form over the page. Escape and the cross close it. */
export function Dialog({ open, onClose, title, children, actions, wide, drawer, alert }: DialogProps) {
  const t = useText({ en, ur });
  return (
    <ModalOverlay isOpen={open} onOpenChange={(now) => now || onClose()} isDismissable={!alert} className={cx(css.overlay, drawer && css.side)}>
      <Modal className={cx(css.modal, wide && css.wide, drawer && css.drawer)}>
        <AriaDialog role={alert ? "alertdialog" : "dialog"} className={css.dialog ?? ""}>
          <header className={css.head}>
            <Heading slot="title" className={css.title}>{title}</Heading>
            <IconButton small label={t.close} onPress={onClose}><X aria-hidden /></IconButton>
          </header>
          {/* Without a form in it, it is scrolled by keys. */}
          <div className={css.body} tabIndex={actions ? undefined : 0}>{children}</div>
          {actions ? <footer className={css.foot}>{actions}</footer> : null}
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  );
}
