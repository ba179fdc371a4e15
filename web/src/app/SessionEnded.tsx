/**
 * The session ended without being asked to: one signs in again over the page, which stays behind it as it was, forms and
 * all. It covers everything, for whoever comes by is not signed in; and it does not keep the page for ever. It comes with
 * the shell: fetching it only when it is needed would leave the page uncovered until then.
 */
import { useEffect } from "react";
import { Dialog, Modal, ModalOverlay } from "react-aria-components";
import { leave, type Me } from "@/api/session";
import { useText } from "@/i18n";
import { en } from "@/i18n/en/app";
import { ur } from "@/i18n/ur/app";
import css from "./SignIn.module.css";
import { SignInForm } from "./SignIn";

const KEPT_MS = 15 * 60_000;

export function SessionEnded({ was }: { was: Me }) {
  const t = useText({ en, ur });
  useEffect(() => {
    const timer = setTimeout(leave, KEPT_MS);
    return () => clearTimeout(timer);
  }, []);
  return (
    <ModalOverlay isOpen isKeyboardDismissDisabled className={css.cover ?? ""}>
      <Modal>
        <Dialog aria-label={t.signInAgain} className={css.page ?? ""}>
          <SignInForm known={was.email} why={t.why.ended} />
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
