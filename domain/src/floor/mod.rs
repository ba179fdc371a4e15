//! A floor: where things physically lie in one warehouse, and who works on them by scanning (warehouse-floor.md).
//!
//! Invariant: stock by bin is a fold of movements; a command of a device ends in one recorded answer; a fact that was
//! performed is never refused for disagreeing with the books. The floor does not know what may be sold: the
//! [`crate::warehouse::Warehouse`] does, and processes carry facts from one to the other. It parses no barcodes.

mod code;
mod command;
mod count;
mod decide;
pub mod device;
mod dispatch;
mod event;
mod evolve;
mod ids;
mod inquiry;
mod late;
pub mod outbound;
pub mod pack;
mod parts;
pub mod pick;
mod putback;
mod record;
mod refusal;
mod resolve;
mod returning;
mod scan;
mod screen;
mod session;
pub mod ship;
mod site;
pub mod sscc;
mod state;
mod stock;
pub mod task;
mod turn;
mod work;

pub use code::{Beep, FloorCode, Group};
pub use command::{
    CountedFact, DeviceCommand, DeviceOp, First, FloorCommand, FlowName, LoadedFact, PackedFact, PickedFact,
    ReceivedFact, StoredFact,
};
pub use count::{Attempt, CountLine, CountState, CountTask, Counting};
pub use device::{Badge, Device, DeviceEvent, DeviceOffice, Greeting, Hello};
pub use event::{FloorEvent, Received, Recorded, StockDelta};
pub use ids::{DeviceId, DocId, LoadId, LocationCode, Lot, PlateId, SerialNo};
pub use late::LateFact;
pub use outbound::{Load, Outbound, Release, WorkEvent};
pub use record::{
    Approval, BlindReceipt, By, Content, Doc, DocBody, DocLine, Exception, Plate, PlateState, Proposal, Rma, RmaLine,
};
pub use refusal::FloorRefusal;
pub use resolve::{Candidate, Want};
pub use returning::{Disposition, Grade};
pub use scan::Scan;
pub use screen::{Answer, Msg, Outcome, Screen};
pub use session::{CONFIRM_SECONDS, Flow, Prompt, Session};
pub use site::{
    CartonKind, CountRules, ItemRule, Location, LocationKind, LotRecord, LotStatus, Operator, PackLevel, Right, Site,
};
pub use state::Floor;
pub use stock::{Bin, Condition, Goods, Move, Movement, Place, Recent, StockLine, movements};
pub use task::{Task, TaskId, TaskState, Work};
pub use work::WorkOffice;
