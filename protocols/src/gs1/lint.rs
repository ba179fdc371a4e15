//! Content checks: everything the dictionary asks of a component beyond its length and character set.
//!
//! All checks named by the dictionary are implemented. `gcppos1` and `gcppos2` ask for the four digits that the
//! shortest company prefix has and look nothing up, like the reference implementation without a look-up service.
//! Invariant: a check sees only its component, never the whole value; it is total over any bytes.

use super::ai::{AiEntry, Linter};
use super::charset::{first_outside, is_base64url};
use super::check::{has_check_digit, has_check_pair};
use super::code::ScanCode;
use super::coupon::{coupon_code, positive_offer};
use super::date::{at_most, is_yyyymmdd, yymmdd};
use super::lists::{COUNTRIES, COUNTRIES_ALPHA2, CURRENCIES, PACKAGE_TYPES};

/// Digits of the shortest GS1 company prefix.
const COMPANY_PREFIX_MIN: usize = 4;
/// An IBAN is longer than this; the shortest in use has 15 characters, the reference check asks for 11.
const IBAN_SHORTER: usize = 10;

/// Why a value is not one of its AI, and where in the value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct ValueFault {
    pub(super) code: ScanCode,
    pub(super) linter: Option<Linter>,
    pub(super) at: usize,
}

/// Checks a whole value against its entry: lengths of the parts, character sets, content.
#[inline]
pub(super) fn check_value(entry: &AiEntry, value: &[u8], current_year: u16) -> Result<(), ValueFault> {
    let fault = |code, linter, at| ValueFault { code, linter, at };
    if value.is_empty() {
        return Err(fault(ScanCode::EmptyValue, None, 0));
    }
    if value.len() > entry.max_len as usize {
        return Err(fault(ScanCode::AiLength, None, entry.max_len as usize));
    }
    let mut at = 0;
    for component in entry.components {
        let rest = &value[at..];
        let part = &rest[..rest.len().min(component.max as usize)];
        if part.is_empty() && component.optional {
            break; // nothing mandatory follows an optional component
        }
        if part.len() < component.min as usize {
            return Err(fault(ScanCode::AiLength, None, value.len()));
        }
        if let Some(wrong) = first_outside(component.charset, part) {
            return Err(fault(ScanCode::AiCharset, None, at + wrong));
        }
        for linter in component.linters {
            if let Err(code) = lint(*linter, part, current_year) {
                return Err(fault(code, Some(*linter), at));
            }
        }
        at += part.len();
    }
    Ok(())
}

/// One check of the dictionary. The code says what kind of wrong it is: check digit, date, or anything else.
pub fn lint(linter: Linter, part: &[u8], current_year: u16) -> Result<(), ScanCode> {
    use Linter as L;
    let (fine, code) = match linter {
        L::CheckDigit => (has_check_digit(part), ScanCode::BadCheckDigit),
        L::CheckPair => (has_check_pair(part), ScanCode::BadCheckDigit),
        L::Iban => return iban(part),
        L::DateDay00 => (yymmdd(part, current_year).is_some(), ScanCode::BadDate),
        L::Date => (yymmdd(part, current_year).is_some_and(|date| !date.day_unspecified), ScanCode::BadDate),
        L::FullDate => (is_yyyymmdd(part), ScanCode::BadDate),
        L::Hour => (part.len() == 2 && at_most(part, 0, 23), ScanCode::BadDate),
        L::Minute | L::Second => (part.len() == 2 && at_most(part, 0, 59), ScanCode::BadDate),
        L::HourMinute => (part.len() == 4 && at_most(part, 0, 23) && at_most(part, 2, 59), ScanCode::BadDate),
        L::CouponCode => return coupon_code(part, current_year),
        L::CouponPositiveOffer => return positive_offer(part),
        _ => (content(linter, part), ScanCode::AiCharset),
    };
    if fine { Ok(()) } else { Err(code) }
}

