//! Which commands follow from which events. Every function is pure: the owner's state after the record, and the
//! record's events, go in.

use crate::{
    OrderId, ParcelId, QueueId, Timestamp, UserId, WarehouseId,
    approval::{OpenStep, QueueCommand, QueueEvent, StepDecision, StepId, StepResult},
    customer::CustomerCommand,
    order::{
        Order, OrderCommand, OrderEvent,
        event::Units,
        state::{CancellationState, Lifecycle, Parcel, ReturnedUnits, Stage, StockCause},
    },
    process::{ChangeSet, LineMove, Outgoing, Placement, Resourcing, Task, parcel_lines},
    warehouse::{FloorCommand, Method, ReturnLine, WarehouseCommand, WarehouseEvent},
};

fn send(outgoing: Outgoing) -> Task {
    Task::Send(outgoing)
}

fn warehouse(code: &WarehouseId, order: OrderId, command: WarehouseCommand) -> Task {
    send(Outgoing::Warehouse(code.clone(), Some(order), command))
}

fn floor(code: &WarehouseId, order: OrderId, number: u16, command: FloorCommand) -> Task {
    let parcel = ParcelId { order, number };
    warehouse(code, order, WarehouseCommand::Floor { parcel, command })
}

/// Placement, Approval, Allocation, Release, Dispatch, Cancellation and Change, as far as orders start them.
/// `resumed` when the record is handled again after a crash; `order` is then what it is now.
pub fn from_order(order: &Order, events: &[OrderEvent], resumed: bool) -> Vec<Task> {
    let Some(id) = order.id else { return vec![] };
    let mut tasks = Vec::new();
    for event in events {
        match event {
            // A later submission has its own record.
            OrderEvent::OrderSubmitted { terms, .. } if order.terms.as_ref() != Some(terms) => {}
            OrderEvent::OrderSubmitted { .. } => match Placement::of(order, resumed) {
                Some(placement) => tasks.push(Task::Place(Box::new(placement))),
                // Handled again after a crash that cut the giving back short.
                None => tasks.extend(settle(order, id)),
            },
            OrderEvent::ChangeStarted { number } if order.change.as_ref().is_some_and(|c| c.number == *number) => {
                tasks.extend(ChangeSet::of(order, resumed).map(|change| Task::Change(Box::new(change))));
            }
            OrderEvent::ApprovalRequested { .. } | OrderEvent::StepDecisionRecorded { .. } => {
                tasks.extend(open_steps(order, id));
            }
            OrderEvent::ApprovalGranted { .. }
            | OrderEvent::ApprovalRejected
            | OrderEvent::ApprovalChangesRequested
            | OrderEvent::ApprovalWithdrawn
            | OrderEvent::ApprovalExpired
            | OrderEvent::ApprovalOverridden { .. } => tasks.extend(close_steps(order, id)),
            OrderEvent::ApprovalSuperseded { request, queues } => {
                let close = |(queue, step): (&QueueId, u16)| {
                    let step = step_id(id, *request, step);
                    send(Outgoing::Queue(queue.clone(), QueueCommand::CloseStep { step }))
                };
                tasks.extend(queues.iter().zip(1u16..).map(close));
            }
            OrderEvent::OrderReturnedToDraft { .. } => tasks.extend(settle(order, id)),
            OrderEvent::OrderRejected | OrderEvent::OrderExpired | OrderEvent::OrderCanceled { .. } => {
                tasks.extend(give_back(order, id, true));
                tasks.extend(not_owed(order, id).filter(|_| order.shipped() > 0));
            }
            // What was lost on the way back is not owed either.
            OrderEvent::OrderReturned => {
                tasks.extend(if order.allocating() { give_back(order, id, true) } else { vec![] });
                tasks.extend(not_owed(order, id));
            }
            // Units a warehouse may still hold of an order that ended otherwise.
            OrderEvent::OrderClosed if order.allocating() => {
                tasks.extend(give_back(order, id, true));
            }
            OrderEvent::SourcingEnded { .. } if order.lifecycle.terminal() => tasks.extend(give_back(order, id, true)),
            OrderEvent::ChangeApplied { credit: Some(_), .. } if !order.lifecycle.terminal() => {
                let (amount, canceled, edition) = (order.total(), order.canceled_value(), order.edition);
                tasks.extend(customer(order, CustomerCommand::AdjustCredit { order: id, amount, canceled, edition }));
            }
            // An order that ended gives back all of its credit. A change that was declined put back what it had found.
            OrderEvent::UnitsCanceled(_) | OrderEvent::ChangeDeclined { .. } if !ended_unfulfilled(order) => {
                tasks.extend(canceled(order, id))
            }
            OrderEvent::CancellationApproved { .. } => tasks.extend(cancel_parcels(order, id)),
            OrderEvent::LineWarehouseRequested { number, .. }
                if order.relocation.as_ref().is_some_and(|open| open.number == *number) =>
            {
                tasks.extend(LineMove::of(order).map(|line| Task::Move(Box::new(line))));
            }
            OrderEvent::SourcingStarted { number } if order.sourcing.as_ref().is_some_and(|s| s.number == *number) => {
                tasks.extend(Resourcing::of(order, resumed).map(|resourcing| Task::Resource(Box::new(resourcing))));
            }
            _ => tasks.extend(parcel_event(order, id, event)),
        }
    }
    dedup(tasks)
}

