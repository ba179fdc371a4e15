//! Reservation, allocation, parcels and their way to the customer and back, as the order records them.

use smallvec::SmallVec;

use crate::{
    Ctx, WarehouseId,
    order::{
        decide::{Decision, checked_text},
        event::{OrderEvent, Units},
        refusal::OrderRefusal,
        state::{CancellationState, CarrierStatus, Lifecycle, Order, Parcel, ParcelState, Seen, Stage},
    },
};

fn units(line: u16, quantity: u32, from: Stage, warehouse: Option<&WarehouseId>, parcel: Option<u16>) -> Units {
    Units { line, quantity, from, warehouse: warehouse.cloned(), parcel }
}

/// A picker did not find units of a parcel: they are open again, and the Allocation process looks for others.
pub(super) fn record_short(order: &Order, at: &Seen, parcel: u16, line: u16, quantity: u32) -> Decision {
    if order.knows(at) {
        return Ok(vec![]);
    }
    let released = parcel_of(order, parcel)?;
    let state = order.line(line).ok_or(OrderRefusal::UnknownLine { line })?;
    let mut events = Vec::new();
    let moved = state.units_at(Stage::Picking, Some(&released.warehouse)).min(quantity);
    if moved > 0 {
        let shorted = units(line, moved, Stage::Picking, Some(&released.warehouse), Some(parcel));
        events.push(OrderEvent::LineShorted(shorted));
    }
    events.push(OrderEvent::FactRecorded { at: at.clone() });
    Ok(events)
}

pub(super) fn parcel_of(order: &Order, number: u16) -> Result<&Parcel, OrderRefusal> {
    order.parcel(number).ok_or(OrderRefusal::UnknownParcel { parcel: number })
}

pub(super) fn parcel_state(parcel: &Parcel) -> OrderRefusal {
    OrderRefusal::ParcelState { parcel: parcel.number, state: parcel.state.word() }
}

/// Moves every unit of a parcel that did not come back to where `event` says.
fn move_parcel(parcel: &Parcel, from: Stage, event: fn(Units) -> OrderEvent) -> Vec<OrderEvent> {
    let warehouse = matches!(from, Stage::Picking | Stage::Packed).then_some(&parcel.warehouse);
    let out = parcel.lines.iter().map(|(line, _)| (*line, parcel.out(*line))).filter(|(_, quantity)| *quantity > 0);
    out.map(|(line, quantity)| event(units(line, quantity, from, warehouse, Some(parcel.number)))).collect()
}

/// A fulfillment was canceled without canceling its units.
pub(super) fn record_unreleased(order: &Order, number: u16) -> Decision {
    let parcel = parcel_of(order, number)?;
    match parcel.state {
        ParcelState::Released => Ok(move_parcel(parcel, Stage::Picking, OrderEvent::LineUnreleased)),
        ParcelState::Packed | ParcelState::Booked => Ok(move_parcel(parcel, Stage::Packed, OrderEvent::LineUnreleased)),
        ParcelState::Canceled => Ok(vec![]),
        _ => Err(parcel_state(parcel)),
    }
}

/// The warehouse answered that a parcel is canceled: what the open request asks for is canceled, the rest of the
/// parcel goes back to allocated.
pub(super) fn record_units_canceled(order: &Order, number: u16) -> Decision {
    let parcel = parcel_of(order, number)?;
    let from = match parcel.state {
        ParcelState::Released => Stage::Picking,
        ParcelState::Packed | ParcelState::Booked => Stage::Packed,
        ParcelState::Canceled => return Ok(vec![]),
        _ => return Err(parcel_state(parcel)),
    };
    let request = order.cancellation.as_deref().filter(|request| request.state == CancellationState::Executing);
    let mut events = Vec::new();
    for (line, quantity) in &parcel.lines {
        let asked = request
            .and_then(|request| request.scope.iter().find(|(scoped, _)| scoped == line))
            .map_or(0, |(_, left)| *left);
        let canceled = asked.min(*quantity);
        for (count, event) in [
            (canceled, OrderEvent::UnitsCanceled as fn(Units) -> OrderEvent),
            (quantity - canceled, OrderEvent::LineUnreleased),
        ] {
            if count > 0 {
                events.push(event(units(*line, count, from, Some(&parcel.warehouse), Some(number))));
            }
        }
    }
    Ok(events)
}

