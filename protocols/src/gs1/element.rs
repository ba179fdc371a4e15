//! Element strings: the data of a GS1 carrier, split into application identifiers and values.
//!
//! Invariant: nothing is copied and nothing is allocated; an element is a slice of the data. A missing separator is
//! never guessed: what follows a value of fixed length without one is `trailing_data`. Pairing rules are not checked
//! here, because they hold for the physical item, which may carry more than one barcode (`item`).

use super::ai::{Ai, AiEntry, Found, find};
use super::code::{Fault, ScanCode};
use super::lint::check_value;
use super::table::ENTRIES;

/// FNC1 as scanners transmit it between elements.
pub const GS: u8 = 0x1d;
/// Most bytes of one scan. The largest GS1 carrier holds fewer than 3,000 characters, element strings fewer than 100;
/// an address on a label is short.
pub const MAX_DATA: usize = 1024;
/// Most elements of one carrier.
pub const MAX_ELEMENTS: usize = 40;

/// An application identifier with its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Element<'a> {
    /// The identifier.
    pub ai: Ai,
    /// The value, within the character set of its AI.
    pub value: &'a str,
}

#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Slot {
    pub(super) ai: u16,
    pub(super) start: u16,
    pub(super) len: u8,
    pub(super) entry: u8,
}

/// The elements of one carrier, in the order of the data.
#[derive(Clone, Debug)]
pub struct Elements<'a> {
    data: &'a str,
    count: u8,
    slots: [Slot; MAX_ELEMENTS],
}

impl<'a> Elements<'a> {
    pub(super) fn new(data: &'a str) -> Self {
        Elements { data, count: 0, slots: [Slot::default(); MAX_ELEMENTS] }
    }

    pub(super) fn set_data(&mut self, data: &'a str) {
        self.data = data;
    }

    pub(super) fn push(&mut self, slot: Slot) -> Result<(), Fault> {
        let start = slot.start as usize;
        let free = self.slots.get_mut(self.count as usize).ok_or(Fault::new(ScanCode::TooLong, start))?;
        *free = slot;
        self.count += 1;
        Ok(())
    }

    /// How many elements there are, repeats included.
    pub fn len(&self) -> usize {
        self.count as usize
    }

    /// True when there is none.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// The elements in the order of the data.
    pub fn iter(&self) -> impl Iterator<Item = Element<'a>> + '_ {
        self.slots().iter().map(|slot| Element { ai: Ai(slot.ai), value: self.value(slot) })
    }

    /// The value of an AI; the first, if it is repeated.
    pub fn get(&self, ai: Ai) -> Option<&'a str> {
        self.slots().iter().find(|slot| slot.ai == ai.0).map(|slot| self.value(slot))
    }

    pub(super) fn slots(&self) -> &[Slot] {
        self.slots.get(..self.count as usize).unwrap_or_default()
    }

    pub(super) fn value(&self, slot: &Slot) -> &'a str {
        let start = slot.start as usize;
        self.data.get(start..start + slot.len as usize).unwrap_or_default()
    }

    /// `repeat_conflict` when an AI occurs twice with different values.
    pub(super) fn check_repeats(&self) -> Result<(), Fault> {
        for (index, slot) in self.slots().iter().enumerate() {
            let earlier = self.slots()[..index].iter().find(|other| other.ai == slot.ai);
            if earlier.is_some_and(|other| self.value(other) != self.value(slot)) {
                return Err(Fault::of(ScanCode::RepeatConflict, Ai(slot.ai), slot.start as usize));
            }
        }
        Ok(())
    }

    /// The lot or serial that seems to have swallowed the AI after it: it ends in `17` and a date, or (for a lot) in
    /// `21` and at least six letters or digits, while no separator was seen. A warning and nothing more: such lots
    /// exist, and a value is never split by guess.
    pub fn fnc1_suspect(&self, current_year: u16) -> Option<Ai> {
        if self.data.as_bytes().contains(&GS) {
            return None;
        }
        let glued = |slot: &&Slot| {
            let value = self.value(slot).as_bytes();
            match Ai(slot.ai) {
                Ai::LOT => {
                    self.get(Ai::EXPIRY).is_none() && ends_in_expiry(value, current_year)
                        || self.get(Ai::SERIAL).is_none() && ends_in_serial(value)
                }
                Ai::SERIAL => self.get(Ai::EXPIRY).is_none() && ends_in_expiry(value, current_year),
                _ => false,
            }
        };
        self.slots().iter().find(glued).map(|slot| Ai(slot.ai))
    }
}

