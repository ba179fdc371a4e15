//! What follows from a command. Guards in the order shape, existence, state, quantity, money; then events.

use crate::{
    Ctx, Money, OrderId,
    order::{
        allocation, asked, change,
        command::OrderCommand,
        content::{ImportedOrder, OrderContent},
        event::{OrderEvent, Units},
        floor, hold,
        refusal::OrderRefusal,
        relocation, returns,
        state::{Lifecycle, Order, Placed, PlacementRefusal, Stage, Terms},
        tracking,
    },
};

/// The events of a command, or why there are none.
pub(super) type Decision = Result<Vec<OrderEvent>, OrderRefusal>;

/// Longest reason, note, carrier or tracking text, in characters.
const MAX_TEXT: usize = 2_000;

impl Order {
    pub(super) fn decide_command(&self, command: &OrderCommand, ctx: &Ctx) -> Decision {
        use OrderCommand as C;
        self.guard(command)?;
        match command {
            C::CreateDraft { id, content, ephemeral, submit } => {
                self.create(*id, content, *ephemeral, submit.as_deref(), ctx)
            }
            C::ImportOrder { id, order } => self.import(*id, order),
            C::EditDraft { content } => self.edit_draft(content, ctx),
            C::DiscardDraft => self.discard(),
            C::SubmitOrder { terms } => self.submit(terms, ctx),
            C::RecordPlacement { lines, credit } => self.record_placement(lines, *credit, ctx),
            C::RefusePlacement { refusal } => Ok(self.refuse_placement(refusal)),
            C::SettleSubmission => {
                let open = self.unsettled && self.lifecycle != Lifecycle::Placing;
                Ok(if open { vec![OrderEvent::SubmissionSettled] } else { vec![] })
            }
            C::ConfirmOrder { source } => self.confirm(source),
            C::ConfirmEdition { source, hash } => asked::confirm_edition(self, source, hash),
            C::CancelForCustomer { source } => asked::cancel(self, source, "CancelForCustomer", ctx),
            C::ChangeAddress { address } => asked::change_address(self, address, ctx),
            C::AskStatus { reference } => asked::status(self, reference, ctx),
            C::WithdrawSubmission { reason } => self.withdraw(reason),
            C::RecordStepDecision { decision } => self.record_decision(decision),
            C::OverrideRequest { reason } => self.override_request(reason, ctx),
            C::RecordAllocation { number, looked, held, missing } => {
                allocation::record(self, *number, looked, held, missing.as_deref(), ctx)
            }
            C::RecordStock { warehouse, cause } => Ok(allocation::stock_moved(self, warehouse, *cause)),
            C::RecordShort { at, parcel, line, quantity } => floor::record_short(self, at, *parcel, *line, *quantity),
            C::RecordUnreleased { parcel } => floor::record_unreleased(self, *parcel),
            C::RecordUnitsCanceled { parcel } => floor::record_units_canceled(self, *parcel),
            C::ReleaseUnits => floor::release_units(self),
            C::CompleteLine { line } => floor::complete_line(self, *line),
            C::RecordPacked { parcel } => floor::record_packed(self, *parcel),
            C::BookConsignment { parcel, carrier, tracking } => floor::book(self, *parcel, carrier, tracking),
            C::RecordHandover { parcel } => floor::record_handover(self, *parcel),
            C::RecordCarrierScan { parcel, status } => floor::record_scan(self, *parcel, *status, ctx),
            C::RecordReturnReceipt { warehouse, parcel, lines, reason } => {
                returns::receive(self, warehouse, *parcel, lines, reason.as_deref(), ctx)
            }
            C::RequestLineWarehouse { line, warehouse, reason } => relocation::request(self, *line, warehouse, reason),
            C::RecordLineWarehouse { number, held } => Ok(relocation::record(self, *number, held)),
            C::RefuseLineWarehouse { number, refusal } => Ok(relocation::refuse(self, *number, refusal)),
            C::PlaceHold { .. } | C::ReassignHold { .. } | C::ReleaseHold { .. } => hold::decide(self, command, ctx),
            C::CancelOrder { .. }
            | C::RequestCancellation { .. }
            | C::ApproveCancellation
            | C::RefuseCancellation { .. }
            | C::WithdrawCancellation => hold::decide_cancellation(self, command, ctx),
            C::ProposeChange { content, plan } => change::propose(self, content, plan, ctx),
            C::ApplyChange { number, reserved, credit } => change::apply(self, *number, reserved, *credit, ctx),
            C::DeclineChange { number, refusal } => change::decline(self, *number, refusal),
            C::CancelByLink { reason } => asked::cancel(self, reason, "CancelByLink", ctx),
            C::RevokeTracking => Ok(tracking::revoke(self)),
            C::AddNote { text, internal } => {
                checked_text("text", text)?;
                Ok(vec![OrderEvent::NoteAdded { at: ctx.now, by: ctx.by, text: text.clone(), internal: *internal }])
            }
            C::RecordImportedReturn { reference, lines } => self.import_return(reference, lines),
            C::Tick => Ok(self.tick_events(ctx)),
        }
    }

