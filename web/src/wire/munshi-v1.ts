// Made from the Rust types in protocols/; do not edit. See docs/PROTOCOL.md.

/** The WebSocket subprotocol. */
export const SUBPROTOCOL = "munshi.v1.json";

/**
 * Answers commands, after they are durable.
 */
export type Ack = { 
/**
 * Every command up to here is decided (device). Cumulative. It tells how far the server is; a command leaves a
 * device's queue by its own answer.
 */
through?: CmdSeq, 
/**
 * Answers.
 */
r: Array<Answer>, };

/**
 * Answer to one command. A device finds it by `seq`, a console by `key`.
 */
export type Answer = { 
/**
 * Number of the device's command.
 */
seq?: CmdSeq, 
/**
 * Key of the console's command.
 */
key?: CmdKey, 
/**
 * What became of it.
 */
st: Status, 
/**
 * Why rejected, or what the variance is about.
 */
code?: CodeWord, 
/**
 * Exception opened.
 */
exception_id?: string, 
/**
 * Approval waited for.
 */
approval_id?: string, 
/**
 * What the operation answers, such as the next view of a flow.
 */
out?: Payload, };

/**
 * Version of the client's program.
 */
export type AppVersion = string;

/**
 * Row of `approvals.{role}`; its key is the id of the request's step.
 */
export type ApprovalRow = { 
/**
 * `active`, or how it ended.
 */
state: string, 
/**
 * Revision to quote in `approval.decide`.
 */
rev: Rev, 
/**
 * Order it is about.
 */
order: string, 
/**
 * Number of that order.
 */
number: string, 
/**
 * Hash of what is decided on; a decision quotes it.
 */
hash: string, 
/**
 * Amount at stake as decimal text, in `currency`.
 */
amount: string, 
/**
 * ISO 4217 code.
 */
currency: string, 
/**
 * Why an approval is needed, as words of rules.
 */
reasons: Array<string>, 
/**
 * Who asked.
 */
requester?: string, 
/**
 * When it was opened.
 */
opened_at: Millis, 
/**
 * When it goes to the next role.
 */
escalates_at?: Millis, };

/**
 * Brings a fresh token.
 */
export type Auth = { 
/**
 * The token.
 */
token: Token, };

/**
 * Commands of a device with consecutive numbers. Each is decided on its own.
 */
export type Batch = { 
/**
 * One to [`limits::BATCH_COMMANDS`].
 */
cmds: Array<Cmd>, };

/**
 * How a scanner sounds.
 */
export type Beep = "ok" | "confirm" | "stop";

/**
 * A boot of a device: monotonic clocks of two boots do not compare.
 */
export type BootId = string;

/**
 * Goes away in order.
 */
export type Bye = Record<symbol, never>;

/**
 * Something a client can do beyond the first version.
 */
export type Cap = string;

/**
 * Checksum of a Map topic, in order with its deltas.
 */
export type Chk = { 
/**
 * Which.
 */
topic: Topic, 
/**
 * Offset it was taken at.
 */
off: JournalSeq, 
/**
 * Number of rows.
 */
n: number, 
/**
 * [`MirrorHash::hex`](crate::hash::MirrorHash::hex).
 */
h: string, };

/**
 * What speaks: the device id of a device, or a name a browser tab gives itself.
 */
export type ClientId = string;

/**
 * Asks whether the server is there.
 */
export type ClientPing = { 
/**
 * Comes back in the answer.
 */
n: number, };

/**
 * Answers a `ping`.
 */
export type ClientPong = { 
/**
 * Of the ping.
 */
n: number, 
/**
 * The client's wall clock, from which the server estimates its skew.
 */
t0?: Millis, };

/**
 * A command. A device counts its commands (`seq`) and says when it was given (`at`); a console brings the key alone.
 */
export type Cmd = { 
/**
 * Number within the device.
 */
seq?: CmdSeq, 
/**
 * Id of the command, made by the client: a repeat with the same one has one effect.
 */
key: CmdKey, 
/**
 * When the operator did it.
 */
at?: Reading, 
/**
 * What to do.
 */
op: Op, 
/**
 * Revision of the aggregate that was on the screen.
 */
rev?: Rev, 
/**
 * Arguments.
 */
a: Payload, };

/**
 * A UUID of version 7 (RFC 9562) in lower-case text: the command id of the journal, and what makes a repeat harmless.
 */
