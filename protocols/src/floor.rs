//! The floor of a warehouse as the office sees it: site, locations, items, devices, operators, documents, tasks,
//! exceptions, decisions and stock by bin.
//!
//! A PIN comes in and is never answered back; a device's one-time code is answered once, by the request that made it.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

const fn yes() -> bool {
    true
}

const fn reuse_days() -> u32 {
    366
}

/// Thresholds of counts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct CountRules {
    /// Units of difference that are accepted.
    pub tolerance_units: u32,
    /// Percent of the books that are accepted.
    pub tolerance_percent: u32,
    /// Counts before a difference goes to a decision, 1 to 9.
    pub attempts: u32,
    /// Movements during a count above which it is stale.
    pub max_movements: u32,
    /// Whether the books are hidden from the counter.
    pub blind: bool,
}

impl Default for CountRules {
    fn default() -> Self {
        Self { tolerance_units: 0, tolerance_percent: 0, attempts: 2, max_movements: 50, blind: true }
    }
}

/// A sort of carton.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CartonKind {
    /// What it is called.
    pub kind: String,
    /// Weight of the empty carton in grams.
    #[serde(default)]
    pub grams: u32,
}

/// A site and its rules.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FloorSite {
    /// The warehouse; that of the path if left out.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub code: String,
    /// Minutes local time is ahead of UTC; decides what day it is.
    #[serde(default)]
    pub utc_offset_minutes: i32,
    /// Whether a receipt names its dock.
    #[serde(default)]
    pub dock_required: bool,
    /// Location where a receipt stands that names no dock.
    pub receiving: String,
    /// Percent above the order that a receipt may have without a decision.
    #[serde(default)]
    pub over_receipt_percent: u32,
    /// Counting.
    #[serde(default)]
    pub count: CountRules,
    /// GS1 company prefix, 6 to 12 digits; empty if the site has none.
    #[serde(default)]
    pub company_prefix: String,
    /// Days before a plate number may be used again.
    #[serde(default = "reuse_days")]
    pub sscc_reuse_days: u32,
    /// Cartons to pack into; empty for any.
    #[serde(default)]
    pub cartons: Vec<CartonKind>,
    /// Whether cartons are weighed.
    #[serde(default)]
    pub weigh: bool,
    /// Percent by which a carton's weight may be off.
    #[serde(default)]
    pub weight_tolerance_percent: u32,
    /// The oldest version of the devices' program that may work here; empty for any.
    #[serde(default)]
    pub oldest_app: String,
}

/// A location: bin, dock, stage, table, door, tote.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FloorLocation {
    /// Its code, as on the label: letters, digits, `-`, `_`, `.`.
    pub code: String,
    /// `dock`, `stage`, `reserve`, `pick_face`, `returns`, `quarantine`, `pack`, `door` or `tote`.
    pub kind: String,
    /// GLN with extension, if its label carries one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gln: Option<String>,
    /// Zone; empty for none.
    #[serde(default)]
    pub zone: String,
    /// Digits an operator reads out to prove being there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub check_digits: Option<String>,
    /// Most units; no limit if left out.
    #[serde(default)]
    pub max_units: Option<u32>,
    /// Most weight in grams.
    #[serde(default)]
    pub max_grams: Option<u64>,
    /// Most volume in cubic centimetres.
    #[serde(default)]
    pub max_cm3: Option<u64>,
    /// Whether several items may be there.
    #[serde(default = "yes")]
    pub mix_items: bool,
    /// Whether several lots of one item may be there.
    #[serde(default = "yes")]
    pub mix_lots: bool,
    /// Temperature class it keeps; empty for that of the building.
    #[serde(default)]
    pub temperature: String,
    /// Classes of dangerous goods allowed there.
    #[serde(default)]
    pub hazmat: BTreeSet<String>,
    /// Why nothing may be put there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub blocked: Option<String>,
}

