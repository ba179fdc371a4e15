//! Where goods may be put, and where they should be.
//!
//! Invariant: [`faults`] is the one list of reasons against a location, for put-away, moves and facts performed without
//! a connection alike; it changes nothing.

use crate::{
    Timestamp,
    floor::{Condition, Floor, FloorCode, ItemRule, Location, LocationCode, LocationKind, Move, Place, StockLine},
};

/// Locations looked at for a suggestion, at most.
const LOOKED_AT: usize = 2_000;

/// Goods that want a place.
pub(super) struct Wanting<'a> {
    pub lines: &'a [StockLine],
    pub from: &'a LocationCode,
}

/// Whether a rule may be overridden with a reason. What endangers people, goods or a count may not.
pub(super) const fn overridable(code: FloorCode) -> bool {
    matches!(code, FloorCode::LocFull | FloorCode::MixLot | FloorCode::MixItem | FloorCode::WrongZone)
}

/// Every reason against putting goods into a location, weightiest first.
pub(super) fn faults(floor: &Floor, goods: &Wanting<'_>, to: &Location, now: Timestamp) -> Vec<FloorCode> {
    let mut faults = Vec::new();
    let mut against = |code, is: bool| {
        if is {
            faults.push(code);
        }
    };
    let counted = |task: &crate::floor::CountTask| {
        task.location == to.code && task.counting.as_ref().is_some_and(|counting| counting.until > now)
    };
    let rules: Vec<ItemRule> = goods
        .lines
        .iter()
        .map(|line| floor.item(&line.goods.sku).cloned().unwrap_or_else(|| ItemRule::plain(line.goods.sku.clone())))
        .collect();
    against(FloorCode::SameAsSource, *goods.from == to.code);
    against(FloorCode::LocBlocked, to.blocked.is_some());
    against(FloorCode::LocCounting, floor.counts.values().any(counted));
    let dangerous = |rule: &ItemRule| rule.hazmat.as_ref().is_some_and(|class| !to.hazmat.contains(class));
    against(FloorCode::HazmatConflict, rules.iter().any(dangerous));
    let warm = |rule: &ItemRule| !rule.temperature.is_empty() && rule.temperature != to.temperature;
    against(FloorCode::TempClass, rules.iter().any(warm));
    against(
        FloorCode::WrongZone,
        rules.iter().any(|rule| !rule.zone.is_empty() && rule.zone != to.zone) || {
            // Nothing that may not be sold lies where orders are picked.
            to.kind == LocationKind::PickFace && goods.lines.iter().any(|line| line.goods.condition != Condition::Good)
        },
    );
    let there = floor.bin(&to.code).map(|bin| bin.lines.as_slice()).unwrap_or_default();
    let present = || there.iter().filter(|line| line.balance > 0);
    let another = |line: &StockLine| present().any(|other| other.goods.sku != line.goods.sku);
    let several = |line: &StockLine| goods.lines.iter().any(|other| other.goods.sku != line.goods.sku);
    let mixes_items = goods.lines.iter().any(|line| another(line) || several(line));
    against(FloorCode::MixItem, !to.mix_items && mixes_items);
    let lots = |line: &StockLine| {
        present().chain(goods.lines).any(|other| other.goods.sku == line.goods.sku && other.goods.lot != line.goods.lot)
    };
    against(FloorCode::MixLot, !to.mix_lots && goods.lines.iter().any(lots));
    against(FloorCode::LocFull, is_full(floor, goods.lines, there, to));
    faults
}

fn is_full(floor: &Floor, lines: &[StockLine], there: &[StockLine], to: &Location) -> bool {
    let total = |measure: fn(&ItemRule) -> u32| -> u64 {
        let of = |line: &StockLine| {
            let each = floor.item(&line.goods.sku).map_or(0, measure);
            u64::from(line.units()).saturating_mul(u64::from(each))
        };
        lines.iter().chain(there).map(of).fold(0, u64::saturating_add)
    };
    let units: u64 = lines.iter().chain(there).map(|line| u64::from(line.units())).sum();
    to.max_units.is_some_and(|max| units > u64::from(max))
        || to.max_grams.is_some_and(|max| total(|rule| rule.unit_grams) > max)
        || to.max_cm3.is_some_and(|max| total(|rule| rule.unit_cm3) > max)
}

/// A storage location without a reason against it: where the item is already, else the first reserve, else any.
pub(super) fn suggest(floor: &Floor, goods: &Wanting<'_>, now: Timestamp) -> Option<LocationCode> {
    let fits = |location: &&Location| {
        location.kind.is_storage()
            && (location.kind == LocationKind::Quarantine)
                == goods.lines.iter().any(|line| line.goods.condition == Condition::Quarantine)
            && faults(floor, goods, location, now).is_empty()
    };
    let homes =
        goods.lines.iter().flat_map(|line| floor.homes(&line.goods.sku)).filter_map(|code| floor.location(code));
    let mut others = floor.locations().take(LOOKED_AT).filter(fits);
    if let Some(home) = homes.take(LOOKED_AT).find(fits) {
        return Some(home.code.clone());
    }
    let first = others.next()?;
    if first.kind == LocationKind::Reserve {
        return Some(first.code.clone());
    }
    let reserve = others.find(|location| location.kind == LocationKind::Reserve);
    Some(reserve.unwrap_or(first).code.clone())
}

/// The movements that carry whole lines elsewhere. A line that is overdrawn carries its overdraw along.
pub(super) fn carry<'a>(lines: impl IntoIterator<Item = &'a StockLine>, from: &Place, to: &Place) -> Vec<Move> {
    let step = |line: &StockLine| {
        let units = u32::try_from(line.balance.unsigned_abs()).unwrap_or(u32::MAX);
        let (from, to) = if line.balance < 0 { (to, from) } else { (from, to) };
        Move {
            goods: line.goods.clone(),
            units,
            from: Some(from.clone()),
            to: Some(to.clone()),
            serials: line.serials.iter().cloned().collect(),
        }
    };
    lines.into_iter().map(step).collect()
}
