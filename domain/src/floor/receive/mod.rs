//! Receive: goods against a document, by plate (warehouse-floor.md §7.2).
//!
//! Invariant: the fact is written in one place ([`fact`]), when everything it needs is collected; the order in which it
//! is collected depends on what is scanned first. A blind receipt has no field for what was expected.

mod fact;
mod steps;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

pub(super) use fact::{offline, over_receipt_approved};

use crate::{
    Sku,
    floor::{
        DeviceOp, DocBody, DocId, First, Floor, FloorEvent, Flow, LocationCode, Lot, PlateId, PlateState, SerialNo,
        Want,
        turn::{Call, No, Step, Turn},
    },
};

/// Where a receipt stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs, reason = "the states of warehouse-floor.md §7.2")]
pub enum ReceiveState {
    #[default]
    PickDoc,
    Dock,
    Lpn,
    Item,
    Tracking,
    Qty,
    Condition,
    LineDone,
    Close,
    Staged,
}

/// A receipt and what it has collected.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Receive {
    /// Where it stands.
    pub state: ReceiveState,
    /// Whether the plate or the item is scanned first.
    pub first: First,
    /// The document.
    pub doc: Option<DocId>,
    /// The dock.
    pub dock: Option<LocationCode>,
    /// The plate goods are put on.
    pub plate: Option<PlateId>,
    /// Whether the plate comes whole, as it was announced.
    pub whole: bool,
    /// The line at hand.
    pub line: Line,
}

/// A line being received.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Line {
    /// The item.
    pub sku: Option<Sku>,
    /// Units of a package of the scanned size.
    pub pack: u32,
    /// Packages the label names (AI 37 or 30).
    pub labelled: Option<u32>,
    /// The lot.
    pub lot: Option<Lot>,
    /// The expiry date.
    pub expiry: Option<NaiveDate>,
    /// Serial numbers scanned.
    pub serials: Vec<SerialNo>,
    /// Units.
    pub units: u32,
    /// Condition, once it was said.
    pub condition: Option<crate::floor::Condition>,
}

impl Receive {
    pub(super) fn start(first: First) -> Self {
        Self { first, ..Self::default() }
    }

