//! A count that was made without a connection: it is compared like any other, and never refused for disagreeing. And what
//! every count asks of the books.

use chrono::NaiveDate;

use crate::{
    Sku,
    floor::{
        CountLine, CountState, CountTask, CountedFact, Floor, FloorCode, FloorEvent, LocationCode, Lot, LotStatus,
        comparing,
        turn::{Call, Step, Turn},
    },
};

/// A count that was made without a connection.
pub(in crate::floor) fn offline(call: &Call<'_>, fact: &CountedFact) -> Turn {
    let about = [("task", fact.task.to_string()), ("raw", fact.raw.join(" "))];
    let Some(task) = call.floor.count(fact.task).filter(|task| task.state != CountState::Approval) else {
        return Ok(Step::done(Vec::new()).despite(call, FloorCode::DoubleSubmit, &about));
    };
    let leased = task.counting.as_ref().filter(|counting| counting.device == call.command.device);
    let from = leased.map_or(fact.from, |counting| counting.from);
    let seen = |code| {
        let counted = FloorEvent::Counted { task: task.id, lines: fact.lines.clone(), deltas: None, by: call.by() };
        Ok(Step::done(vec![counted]).despite(call, code, &about))
    };
    if task.fault(call) == Some(FloorCode::SameUserRecount) {
        return seen(FloorCode::SameUserRecount);
    }
    let Some((_, events)) = comparing::verdict(call, task, &fact.lines, from) else {
        // The task stays open: it is counted anew, and nothing was adjusted.
        return seen(FloorCode::StaleCount);
    };
    let mut step = Step::done(events);
    let held = fact.lines.iter().filter_map(|line| hold_expired(call, &line.sku, line.lot.as_ref(), line.expiry));
    let held: Vec<_> = held.collect();
    let expired = !held.is_empty();
    step = step.with(held);
    Ok(match offline_fault(call, task, fact, expired) {
        Some(code) => step.despite(call, code, &about),
        None => step,
    })
}

fn offline_fault(call: &Call<'_>, task: &CountTask, fact: &CountedFact, expired: bool) -> Option<FloorCode> {
    let room = call.floor.location(&task.location).and_then(|location| location.max_units);
    let total = fact.lines.iter().map(|line| line.units).fold(0, u32::saturating_add);
    let elsewhere = |line: &CountLine| {
        let known = |serial| call.floor.serial(&line.sku, serial).is_some_and(|bin| *bin != task.location);
        line.serials.iter().any(known)
    };
    let faults = [
        task.fault(call),
        fact.lines.iter().any(elsewhere).then_some(FloorCode::SerialDuplicate),
        room.is_some_and(|room| total > room).then_some(FloorCode::QtyAbsurd),
        expired.then_some(FloorCode::ExpiredLotFound),
        fact.lines
            .iter()
            .any(|line| !in_books(call.floor, &task.location, &line.sku))
            .then_some(FloorCode::UnexpectedItem),
    ];
    faults.into_iter().flatten().next()
}

/// Whether the books have the item there.
pub(super) fn in_books(floor: &Floor, location: &LocationCode, sku: &Sku) -> bool {
    floor.bin(location).is_some_and(|bin| bin.lines.iter().any(|line| line.goods.sku == *sku && line.balance > 0))
}

/// Puts a lot on hold that has expired and may still be used.
pub(super) fn hold_expired(
    call: &Call<'_>,
    sku: &Sku,
    lot: Option<&Lot>,
    expiry: Option<NaiveDate>,
) -> Option<FloorEvent> {
    let lot = lot?;
    let record = call.floor.lot(sku, lot);
    let expiry = expiry.or(record.and_then(|record| record.expiry))?;
    let usable = record.is_none_or(|record| record.status == LotStatus::Released);
    let (sku, lot, status) = (sku.clone(), lot.clone(), LotStatus::OnHold);
    let reason = "found expired by a count".to_owned();
    (expiry < call.day() && usable).then_some(FloorEvent::LotStatusSet { sku, lot, status, reason })
}
