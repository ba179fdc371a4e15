/** Shapes of the routes for messages, as `protocols/src/conversations.rs` and `connections.rs` have them. */
export interface ConversationRow {
  id: string;
  name: string;
  customer_id: string | null;
  user_id: string | null;
  language: string | null;
  needs_agent: boolean;
  why: string | null;
  assigned_to: string | null;
  call_due: boolean;
  call_until: string | null;
  open_questions: number;
  last_inbound_at: string | null;
  orders: string[];
}

export interface Question {
  id: string;
  about: string;
  order_id: string;
  number: string;
  state: string;
  answer: string | null;
  asked_at: string;
  expires_at: string;
  call: boolean;
}

export interface Consent {
  channel: string;
  category: string;
  allowed: boolean;
  source: string;
  at: string;
}

export interface Conversation {
  id: string;
  version: number;
  name: string;
  phone: string | null;
  email: string | null;
  customer_id: string | null;
  user_id: string | null;
  language: string | null;
  window_open: boolean;
  window_until: string | null;
  orders: { id: string; number: string }[];
  questions: Question[];
  assigned_to: string | null;
  why: string | null;
  needs_agent: boolean;
  unreachable: Record<string, string>;
  consent: Consent[];
  preferences: Record<string, string[]>;
}

/** An entry of a thread: `event` is the thread's own event, read by `thread.ts`. */
export interface ThreadEntry {
  version: number;
  at: string;
  event: { type: string } & Record<string, unknown>;
  text: string | null;
}

export interface PatchPreferences {
  language?: string;
  consent?: { channel: string; category: string; allowed: boolean }[];
  preferences?: Record<string, string[] | null>;
}

export interface RecordCall {
  outcome: string;
  note: string;
  question_id: string | null;
}

export interface ConnectionHealth {
  breaker: string;
  planned: number;
  in_flight: number;
  unknown: number;
  oldest: string | null;
  position: number;
  lag: number;
  last_ok: string | null;
  last_failure: string | null;
  last_outcome: string | null;
}

export interface Connection {
  id: string;
  version: number;
  name: string;
  vendor: string;
  mode: string;
  paused_because: string | null;
  problem: string | null;
  base_url: string;
  channels: string[];
  settings: Record<string, unknown>;
  credentials: string[];
  hook_url: string | null;
  health: ConnectionHealth;
  dead: number;
  created_at: string;
}

export interface CreateConnection {
  id: string;
  name: string;
  vendor: string;
  mode: string;
  base_url?: string;
  settings: Record<string, unknown>;
  credentials: Record<string, string>;
}

export interface PatchConnection {
  name?: string;
  mode?: string;
  base_url?: string;
  settings?: Record<string, unknown>;
  credentials?: Record<string, string>;
  rotate_hook?: boolean;
}

export interface TestSend {
  to: string;
  channel?: string;
  kind?: string;
  language?: string;
}

export interface TestResult {
  ok: boolean;
  outcome: string;
  vendor_ref: string | null;
  code: string | null;
  hint: string | null;
}

export interface Dead {
  connection: string;
  id: string;
  kind: string;
  at: string;
  class: string;
  answer: string;
  hint: string;
  attempts: number;
  caused_by: number | null;
  conversation: string | null;
  expires_at: string | null;
  replayable: boolean;
  history: { at: string; by: string; what: string; reason: string | null }[];
}

export interface Template {
  kind: string;
  audience: string;
  category: string;
  routes: string[][];
  waits: boolean;
  expires_seconds: number;
  variables: string[];
  languages: string[];
}

export interface Preview {
  subject: string | null;
  text: string;
  html: string | null;
  buttons: string[];
  direction: string;
  characters: number;
}