fn content(linter: Linter, part: &[u8]) -> bool {
    use Linter as L;
    match linter {
        L::CompanyPrefix => starts_with_digits(part),
        L::CompanyPrefixAt2 => part.get(1..).is_some_and(starts_with_digits),
        L::Country => listed(&COUNTRIES, part),
        L::CountryOr999 => part == b"999" || listed(&COUNTRIES, part),
        L::CountryAlpha2 => country_alpha2(part),
        L::Currency => listed(&CURRENCIES, part),
        L::HasNonDigit => part.iter().any(|byte| !byte.is_ascii_digit()),
        L::Hyphen => part == b"-",
        L::ImporterIndex => matches!(part, [index] if is_base64url(*index)),
        L::Latitude => part.len() == 10 && part <= b"1800000000",
        L::Longitude => part.len() == 10 && part <= b"3600000000",
        L::MediaType => number(part).is_some_and(|code| matches!(code, 1..=10 | 80..=99)),
        L::NoZeroPrefix => part.len() == 1 || part.first() != Some(&b'0'),
        L::NonZero => part.iter().any(|byte| *byte != b'0'),
        L::PackageType => PACKAGE_TYPES.binary_search_by(|known| known.as_bytes().cmp(part)).is_ok(),
        L::PercentEncoding => percent_encoded(part),
        L::PieceOfTotal => piece_of_total(part),
        L::PositionInSequence => position_in_sequence(part),
        L::Sex => matches!(part, b"0" | b"1" | b"2" | b"9"),
        L::Winding => matches!(part, b"0" | b"1" | b"9"),
        L::YesNo => matches!(part, b"0" | b"1"),
        L::Zero => part == b"0",
        // Those with a code of their own are handled by the caller.
        _ => false,
    }
}

fn starts_with_digits(part: &[u8]) -> bool {
    part.get(..COMPANY_PREFIX_MIN).is_some_and(|prefix| prefix.iter().all(u8::is_ascii_digit))
}

/// Up to four digits as a number.
fn number(part: &[u8]) -> Option<u16> {
    if part.is_empty() || part.len() > 4 || !part.iter().all(u8::is_ascii_digit) {
        return None;
    }
    Some(part.iter().fold(0, |sum, digit| sum * 10 + (digit - b'0') as u16))
}

fn listed(list: &[u16], part: &[u8]) -> bool {
    part.len() == 3 && number(part).is_some_and(|code| list.binary_search(&code).is_ok())
}

fn country_alpha2(part: &[u8]) -> bool {
    part.first_chunk::<2>().is_some_and(|code| part.len() == 2 && COUNTRIES_ALPHA2.binary_search(code).is_ok())
}

/// ISO 13616: a country, then digits and capitals whose number, moved round by four characters, is 1 modulo 97.
fn iban(part: &[u8]) -> Result<(), ScanCode> {
    if part.len() <= IBAN_SHORTER || !country_alpha2(&part[..2]) {
        return Err(ScanCode::AiCharset);
    }
    let mut remainder = 0u32;
    for byte in part[4..].iter().chain(&part[..4]) {
        remainder = match byte {
            b'0'..=b'9' => remainder * 10 + (byte - b'0') as u32,
            b'A'..=b'Z' => remainder * 100 + (byte - b'A') as u32 + 10,
            _ => return Err(ScanCode::AiCharset),
        } % 97;
    }
    if remainder == 1 { Ok(()) } else { Err(ScanCode::BadCheckDigit) }
}

fn percent_encoded(part: &[u8]) -> bool {
    let is_hex = |at: usize| part.get(at).is_some_and(u8::is_ascii_hexdigit);
    part.iter().enumerate().filter(|(_, byte)| **byte == b'%').all(|(at, _)| is_hex(at + 1) && is_hex(at + 2))
}

/// Halves of a number: piece and total, both at least 1, piece at most total.
fn piece_of_total(part: &[u8]) -> bool {
    if !part.len().is_multiple_of(2) {
        return false;
    }
    let (piece, total) = part.split_at(part.len() / 2);
    matches!((number(piece), number(total)), (Some(piece), Some(total)) if 1 <= piece && piece <= total)
}

/// `position/end` without leading zeros.
fn position_in_sequence(part: &[u8]) -> bool {
    let Some(slash) = part.iter().position(|byte| *byte == b'/') else { return false };
    let (position, end) = (&part[..slash], &part[slash + 1..]);
    let counts = |text: &[u8]| text.first().is_some_and(|first| *first != b'0');
    counts(position)
        && counts(end)
        && matches!((number(position), number(end)), (Some(position), Some(end)) if position <= end)
}

#[cfg(test)]
mod tests {
    use super::*;
    use Linter as L;

