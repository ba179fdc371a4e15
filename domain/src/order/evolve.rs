//! How an event changes an order. Total: no rules, no refusals.

use smallvec::SmallVec;

use crate::{
    approval::request::ApprovalRequest,
    order::{
        event::{OrderEvent, Units},
        state::{
            Cancellation, CancellationState, Change, Lifecycle, LineState, Note, Order, Parcel, ParcelState, Placed,
            Relocation, Sourcing, Stage,
        },
    },
};

/// Notes kept on the order; older ones stay in the journal.
const NOTES_KEPT: usize = 200;

/// Whether units of a parcel go back to their shelf.
const fn unreleased(from: Stage, to: Stage) -> bool {
    matches!((from, to), (Stage::Picking | Stage::Packed, Stage::Allocated))
}

impl Order {
    pub(super) fn fold(&mut self, event: &OrderEvent) {
        if let Some((units, to)) = event.target() {
            self.move_units(units, to);
            return;
        }
        if let Some(lifecycle) = event.lifecycle() {
            self.lifecycle = lifecycle;
        }
        match event {
            OrderEvent::DraftCreated { .. } | OrderEvent::DraftEdited { .. } | OrderEvent::OrderImported { .. } => {
                self.fold_content(event);
            }
            OrderEvent::OrderSubmitted { terms, hash, by } => {
                self.terms = Some(terms.clone());
                self.hash.clone_from(hash);
                self.submitted_by = *by;
                self.refusal = None;
                self.unsettled = true;
                self.owed.clear();
            }
            OrderEvent::SubmissionSettled => self.unsettled = false,
            OrderEvent::StockMoved { warehouse, short } => self.owe(warehouse, *short),
            OrderEvent::SurplusFound { warehouse } => self.owe(warehouse, false),
            OrderEvent::OrderApproved => self.owe_unfirm(),
            OrderEvent::FactRecorded { at } => self.note_fact(at),
            OrderEvent::SourcingStarted { number } => {
                let looks = std::mem::take(&mut self.owed);
                self.sourcing = Some(Box::new(Sourcing { number: *number, looks }));
                self.sourcings = *number;
            }
            OrderEvent::SourcingEnded { .. } => self.sourcing = None,
            OrderEvent::OrderPlaced { lines, credit, at } => {
                self.placed_at.get_or_insert(*at);
                self.pending_since = Some(*at);
                self.credit = *credit;
                self.unsettled = false;
                self.take(lines);
            }
            OrderEvent::PlacementRefused { refusal } => self.refusal = Some(refusal.clone()),
            OrderEvent::ReturnImported { reference } => self.imported_returns.push(reference.clone()),
            OrderEvent::OrderConfirmed { source } => self.confirmed = Some(source.clone()),
            OrderEvent::OrderReturnedToDraft { .. } => {
                self.unsettled = true;
                self.back_to_draft();
            }
            OrderEvent::OrderRejected | OrderEvent::OrderExpired => self.cancel_all(),
            OrderEvent::OrderDelivered { at } => self.delivered_at = Some(*at),
            OrderEvent::TrackingRevoked { number } => self.tracking_revoked = *number,
            OrderEvent::StatusAsked { reference, .. } => self.status_asked = Some(reference.clone()),
            OrderEvent::NoteAdded { at, by, text, internal } => {
                if self.notes.len() == NOTES_KEPT {
                    self.notes.remove(0);
                }
                self.notes.push(Note { at: *at, by: *by, text: text.clone(), internal: *internal });
            }
            OrderEvent::ChangeProposed { .. }
            | OrderEvent::ChangeStarted { .. }
            | OrderEvent::ChangeApplied { .. }
            | OrderEvent::ChangeDeclined { .. } => {
                self.fold_change(event);
            }
            OrderEvent::ReturnUnitsReceived { receipt, .. } => self.receipts = *receipt,
            OrderEvent::LineWarehouseRequested { .. }
            | OrderEvent::LineWarehouseChanged { .. }
            | OrderEvent::LineWarehouseRefused { .. } => self.fold_relocation(event),
            _ => {
                self.fold_approval(event);
                self.fold_parcel(event);
                self.fold_hold(event);
                self.fold_cancellation(event);
            }
        }
        if self.lifecycle.terminal() {
            self.change = None;
        }
    }