/// Locations to add or change, all or none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PutLocations {
    /// 1 to 500 of them.
    pub locations: Vec<FloorLocation>,
    /// Whether locations that come without check digits get two.
    #[serde(default)]
    pub assign_check_digits: bool,
}

/// Locations as they are now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FloorLocations {
    /// In the order of the request.
    pub locations: Vec<FloorLocation>,
}

/// A GTIN of an item and the units of its packaging.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PackLevel {
    /// GTIN of 14 digits.
    pub gtin: String,
    /// Units in it; `null` while nobody knows.
    #[serde(default)]
    pub units: Option<u32>,
}

/// What the floor must know of an item.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FloorItemRule {
    /// The item.
    pub sku: String,
    /// Its barcodes.
    #[serde(default)]
    pub packs: Vec<PackLevel>,
    /// Whether every unit has a lot.
    #[serde(default)]
    pub lot: bool,
    /// Whether every unit has an expiry date.
    #[serde(default)]
    pub expiry: bool,
    /// Whether every unit has a serial number.
    #[serde(default)]
    pub serial: bool,
    /// Whether labels carry a weight.
    #[serde(default)]
    pub catch_weight: bool,
    /// Days that must be left on arrival.
    #[serde(default)]
    pub min_shelf_days: u32,
    /// Zone it belongs in; empty for any.
    #[serde(default)]
    pub zone: String,
    /// Temperature class it needs; empty for that of the building.
    #[serde(default)]
    pub temperature: String,
    /// Class of dangerous goods.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hazmat: Option<String>,
    /// Weight of a unit in grams.
    #[serde(default)]
    pub unit_grams: u32,
    /// Volume of a unit in cubic centimetres.
    #[serde(default)]
    pub unit_cm3: u32,
}

/// Item rules to add or change, all or none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PutItemRules {
    /// 1 to 500 of them.
    pub rules: Vec<FloorItemRule>,
}

/// Units that are alike and in one place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct BinLine {
    /// What.
    pub sku: String,
    /// Of which lot.
    pub lot: Option<String>,
    /// Until when.
    pub expiry: Option<NaiveDate>,
    /// `good`, `damaged`, `quarantine`, `refurbish` or `scrap`.
    pub condition: String,
    /// On which plate.
    pub plate: Option<String>,
    /// Units there are.
    pub units: u32,
    /// Units taken that the books did not have; an open question.
    pub overdraw: u32,
    /// Serial numbers among them.
    pub serials: Vec<String>,
}

/// Stock of one location.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct BinView {
    /// The location.
    pub location: String,
    /// What it is for, if it is known.
    pub kind: Option<String>,
    /// What is there.
    pub lines: Vec<BinLine>,
}

const fn an_hour() -> i64 {
    60
}

/// An invitation to enrol a device.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct InviteDevice {
    /// What people call it.
    pub label: String,
    /// How long the code works, 1 to 1440; an hour if left out.
    #[serde(default = "an_hour")]
    pub minutes: i64,
}

/// A device of the site.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DeviceView {
    /// Its id.
    pub device: String,
    /// What people call it.
    pub label: String,
    /// `invited`, `enrolled` or `revoked`.
    pub state: String,
    /// Number of its enrolment; 0 before the first.
    pub generation: u32,
    /// Until when its one-time code works, if one is out.
    pub invited_until: Option<String>,
    /// When it was last heard.
    pub seen: Option<String>,
    /// The last command number decided.
    pub seq: u64,
    /// User who works on it.
    pub operator: Option<String>,
    /// Truck, trolley or ring scanner.
    pub equipment: Option<String>,
}

/// A device and the code that enrols it, which works once and is shown this once.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DeviceInvitation {
    /// The device.
    pub device: DeviceView,
    /// The one-time code, to be keyed in.
    pub code: String,
    /// Until when it works.
    pub expires: String,
}

impl std::fmt::Debug for DeviceInvitation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DeviceInvitation").field("device", &self.device).finish_non_exhaustive()
    }
}

