//! Warehouses, stock and parcels.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::common::Address;

/// A warehouse to open.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OpenWarehouse {
    /// Short code: letters, digits, `-`, `_`.
    pub code: String,
    /// Name.
    pub name: String,
    /// Where it stands.
    #[serde(default)]
    pub address: Option<Address>,
}

/// A warehouse.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct WarehouseView {
    /// Short code.
    pub code: String,
    /// Version, also the ETag.
    pub version: u64,
    /// Name.
    pub name: String,
    /// Where it stands.
    pub address: Option<Address>,
    /// Number of SKUs with a stock row.
    pub skus: usize,
    /// Number of parcels not yet closed.
    pub open_parcels: usize,
}

/// Units received.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReceiveStock {
    /// Whole number from 1.
    pub quantity: i64,
    /// Delivery note, purchase order.
    #[serde(default)]
    pub reference: Option<String>,
}

/// A correction.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AdjustStock {
    /// Units to add, negative to take away.
    pub delta: i64,
    /// Why.
    pub reason: String,
}

/// A count.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CountStock {
    /// Units found on the shelf.
    pub counted: i64,
    /// Version of the stock row when counting began: what moved since is applied on top.
    pub at_version: u64,
    /// Why it was counted.
    pub reason: String,
}

/// Policy of a stock row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StockPolicy {
    /// Units never promised.
    #[serde(default)]
    pub safety: i64,
    /// Most units that may wait for stock; no limit if left out.
    #[serde(default)]
    pub backorder_cap: Option<i64>,
    /// Level at which stock counts as low; 0 for none.
    #[serde(default)]
    pub low_stock: i64,
}

/// Stock of one SKU in one warehouse.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct StockView {
    /// Warehouse code.
    pub warehouse: String,
    /// Stock-keeping unit.
    pub sku: String,
    /// Version of this row, for counts.
    pub version: u64,
    /// Units on the shelf fit to be sold.
    pub on_hand: u32,
    /// Promised to orders not yet approved.
    pub reserved: u32,
    /// Firm for approved orders.
    pub allocated: u32,
    /// Accepted without stock.
    pub waiting: u32,
    /// Can still be promised.
    pub available: u32,
    /// Units never promised.
    pub safety: u32,
    /// Most units that may wait; `null` for no limit.
    pub backorder_cap: Option<u32>,
    /// Level at which stock counts as low; 0 for none.
    pub low_stock: u32,
    /// Units in other conditions, by condition.
    pub conditions: std::collections::BTreeMap<String, u32>,
}

/// One movement of on-hand stock (INV-11).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct MovementView {
    /// Version of the warehouse that moved it.
    pub version: u64,
    /// When.
    pub at: Option<String>,
    /// Condition that changed.
    pub condition: String,
    /// Units, negative for out.
    pub delta: i64,
    /// What caused it.
    pub cause: String,
    /// Order it was for.
    pub order: Option<String>,
    /// Reason given.
    pub reason: Option<String>,
    /// Id of the user who did it, where the journal names one; on a floor that is the operator of the scanner.
    #[serde(default)]
    pub by: Option<String>,
}

/// Units of a line of a parcel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SplitLine {
    /// Line of the order.
    pub line: u16,
    /// Units of it.
    pub quantity: i64,
}

/// What of a packed parcel goes in a parcel of its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SplitParcel {
    /// Its units; at least one has to stay.
    pub lines: Vec<SplitLine>,
}

/// Units of a SKU in a scan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ConfirmUnits {
    /// Stock-keeping unit scanned.
    pub sku: String,
    /// Units; 1 if left out.
    #[serde(default)]
    pub quantity: Option<i64>,
}

/// Units not found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReportShort {
    /// Stock-keeping unit.
    pub sku: String,
    /// Units missing.
    pub quantity: i64,
    /// Why.
    pub reason: String,
}

/// A packed parcel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PackParcel {
    /// Weight in grams.
    pub weight_grams: i64,
}

/// A booking with a carrier.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BookParcel {
    /// Carrier.
    pub carrier: String,
    /// Tracking number.
    pub tracking: String,
}

/// Units of one line that came back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReturnedLine {
    /// Line of the order.
    pub line: u16,
    /// Units that can be sold again; 0 if left out.
    #[serde(default)]
    pub good: i64,
    /// Units to be written off; 0 if left out.
    #[serde(default)]
    pub damaged: i64,
}

/// Units of an undelivered parcel that came back to the warehouse, inspected (RET-05). They may come in parts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReceiveReturn {
    /// What came back.
    pub lines: Vec<ReturnedLine>,
    /// Why units are written off; required if any are.
    #[serde(default)]
    pub reason: Option<String>,
}

/// One SKU of a parcel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ParcelLine {
    /// Line of the order.
    pub line: u16,
    /// Stock-keeping unit.
    pub sku: String,
    /// Units to pick.
    pub quantity: u32,
    /// Units picked.
    pub picked: u32,
}

/// A parcel on the floor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ParcelView {
    /// Warehouse code.
    pub warehouse: String,
    /// Order id.
    pub order: String,
    /// Number within the order.
    pub number: u16,
    /// Version of the warehouse.
    pub version: u64,
    /// State of SM-07.
    pub state: String,
    /// How it leaves: `courier`, `pickup` or `counter`.
    pub method: String,
    /// Why it must not leave, if it must not.
    pub held: Option<String>,
    /// Who picks it.
    pub picker: Option<String>,
    /// What goes in.
    pub lines: Vec<ParcelLine>,
    /// Weight in grams, once packed.
    pub weight_grams: Option<u32>,
    /// Carrier, once booked.
    pub carrier: Option<String>,
    /// Tracking number, once booked.
    pub tracking: Option<String>,
}
