//! Application identifiers: what the dictionary says about each, and how to find it.
//!
//! Invariant: every AI that starts with the same two digits has the same length, so two digits of input decide where
//! an AI ends; the generator refuses a dictionary that breaks this. Does not look at values.

use core::fmt;

use super::table::{ENTRIES, PREFIXES};

/// An application identifier by its number; its number of digits follows from the first two.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ai(pub(super) u16);

impl Ai {
    /// Serial shipping container code.
    pub const SSCC: Ai = Ai(0);
    /// Global trade item number.
    pub const GTIN: Ai = Ai(1);
    /// GTIN of what a logistic unit contains.
    pub const CONTENT: Ai = Ai(2);
    /// GTIN of a made-to-order item.
    pub const MTO_GTIN: Ai = Ai(3);
    /// Batch or lot.
    pub const LOT: Ai = Ai(10);
    /// Date of production.
    pub const PRODUCTION_DATE: Ai = Ai(11);
    /// Best before date.
    pub const BEST_BEFORE: Ai = Ai(15);
    /// Use-by or expiry date.
    pub const EXPIRY: Ai = Ai(17);
    /// Serial number.
    pub const SERIAL: Ai = Ai(21);
    /// Count of items in a variable-measure trade item.
    pub const VARIABLE_COUNT: Ai = Ai(30);
    /// Count of the trade items in a logistic unit.
    pub const COUNT: Ai = Ai(37);
    /// Global document type identifier.
    pub const GDTI: Ai = Ai(253);
    /// Extension of a GLN.
    pub const GLN_EXTENSION: Ai = Ai(254);
    /// Customer's order number.
    pub const ORDER_NUMBER: Ai = Ai(400);
    /// Global identification number of a consignment.
    pub const GINC: Ai = Ai(401);
    /// Global shipment identification number.
    pub const GSIN: Ai = Ai(402);
    /// GLN of a physical location.
    pub const LOCATION: Ai = Ai(414);
    /// Global returnable asset identifier.
    pub const GRAI: Ai = Ai(8003);
    /// Global individual asset identifier.
    pub const GIAI: Ai = Ai(8004);
    /// Individual piece of a trade item.
    pub const ITIP: Ai = Ai(8006);
    /// Service relation, provider side.
    pub const GSRN_PROVIDER: Ai = Ai(8017);
    /// Service relation, recipient side.
    pub const GSRN_RECIPIENT: Ai = Ai(8018);

    /// The AI whose digits are exactly `text`; `None` when the dictionary has no such AI.
    pub fn parse(text: &str) -> Option<Ai> {
        match find(text.as_bytes()) {
            Found::Entry(ai, _) if text.len() == ai.digits() => Some(ai),
            _ => None,
        }
    }

    /// The number: 1 for "01", 3103 for "3103".
    pub const fn number(self) -> u16 {
        self.0
    }

    /// How many digits it is printed with, 2 to 4.
    pub const fn digits(self) -> usize {
        match self.0 {
            0..=99 => 2,
            100..=999 => 3,
            _ => 4,
        }
    }

    /// The entry of the dictionary; `None` only for a number that no dictionary AI has.
    pub fn entry(self) -> Option<&'static AiEntry> {
        ENTRIES.binary_search_by(|entry| order(entry, self)).ok().map(|index| &ENTRIES[index])
    }
}

/// Entries are sorted by their text, and texts of equal prefix have equal length.
fn order(entry: &AiEntry, ai: Ai) -> core::cmp::Ordering {
    let left_aligned = |number: u16| number as u32 * [1, 1, 100, 10, 1][Ai(number).digits()];
    if entry.first <= ai.0 && ai.0 <= entry.last {
        return core::cmp::Ordering::Equal;
    }
    left_aligned(entry.first).cmp(&left_aligned(ai.0))
}

impl fmt::Display for Ai {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:0width$}", self.0, width = self.digits())
    }
}

/// Which characters a component may hold (GS1 General Specifications, figures 7.11).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Charset {
    /// `N`: digits.
    Digits,
    /// `X`: the 82 characters of ISO/IEC 646 that every GS1 carrier can hold.
    Cset82,
    /// `Y`: 39 characters: digits, capitals, `#`, `-`, `/`.
    Cset39,
    /// `Z`: base64 with the URL alphabet, optional padding.
    Base64Url,
}