/// What can go to the floor now, one parcel a warehouse; empty if nothing may (VAL-17, SM-02).
pub(super) fn releasable(order: &Order) -> Vec<OrderEvent> {
    let Some(content) = order.content.as_deref() else { return vec![] };
    let waiting = [Stage::Open, Stage::Reserved, Stage::Backordered].iter().map(|s| order.units(*s)).sum::<u32>();
    if order.allocating() || !order.holds.is_empty() || (content.ship_complete && waiting > 0) {
        return vec![];
    }
    let mut next = next_number(order);
    let mut events = Vec::new();
    for warehouse in order.warehouses() {
        let lines: SmallVec<[(u16, u32); 2]> = order
            .lines
            .iter()
            .map(|line| (line.line, line.units_at(Stage::Allocated, Some(&warehouse))))
            .filter(|(_, quantity)| *quantity > 0)
            .collect();
        if !lines.is_empty() {
            events.push(OrderEvent::UnitsReleased { parcel: next, warehouse, lines });
            next += 1;
        }
    }
    events
}

/// The number of the next parcel: no number is given twice.
fn next_number(order: &Order) -> u16 {
    let given = order.parcels.iter().map(|parcel| parcel.number).chain([order.numbered]).max();
    given.unwrap_or_default().saturating_add(1)
}

/// Units of a packed parcel go in a parcel of their own. The warehouse has the last word: the order keeps a number for it
/// and records what became of it.
pub(super) fn split(order: &Order, number: u16, lines: &[(u16, u32)]) -> Decision {
    let parcel = parcel_of(order, number)?;
    if parcel.state != ParcelState::Packed {
        return Err(parcel_state(parcel));
    }
    let twice = |at: usize| lines[..at].iter().any(|(line, _)| *line == lines[at].0);
    if lines.is_empty() || lines.iter().any(|(_, quantity)| *quantity == 0) || (0..lines.len()).any(twice) {
        return Err(OrderRefusal::Invalid { field: "lines", rule: "must name each line once, with units" });
    }
    for (line, requested) in lines {
        let known = parcel.lines.iter().find(|(known, _)| known == line);
        let (_, available) = *known.ok_or(OrderRefusal::UnknownLine { line: *line })?;
        if *requested > available {
            return Err(OrderRefusal::Quantity { line: *line, requested: *requested, available });
        }
    }
    let sum = |all: &[(u16, u32)]| all.iter().map(|(_, quantity)| u64::from(*quantity)).sum::<u64>();
    if sum(lines) == sum(&parcel.lines) {
        return Err(OrderRefusal::Invalid { field: "lines", rule: "must leave at least one unit" });
    }
    Ok(vec![OrderEvent::ParcelSplitRequested { parcel: number, into: next_number(order), lines: lines.to_vec() }])
}

/// The warehouse split a parcel.
pub(super) fn record_split(order: &Order, number: u16, into: u16, lines: &[(u16, u32)]) -> Decision {
    let parcel = parcel_of(order, number)?;
    if order.parcel(into).is_some() {
        return Ok(vec![]);
    }
    let fits = |(line, quantity): &(u16, u32)| parcel.lines.iter().any(|(known, n)| known == line && n >= quantity);
    // It may have been booked since the warehouse split it.
    if !matches!(parcel.state, ParcelState::Packed | ParcelState::Booked) || !lines.iter().all(fits) {
        return Err(parcel_state(parcel));
    }
    Ok(vec![OrderEvent::ParcelSplit { parcel: number, into, lines: lines.to_vec() }])
}

/// A person or rule sends what is allocated to the floor.
pub(super) fn release_units(order: &Order) -> Decision {
    if !matches!(order.lifecycle, Lifecycle::Approved | Lifecycle::Processing) {
        return Err(order.wrong_state("ReleaseUnits"));
    }
    if let Some(hold) = order.holds.first() {
        return Err(OrderRefusal::OnHold { kind: hold.kind.word() });
    }
    if order.allocating() {
        return Err(OrderRefusal::AllocationInProgress);
    }
    let events = releasable(order);
    if events.is_empty() { Err(OrderRefusal::NothingToRelease) } else { Ok(events) }
}

