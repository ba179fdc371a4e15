//! Counts of units. A quantity is whole and at least one; zero and fractions do not parse.

use serde::{Deserialize, Serialize};

/// Largest quantity on one line, in units.
pub const MAX_QUANTITY: u32 = 1_000_000;

/// A whole number of units between 1 and [`MAX_QUANTITY`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "i64", into = "u32")]
pub struct Quantity(u32);

/// Why a number is not a quantity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum QuantityError {
    /// Zero or negative.
    #[error("quantity must be at least 1, got {0}")]
    TooSmall(i64),
    /// Above [`MAX_QUANTITY`].
    #[error("quantity must be at most {MAX_QUANTITY}, got {0}")]
    TooLarge(i64),
}

impl Quantity {
    /// One unit.
    pub const ONE: Self = Self(1);

    /// Checks the range.
    ///
    /// # Errors
    /// [`QuantityError`] when `units` is outside 1 to [`MAX_QUANTITY`].
    pub fn new(units: i64) -> Result<Self, QuantityError> {
        match units {
            ..=0 => Err(QuantityError::TooSmall(units)),
            _ => match u32::try_from(units) {
                Ok(units) if units <= MAX_QUANTITY => Ok(Self(units)),
                _ => Err(QuantityError::TooLarge(units)),
            },
        }
    }

    /// The number of units.
    pub const fn get(self) -> u32 {
        self.0
    }
}

impl TryFrom<i64> for Quantity {
    type Error = QuantityError;
    fn try_from(units: i64) -> Result<Self, QuantityError> {
        Self::new(units)
    }
}

impl From<Quantity> for u32 {
    fn from(quantity: Quantity) -> Self {
        quantity.0
    }
}

impl std::fmt::Display for Quantity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}