    fn check(linter: Linter, good: &[&str], bad: &[&str]) {
        for text in good {
            assert_eq!(lint(linter, text.as_bytes(), 2026), Ok(()), "{} accepts {text:?}", linter.name());
        }
        for text in bad {
            assert!(lint(linter, text.as_bytes(), 2026).is_err(), "{} refuses {text:?}", linter.name());
        }
        assert!(
            lint(linter, b"\xff\x00", 2026).is_err()
                || linter == L::HasNonDigit
                || linter == L::NonZero
                || linter == L::NoZeroPrefix
                || linter == L::PercentEncoding,
            "{}",
            linter.name()
        );
    }

    #[test]
    fn each_check_accepts_and_refuses() {
        check(L::CheckDigit, &["24", "09506000134352"], &["", "25", "2x"]);
        check(L::CheckPair, &["22", "12345_ABCDEFGHIJKLMCP"], &["", "2", "33", "12345_ABCDEFGHIJKLMCQ"]);
        check(L::CompanyPrefix, &["1234", "1234ABC"], &["", "123", "12A4"]);
        check(L::CompanyPrefixAt2, &["91234", "x1234"], &["", "1", "1234", "112A4"]);
        check(L::Country, &["276", "840", "004"], &["", "000", "999", "27", "2766", "27a", "891"]);
        check(L::CountryOr999, &["276", "999"], &["998", "000", ""]);
        check(L::CountryAlpha2, &["DE", "IN", "US"], &["", "D", "de", "XX", "DEU", "AA"]);
        check(L::Currency, &["978", "840", "356"], &["", "000", "977x", "001", "998"]);
        check(L::DateDay00, &["260230".replace("30", "00").as_str(), "240229"], &["", "260230", "261300", "2602"]);
        check(L::Date, &["260228"], &["260200", "260229", ""]);
        check(L::FullDate, &["20260228"], &["20260229", "20260200", "260228", ""]);
        check(L::HasNonDigit, &["1A", "A"], &["", "123"]);
        check(L::Hour, &["00", "23"], &["24", "", "2", "2a", "001"]);
        check(L::Minute, &["00", "59"], &["60", "", "5"]);
        check(L::Second, &["00", "59"], &["60", "", "5"]);
        check(L::HourMinute, &["0000", "2359"], &["2400", "2360", "235", "23590", ""]);
        check(L::Hyphen, &["-"], &["", "+", "--"]);
        check(L::ImporterIndex, &["0", "-", "_", "a", "Z"], &["", "=", "ab", "+"]);
        check(L::Latitude, &["0000000000", "1800000000"], &["1800000001", "", "180000000", "9999999999"]);
        check(L::Longitude, &["0000000000", "3600000000"], &["3600000001", "", "360000000"]);
        check(L::MediaType, &["01", "10", "80", "99"], &["00", "11", "79", "", "x1"]);
        check(L::NoZeroPrefix, &["0", "1", "10"], &["00", "01"]);
        check(L::NonZero, &["001", "1"], &["000", "0", ""]);
        check(L::PackageType, &["8", "201", "BX", "WRP", "1A"], &["", "bx", "QX", "0"]);
        check(L::PercentEncoding, &["", "abc", "a%20b", "%e9"], &["%", "%2", "%2g", "a%%20", "%20%"]);
        check(L::PieceOfTotal, &["0101", "0199", "9999", "001002"], &["", "0001", "0100", "0201", "010"]);
        check(
            L::PositionInSequence,
            &["1/1", "1/9", "9/9"],
            &["", "/", "1/", "/1", "0/1", "1/0", "2/1", "12", "a/b", "1/2/3"],
        );
        check(L::Sex, &["0", "1", "2", "9"], &["", "3", "8", "00"]);
        check(L::Winding, &["0", "1", "9"], &["", "2", "8"]);
        check(L::YesNo, &["0", "1"], &["", "2", "01"]);
        check(L::Zero, &["0"], &["", "1", "00"]);
        check(L::CouponCode, &["012345612345611110123"], &["", "x"]);
        check(L::CouponPositiveOffer, &["001234561234560123456"], &["", "x"]);
    }

    #[test]
    fn ibans_are_checked() {
        check(
            L::Iban,
            &["FR7630006000011234567890189", "DE91100000000123456789", "MU43BOMM0101123456789101000MUR"],
            &[
                "",
                "BE71",
                "BE71096123456760",
                "XX361234567890",
                "LC14BOSLxx3456789012345678901230",
                "fr7630006000011234",
            ],
        );
        assert_eq!(lint(L::Iban, b"BE71096123456760", 2026), Err(ScanCode::BadCheckDigit));
    }
}