export type CmdKey = string;

/**
 * A device's own count of its commands, from 1; on the wire `seq`.
 */
export type CmdSeq = number;

/**
 * A code as it stands in a frame. It may be unknown here: the peer may be newer.
 */
export type CodeWord = string;

/**
 * `console`.
 */
export type ConsoleTag = "console";

/**
 * What has changed since `base`, the last offset sent to this connection for the topic.
 */
export type Delta = { 
/**
 * Which.
 */
topic: Topic, 
/**
 * Life of the offsets.
 */
epoch: Epoch, 
/**
 * Where the mirror must stand for the delta to be applied.
 */
base: JournalSeq, 
/**
 * Where it stands then. Offsets grow but are not contiguous: the journal is shared by all topics.
 */
off: JournalSeq, 
/**
 * Rows of a Map that are new or changed.
 */
put?: Array<Row>, 
/**
 * Keys of a Map that are gone.
 */
del?: Array<RowKey>, 
/**
 * Items of a Stream that are new.
 */
add?: Array<Item>, 
/**
 * Value of a Gauge.
 */
v?: Payload, };

/**
 * An enrolled device. It can stand as a segment of a topic.
 */
export type DeviceId = string;

/**
 * Item of `device.{id}.inbox`.
 */
export type DeviceNotice = { 
/**
 * What it is about: `task_reassigned`, `task_expired`, `task_cancelled`, `signed_on_elsewhere` or `message`.
 */
kind: string, 
/**
 * Task it is about.
 */
task?: string, 
/**
 * When it happened.
 */
at: Millis, 
/**
 * How the scanner sounds.
 */
beep?: Beep, 
/**
 * What `kind` brings with it: `text` of a message, `device` that was signed on at instead.
 */
a: Payload, };

/**
 * Row of `wh.{w}.devices`; its key is the device id.
 */
export type DeviceRow = { 
/**
 * What people call it.
 */
label: string, 
/**
 * Whether it is there.
 */
state: DeviceState, 
/**
 * Number of its enrolment.
 */
rev: Rev, 
/**
 * User signed on.
 */
operator?: string, 
/**
 * Task in hand; of several the oldest.
 */
task?: string, 
/**
 * Program version, while it is connected.
 */
app?: AppVersion, 
/**
 * Since when it is connected or gone, or when it last did something, whichever is later; 0 for never.
 */
seen_at: Millis, 
/**
 * Its clock minus ours when it connected, while it is connected.
 */
skew_ms?: number, };

/**
 * Whether a device is there.
 */
export type DeviceState = "online" | "away" | "offline" | "revoked";

/**
 * `device`.
 */
export type DeviceTag = "device";

/**
 * The server will close; the client connects anew after `after_ms`, which differs from client to client.
 */
export type Drain = { 
/**
 * When to connect anew, counted from now.
 */
after_ms: number, 
/**
 * Why, such as `deploy`; for the log.
 */
why: string, };

/**
 * The life of a topic's offsets: the journal's id, or a random text per start for a gauge.
 */
export type Epoch = string;

/**
 * Refuses a frame; without `id`, says what is wrong with the connection.
 */
export type Err = { 
/**
 * What is wrong.
 */
code: CodeWord, 
/**
 * Its number.
 */
num: number, 
/**
 * What the client does.
 */
retry: Retry, 
/**
 * When, if later.
 */
retry_ms?: number, 
/**
 * In words, for a log.
 */
msg: string, 
/**
 * Field it is about.
 */
field?: string, 
/**
 * The command number the server takes next: with `seq_gap` and `rebase`.
 */
expect?: CmdSeq, };

/**
 * Item of `wh.{w}.exceptions`: a disagreement that somebody has to look at.
 */
export type ExceptionItem = { 
/**
 * Exception id.
 */
id: string, 
/**
 * Revision to quote when it is resolved.
 */
rev: Rev, 
/**
 * Why, as a code.
 */
code: CodeWord, 
/**
 * Task it came from.
 */
task?: string, 
/**
 * Device that reported.
 */
device?: DeviceId, 
/**
 * When it was done on the floor.
 */
performed_at: Millis, 
/**
 * When the server recorded it.
 */
recorded_at: Millis, };

/**
 * Enrolment generation of a device: each enrolment fences the ones before it.
 */