    pub(super) const fn state_name(&self) -> &'static str {
        match self.state {
            ReceiveState::PickDoc => "PickDoc",
            ReceiveState::Dock => "Dock",
            ReceiveState::Lpn => "Lpn",
            ReceiveState::Item => "Item",
            ReceiveState::Tracking => "Tracking",
            ReceiveState::Qty => "Qty",
            ReceiveState::Condition => "Condition",
            ReceiveState::LineDone => "LineDone",
            ReceiveState::Close => "Close",
            ReceiveState::Staged => "Staged",
        }
    }

    pub(super) const fn allowed(&self) -> &'static [&'static str] {
        match self.state {
            ReceiveState::PickDoc | ReceiveState::Dock => &["suspend"],
            ReceiveState::Lpn => &["create_plate", "close", "suspend"],
            ReceiveState::Item => &["close", "suspend"],
            ReceiveState::Tracking => &["expiry", "next", "suspend"],
            ReceiveState::Qty => &["quantity", "next", "suspend"],
            ReceiveState::Condition => &["condition", "suspend"],
            ReceiveState::LineDone => &["next", "close", "suspend"],
            ReceiveState::Close => &["confirm", "next", "suspend"],
            ReceiveState::Staged => &["next", "suspend"],
        }
    }

    pub(super) const fn expect(&self) -> &'static [Want] {
        match self.state {
            ReceiveState::PickDoc => &[Want::Document, Want::Plate],
            ReceiveState::Dock => &[Want::Location],
            ReceiveState::Lpn | ReceiveState::LineDone => &[Want::Plate],
            ReceiveState::Item => &[Want::Item],
            ReceiveState::Tracking => &[Want::Lot, Want::Serial],
            ReceiveState::Qty | ReceiveState::Condition | ReceiveState::Close | ReceiveState::Staged => &[],
        }
    }

    /// What the operator sees. What was ordered is added only where the document has it.
    pub(super) fn view(&self, floor: &Floor) -> Value {
        let mut view = json!({ "doc": self.doc, "dock": self.dock, "plate": self.plate, "line": self.line });
        if let (Some(doc), Some(sku)) = (self.doc.as_ref().and_then(|id| floor.doc(id)), &self.line.sku)
            && let DocBody::Order { lines } | DocBody::Announced { lines, .. } = &doc.body
        {
            let of = || lines.iter().filter(|line| line.sku == *sku);
            let sum = |units: fn(&crate::floor::DocLine) -> u32| of().map(units).fold(0, u32::saturating_add);
            view["expected"] = json!(sum(|line| line.expected));
            view["received"] = json!(sum(|line| line.received));
        }
        view
    }

    /// One input.
    pub(super) fn turn(&self, call: &Call<'_>) -> Turn {
        use ReceiveState as S;
        match (self.state, &call.command.op) {
            (S::PickDoc, DeviceOp::Scan(scan)) => self.pick_doc(call, scan),
            (S::Dock, DeviceOp::Scan(scan)) => self.at_dock(call, scan),
            (S::Lpn | S::LineDone, DeviceOp::Scan(scan)) => self.on_plate(call, scan),
            (S::Item, DeviceOp::Scan(scan)) => self.item(call, scan),
            (S::Tracking, DeviceOp::Scan(scan)) => self.tracking(call, scan),
            (S::Tracking, DeviceOp::Expiry(day)) => self.expiry(call, *day),
            (S::Tracking, DeviceOp::Next) => self.tracked(call),
            (S::Qty, DeviceOp::Quantity(text)) => self.quantity(call, text),
            (S::Qty, DeviceOp::Next) => self.labelled_quantity(call),
            (S::Condition, DeviceOp::Condition(condition)) => {
                let mut next = self.clone();
                next.line.condition = Some(*condition);
                next.collected(call)
            }
            (S::LineDone, DeviceOp::Next) => Ok(Step::to(self.next_line().into())),
            (S::Lpn | S::Item | S::LineDone, DeviceOp::Close) => {
                Ok(Step::to(Self { state: S::Close, ..self.clone() }.into()))
            }
            (S::Close, DeviceOp::Next) => Ok(Step::to(self.next_line().into())),
            (S::Close, DeviceOp::Confirm) => self.close(call),
            (S::Staged, DeviceOp::Next) => Ok(Step::to(Self::start(self.first).into())),
            _ => Err(self.unexpected()),
        }
    }

    fn unexpected(&self) -> No {
        No::unexpected(self.expect(), self.allowed())
    }

    /// The state after a line: the next one on the same plate, or its item if that comes first.
    fn next_line(&self) -> Self {
        let mut next = Self { line: Line::default(), whole: false, ..self.clone() };
        if self.whole || self.first == First::Item {
            next.plate = None;
        }
        next.state = next.wanted();
        next
    }

    /// What must be collected next, in the order of the mode; `LineDone` when nothing is missing.
    fn wanted(&self) -> ReceiveState {
        let plate = self.plate.is_none().then_some(ReceiveState::Lpn);
        let goods = match &self.line {
            line if self.whole => line.condition.is_none().then_some(ReceiveState::Condition),
            line if line.sku.is_none() => Some(ReceiveState::Item),
            line if line.units == 0 => Some(ReceiveState::Qty),
            line => line.condition.is_none().then_some(ReceiveState::Condition),
        };
        let wanted = match self.first {
            First::Usual | First::Location => plate.or(goods),
            First::Item => goods.or(plate),
        };
        wanted.unwrap_or(ReceiveState::LineDone)
    }

    /// Goes on to what is missing, or writes the fact.
    fn collected(mut self, call: &Call<'_>) -> Turn {
        self.state = self.wanted();
        if self.state == ReceiveState::LineDone { self.fact(call) } else { Ok(Step::to(self.into())) }
    }

    /// The operator goes elsewhere: the plate at hand is ready to be put away.
    pub(super) fn leave(&self, call: &Call<'_>) -> Vec<FloorEvent> {
        let mut events = self.stage(call);
        if let Some(doc) = &self.doc
            && call.floor.doc(doc).is_some_and(|doc| doc.devices.contains(&call.command.device))
        {
            events.push(FloorEvent::DocLeft { doc: doc.clone(), device: call.command.device.clone() });
        }
        events
    }

    /// The plate at hand is full, unless another device fills it too or nothing is on it.
    fn stage(&self, call: &Call<'_>) -> Vec<FloorEvent> {
        let Some(plate) = self.plate.as_ref().and_then(|id| call.floor.plate(id)) else { return Vec::new() };
        let others = call.floor.sessions.iter().filter(|(device, _)| **device != call.command.device);
        let shared = others.into_iter().any(
            |(_, session)| matches!(&session.flow, Flow::Receive(other) if other.plate.as_ref() == Some(&plate.id)),
        );
        let filled = call.floor.bin(&plate.bin).is_some_and(|bin| bin.on_plate(&plate.id).next().is_some());
        if plate.state != PlateState::Open || shared || !filled {
            return Vec::new();
        }
        let (plate, at) = (plate.id.clone(), call.command.recorded_at);
        vec![FloorEvent::PlateStateSet { plate, state: PlateState::Staged, at }]
    }

    /// A plate that was just made goes on here.
    pub(super) fn with_plate(&self, call: &Call<'_>, plate: &PlateId) -> Option<Turn> {
        (self.state == ReceiveState::Lpn).then(|| Self { plate: Some(plate.clone()), ..self.clone() }.collected(call))
    }
}

impl From<Receive> for Flow {
    fn from(receive: Receive) -> Self {
        Self::Receive(Box::new(receive))
    }
}