    fn fold_content(&mut self, event: &OrderEvent) {
        match event {
            OrderEvent::DraftCreated { id, content, ephemeral, at, by } => {
                self.id = Some(*id);
                self.ephemeral = *ephemeral;
                self.created_at = *at;
                self.created_by = *by;
                self.authors.extend(*by);
                self.replace(content);
            }
            OrderEvent::DraftEdited { content, by } => {
                if let Some(by) = by.filter(|by| !self.authors.contains(by)) {
                    self.authors.push(by);
                }
                self.replace(content);
            }
            OrderEvent::OrderImported { id, order, hash } => {
                self.id = Some(*id);
                self.created_at = order.placed_at;
                self.placed_at = Some(order.placed_at);
                self.delivered_at = Some(order.placed_at);
                self.imported = Some(order.source.clone());
                self.imported_number = Some(order.number.clone());
                self.replace(&order.content);
                self.hash.clone_from(hash);
                for line in &mut self.lines {
                    line.shift(line.ordered, Stage::Open, Stage::Delivered, None);
                }
            }
            _ => {}
        }
    }

    fn replace(&mut self, content: &crate::order::content::OrderContent) {
        self.edition += 1;
        self.lines = content.lines.iter().map(|line| LineState::new(line.line, line.quantity)).collect();
        self.content = Some(Box::new(content.clone()));
    }

    fn take(&mut self, lines: &[Placed]) {
        for placed in lines {
            if let Some(line) = self.lines.iter_mut().find(|line| line.line == placed.line) {
                line.shift(placed.reserved, Stage::Open, Stage::Reserved, Some(&placed.warehouse));
                line.shift(placed.backordered, Stage::Open, Stage::Backordered, Some(&placed.warehouse));
                line.shift(placed.allocated, Stage::Open, Stage::Allocated, Some(&placed.warehouse));
            }
        }
    }

    fn back_to_draft(&mut self) {
        self.confirmed = None;
        self.credit = None;
        self.pending_since = None;
        self.change = None;
        for line in &mut self.lines {
            line.source = None;
            line.clear_shelf(Stage::Open);
            line.shift(u32::MAX, Stage::Allocated, Stage::Open, None);
        }
    }

    /// Every warehouse that holds units is owed a look.
    fn owe_all(&mut self) {
        for code in self.warehouses() {
            self.owe(&code, false);
        }
    }

    /// Every warehouse that holds units which are not firm yet is owed a look.
    fn owe_unfirm(&mut self) {
        let unfirm = |code: &crate::WarehouseId| {
            let at = |stage| self.lines.iter().any(|line| line.units_at(stage, Some(code)) > 0);
            at(Stage::Reserved) || at(Stage::Backordered)
        };
        for code in self.warehouses().into_iter().filter(unfirm).collect::<Vec<_>>() {
            self.owe(&code, false);
        }
    }

    /// Parcels on the floor are stopped or may go on.
    fn owe_floor(&mut self) {
        let codes: Vec<_> = self.on_floor().map(|parcel| parcel.warehouse.clone()).collect();
        for code in codes {
            self.owe(&code, false);
        }
    }

    /// What an order that ended before the gate had is canceled with it (state-machines.md §10).
    fn cancel_all(&mut self) {
        for line in &mut self.lines {
            line.clear_shelf(Stage::Canceled);
            line.shift(u32::MAX, Stage::Allocated, Stage::Canceled, None);
            line.shift(u32::MAX, Stage::Open, Stage::Canceled, None);
        }
    }

    fn move_units(&mut self, units: &Units, to: Stage) {
        if let Some(line) = self.lines.iter_mut().find(|line| line.line == units.line) {
            line.shift(units.quantity, units.from, to, units.warehouse.as_ref());
        }
        if let Some(request) = self.cancellation.as_mut().filter(|_| to == Stage::Canceled) {
            for (_, left) in request.scope.iter_mut().filter(|(line, _)| *line == units.line) {
                *left = left.saturating_sub(units.quantity);
            }
        }
        // A warehouse is told of what is no longer wanted, and asked what became of a canceled parcel.
        if let Some(code) = units.warehouse.as_ref().filter(|_| to == Stage::Canceled || unreleased(units.from, to)) {
            self.owe(code, false);
        }
        let Some(parcel) = units.parcel.and_then(|n| self.parcels.iter_mut().find(|parcel| parcel.number == n)) else {
            return;
        };
        parcel.state = match to {
            Stage::Packed => ParcelState::Packed,
            Stage::InTransit => ParcelState::HandedOver,
            Stage::Delivered => ParcelState::Delivered,
            Stage::RtoPending => ParcelState::Returning,
            Stage::Returned => {
                parcel.came_back(units.line, units.quantity);
                parcel.state
            }
            Stage::Lost => ParcelState::Lost,
            Stage::Open | Stage::Canceled | Stage::Allocated => {
                for (_, left) in parcel.lines.iter_mut().filter(|(line, _)| *line == units.line) {
                    *left = left.saturating_sub(units.quantity);
                }
                parcel.lines.retain(|(_, left)| *left > 0);
                if parcel.lines.is_empty() { ParcelState::Canceled } else { parcel.state }
            }
            _ => parcel.state,
        };
    }