export type Gen = number;

/**
 * `hello` of a console.
 */
export type HelloConsole = { 
/**
 * `console`.
 */
kind: ConsoleTag, 
/**
 * Name the tab gave itself.
 */
client: ClientId, 
/**
 * Program version.
 */
app: AppVersion, 
/**
 * What it can do.
 */
caps: Array<Cap>, 
/**
 * Access token of the login API.
 */
token?: Token, 
/**
 * Ticket of an earlier `welcome`, in place of a token.
 */
ticket?: Token, 
/**
 * Token of a tracking link, in place of both: of the customer of one order.
 */
track?: Token, 
/**
 * Topics wanted.
 */
subs: Array<Subscription>, };

/**
 * `hello` of a device.
 */
export type HelloDevice = { 
/**
 * `device`.
 */
kind: DeviceTag, 
/**
 * Which device.
 */
client: DeviceId, 
/**
 * Which installation.
 */
install: InstallId, 
/**
 * Which enrolment.
 */
gen: Gen, 
/**
 * Program version.
 */
app: AppVersion, 
/**
 * What it can do.
 */
caps: Array<Cap>, 
/**
 * Short-lived token.
 */
token?: Token, 
/**
 * Ticket of an earlier `welcome`, in place of a token.
 */
ticket?: Token, 
/**
 * Number of the command it will send first: the oldest unanswered one, or the next.
 */
seq_next: CmdSeq, 
/**
 * What its clocks show.
 */
clock: Reading, 
/**
 * Topics wanted.
 */
subs: Array<Subscription>, };

/**
 * An installation on a device: a new one after each wipe, so that a counter that starts again is told from a clone.
 */
export type InstallId = string;

/**
 * Item of a Stream topic.
 */
export type Item = { 
/**
 * Offset of its event; at most one item per topic and event, so it is the item's identity.
 */
off: JournalSeq, 
/**
 * Body; see `topic::rows`.
 */
v: Payload, };

/**
 * Position in the journal of a node; on the wire `off`, `base` and `ver`. In a gauge, its local counter.
 */
export type JournalSeq = number;

/**
 * `dash.{w}.kpi`. Figures may be added; none is sent that is not counted.
 */
export type KpiGauge = { 
/**
 * When it was taken.
 */
at: Millis, 
/**
 * Orders not yet shipped.
 */
open_orders: number, 
/**
 * Tasks waiting for somebody.
 */
waiting_tasks: number, 
/**
 * Tasks in hand.
 */
active_tasks: number, };

/**
 * The bounds a client has to keep, as `welcome` reports them.
 */
export type Limits = { 
/**
 * Bytes of one message.
 */
message_bytes: number, 
/**
 * Bytes a batch should stay below.
 */
batch_bytes: number, 
/**
 * Commands in a batch.
 */
batch_commands: number, 
/**
 * Topics at once.
 */
topics: number, 
/**
 * Commands a second; while a device flushes its queue, within batches.
 */
commands_per_s: number, 
/**
 * Frames with commands a second.
 */
frames_per_s: number, };

/**
 * Milliseconds: since the Unix epoch in UTC for an instant, or a span, as the field says.
 */
export type Millis = number;

/**
 * How much a notification matters.
 */
export type NoticeLevel = "info" | "warning" | "action";

/**
 * The operation of a command, such as `pick.confirm`.
 */
export type Op = string;

/**
 * Row of `wh.{w}.orders`; its key is the order id. The row of `order.{id}` is the order as `GET /orders/{id}` shows it,
 * phones and e-mail addresses masked.
 */
export type OrderRow = { 
/**
 * Number as people say it.
 */
number: string, 
/**
 * Status word (SM-01).
 */
status: string, 
/**
 * Revision to quote in commands about the order.
 */
rev: Rev, 
/**
 * Where it came from, such as `web`.
 */
channel: string, 
/**
 * Customer's name.
 */
customer: string, 
/**
 * Total as decimal text, in `currency`.
 */
total: string, 
/**
 * ISO 4217 code.
 */
currency: string, 
/**
 * Lines.
 */
lines: number, 
/**
 * When it was placed.
 */
placed_at: Millis, 
/**
 * When it was promised.
 */
promised_at?: Millis, 
/**
 * Holds that stop it, as words.
 */
holds?: Array<string>, };

/**
 * One JSON value as text.
 */
