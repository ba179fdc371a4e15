//! Words of returned goods: how good they are and what becomes of them.

use serde::{Deserialize, Serialize};

use crate::floor::Condition;

/// How good returned goods are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Grade {
    /// As new.
    New,
    /// Opened and complete.
    Opened,
    /// Damaged.
    Damaged,
    /// Worthless.
    Unusable,
}

/// What becomes of returned goods.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Disposition {
    /// They are sold again.
    Restock,
    /// They are made good.
    Refurbish,
    /// Somebody looks at them.
    Quarantine,
    /// They are thrown away.
    Scrap,
}

impl Disposition {
    /// The condition goods are in afterwards.
    pub const fn condition(self) -> Condition {
        match self {
            Self::Restock => Condition::Good,
            Self::Refurbish => Condition::Refurbish,
            Self::Quarantine => Condition::Quarantine,
            Self::Scrap => Condition::Scrap,
        }
    }

    /// Whether goods of this grade may go this way: only what is as new is sold again, nothing good is thrown away.
    pub const fn allowed(self, grade: Grade) -> bool {
        match self {
            Self::Restock => matches!(grade, Grade::New),
            Self::Refurbish => matches!(grade, Grade::Opened | Grade::Damaged),
            Self::Quarantine => true,
            Self::Scrap => matches!(grade, Grade::Damaged | Grade::Unusable),
        }
    }
}
