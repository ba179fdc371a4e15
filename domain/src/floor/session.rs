//! Where a device stands in its flow.

use serde::{Deserialize, Serialize};

use crate::{
    Timestamp,
    floor::{
        CountSession, FloorCode, FloorEvent, FlowName, MoveSession, PutAway, Receive, ReturnSession, Right, Want,
        pack::PackSession, pick::PickSession, putback::PutBackSession, ship::ShipSession, turn::Call,
    },
};

/// Seconds within which a deviation is confirmed by the same input (warehouse-floor.md §5).
pub const CONFIRM_SECONDS: i64 = 10;

/// A deviation that waits to be confirmed by the same input in the same state.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Prompt {
    /// What was said.
    pub code: FloorCode,
    /// The input that confirms it.
    pub input: String,
    /// When it was said, by the clock of the device.
    pub at: Timestamp,
}

/// Where a device stands.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Session {
    /// Goes up with every change.
    pub rev: u64,
    /// The flow and what it has collected.
    pub flow: Flow,
    /// What waits to be confirmed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prompt: Option<Prompt>,
}

/// A flow and what it has collected.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "flow", rename_all = "snake_case")]
pub enum Flow {
    /// None is chosen.
    #[default]
    Idle,
    /// Looking things up.
    Inquiry,
    /// Booking goods in.
    Receive(Box<Receive>),
    /// Putting plates away.
    PutAway(Box<PutAway>),
    /// Moving goods.
    Move(Box<MoveSession>),
    /// Counting.
    Count(Box<CountSession>),
    /// Taking returns in.
    Return(Box<ReturnSession>),
    /// Picking.
    Pick(PickSession),
    /// Packing.
    Pack(PackSession),
    /// Loading.
    Ship(ShipSession),
    /// Putting back.
    PutBack(PutBackSession),
}

impl FlowName {
    /// The right it needs.
    pub const fn right(self) -> Right {
        match self {
            Self::Receive => Right::Receive,
            Self::PutAway | Self::Move | Self::Replenish => Right::PutAway,
            Self::Count => Right::Count,
            Self::Return => Right::Return,
            Self::Inquiry => Right::Inquire,
            Self::Pick | Self::PickBatch => Right::Pick,
            Self::Pack => Right::Pack,
            Self::Ship => Right::Ship,
            Self::PutBack => Right::PutAway,
        }
    }
}

impl Flow {
    /// What is let go of when the operator goes elsewhere. What was recorded stays.
    pub(super) fn leave(&self, call: &Call<'_>) -> Vec<FloorEvent> {
        match self {
            // Leased work stays with the device: it is resumed there, or goes to others by the rules of leases.
            Self::Idle | Self::Inquiry | Self::Pick(_) | Self::Pack(_) | Self::Ship(_) | Self::PutBack(_) => Vec::new(),
            Self::Move(_) | Self::Return(_) => Vec::new(),
            Self::Receive(session) => session.leave(call),
            Self::PutAway(session) => session.leave(call),
            Self::Count(session) => session.leave(call),
        }
    }

    /// Inputs that are taken beside a scan.
    pub const fn allowed(&self) -> &'static [&'static str] {
        match self {
            Self::Idle => &["choose"],
            Self::Inquiry => &["suspend"],
            Self::Receive(session) => session.allowed(),
            Self::PutAway(session) => session.allowed(),
            Self::Move(session) => session.allowed(),
            Self::Count(session) => session.allowed(),
            Self::Return(session) => session.allowed(),
            Self::Pick(session) => session.allowed(),
            Self::Pack(session) => session.allowed(),
            Self::Ship(session) => session.allowed(),
            Self::PutBack(session) => session.allowed(),
        }
    }

    /// What a scan may be.
    pub const fn expect(&self) -> &'static [Want] {
        use Want::{Document, Item, Location, Plate, Return};
        match self {
            Self::Idle => &[],
            Self::Inquiry => &[Location, Plate, Item, Document, Return],
            Self::Receive(session) => session.expect(),
            Self::PutAway(session) => session.expect(),
            Self::Move(session) => session.expect(),
            Self::Count(session) => session.expect(),
            Self::Return(session) => session.expect(),
            Self::Pick(session) => session.expect(),
            Self::Pack(session) => session.expect(),
            Self::Ship(session) => session.expect(),
            Self::PutBack(session) => session.expect(),
        }
    }
}