export type Payload = unknown;

/**
 * Row of `presence.{order}`; its key is the user's id.
 */
export type PresenceRow = { 
/**
 * The user's name.
 */
name: string, 
/**
 * Since when the user looks.
 */
at: Millis, };

/**
 * What the clocks of a device show. Ordering never rests on it.
 */
export type Reading = { 
/**
 * Wall clock, milliseconds since the Unix epoch.
 */
wall_ms: Millis, 
/**
 * Milliseconds since boot.
 */
mono_ms: Millis, 
/**
 * Which boot.
 */
boot: BootId, };

/**
 * What a client does about a refusal.
 */
export type Retry = "no" | "later" | "reauth" | "resync" | "update_app";

/**
 * Revision of an aggregate, quoted by a command and checked by the actor; on the wire `rev`.
 */
export type Rev = number;

/**
 * Row of a Map topic.
 */
export type Row = { 
/**
 * Key.
 */
k: RowKey, 
/**
 * Body; see `topic::rows`.
 */
v: Payload, 
/**
 * Offset of the event that last changed it.
 */
ver: JournalSeq, };

/**
 * The key of a row within its topic. Short, so that hashing it needs no heap.
 */
export type RowKey = string;

/**
 * Has dealt with every item of a stream up to `off`; the server may forget them.
 */
export type Seen = { 
/**
 * Which.
 */
topic: Topic, 
/**
 * Up to here.
 */
off: JournalSeq, };

/**
 * Asks whether the client is there.
 */
export type ServerPing = { 
/**
 * Comes back in the answer.
 */
n: number, 
/**
 * The server's clock.
 */
time_ms: Millis, };

/**
 * Answers a `ping`.
 */
export type ServerPong = { 
/**
 * Of the ping.
 */
n: number, };

/**
 * Up to where a topic is known.
 */
export type Since = { 
/**
 * Life of the offsets.
 */
epoch: Epoch, 
/**
 * Offset of the mirror.
 */
off: JournalSeq, };

/**
 * A page of a topic's present state. The mirror is replaced when the last page is there.
 */
export type Snap = { 
/**
 * Which.
 */
topic: Topic, 
/**
 * Life of the offsets.
 */
epoch: Epoch, 
/**
 * Offset of the state; the same on every page.
 */
off: JournalSeq, 
/**
 * Counts from 0.
 */
page: number, 
/**
 * Whether it is the last.
 */
last: boolean, 
/**
 * Rows of a Map.
 */
rows?: Array<Row>, 
/**
 * Items of a Stream: all that are retained and not seen.
 */
add?: Array<Item>, 
/**
 * Value of a Gauge.
 */
v?: Payload, };

/**
 * What became of a command.
 */
export type Status = "applied" | "duplicate" | "applied_with_variance" | "rejected" | "pending";

/**
 * Row of `wh.{w}.stock`; its key is the SKU. All quantities are decimal text in the SKU's unit.
 */
export type StockRow = { 
/**
 * The SKU, where it cannot be a key as it stands; the key is then `sha:` and 32 hex digits of its SHA-256.
 */
sku?: string, 
/**
 * Revision to quote in commands about it.
 */
rev: Rev, 
/**
 * What is there.
 */
on_hand: string, 
/**
 * What orders hold.
 */
reserved: string, 
/**
 * What may still be promised.
 */
available: string, 
/**
 * Zone of its main place.
 */
zone?: string, 
/**
 * Whether it is below its reorder point.
 */
low: boolean, };

/**
 * Wants a topic; again for one that it has, it replaces rate and window.
 */
export type Sub = { 
/**
 * Which.
 */
topic: Topic, 
/**
 * What the client has of it, through the same window.
 */
since?: Since, 
/**
 * Updates of a gauge a second, 1 to 10.
 */
max_hz?: number, 
/**
 * Which of its rows; all where left out.
 */
window?: Window, 
/**
 * Why again.
 */
why?: SubReason, };

/**
 * Answers `sub`; with nothing in it, `unsub`, `auth` and a `hello` said with an id.
 */
export type SubOk = { 
/**
 * Which.
 */
topic?: Topic, 
/**
 * `resumed` or `snapshot`; a refusal is an `err`.
 */
outcome?: SubResult, 
/**
 * Life of the offsets.
 */
epoch?: Epoch, 
/**
 * Where the topic stood when it was asked.
 */
off?: JournalSeq, };

