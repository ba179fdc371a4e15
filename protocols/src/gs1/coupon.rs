//! North American coupons: AI 8110 (GS1 DataBar coupon) and AI 8112 (positive offer file).
//!
//! Source: "North American Coupon Application Guideline Using GS1 DataBar Expanded Symbols" and "GS1 AI (8112) Coupon
//! Data Specification". Invariant: the value is read left to right once; every length indicator is bounded.

use super::code::ScanCode;
use super::date::yymmdd;

type Checked<T = ()> = Result<T, ScanCode>;

const WRONG: ScanCode = ScanCode::AiCharset;

struct Digits<'a>(&'a [u8]);

impl<'a> Digits<'a> {
    fn of(value: &'a [u8]) -> Checked<Self> {
        if value.iter().all(u8::is_ascii_digit) { Ok(Digits(value)) } else { Err(WRONG) }
    }

    fn take(&mut self, count: usize) -> Checked<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(count).ok_or(WRONG)?;
        self.0 = rest;
        Ok(taken)
    }

    /// One digit out of `allowed`.
    fn one_of(&mut self, allowed: &[u8]) -> Checked<usize> {
        match self.take(1)? {
            [digit] if allowed.contains(digit) => Ok((digit - b'0') as usize),
            _ => Err(WRONG),
        }
    }

    /// A length indicator out of `allowed`, then that many digits and `more`.
    fn counted(&mut self, allowed: &[u8], more: usize) -> Checked<&'a [u8]> {
        let count = self.one_of(allowed)?;
        self.take(count + more)
    }

    /// Consumes the tag of an optional field if it is next.
    fn starts(&mut self, tag: u8) -> bool {
        let next = self.0.first() == Some(&tag);
        self.0 = &self.0[next as usize..];
        next
    }

    /// A purchase: requirement, its code, and the family code.
    fn purchase(&mut self) -> Checked {
        self.counted(b"12345", 0)?;
        self.one_of(b"012349")?;
        self.take(3).map(drop)
    }

    /// The company prefix of a second or third purchase; 9 means that of the first.
    fn other_company(&mut self) -> Checked {
        match self.one_of(b"01234569")? {
            9 => Ok(()),
            count => self.take(count + 6).map(drop),
        }
    }

    fn date(&mut self, current_year: u16) -> Checked<&'a [u8]> {
        let text = self.take(6)?;
        match yymmdd(text, current_year) {
            Some(date) if !date.day_unspecified => Ok(text),
            _ => Err(ScanCode::BadDate),
        }
    }

    fn finish(self) -> Checked {
        if self.0.is_empty() { Ok(()) } else { Err(WRONG) }
    }
}

/// AI 8110.
pub(super) fn coupon_code(value: &[u8], current_year: u16) -> Checked {
    let mut digits = Digits::of(value)?;
    digits.counted(b"0123456", 6)?; // company prefix
    digits.take(6)?; // offer code
    digits.counted(b"12345", 0)?; // save value
    digits.purchase()?;
    if digits.starts(b'1') {
        digits.one_of(b"0123")?; // additional purchase rules
        digits.purchase()?;
        digits.other_company()?;
    }
    if digits.starts(b'2') {
        digits.purchase()?;
        digits.other_company()?;
    }
    let expiry = if digits.starts(b'3') { Some(digits.date(current_year)?) } else { None };
    if digits.starts(b'4') {
        let start = digits.date(current_year)?;
        if expiry.is_some_and(|expiry| start > expiry) {
            return Err(ScanCode::BadDate);
        }
    }
    if digits.starts(b'5') {
        digits.counted(b"0123456789", 6)?; // serial number
    }
    if digits.starts(b'6') {
        digits.counted(b"1234567", 6)?; // retailer
    }
    if digits.starts(b'9') {
        digits.one_of(b"01256")?; // save value code
        digits.one_of(b"012")?; // the item it applies to
        digits.take(1)?; // store coupon
        digits.one_of(b"01")?; // do not multiply
    }
    digits.finish()
}

/// AI 8112.
pub(super) fn positive_offer(value: &[u8]) -> Checked {
    let mut digits = Digits::of(value)?;
    digits.one_of(b"01")?; // format
    digits.counted(b"0123456", 6)?; // funder
    digits.take(6)?; // offer code
    digits.counted(b"0123456789", 6)?; // serial number
    digits.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    const BASE: &str = "012345612345611110123";

    fn coupon(tail: &str) -> Checked {
        coupon_code(format!("{BASE}{tail}").as_bytes(), 2026)
    }

    #[test]
    fn a_coupon_may_have_every_optional_field_in_order() {
        let second = "101101239"; // rules 0, requirement 1, code 0, family 123, company of the first purchase
        let third = "21110120123456"; // with a company prefix of its own
        let (dates, serial, retailer, rest) = ("32612314260101", "50123456", "611234567", "90001");
        let fields = [second, third, dates, serial, retailer, rest];
        for chosen in 0..1 << fields.len() {
            let tail: String = (0..fields.len()).filter(|at| chosen >> at & 1 == 1).map(|at| fields[at]).collect();
            assert_eq!(coupon(&tail), Ok(()), "{tail}");
            if let Some((cut, _)) = tail.char_indices().last() {
                assert!(coupon(&tail[..cut]).is_err(), "{tail} without its last digit");
            }
            assert_eq!(coupon(&format!("{tail}7")), Err(WRONG), "{tail} with excess data");
        }
        assert_eq!(coupon(&format!("{third}{second}")), Err(WRONG), "fields out of order are excess data");
    }

    #[test]
    fn coupon_dates_are_dates_in_order() {
        assert_eq!(coupon("3261231"), Ok(()));
        assert_eq!(coupon("3261200"), Err(ScanCode::BadDate), "no day 00 here");
        assert_eq!(coupon("3260229"), Err(ScanCode::BadDate));
        assert_eq!(coupon("32612314270101"), Err(ScanCode::BadDate), "starts after it expires");
        assert_eq!(coupon("32612314261231"), Ok(()));
        assert_eq!(coupon("326123"), Err(WRONG), "cut off");
    }

    #[test]
    fn each_fixed_field_is_checked() {
        for wrong in ["", "7", "012345", "0123456", "01234561234560", "0123456123456110", "012345612345611115123", "x"]
        {
            assert_eq!(coupon_code(wrong.as_bytes(), 2026), Err(WRONG), "{wrong}");
        }
        for tail in ["0", "7", "8", "14", "90301", "93001", "90002", "60123456", "57"] {
            assert_eq!(coupon(tail), Err(WRONG), "{tail}");
        }
    }

    #[test]
    fn a_positive_offer_ends_with_its_serial() {
        for good in ["001234561234560123456", "101234561234560123456", "061234567890121234569123456789012345"] {
            assert_eq!(positive_offer(good.as_bytes()), Ok(()), "{good}");
        }
        for wrong in
            ["", "2", "0", "07", "00123456", "00123456123456", "0012345612345601234567", "00123456123456012345a"]
        {
            assert_eq!(positive_offer(wrong.as_bytes()), Err(WRONG), "{wrong}");
        }
    }
}
