//! Where the units of a pick list lie: first expired first out, and nothing that another list already takes.

use std::collections::HashMap;

use chrono::NaiveDate;

use crate::{
    Sku,
    floor::{
        Condition, Floor, Goods, LocationCode, LocationKind, Lot, LotStatus, Place,
        task::{PickLine, PickStop},
    },
};

/// Units that lists planned in the same turn take.
#[derive(Default)]
pub(super) struct Taken(HashMap<(LocationCode, Sku, Option<Lot>), u32>);

impl Taken {
    fn of(&self, bin: &LocationCode, goods: &Goods) -> u32 {
        self.0.get(&(bin.clone(), goods.sku.clone(), goods.lot.clone())).copied().unwrap_or(0)
    }

    fn add(&mut self, bin: &LocationCode, goods: &Goods, units: u32) {
        *self.0.entry((bin.clone(), goods.sku.clone(), goods.lot.clone())).or_default() += units;
    }
}

/// Units that may be picked, in one place.
pub(super) struct Source {
    pub place: Place,
    pub goods: Goods,
    pub units: u32,
    face: bool,
}

/// Whether goods may go to a customer on a day.
pub(super) fn may_go(floor: &Floor, goods: &Goods, day: NaiveDate) -> bool {
    let status = goods.lot.as_ref().and_then(|lot| floor.lot(&goods.sku, lot)).map(|record| record.status);
    goods.condition == Condition::Good
        && goods.expiry.is_none_or(|expiry| expiry >= day)
        && status.unwrap_or_default() == LotStatus::Released
}

/// Whether a location may be sent to: goods are stored there, and nobody doubts what the books say of it.
fn pickable(floor: &Floor, bin: &LocationCode) -> bool {
    let kind = floor.location(bin).filter(|location| location.blocked.is_none()).map(|location| location.kind);
    let doubted = || floor.counts().any(|count| count.location == *bin && count.cause.is_some());
    matches!(kind, Some(LocationKind::PickFace | LocationKind::Reserve)) && !doubted()
}

/// Where units of an item may be picked, what expires first coming first, pick faces before reserves.
pub(super) fn sources(floor: &Floor, sku: &Sku, day: NaiveDate) -> Vec<Source> {
    let mut found = Vec::new();
    for code in floor.homes(sku).filter(|code| pickable(floor, code)) {
        let face = floor.location(code).is_some_and(|location| location.kind == LocationKind::PickFace);
        let lines = floor.bin(code).into_iter().flat_map(|bin| &bin.lines);
        for line in lines.filter(|line| line.goods.sku == *sku && line.units() > 0 && may_go(floor, &line.goods, day)) {
            let held =
                line.plate.as_ref().and_then(|plate| floor.plate(plate)).is_some_and(|plate| plate.held.is_some());
            if !held {
                let place = Place { bin: code.clone(), plate: line.plate.clone() };
                found.push(Source { place, goods: line.goods.clone(), units: line.units(), face });
            }
        }
    }
    found.sort_by_key(|source| {
        (source.goods.expiry.unwrap_or(NaiveDate::MAX), !source.face, source.place.clone(), source.goods.lot.clone())
    });
    found
}

/// Where a pick face is filled from: the reserve that expires first and has units no list takes.
pub(in crate::floor) fn reserve_of(floor: &Floor, sku: &Sku, day: NaiveDate) -> Option<LocationCode> {
    let free = |source: &Source| source.units > floor.work.tasks.reserved(&source.place, &source.goods);
    let mut reserves = sources(floor, sku, day).into_iter().filter(|source| !source.face);
    reserves.find(free).map(|source| source.place.bin)
}

/// Stops for `units` of a line, beside places that were found short. What lies nowhere has a stop without a place.
pub(super) fn plan(
    floor: &Floor,
    line: &PickLine,
    units: u32,
    avoid: &[LocationCode],
    day: NaiveDate,
    taken: &mut Taken,
) -> Vec<PickStop> {
    let mut left = units;
    let mut stops: Vec<PickStop> = Vec::new();
    let mut planned = HashMap::new();
    for source in sources(floor, &line.sku, day) {
        let bin = &source.place.bin;
        if left == 0 {
            break;
        }
        if avoid.contains(bin) {
            continue;
        }
        // Other lists' plans are by bin and lot, whatever plate the units are on.
        let reserved = planned.entry((bin.clone(), source.goods.lot.clone())).or_insert_with(|| {
            floor.work.tasks.planned(bin, &line.sku, source.goods.lot.as_ref()) + taken.of(bin, &source.goods)
        });
        let blocked = source.units.min(*reserved);
        *reserved -= blocked;
        let share = left.min(source.units - blocked);
        if share > 0 {
            left -= share;
            stops.push(PickStop { place: Some(source.place), goods: source.goods, units: share, skipped: 0 });
        }
    }
    for stop in &stops {
        if let Some(place) = &stop.place {
            taken.add(&place.bin, &stop.goods, stop.units);
        }
    }
    if left > 0 {
        stops.push(PickStop { place: None, goods: Goods::plain(line.sku.clone()), units: left, skipped: 0 });
    }
    stops
}
