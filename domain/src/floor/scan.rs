//! A scan as the edge hands it over: parsed, and not yet resolved.
//!
//! The domain parses no barcodes. The edge reads the raw bytes with `protocols::gs1` and fills [`Scan`]; what it means
//! here is decided by `resolve` against locations, plates, items and documents.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::floor::{FloorCode, Lot, SerialNo};

/// What a scanner read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Scan {
    /// The text after normalisation, without the symbology identifier.
    pub text: String,
    /// The symbology identifier, such as `]C1`, if the scanner sent one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub symbology: Option<String>,
    /// GTIN of 14 digits (AI 01 or 02, or an EAN/UPC padded).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gtin: Option<String>,
    /// AI 10.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lot: Option<Lot>,
    /// AI 17, else AI 15; day 00 is already the last day of its month.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expiry: Option<NaiveDate>,
    /// AI 21.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub serial: Option<SerialNo>,
    /// AI 00.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sscc: Option<String>,
    /// AI 414.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gln: Option<String>,
    /// AI 37 or AI 30: packages of the item in it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub count: Option<u32>,
    /// AI 310n or 330n, as printed, in kilograms.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub weight: Option<String>,
    /// What the edge found wrong with the bytes (40xx, 41xx); the scan then only uses up its number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fault: Option<FloorCode>,
    /// What the edge found odd (`incomplete_pair`, `fnc1_suspect`); shown, never a refusal by itself.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<FloorCode>,
}

impl Scan {
    /// A scan of plain text.
    pub fn text(text: impl Into<String>) -> Self {
        Self { text: text.into(), ..Self::default() }
    }

    /// Whether it says anything beside plain text.
    pub const fn is_plain(&self) -> bool {
        self.gtin.is_none()
            && self.lot.is_none()
            && self.expiry.is_none()
            && self.serial.is_none()
            && self.sscc.is_none()
            && self.gln.is_none()
    }
}
