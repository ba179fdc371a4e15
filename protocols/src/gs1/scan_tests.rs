//! What raw scans are taken for.

use super::super::measured::Measured;
use super::*;

const OWN: OwnPrefixes<'static> = OwnPrefixes { location: "LOC-", document: "DOC-", badge: "EMP-", control: "CMD-" };
const SCALES: &[VariableMeasureRule<'static>] =
    &[VariableMeasureRule { prefix: "28", amount_at: 7, amount_len: 5, scale: 3, measured: Measured::Weight }];
const RULES: SiteRules<'static> =
    SiteRules { current_year: 2026, zero_suppressed_gtin: false, variable_measure: SCALES, own: OWN };

/// Reads a scan and writes what it is taken for, one word a candidate, then warnings and the beep.
fn shown(raw: &str, aim: Option<&str>) -> String {
    let mut scratch = Scratch::default();
    match read_scan(raw.as_bytes(), aim, &ScannerProfile::default(), &RULES, &mut scratch) {
        Err(fault) => format!("!{}", fault.code.name()),
        Ok(scan) => {
            let mut words: Vec<String> = scan.candidates().map(word).collect();
            words.extend(scan.warnings().map(|code| format!("?{}", code.name())));
            words.push(scan.beep().name().to_owned());
            words.join(" ")
        }
    }
}

fn word(candidate: &Candidate<'_>) -> String {
    match candidate {
        Candidate::Item(item) => format!(
            "{}:{}/{}/{}/{}/{}",
            if item.is_content { "content" } else { "item" },
            item.gtin,
            item.lot.unwrap_or("-"),
            item.serial.unwrap_or("-"),
            item.expiry.map_or("-".to_owned(), |date| format!("{}-{}-{}", date.year, date.month, date.day)),
            item.count.map_or("-".to_owned(), |count| count.to_string())
        ),
        Candidate::Measured(item) => format!("measured:{}={}", item.gtin, item.amount),
        Candidate::Plate(sscc) => format!("plate:{sscc}"),
        Candidate::Location(Place::Gln(gln, extension)) => format!("gln:{gln}+{}", extension.unwrap_or("-")),
        Candidate::Location(Place::Own(code)) => format!("location:{code}"),
        Candidate::Document(ai, number) => {
            format!("document:{}:{number}", ai.map_or(String::new(), |ai| ai.to_string()))
        }
        Candidate::Asset(ai, number) => format!("asset:{ai}:{number}"),
        Candidate::Badge(number) => format!("badge:{number}"),
        Candidate::Control(code) => format!("control:{code}"),
        Candidate::Text(text) => format!("text:{text}"),
    }
}

#[test]
fn element_strings_become_items_plates_places_and_documents() {
    for (raw, aim, expected) in [
        ("010950600013435217261200\u{31}0AB\u{1d}21S1", "]C1", "item:09506000134352/AB/S1/2026-12-31/- ok"),
        ("0109506000134352", "]e0", "item:09506000134352/-/-/-/- ok"),
        ("00106141412345678908", "]C1", "plate:106141412345678908 ok"),
        (
            "0209506000134352\u{33}7120\u{1d}00106141412345678908",
            "]C1",
            "plate:106141412345678908 content:09506000134352/-/-/-/120 ok",
        ),
        ("0209506000134352", "]C1", "content:09506000134352/-/-/-/- ?incomplete_pair confirm"),
        ("4149506000134352254A1", "]d2", "gln:9506000134352+A1 ok"),
        ("400PO-77", "]C1", "document:400:PO-77 ok"),
        ("40261414112345678902", "]C1", "document:402:61414112345678902 ok"),
        ("80040614141ABC", "]C1", "asset:8004:0614141ABC ok"),
        ("8018061414112345678906", "]Q3", "!bad_check_digit"),
        ("10AB", "]C1", "text:AB ?incomplete_pair confirm"),
        ("010950600013435210ABC17261231", "]C1", "item:09506000134352/ABC17261231/-/-/- ?fnc1_suspect confirm"),
        ("0109506000134353", "]C1", "!bad_check_digit"),
        ("01095060001343523712", "]C1", "!ai_mutex"),
    ] {
        assert_eq!(shown(raw, Some(aim)), expected, "{raw:?}");
    }
}

#[test]
fn numbers_of_shop_barcodes_become_gtins_or_need_a_rule() {
    for (raw, aim, expected) in [
        ("4006381333931", "]E0", "item:04006381333931/-/-/-/- ok"),
        ("0036000291452", "]E0", "item:00036000291452/-/-/-/- ok"),
        ("96385074", "]E4", "item:00000096385074/-/-/-/- ok"),
        ("4006381333932", "]E0", "!bad_check_digit"),
        ("400638133393112345", "]E3", "item:04006381333931/-/-/-/- ok"),
        ("2112345678900", "]E0", "!restricted_gtin"),
        ("2812345012505", "]E0", "measured:02812345000007=1.250 ok"),
        ("400638133393", "]E0", "!bad_check_digit"),
        ("ABC", "]E0", "!ai_length"),
    ] {
        assert_eq!(shown(raw, Some(aim)), expected, "{raw:?}");
    }
}

#[test]
fn text_without_an_identifier_is_read_by_its_shape() {
    for (raw, expected) in [
        ("LOC-A-01-02", "location:A-01-02 ok"),
        ("DOC-4711", "document::4711 ok"),
        ("EMP-7", "badge:7 ok"),
        ("CMD-SKIP", "control:SKIP ok"),
        ("hello", "text:hello ok"),
        ("4006381333931", "item:04006381333931/-/-/-/- text:4006381333931 ok"),
        ("106141412345678908", "plate:106141412345678908 text:106141412345678908 ok"),
        ("00106141412345678908", "plate:106141412345678908 ok"),
        ("010950600013435210AB", "item:09506000134352/AB/-/-/- ok"),
        ("0109506000134353", "text:0109506000134353 ok"),
        ("10AB\u{1d}0109506000134352", "item:09506000134352/AB/-/-/- ok"),
        ("10AB\u{1d}0109506000134353", "!bad_check_digit"),
        ("04252614", "item:00042100005264/-/-/-/- text:04252614 ok"),
        ("96385074", "item:00000096385074/-/-/-/- text:96385074 ok"),
        ("2112345678900", "text:2112345678900 ok"),
        ("https://x.example/01/09506000134352/10/A", "item:09506000134352/A/-/-/- ok"),
        ("https://x.example/about", "text:https://x.example/about ok"),
        ("https://x.example/01/09506000134352/10/A/22/B", "!dl_bad_order"),
        ("https://x_y/01/09506000134352", "!dl_bad_host_scheme"),
    ] {
        assert_eq!(shown(raw, None), expected, "{raw:?}");
    }
    assert_eq!(shown("https://x.example/00/106141412345678908", Some("]Q1")), "plate:106141412345678908 ok");
    assert_eq!(shown("19506000134359", Some("]I1")), "item:19506000134359/-/-/-/- text:19506000134359 ok");
}
