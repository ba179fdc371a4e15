//! Master data of a site: its rules, its locations, and what it must know of items.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::{
    Sku, Timestamp, UserId, WarehouseId,
    floor::{FloorRefusal, LocationCode},
};

/// Thresholds of counts; a difference inside either is accepted without a second count.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CountRules {
    /// Units of difference that are accepted.
    pub tolerance_units: u32,
    /// Percent of the books that are accepted.
    pub tolerance_percent: u32,
    /// Counts before the difference goes to approval, at least 1.
    pub attempts: u32,
    /// Movements during a count above which it is stale.
    pub max_movements: u32,
    /// Whether the books are hidden from the counter.
    pub blind: bool,
}

impl Default for CountRules {
    fn default() -> Self {
        Self { tolerance_units: 0, tolerance_percent: 0, attempts: 2, max_movements: 50, blind: true }
    }
}

/// A sort of carton.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CartonKind {
    /// What it is called.
    pub kind: String,
    /// Weight of the empty carton in grams.
    #[serde(default)]
    pub grams: u32,
}

/// A site and its rules.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Site {
    /// The warehouse whose floor it is.
    pub code: WarehouseId,
    /// Minutes local time is ahead of UTC; decides what day it is.
    #[serde(default)]
    pub utc_offset_minutes: i32,
    /// Whether a receipt names its dock.
    #[serde(default)]
    pub dock_required: bool,
    /// Where a receipt stands that names no dock.
    pub receiving: LocationCode,
    /// Percent above the order that a receipt may have without approval.
    #[serde(default)]
    pub over_receipt_percent: u32,
    /// Counting.
    #[serde(default)]
    pub count: CountRules,
    /// GS1 company prefix, 6 to 12 digits (GS1 General Specifications 1.4.4); empty if the site has none.
    #[serde(default)]
    pub company_prefix: String,
    /// Days before a plate number may be used again; GS1 asks for 12 months at least.
    #[serde(default = "reuse_days")]
    pub sscc_reuse_days: u32,
    /// Cartons to pack into; empty for any.
    #[serde(default)]
    pub cartons: Vec<CartonKind>,
    /// Whether cartons are weighed.
    #[serde(default)]
    pub weigh: bool,
    /// Percent by which a carton's weight may be off.
    #[serde(default)]
    pub weight_tolerance_percent: u32,
    /// The oldest version of the devices' program that may work here; empty for any.
    #[serde(default)]
    pub oldest_app: String,
}

const fn reuse_days() -> u32 {
    366
}

impl Site {
    /// The local calendar day of an instant.
    pub fn day(&self, at: Timestamp) -> NaiveDate {
        let local = at.plus_seconds(i64::from(self.utc_offset_minutes) * 60);
        chrono::DateTime::from_timestamp_millis(local.as_millis()).unwrap_or_default().date_naive()
    }

    pub(super) fn check(&self) -> Result<(), FloorRefusal> {
        let prefix = &self.company_prefix;
        let sound = (6..=12).contains(&prefix.len()) && prefix.bytes().all(|c| c.is_ascii_digit());
        if !prefix.is_empty() && !sound {
            return invalid("company_prefix", "must have 6 to 12 digits");
        }
        if self.utc_offset_minutes.abs() > 14 * 60 {
            return invalid("utc_offset_minutes", "must be at most 840");
        }
        if self.count.attempts == 0 || self.count.attempts > 9 {
            return invalid("count/attempts", "must be between 1 and 9");
        }
        Ok(())
    }
}

pub(super) fn invalid<T>(field: &'static str, problem: &'static str) -> Result<T, FloorRefusal> {
    Err(FloorRefusal::Invalid { field, problem: problem.to_owned() })
}

/// What a location is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LocationKind {
    /// A door where goods arrive.
    Dock,
    /// A place where goods wait.
    Stage,
    /// A place from which pick faces are filled.
    Reserve,
    /// A place from which orders are picked.
    PickFace,
    /// Where returns are graded.
    Returns,
    /// For what may not be sold.
    Quarantine,
    /// A packing table.
    Pack,
    /// A door where loads leave.
    Door,
    /// A tote on a cart.
    Tote,
}

impl LocationKind {
    /// Whether goods are stored there for good.
    pub const fn is_storage(self) -> bool {
        matches!(self, Self::Reserve | Self::PickFace | Self::Quarantine)
    }
}

