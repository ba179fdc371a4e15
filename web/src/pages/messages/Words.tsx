import { Fragment } from "react";
import css from "./messages.module.css";

const BOLD = /(\*[^*\n]+\*)/;

export interface WordsProps {
  text: string;
  /** By which it travels: WhatsApp draws what stands between asterisks bold. */
  channel: string;
  lang?: string;
  dir?: "auto";
}

/** The words of a message, as the person sees them. */
export function Words({ text, channel, lang, dir }: WordsProps) {
  const parts = channel === "whatsapp" ? text.split(BOLD) : [text];
  return (
    <p className={css.words} dir={dir} lang={lang}>
      {parts.map((part, at) => (at % 2 === 1 ? <strong key={at}>{part.slice(1, -1)}</strong> : <Fragment key={at}>{part}</Fragment>))}
    </p>
  );
}
