//! Which commands follow from which events. Every function is pure: the owner's state after the record, and the
//! record's events, go in.

use crate::{
    OrderId, ParcelId, QueueId, Timestamp, UserId, WarehouseId,
    approval::{OpenStep, QueueCommand, QueueEvent, StepDecision, StepId, StepResult},
    customer::CustomerCommand,
    order::{
        Order, OrderCommand, OrderEvent,
        state::{CancellationState, Lifecycle, Parcel, ParcelState, Placed},
    },
    process::{ChangeSet, Outgoing, Placement, Resourcing, Task},
    warehouse::{FloorCommand, Method, WarehouseCommand, WarehouseEvent},
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
            OrderEvent::OrderSubmitted { .. } => match Placement::of(order, resumed) {
                Some(placement) => tasks.push(Task::Place(Box::new(placement))),
                // Handled again after a crash that cut the giving back short.
                None => tasks.extend(settle(order, id)),
            },
            OrderEvent::ChangeProposed { .. } => {
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
            OrderEvent::OrderApproved if order.lifecycle == Lifecycle::Approved => {
                let command = WarehouseCommand::AllocateStock { order: id, lines: None };
                tasks.extend(order.warehouses().iter().map(|code| warehouse(code, id, command.clone())));
            }
            OrderEvent::OrderReturnedToDraft { .. } => tasks.extend(settle(order, id)),
            OrderEvent::OrderRejected | OrderEvent::OrderExpired | OrderEvent::OrderCanceled { .. } => {
                tasks.extend(give_back(order, id, true));
            }
            OrderEvent::ChangeApplied { credit, released, .. } => {
                tasks.extend(reduce(order, id, released.iter().filter_map(|units| units.warehouse.as_ref())));
                if credit.is_some() && !order.lifecycle.terminal() {
                    let command = CustomerCommand::AdjustCredit { order: id, amount: order.total() };
                    tasks.extend(customer(order, command));
                }
                if order.lifecycle == Lifecycle::Approved {
                    let command = WarehouseCommand::AllocateStock { order: id, lines: None };
                    tasks.extend(order.warehouses().iter().map(|code| warehouse(code, id, command.clone())));
                }
            }
            OrderEvent::CancellationApproved { .. } => tasks.extend(cancel_parcels(order, id)),
            OrderEvent::UnitsCanceled(units) if !order.lifecycle.terminal() => {
                tasks.extend(reduce(order, id, units.warehouse.iter()));
            }
            OrderEvent::HoldPlaced { hold } if order.holds.iter().any(|open| open.number == hold.number) => {
                let command = FloorCommand::HoldParcel { reason: hold.reason.clone() };
                tasks.extend(on_floor(order).map(|parcel| floor(&parcel.warehouse, id, parcel.number, command.clone())));
            }
            OrderEvent::HoldReleased { .. } | OrderEvent::HoldExpired { .. } if order.holds.is_empty() => {
                let resume = |parcel: &Parcel| floor(&parcel.warehouse, id, parcel.number, FloorCommand::ResumeParcel);
                tasks.extend(on_floor(order).map(resume));
            }
            OrderEvent::SurplusFound { warehouse } if !order.lifecycle.terminal() => {
                tasks.extend(reduce(order, id, std::iter::once(warehouse)));
            }
            OrderEvent::SourcingStarted { number } if order.sourcing == Some(*number) => {
                tasks.extend(Resourcing::of(order, resumed).map(|resourcing| Task::Resource(Box::new(resourcing))));
            }
            OrderEvent::SourcingEnded { .. } if order.lifecycle == Lifecycle::Approved || order.lifecycle == Lifecycle::Processing => {
                let command = WarehouseCommand::AllocateStock { order: id, lines: None };
                tasks.extend(order.warehouses().iter().map(|code| warehouse(code, id, command.clone())));
            }
            _ => tasks.extend(parcel_event(order, id, event)),
        }
    }
    dedup(tasks)
}