/// A location.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Location {
    /// Its code, as on the label.
    pub code: LocationCode,
    /// What it is for.
    pub kind: LocationKind,
    /// GLN with extension, if its label carries one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gln: Option<String>,
    /// Zone; empty for none.
    #[serde(default)]
    pub zone: String,
    /// Digits an operator reads out to prove being there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub check_digits: Option<String>,
    /// Most units; `None` for no limit.
    #[serde(default)]
    pub max_units: Option<u32>,
    /// Most weight in grams.
    #[serde(default)]
    pub max_grams: Option<u64>,
    /// Most volume in cubic centimetres.
    #[serde(default)]
    pub max_cm3: Option<u64>,
    /// Whether several items may be there.
    #[serde(default = "yes")]
    pub mix_items: bool,
    /// Whether several lots of one item may be there.
    #[serde(default = "yes")]
    pub mix_lots: bool,
    /// Temperature class it keeps; empty for that of the building.
    #[serde(default)]
    pub temperature: String,
    /// Classes of dangerous goods allowed there.
    #[serde(default)]
    pub hazmat: BTreeSet<String>,
    /// Why nothing may be put there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub blocked: Option<String>,
}

const fn yes() -> bool {
    true
}

impl Location {
    /// A location without limits.
    pub fn open(code: LocationCode, kind: LocationKind) -> Self {
        Self {
            code,
            kind,
            gln: None,
            zone: String::new(),
            check_digits: None,
            max_units: None,
            max_grams: None,
            max_cm3: None,
            mix_items: true,
            mix_lots: true,
            temperature: String::new(),
            hazmat: BTreeSet::new(),
            blocked: None,
        }
    }
}

/// A GTIN of an item and the units of its packaging.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PackLevel {
    /// GTIN of 14 digits.
    pub gtin: String,
    /// Units in it; `None` while nobody knows.
    pub units: Option<u32>,
}

/// What the floor must know of an item.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ItemRule {
    /// The item.
    pub sku: Sku,
    /// Its barcodes.
    #[serde(default)]
    pub packs: Vec<PackLevel>,
    /// Whether every unit has a lot.
    #[serde(default)]
    pub lot: bool,
    /// Whether every unit has an expiry date.
    #[serde(default)]
    pub expiry: bool,
    /// Whether every unit has a serial number.
    #[serde(default)]
    pub serial: bool,
    /// Whether labels carry a weight.
    #[serde(default)]
    pub catch_weight: bool,
    /// Days that must be left on arrival.
    #[serde(default)]
    pub min_shelf_days: u32,
    /// Zone it belongs in; empty for any.
    #[serde(default)]
    pub zone: String,
    /// Temperature class it needs; empty for that of the building.
    #[serde(default)]
    pub temperature: String,
    /// Class of dangerous goods.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hazmat: Option<String>,
    /// Weight of a unit in grams.
    #[serde(default)]
    pub unit_grams: u32,
    /// Volume of a unit in cubic centimetres.
    #[serde(default)]
    pub unit_cm3: u32,
}

impl ItemRule {
    /// An item without rules.
    pub const fn plain(sku: Sku) -> Self {
        Self {
            sku,
            packs: Vec::new(),
            lot: false,
            expiry: false,
            serial: false,
            catch_weight: false,
            min_shelf_days: 0,
            zone: String::new(),
            temperature: String::new(),
            hazmat: None,
            unit_grams: 0,
            unit_cm3: 0,
        }
    }

    /// Whether something beside item and quantity must be known.
    pub const fn tracked(&self) -> bool {
        self.lot || self.expiry || self.serial
    }

    pub(super) fn check(&self) -> Result<(), FloorRefusal> {
        let good = |pack: &PackLevel| {
            pack.gtin.len() == 14 && pack.gtin.bytes().all(|c| c.is_ascii_digit()) && pack.units != Some(0)
        };
        if self.packs.len() > 32 || !self.packs.iter().all(good) {
            return invalid("packs", "must be at most 32 GTINs of 14 digits with at least one unit each");
        }
        Ok(())
    }
}

/// Whether a lot may be used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LotStatus {
    /// Yes.
    #[default]
    Released,
    /// Not now.
    OnHold,
    /// Never again.
    Recalled,
}

/// What is known of a lot of an item.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LotRecord {
    /// The expiry date it was first seen with.
    pub expiry: Option<NaiveDate>,
    /// Whether it may be used.
    pub status: LotStatus,
}

/// What an operator may do at this site.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Right {
    /// Book goods in.
    Receive,
    /// Put goods away and move them.
    PutAway,
    /// Pick orders.
    Pick,
    /// Pack cartons.
    Pack,
    /// Load and send.
    Ship,
    /// Count stock.
    Count,
    /// Take returns in.
    Return,
    /// Look things up.
    Inquire,
    /// Act against a rule, with a reason.
    Override,
}

/// Who works at a device, and what they may do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Operator {
    /// The person.
    pub user: UserId,
    /// What they may do.
    pub rights: BTreeSet<Right>,
}
