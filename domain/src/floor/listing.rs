//! What the office reads of a floor, and what it sets up many at a time.
//!
//! Invariant: a set of locations or item rules is taken whole or not at all; what is there already in the same form
//! yields no event.

use std::collections::BTreeSet;

use crate::{
    Sku,
    floor::{
        Badge, Device, DeviceId, Doc, Floor, FloorEvent, FloorRefusal, ItemRule, Location, Lot, LotRecord, Rma,
        site::invalid,
    },
};

/// Most locations or item rules of one command.
pub const MAX_PUT: usize = 500;
/// Most locations of a site.
pub const MAX_LOCATIONS: usize = 100_000;

impl Location {
    /// Whether its texts can be shown and printed.
    pub(super) fn check(&self) -> Result<(), FloorRefusal> {
        let digits = |text: &String| (1..=6).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
        if !self.check_digits.as_ref().is_none_or(digits) {
            return invalid("check_digits", "must be 1 to 6 digits");
        }
        let texts = [Some(&self.zone), Some(&self.temperature), self.blocked.as_ref(), self.gln.as_ref()];
        let long = |text: &&String| text.chars().count() > 120 || text.chars().any(char::is_control);
        if texts.into_iter().flatten().any(|text| long(&text)) || self.hazmat.iter().any(|text| long(&text)) {
            return invalid("locations", "must have texts of at most 120 characters");
        }
        Ok(())
    }
}

impl Floor {
    /// Every enrolled or invited device, in order of id.
    pub fn device_list(&self) -> impl Iterator<Item = (&DeviceId, &Device)> {
        self.devices.devices.iter()
    }

    /// Every badge, in order of its text.
    pub fn badge_list(&self) -> impl Iterator<Item = (&str, &Badge)> {
        self.devices.badges.iter().map(|(badge, holder)| (badge.as_str(), holder))
    }

    /// Every document, in order of number.
    pub fn doc_list(&self) -> impl Iterator<Item = &Doc> {
        self.docs.values()
    }

    /// The highest number given to an exception, an approval, a count or a task.
    pub const fn last_number(&self) -> u64 {
        self.main.last_id
    }

    /// Every announced return, in order of number.
    pub fn rma_list(&self) -> impl Iterator<Item = &Rma> {
        self.rmas.values()
    }

    /// Every lot, in order of SKU and number.
    pub fn lot_list(&self) -> impl Iterator<Item = (&Sku, &Lot, &LotRecord)> {
        self.lots.iter().map(|((sku, lot), record)| (sku, lot, record))
    }

    /// Every item rule, in order of SKU.
    pub fn item_list(&self) -> impl Iterator<Item = &ItemRule> {
        self.items.values()
    }

    pub(super) fn put_locations(&self, locations: &[Location]) -> Result<Vec<FloorEvent>, FloorRefusal> {
        once(locations.iter().map(|location| &location.code), "locations")?;
        let new = locations.iter().filter(|location| self.location(&location.code).is_none()).count();
        if self.locations.len() + new > MAX_LOCATIONS {
            return invalid("locations", "must not be more than 100000 of a site");
        }
        locations.iter().try_for_each(Location::check)?;
        let changed = locations.iter().filter(|location| self.location(&location.code) != Some(location));
        Ok(changed.map(|location| FloorEvent::LocationPut { location: location.clone() }).collect())
    }

    pub(super) fn put_item_rules(&self, rules: &[ItemRule]) -> Result<Vec<FloorEvent>, FloorRefusal> {
        once(rules.iter().map(|rule| &rule.sku), "rules")?;
        rules.iter().try_for_each(ItemRule::check)?;
        let changed = rules.iter().filter(|rule| self.item(&rule.sku) != Some(rule));
        Ok(changed.map(|rule| FloorEvent::ItemRulePut { rule: rule.clone() }).collect())
    }
}

fn once<T: Ord>(keys: impl ExactSizeIterator<Item = T>, field: &'static str) -> Result<(), FloorRefusal> {
    let count = keys.len();
    if count == 0 || count > MAX_PUT || keys.collect::<BTreeSet<_>>().len() != count {
        return invalid(field, "must be 1 to 500, each named once");
    }
    Ok(())
}
