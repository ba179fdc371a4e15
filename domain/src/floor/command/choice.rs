//! What an operator chooses to do, and what is scanned first.

use serde::{Deserialize, Serialize};

/// A flow an operator can choose.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FlowName {
    /// Book goods in.
    Receive,
    /// Put plates away.
    PutAway,
    /// Move goods.
    Move,
    /// Fill pick faces.
    Replenish,
    /// Count stock.
    Count,
    /// Take returns in.
    Return,
    /// Look things up.
    Inquiry,
    /// Pick one order.
    Pick,
    /// Pick several orders in one walk, each into a tote of its own.
    PickBatch,
    /// Pack.
    Pack,
    /// Load and send off.
    Ship,
    /// Put back what is no longer wanted.
    PutBack,
}

/// What an operator scans first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum First {
    /// What the flow usually begins with.
    #[default]
    Usual,
    /// The location, or in a receipt the plate goods are put on.
    Location,
    /// The item.
    Item,
}