/**
 * Why a client subscribes again to what it had: for the server's counters.
 */
export type SubReason = "mirror_mismatch" | "base_gap" | "bad_snapshot";

/**
 * How a subscription ended. Every one ends in one of these.
 */
export type SubResult = "resumed" | "snapshot" | "refused";

/**
 * How one topic of a `hello` ended.
 */
export type Subscribed = { 
/**
 * Which.
 */
topic: Topic, 
/**
 * How.
 */
outcome: SubResult, 
/**
 * Life of the offsets, unless refused.
 */
epoch?: Epoch, 
/**
 * Where the topic stood when it was asked, unless refused.
 */
off?: JournalSeq, 
/**
 * Why refused.
 */
code?: CodeWord, };

/**
 * A topic wanted from the start.
 */
export type Subscription = { 
/**
 * Which.
 */
topic: Topic, 
/**
 * What the client has of it, through the same window.
 */
since?: Since, 
/**
 * Updates of a gauge a second, 1 to 10.
 */
max_hz?: number, 
/**
 * Which of its rows; all where left out.
 */
window?: Window, };

/**
 * Row of `wh.{w}.tasks`; its key is the task id.
 */
export type TaskRow = { 
/**
 * Flow, such as `pick`.
 */
kind: string, 
/**
 * State word of the flow.
 */
state: string, 
/**
 * Revision to quote in commands about the task.
 */
rev: Rev, 
/**
 * Zone it is in.
 */
zone?: string, 
/**
 * Order it serves.
 */
order?: string, 
/**
 * Device that holds its lease.
 */
device?: DeviceId, 
/**
 * Operator who works on it.
 */
operator?: string, 
/**
 * Lines done.
 */
done: number, 
/**
 * Lines in all.
 */
lines: number, 
/**
 * When it should be finished.
 */
due_at?: Millis, };

/**
 * Row of `shop.threads` and `thread.{id}`; its key is the conversation's id. It says that something was written, not
 * what: that is read with the routes of conversations.
 */
export type ThreadRow = { 
/**
 * Revision: it grows with every entry of the thread.
 */
rev: Rev, 
/**
 * `agent` while a person has to look, `call` while one has to call, `waiting` while something is asked, else `quiet`.
 */
state: string, 
/**
 * Name of the person.
 */
name: string, 
/**
 * The customer, if it is one.
 */
customer?: string, 
/**
 * The user, if it is one.
 */
user?: string, 
/**
 * Why a person has to look.
 */
why?: string, 
/**
 * Who looks after it.
 */
assigned_to?: string, 
/**
 * Until when the call counts.
 */
call_until?: Millis, 
/**
 * Questions without an answer.
 */
open_questions: number, 
/**
 * When the person last wrote.
 */
last_inbound_at?: Millis, 
/**
 * Numbers of the orders talked about last.
 */
orders: Array<string>, };

/**
 * Asks to send no commands for a while.
 */
export type Throttle = { 
/**
 * How long.
 */
retry_ms: number, };

/**
 * `dash.{w}.throughput`: what the last full minute and the last hour brought.
 */
export type ThroughputGauge = { 
/**
 * When it was taken.
 */
at: Millis, 
/**
 * Lines picked in the last minute.
 */
picks_1m: number, 
/**
 * Lines picked in the last hour.
 */
picks_1h: number, 
/**
 * Cartons packed in the last hour.
 */
packs_1h: number, 
/**
 * Parcels handed over in the last hour.
 */
ships_1h: number, 
/**
 * Scans in the last minute.
 */
scans_1m: number, };

/**
 * A token or ticket: opaque, printable, never logged.
 */
export type Token = string;

/**
 * Name of a topic.
 */
export type Topic = string;

/**
 * Wants a topic no longer.
 */
export type Unsub = { 
/**
 * Which.
 */
topic: Topic, };

/**
 * Takes a topic away.
 */
export type Unsubbed = { 
/**
 * Which.
 */
topic: Topic, 
/**
 * Why.
 */
code: CodeWord, 
/**
 * What the client does.
 */
retry: Retry, 
/**
 * When, if later.
 */
retry_ms?: number, };

/**
 * Item of `user.{id}.inbox`.
 */