/// Fewest characters that make a serial plausible behind `21`.
const SERIAL_TAIL: usize = 6;

fn ends_in_expiry(value: &[u8], current_year: u16) -> bool {
    let Some((head, tail)) = value.split_last_chunk::<8>() else { return false };
    !head.is_empty() && tail.starts_with(b"17") && super::date::yymmdd(&tail[2..], current_year).is_some()
}

fn ends_in_serial(value: &[u8]) -> bool {
    (1..value.len().saturating_sub(SERIAL_TAIL + 1))
        .any(|at| value[at..].starts_with(b"21") && value[at + 2..].iter().all(u8::is_ascii_alphanumeric))
}

/// Splits and checks an element string. One separator after any value is accepted, also where none is needed and at
/// either end of the data. `current_year` decides centuries.
///
/// # Errors
/// The first thing that is wrong, from left to right; then a repeated AI with another value.
pub fn parse_elements(data: &str, current_year: u16) -> Result<Elements<'_>, Fault> {
    let bytes = data.as_bytes();
    if bytes.len() > MAX_DATA {
        return Err(Fault::new(ScanCode::TooLong, MAX_DATA));
    }
    let mut at = usize::from(bytes.first() == Some(&GS));
    if at == bytes.len() {
        return Err(Fault::new(ScanCode::Empty, 0));
    }
    let mut elements = Elements::new(data);
    while at < bytes.len() {
        let (ai, entry) = match find(&bytes[at..]) {
            Found::Entry(ai, entry) => (ai, entry),
            Found::Short => return Err(Fault::new(ScanCode::Truncated, at)),
            Found::Unknown => return Err(Fault::new(ScanCode::UnknownAi, at)),
        };
        let start = at + ai.digits();
        let end = value_end(ai, &ENTRIES[entry], bytes, start)?;
        check_value(&ENTRIES[entry], &bytes[start..end], current_year)
            .map_err(|wrong| Fault { linter: wrong.linter, ..Fault::of(wrong.code, ai, start + wrong.at) })?;
        elements.push(Slot { ai: ai.0, start: start as u16, len: (end - start) as u8, entry: entry as u8 })?;
        at = end + usize::from(bytes.get(end) == Some(&GS));
    }
    elements.check_repeats()?;
    Ok(elements)
}

