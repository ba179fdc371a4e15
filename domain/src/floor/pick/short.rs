//! Short picks: not all units are where they should be (warehouse-floor.md §7.4).
//!
//! Invariant: what this walk had planned there is given up; what other lists have planned there stays planned. What no
//! other place has is taken off the parcel and, as far as the books had it, off the books, so that the floor and the
//! warehouse's ledger lose the same units; a count settles the rest.

use std::collections::BTreeMap;

use crate::{
    ParcelId, Sku,
    floor::{
        FloorCode, Move, TaskId, WorkEvent,
        outbound::Shorted,
        pick::{
            PickSession, fact,
            plan::{Taken, plan},
            session::At,
            to,
        },
        task::{PickLine, PickStop},
        turn::{Call, No, Turn},
        work::fact as work_fact,
    },
};

pub(super) fn short(call: &Call<'_>, session: &PickSession, found: u32, reason: &str) -> Turn {
    let at = session.at(call.floor).ok_or(FloorCode::AlreadyDone)?;
    if reason.trim().is_empty() || reason.len() > 500 {
        return Err(No::new(FloorCode::ReasonRequired).at("/reason"));
    }
    if found > at.stop.units {
        return Err(No::new(FloorCode::ShortFoundGtNeed).at("/found").arg("needed", at.stop.units));
    }
    let bin = at.stop.place.as_ref().map(|place| &place.bin);
    if bin.is_some_and(|bin| at.line.shorted.contains(bin)) {
        return Err(No::new(FloorCode::ShortTwice).at("/found"));
    }
    if found == at.stop.units {
        // Everything is there after all.
        return Ok(to(session.clone()));
    }
    let mut shorts = Shorts { call, taken: Taken::default(), given_up: BTreeMap::new(), reason };
    let mut events = Vec::new();
    let mut nothing_left = true;
    for (task, work) in session.works(call.floor) {
        for line in &work.lines {
            let here = |stop: &&PickStop| {
                stop.units > 0 && stop.place == at.stop.place && stop.goods == at.stop.goods && line.sku == at.line.sku
            };
            let hit = line.stops.iter().find(here);
            nothing_left &= hit.is_none() && line.open() == 0 || hit.is_some();
            if let Some(stop) = hit {
                let first = task == at.task && line.line == at.line.line;
                let hit = At { task, work, line, stop };
                let (left, more) = shorts.of(&hit, if first { found } else { 0 });
                nothing_left &= left == 0;
                events.extend(more);
            }
        }
    }
    events.extend(bin.and_then(|bin| fact::count_of(call, bin, FloorCode::Conflict)));
    let any_picked = session.works(call.floor).any(|(_, work)| work.lines.iter().any(|line| line.picked > 0));
    let next = match (nothing_left, any_picked) {
        (false, _) => session.onward(),
        (true, true) => session.onward().to(super::PickState::Drop),
        (true, false) => {
            // Nothing was there at all: the lists are done, and there is no tote to put down.
            let at = call.command.recorded_at;
            let done = |task: &TaskId| {
                work_fact(WorkEvent::TaskEnded { task: *task, state: crate::floor::TaskState::Done, at, device: None })
            };
            events.extend(session.tasks.iter().map(done));
            PickSession::new(session.first, session.batch)
        }
    };
    Ok(to(next).with(events))
}

struct Shorts<'a> {
    call: &'a Call<'a>,
    taken: Taken,
    /// Units of an item each parcel goes without, so far in this turn.
    given_up: BTreeMap<(ParcelId, Sku), u32>,
    reason: &'a str,
}

impl Shorts<'_> {
    /// One line's stop that is short; answers the units the line still has to get.
    fn of(&mut self, at: &At<'_>, found: u32) -> (u32, Vec<crate::floor::FloorEvent>) {
        let call = self.call;
        let At { task, work, line, stop } = *at;
        let missing = stop.units.saturating_sub(found);
        let bin = stop.place.as_ref().map(|place| place.bin.clone());
        let mut avoid = line.shorted.clone();
        avoid.extend(bin.clone());
        let mut stops: Vec<PickStop> = line.stops.iter().filter(|other| *other != stop).cloned().collect();
        if found > 0 {
            stops.push(PickStop { units: found, ..stop.clone() });
        }
        let elsewhere = plan(call.floor, line, missing, &avoid, call.day(), &mut self.taken);
        let given_up: u32 = elsewhere.iter().filter(|stop| stop.place.is_none()).map(|stop| stop.units).sum();
        stops.extend(elsewhere.into_iter().filter(|stop| stop.place.is_some()));
        let left: u32 = stops.iter().map(|stop| stop.units).sum();
        let gone = self.given_up.entry((work.parcel, line.sku.clone())).or_default();
        *gone += given_up;
        let of_sku = work.lines.iter().filter(|other| other.sku == line.sku);
        let keep = of_sku.map(|other: &PickLine| other.need - other.short.min(other.need)).sum::<u32>();
        let keep = keep.saturating_sub(*gone);
        let shorted = Shorted {
            task,
            parcel: work.parcel,
            line: line.line,
            sku: line.sku.clone(),
            bin,
            found,
            missing,
            given_up,
            keep,
            reason: self.reason.trim().to_owned(),
            moves: self.off_the_books(stop, given_up),
            by: call.by(),
        };
        let planned = WorkEvent::PickPlanned { task, line: line.line, stops };
        (left, vec![work_fact(WorkEvent::Shorted(Box::new(shorted))), work_fact(planned)])
    }

    /// As many of the units given up as the books have there.
    fn off_the_books(&self, stop: &PickStop, units: u32) -> Vec<Move> {
        let Some(place) = &stop.place else { return Vec::new() };
        let lines = self.call.floor.bin(&place.bin).into_iter().flat_map(|bin| &bin.lines);
        let here = lines.filter(|line| line.goods == stop.goods && line.plate == place.plate);
        let units = units.min(here.map(|line| line.units()).sum());
        let goods = stop.goods.clone();
        let moved = Move { goods, units, from: Some(place.clone()), to: None, serials: Vec::new() };
        if units > 0 { vec![moved] } else { Vec::new() }
    }
}
