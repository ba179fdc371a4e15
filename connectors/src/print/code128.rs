//! Code 128 symbols (ISO/IEC 15417), among them GS1-128.
//!
//! Invariant: a [`Symbol`] is the shortest one for its data that code sets B and C allow, with a right check character.
//! What it does not do: control characters (code set A), and looking into GS1 data; [`super::Sscc`] does that for SSCCs.

use super::PrintError;

/// Most symbol characters a symbol may have: wider ones fit no label at the smallest module.
const LONGEST: usize = 80;
const START_B: u8 = 104;
const START_C: u8 = 105;
const CODE_B: u8 = 100;
const CODE_C: u8 = 99;
const FNC1: u8 = 102;
const STOP: u8 = 106;

/// Widths of bars and spaces in modules, bar first, by symbol character value (ISO/IEC 15417, table 1).
const WIDTHS: [&[u8]; 107] = [
    b"212222", b"222122", b"222221", b"121223", b"121322", b"131222", b"122213", b"122312", b"132212", b"221213",
    b"221312", b"231212", b"112232", b"122132", b"122231", b"113222", b"123122", b"123221", b"223211", b"221132",
    b"221231", b"213212", b"223112", b"312131", b"311222", b"321122", b"321221", b"312212", b"322112", b"322211",
    b"212123", b"212321", b"232121", b"111323", b"131123", b"131321", b"112313", b"132113", b"132311", b"211313",
    b"231113", b"231311", b"112133", b"112331", b"132131", b"113123", b"113321", b"133121", b"313121", b"211331",
    b"231131", b"213113", b"213311", b"213131", b"311123", b"311321", b"331121", b"312113", b"312311", b"332111",
    b"314111", b"221411", b"431111", b"111224", b"111422", b"121124", b"121421", b"141122", b"141221", b"112214",
    b"112412", b"122114", b"122411", b"142112", b"142211", b"241211", b"221114", b"413111", b"241112", b"134111",
    b"111242", b"121142", b"121241", b"114212", b"124112", b"124211", b"411212", b"421112", b"421211", b"212141",
    b"214121", b"412121", b"111143", b"111341", b"131141", b"114113", b"114311", b"411113", b"411311", b"113141",
    b"114131", b"311141", b"411131", b"211412", b"211214", b"211232", b"2331112",
];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Set {
    B,
    C,
}

/// What a symbol carries, one character or function at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Datum {
    Char(u8),
    Fnc1,
}

/// A Code 128 symbol: start character, data, check character, stop character.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Symbol {
    values: Vec<u8>,
}

impl Symbol {
    /// The symbol for printable ASCII text, as used for tracking numbers and location codes.
    ///
    /// # Errors
    /// `barcode_empty`, `barcode_character` for anything outside ASCII 32 to 126, `barcode_too_long`.
    pub fn text(field: &'static str, text: &str) -> Result<Self, PrintError> {
        Self::new(field, &[], text)
    }

    /// The GS1-128 symbol for an element string without further separators: FNC1 stands first.
    ///
    /// # Errors
    /// As [`Self::text`].
    pub fn gs1(field: &'static str, element_string: &str) -> Result<Self, PrintError> {
        Self::new(field, &[Datum::Fnc1], element_string)
    }

    fn new(field: &'static str, prefix: &[Datum], text: &str) -> Result<Self, PrintError> {
        if text.is_empty() {
            return Err(PrintError::BarcodeEmpty { field });
        }
        if !text.bytes().all(|byte| (32..=126).contains(&byte)) {
            return Err(PrintError::BarcodeCharacter { field });
        }
        if text.len() > 2 * LONGEST {
            return Err(PrintError::BarcodeTooLong { field });
        }
        let data: Vec<Datum> = prefix.iter().copied().chain(text.bytes().map(Datum::Char)).collect();
        let mut values = shortest(&data);
        if values.len() > LONGEST {
            return Err(PrintError::BarcodeTooLong { field });
        }
        values.push(check_character(&values));
        values.push(STOP);
        Ok(Self { values })
    }

    /// Symbol character values from start to stop.
    pub fn values(&self) -> &[u8] {
        &self.values
    }

    /// Width in modules, without quiet zones: 11 a character, 13 for the stop.
    pub fn width(&self) -> usize {
        11 * self.values.len() + 2
    }

    /// Widths in modules: bar, space, bar … bar.
    pub fn widths(&self) -> impl Iterator<Item = u8> + '_ {
        self.values.iter().flat_map(|&value| WIDTHS[usize::from(value)]).map(|digit| digit - b'0')
    }

    /// Bars as `(first module, modules)`.
    pub fn bars(&self) -> Vec<(usize, usize)> {
        let mut at = 0;
        let mut bars = Vec::new();
        for (index, width) in self.widths().enumerate() {
            if index % 2 == 0 {
                bars.push((at, usize::from(width)));
            }
            at += usize::from(width);
        }
        bars
    }
}