fn parcel_event(order: &Order, id: OrderId, event: &OrderEvent) -> Vec<Task> {
    match event {
        OrderEvent::UnitsReleased { parcel, warehouse: code, lines } => {
            let Some(content) = order.content.as_deref() else { return vec![] };
            let lines = lines
                .iter()
                .filter_map(|(line, quantity)| Some((*line, content.line(*line)?.sku.clone(), *quantity)))
                .collect();
            let create = FloorCommand::CreateFulfillment { lines, method: Method::Courier };
            vec![floor(code, id, *parcel, create), floor(code, id, *parcel, FloorCommand::AssignPick)]
        }
        OrderEvent::ConsignmentBooked { parcel: number, carrier, tracking } => {
            let Some(parcel) = order.parcel(*number) else { return vec![] };
            let attach =
                FloorCommand::AttachConsignment { carrier: carrier.clone(), tracking: tracking.clone() };
            vec![floor(&parcel.warehouse, id, *number, attach)]
        }
        OrderEvent::LineShipped(_) => {
            customer(order, CustomerCommand::ConsumeCredit { order: id }).into_iter().collect()
        }
        OrderEvent::LineDelivered(units) | OrderEvent::LineReturned(units) | OrderEvent::LineLost(units) => {
            let parcel = units.parcel.and_then(|number| order.parcel(number));
            let close = |parcel: &Parcel| floor(&parcel.warehouse, id, parcel.number, FloorCommand::CloseFulfillment);
            parcel.map(close).into_iter().collect()
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
    codes.extend(order.warehouses());
    codes.extend(order.parcels.iter().map(|parcel| parcel.warehouse.clone()));
    codes.sort();
    codes.dedup();
    let stock = if ended {
        WarehouseCommand::ReleaseStock { order: id, lines: None }
    } else {
        WarehouseCommand::ReduceHold { order: id, lines: None }
    };
    let credit = if ended {
        CustomerCommand::ReleaseCredit { order: id }
    } else {
        CustomerCommand::CancelCredit { order: id }
    };
    let mut tasks: Vec<Task> = codes.iter().map(|code| warehouse(code, id, stock.clone())).collect();
    if order.content.as_deref().is_some_and(|c| c.payment_method == crate::order::content::PaymentMethod::Terms) {
        let content = order.content.as_deref();
        tasks.extend(content.map(|content| send(Outgoing::Customer(content.customer.id, credit))));
    }
    tasks
}

/// Tells warehouses how much of each line they are to keep. Absolute, so that a repeat takes nothing twice.
fn reduce<'a>(order: &Order, id: OrderId, codes: impl Iterator<Item = &'a WarehouseId>) -> Vec<Task> {
    let mut codes: Vec<&WarehouseId> = codes.collect();
    codes.sort();
    codes.dedup();
    let keep = |code: &WarehouseId| -> Vec<(u16, u32)> {
        let units = |line: &crate::order::state::LineState| {
            line.held.iter().find(|held| held.warehouse == *code).map_or(0, crate::order::state::Held::units)
        };
        order.lines.iter().map(|line| (line.line, units(line))).collect()
    };
    let command = |code: &WarehouseId| WarehouseCommand::ReduceHold { order: id, lines: Some(keep(code)) };
    codes.into_iter().map(|code| warehouse(code, id, command(code))).collect()
}

/// Parcels that have not left yet.
fn on_floor(order: &Order) -> impl Iterator<Item = &Parcel> {
    let here = |parcel: &&Parcel| {
        matches!(parcel.state, ParcelState::Released | ParcelState::Packed | ParcelState::Booked)
    };
    order.parcels.iter().filter(here)
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
    let cancel = FloorCommand::CancelFulfillment { keep_units: true };
    on_floor(order).filter(hit).map(|parcel| floor(&parcel.warehouse, id, parcel.number, cancel.clone())).collect()
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

/// What a warehouse did goes back to the orders it concerns. `asked` names the command of the record: what a
/// `ReserveStock` took is the answer to the process that sent it and needs no second way. `first` is the version
/// of the warehouse after the first event.
pub fn from_warehouse(code: &WarehouseId, asked: &str, first: u64, events: &[WarehouseEvent]) -> Vec<Task> {
    let mut tasks = Vec::new();
    let mut reserved: Vec<(OrderId, u64, Placed)> = Vec::new();
    let mut allocated: Vec<(OrderId, u64, (u16, WarehouseId, u32))> = Vec::new();
    let fact = |order: OrderId, version: u64, fact: OrderCommand| {
        let at = (code.clone(), version);
        send(Outgoing::Order(order, OrderCommand::RecordFact { at, fact: Box::new(fact) }))
    };
    for (version, event) in (first..).zip(events) {
        match event {
            WarehouseEvent::StockReserved { order, line, quantity, .. } if asked != "ReserveStock" => {
                let placed =
                    Placed { line: *line, warehouse: code.clone(), reserved: *quantity, backordered: 0, allocated: 0 };
                reserved.push((*order, version, placed));
            }
            WarehouseEvent::StockAllocated { order, line, quantity, .. } => {
                allocated.push((*order, version, (*line, code.clone(), *quantity)));
            }
            WarehouseEvent::ReservationExpired { order, line, quantity, .. } => {
                let lines = vec![(*line, code.clone(), *quantity)];
                tasks.push(fact(*order, version, OrderCommand::RecordReservationExpired { lines }));
            }
            WarehouseEvent::StockShorted { order, line, reserved, allocated, .. } => {
                let lines = vec![(*line, code.clone(), reserved + allocated)];
                tasks.push(fact(*order, version, OrderCommand::RecordShort { lines, parcel: None }));
            }
            WarehouseEvent::PickShorted { parcel, line, quantity, .. } => {
                let lines = vec![(*line, code.clone(), *quantity)];
                let short = OrderCommand::RecordShort { lines, parcel: Some(parcel.number) };
                tasks.push(fact(parcel.order, version, short));
            }
            _ => tasks.extend(parcel_fact(event)),
        }
    }
    for (order, version, lines) in by_order(reserved) {
        tasks.push(fact(order, version, OrderCommand::RecordReservation { lines, seen: vec![] }));
    }
    for (order, version, lines) in by_order(allocated) {
        tasks.push(fact(order, version, OrderCommand::RecordAllocation { lines }));
    }
    tasks
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

fn by_order<T>(items: Vec<(OrderId, u64, T)>) -> Vec<(OrderId, u64, Vec<T>)> {
    let mut grouped: Vec<(OrderId, u64, Vec<T>)> = Vec::new();
    for (order, version, item) in items {
        match grouped.iter_mut().find(|(known, ..)| *known == order) {
            Some((_, _, group)) => group.push(item),
            None => grouped.push((order, version, vec![item])),
        }
    }
    grouped
}
