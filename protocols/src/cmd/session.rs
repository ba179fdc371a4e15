//! Who works, and on what.

use serde::{Deserialize, Serialize};

/// A PIN: compared where it arrives, and kept nowhere.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Pin(String);

impl Pin {
    /// Of what was keyed in.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The digits, to compare them.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Pin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Pin(•••)")
    }
}

args! {
    /// An operator signs on.
    SignOn {
        /// Text of the badge.
        badge: String,
        /// The PIN.
        pin: Pin,
        /// Truck, trolley or ring scanner.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        equipment: Option<String>,
    }
    /// The operator leaves.
    SignOff {
        /// Whether work in hand is kept; left out, the operator is asked.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        keep: Option<bool>,
    }
    /// Starts a flow.
    Choose {
        /// Which.
        flow: Flow,
        /// What is scanned first.
        #[serde(default)]
        first: First,
    }
    /// Leaves the flow; what was recorded stays.
    Suspend {}
    /// Asks for work.
    GetWork {}
    /// Closes what is open.
    Close {}
}

words! {
    /// A flow.
    Flow {
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
        /// Pick several orders in one walk.
        PickBatch,
        /// Pack.
        Pack,
        /// Load and send off.
        Ship,
        /// Put back what is no longer wanted.
        PutBack,
    }
    /// What is scanned first.
    #[derive(Default)]
    First {
        /// What the flow usually begins with.
        #[default]
        Usual,
        /// The location.
        Location,
        /// The item.
        Item,
    }
}