    fn fold_approval(&mut self, event: &OrderEvent) {
        if let OrderEvent::ApprovalRequested { request } = event {
            self.approval = Some(request.clone());
            return;
        }
        let Some(request) = self.approval.as_mut() else { return };
        match event {
            OrderEvent::StepDecisionRecorded { decision } => request.record(decision),
            OrderEvent::ApprovalGranted { at } => {
                request.approve();
                self.pending_since = Some(*at);
            }
            OrderEvent::ApprovalOverridden { at, .. } => {
                request.override_by();
                self.pending_since = Some(*at);
            }
            OrderEvent::ApprovalRejected => request.reject(),
            OrderEvent::ApprovalChangesRequested => request.ask_changes(),
            OrderEvent::ApprovalWithdrawn => request.withdraw(),
            OrderEvent::ApprovalSuperseded { .. } => request.supersede(),
            OrderEvent::ApprovalExpired => request.expire(),
            _ => {}
        }
    }

    fn fold_parcel(&mut self, event: &OrderEvent) {
        match event {
            OrderEvent::UnitsReleased { parcel, warehouse, lines } => {
                for (number, quantity) in lines {
                    if let Some(line) = self.lines.iter_mut().find(|line| line.line == *number) {
                        line.shift(*quantity, Stage::Allocated, Stage::Picking, Some(warehouse));
                    }
                }
                self.parcels.push(Parcel {
                    number: *parcel,
                    warehouse: warehouse.clone(),
                    lines: lines.clone(),
                    state: ParcelState::Released,
                    carrier: None,
                    tracking: None,
                    carrier_status: None,
                    back: SmallVec::new(),
                });
            }
            OrderEvent::ConsignmentBooked { parcel, carrier, tracking } => {
                if let Some(parcel) = self.parcels.iter_mut().find(|p| p.number == *parcel) {
                    parcel.state = ParcelState::Booked;
                    parcel.carrier = Some(carrier.clone());
                    parcel.tracking = Some(tracking.clone());
                }
            }
            OrderEvent::CarrierScanRecorded { parcel, status, .. } => {
                if let Some(parcel) = self.parcels.iter_mut().find(|p| p.number == *parcel) {
                    parcel.carrier_status = Some(*status);
                }
            }
            _ => {}
        }
    }

    fn fold_hold(&mut self, event: &OrderEvent) {
        match event {
            OrderEvent::HoldPlaced { hold } => {
                self.holds_placed = self.holds_placed.max(hold.number);
                self.holds.push(hold.clone());
                self.owe_floor();
            }
            OrderEvent::HoldReassigned { hold, owner } => {
                if let Some(hold) = self.holds.iter_mut().find(|h| h.number == *hold) {
                    hold.owner.clone_from(owner);
                    hold.expires = None;
                }
            }
            OrderEvent::HoldReleased { hold, .. } | OrderEvent::HoldExpired { hold } => {
                self.holds.retain(|h| h.number != *hold);
                self.owe_floor();
            }
            _ => {}
        }
    }

    fn fold_cancellation(&mut self, event: &OrderEvent) {
        if let OrderEvent::CancellationRequested { number, whole, scope, reason, at } = event {
            self.cancellation = Some(Box::new(Cancellation {
                number: *number,
                whole: *whole,
                scope: scope.clone(),
                reason: reason.clone(),
                state: CancellationState::Requested,
                at: *at,
            }));
            return;
        }
        let Some(request) = self.cancellation.as_mut() else { return };
        request.state = match event {
            OrderEvent::CancellationApproved { .. } => CancellationState::Executing,
            OrderEvent::CancellationRefused { .. } => CancellationState::Refused,
            OrderEvent::CancellationWithdrawn { .. } => CancellationState::Withdrawn,
            OrderEvent::CancellationClosed { .. } => CancellationState::Closed,
            _ => request.state,
        };
    }

