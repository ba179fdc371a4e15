//! The serial shipping container code (SSCC), GS1's number of one logistic unit.
//!
//! Invariant: an [`Sscc`] has 18 digits, the last of them the check digit of the others. It does not say whose company
//! prefix it has, or whether it was used before: the floor does.

use super::{PrintError, code128::Symbol};

/// A valid SSCC.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Sscc(String);

impl Sscc {
    /// The SSCC with these 18 digits (without the application identifier).
    ///
    /// # Errors
    /// `sscc_invalid`: not 18 digits, or the check digit is wrong (GS1 General Specifications, section 7.9).
    pub fn parse(digits: &str) -> Result<Self, PrintError> {
        let bytes = digits.as_bytes();
        if bytes.len() != 18 || !bytes.iter().all(u8::is_ascii_digit) {
            return Err(PrintError::SsccInvalid);
        }
        let weighted = bytes.iter().zip([3, 1].into_iter().cycle()).take(17);
        let sum: u32 = weighted.map(|(digit, weight)| u32::from(digit - b'0') * weight).sum();
        if (10 - sum % 10) % 10 == u32::from(bytes[17] - b'0') {
            Ok(Self(digits.to_owned()))
        } else {
            Err(PrintError::SsccInvalid)
        }
    }

    /// The 18 digits.
    pub fn digits(&self) -> &str {
        &self.0
    }

    /// The element string: application identifier 00 and the digits.
    pub fn element_string(&self) -> String {
        format!("00{}", self.0)
    }

    /// What stands under the bars: the application identifier in parentheses, which are not in the bars
    /// (GS1 General Specifications, section 4.14).
    pub fn interpretation(&self) -> String {
        format!("(00){}", self.0)
    }

    /// Its GS1-128 symbol.
    ///
    /// # Errors
    /// None for a valid SSCC; the type is that of every symbol.
    pub fn symbol(&self) -> Result<Symbol, PrintError> {
        Symbol::gs1("sscc", &self.element_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_right_check_digit_is_taken() {
        // The example of the GS1 General Specifications, section 4.3.6.
        let sscc = Sscc::parse("006141411234567890").unwrap();
        assert_eq!(sscc.interpretation(), "(00)006141411234567890");
        for last in "12345678".chars() {
            assert_eq!(Sscc::parse(&format!("00614141123456789{last}")).unwrap_err().code(), "sscc_invalid");
        }
    }

    #[test]
    fn other_lengths_and_letters_are_refused() {
        for digits in [
            "",
            "00614141123456789",
            "0006141411234567890",
            "00614141123456789X",
            "００６１４１４１１２３４５６７８９０",
        ] {
            assert_eq!(Sscc::parse(digits), Err(PrintError::SsccInvalid), "{digits}");
        }
    }
}
