//! Between a warehouse's ledger and its floor: what was done by scanning moves the ledger, and what the ledger decides
//! becomes work on the floor.
//!
//! Invariant: what the floor did is a fact, so that every command about it is absolute or booked once by the floor's own
//! number of it, and the ledger never undoes it. A warehouse without a floor refuses what it is told here, and
//! parcels are worked on in the office as before.

use std::collections::BTreeMap;

use crate::{
    ParcelId, Sku, UserId, WarehouseId,
    floor::{FloorCommand as OnFloor, FloorEvent, Move, WorkEvent, WorkOffice},
    process::{Outgoing, Task},
    warehouse::{Condition, FloorCommand, WarehouseCommand, WarehouseEvent},
};

/// How long a parcel stays claimed in the ledger, in seconds. The floor's own leases are shorter; they give it back.
const CLAIM_SECONDS: i64 = 86_400;

/// What a floor did goes to the warehouse's ledger. `first` is the version of the floor after the first event.
pub fn from_floor(code: &WarehouseId, first: u64, events: &[FloorEvent]) -> Vec<Task> {
    let mut tasks = Vec::new();
    for (version, event) in (first..).zip(events) {
        match event {
            FloorEvent::Work(work) => tasks.extend(of_work(code, work)),
            // What a customer sends back is booked by its order, which knows what it is worth.
            FloorEvent::Returned { .. } => {}
            _ => tasks.extend(book(code, version, event.moves(), operator(event, events))),
        }
        if let FloorEvent::Work(WorkEvent::PutBack { moves, ledger: true, by, .. }) = event {
            tasks.extend(put_back(code, version, moves, by.operator));
        }
    }
    tasks
}

/// Who did what an event tells. The books follow a count by who counted, or by who decided that they shall.
fn operator(event: &FloorEvent, events: &[FloorEvent]) -> Option<UserId> {
    match event {
        FloorEvent::Received(received) => Some(received.by.operator),
        FloorEvent::PlateRelabelled { by, .. }
        | FloorEvent::Stored { by, .. }
        | FloorEvent::GoodsMoved { by, .. }
        | FloorEvent::Returned { by, .. } => Some(by.operator),
        FloorEvent::CountAccepted { task: accepted, .. } => events.iter().find_map(|event| match event {
            FloorEvent::ApprovalDecided { by, .. } => *by,
            FloorEvent::Counted { task, by, .. } if task == accepted => Some(by.operator),
            _ => None,
        }),
        _ => None,
    }
}

fn parcel(code: &WarehouseId, parcel: ParcelId, command: FloorCommand) -> Task {
    let command = WarehouseCommand::Floor { parcel, command };
    Task::Send(Outgoing::Warehouse(code.clone(), Some(parcel.order), command))
}

fn of_work(code: &WarehouseId, event: &WorkEvent) -> Vec<Task> {
    let one = |id: &ParcelId, command| vec![parcel(code, *id, command)];
    match event {
        WorkEvent::TaskLeased { pick: Some(id), lease, .. } => {
            one(id, FloorCommand::ClaimPick { picker: lease.user, lease_seconds: CLAIM_SECONDS })
        }
        WorkEvent::TaskReleased { pick: Some(id), .. } => one(id, FloorCommand::ReleasePick),
        WorkEvent::Picked(picked) if picked.held.units > 0 => {
            let sku = picked.held.goods.sku.clone();
            one(&picked.parcel, FloorCommand::RecordPicked { sku, total: picked.total, picker: picked.by.operator })
        }
        WorkEvent::Shorted(shorted) if shorted.given_up > 0 => {
            let (sku, keep, picker): (Sku, u32, UserId) = (shorted.sku.clone(), shorted.keep, shorted.by.operator);
            one(&shorted.parcel, FloorCommand::RecordShort { sku, keep, picker, reason: shorted.reason.clone() })
        }
        WorkEvent::ParcelPacked { parcel: id, grams, .. } => one(id, FloorCommand::PackParcel { weight_grams: *grams }),
        // It has left: a hold that arrives now is too late, as when a carrier says so.
        WorkEvent::Departed { parcels, .. } => {
            let gone = |id: &ParcelId| parcel(code, *id, FloorCommand::HandOverParcel { by_carrier: true });
            parcels.iter().map(gone).collect()
        }
        _ => vec![],
    }
}

/// Units that came into the building, left it, or changed their condition there.
fn book(code: &WarehouseId, number: u64, moves: &[Move], by: Option<UserId>) -> Option<Task> {
    let mut sums: BTreeMap<(Sku, Condition), i64> = BTreeMap::new();
    for step in moves {
        let delta = i64::from(step.to.is_some()) - i64::from(step.from.is_some());
        let key = (step.goods.sku.clone(), step.goods.condition.ledger());
        *sums.entry(key).or_default() += delta * i64::from(step.units);
    }
    let entries: Vec<_> = sums
        .into_iter()
        .filter(|(_, delta)| *delta != 0)
        .map(|((sku, condition), delta)| (sku, condition, delta))
        .collect();
    (!entries.is_empty()).then(|| send_booking(code, number, entries, "floor", by))
}

fn send_booking(
    code: &WarehouseId,
    number: u64,
    entries: Vec<(Sku, Condition, i64)>,
    reason: &str,
    by: Option<UserId>,
) -> Task {
    let command = WarehouseCommand::BookFloor { number, entries, reason: reason.to_owned(), by };
    Task::Send(Outgoing::Warehouse(code.clone(), None, command))
}

/// Units of a canceled parcel are on a shelf again and can be sold.
fn put_back(code: &WarehouseId, number: u64, moves: &[Move], by: UserId) -> Option<Task> {
    let entry = |step: &Move| {
        let (sku, units) = (&step.goods.sku, i64::from(step.units));
        [(sku.clone(), Condition::PutBack, -units), (sku.clone(), step.goods.condition.ledger(), units)]
    };
    let entries: Vec<_> = moves.iter().flat_map(entry).collect();
    (!entries.is_empty()).then(|| send_booking(code, number, entries, "put back", Some(by)))
}

/// What the ledger decided becomes work on the floor.
pub(super) fn told(code: &WarehouseId, event: &WarehouseEvent) -> Option<Task> {
    let parcel = event.parcel()?;
    let command = match event {
        WarehouseEvent::PickAssigned { lines, priority, .. } if !lines.is_empty() => {
            WorkOffice::AddPickTask { parcel, lines: lines.clone(), priority: *priority }
        }
        WarehouseEvent::FulfillmentCanceled { kept, .. } => WorkOffice::CancelParcel { parcel, kept: *kept },
        WarehouseEvent::ParcelHeld { reason, .. } => WorkOffice::HoldParcel { parcel, reason: Some(reason.clone()) },
        WarehouseEvent::ParcelResumed { .. } => WorkOffice::HoldParcel { parcel, reason: None },
        WarehouseEvent::ConsignmentAttached { carrier, tracking, .. } => {
            WorkOffice::BookParcel { parcel, consignment: Some((carrier.clone(), tracking.clone())) }
        }
        WarehouseEvent::ConsignmentDetached { .. } => WorkOffice::BookParcel { parcel, consignment: None },
        _ => return None,
    };
    Some(Task::Send(Outgoing::Floor(code.clone(), parcel.order, Box::new(OnFloor::Work(command)))))
}
