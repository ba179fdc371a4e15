//! The fact `picked`: units went from a place into a tote. It is never refused for disagreeing with the books.

use crate::{
    ParcelId,
    floor::{
        CountState, CountTask, Floor, FloorCode, FloorEvent, Goods, LocationCode, LocationKind, LotStatus, Move,
        PickedFact, Place, SerialNo, TaskId, TaskState, Work, WorkEvent,
        outbound::{Held, Picked},
        task::{PickWork, PutBackWork},
        turn::{Call, Step, Turn},
        work::fact,
    },
};

/// Units in hand.
pub(super) struct Hand {
    pub task: TaskId,
    pub line: u16,
    pub place: Place,
    pub goods: Goods,
    pub units: u32,
    pub serials: Vec<SerialNo>,
    pub tote: LocationCode,
}

/// A pick that was performed without a connection.
pub(in crate::floor) fn picked(call: &Call<'_>, done: &PickedFact) -> Turn {
    let PickedFact { task, line, place, goods, units, serials, tote, raw } = done.clone();
    let hand = Hand { task, line, place, goods, units, serials, tote };
    Ok(book(call, &hand, &raw))
}

/// Books a pick. What disagrees becomes an exception, and a task that puts right what is wrong on the floor.
pub(super) fn book(call: &Call<'_>, hand: &Hand, raw: &[String]) -> Step {
    let floor = call.floor;
    let moves = vec![Move {
        goods: hand.goods.clone(),
        units: hand.units,
        from: Some(hand.place.clone()),
        to: Some(Place::loose(hand.tote.clone())),
        serials: hand.serials.clone(),
    }];
    let mut about = vec![
        ("bin", hand.place.bin.to_string()),
        ("sku", hand.goods.sku.to_string()),
        ("units", hand.units.to_string()),
        ("tote", hand.tote.to_string()),
    ];
    about.extend((!raw.is_empty()).then(|| ("raw", raw.join("\u{1d}"))));
    let known = floor.work.tasks.get(hand.task);
    let Some((task, work)) = known.and_then(|task| match &task.work {
        Work::Pick(work) => Some((task, work)),
        _ => None,
    }) else {
        let moved = FloorEvent::GoodsMoved { moves, reason: None, by: call.by() };
        return Step::done(vec![moved]).despite(call, FloorCode::NoMatch, &about);
    };
    about.push(("parcel", work.parcel.to_string()));
    let canceled = task.state == TaskState::Canceled;
    let wanted = work.line(hand.line).filter(|line| line.sku == hand.goods.sku && !canceled);
    let counted = hand.units.min(wanted.map_or(0, crate::floor::task::PickLine::open));
    let over = hand.units - counted;
    let (kept, spare) = hand.serials.split_at(hand.serials.len().min(counted as usize));
    let held = Held { line: hand.line, goods: hand.goods.clone(), units: counted, serials: kept.to_vec() };
    let of_sku = |line: &&crate::floor::outbound::OutboundLine| line.sku == hand.goods.sku;
    let parcel = floor.work.parcel(work.parcel);
    let before: u32 = parcel.map_or(0, |parcel| parcel.lines.iter().filter(of_sku).map(|line| line.picked).sum());
    let mut step = Step::done(vec![fact(WorkEvent::Picked(Box::new(Picked {
        task: hand.task,
        parcel: work.parcel,
        line: hand.line,
        held,
        over,
        tote: hand.tote.clone(),
        moves,
        total: before + counted,
        by: call.by(),
    })))]);
    if over > 0 {
        step = step.with([put_back(call, work.parcel, hand, over, spare)]);
    }
    let recalled = lot_code(floor, &hand.goods);
    if recalled.is_some() && parcel.is_some_and(|parcel| parcel.held.is_none()) {
        let reason =
            Some(format!("lot {} may not be sold", hand.goods.lot.as_ref().map_or("", crate::floor::Lot::as_str)));
        step = step.with([fact(WorkEvent::ParcelHeld { parcel: work.parcel, reason })]);
    }
    let overdrawn = overdrawn(floor, hand);
    if overdrawn {
        step = step.with(count_of(call, &hand.place.bin, FloorCode::Conflict));
    }
    let code = match () {
        () if canceled => Some(FloorCode::LineCancelled),
        () if wanted.is_none() => Some(FloorCode::ItemNotOnList),
        () if over > 0 => Some(FloorCode::OverPick),
        () if recalled.is_some() => recalled,
        () if !task.is_leased_to(&call.command.device) => Some(FloorCode::LeaseLost),
        () if overdrawn => Some(FloorCode::Conflict),
        () => tote_code(floor, work, &hand.tote),
    };
    match code {
        Some(code) => step.despite(call, code, &about),
        None => step,
    }
}

/// Whether the books have fewer units there than were taken.
fn overdrawn(floor: &Floor, hand: &Hand) -> bool {
    let lines = floor.bin(&hand.place.bin).into_iter().flat_map(|bin| &bin.lines);
    let here = lines.filter(|line| line.goods == hand.goods && line.plate == hand.place.plate);
    here.map(|line| line.balance).sum::<i64>() < i64::from(hand.units)
}

/// What is wrong with the lot of goods that go to a customer.
pub(in crate::floor) fn lot_code(floor: &Floor, goods: &Goods) -> Option<FloorCode> {
    let record = goods.lot.as_ref().and_then(|lot| floor.lot(&goods.sku, lot))?;
    match record.status {
        LotStatus::Released => None,
        LotStatus::OnHold => Some(FloorCode::LotOnHold),
        LotStatus::Recalled => Some(FloorCode::LotRecalled),
    }
}

/// What is wrong with a tote for a parcel.
pub(super) fn tote_code(floor: &Floor, work: &PickWork, tote: &LocationCode) -> Option<FloorCode> {
    if floor.location(tote).is_none_or(|location| location.kind != LocationKind::Tote) {
        return Some(FloorCode::ToteUnknown);
    }
    if floor.work.of_tote(tote).any(|parcel| parcel != work.parcel) {
        return Some(FloorCode::ToteOtherOrder);
    }
    let ours = floor.work.of_tote(tote).any(|parcel| parcel == work.parcel);
    let full = floor.bin(tote).is_some_and(|bin| bin.units() > 0);
    (full && !ours).then_some(FloorCode::ToteNotEmpty)
}

/// Units in a tote that nobody wants go back to a shelf.
fn put_back(call: &Call<'_>, parcel: ParcelId, hand: &Hand, units: u32, serials: &[SerialNo]) -> FloorEvent {
    let work = Work::PutBack(PutBackWork {
        goods: hand.goods.clone(),
        units,
        from: Place::loose(hand.tote.clone()),
        serials: serials.to_vec(),
        parcel,
        ledger: false,
    });
    let at = call.command.recorded_at;
    fact(WorkEvent::TaskAdded { task: TaskId(call.id()), priority: 0, work, at })
}

/// A count of a bin somebody doubts, unless one is open already.
pub(super) fn count_of(call: &Call<'_>, bin: &LocationCode, cause: FloorCode) -> Option<FloorEvent> {
    let floor = call.floor;
    floor.location(bin)?;
    if floor.counts().any(|count| count.location == *bin && count.sku.is_none()) {
        return None;
    }
    let task = CountTask {
        id: call.id(),
        location: bin.clone(),
        sku: None,
        blind: floor.site().is_none_or(|site| site.count.blind),
        state: CountState::Open,
        cause: Some(cause),
        attempts: Vec::new(),
        refused: 0,
        counting: None,
    };
    Some(FloorEvent::CountOpened { task })
}