export type UserNotice = { 
/**
 * What it is about: `approval_waiting`, `approval_granted`, `approval_rejected`, `changes_requested`,
 * `approval_expired`, `floor_exception`, `floor_decision`, `import_done`, `import_failed`, `import_stopped` or
 * `connection_trouble`.
 */
kind: string, 
/**
 * How much it matters.
 */
level: NoticeLevel, 
/**
 * In words, in the language the user chose, else English.
 */
text: string, 
/**
 * Path in the console that shows it.
 */
link?: string, 
/**
 * When it happened.
 */
at: Millis, 
/**
 * What the words are made of, as texts by name: `number` and `amount` of an order, `warehouse`, `code`, `file` …
 */
a: Payload, };

/**
 * Answers `hello`.
 */
export type Welcome = { 
/**
 * Signed, with roles and expiry: lets a reconnect be admitted without looking anything up.
 */
ticket?: Token, 
/**
 * Whether every topic that had a `since` resumed.
 */
resumed: boolean, 
/**
 * The last command decided (device). It tells how far the server is; entries leave a device's queue by the answers
 * of this connection only, so that none loses its answer.
 */
ack?: CmdSeq, 
/**
 * The command number the server takes next (device).
 */
expect?: CmdSeq, 
/**
 * Idle time after which the server pings.
 */
hb_ms: number, 
/**
 * The server's clock.
 */
time_ms: Millis, 
/**
 * Hash of the schema this server was built from: `sha256:` and 64 hex digits.
 */
schema: string, 
/**
 * Bounds the client has to keep.
 */
limits: Limits, 
/**
 * How each topic of the `hello` ended, in its order.
 */
subs: Array<Subscribed>, };

/**
 * For each key, the values a row may have. Never empty, and no key without values.
 */
export type Window = { [key in string]: Array<string> };

/** Number of a client's frame, by which it knows the answer. */
export type FrameId = number;

/** What a client says. */
export type ClientFrame =
  | { t: "hello"; id?: FrameId; d: HelloDevice }
  | { t: "hello"; id?: FrameId; d: HelloConsole }
  | { t: "cmd"; id?: FrameId; d: Cmd }
  | { t: "batch"; id?: FrameId; d: Batch }
  | { t: "sub"; id?: FrameId; d: Sub }
  | { t: "unsub"; id?: FrameId; d: Unsub }
  | { t: "seen"; id?: FrameId; d: Seen }
  | { t: "auth"; id?: FrameId; d: Auth }
  | { t: "ping"; id?: FrameId; d: ClientPing }
  | { t: "pong"; id?: FrameId; d: ClientPong }
  | { t: "bye"; id?: FrameId; d: Bye };

/** What a server says. A type that is not listed comes from a newer server. */
export type ServerFrame =
  | { t: "welcome"; id?: FrameId; d: Welcome }
  | { t: "ok"; id?: FrameId; d: SubOk }
  | { t: "ack"; id?: FrameId; d: Ack }
  | { t: "snap"; id?: FrameId; d: Snap }
  | { t: "delta"; id?: FrameId; d: Delta }
  | { t: "chk"; id?: FrameId; d: Chk }
  | { t: "unsub"; id?: FrameId; d: Unsubbed }
  | { t: "err"; id?: FrameId; d: Err }
  | { t: "throttle"; id?: FrameId; d: Throttle }
  | { t: "drain"; id?: FrameId; d: Drain }
  | { t: "ping"; id?: FrameId; d: ServerPing }
  | { t: "pong"; id?: FrameId; d: ServerPong };

/** Close codes. */
export const CLOSE = {
  /** the server goes away in order */
  Drain: 4000,
  /** a fault of the server */
  ServerError: 4004,
  /** the client reads too slowly */
  Slow: 4008,
  /** client and server disagree about what was sent */
  Resync: 4010,
  /** no pong in time */
  NoPong: 4012,
  /** too many frames */
  Flood: 4013,
  /** the token has expired */
  TokenExpired: 4401,
  /** the token is not valid */
  BadToken: 4500,
  /** the client does not keep the protocol */
  Abuse: 4501,
  /** no valid hello in time */
  NeverAuthenticated: 4502,
  /** the same client connected again */
  Replaced: 4503,
  /** too many connections */
  Limit: 4504,
  /** the program is too old */
  AppTooOld: 4505,
  /** the device or user was revoked */
  Revoked: 4506,
} as const;
