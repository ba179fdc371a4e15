//! Requests to a floor, from the office and from devices.

mod choice;
mod fact;

pub use choice::{First, FlowName};
pub use fact::{CountedFact, LoadedFact, PackedFact, PickedFact, ReceivedFact, StoredFact};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::{
    Sku, Timestamp,
    floor::{
        Condition, DeviceId, DeviceOffice, Disposition, Doc, DocId, Grade, ItemRule, Location, LocationCode, Lot,
        LotStatus, Operator, PlateId, Rma, Scan, Site, WorkOffice,
    },
};

/// Requests to a floor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FloorCommand {
    /// Set the site up, or change its rules.
    SetSite(Box<Site>),
    /// Add a location or change it.
    PutLocation(Box<Location>),
    /// Add locations or change them, all or none.
    PutLocations(Vec<Location>),
    /// Add an item's rule or change it.
    PutItemRule(Box<ItemRule>),
    /// Add items' rules or change them, all or none.
    PutItemRules(Vec<ItemRule>),
    /// Hold, recall or release a lot.
    SetLotStatus {
        /// Of which item.
        sku: Sku,
        /// Which lot.
        lot: Lot,
        /// What it becomes.
        status: LotStatus,
        /// Why.
        reason: String,
    },
    /// Hold a plate, or release it with `None`.
    HoldPlate {
        /// Which.
        plate: PlateId,
        /// Why.
        reason: Option<String>,
    },
    /// Take a device's commands from this enrolment on.
    EnrolDevice {
        /// Which.
        device: DeviceId,
        /// Number of the enrolment, from 1.
        generation: u32,
    },
    /// A supervisor signs somebody on at a device, or off with `None`.
    SetOperator {
        /// Where.
        device: DeviceId,
        /// Who.
        operator: Option<Operator>,
    },
    /// Announce goods. Lines that were received keep what they have.
    ExpectReceipt(Box<Doc>),
    /// Announce a return.
    ExpectReturn(Box<Rma>),
    /// Take no more of a return.
    CloseReturn {
        /// Which.
        rma: DocId,
    },
    /// Have a location counted, or one item wherever it is.
    OpenCount {
        /// Where; `None` for every location that has the item.
        location: Option<LocationCode>,
        /// What; `None` for everything there.
        sku: Option<Sku>,
    },
    /// Close an exception.
    ResolveException {
        /// Which.
        id: u64,
        /// What was done about it.
        note: String,
    },
    /// Decide a proposal.
    DecideApproval {
        /// Which.
        id: u64,
        /// Yes or no.
        approve: bool,
        /// Why.
        reason: String,
    },
    /// About devices and badges.
    Devices(DeviceOffice),
    /// About tasks, parcels and loads.
    Work(WorkOffice),
    /// A command of a device.
    Device(Box<DeviceCommand>),
    /// Something is due.
    Tick,
}

impl FloorCommand {
    /// Its name, for journal and metrics.
    pub fn name(&self) -> &'static str {
        match self {
            Self::SetSite(_) => "SetSite",
            Self::PutLocation(_) => "PutLocation",
            Self::PutLocations(_) => "PutLocations",
            Self::PutItemRule(_) => "PutItemRule",
            Self::PutItemRules(_) => "PutItemRules",
            Self::SetLotStatus { .. } => "SetLotStatus",
            Self::HoldPlate { .. } => "HoldPlate",
            Self::EnrolDevice { .. } => "EnrolDevice",
            Self::SetOperator { .. } => "SetOperator",
            Self::ExpectReceipt(_) => "ExpectReceipt",
            Self::ExpectReturn(_) => "ExpectReturn",
            Self::CloseReturn { .. } => "CloseReturn",
            Self::OpenCount { .. } => "OpenCount",
            Self::ResolveException { .. } => "ResolveException",
            Self::DecideApproval { .. } => "DecideApproval",
            Self::Devices(command) => command.name(),
            Self::Work(command) => command.name(),
            Self::Device(command) => command.op.name(),
            Self::Tick => "Tick",
        }
    }
}

/// A command of a device, as the edge authenticated and parsed it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeviceCommand {
    /// Which device.
    pub device: DeviceId,
    /// Of which enrolment.
    pub generation: u32,
    /// Of which installation.
    pub install: String,
    /// Its number.
    pub seq: u64,
    /// Its key.
    pub key: String,
    /// What tells it from another command under this number or key.
    pub fingerprint: String,
    /// Revision of the session it was meant for; a stale one is `stale_task`.
    pub rev: Option<u64>,
    /// When it was done, by the corrected clock of the device.
    pub performed_at: Timestamp,
    /// When it arrived.
    pub recorded_at: Timestamp,
    /// Whether the device had no connection when it was done.
    pub offline: bool,
    /// What was done.
    pub op: DeviceOp,
}

