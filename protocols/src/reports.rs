//! Reports: figures over many entities.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The home page's figures.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Dashboard {
    /// IANA zone of the days.
    pub time_zone: String,
    /// Journal position the figures reflect.
    pub seq: u64,
    /// Days, oldest first, today last; also those without an order.
    pub days: Vec<DashboardDay>,
    /// Orders of these days by display status.
    pub by_status: BTreeMap<String, u64>,
    /// Approval steps that wait for a decision.
    pub open_approvals: u64,
    /// SKUs at or below their low level, lowest first, at most 50.
    pub low_stock: Vec<LowStock>,
    /// How many there are in all.
    pub low_stock_count: u64,
    /// The floor, of the warehouse asked for or of all.
    pub floor: DashboardFloor,
}

/// Orders placed on one day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DashboardDay {
    /// `2026-01-31`.
    pub date: String,
    /// Orders placed, those that ended early included.
    pub orders: u64,
    /// What they came to, by currency, without those canceled, rejected or expired.
    pub value: BTreeMap<String, String>,
}

/// A SKU that runs low.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LowStock {
    /// Warehouse.
    pub warehouse: String,
    /// SKU.
    pub sku: String,
    /// Units that may be promised.
    pub available: u32,
    /// Level at which it counts as low.
    pub low: u32,
}

/// What happens on the floor.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DashboardFloor {
    /// Scans of devices in each of the last 60 minutes, oldest first.
    pub scans_per_minute: Vec<ScanMinute>,
    /// Tasks that are not done.
    pub open_tasks: u64,
    /// Exceptions that nobody has closed.
    pub open_exceptions: u64,
}

/// Scans in one minute.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ScanMinute {
    /// Begin of the minute, RFC 3339.
    pub at: String,
    /// Scans.
    pub count: u64,
}
