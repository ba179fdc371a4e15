//! Bodies of rows, items and gauges: what stands in `v`.
//!
//! Invariant: money and quantities are decimal texts, instants are milliseconds UTC, and every row that a command can
//! be about has the `rev` to quote in it. States are words of the domain's tables, kept as text: a console of an older
//! release shows a word it does not know.

mod boards;
mod floor;
mod gauges;
mod inbox;
mod threads;

pub use boards::{ApprovalRow, OrderRow, PresenceRow, StockRow};
pub use floor::{DeviceRow, DeviceState, ExceptionItem, TaskRow};
pub use gauges::{KpiGauge, ThroughputGauge};
pub use inbox::{DeviceNotice, NoticeLevel, UserNotice};
pub use threads::ThreadRow;
