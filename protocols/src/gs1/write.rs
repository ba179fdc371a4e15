//! Writing: element strings for printers, and the human-readable line under a barcode.
//!
//! Invariant: nothing is written that this module would refuse to read; a separator follows exactly the values that
//! need one. Where a label needs pairs (`item`), asking for them is up to the caller.

use core::fmt::{self, Write};

use super::ai::AiEntry;
use super::code::{Fault, ScanCode};
use super::element::{Element, GS};
use super::lint::check_value;

/// Why nothing, or not all, was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WriteFault {
    /// An element may not be written.
    Fault(Fault),
    /// The writer took no more.
    Full,
}

impl From<Fault> for WriteFault {
    fn from(fault: Fault) -> Self {
        WriteFault::Fault(fault)
    }
}

impl From<fmt::Error> for WriteFault {
    fn from(_: fmt::Error) -> Self {
        WriteFault::Full
    }
}

impl fmt::Display for WriteFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            WriteFault::Fault(fault) => fault.fmt(f),
            WriteFault::Full => f.write_str("no room for the text"),
        }
    }
}

impl core::error::Error for WriteFault {}

pub(super) fn checked_entry(element: Element<'_>, current_year: u16) -> Result<&'static AiEntry, Fault> {
    let entry = element.ai.entry().ok_or(Fault::of(ScanCode::UnknownAi, element.ai, 0))?;
    check_value(entry, element.value.as_bytes(), current_year)
        .map_err(|wrong| Fault { linter: wrong.linter, ..Fault::of(wrong.code, element.ai, wrong.at) })?;
    Ok(entry)
}

/// The data of a barcode in FNC1 mode, without the leading FNC1: elements in the order given, GS where one is needed.
/// Values of predefined length first make the shortest symbol.
///
/// # Errors
/// The first element that is not one, or a full writer; what was written before stays written.
pub fn write_element_string(
    out: &mut impl Write,
    elements: &[Element<'_>],
    current_year: u16,
) -> Result<(), WriteFault> {
    for (index, element) in elements.iter().enumerate() {
        let entry = checked_entry(*element, current_year)?;
        write!(out, "{}{}", element.ai, element.value)?;
        if !entry.predefined_length && index + 1 < elements.len() {
            out.write_char(GS as char)?;
        }
    }
    Ok(())
}

/// The human-readable interpretation: AIs in brackets, which are not part of the data (General Specifications, 4.14).
///
/// # Errors
/// As [`write_element_string`].
pub fn write_human_readable(
    out: &mut impl Write,
    elements: &[Element<'_>],
    current_year: u16,
) -> Result<(), WriteFault> {
    for element in elements {
        checked_entry(*element, current_year)?;
        write!(out, "({}){}", element.ai, element.value)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::ai::Ai;
    use super::super::element::parse_elements;
    use super::*;

    #[test]
    fn a_label_is_written_and_read_back() {
        let elements = [
            Element { ai: Ai::GTIN, value: "09506000134352" },
            Element { ai: Ai::LOT, value: "ABC(1)" },
            Element { ai: Ai::EXPIRY, value: "261200" },
            Element { ai: Ai::SERIAL, value: "S1" },
        ];
        let (mut data, mut text) = (String::new(), String::new());
        write_element_string(&mut data, &elements, 2026).unwrap();
        write_human_readable(&mut text, &elements, 2026).unwrap();
        assert_eq!(data, "010950600013435210ABC(1)\u{1d}1726120021S1");
        assert_eq!(text, "(01)09506000134352(10)ABC(1)(17)261200(21)S1");
        assert_eq!(parse_elements(&data, 2026).unwrap().iter().collect::<Vec<_>>(), elements);
    }

    #[test]
    fn what_could_not_be_read_is_not_written() {
        for (ai, value, code) in [
            (Ai::GTIN, "09506000134353", ScanCode::BadCheckDigit),
            (Ai::LOT, "", ScanCode::EmptyValue),
            (Ai::LOT, "a b", ScanCode::AiCharset),
            (Ai::LOT, "A\u{1d}17261231", ScanCode::AiCharset),
            (Ai::LOT, "123456789012345678901", ScanCode::AiLength),
        ] {
            let wrote = write_element_string(&mut String::new(), &[Element { ai, value }], 2026);
            assert!(matches!(wrote, Err(WriteFault::Fault(fault)) if fault.code == code), "{value:?}: {wrote:?}");
        }
    }
}
