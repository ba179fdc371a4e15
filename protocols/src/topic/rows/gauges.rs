//! Values of gauges.

use serde::{Deserialize, Serialize};

use crate::ids::Millis;

/// `dash.{w}.kpi`. Figures may be added; none is sent that is not counted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema, ts_rs::TS))]
pub struct KpiGauge {
    /// When it was taken.
    pub at: Millis,
    /// Orders not yet shipped.
    pub open_orders: u32,
    /// Tasks waiting for somebody.
    pub waiting_tasks: u32,
    /// Tasks in hand.
    pub active_tasks: u32,
}

/// `dash.{w}.throughput`: what the last full minute and the last hour brought.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema, ts_rs::TS))]
pub struct ThroughputGauge {
    /// When it was taken.
    pub at: Millis,
    /// Lines picked in the last minute.
    pub picks_1m: u32,
    /// Lines picked in the last hour.
    pub picks_1h: u32,
    /// Cartons packed in the last hour.
    pub packs_1h: u32,
    /// Parcels handed over in the last hour.
    pub ships_1h: u32,
    /// Scans in the last minute.
    pub scans_1m: u32,
}
