import { Fragment, type ReactNode } from "react";
import { useText } from "@/i18n";
import { en } from "@/i18n/en/approvals";
import { ur } from "@/i18n/ur/approvals";
import { Money } from "@/ui";

const OVER = /^total ([A-Z]{3}) (-?[\d.]+) is over ([A-Z]{3}) (-?[\d.]+)$/;

/** Why an approval is asked for, in the reader's words where the server's are known. */
export function useReason(): (trace: string) => ReactNode {
  const t = useText({ en, ur });
  return (trace) => {
    const found = OVER.exec(trace);
    if (!found) return <bdi>{trace}</bdi>;
    const [, currency = "", total = "", limitCurrency = "", limit = ""] = found;
    const [before, between, after] = t.over;
    return (
      <Fragment>
        {before}<Money amount={total} currency={currency} />{between}<Money amount={limit} currency={limitCurrency} />{after}
      </Fragment>
    );
  };
}