    /// What holds for every command: the order exists, and is not being placed by somebody else.
    fn guard(&self, command: &OrderCommand) -> Result<(), OrderRefusal> {
        use OrderCommand as C;
        match command {
            C::CreateDraft { .. } | C::ImportOrder { .. } => return Ok(()),
            _ if !self.exists() => return Err(OrderRefusal::NotFound),
            _ => {}
        }
        let allowed_while_placing = matches!(
            command,
            C::RecordPlacement { .. }
                | C::RefusePlacement { .. }
                | C::SettleSubmission
                | C::RecordStock { .. }
                | C::Tick
                | C::AddNote { .. }
                | C::RevokeTracking
        );
        if self.lifecycle == Lifecycle::Placing && !allowed_while_placing {
            return Err(OrderRefusal::PlacementInProgress);
        }
        let allowed_while_changing = matches!(
            command,
            C::ApplyChange { .. }
                | C::DeclineChange { .. }
                | C::RecordAllocation { .. }
                | C::RecordStock { .. }
                | C::Tick
                | C::AddNote { .. }
                | C::RevokeTracking
                | C::ProposeChange { .. }
        );
        if self.change.is_some() && !allowed_while_changing {
            return Err(OrderRefusal::ChangeInProgress);
        }
        let allowed_while_moving = matches!(
            command,
            C::RecordLineWarehouse { .. }
                | C::RefuseLineWarehouse { .. }
                | C::RecordStock { .. }
                | C::Tick
                | C::AddNote { .. }
                | C::RevokeTracking
        );
        if self.relocation.is_some() && !allowed_while_moving {
            return Err(OrderRefusal::ChangeInProgress);
        }
        Ok(())
    }

    /// The refusal for a pair of state and command that has no row.
    pub(super) fn wrong_state(&self, command: &'static str) -> OrderRefusal {
        OrderRefusal::WrongState { state: self.lifecycle, command }
    }

    fn create(
        &self,
        id: OrderId,
        content: &OrderContent,
        ephemeral: bool,
        submit: Option<&Terms>,
        ctx: &Ctx,
    ) -> Decision {
        checked_content(content)?;
        if self.exists() {
            return Err(OrderRefusal::Exists);
        }
        let mut events = vec![OrderEvent::DraftCreated {
            id,
            content: Box::new(content.clone()),
            ephemeral,
            at: ctx.now,
            by: ctx.by,
        }];
        if let Some(terms) = submit {
            events.push(OrderEvent::OrderSubmitted {
                terms: Box::new(terms.clone()),
                hash: content.hash(),
                by: ctx.by,
            });
        }
        Ok(events)
    }

    fn import(&self, id: OrderId, order: &ImportedOrder) -> Decision {
        checked_content(&order.content)?;
        if self.exists() {
            return if self.imported.is_some() { Ok(vec![]) } else { Err(OrderRefusal::Exists) };
        }
        Ok(vec![OrderEvent::OrderImported { id, order: Box::new(order.clone()), hash: order.content.hash() }])
    }

