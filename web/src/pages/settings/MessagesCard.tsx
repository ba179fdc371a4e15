import { useText } from "@/i18n";
import { en } from "@/i18n/en/settings";
import { ur } from "@/i18n/ur/settings";
import { clock, minuteOf } from "@/pages/messages/quiet";
import { Card, Field, Select, Switch } from "@/ui";
import { Fields } from "@/ui/FormDialog";
import { WholeField } from "@/ui/WholeField";
import type { Messaging } from "./model";
import css from "./settings.module.css";
import type { CardProps } from "./ShopPage";

const MINUTE = 60;

/** Whether and when the shop writes to customers, and how it asks again. */
export function MessagesCard({ shop, change, refused, readOnly }: CardProps) {
  const t = useText({ en, ur }).shop;
  const now = shop.messaging;
  const set = (part: Partial<Messaging>) => change({ messaging: { ...now, ...part } });
  const at = (text: string, take: (minute: number) => void) => {
    const minute = minuteOf(text);
    if (Number.isFinite(minute)) take(minute);
  };
  const after = (value: number, take: (seconds: number) => void) => Number.isFinite(value) && take(value * MINUTE);
  return (
    <Card title={t.messages}>
      <div className={css.stack}>
        <Switch isSelected={now.enabled} isDisabled={readOnly} onChange={(enabled) => set({ enabled })}>{t.messagesOn}</Switch>
        <Fields>
          <Field
            label={t.quietFrom} hint={t.quietHint} type="time" ltr value={clock(now.quiet_from_minute)} isReadOnly={readOnly}
            onChange={(text) => at(text, (quiet_from_minute) => set({ quiet_from_minute }))} error={refused("/messaging/quiet_from_minute")}
          />
          <Field
            label={t.quietUntil} type="time" ltr value={clock(now.quiet_until_minute)} isReadOnly={readOnly}
            onChange={(text) => at(text, (quiet_until_minute) => set({ quiet_until_minute }))}
          />
          <WholeField
            label={t.smsAfter} hint={t.afterHint} min={0} max={129_600} value={Math.round(now.confirm_sms_after_seconds / MINUTE)} isDisabled={readOnly}
            onChange={(value) => after(value, (confirm_sms_after_seconds) => set({ confirm_sms_after_seconds }))} error={refused("/messaging/confirm_sms_after_seconds")}
          />
          <WholeField
            label={t.callAfter} hint={t.afterHint} min={0} max={129_600} value={Math.round(now.confirm_call_after_seconds / MINUTE)} isDisabled={readOnly}
            onChange={(value) => after(value, (confirm_call_after_seconds) => set({ confirm_call_after_seconds }))}
          />
          <Select
            label={t.messagesLanguage} value={now.default_language} isDisabled={readOnly} onChange={(default_language) => set({ default_language })}
            options={["en", "ur"].map((id) => ({ id, label: id === "en" ? t.english : t.urdu }))}
          />
        </Fields>
      </div>
    </Card>
  );
}
