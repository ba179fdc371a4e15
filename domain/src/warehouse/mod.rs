//! A warehouse: all stock in one building, its holds (SM-06) and its fulfillments (SM-07).
//!
//! Invariant: `reserved`, `allocated` and `waiting` of a row are the sums over its holds, no counter is
//! negative, and no event raises what is promised above `sellable − safety` (INV-01). One actor decides for the
//! whole building, so two orders never get the same unit. It knows no bins, lots or serials yet, and calls
//! nobody: processes carry its events to the orders.

mod command;
mod decide;
mod event;
mod evolve;
mod floor;
mod parts;
mod refusal;
mod returns;
mod state;
mod table;

pub use command::{FloorCommand, ReserveLine, ReserveMode, ReturnLine, WarehouseCommand};
pub use event::{CanceledLine, Movement, WarehouseEvent, movements};
pub use refusal::{Shortfall, WarehouseRefusal};
pub use state::{Condition, Hold, Method, OnHand, Parcel, ParcelLine, ParcelState, Profile, Row, Warehouse};
pub use table::{SM_06, SM_07, SM_10};