    fn import_return(&self, reference: &str, lines: &[(u16, u32)]) -> Decision {
        checked_text("reference", reference)?;
        if self.imported.is_none() {
            return Err(self.wrong_state("RecordImportedReturn"));
        }
        if self.imported_returns.iter().any(|known| known == reference) {
            return Ok(vec![]);
        }
        let mut events = returns::imported(self, lines)?;
        events.push(OrderEvent::ReturnImported { reference: reference.to_owned() });
        Ok(events)
    }

    fn edit_draft(&self, content: &OrderContent, ctx: &Ctx) -> Decision {
        checked_content(content)?;
        if self.lifecycle != Lifecycle::Draft {
            return Err(self.wrong_state("EditDraft"));
        }
        if self.content.as_deref() == Some(content) {
            return Ok(vec![]);
        }
        Ok(vec![OrderEvent::DraftEdited { content: Box::new(content.clone()), by: ctx.by }])
    }

    fn discard(&self) -> Decision {
        match self.lifecycle {
            Lifecycle::Draft if self.placed_at.is_none() => Ok(vec![OrderEvent::DraftDiscarded]),
            _ => Err(self.wrong_state("DiscardDraft")),
        }
    }

    fn submit(&self, terms: &Terms, ctx: &Ctx) -> Decision {
        if self.lifecycle != Lifecycle::Draft {
            return Err(self.wrong_state("SubmitOrder"));
        }
        if self.unsettled || self.sourcing.is_some() {
            return Err(OrderRefusal::PlacementInProgress);
        }
        let Some(content) = self.content.as_deref() else { return Err(OrderRefusal::NotFound) };
        checked_content(content)?;
        let mut terms = terms.clone();
        if let Some(first) = &self.terms {
            terms.number.clone_from(&first.number); // kept on resubmission
        }
        Ok(vec![OrderEvent::OrderSubmitted { terms: Box::new(terms), hash: content.hash(), by: ctx.by }])
    }

    fn record_placement(&self, lines: &[Placed], credit: Option<Money>, ctx: &Ctx) -> Decision {
        if self.lifecycle != Lifecycle::Placing {
            // A repeat of a placement that the order has taken already needs nothing.
            let taken = !self.unsettled && self.placed_at.is_some() && self.lifecycle != Lifecycle::Draft;
            return if taken { Ok(vec![]) } else { Err(self.wrong_state("RecordPlacement")) };
        }
        for line in self.lines.iter().filter(|line| self.stocked(line.line)) {
            let taken: u32 = lines.iter().filter(|p| p.line == line.line).map(Placed::units).sum();
            if taken != line.open {
                return Err(OrderRefusal::Quantity { line: line.line, requested: line.open, available: taken });
            }
        }
        Ok(vec![OrderEvent::OrderPlaced { lines: lines.to_vec(), credit, at: ctx.now }])
    }

    pub(super) fn refuse_placement(&self, refusal: &PlacementRefusal) -> Vec<OrderEvent> {
        if self.lifecycle != Lifecycle::Placing {
            return vec![];
        }
        let mut events = vec![OrderEvent::PlacementRefused { refusal: Box::new(refusal.clone()) }];
        if self.ephemeral && self.placed_at.is_none() {
            events.push(OrderEvent::DraftDiscarded);
        }
        events
    }

    pub(super) fn confirm(&self, source: &str) -> Decision {
        checked_text("source", source)?;
        match self.lifecycle {
            Lifecycle::Pending | Lifecycle::PendingApproval if self.confirmed.is_some() => Ok(vec![]),
            Lifecycle::Pending | Lifecycle::PendingApproval => {
                Ok(vec![OrderEvent::OrderConfirmed { source: source.to_owned() }])
            }
            _ => Err(self.wrong_state("ConfirmOrder")),
        }
    }

