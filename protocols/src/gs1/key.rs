//! Identification keys as checked values: GTIN, SSCC, GLN, GSIN; and how an SSCC is made.
//!
//! Invariant: a `Key` exists only with a right check digit. A GTIN is always held as 14 digits; shorter forms are
//! padded with zeros on the left, which leaves the check digit as it is. Who owns a number is not known here.

use core::fmt;

use super::check::{check_digit, has_check_digit};
use super::code::ScanCode;

/// `N` digits of which the last is the check digit.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key<const N: usize>([u8; N]);

/// Global trade item number.
pub type Gtin = Key<14>;
/// Serial shipping container code.
pub type Sscc = Key<18>;
/// Global location number.
pub type Gln = Key<13>;
/// Global shipment identification number.
pub type Gsin = Key<17>;

impl<const N: usize> Key<N> {
    /// Reads exactly `N` digits.
    ///
    /// # Errors
    /// `ai_length`, `ai_charset` or `bad_check_digit`.
    pub fn parse(text: &str) -> Result<Self, ScanCode> {
        let digits = <[u8; N]>::try_from(text.as_bytes()).map_err(|_| ScanCode::AiLength)?;
        Key::from_digits(digits)
    }

    fn from_digits(digits: [u8; N]) -> Result<Self, ScanCode> {
        if !digits.iter().all(u8::is_ascii_digit) {
            return Err(ScanCode::AiCharset);
        }
        if has_check_digit(&digits) { Ok(Key(digits)) } else { Err(ScanCode::BadCheckDigit) }
    }

    /// The digits.
    pub fn as_str(&self) -> &str {
        core::str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl<const N: usize> fmt::Display for Key<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl<const N: usize> fmt::Debug for Key<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Key({})", self.as_str())
    }
}

/// The indicator digit 9 marks a trade item of variable measure (General Specifications, section 2.1.5).
const VARIABLE_MEASURE: u8 = b'9';

impl Key<14> {
    /// GTIN-8, -12, -13 or -14, padded to 14 digits.
    ///
    /// # Errors
    /// `ai_length` for any other number of digits, `ai_charset`, `bad_check_digit`.
    pub fn from_any_length(text: &str) -> Result<Gtin, ScanCode> {
        let short = text.as_bytes();
        if !matches!(short.len(), 8 | 12 | 13 | 14) {
            return Err(ScanCode::AiLength);
        }
        let mut digits = [b'0'; 14];
        digits[14 - short.len()..].copy_from_slice(short);
        Key::from_digits(digits)
    }

    /// A UPC-E number: 8 digits (number system 0 or 1, six digits, check digit) or the six in the middle (number
    /// system 0). Expansion as in the General Specifications, section 5.2.2.4.
    ///
    /// # Errors
    /// `ai_length`, `ai_charset` (also for another number system), `bad_check_digit`.
    pub fn from_upc_e(text: &str) -> Result<Gtin, ScanCode> {
        let (system, six, check) = match text.as_bytes() {
            [system @ (b'0' | b'1'), six @ .., check] if six.len() == 6 => (*system, six, Some(*check)),
            six if six.len() == 6 => (b'0', six, None),
            other if other.len() == 8 => return Err(ScanCode::AiCharset),
            _ => return Err(ScanCode::AiLength),
        };
        let &[a, b, c, d, e, last] = six else { return Err(ScanCode::AiLength) };
        let z = b'0';
        let ten = match last {
            b'0'..=b'2' => [a, b, last, z, z, z, z, c, d, e],
            b'3' => [a, b, c, z, z, z, z, z, d, e],
            b'4' => [a, b, c, d, z, z, z, z, z, e],
            _ => [a, b, c, d, e, z, z, z, z, last],
        };
        let mut digits = [b'0'; 14];
        digits[2] = system;
        digits[3..13].copy_from_slice(&ten);
        digits[13] = check.or(check_digit(&digits[..13])).ok_or(ScanCode::AiCharset)?;
        Key::from_digits(digits)
    }

    /// The packaging level: 0 for a base unit, 1 to 8 for groupings, 9 for variable measure.
    pub fn indicator(&self) -> u8 {
        self.0[0] - b'0'
    }

    /// True for a trade item whose amount varies and must be on the label.
    pub fn is_variable_measure(&self) -> bool {
        self.0[0] == VARIABLE_MEASURE
    }
}

/// Why no SSCC can be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SsccFault {
    /// The extension digit is one digit.
    Extension,
    /// A company prefix has 4 to 12 digits.
    CompanyPrefix,
    /// The serial has more digits than the prefix leaves.
    SerialTooLarge {
        /// The largest serial there is.
        largest: u64,
    },
}

impl fmt::Display for SsccFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SsccFault::Extension => f.write_str("extension digit is not one digit"),
            SsccFault::CompanyPrefix => f.write_str("company prefix is not 4 to 12 digits"),
            SsccFault::SerialTooLarge { largest } => write!(f, "serial is above {largest}"),
        }
    }
}

