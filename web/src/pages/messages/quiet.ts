/** The shop's quiet hours, in which messages that can wait do: minutes of the shop's day. */
export interface QuietHours {
  from: number;
  until: number;
}

/** As the settings have them; nothing if they say nothing. */
export function quietHours(settings: unknown): QuietHours | null {
  const messaging = (settings as { messaging?: Record<string, unknown> } | undefined)?.messaging;
  const { quiet_from_minute: from, quiet_until_minute: until } = messaging ?? {};
  return typeof from === "number" && typeof until === "number" ? { from, until } : null;
}

/** `21:00` for 1260. */
export function clock(minute: number): string {
  const two = (n: number) => String(n).padStart(2, "0");
  return `${two(Math.floor(minute / 60))}:${two(minute % 60)}`;
}

/** 1260 for `21:00`; NaN for what is no time of day. */
export function minuteOf(text: string): number {
  const [, hours, minutes] = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(text) ?? [];
  return hours === undefined ? NaN : Number(hours) * 60 + Number(minutes);
}
