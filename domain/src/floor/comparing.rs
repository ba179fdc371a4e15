//! Comparing a count with the books, and what follows.
//!
//! Invariant: the books are taken as they were when counting began: `counted − books then`. What moved since is thereby
//! netted. Where that cannot be told, there is no verdict, and never a silent adjustment.

use std::collections::BTreeMap;

use crate::{
    Sku,
    floor::{
        Approval, Bin, Condition, CountLine, CountTask, Floor, FloorEvent, Goods, LocationCode, Lot, Move, Place,
        Proposal, SerialNo, StockDelta, StockLine, turn::Call,
    },
};

/// What a count comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    Accepted,
    Recount,
    Approval,
}

type Key = (Sku, Option<Lot>);

/// Differences to the books as they were at version `from`; `None` if too much moved, or nobody remembers.
fn deltas(floor: &Floor, task: &CountTask, lines: &[CountLine], from: u64) -> Option<Vec<StockDelta>> {
    let empty = Bin::default();
    let bin = floor.bin(&task.location).unwrap_or(&empty);
    let wanted = |sku: &Sku| task.sku.as_ref().is_none_or(|only| only == sku);
    let most = floor.site().map_or(0, |site| site.count.max_movements);
    let since = || bin.recent.iter().filter(|moved| moved.version > from && wanted(&moved.sku));
    if from < bin.forgotten || from > floor.version() || since().count() > usize::try_from(most).unwrap_or(usize::MAX) {
        return None;
    }
    // (counted − books now, moved since) of every item and lot.
    let mut found: BTreeMap<Key, i64> = BTreeMap::new();
    let mut now: BTreeMap<Key, i64> = BTreeMap::new();
    for line in bin.lines.iter().filter(|line| wanted(&line.goods.sku)) {
        let key = (line.goods.sku.clone(), line.goods.lot.clone());
        *found.entry(key.clone()).or_default() -= line.balance;
        *now.entry(key).or_default() += line.balance;
    }
    for moved in since() {
        *found.entry((moved.sku.clone(), moved.lot.clone())).or_default() += moved.delta;
    }
    for line in lines.iter().filter(|line| wanted(&line.sku)) {
        *found.entry((line.sku.clone(), line.lot.clone())).or_default() += i64::from(line.units);
    }
    let contradicted = found.iter().any(|(key, delta)| now.get(key).copied().unwrap_or_default() + delta < 0);
    let delta = |((sku, lot), delta): (Key, i64)| StockDelta { sku, lot, delta };
    // More left since than was counted: the count was wrong or came too late.
    (!contradicted).then(|| found.into_iter().filter(|(_, delta)| *delta != 0).map(delta).collect())
}

fn is_small(floor: &Floor, bin: Option<&Bin>, delta: &StockDelta) -> bool {
    let Some(rules) = floor.site().map(|site| &site.count) else { return false };
    let books = bin.map_or(0, |bin| bin.balance(&delta.sku, delta.lot.as_ref())).unsigned_abs();
    let size = delta.delta.unsigned_abs();
    size <= u64::from(rules.tolerance_units) || size * 100 <= books * u64::from(rules.tolerance_percent)
}

/// What a count comes to, and the events that say so; `None` for a stale count.
pub(super) fn verdict(
    call: &Call<'_>,
    task: &CountTask,
    lines: &[CountLine],
    from: u64,
) -> Option<(Verdict, Vec<FloorEvent>)> {
    let floor = call.floor;
    let deltas = deltas(floor, task, lines, from)?;
    let (id, bin) = (task.id, floor.bin(&task.location));
    let counted = FloorEvent::Counted { task: id, lines: lines.to_vec(), deltas: Some(deltas.clone()), by: call.by() };
    if deltas.iter().all(|delta| is_small(floor, bin, delta)) {
        let moves = adjustments(floor, task, &deltas, lines);
        let accepted = FloorEvent::CountAccepted { task: id, bin: task.location.clone(), moves, approval: None };
        return Some((Verdict::Accepted, vec![counted, accepted]));
    }
    let attempts = floor.site().map_or(1, |site| site.count.attempts);
    let agreed = task.round().iter().any(|attempt| attempt.deltas == deltas);
    if !agreed && task.round().len() + 1 < usize::try_from(attempts).unwrap_or(usize::MAX) {
        return Some((Verdict::Recount, vec![counted]));
    }
    let proposal = Proposal::Variance { task: id, deltas, lines: lines.to_vec() };
    let approval = Approval { id: call.id(), by: call.by(), proposal };
    let disputed = FloorEvent::CountDisputed { task: id, approval: approval.id };
    Some((Verdict::Approval, vec![counted, disputed, FloorEvent::ApprovalRaised { approval }]))
}