fn parcel_event(order: &Order, id: OrderId, event: &OrderEvent) -> Vec<Task> {
    match event {
        OrderEvent::UnitsReleased { parcel, warehouse: code, lines } => {
            let lines = parcel_lines(order, lines);
            let create = FloorCommand::CreateFulfillment { lines, method: Method::Courier };
            vec![floor(code, id, *parcel, create), floor(code, id, *parcel, FloorCommand::AssignPick)]
        }
        OrderEvent::ParcelSplitRequested { parcel: number, into, lines } => {
            let Some(parcel) = order.parcel(*number) else { return vec![] };
            let into = ParcelId { order: id, number: *into };
            let split = FloorCommand::SplitFulfillment { into, lines: lines.clone() };
            vec![floor(&parcel.warehouse, id, *number, split)]
        }
        // Units of it may be asked back already.
        OrderEvent::ParcelSplit { .. } => cancel_parcels(order, id),
        OrderEvent::ConsignmentBooked { parcel: number, carrier, tracking } => {
            let Some(parcel) = order.parcel(*number) else { return vec![] };
            let attach = FloorCommand::AttachConsignment { carrier: carrier.clone(), tracking: tracking.clone() };
            vec![floor(&parcel.warehouse, id, *number, attach)]
        }
        // A service that was done is owed like goods that were sent.
        OrderEvent::LineShipped(_) | OrderEvent::LineDelivered(Units { from: Stage::Allocated, .. }) => {
            customer(order, CustomerCommand::ConsumeCredit { order: id }).into_iter().collect()
        }
        OrderEvent::LineDelivered(units) | OrderEvent::LineReturned(units) | OrderEvent::LineLost(units) => {
            let parcel = units.parcel.and_then(|number| order.parcel(number));
            let close = |parcel: &Parcel| floor(&parcel.warehouse, id, parcel.number, FloorCommand::CloseFulfillment);
            parcel.filter(|parcel| parcel.ended()).map(close).into_iter().collect()
        }
        OrderEvent::ReturnUnitsReceived { receipt, warehouse: code, lines, reason, .. } => {
            let reason = reason.clone().unwrap_or_default();
            let sku = |line: u16| Some(order.content.as_deref()?.line(line)?.sku.clone());
            let line = |units: &ReturnedUnits| {
                let ReturnedUnits { line, good, damaged } = *units;
                Some(ReturnLine { line, sku: sku(line)?, good, damaged, reason: reason.clone() })
            };
            let lines = lines.iter().filter_map(line).collect();
            let receive = WarehouseCommand::ReceiveReturn { order: id, receipt: *receipt, lines };
            [warehouse(code, id, receive)].into_iter().chain(not_owed(order, id)).collect()
        }
        _ => vec![],
    }
}

/// Repeating a command changes nothing, so one of each is enough.
fn dedup(tasks: Vec<Task>) -> Vec<Task> {
    let mut kept: Vec<Task> = Vec::with_capacity(tasks.len());
    for task in tasks {
        if !kept.contains(&task) {
            kept.push(task);
        }
    }
    kept
}

fn customer(order: &Order, command: CustomerCommand) -> Option<Task> {
    order.credit?;
    let content = order.content.as_deref()?;
    Some(send(Outgoing::Customer(content.customer.id, command)))
}