/// Modulo 103 of the start value and each further value times its place (ISO/IEC 15417, annex A).
fn check_character(values: &[u8]) -> u8 {
    let sum: usize = values.iter().enumerate().map(|(place, &value)| place.max(1) * usize::from(value)).sum();
    u8::try_from(sum % 103).unwrap_or(0)
}

/// Start and data characters of the shortest symbol; staying in a code set wins a tie.
fn shortest(data: &[Datum]) -> Vec<u8> {
    let cost = costs(data);
    let mut set = if cost[0][Set::C as usize] < cost[0][Set::B as usize] { Set::C } else { Set::B };
    let mut values = vec![if set == Set::C { START_C } else { START_B }];
    let mut at = 0;
    while at < data.len() {
        let stay = step(data, at, set).map(|(_, used)| 1 + cost[at + used][set as usize]);
        if stay == Some(cost[at][set as usize]) {
            if let Some((value, used)) = step(data, at, set) {
                values.push(value);
                at += used;
            }
        } else {
            set = if set == Set::B { Set::C } else { Set::B };
            values.push(if set == Set::B { CODE_B } else { CODE_C });
        }
    }
    values
}

/// For each position, how many characters the rest takes from code set B and from code set C.
fn costs(data: &[Datum]) -> Vec<[usize; 2]> {
    let mut cost = vec![[0, 0]; data.len() + 1];
    for at in (0..data.len()).rev() {
        let inside = [Set::B, Set::C]
            .map(|set| step(data, at, set).map_or(usize::MAX / 2, |(_, used)| 1 + cost[at + used][set as usize]));
        cost[at] = [inside[0].min(1 + inside[1]), inside[1].min(1 + inside[0])];
    }
    cost
}

/// The character that code set `set` has for the data at `at`, and how much of the data it takes.
fn step(data: &[Datum], at: usize, set: Set) -> Option<(u8, usize)> {
    match (data[at], set) {
        (Datum::Fnc1, _) => Some((FNC1, 1)),
        (Datum::Char(byte), Set::B) => Some((byte - 32, 1)),
        (Datum::Char(first), Set::C) => match data.get(at + 1) {
            Some(&Datum::Char(second)) if first.is_ascii_digit() && second.is_ascii_digit() => {
                Some((10 * (first - b'0') + (second - b'0'), 2))
            }
            _ => None,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(text: &str) -> Vec<u8> {
        Symbol::text("t", text).unwrap().values().to_vec()
    }

    #[test]
    fn every_pattern_is_eleven_modules_with_an_even_number_of_dark_ones_and_unlike_the_others() {
        for (value, widths) in WIDTHS.iter().enumerate().take(106) {
            let sum: u32 = widths.iter().map(|w| u32::from(w - b'0')).sum();
            let dark: u32 = widths.iter().step_by(2).map(|w| u32::from(w - b'0')).sum();
            assert_eq!((widths.len(), sum, dark % 2), (6, 11, 0), "value {value}");
        }
        let distinct: std::collections::BTreeSet<_> = WIDTHS.iter().collect();
        assert_eq!(distinct.len(), 107);
    }

    #[test]
    fn digits_are_paired_where_that_is_shorter() {
        // Start C, 12, 34, check, stop.
        assert_eq!(values("1234"), [START_C, 12, 34, 82, STOP]);
        // Two digits inside text are not worth two changes.
        assert_eq!(values("A12B").len(), 1 + 4 + 2);
        // Six are; an odd one is left outside the pairs.
        assert_eq!(values("A123456B").len(), 1 + 1 + 1 + 3 + 1 + 1 + 2);
        assert_eq!(values("12345").len(), 1 + 2 + 1 + 1 + 2);
    }

    #[test]
    fn gs1_data_begins_with_start_c_and_fnc1() {
        let symbol = Symbol::gs1("t", "00006141411234567890").unwrap();
        assert_eq!(symbol.values()[..2], [START_C, FNC1]);
        assert_eq!(symbol.values().len(), 2 + 10 + 2);
        assert_eq!(symbol.width(), 156);
    }

    #[test]
    fn what_cannot_be_printed_is_refused_by_name() {
        let code = |text: &str| Symbol::text("t", text).unwrap_err().code();
        assert_eq!(code(""), "barcode_empty");
        assert_eq!(code("لاہور"), "barcode_character");
        assert_eq!(code("a\tb"), "barcode_character");
        assert_eq!(code(&"a".repeat(LONGEST)), "barcode_too_long");
        assert_eq!(code(&"1".repeat(1000)), "barcode_too_long");
    }
}
