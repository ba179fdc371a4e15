//! Processes: events in, commands out (state-machines.md §3.3).
//!
//! Invariant: every command a process sends is idempotent by nature, so that replaying a process after a crash
//! is harmless; a process keeps no state but what its trigger and the answers so far tell. It never waits
//! inside an actor. Delivery, ordering and retries belong to the runtime.

mod allocation;
mod floor;
mod messages;
mod placement;
mod reactions;
mod relocation;

pub use allocation::Resourcing;
pub use floor::from_floor;
pub use messages::{Act, alerts, from_conversation, from_order_to_customer, from_queue_to_staff, steps_ended};
pub use placement::{ChangeSet, Placement};
pub use reactions::{from_order, from_queue, from_warehouse};
pub use relocation::LineMove;

use crate::{
    ConversationId, CustomerId, OrderId, QueueId, Sku, Timestamp, WarehouseId,
    approval::QueueCommand,
    conversation::ConversationCommand,
    customer::CustomerCommand,
    order::{Order, OrderCommand, state::PlacementRefusal},
    warehouse::{FloorCommand, WarehouseCommand},
};

/// A command with its address.
#[derive(Clone, Debug, PartialEq)]
pub enum Outgoing {
    /// To an order.
    Order(OrderId, OrderCommand),
    /// To a warehouse; the answer tells what it holds of `OrderId`.
    Warehouse(WarehouseId, Option<OrderId>, WarehouseCommand),
    /// To a customer.
    Customer(CustomerId, CustomerCommand),
    /// To an approval queue.
    Queue(QueueId, QueueCommand),
    /// To the floor of a warehouse, about an order.
    Floor(WarehouseId, OrderId, Box<crate::floor::FloorCommand>),
    /// To a conversation.
    Conversation(ConversationId, Box<ConversationCommand>),
}

/// Units a warehouse holds of one line: line, reserved, waiting, allocated, and how many of the allocated ones are
/// on the floor ([`crate::warehouse::Warehouse::holdings`]).
pub type HeldLine = (u16, u32, u32, u32, u32);

/// What came back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Accepted; `held` is filled for warehouses.
    Done {
        /// What the warehouse holds of the order now.
        held: Vec<HeldLine>,
        /// The warehouse's version at that moment; 0 for others.
        version: u64,
    },
    /// Refused, typed.
    Refused(PlacementRefusal),
}

/// One thing to do after an event.
#[derive(Clone, Debug, PartialEq)]
#[allow(clippy::large_enum_variant, reason = "nearly every task is a Send; boxing it would cost each an allocation")]
pub enum Task {
    /// Send one command; a typed refusal is final and needs nothing more.
    Send(Outgoing),
    /// Take credit and stock for a submitted order.
    Place(Box<Placement>),
    /// Take credit and stock for a proposed change.
    Change(Box<ChangeSet>),
    /// Make the order and its warehouses agree, and find what is missing (the Allocation process).
    Resource(Box<Resourcing>),
    /// Move a line to another warehouse.
    Move(Box<LineMove>),
    /// Do what a reply asks for, and tell the conversation what came of it.
    Act(Box<Act>),
}

impl Task {
    /// Name of the process, for the journal.
    pub const fn process(&self) -> &'static str {
        match self {
            Self::Send(Outgoing::Order(..)) => "record",
            Self::Send(Outgoing::Warehouse(..)) => "fulfillment",
            Self::Send(Outgoing::Customer(..)) => "credit",
            Self::Send(Outgoing::Queue(..)) => "approval",
            Self::Send(Outgoing::Floor(..)) => "floor",
            Self::Send(Outgoing::Conversation(..)) => "messages",
            Self::Place(_) => "placement",
            Self::Change(_) => "change",
            Self::Resource(_) => "allocation",
            Self::Move(_) => "relocation",
            Self::Act(act) => act.process(),
        }
    }

    /// Tasks with the same lane are carried out in the order of their events: what actors report to one order, and what
    /// warehouse and floor tell each other about it. Everything else may overtake. What follows from an order itself
    /// has no lane.
    pub fn lane(&self) -> Option<OrderId> {
        match self {
            Self::Send(Outgoing::Order(order, _) | Outgoing::Floor(_, order, _)) => Some(*order),
            Self::Send(Outgoing::Warehouse(_, order, WarehouseCommand::Floor { .. })) => *order,
            _ => None,
        }
    }

    /// The next command, given the answer to the one before; `None` when the task is done.
    pub fn next(&mut self, answer: Option<Answer>) -> Option<Outgoing> {
        match self {
            Self::Send(outgoing) => match answer {
                None => Some(outgoing.clone()),
                // A fact about an order that is just being placed or changed waits until it is.
                Some(Answer::Refused(refusal)) if refusal.in_progress() => Some(outgoing.clone()),
                Some(Answer::Refused(refusal)) if refusal.code == "not_allocated" => {
                    *outgoing = unmade(outgoing)?;
                    Some(outgoing.clone())
                }
                Some(_) => None,
            },
            Self::Place(placement) => placement.next(answer),
            Self::Change(change) => change.next(answer),
            Self::Resource(resourcing) => resourcing.next(answer),
            Self::Move(line) => line.next(answer),
            Self::Act(act) => act.next(answer),
        }
    }
}

/// When stock held for an order that waits for confirmation or approval is given up: never before the order itself, with
/// a day of grace that lets the order decide first.
fn hold_expiry(order: &Order) -> Option<Timestamp> {
    let terms = order.terms.as_deref()?;
    order.pending_since.map(|since| since.plus_seconds(terms.confirmation_seconds + terms.approval_seconds + 86_400))
}

/// Closes a parcel whose units are gone from the warehouse before it was made; the order hears of that and gets
/// the units from elsewhere.
fn unmade(create: &Outgoing) -> Option<Outgoing> {
    let Outgoing::Warehouse(code, order, WarehouseCommand::Floor { parcel, .. }) = create else { return None };
    let command = FloorCommand::CancelFulfillment { keep_units: true, detach: false };
    Some(Outgoing::Warehouse(code.clone(), *order, WarehouseCommand::Floor { parcel: *parcel, command }))
}

/// Contents of a parcel, as the warehouse wants them.
fn parcel_lines(order: &Order, lines: &[(u16, u32)]) -> Vec<(u16, Sku, u32)> {
    let sku = |line: u16| Some(order.content.as_deref()?.line(line)?.sku.clone());
    lines.iter().filter_map(|(line, quantity)| Some((*line, sku(*line)?, *quantity))).collect()
}
