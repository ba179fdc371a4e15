//! Keyed quantities.

use crate::{floor::FloorCode, quantity::MAX_QUANTITY};

/// Digits from which a keyed quantity is taken for a barcode (warehouse-floor.md §4).
const BARCODE_DIGITS: usize = 8;

/// A whole number, at most [`MAX_QUANTITY`]. A decimal fraction of zeros is whole.
pub(super) fn whole(text: &str) -> Result<u32, FloorCode> {
    let text = text.trim();
    let (units, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    // Every GTIN has 8 digits at least, so the length covers the check digit too.
    if !digits(units) || !digits(fraction) || units.len() >= BARCODE_DIGITS {
        return Err(FloorCode::QtyLooksLikeBarcode);
    }
    if fraction.bytes().any(|byte| byte != b'0') {
        return Err(FloorCode::QtyFractionNotAllowed);
    }
    units.parse().ok().filter(|units| *units <= MAX_QUANTITY).ok_or(FloorCode::QtyLooksLikeBarcode)
}

/// A whole number of packages of `pack` units, at least one unit.
pub(super) fn packages(text: &str, pack: u32) -> Result<u32, FloorCode> {
    let units = whole(text)?.checked_mul(pack).filter(|units| *units <= MAX_QUANTITY);
    match units {
        Some(0) => Err(FloorCode::QtyZero),
        Some(units) => Ok(units),
        None => Err(FloorCode::QtyLooksLikeBarcode),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quantity_is_a_whole_number_and_no_barcode() {
        for (text, want) in [
            ("12", Ok(12)),
            (" 3.00 ", Ok(3)),
            ("2.5", Err(FloorCode::QtyFractionNotAllowed)),
            ("12345670", Err(FloorCode::QtyLooksLikeBarcode)),
            ("1000001", Err(FloorCode::QtyLooksLikeBarcode)),
            ("-1", Err(FloorCode::QtyLooksLikeBarcode)),
            ("", Err(FloorCode::QtyLooksLikeBarcode)),
            ("x", Err(FloorCode::QtyLooksLikeBarcode)),
        ] {
            assert_eq!(whole(text), want, "{text:?}");
        }
        assert_eq!((packages("0", 6), packages("4", 6)), (Err(FloorCode::QtyZero), Ok(24)));
        assert_eq!(packages("1000000", 2), Err(FloorCode::QtyLooksLikeBarcode));
    }
}