/// An operator of the site.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PutOperator {
    /// Id of the user behind the badge.
    pub user: String,
    /// Name on screens.
    pub name: String,
    /// PIN of 4 to 12 digits; the one there is stays if it is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pin: Option<String>,
    /// `receive`, `put_away`, `pick`, `pack`, `ship`, `count`, `return`, `inquire`, `override`; none bars from signing on.
    #[serde(default)]
    pub rights: BTreeSet<String>,
}

impl std::fmt::Debug for PutOperator {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PutOperator").field("user", &self.user).finish_non_exhaustive()
    }
}

/// An operator as the office sees them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OperatorView {
    /// Text of the badge.
    pub badge: String,
    /// The user.
    pub user: String,
    /// Name on screens.
    pub name: String,
    /// What they may do here.
    pub rights: BTreeSet<String>,
    /// Whether wrong PINs locked the badge.
    pub locked: bool,
    /// The device they are signed on at.
    pub device: Option<String>,
}

/// A line of a document to receive.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReceiptLine {
    /// Number on the document, from 1.
    pub line: u16,
    /// What.
    pub sku: String,
    /// Units ordered.
    pub expected: u32,
    /// Units received; ignored in a request.
    #[serde(default)]
    pub received: u32,
}

/// Units of one kind on an announced plate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PlateGoods {
    /// What.
    pub sku: String,
    /// Of which lot.
    #[serde(default)]
    pub lot: Option<String>,
    /// Until when.
    #[serde(default)]
    pub expiry: Option<NaiveDate>,
    /// How many units.
    pub units: u32,
    /// Serial numbers among them.
    #[serde(default)]
    pub serials: Vec<String>,
}

/// Goods that are expected: a purchase order, an announcement of plates, or a blind receipt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ExpectReceipt {
    /// `order`, `announced` (with `plates`) or `blind` (without `lines`).
    pub kind: String,
    /// What was ordered.
    #[serde(default)]
    pub lines: Vec<ReceiptLine>,
    /// What is on each announced plate, by its number.
    #[serde(default)]
    pub plates: BTreeMap<String, Vec<PlateGoods>>,
    /// Whether one device at a time may work on it.
    #[serde(default)]
    pub exclusive: bool,
}

/// A document to receive goods against.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ReceiptView {
    /// Its number.
    pub receipt: String,
    /// `order`, `announced` or `blind`.
    pub kind: String,
    /// What was ordered and received; what was received alone for a blind one.
    pub lines: Vec<ReceiptLine>,
    /// Numbers of announced plates.
    pub plates: Vec<String>,
    /// Whether one device at a time may work on it.
    pub exclusive: bool,
    /// Whether it is closed.
    pub closed: bool,
    /// The dock it is received at.
    pub dock: Option<String>,
    /// Devices that work on it.
    pub devices: Vec<String>,
}

/// Where units of a line are to be taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TaskStop {
    /// Where, if the books know a place.
    pub location: Option<String>,
    /// On which plate.
    pub plate: Option<String>,
    /// Of which lot.
    pub lot: Option<String>,
    /// Units still to be taken there.
    pub units: u32,
}

/// A line of a pick task.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TaskLine {
    /// Line of the order.
    pub line: u16,
    /// What.
    pub sku: String,
    /// Units wanted.
    pub need: u32,
    /// Units picked.
    pub picked: u32,
    /// Units given up as short.
    pub short: u32,
    /// Where the rest lies.
    pub stops: Vec<TaskStop>,
}

/// A task of the floor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TaskView {
    /// Its number.
    pub task: u64,
    /// Its revision.
    pub rev: u64,
    /// `pick`, `pack`, `put_back` or `replenish`.
    pub kind: String,
    /// `open`, `leased`, `done` or `canceled`.
    pub state: String,
    /// Higher goes first.
    pub priority: u8,
    /// When it came.
    pub created: String,
    /// The device that has it.
    pub device: Option<String>,
    /// The user who works on it.
    pub operator: Option<String>,
    /// The only user who gets it.
    pub only: Option<String>,
    /// Why it may not be worked on now.
    pub held: Option<String>,
    /// Order it is for; none for a replenishment.
    pub order: Option<String>,
    /// Parcel of that order.
    pub parcel: Option<u16>,
    /// What is picked; nothing for other kinds.
    pub lines: Vec<TaskLine>,
    /// What a replenishment asks for; nothing for other kinds.
    pub replenish: Option<TaskReplenish>,
}