/// Where the value that begins at `start` ends, within the lengths of its AI.
#[inline]
fn value_end(ai: Ai, entry: &AiEntry, bytes: &[u8], start: usize) -> Result<usize, Fault> {
    let (min, max) = (entry.min_len as usize, entry.max_len as usize);
    let rest = &bytes[start..];
    let window = &rest[..rest.len().min(max)];
    let len = window.iter().position(|byte| *byte == GS).unwrap_or(window.len());
    let fault = |code, at| Err(Fault::of(code, ai, at));
    if len == 0 {
        return fault(ScanCode::EmptyValue, start);
    }
    if len < min {
        let cut_off = len == rest.len() && min == max;
        return fault(if cut_off { ScanCode::Truncated } else { ScanCode::AiLength }, start + len);
    }
    let separated = rest.get(len).is_none_or(|next| *next == GS);
    if !separated && !entry.predefined_length {
        return fault(if min == max { ScanCode::TrailingData } else { ScanCode::AiLength }, start + len);
    }
    Ok(start + len)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(data: &str) -> Result<Vec<(String, String)>, (ScanCode, u16)> {
        match parse_elements(data, 2026) {
            Ok(elements) => Ok(elements.iter().map(|e| (e.ai.to_string(), e.value.to_owned())).collect()),
            Err(fault) => Err((fault.code, fault.at)),
        }
    }

    fn fault(data: &str) -> Option<ScanCode> {
        codes(data).err().map(|(code, _)| code)
    }

    #[test]
    fn a_pallet_label_is_split() {
        let data = "010950600013435217261231\u{30}\u{31}";
        assert_eq!(fault(data), Some(ScanCode::EmptyValue), "a second GTIN without a value");
        let data = "01095060001343521726123110ABC\u{1d}21S1";
        let read = codes(data).unwrap();
        let expected = [("01", "09506000134352"), ("17", "261231"), ("10", "ABC"), ("21", "S1")];
        assert_eq!(read, expected.map(|(ai, value)| (ai.to_owned(), value.to_owned())));
    }

    #[test]
    fn one_separator_is_welcome_after_every_value_and_at_both_ends() {
        for data in [
            "\u{1d}0109506000134352",
            "0109506000134352\u{1d}",
            "0109506000134352\u{1d}17261231\u{1d}10A\u{1d}",
            "10A\u{1d}0109506000134352",
        ] {
            assert_eq!(fault(data), None, "{data:?}");
        }
        for data in ["0109506000134352\u{1d}\u{1d}17261231", "10A\u{1d}\u{1d}", "\u{1d}\u{1d}10A"] {
            assert_eq!(fault(data), Some(ScanCode::UnknownAi), "{data:?}");
        }
        assert_eq!((fault(""), fault("\u{1d}")), (Some(ScanCode::Empty), Some(ScanCode::Empty)));
    }

    #[test]
    fn each_code_points_at_its_place() {
        for (data, expected) in [
            ("0109506000134353", (ScanCode::BadCheckDigit, 2)),
            ("0409506000134352", (ScanCode::UnknownAi, 0)),
            ("010950600013435217261231x", (ScanCode::UnknownAi, 24)),
            ("01095060001343521", (ScanCode::Truncated, 16)),
            ("010950600013435", (ScanCode::Truncated, 15)),
            ("010950600013435\u{1d}10A", (ScanCode::AiLength, 15)),
            ("0109506000134352310", (ScanCode::Truncated, 16)),
            ("10123456789012345678901", (ScanCode::AiLength, 22)),
            ("4021234567890123456\u{1d}", (ScanCode::AiLength, 19)),
            ("40261414112345678902x", (ScanCode::TrailingData, 20)),
            ("10A B", (ScanCode::AiCharset, 3)),
            ("10AÄ", (ScanCode::AiCharset, 3)),
            ("17260231", (ScanCode::BadDate, 2)),
            ("10\u{1d}21A", (ScanCode::EmptyValue, 2)),
            ("10", (ScanCode::EmptyValue, 2)),
            ("10A\u{1d}10B", (ScanCode::RepeatConflict, 6)),
        ] {
            assert_eq!(codes(data), Err(expected), "{data:?}");
        }
        assert_eq!(fault("10A\u{1d}10A"), None, "an equal repeat is fine");
        assert_eq!(fault(&"9".repeat(MAX_DATA + 1)), Some(ScanCode::TooLong));
        assert_eq!(fault(&"10A\u{1d}".repeat(MAX_ELEMENTS)), None);
        assert_eq!(fault(&"10A\u{1d}".repeat(MAX_ELEMENTS + 1)), Some(ScanCode::TooLong));
    }

    #[test]
    fn a_lot_that_swallowed_its_neighbour_is_suspected_and_never_split() {
        let suspect = |data| parse_elements(data, 2026).unwrap().fnc1_suspect(2026);
        assert_eq!(suspect("010950600013435210ABC17261231"), Some(Ai::LOT));
        assert_eq!(suspect("010950600013435210ABC21SER00001"), Some(Ai::LOT));
        assert_eq!(suspect("010950600013435221SER17261231"), Some(Ai::SERIAL));
        for plain in [
            "010950600013435210ABC\u{1d}17261231",
            "010950600013435210ABC17261331",
            "01095060001343521017261231",
            "010950600013435210ABC2101",
            "010950600013435210ABC21-2026-04",
            "01095060001343521726123110ABC17261231",
        ] {
            assert_eq!(suspect(plain), None, "{plain:?}");
        }
    }
}
