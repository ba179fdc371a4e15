/**
 * A field for a whole number that tells every keystroke, so that a form knows at once whether it is complete. What is no
 * number within the bounds is NaN for the form, and said to the person.
 */
import { useState } from "react";
import { useText } from "@/i18n";
import { en } from "@/i18n/en/parts";
import { ur } from "@/i18n/ur/parts";
import { Field } from "./Field";
import { wholeWithin } from "./whole";

export interface WholeFieldProps {
  label: string;
  hint?: string;
  error?: string | null;
  value: number;
  onChange: (value: number) => void;
  min?: number;
  max?: number;
  isRequired?: boolean;
  isDisabled?: boolean;
  autoFocus?: boolean;
  hideLabel?: boolean;
}

const written = (value: number) => (Number.isFinite(value) ? String(value) : "");

export function WholeField({ error, value, onChange, min, max, isDisabled, ...rest }: WholeFieldProps) {
  const t = useText({ en, ur });
  const [text, setText] = useState(written(value));
  const [shown, setShown] = useState(value);
  if (!Object.is(shown, value)) {
    // Set from outside: by a choice beside it, or by the server's answer.
    setShown(value);
    if (!Object.is(wholeWithin(text, min, max), value)) setText(written(value));
  }
  const type = (next: string) => {
    setText(next);
    const number = wholeWithin(next, min, max);
    setShown(number);
    onChange(number);
  };
  const wrong = text.trim() !== "" && Number.isNaN(wholeWithin(text, min, max));
  return (
    <Field
      {...rest} ltr value={text} onChange={type} isReadOnly={isDisabled} inputMode={min !== undefined && min >= 0 ? "numeric" : "text"}
      autoComplete="off" error={error ?? (wrong ? t.whole(min, max) : null)}
    />
  );
}
