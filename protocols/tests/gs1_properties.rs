//! Properties over arbitrary input: nothing panics, what is written is read back, flipped digits are noticed.

#[allow(dead_code)] // each test file uses a part
mod gs1_values;

use gs1_values::{all_ais, value_of};
use munshi_protocols::gs1::{
    Element, KNOWN_GS_STAND_INS, LinkRules, MAX_CANDIDATES, MAX_DATA, ScannerProfile, Scratch, SiteRules, Sscc,
    check_item, parse_digital_link, parse_elements, read_scan, write_digital_link, write_element_string,
    write_human_readable,
};
use proptest::prelude::*;

const YEAR: u16 = 2026;
const RULES: LinkRules = LinkRules { current_year: YEAR, zero_suppressed_gtin: true };

/// Pieces that real scans are made of, so that arbitrary scans get past the first check.
fn piece() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => prop::sample::select(vec![
            "]C1", "]d2", "]E0", "]Q1", "01", "00", "10", "17", "21", "3103", "8008", "09506000134352",
            "106141412345678908", "261231", "\u{1d}", "^]", "<GS>", "https://a.b", "/01/", "/10/", "/21/", "?17=",
            "&", "%2F", "%", "\r\n", "#", "4006381333931", "é", "à",
        ])
        .prop_map(str::to_owned),
        2 => "[ -~]{0,12}",
        1 => "\\PC{0,4}",
    ]
}

/// Up to six different AIs, each with a valid value.
fn elements() -> impl Strategy<Value = Vec<(usize, String)>> {
    let count = all_ais().len();
    prop::collection::btree_map(0..count, 0.0..=1.0f64, 1..6).prop_map(|chosen| {
        let ais = all_ais();
        let value = |at: usize, share: f64| {
            let entry = ais[at].1;
            let (min, max) = (entry.min_len as usize, entry.max_len as usize);
            let wanted = min + ((max - min) as f64 * share) as usize;
            (min..=max)
                .min_by_key(|len| (value_of(entry, *len).is_none(), len.abs_diff(wanted)))
                .and_then(|len| value_of(entry, len))
        };
        chosen.into_iter().filter_map(|(at, share)| value(at, share).map(|value| (at, value))).collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn arbitrary_bytes_are_read_or_refused(raw in prop::collection::vec(any::<u8>(), 0..200), id in "\\PC{0,3}") {
        let mut scratch = Scratch::default();
        let _ = read_scan(&raw, Some(&id), &ScannerProfile::default(), &SiteRules::gs1_only(YEAR), &mut scratch);
        let _ = read_scan(&raw, None, &ScannerProfile::default(), &SiteRules::gs1_only(YEAR), &mut scratch);
    }

    #[test]
    fn scans_made_of_real_pieces_are_read_or_refused(pieces in prop::collection::vec(piece(), 0..40)) {
        let raw = pieces.concat();
        let mut scratch = Scratch::default();
        let profile = ScannerProfile { gs_stand_ins: KNOWN_GS_STAND_INS, ..ScannerProfile::default() };
        match read_scan(raw.as_bytes(), None, &profile, &SiteRules::gs1_only(YEAR), &mut scratch) {
            Ok(scan) => {
                let count = scan.candidates().count();
                prop_assert!((1..=MAX_CANDIDATES).contains(&count));
            }
            Err(fault) => prop_assert!((4001..4200).contains(&fault.code.number())),
        }
        let mut buffer = [0; MAX_DATA];
        let _ = parse_digital_link(&raw, RULES, &mut buffer);
        let _ = parse_digital_link(&format!("https://h/01/09506000134352{raw}"), RULES, &mut buffer);
        if let Ok(elements) = parse_elements(&raw, YEAR) {
            let _ = check_item(&[elements.clone(), elements]);
        }
    }

    #[test]
    fn what_is_written_is_read_back(chosen in elements()) {
        let ais = all_ais();
        let written: Vec<Element<'_>> =
            chosen.iter().map(|(at, value)| Element { ai: ais[*at].0, value }).collect();
        let (mut data, mut text) = (String::new(), String::new());
        write_element_string(&mut data, &written, YEAR).unwrap();
        write_human_readable(&mut text, &written, YEAR).unwrap();
        let read: Vec<Element<'_>> = parse_elements(&data, YEAR).unwrap().iter().collect();
        prop_assert_eq!(&read, &written);
        prop_assert_eq!(text.len(), data.len() - data.matches('\u{1d}').count() + 2 * written.len());

        let mut address = String::new();
        if write_digital_link(&mut address, "https://example.org/a", &written, YEAR).is_ok() {
            let mut buffer = [0; MAX_DATA];
            if address.len() <= MAX_DATA {
                let link = parse_digital_link(&address, RULES, &mut buffer).unwrap().unwrap();
                let mut read: Vec<Element<'_>> = link.iter().collect();
                let mut written = written.clone();
                read.sort_by_key(|element| element.ai);
                written.sort_by_key(|element| element.ai);
                prop_assert_eq!(read, written);
            }
        }
    }

    #[test]
    fn an_sscc_with_another_digit_is_none(extension in 0u8..10, serial in 0u64..1_000_000_000, at in 0usize..18, add in 1u8..10) {
        let sscc = Sscc::build(extension, "0614141", serial).unwrap();
        let mut digits = sscc.as_str().as_bytes().to_vec();
        digits[at] = b'0' + (digits[at] - b'0' + add) % 10;
        prop_assert!(Sscc::parse(std::str::from_utf8(&digits).unwrap()).is_err());
        prop_assert!(sscc.is_of("0614141"));
    }
}