/// What was canceled of an order that goes on is taken off what is held or owed for it.
fn canceled(order: &Order, id: OrderId) -> Option<Task> {
    customer(
        order,
        CustomerCommand::ReduceCredit { order: id, canceled: order.canceled_value(), edition: order.edition },
    )
}

fn ended_unfulfilled(order: &Order) -> bool {
    matches!(order.lifecycle, Lifecycle::Canceled | Lifecycle::Rejected | Lifecycle::Expired)
}

/// What came back or never arrived is taken off what the customer owes.
fn not_owed(order: &Order, id: OrderId) -> Option<Task> {
    customer(order, CustomerCommand::CreditReturn { order: id, returned: order.not_owed() })
}

fn step_id(id: OrderId, request: u16, step: u16) -> StepId {
    StepId { order: id, request, step }
}

fn open_steps(order: &Order, id: OrderId) -> Vec<Task> {
    let Some(request) = order.approval.as_deref() else { return vec![] };
    let open = |(number, step): (u16, &crate::approval::PlanStep)| {
        let command = QueueCommand::OpenStep(Box::new(OpenStep {
            step: step_id(id, request.number, number),
            hash: request.hash.clone(),
            edition: order.edition,
            amount: order.total(),
            requester: order.submitted_by,
            authors: request.authors.clone(),
            approver_role: step.role.clone(),
            mode: step.mode,
            remind_after: step.remind_after,
            escalate_after: step.escalate_after,
        }));
        send(Outgoing::Queue(step.queue.clone(), command))
    };
    request.active().map(open).collect()
}

fn close_steps(order: &Order, id: OrderId) -> Vec<Task> {
    let Some(request) = order.approval.as_deref() else { return vec![] };
    let close = |(step, number): (&crate::approval::PlanStep, u16)| {
        let step_id = step_id(id, request.number, number);
        send(Outgoing::Queue(step.queue.clone(), QueueCommand::CloseStep { step: step_id }))
    };
    request.plan.steps.iter().zip(1u16..).map(close).collect()
}

/// Gives back what a submission that did not hold took, after which the order may be submitted again.
fn settle(order: &Order, id: OrderId) -> Vec<Task> {
    if !order.unsettled || order.lifecycle == Lifecycle::Placing {
        return vec![];
    }
    let mut tasks = give_back(order, id, false);
    tasks.push(send(Outgoing::Order(id, OrderCommand::SettleSubmission)));
    tasks
}

/// Stock and credit of an order that ended before it was fulfilled, or that is a draft again. `ended` makes the
/// release final: a late command for the same hold is then answered `HoldClosed` (§3.3 rule 5).
fn give_back(order: &Order, id: OrderId, ended: bool) -> Vec<Task> {
    let Some(terms) = order.terms.as_deref() else { return vec![] };
    let mut codes = terms.sources.clone();
    let named = order.content.iter().flat_map(|content| content.lines.iter().filter_map(|line| line.warehouse.clone()));
    codes.extend(named);
    codes.extend(order.lines.iter().filter_map(|line| line.source.clone()));
    codes.extend(order.warehouses());
    codes.extend(order.parcels.iter().map(|parcel| parcel.warehouse.clone()));
    codes.sort();
    codes.dedup();
    let stock = if ended {
        WarehouseCommand::ReleaseStock { order: id, lines: None }
    } else {
        WarehouseCommand::ReduceHold { order: id, lines: None }
    };
    let credit =
        if ended { CustomerCommand::ReleaseCredit { order: id } } else { CustomerCommand::CancelCredit { order: id } };
    let mut tasks: Vec<Task> = codes.iter().map(|code| warehouse(code, id, stock.clone())).collect();
    if order.content.as_deref().is_some_and(|c| c.payment_method == crate::order::content::PaymentMethod::Terms) {
        let content = order.content.as_deref();
        tasks.extend(content.map(|content| send(Outgoing::Customer(content.customer.id, credit))));
    }
    tasks
}

