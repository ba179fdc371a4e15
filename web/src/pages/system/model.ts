/** The server's state as `GET /system/status` tells it. */
import type { Schema } from "@/api/react";

export type Status = Schema["SystemStatus"];
export type DoctorResult = Schema["DoctorResult"];

/** Whole days, hours and minutes of a span. */
export function span(seconds: number): [days: number, hours: number, minutes: number] {
  const minutes = Math.max(0, Math.floor(seconds / 60));
  return [Math.floor(minutes / 1_440), Math.floor((minutes % 1_440) / 60), minutes % 60];
}
