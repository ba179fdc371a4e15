import { useState } from "react";
import { useSend } from "@/api/react";
import { useFormat, useText } from "@/i18n";
import { en } from "@/i18n/en/messages";
import { ur } from "@/i18n/ur/messages";
import { toast } from "@/ui";
import { FormDialog, refusedAt } from "@/ui/FormDialog";
import { WholeField } from "@/ui/WholeField";
import { PATHS } from "./data";
import type { Connection } from "./types";

/** Tells a subscriber anew what happened after a position of the journal; it knows by the ids what it has already. */
export function TellAgainDialog({ of, close }: { of: Pick<Connection, "id" | "health">; close: () => void }) {
  const t = useText({ en, ur });
  const format = useFormat();
  const [after, setAfter] = useState(NaN);
  const send = useSend("post", "/api/v1/connections/{id}/replay", { refresh: [PATHS.connections] });
  const submit = () =>
    send.mutate({ path: { id: of.id }, body: { after } }, {
      onSuccess: ({ data }) => { toast.good(t.toldAgain(data.replayed, format.number(data.replayed))); close(); },
    });
  return (
    <FormDialog open onClose={close} title={t.tellAgainTitle} text={t.tellAgainText} submit={t.tellAgain} busy={send.isPending} error={send.error} onSubmit={submit} blocked={Number.isNaN(after)}>
      <WholeField
        label={t.tellAfter} hint={t.tellAfterHint(format.number(of.health.position))} min={0} max={of.health.position} value={after} onChange={setAfter}
        isRequired autoFocus error={refusedAt(send.error, "/after")}
      />
    </FormDialog>
  );
}
