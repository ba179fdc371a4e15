//! Stock by bin: a fold of movements.
//!
//! Invariant: the balance of a line is the sum of the movements of its key, and nothing else ever changes it. A balance
//! below zero is an overdraw: a fact that the books did not expect. It counts as no units, and stays visible until a
//! count or a correcting movement closes it.

use std::collections::{BTreeSet, VecDeque};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::{
    Sku,
    floor::{FloorEvent, LocationCode, Lot, PlateId, SerialNo},
    warehouse,
};

/// Movements of a bin that are remembered for counts.
pub(super) const MAX_RECENT: usize = 256;

/// What may be done with goods.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Condition {
    /// They may be sold.
    #[default]
    Good,
    /// They are damaged.
    Damaged,
    /// Somebody has to look at them.
    Quarantine,
    /// They are made good again.
    Refurbish,
    /// They are thrown away.
    Scrap,
}

impl Condition {
    /// Every condition.
    pub const ALL: [Self; 5] = [Self::Good, Self::Damaged, Self::Quarantine, Self::Refurbish, Self::Scrap];

    /// The condition under which the warehouse's ledger has them.
    pub const fn ledger(self) -> warehouse::Condition {
        match self {
            Self::Good => warehouse::Condition::Sellable,
            Self::Damaged | Self::Quarantine => warehouse::Condition::Quarantine,
            Self::Refurbish => warehouse::Condition::Refurbish,
            Self::Scrap => warehouse::Condition::Scrap,
        }
    }
}

/// Units that are alike.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Goods {
    /// What.
    pub sku: Sku,
    /// Of which lot.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lot: Option<Lot>,
    /// Until when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expiry: Option<NaiveDate>,
    /// In which condition.
    #[serde(default)]
    pub condition: Condition,
}

impl Goods {
    /// Good units of an item without tracking.
    pub const fn plain(sku: Sku) -> Self {
        Self { sku, lot: None, expiry: None, condition: Condition::Good }
    }
}

/// Where units are.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Place {
    /// The location.
    pub bin: LocationCode,
    /// The plate they are on there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plate: Option<PlateId>,
}

impl Place {
    /// Loose in a bin.
    pub const fn loose(bin: LocationCode) -> Self {
        Self { bin, plate: None }
    }

    /// On a plate.
    pub const fn on(bin: LocationCode, plate: PlateId) -> Self {
        Self { bin, plate: Some(plate) }
    }
}

/// Units that went from one place to another; `None` is outside the building.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Move {
    /// What.
    pub goods: Goods,
    /// How many units.
    pub units: u32,
    /// From where.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Place>,
    /// To where.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Place>,
    /// Serial numbers among them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub serials: Vec<SerialNo>,
}

/// One row of the ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Movement {
    /// What.
    pub goods: Goods,
    /// Where.
    pub place: Place,
    /// Units in, or out if negative.
    pub delta: i64,
}

/// The ledger rows an event amounts to.
pub fn movements(event: &FloorEvent) -> Vec<Movement> {
    let mut rows = Vec::new();
    for Move { goods, units, from, to, .. } in event.moves() {
        let row = |place: &Place, delta: i64| Movement { goods: goods.clone(), place: place.clone(), delta };
        rows.extend(from.as_ref().map(|place| row(place, -i64::from(*units))));
        rows.extend(to.as_ref().map(|place| row(place, i64::from(*units))));
    }
    rows
}

/// Units that are alike and in one place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StockLine {
    /// What.
    pub goods: Goods,
    /// On which plate.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plate: Option<PlateId>,
    /// Sum of the movements. Below zero it is an overdraw.
    pub balance: i64,
    /// Serial numbers among them.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub serials: BTreeSet<SerialNo>,
}

impl StockLine {
    /// Units there are: an overdraw is none.
    pub fn units(&self) -> u32 {
        u32::try_from(self.balance.max(0)).unwrap_or(u32::MAX)
    }

    /// Units taken that the books did not have.
    pub fn overdraw(&self) -> u32 {
        u32::try_from(self.balance.saturating_neg().max(0)).unwrap_or(u32::MAX)
    }
}

/// A movement a bin remembers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recent {
    /// Version of the floor.
    pub version: u64,
    /// What.
    pub sku: Sku,
    /// Of which lot.
    pub lot: Option<Lot>,
    /// Units in, or out if negative.
    pub delta: i64,
}

/// Stock of one location.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bin {
    /// What is there, sorted, without empty lines.
    pub lines: Vec<StockLine>,
    /// The latest movements.
    pub recent: VecDeque<Recent>,
    /// Movements up to this version are no longer in `recent`.
    pub forgotten: u64,
}

impl Bin {
    /// Adds `delta` units of goods; the serials come or go with them.
    pub(super) fn shift(&mut self, version: u64, goods: &Goods, plate: Option<&PlateId>, delta: i64, of: &[SerialNo]) {
        let key = |line: &StockLine| (&line.goods, line.plate.as_ref()).cmp(&(goods, plate));
        let at = self.lines.binary_search_by(key).unwrap_or_else(|at| {
            let (goods, plate) = (goods.clone(), plate.cloned());
            self.lines.insert(at, StockLine { goods, plate, balance: 0, serials: BTreeSet::new() });
            at
        });
        let line = &mut self.lines[at];
        line.balance = line.balance.saturating_add(delta);
        for serial in of {
            let _ = if delta > 0 { line.serials.insert(serial.clone()) } else { line.serials.remove(serial) };
        }
        if line.balance == 0 && line.serials.is_empty() {
            self.lines.remove(at);
        }
        self.recent.push_back(Recent { version, sku: goods.sku.clone(), lot: goods.lot.clone(), delta });
        if self.recent.len() > MAX_RECENT
            && let Some(oldest) = self.recent.pop_front()
        {
            self.forgotten = oldest.version;
        }
    }

    /// Units there are.
    pub fn units(&self) -> u32 {
        self.lines.iter().map(StockLine::units).fold(0, u32::saturating_add)
    }

    /// Sum of the balances of an item and lot.
    pub fn balance(&self, sku: &Sku, lot: Option<&Lot>) -> i64 {
        let of = self.lines.iter().filter(|line| line.goods.sku == *sku && line.goods.lot.as_ref() == lot);
        of.map(|line| line.balance).sum()
    }

    /// Lines on a plate.
    pub fn on_plate<'a>(&'a self, plate: &'a PlateId) -> impl Iterator<Item = &'a StockLine> {
        self.lines.iter().filter(move |line| line.plate.as_ref() == Some(plate))
    }
}