/// Parcels that hold units of an executing cancellation.
fn cancel_parcels(order: &Order, id: OrderId) -> Vec<Task> {
    let Some(request) = order.cancellation.as_deref().filter(|r| r.state == CancellationState::Executing) else {
        return vec![];
    };
    let hit = |parcel: &&Parcel| {
        let in_scope = |line: u16| request.scope.iter().any(|(scoped, left)| *scoped == line && *left > 0);
        parcel.lines.iter().any(|(line, _)| in_scope(*line))
    };
    // A booking may be on its way to the warehouse: that it is canceled first (SM-07) is left to the warehouse, in
    // one step. Told apart, it could arrive in between and the parcel would stay.
    let cancel = FloorCommand::CancelFulfillment { keep_units: true, detach: true };
    let cancel = |parcel: &Parcel| floor(&parcel.warehouse, id, parcel.number, cancel.clone());
    order.on_floor().filter(hit).map(cancel).collect()
}

/// What a queue decided goes back to the order.
pub fn from_queue(events: &[QueueEvent]) -> Vec<Task> {
    let back = |step: &StepId, result: StepResult, hash: &str, by: Option<UserId>, rationale: &str, at: Timestamp| {
        let decision = StepDecision {
            request: step.request,
            step: step.step,
            result,
            hash: hash.to_owned(),
            by,
            rationale: rationale.to_owned(),
            at,
        };
        send(Outgoing::Order(step.order, OrderCommand::RecordStepDecision { decision: Box::new(decision) }))
    };
    events
        .iter()
        .filter_map(|event| match event {
            QueueEvent::StepApproved { step, hash, by, rationale, at } => {
                Some(back(step, StepResult::Approved, hash, *by, rationale, *at))
            }
            QueueEvent::StepRejected { step, hash, by, rationale, at } => {
                Some(back(step, StepResult::Rejected, hash, *by, rationale, *at))
            }
            QueueEvent::StepChangesRequested { step, hash, by, rationale, at } => {
                Some(back(step, StepResult::ChangesRequested, hash, Some(*by), rationale, *at))
            }
            _ => None,
        })
        .collect()
}

/// What a warehouse did goes back to the orders it concerns. What an order's own command did is the answer to the
/// process that sent it and needs no second way; what happens by itself owes the warehouse another look. `first` is
/// the version of the warehouse after the first event; `_asked` names the command of the record.
pub fn from_warehouse(code: &WarehouseId, _asked: &str, first: u64, events: &[WarehouseEvent]) -> Vec<Task> {
    let mut tasks = Vec::new();
    let stock = |order: OrderId, cause: StockCause| {
        Some(send(Outgoing::Order(order, OrderCommand::RecordStock { warehouse: code.clone(), cause })))
    };
    for (version, event) in (first..).zip(events) {
        tasks.extend(match event {
            WarehouseEvent::StockReserved { order, waited: true, .. }
            | WarehouseEvent::StockAllocated { order, waited: true, .. } => stock(*order, StockCause::Filled),
            WarehouseEvent::ReservationExpired { order, .. } => stock(*order, StockCause::Expired),
            WarehouseEvent::StockShorted { order, .. } => stock(*order, StockCause::Short),
            WarehouseEvent::PickShorted { parcel, line, quantity, .. } => {
                let at = (code.clone(), version);
                let (number, line, quantity) = (parcel.number, *line, *quantity);
                let short = OrderCommand::RecordShort { at, parcel: number, line, quantity };
                Some(send(Outgoing::Order(parcel.order, short)))
            }
            WarehouseEvent::FulfillmentSplit { parcel, into, lines } => {
                let (from, into, lines) = (parcel.number, into.number, lines.clone());
                Some(send(Outgoing::Order(parcel.order, OrderCommand::RecordSplit { parcel: from, into, lines })))
            }
            _ => parcel_fact(event),
        });
        tasks.extend(super::floor::told(code, event));
    }
    dedup(tasks)
}

/// Facts about whole parcels; the order's own state tells a repeat.
fn parcel_fact(event: &WarehouseEvent) -> Option<Task> {
    let (parcel, command): (&ParcelId, fn(u16) -> OrderCommand) = match event {
        WarehouseEvent::ParcelPacked { parcel, .. } => (parcel, |parcel| OrderCommand::RecordPacked { parcel }),
        WarehouseEvent::ParcelHandedOver { parcel, .. } => (parcel, |parcel| OrderCommand::RecordHandover { parcel }),
        // The order knows whether a cancellation asked for these units; others go back to allocated.
        WarehouseEvent::FulfillmentCanceled { parcel, .. } => {
            (parcel, |parcel| OrderCommand::RecordUnitsCanceled { parcel })
        }
        _ => return None,
    };
    Some(send(Outgoing::Order(parcel.order, command(parcel.number))))
}