/// A service was done or a digital item sent.
pub(super) fn complete_line(order: &Order, line: u16) -> Decision {
    if !matches!(order.lifecycle, Lifecycle::Approved | Lifecycle::Processing) {
        return Err(order.wrong_state("CompleteLine"));
    }
    let state = order.line(line).ok_or(OrderRefusal::UnknownLine { line })?;
    if order.stocked(line) {
        return Err(OrderRefusal::Invalid { field: "line", rule: "must be a line without stock" });
    }
    match state.ready {
        0 => Ok(vec![]),
        ready => Ok(vec![OrderEvent::LineDelivered(units(line, ready, Stage::Allocated, None, None))]),
    }
}

/// The warehouse packed a parcel.
pub(super) fn record_packed(order: &Order, number: u16) -> Decision {
    let parcel = parcel_of(order, number)?;
    match parcel.state {
        ParcelState::Released => Ok(move_parcel(parcel, Stage::Picking, OrderEvent::LinePacked)),
        ParcelState::Canceled => Err(parcel_state(parcel)),
        _ => Ok(vec![]),
    }
}

/// A carrier took the booking of a packed parcel (SM-08, manual source).
pub(super) fn book(order: &Order, number: u16, carrier: &str, tracking: &str) -> Decision {
    checked_text("carrier", carrier)?;
    checked_text("tracking", tracking)?;
    let parcel = parcel_of(order, number)?;
    if parcel.carrier.as_deref() == Some(carrier) && parcel.tracking.as_deref() == Some(tracking) {
        return Ok(vec![]);
    }
    if parcel.state != ParcelState::Packed {
        return Err(parcel_state(parcel));
    }
    if let Some(hold) = order.holds.first() {
        return Err(OrderRefusal::OnHold { kind: hold.kind.word() });
    }
    let (carrier, tracking) = (carrier.trim().to_owned(), tracking.trim().to_owned());
    Ok(vec![OrderEvent::ConsignmentBooked { parcel: number, carrier, tracking }])
}

/// The warehouse handed a parcel over.
pub(super) fn record_handover(order: &Order, number: u16) -> Decision {
    let parcel = parcel_of(order, number)?;
    match parcel.state {
        ParcelState::Packed | ParcelState::Booked => Ok(move_parcel(parcel, Stage::Packed, OrderEvent::LineShipped)),
        ParcelState::Released | ParcelState::Canceled => Err(parcel_state(parcel)),
        _ => Ok(vec![]),
    }
}

/// A carrier, or a person for it, reported where a parcel is.
pub(super) fn record_scan(order: &Order, number: u16, status: CarrierStatus, ctx: &Ctx) -> Decision {
    let parcel = parcel_of(order, number)?;
    let at = ctx.now;
    let recorded = OrderEvent::CarrierScanRecorded { parcel: number, status, at };
    let from = match parcel.state {
        ParcelState::HandedOver => Stage::InTransit,
        ParcelState::Returning => Stage::RtoPending,
        ParcelState::Delivered | ParcelState::Returned | ParcelState::Lost => {
            if parcel.carrier_status == Some(status) {
                return Ok(vec![]);
            }
            return Ok(vec![OrderEvent::CarrierScanConflicted { parcel: number, status, at }]);
        }
        _ => return Err(parcel_state(parcel)),
    };
    let mut events = vec![recorded];
    events.extend(match (status, from) {
        (CarrierStatus::Delivered, _) => move_parcel(parcel, from, OrderEvent::LineDelivered),
        (CarrierStatus::Lost, _) => move_parcel(parcel, from, OrderEvent::LineLost),
        (CarrierStatus::Returning | CarrierStatus::ReturnedToSender, Stage::InTransit) => {
            move_parcel(parcel, from, OrderEvent::LineReturning)
        }
        (
            CarrierStatus::InTransit | CarrierStatus::AtDestination | CarrierStatus::OutForDelivery,
            Stage::RtoPending,
        ) => move_parcel(parcel, from, OrderEvent::LineInTransit),
        _ => vec![],
    });
    Ok(events)
}