/// What an operator does at a device.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "op", content = "a", rename_all = "snake_case")]
pub enum DeviceOp {
    /// An operator signs on. The edge compared the PIN; only whether it was right comes here.
    SignOn {
        /// Text of the badge.
        badge: String,
        /// Whether the PIN was right.
        pin_right: bool,
        /// Truck, trolley or ring scanner.
        #[serde(default)]
        equipment: Option<String>,
    },
    /// The operator leaves.
    SignOff {
        /// Whether work in hand is kept for when they come back; without it they are asked.
        #[serde(default)]
        keep: Option<bool>,
    },
    /// Plate numbers, please, to use without a connection.
    TakePlates,
    /// Put the line off; it comes back at the end of the list.
    Skip,
    /// Not all units are where they should be.
    Short {
        /// Units that are.
        found: u32,
        /// Why.
        reason: String,
    },
    /// The tote is full.
    Full,
    /// Take another lot than the one the list names.
    ChangeLot {
        /// Which.
        lot: Lot,
        /// Why.
        reason: String,
    },
    /// Whether the bin is empty, as the operator sees it.
    BinEmpty(bool),
    /// The sort of carton.
    Carton(String),
    /// Weight in grams.
    Weigh(u32),
    /// Print the label; the server numbers it, or the device out of its block.
    Label {
        /// The number, if the device took it out of its block.
        #[serde(default)]
        plate: Option<PlateId>,
        /// Whether the printer answered.
        printed: bool,
    },
    /// Everything is on the load.
    Verify,
    /// Seal the load.
    Seal(String),
    /// The load leaves.
    Depart,
    /// Start a flow; whatever was begun is suspended.
    Choose {
        /// Which.
        flow: FlowName,
        /// What is scanned first.
        #[serde(default)]
        first: First,
    },
    /// Leave the flow. What was recorded stays.
    Suspend,
    /// A scan.
    Scan(Scan),
    /// A quantity, as keyed in: packages of the scanned size, or units.
    Quantity(String),
    /// An expiry date, as keyed in.
    Expiry(NaiveDate),
    /// In which condition goods are.
    Condition(Condition),
    /// How good returned goods are.
    Grade(Grade),
    /// What becomes of returned goods.
    Disposition(Disposition),
    /// Yes.
    Confirm,
    /// On to the next step.
    Next,
    /// Work, please.
    GetWork,
    /// Close what is open.
    Close,
    /// Hand the count in.
    Submit,
    /// There is nothing there.
    Nothing,
    /// Part of the plate goes on.
    Split {
        /// What.
        sku: Sku,
        /// Of which lot.
        #[serde(default)]
        lot: Option<Lot>,
        /// How many units.
        units: u32,
        /// The new plate.
        into: PlateId,
    },
    /// Do it against the rule that was named last.
    Override {
        /// Why.
        reason: String,
    },
    /// Begin a plate; without a number the server gives one.
    CreatePlate {
        /// Its number.
        #[serde(default)]
        plate: Option<PlateId>,
        /// Where it stands.
        bin: LocationCode,
    },
    /// Give a plate's number up.
    VoidPlate {
        /// Which.
        plate: PlateId,
    },
    /// Give a plate another number.
    RelabelPlate {
        /// Which.
        plate: PlateId,
        /// The new number; without one the server gives it.
        #[serde(default)]
        into: Option<PlateId>,
    },
    /// Goods were received without a connection.
    Received(ReceivedFact),
    /// A plate was put away without a connection.
    Stored(StoredFact),
    /// A location was counted without a connection.
    Counted(CountedFact),
    /// Units were picked without a connection.
    Picked(PickedFact),
    /// Units were packed without a connection.
    Packed(PackedFact),
    /// A plate was loaded without a connection.
    Loaded(LoadedFact),
}

impl DeviceOp {
    /// Its name, for journal and metrics.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::SignOn { .. } => "SignOn",
            Self::SignOff { .. } => "SignOff",
            Self::TakePlates => "TakePlates",
            Self::Skip => "Skip",
            Self::Short { .. } => "Short",
            Self::Full => "Full",
            Self::ChangeLot { .. } => "ChangeLot",
            Self::BinEmpty(_) => "BinEmpty",
            Self::Carton(_) => "Carton",
            Self::Weigh(_) => "Weigh",
            Self::Label { .. } => "Label",
            Self::Verify => "Verify",
            Self::Seal(_) => "Seal",
            Self::Depart => "Depart",
            Self::Picked(_) => "Picked",
            Self::Packed(_) => "Packed",
            Self::Loaded(_) => "Loaded",
            Self::Choose { .. } => "Choose",
            Self::Suspend => "Suspend",
            Self::Scan(_) => "Scan",
            Self::Quantity(_) => "Quantity",
            Self::Expiry(_) => "Expiry",
            Self::Condition(_) => "Condition",
            Self::Grade(_) => "Grade",
            Self::Disposition(_) => "Disposition",
            Self::Confirm => "Confirm",
            Self::Next => "Next",
            Self::GetWork => "GetWork",
            Self::Close => "Close",
            Self::Submit => "Submit",
            Self::Nothing => "Nothing",
            Self::Split { .. } => "Split",
            Self::Override { .. } => "Override",
            Self::CreatePlate { .. } => "CreatePlate",
            Self::VoidPlate { .. } => "VoidPlate",
            Self::RelabelPlate { .. } => "RelabelPlate",
            Self::Received(_) => "Received",
            Self::Stored(_) => "Stored",
            Self::Counted(_) => "Counted",
        }
    }

    /// Whether it reports what was done without a connection; such a fact is never refused for disagreeing.
    pub const fn is_fact(&self) -> bool {
        matches!(
            self,
            Self::Received(_)
                | Self::Stored(_)
                | Self::Counted(_)
                | Self::Picked(_)
                | Self::Packed(_)
                | Self::Loaded(_)
        )
    }
}
