//! Numbers for restricted circulation that carry a price or weight: scale labels in shops and stores.
//!
//! GS1 leaves their inside to each country and company (General Specifications, section 2.1.11), so a site states
//! what its prefixes mean. Invariant: without a rule such a number identifies nothing, `restricted_gtin`.

use super::amount::Amount;
use super::check::check_digit;
use super::code::ScanCode;
use super::key::Gtin;

/// What the amount in a number is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Measured {
    /// A price in the site's currency.
    Price,
    /// A weight in kilograms.
    Weight,
    /// A count of pieces.
    Count,
}

/// What the digits of an EAN-13 mean behind one prefix.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VariableMeasureRule<'r> {
    /// First digits, `02` or `20` to `29`, or longer.
    pub prefix: &'r str,
    /// Where the amount begins, counted from 0 in the 13 digits.
    pub amount_at: u8,
    /// Digits of the amount.
    pub amount_len: u8,
    /// Decimals of the amount.
    pub scale: u8,
    /// What is measured.
    pub measured: Measured,
}

/// An item with its amount read from the number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MeasuredItem {
    /// The item: the number with zeros for the amount, and its check digit anew.
    pub gtin: Gtin,
    /// How much.
    pub amount: Amount,
    /// Of what.
    pub measured: Measured,
}

/// True for numbers that a company or country hands out for itself: EAN-13 with 02 and 20 to 29, EAN-8 with 0 and 2.
pub fn is_restricted(digits: &str) -> bool {
    match digits.len() {
        13 => digits.starts_with("02") || digits.starts_with('2'),
        12 => digits.starts_with('2'),
        8 => digits.starts_with('0') || digits.starts_with('2'),
        _ => false,
    }
}

/// Applies the rule with the longest matching prefix to 13 digits.
///
/// # Errors
/// `restricted_gtin` when no rule fits, `bad_check_digit`.
pub fn read_measured(digits: &str, rules: &[VariableMeasureRule<'_>]) -> Result<MeasuredItem, ScanCode> {
    let number = Gtin::from_any_length(digits)?;
    let thirteen = number.as_str().get(1..).unwrap_or_default();
    let rule = rules
        .iter()
        .filter(|rule| !rule.prefix.is_empty() && thirteen.starts_with(rule.prefix))
        .max_by_key(|rule| rule.prefix.len())
        .ok_or(ScanCode::RestrictedGtin)?;
    let start = rule.amount_at as usize;
    let end = start + rule.amount_len as usize;
    // The amount lies between the prefix and the check digit.
    let within = start >= rule.prefix.len() && start < end && end <= 12;
    let amount = thirteen.get(start..end).filter(|_| within).ok_or(ScanCode::RestrictedGtin)?;
    let unscaled = amount.parse().map_err(|_| ScanCode::AiCharset)?;
    let mut item = [b'0'; 13];
    item.copy_from_slice(thirteen.as_bytes());
    item[start..end].fill(b'0');
    item[12] = check_digit(&item[..12]).ok_or(ScanCode::AiCharset)?;
    let gtin = Gtin::from_any_length(core::str::from_utf8(&item).unwrap_or_default())?;
    Ok(MeasuredItem { gtin, amount: Amount { unscaled, scale: rule.scale }, measured: rule.measured })
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULES: &[VariableMeasureRule<'static>] = &[
        VariableMeasureRule { prefix: "2", amount_at: 8, amount_len: 4, scale: 0, measured: Measured::Count },
        VariableMeasureRule { prefix: "28", amount_at: 7, amount_len: 5, scale: 3, measured: Measured::Weight },
        VariableMeasureRule { prefix: "02", amount_at: 8, amount_len: 4, scale: 2, measured: Measured::Price },
        VariableMeasureRule { prefix: "29", amount_at: 9, amount_len: 5, scale: 0, measured: Measured::Count },
    ];

    fn with_check(twelve: &str) -> String {
        format!("{twelve}{}", check_digit(twelve.as_bytes()).unwrap() as char)
    }

    #[test]
    fn the_longest_prefix_decides() {
        let weighed = read_measured(&with_check("281234501250"), RULES).unwrap();
        assert_eq!((weighed.amount.to_string().as_str(), weighed.measured), ("1.250", Measured::Weight));
        assert_eq!(weighed.gtin.as_str(), format!("0{}", with_check("281234500000")));
        let priced = read_measured(&with_check("021234501999"), RULES).unwrap();
        assert_eq!((priced.amount.to_string().as_str(), priced.measured), ("19.99", Measured::Price));
        let counted = read_measured(&with_check("211234560012"), RULES).unwrap();
        assert_eq!((counted.amount.unscaled, counted.measured), (12, Measured::Count));
    }

    #[test]
    fn without_a_fitting_rule_the_number_is_restricted() {
        assert_eq!(read_measured(&with_check("281234501250"), &[]), Err(ScanCode::RestrictedGtin));
        assert_eq!(read_measured(&with_check("291234501250"), RULES), Err(ScanCode::RestrictedGtin), "beyond the end");
        assert_eq!(read_measured("2812345012500", RULES).err(), Some(ScanCode::BadCheckDigit));
    }

    #[test]
    fn restricted_ranges_are_known_by_length() {
        for digits in ["0212345678901", "2012345678901", "2999999999999", "212345678901", "01234567", "21234567"] {
            assert!(is_restricted(digits), "{digits}");
        }
        for digits in ["4006381333931", "0112345678901", "036000291452", "96385074", "02345678901234"] {
            assert!(!is_restricted(digits), "{digits}");
        }
    }
}
