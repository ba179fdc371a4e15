import { Eye, EyeOff } from "lucide-react";
import { type FormEvent, useEffect, useState } from "react";
import { useRouter } from "@tanstack/react-router";
import { asProblem, type Problem } from "@/api/problem";
import { signIn } from "@/api/session";
import { setLanguage, useLanguage, useText } from "@/i18n";
import { en } from "@/i18n/en/app";
import { ur } from "@/i18n/ur/app";
import { Button, ErrorPanel, Field, IconButton } from "@/ui";
import { inside } from "./inside";
import { useSearch } from "./nav";
import { useSession } from "./session";
import css from "./SignIn.module.css";

/** The page of its own: whoever signs in goes where they wanted to. */
export default function SignIn() {
  const t = useText({ en, ur });
  const language = useLanguage();
  const router = useRouter();
  const { to, why } = useSearch();

  useEffect(() => {
    document.title = `${t.signIn} · Munshi`;
  }, [t]);

  // Here, or in another tab.
  const { user } = useSession();
  useEffect(() => {
    if (user) router.history.replace(inside(to));
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [user]);

  const other = language === "en" ? "ur" : "en";
  return (
    <main className={css.page}>
      <SignInForm why={why === "signed_out" || why === "ended" ? t.why[why] : undefined} />
      <p className={css.language}>
        <Button look="quiet" small onPress={() => setLanguage(other)}><bdi lang={other}>{other === "ur" ? "اردو" : "English"}</bdi></Button>
      </p>
    </main>
  );
}

/** E-mail and password, and what the server says to them. */
export function SignInForm({ known = "", why }: { known?: string; why?: string | undefined }) {
  const t = useText({ en, ur });
  const [email, setEmail] = useState(known);
  const [password, setPassword] = useState("");
  const [shown, setShown] = useState(false);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const wait = useCountdown(problem);

  async function submit(event: FormEvent) {
    event.preventDefault();
    setBusy(true);
    setProblem(null);
    try {
      await signIn(email.trim(), password);
    } catch (error) {
      setProblem(asProblem(error));
    } finally {
      setBusy(false);
    }
  }

  return (
    <form className={css.form} onSubmit={(e) => void submit(e)}>
      <header className={css.head}>
        <h1 className={css.name}><bdi>Munshi</bdi></h1>
        <p className={css.tagline}>{t.tagline}</p>
      </header>
      {why ? <p role="status" className={css.why}>{why}</p> : null}
      <Field label={t.email} type="email" name="email" autoComplete="username" isRequired value={email} onChange={setEmail} ltr autoFocus={known === ""} />
      <div className={css.password}>
        <Field
          label={t.password} type={shown ? "text" : "password"} name="password" autoComplete="current-password" isRequired
          value={password} onChange={setPassword} ltr autoFocus={known !== ""}
        />
        <IconButton label={shown ? t.hidePassword : t.showPassword} onPress={() => setShown(!shown)}>
          {shown ? <EyeOff aria-hidden /> : <Eye aria-hidden />}
        </IconButton>
      </div>
      {problem === null ? null : wait > 0 ? <p role="alert" className={css.wrong}>{t.tooMany(wait)}</p>
        : problem.status === 401 ? <p role="alert" className={css.wrong}>{t.wrong}</p>
        : <ErrorPanel inline error={problem} />}
      <Button type="submit" look="primary" wide busy={busy} isDisabled={wait > 0}>{t.signIn}</Button>
    </form>
  );
}

/** Seconds that a refused try has to wait. */
function useCountdown(problem: Problem | null): number {
  const [left, setLeft] = useState(0);
  useEffect(() => {
    const seconds = problem?.status === 429 ? Math.ceil((problem.retryAfter ?? 5000) / 1000) : 0;
    setLeft(seconds);
    if (seconds === 0) return;
    const timer = setInterval(() => setLeft((now) => Math.max(0, now - 1)), 1000);
    return () => clearInterval(timer);
  }, [problem]);
  return left;
}