    fn fold_change(&mut self, event: &OrderEvent) {
        match event {
            OrderEvent::ChangeProposed { number, edition, content, plan, by } => {
                self.changes = *number;
                if let Some(by) = by.filter(|by| !self.authors.contains(by)) {
                    self.authors.push(by);
                }
                self.change = Some(Box::new(Change {
                    number: *number,
                    edition: *edition,
                    content: content.clone(),
                    plan: plan.clone(),
                    started: false,
                }));
            }
            OrderEvent::ChangeStarted { .. } => {
                if let Some(change) = self.change.as_mut() {
                    change.started = true;
                }
            }
            OrderEvent::ChangeDeclined { .. } => self.change = None,
            OrderEvent::ChangeApplied { content, plan, hash, reserved, released, credit, confirmed, at, .. } => {
                self.change = None;
                self.edition += 1;
                self.hash.clone_from(hash);
                if self.lifecycle == Lifecycle::PendingApproval {
                    self.lifecycle = Lifecycle::Pending;
                }
                self.pending_since = Some(*at);
                self.credit = credit.or(self.credit);
                if !confirmed {
                    self.confirmed = None;
                }
                if let Some(terms) = self.terms.as_mut() {
                    terms.plan = plan.clone();
                }
                self.relabel(content);
                self.hold_as(reserved);
                for units in released {
                    self.reduce(units);
                    if let Some(code) = &units.warehouse {
                        self.owe(code, false);
                    }
                }
                if self.lifecycle == Lifecycle::Approved {
                    self.owe_all();
                }
                self.content = Some(content.clone());
            }
            _ => {}
        }
    }

    /// Whatever came of it, the requested warehouse is looked at once more: it may hold more than the line wants.
    fn fold_relocation(&mut self, event: &OrderEvent) {
        if let OrderEvent::LineWarehouseRequested { number, line, warehouse, .. } = event {
            self.relocations = *number;
            let relocation = Relocation { number: *number, line: *line, warehouse: warehouse.clone() };
            self.relocation = Some(Box::new(relocation));
            return;
        }
        let Some(relocation) = self.relocation.take() else { return };
        if let OrderEvent::LineWarehouseChanged { held, .. } = event
            && let Some(line) = self.lines.iter_mut().find(|line| line.line == held.line)
        {
            let left: Vec<_> = line.held.iter().map(|held| held.warehouse.clone()).collect();
            line.move_held(held);
            left.iter().for_each(|code| self.owe(code, false));
        }
        self.owe(&relocation.warehouse, false);
    }

    /// Gives every line its new ordered quantity: what is added is open, what is taken away is taken by
    /// [`Order::reduce`].
    pub(super) fn relabel(&mut self, content: &crate::order::content::OrderContent) {
        for new in &content.lines {
            match self.lines.iter_mut().find(|line| line.line == new.line) {
                Some(line) => {
                    let added = new.quantity.saturating_sub(line.ordered);
                    line.ordered += added;
                    line.open += added;
                }
                None => self.lines.push(LineState::new(new.line, new.quantity)),
            }
        }
    }

    pub(super) fn hold_as(&mut self, held: &[Placed]) {
        for placed in held {
            if let Some(line) = self.lines.iter_mut().find(|line| line.line == placed.line) {
                line.set_held(placed);
            }
        }
    }

    /// Takes units out of the order altogether: a decrease is an edit, not a cancellation (SM-01).
    fn reduce(&mut self, units: &Units) {
        if let Some(line) = self.lines.iter_mut().find(|line| line.line == units.line) {
            let moved = line.shift(units.quantity, units.from, Stage::Canceled, units.warehouse.as_ref());
            line.canceled -= moved;
            line.ordered -= moved;
        }
    }

    /// Parcels that have not left yet.
    pub fn on_floor(&self) -> impl Iterator<Item = &Parcel> {
        let here = |parcel: &&Parcel| {
            matches!(parcel.state, ParcelState::Released | ParcelState::Packed | ParcelState::Booked)
        };
        self.parcels.iter().filter(here)
    }

    /// The open approval request, if there is one.
    pub(super) fn open_request(&self) -> Option<&ApprovalRequest> {
        self.approval.as_deref().filter(|request| request.is_open())
    }
}
