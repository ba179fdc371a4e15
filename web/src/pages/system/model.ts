/** The server's state as `GET /system/status` tells it; what an older server leaves out is not shown. */
import type { Schema } from "@/api/react";

export interface DoctorResult {
  at: string;
  entries: number;
  documents: number;
  problems: string[];
}

export type Status = Schema["SystemStatus"] & {
  sockets?: { consoles: number; devices: number };
  lane?: Record<string, number>;
  doctor?: { running: boolean; last: DoctorResult | null };
};

/** Whole days, hours and minutes of a span. */
export function span(seconds: number): [days: number, hours: number, minutes: number] {
  const minutes = Math.max(0, Math.floor(seconds / 60));
  return [Math.floor(minutes / 1_440), Math.floor((minutes % 1_440) / 60), minutes % 60];
}
