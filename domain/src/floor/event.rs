//! Facts about a floor. Each folds alone; those that move goods carry their movements.

use serde::{Deserialize, Serialize};

use crate::{
    Sku, Timestamp, UserId,
    floor::{
        Answer, Approval, By, CountLine, CountTask, DeviceEvent, DeviceId, Disposition, Doc, DocId, Exception, Grade,
        ItemRule, Location, LocationCode, Lot, LotStatus, Move, Notice, Operator, PlateId, PlateState, Rma, Session,
        Site, WorkEvent,
    },
};

/// A command of a device and its answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recorded {
    /// The device.
    pub device: DeviceId,
    /// Its installation.
    pub install: String,
    /// Number of the command.
    pub seq: u64,
    /// Key of the command.
    pub key: String,
    /// What tells it from another command.
    pub fingerprint: String,
    /// When it was recorded.
    pub at: Timestamp,
    /// What the device was told.
    pub answer: Answer,
    /// Numbers whose answers are no longer kept.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub forgotten: Vec<u64>,
}

/// Goods that arrived.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Received {
    /// Against which document.
    pub doc: DocId,
    /// Units by line of the document.
    pub lines: Vec<(u16, u32)>,
    /// The plate they stand on.
    pub plate: PlateId,
    /// Where it stands.
    pub bin: LocationCode,
    /// What came in.
    pub moves: Vec<Move>,
    /// Who received it.
    pub by: By,
}

/// A difference between count and books.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StockDelta {
    /// What.
    pub sku: Sku,
    /// Of which lot.
    pub lot: Option<Lot>,
    /// Units more, or fewer if negative.
    pub delta: i64,
}

/// Facts about a floor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type")]
#[allow(missing_docs, reason = "each variant says what happened; fields are those of the records they make")]
pub enum FloorEvent {
    SiteSet {
        site: Site,
    },
    LocationPut {
        location: Location,
    },
    ItemRulePut {
        rule: ItemRule,
    },
    LotStatusSet {
        sku: Sku,
        lot: Lot,
        status: LotStatus,
        reason: String,
    },
    DeviceEnrolled {
        device: DeviceId,
        generation: u32,
    },
    OperatorSet {
        device: DeviceId,
        operator: Option<Operator>,
    },
    /// The device stands here in its flow now.
    SessionMoved {
        device: DeviceId,
        session: Box<Session>,
    },
    /// A fact of a device or badge.
    Device(DeviceEvent),
    /// A fact of a task, parcel or load.
    Work(WorkEvent),
    DeviceAnswered(Box<Recorded>),
    DeviceCommandRejected(Box<Recorded>),
    ReceiptExpected {
        doc: Doc,
    },
    /// A device works on the document, at a dock if it named one.
    DocJoined {
        doc: DocId,
        device: DeviceId,
        dock: Option<LocationCode>,
    },
    DocLeft {
        doc: DocId,
        device: DeviceId,
    },
    /// `short`: units that did not come, by line.
    DocClosed {
        doc: DocId,
        short: Vec<(u16, u32)>,
        by: By,
    },
    PlateCreated {
        plate: PlateId,
        bin: LocationCode,
        doc: Option<DocId>,
        by: By,
    },
    PlateTaken {
        plate: PlateId,
        device: DeviceId,
        until: Timestamp,
    },
    PlateLet {
        plate: PlateId,
    },
    PlateStateSet {
        plate: PlateId,
        state: PlateState,
        at: Timestamp,
    },
    /// `reason` is `None` when the hold ends.
    PlateHeld {
        plate: PlateId,
        reason: Option<String>,
    },
    PlateRelabelled {
        plate: PlateId,
        into: PlateId,
        moves: Vec<Move>,
        by: By,
    },
    Received(Box<Received>),
    /// `plate` is in its location now; `reason`: why a rule was overridden.
    Stored {
        plate: PlateId,
        bin: LocationCode,
        moves: Vec<Move>,
        reason: Option<String>,
        by: By,
    },
    /// Goods went from bin to bin, or from a plate to another.
    GoodsMoved {
        moves: Vec<Move>,
        reason: Option<String>,
        by: By,
    },
    CountOpened {
        task: CountTask,
    },
    /// `from`: version of the floor the count is compared with.
    CountStarted {
        task: u64,
        device: DeviceId,
        operator: UserId,
        until: Timestamp,
        from: u64,
    },
    CountLeft {
        task: u64,
    },
    /// `deltas`: how it differs from the books, what moved since being netted; `None` if that cannot be told.
    Counted {
        task: u64,
        lines: Vec<CountLine>,
        deltas: Option<Vec<StockDelta>>,
        by: By,
    },
    /// The books follow the count; `approval` is the decision that allowed it, if one was needed.
    CountAccepted {
        task: u64,
        bin: LocationCode,
        moves: Vec<Move>,
        approval: Option<u64>,
    },
    CountDisputed {
        task: u64,
        approval: u64,
    },
    CountReopened {
        task: u64,
    },
    ReturnExpected {
        rma: Rma,
    },
    Returned {
        rma: DocId,
        line: u16,
        units: u32,
        grade: Grade,
        disposition: Disposition,
        bin: LocationCode,
        plate: Option<PlateId>,
        moves: Vec<Move>,
        by: By,
    },
    ReturnClosed {
        rma: DocId,
    },
    ExceptionOpened {
        exception: Exception,
    },
    ExceptionResolved {
        id: u64,
        by: Option<UserId>,
        note: String,
    },
    ApprovalRaised {
        approval: Approval,
    },
    ApprovalDecided {
        id: u64,
        approved: bool,
        by: Option<UserId>,
        reason: String,
    },
    /// A device is told something.
    Noticed {
        notice: Notice,
    },
    /// Seen, too old, or one too many.
    NoticesForgotten {
        notices: Vec<u64>,
    },
    /// Plate numbers whose period of reuse is over are forgotten.
    PlatesForgotten {
        plates: Vec<PlateId>,
    },
}

impl FloorEvent {
    /// The goods it moved.
    pub fn moves(&self) -> &[Move] {
        match self {
            Self::Received(received) => &received.moves,
            Self::PlateRelabelled { moves, .. }
            | Self::Stored { moves, .. }
            | Self::GoodsMoved { moves, .. }
            | Self::CountAccepted { moves, .. }
            | Self::Returned { moves, .. } => moves,
            Self::Work(event) => event.moves(),
            _ => &[],
        }
    }
}