/// The movements after which the books have what was found: overdraws are closed, what is too much goes, loose units
/// first, and what is missing comes as loose good units.
pub(super) fn adjustments(floor: &Floor, task: &CountTask, deltas: &[StockDelta], lines: &[CountLine]) -> Vec<Move> {
    let empty = Bin::default();
    let bin = floor.bin(&task.location).unwrap_or(&empty);
    let wanted = |sku: &Sku| task.sku.as_ref().is_none_or(|only| only == sku);
    let mut keys: BTreeMap<Key, i64> = BTreeMap::new();
    for line in bin.lines.iter().filter(|line| line.balance < 0 && wanted(&line.goods.sku)) {
        keys.entry((line.goods.sku.clone(), line.goods.lot.clone())).or_default();
    }
    keys.extend(deltas.iter().map(|delta| ((delta.sku.clone(), delta.lot.clone()), delta.delta)));
    let adjust = |(key, delta): (Key, i64)| {
        let counted = lines.iter().find(|line| line.sku == key.0 && line.lot == key.1);
        adjust(floor, bin, &task.location, key, delta, counted)
    };
    keys.into_iter().flat_map(adjust).collect()
}

fn adjust(
    floor: &Floor,
    bin: &Bin,
    at: &LocationCode,
    (sku, lot): Key,
    delta: i64,
    counted: Option<&CountLine>,
) -> Vec<Move> {
    let mut of: Vec<&StockLine> =
        bin.lines.iter().filter(|line| line.goods.sku == sku && line.goods.lot == lot).collect();
    of.sort_by_key(|line| (line.plate.is_some(), line.goods.condition));
    let place = |line: &StockLine| Place { bin: at.clone(), plate: line.plate.clone() };
    let books: i64 = of.iter().map(|line| line.balance).sum();
    let mut moves = Vec::new();
    for line in of.iter().filter(|line| line.balance < 0) {
        let (goods, units) = (line.goods.clone(), line.overdraw());
        moves.push(Move { goods, units, from: None, to: Some(place(line)), serials: Vec::new() });
    }
    let present: i64 = of.iter().map(|line| line.balance.max(0)).sum();
    let change = books.saturating_add(delta).max(0) - present;
    let mut excess = u32::try_from(change.saturating_neg().max(0)).unwrap_or(u32::MAX);
    for line in of.iter().filter(|line| line.balance > 0) {
        let units = line.units().min(excess);
        if units > 0 {
            excess -= units;
            let serials = missing(line, counted, units);
            moves.push(Move { goods: line.goods.clone(), units, from: Some(place(line)), to: None, serials });
        }
    }
    let units = u32::try_from(change.max(0)).unwrap_or(u32::MAX);
    if units > 0 {
        let known = lot.as_ref().and_then(|lot| floor.lot(&sku, lot)).and_then(|record| record.expiry);
        let expiry = known.or(counted.and_then(|line| line.expiry));
        let serials = found(floor, &sku, counted, units);
        let goods = Goods { sku, lot, expiry, condition: Condition::Good };
        moves.push(Move { goods, units, from: None, to: Some(Place::loose(at.clone())), serials });
    }
    moves
}

/// Serial numbers that were not seen, as many as units go.
fn missing(line: &StockLine, counted: Option<&CountLine>, units: u32) -> Vec<SerialNo> {
    let seen = |serial: &&SerialNo| counted.is_some_and(|counted| counted.serials.contains(*serial));
    let gone = line.serials.iter().filter(|serial| !seen(serial));
    gone.take(usize::try_from(units).unwrap_or(usize::MAX)).cloned().collect()
}

/// Serial numbers that were seen and are nowhere in the books, as many as units come.
fn found(floor: &Floor, sku: &Sku, counted: Option<&CountLine>, units: u32) -> Vec<SerialNo> {
    let serials = counted.into_iter().flat_map(|line| &line.serials);
    let new = serials.filter(|serial| floor.serial(sku, serial).is_none());
    new.take(usize::try_from(units).unwrap_or(usize::MAX)).cloned().collect()
}