impl core::error::Error for SsccFault {}

impl Key<18> {
    /// Extension digit, company prefix, serial reference padded to fill 17 digits, check digit.
    ///
    /// # Errors
    /// [`SsccFault`].
    pub fn build(extension: u8, company_prefix: &str, serial: u64) -> Result<Sscc, SsccFault> {
        let prefix = company_prefix.as_bytes();
        if extension > 9 {
            return Err(SsccFault::Extension);
        }
        if !matches!(prefix.len(), 4..=12) || !prefix.iter().all(u8::is_ascii_digit) {
            return Err(SsccFault::CompanyPrefix);
        }
        let room = 16 - prefix.len();
        let largest = 10u64.pow(room as u32) - 1;
        if serial > largest {
            return Err(SsccFault::SerialTooLarge { largest });
        }
        let mut digits = [b'0'; 18];
        digits[0] = b'0' + extension;
        digits[1..=prefix.len()].copy_from_slice(prefix);
        let mut rest = serial;
        for digit in digits[17 - room..17].iter_mut().rev() {
            *digit = b'0' + (rest % 10) as u8;
            rest /= 10;
        }
        digits[17] = check_digit(&digits[..17]).ok_or(SsccFault::CompanyPrefix)?;
        Ok(Key(digits))
    }

    /// True when the number was made from `company_prefix`, whatever its extension digit.
    pub fn is_of(&self, company_prefix: &str) -> bool {
        !company_prefix.is_empty() && self.as_str()[1..17].starts_with(company_prefix)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_sscc_is_built_and_read_back() {
        let sscc = Sscc::build(1, "0614141", 234567890).unwrap();
        assert_eq!(sscc.as_str(), "106141412345678908");
        assert_eq!(Sscc::parse(sscc.as_str()), Ok(sscc));
        assert!(sscc.is_of("0614141") && !sscc.is_of("614141") && !sscc.is_of(""));
        assert_eq!(Sscc::build(0, "950600013435", 9999).unwrap().to_string().len(), 18);
        assert_eq!(Sscc::build(0, "0614141", 7).unwrap().as_str(), "006141410000000074");
    }

    #[test]
    fn an_sscc_that_does_not_fit_is_refused() {
        assert_eq!(Sscc::build(10, "0614141", 1), Err(SsccFault::Extension));
        for prefix in ["", "123", "1234567890123", "12a4", "١٢٣٤"] {
            assert_eq!(Sscc::build(0, prefix, 1), Err(SsccFault::CompanyPrefix), "{prefix}");
        }
        assert_eq!(Sscc::build(0, "950600013435", 10_000), Err(SsccFault::SerialTooLarge { largest: 9999 }));
        assert!(Sscc::build(0, "1234", 999_999_999_999).is_ok());
        assert!(Sscc::build(0, "1234", u64::MAX).is_err());
    }

    #[test]
    fn shorter_gtins_are_padded() {
        for (text, gtin) in [
            ("96385074", "00000096385074"),
            ("036000291452", "00036000291452"),
            ("4006381333931", "04006381333931"),
            ("09506000134352", "09506000134352"),
        ] {
            assert_eq!(Gtin::from_any_length(text).unwrap().as_str(), gtin);
        }
        assert_eq!(Gtin::from_any_length("963850740"), Err(ScanCode::AiLength));
        assert_eq!(Gtin::from_any_length("96385075"), Err(ScanCode::BadCheckDigit));
        assert_eq!(Gtin::from_any_length("9638507x"), Err(ScanCode::AiCharset));
        let inner = Gtin::parse("19506000134359").unwrap();
        assert_eq!((inner.indicator(), inner.is_variable_measure()), (1, false));
    }

    #[test]
    fn upc_e_expands_by_its_last_digit() {
        for (upc_e, upc_a) in [
            ("04252614", "042100005264"),
            ("425261", "042100005264"),
            ("01234565", "012345000065"),
            ("123456", "012345000065"),
            ("01200003", "012000000003"),
            ("01230030", "012300000000"),
            ("01234531", "012300000451"),
            ("01234543", "012340000053"),
            ("01234596", "012345000096"),
        ] {
            assert_eq!(Gtin::from_upc_e(upc_e).map(|gtin| gtin.as_str()[2..].to_owned()), Ok(upc_a.to_owned()));
        }
        assert_eq!(Gtin::from_upc_e("04252615"), Err(ScanCode::BadCheckDigit));
        assert_eq!(Gtin::from_upc_e("24252614"), Err(ScanCode::AiCharset));
        assert_eq!(Gtin::from_upc_e("4252614"), Err(ScanCode::AiLength));
        assert_eq!(Gtin::from_upc_e("42526x"), Err(ScanCode::AiCharset));
    }
}