/// A content check of the dictionary beyond length and character set, named there in lower case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub enum Linter {
    CheckDigit,
    CheckPair,
    CompanyPrefix,
    CompanyPrefixAt2,
    Country,
    CountryAlpha2,
    CountryOr999,
    CouponCode,
    CouponPositiveOffer,
    Currency,
    Date,
    DateDay00,
    FullDate,
    HasNonDigit,
    Hour,
    HourMinute,
    Hyphen,
    Iban,
    ImporterIndex,
    Latitude,
    Longitude,
    MediaType,
    Minute,
    NoZeroPrefix,
    NonZero,
    PackageType,
    PercentEncoding,
    PieceOfTotal,
    PositionInSequence,
    Second,
    Sex,
    Winding,
    YesNo,
    Zero,
}

impl Linter {
    /// The dictionary's name of the check.
    pub const fn name(self) -> &'static str {
        match self {
            Linter::CheckDigit => "csum",
            Linter::CheckPair => "csumalpha",
            Linter::CompanyPrefix => "gcppos1",
            Linter::CompanyPrefixAt2 => "gcppos2",
            Linter::Country => "iso3166",
            Linter::CountryAlpha2 => "iso3166alpha2",
            Linter::CountryOr999 => "iso3166999",
            Linter::CouponCode => "couponcode",
            Linter::CouponPositiveOffer => "couponposoffer",
            Linter::Currency => "iso4217",
            Linter::Date => "yymmdd",
            Linter::DateDay00 => "yymmd0",
            Linter::FullDate => "yyyymmdd",
            Linter::HasNonDigit => "hasnondigit",
            Linter::Hour => "hh",
            Linter::HourMinute => "hhmi",
            Linter::Hyphen => "hyphen",
            Linter::Iban => "iban",
            Linter::ImporterIndex => "importeridx",
            Linter::Latitude => "latitude",
            Linter::Longitude => "longitude",
            Linter::MediaType => "mediatype",
            Linter::Minute => "mi",
            Linter::NoZeroPrefix => "nozeroprefix",
            Linter::NonZero => "nonzero",
            Linter::PackageType => "packagetype",
            Linter::PercentEncoding => "pcenc",
            Linter::PieceOfTotal => "pieceoftotal",
            Linter::PositionInSequence => "posinseqslash",
            Linter::Second => "ss",
            Linter::Sex => "iso5218",
            Linter::Winding => "winding",
            Linter::YesNo => "yesno",
            Linter::Zero => "zero",
        }
    }
}

/// A part of a value: only the last part of an AI varies in length.
#[derive(Clone, Copy, Debug)]
pub struct Component {
    /// Its character set.
    pub charset: Charset,
    /// Fewest characters when present.
    pub min: u8,
    /// Most characters.
    pub max: u8,
    /// May be absent, when everything after it is absent too.
    pub optional: bool,
    /// Checks in the order of the dictionary.
    pub linters: &'static [Linter],
}

/// A single AI or a run of AIs (`31nn`), inclusive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pattern {
    /// First AI number.
    pub low: u16,
    /// Last AI number.
    pub high: u16,
}

impl Pattern {
    /// True when `ai` is in the run.
    pub const fn matches(self, ai: Ai) -> bool {
        self.low <= ai.0 && ai.0 <= self.high
    }
}

impl fmt::Display for Pattern {
    /// The dictionary's notation: `01`, `310n`, `31nn`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.high - self.low {
            0 => write!(f, "{}", Ai(self.low)),
            9 => write!(f, "{}n", self.low / 10),
            _ => write!(f, "{}nn", self.low / 100),
        }
    }
}

/// AIs that must all be present together (`01+21`).
pub type Group = &'static [Pattern];
/// Groups of which one must be present (`01+21,02`).
pub type Requirement = &'static [Group];

/// One entry of the dictionary: an AI, or a run of AIs that differ in their last digit.
#[derive(Clone, Copy, Debug)]
pub struct AiEntry {
    /// First AI number of the run.
    pub first: u16,
    /// Last AI number of the run.
    pub last: u16,
    /// Digits of each AI.
    pub digits: u8,
    /// Predefined length: no FNC1 is needed after it.
    pub predefined_length: bool,
    /// May be a data attribute (query parameter) of a Digital Link.
    pub link_attribute: bool,
    /// Parts of the value, in order.
    pub components: &'static [Component],
    /// AIs that must not be on the same physical item.
    pub excludes: &'static [Pattern],
    /// Requirements that must all be met by the AIs of the same physical item.
    pub requires: &'static [Requirement],
    /// For a primary key of a Digital Link: its alternative sequences of qualifiers.
    pub link_key: Option<&'static [&'static [u16]]>,
    /// Data title.
    pub title: &'static str,
    /// Fewest characters of a value, from the components.
    pub min_len: u8,
    /// Most characters of a value, from the components.
    pub max_len: u8,
}