    fn withdraw(&self, reason: &str) -> Decision {
        checked_reason(reason)?;
        if !matches!(self.lifecycle, Lifecycle::Pending | Lifecycle::PendingApproval) {
            return Err(self.wrong_state("WithdrawSubmission"));
        }
        let mut events = Vec::new();
        if self.open_request().is_some() {
            events.push(OrderEvent::ApprovalWithdrawn);
        }
        events.push(OrderEvent::OrderReturnedToDraft { reason: reason.to_owned() });
        Ok(events)
    }

    fn record_decision(&self, decision: &crate::approval::request::StepDecision) -> Decision {
        let Some(request) = self.approval.as_deref() else {
            return Err(self.wrong_state("RecordStepDecision"));
        };
        if request.accept(decision)? {
            Ok(vec![OrderEvent::StepDecisionRecorded { decision: Box::new(decision.clone()) }])
        } else {
            Ok(vec![])
        }
    }

    fn override_request(&self, reason: &str, ctx: &Ctx) -> Decision {
        checked_reason(reason)?;
        if self.lifecycle != Lifecycle::PendingApproval || self.open_request().is_none() {
            return Err(self.wrong_state("OverrideRequest"));
        }
        Ok(vec![OrderEvent::ApprovalOverridden { by: ctx.by, reason: reason.to_owned(), at: ctx.now }])
    }

    fn tick_events(&self, ctx: &Ctx) -> Vec<OrderEvent> {
        if self.change.is_some() || self.relocation.is_some() {
            return vec![]; // it is being applied or declined right now; the ticker comes again
        }
        let passed = |at: Option<crate::Timestamp>| at.is_some_and(|at| at <= ctx.now);
        match self.lifecycle {
            Lifecycle::Placing if passed(self.placement_deadline()) => self.refuse_placement(&PlacementRefusal {
                code: "placement_deadline".into(),
                message: "stock and credit were not answered in time".into(),
                field: None,
                fix: Some("submit the order again".into()),
            }),
            Lifecycle::Pending if passed(self.confirmation_deadline()) => vec![OrderEvent::OrderExpired],
            Lifecycle::PendingApproval if passed(self.request_deadline()) => {
                vec![OrderEvent::ApprovalExpired, OrderEvent::OrderExpired]
            }
            Lifecycle::Delivered if passed(self.return_deadline()) => vec![OrderEvent::OrderClosed],
            _ => hold::expired(self, ctx),
        }
    }
}

/// Units of one stage of a line, by warehouse, up to `wanted`; the building block of every multi-stage move.
pub(super) fn units_from(order: &Order, line: u16, stages: &[Stage], wanted: u32) -> Vec<Units> {
    let mut left = wanted;
    let mut moves = Vec::new();
    let Some(state) = order.line(line) else { return moves };
    for stage in stages {
        let places: Vec<_> = match stage {
            Stage::Reserved | Stage::Backordered | Stage::Allocated | Stage::Picking | Stage::Packed => {
                state.held.iter().map(|held| Some(held.warehouse.clone())).chain([None]).collect()
            }
            _ => vec![None],
        };
        for warehouse in places {
            let there = match (&warehouse, stage) {
                (None, Stage::Reserved | Stage::Backordered | Stage::Picking | Stage::Packed) => 0,
                _ => state.units_at(*stage, warehouse.as_ref()),
            };
            let quantity = there.min(left);
            if quantity > 0 {
                left -= quantity;
                moves.push(Units { line, quantity, from: *stage, warehouse, parcel: None });
            }
        }
    }
    moves
}

pub(super) fn checked_content(content: &OrderContent) -> Result<(), OrderRefusal> {
    content.check().map_err(|error| OrderRefusal::Content { field: error.field(content), error })
}

pub(super) fn checked_reason(reason: &str) -> Result<(), OrderRefusal> {
    if reason.trim().is_empty() {
        return Err(OrderRefusal::ReasonRequired);
    }
    checked_text("reason", reason)
}

pub(super) fn checked_text(field: &'static str, text: &str) -> Result<(), OrderRefusal> {
    if text.trim().is_empty() || text.chars().count() > MAX_TEXT {
        return Err(OrderRefusal::Invalid { field, rule: "must be 1 to 2000 characters" });
    }
    Ok(())
}
