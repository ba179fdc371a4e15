//! From what a scanner sent to what the floor resolves.
//!
//! Invariant: the bytes are read here and nowhere behind; what is wrong with them goes along as a fault, so that the
//! command still uses up its number. What a scan means is not decided here.

use chrono::NaiveDate;
use munshi_domain::floor::{FloorCode, Lot, Scan, SerialNo};
use munshi_protocols::{
    gs1::{
        Ai, Candidate, GsDate, ItemScan, Place, ScanCode, ScannerProfile, Scratch, SiteRules, measure, normalise,
        read_scan,
    },
    limits,
};

/// Codes of the floor and of the reader have the same words.
fn word(code: ScanCode) -> Option<FloorCode> {
    FloorCode::parse(code.name())
}

fn faulty(raw: &str, code: FloorCode) -> Scan {
    Scan { text: raw.chars().take(limits::BARCODE_BYTES).collect(), fault: Some(code), ..Scan::default() }
}

fn day(date: GsDate) -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(i32::from(date.year), u32::from(date.month), u32::from(date.day))
}

/// Reads a raw scan. `year` decides centuries.
pub fn read(raw: &str, aim: Option<&str>, year: u16) -> Scan {
    if raw.len() > limits::BARCODE_BYTES {
        return faulty(raw, FloorCode::TooLong);
    }
    let (mut scratch, mut buffer) = (Scratch::default(), [0; munshi_protocols::gs1::MAX_DATA]);
    let (profile, rules) = (ScannerProfile::default(), SiteRules::gs1_only(year));
    let read = match read_scan(raw.as_bytes(), aim, &profile, &rules, &mut scratch) {
        Ok(read) => read,
        Err(fault) => return faulty(raw, word(fault.code).unwrap_or(FloorCode::NoMatch)),
    };
    let text = normalise(raw.as_bytes(), aim, &profile, &mut buffer).map_or(raw, |text| text.text);
    let mut scan = Scan {
        text: text.to_owned(),
        symbology: read.symbology.map(|known| known.id().to_owned()),
        warnings: read.warnings().filter_map(word).collect(),
        ..Scan::default()
    };
    for candidate in read.candidates() {
        match candidate {
            Candidate::Item(item) if scan.gtin.is_none() => add_item(&mut scan, item),
            Candidate::Measured(item) if scan.gtin.is_none() => scan.gtin = Some(item.gtin.as_str().to_owned()),
            Candidate::Plate(sscc) => scan.sscc = Some(sscc.as_str().to_owned()),
            Candidate::Location(Place::Gln(gln, _)) => scan.gln = Some(gln.as_str().to_owned()),
            _ => {}
        }
    }
    if let Some(elements) = &read.elements {
        // A label of a lot or serial alone names no item; the item at hand does.
        let lot = elements.get(Ai::LOT).and_then(|text| Lot::parse(text).ok());
        let serial = elements.get(Ai::SERIAL).and_then(|text| SerialNo::parse(text).ok());
        (scan.lot, scan.serial) = (scan.lot.or(lot), scan.serial.or(serial));
        scan.weight = elements.iter().find_map(weight);
    }
    scan
}

fn add_item(scan: &mut Scan, item: &ItemScan<'_>) {
    scan.gtin = Some(item.gtin.as_str().to_owned());
    scan.lot = item.lot.and_then(|text| Lot::parse(text).ok());
    scan.serial = item.serial.and_then(|text| SerialNo::parse(text).ok());
    scan.expiry = item.expiry.and_then(day);
    scan.count = item.count;
}

/// A weight in kilograms, as printed.
fn weight(element: munshi_protocols::gs1::Element<'_>) -> Option<String> {
    let measured = measure(element)?;
    (measured.unit == Some("KGM")).then(|| measured.amount.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_is_read_and_plain_text_stays_plain() {
        let scan = read("]C1010950600013435217270300310300125010L1\u{1d}21S9", None, 2026);
        assert_eq!(scan.gtin.as_deref(), Some("09506000134352"), "{scan:?}");
        assert_eq!(scan.expiry, NaiveDate::from_ymd_opt(2027, 3, 31), "day 00 is the last of the month");
        assert_eq!(scan.weight.as_deref(), Some("1.250"));
        assert_eq!((scan.lot.unwrap().as_str(), scan.serial.unwrap().as_str()), ("L1", "S9"));
        assert_eq!((scan.symbology.as_deref(), scan.fault), (Some("]C1"), None));
        let plain = read("A-01\r\n", None, 2026);
        assert!(plain.is_plain() && plain.text == "A-01" && plain.symbology.is_none(), "{plain:?}");
        assert_eq!(read("9506000134352", None, 2026).gtin.as_deref(), Some("09506000134352"));
        assert_eq!(read("106141412345678908", None, 2026).sscc.as_deref(), Some("106141412345678908"));
    }

    #[test]
    fn what_is_wrong_with_the_bytes_goes_along_as_a_fault() {
        let fault = |raw: &str| read(raw, None, 2026).fault;
        assert_eq!(fault(""), Some(FloorCode::Empty));
        assert_eq!(fault(&"x".repeat(300)), Some(FloorCode::TooLong));
        assert_eq!(fault("]C10109506000134353"), Some(FloorCode::BadCheckDigit));
        assert_eq!(fault("]C10109506000134352310"), Some(FloorCode::Truncated));
    }
}
