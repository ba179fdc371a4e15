//! The auditor's own books of a floor: what has to lie where if every scan took effect exactly once.
//!
//! Invariant: it is written from what was asked and answered, never from what the server shows.

use std::{collections::BTreeMap, sync::Mutex};

use crate::server::Fault;

/// A place in the books: location, item, plate (empty for none).
pub type Place = (String, String, String);

/// Units by place.
#[derive(Debug, Default)]
pub struct Ledger {
    units: Mutex<BTreeMap<Place, i64>>,
}

/// Units that come from nowhere, go to nowhere, or go from one place to another.
#[derive(Clone, Debug)]
pub struct Effect {
    /// Where they were.
    pub from: Option<Place>,
    /// Where they are.
    pub to: Option<Place>,
    /// How many.
    pub units: i64,
}

/// A place by name.
pub fn place(bin: &str, sku: &str, plate: &str) -> Place {
    (bin.to_owned(), sku.to_owned(), plate.to_owned())
}

impl Ledger {
    /// Books something that was acknowledged.
    pub fn book(&self, effect: &Effect) {
        let mut units = self.units.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        for (place, delta) in [(&effect.from, -effect.units), (&effect.to, effect.units)] {
            let Some(place) = place else { continue };
            let sum = units.entry(place.clone()).or_default();
            *sum += delta;
            if *sum == 0 {
                units.remove(place);
            }
        }
    }

    /// Units of each item, wherever they are.
    pub fn by_item(&self) -> BTreeMap<String, i64> {
        let units = self.units.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let mut sums = BTreeMap::new();
        for ((_, sku, _), count) in units.iter() {
            *sums.entry(sku.clone()).or_default() += count;
        }
        sums
    }

    /// Compares with what the server shows.
    ///
    /// # Errors
    /// Every place where the two differ, the first ten of them.
    pub fn agrees(&self, shown: &BTreeMap<Place, i64>) -> Result<usize, Fault> {
        let units = self.units.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let wrong = |place: &Place| {
            let (mine, theirs) = (units.get(place), shown.get(place));
            (mine != theirs).then(|| format!("{place:?}: {mine:?} by the auditor, {theirs:?} by the server"))
        };
        let mut faults: Vec<String> =
            units.keys().chain(shown.keys().filter(|place| !units.contains_key(*place))).filter_map(wrong).collect();
        if faults.is_empty() {
            return Ok(units.len());
        }
        let all = faults.len();
        faults.truncate(10);
        Err(format!("{all} places differ:\n- {}", faults.join("\n- ")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scan_too_many_or_too_few_shows() {
        let ledger = Ledger::default();
        let (stage, bin) = (place("S", "A", "P1"), place("B", "A", "P1"));
        ledger.book(&Effect { from: None, to: Some(stage.clone()), units: 5 });
        ledger.book(&Effect { from: Some(stage.clone()), to: Some(bin.clone()), units: 5 });
        assert_eq!(ledger.agrees(&BTreeMap::from([(bin.clone(), 5)])), Ok(1));
        assert_eq!(ledger.by_item(), BTreeMap::from([("A".to_owned(), 5)]));
        assert!(ledger.agrees(&BTreeMap::from([(bin.clone(), 10)])).is_err(), "twice");
        assert!(ledger.agrees(&BTreeMap::from([(stage.clone(), 5)])).is_err(), "lost");
        assert!(ledger.agrees(&BTreeMap::from([(bin, 5), (stage, 1)])).is_err(), "from nowhere");
    }
}