/// Runs of entries by the first two digits of their AI; zero digits: no AI starts so.
#[derive(Clone, Copy, Debug)]
pub(super) struct Prefix {
    pub(super) digits: u8,
    pub(super) first: u8,
    pub(super) count: u8,
}

pub(super) const fn component(
    charset: Charset,
    min: u8,
    max: u8,
    optional: bool,
    linters: &'static [Linter],
) -> Component {
    Component { charset, min, max, optional, linters }
}

pub(super) const fn pattern(low: u16, high: u16) -> Pattern {
    Pattern { low, high }
}

pub(super) const fn prefix(digits: u8, first: u8, count: u8) -> Prefix {
    Prefix { digits, first, count }
}

#[allow(clippy::too_many_arguments)] // one argument a column of the table
pub(super) const fn entry(
    first: u16,
    last: u16,
    digits: u8,
    predefined_length: bool,
    link_attribute: bool,
    components: &'static [Component],
    excludes: &'static [Pattern],
    requires: &'static [Requirement],
    link_key: Option<&'static [&'static [u16]]>,
    title: &'static str,
) -> AiEntry {
    let (mut min_len, mut max_len, mut index) = (0, 0, 0);
    while index < components.len() {
        let component = components[index];
        min_len += if component.optional { 0 } else { component.min };
        max_len += component.max;
        index += 1;
    }
    AiEntry {
        first,
        last,
        digits,
        predefined_length,
        link_attribute,
        components,
        excludes,
        requires,
        link_key,
        title,
        min_len,
        max_len,
    }
}

/// What a text begins with.
pub(super) enum Found {
    /// An AI of the dictionary and the index of its entry.
    Entry(Ai, usize),
    /// The text ends, or stops being digits at its end, inside what could be an AI.
    Short,
    /// Not an AI.
    Unknown,
}

/// The AI that `bytes` begins with.
#[inline]
pub(super) fn find(bytes: &[u8]) -> Found {
    let digit = |at: usize| bytes.get(at).map(|byte| byte.wrapping_sub(b'0')).filter(|digit| *digit < 10);
    let (Some(tens), Some(ones)) = (digit(0), digit(1)) else {
        return if bytes.len() == 1 && digit(0).is_some() { Found::Short } else { Found::Unknown };
    };
    let two = tens * 10 + ones;
    let prefix = PREFIXES[two as usize];
    let mut number = two as u16;
    for at in 2..prefix.digits as usize {
        match digit(at) {
            Some(next) => number = number * 10 + next as u16,
            None if at == bytes.len() => return Found::Short,
            None => return Found::Unknown,
        }
    }
    let run = &ENTRIES[prefix.first as usize..prefix.first as usize + prefix.count as usize];
    let index = run.partition_point(|entry| entry.last < number);
    match run.get(index) {
        Some(entry) if entry.first <= number => Found::Entry(Ai(number), prefix.first as usize + index),
        _ => Found::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_ai_of_every_entry_is_found_by_text_and_by_number() {
        let mut count = 0;
        for entry in &ENTRIES {
            for number in entry.first..=entry.last {
                let ai = Ai(number);
                let text = ai.to_string();
                assert_eq!(text.len(), entry.digits as usize, "{text}");
                assert_eq!(Ai::parse(&text), Some(ai), "{text}");
                assert_eq!(ai.entry().map(|found| found.first), Some(entry.first), "{text}");
                count += 1;
            }
        }
        assert!(count > 500, "ranges are expanded: {count}");
    }

    #[test]
    fn what_is_no_ai_is_not_found() {
        for text in ["", "0", "1", "04", "05", "23", "234", "2345", "0101", "310", "3106", "39", "4x", "8", "a1", "٣٤"]
        {
            assert_eq!(Ai::parse(text), None, "{text}");
        }
        for number in [4, 5, 23, 234, 3106, 9999, 65535] {
            assert!(Ai(number).entry().is_none(), "{number}");
        }
    }

    #[test]
    fn a_text_that_ends_inside_an_ai_is_short() {
        for text in ["0", "31", "310", "25", "800"] {
            assert!(matches!(find(text.as_bytes()), Found::Short), "{text}");
        }
        for text in ["", "x", "0x", "31x", "310x", "\u{1d}01"] {
            assert!(matches!(find(text.as_bytes()), Found::Unknown), "{text}");
        }
    }

    #[test]
    fn patterns_are_written_as_in_the_dictionary() {
        let shown = |low, high| pattern(low, high).to_string();
        assert_eq!((shown(1, 1), shown(3940, 3949), shown(3100, 3199)), ("01".into(), "394n".into(), "31nn".into()));
        assert!(pattern(3100, 3199).matches(Ai(3103)) && !pattern(3100, 3199).matches(Ai(3200)));
    }
}