/// Units that a pick face wants.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TaskReplenish {
    /// What.
    pub sku: String,
    /// The pick face.
    pub location: String,
    /// Units asked for.
    pub units: u32,
    /// Units brought.
    pub brought: u32,
}

/// Units that a pick face is to get.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AddReplenishment {
    /// What.
    pub sku: String,
    /// The pick face.
    pub location: String,
    /// Units, 1 to 1000000.
    pub units: u32,
    /// 0 to 255; higher goes first.
    #[serde(default)]
    pub priority: u8,
}

/// How urgent a task is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SetTaskPriority {
    /// 0 to 255; higher goes first.
    pub priority: u8,
}

/// Who gets a task.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReassignTask {
    /// Id of the only user who gets it; anybody if it is left out or `null`.
    #[serde(default)]
    pub to: Option<String>,
}

/// Words for whoever works at a device.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MessageDevice {
    /// 1 to 500 characters.
    pub text: String,
}

/// A disagreement between floor and books.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ExceptionView {
    /// Its number.
    pub exception: u64,
    /// What is wrong, by code.
    pub code: String,
    /// The same in words.
    pub text: String,
    /// The device that met it.
    pub device: String,
    /// The user who met it.
    pub operator: String,
    /// When it was done.
    pub performed_at: String,
    /// When it was recorded.
    pub recorded_at: String,
    /// Whether the device had no connection then.
    pub offline: bool,
    /// What it is about: `doc`, `plate`, `bin`, `sku`, `units` and so on.
    pub about: BTreeMap<String, String>,
}

/// What was done about an exception.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ResolveException {
    /// 1 to 500 characters.
    pub note: String,
}

/// A place or an item to count.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OpenCount {
    /// Where; every location that has the item if left out.
    #[serde(default)]
    pub location: Option<String>,
    /// What; everything there if left out.
    #[serde(default)]
    pub sku: Option<String>,
}

/// A count that is not done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CountTaskView {
    /// Its number.
    pub count: u64,
    /// Where.
    pub location: String,
    /// Only this item.
    pub sku: Option<String>,
    /// `open`, `recount` or `approval`.
    pub state: String,
    /// What made it necessary, by code; nothing for a planned one.
    pub cause: Option<String>,
    /// Counts so far.
    pub attempts: usize,
}

/// Counts that are not done, after one was opened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CountTasks {
    /// By number.
    pub counts: Vec<CountTaskView>,
}

/// How a count differs from the books.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct StockDeltaView {
    /// What.
    pub sku: String,
    /// Of which lot.
    pub lot: Option<String>,
    /// Units more, or fewer if negative.
    pub delta: i64,
}

/// What waits for somebody to decide.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FloorDecisionView {
    /// Its number.
    pub decision: u64,
    /// `over_receipt`, `variance`, `late` or `missing_pieces`.
    pub kind: String,
    /// The device it comes from.
    pub device: String,
    /// The user it comes from, who cannot decide it.
    pub operator: String,
    /// When it was done.
    pub performed_at: String,
    /// What it is about: `receipt`, `plate`, `location`, `count`, `load`.
    pub about: BTreeMap<String, String>,
    /// Differences of units.
    pub deltas: Vec<StockDeltaView>,
}

/// A decision that was taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FloorDecided {
    /// Its number.
    pub decision: u64,
    /// Decisions still open at the site.
    pub open: usize,
}

/// What a change left open.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OpenExceptions {
    /// Exceptions still open at the site.
    pub open: usize,
}
