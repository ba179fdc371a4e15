/**
 * A form over the page: asks, sends, shows why it was refused, and closes only when it was done.
 * What was typed stays when sending fails, so that trying again is the same wish.
 */
import { type FormEvent, type ReactNode, useId } from "react";
import { Form } from "react-aria-components";
import { useText } from "@/i18n";
import { en } from "@/i18n/en/ui";
import { ur } from "@/i18n/ur/ui";
import type { Problem } from "@/api/problem";
import { Button, type Look } from "./Button";
import { Dialog } from "./Dialog";
import { ErrorPanel } from "./Feedback";
import css from "./FormDialog.module.css";

export interface FormDialogProps {
  open: boolean;
  onClose: () => void;
  title: string;
  /** What will happen, in a sentence. */
  text?: ReactNode;
  /** Word on the button that sends. */
  submit: string;
  /** Word on the button that closes, where the usual one could be misread. */
  dismiss?: string;
  look?: Look;
  busy?: boolean;
  error?: Problem | null;
  onSubmit: () => void;
  /** The form is not complete. */
  blocked?: boolean;
  wide?: boolean;
  alert?: boolean;
  children?: ReactNode;
}

export function FormDialog(props: FormDialogProps) {
  const { open, onClose, title, text, submit, dismiss, look = "primary", busy, error, onSubmit, blocked, wide, alert, children } = props;
  const t = useText({ en, ur });
  const id = useId();
  const send = (event: FormEvent) => {
    event.preventDefault();
    if (!busy && !blocked) onSubmit();
  };
  return (
    <Dialog
      open={open} onClose={onClose} title={title} wide={wide} alert={alert}
      actions={
        <>
          <Button onPress={onClose}>{dismiss ?? t.cancel}</Button>
          <Button type="submit" form={id} look={look} busy={busy} isDisabled={blocked}>{submit}</Button>
        </>
      }
    >
      <Form id={id} onSubmit={send} validationBehavior="aria" className={css.form ?? ""}>
        {text ? <p className={css.text}>{text}</p> : null}
        {children}
        {error ? <ErrorPanel inline error={error} /> : null}
      </Form>
    </Dialog>
  );
}

/** Two or more fields beside each other where there is room. */
export function Fields({ children }: { children: ReactNode }) {
  return <div className={css.fields}>{children}</div>;
}

/** The server's reason, if it is about this field (a JSON pointer such as `/reason`). */
export function refusedAt(error: Problem | null | undefined, pointer: string): string | null {
  return error?.field === pointer ? error.detail : null;
}
