//! Papers and labels, read back by programs that are not ours.

mod reader;
mod samples;
mod zpl;

use munshi_connectors::print::{
    Label, LocationLabel, PickLine, PickList, PrintError, Resolution, ShippingLabel, ToteLabel, labels_pdf, labels_zpl,
};
use reader::{Code, code128, gs1, qr};

/// The barcodes that each of the sample labels must show, sorted as they are read.
fn expected_codes() -> Vec<Vec<Code>> {
    let sscc = gs1(&format!("00{}", samples::SSCC));
    let parcel = |tracking: &str| {
        let mut codes = vec![sscc.clone(), code128(tracking), qr(samples::TRACKING_PAGE)];
        codes.sort();
        codes
    };
    vec![
        parcel(samples::TRACKING),
        parcel(samples::TRACKING),
        parcel("JD0146 0000 1234 5678 9012"),
        vec![sscc.clone()],
        vec![code128("A-03-12-B")],
        vec![code128("MEZZANINE-NORTH-0012-04-C")],
        vec![code128("TOTE-00417"), qr("TOTE-00417")],
    ]
}

#[test]
fn wms_04_every_barcode_of_the_labels_is_read_from_pdf_as_a_label_printer_and_as_an_office_printer_print_it() {
    if !reader::available() {
        return;
    }
    let pdf = labels_pdf(&samples::labels()).unwrap();
    for dpi in [203, 300] {
        assert_eq!(reader::codes(&pdf, dpi), expected_codes(), "{dpi} dpi");
    }
}

#[test]
fn wms_04_every_barcode_of_the_labels_is_read_from_zpl_at_every_resolution() {
    if !reader::available() {
        return;
    }
    let directory = tempfile::tempdir().unwrap();
    for resolution in Resolution::ALL {
        let printed = zpl::print(&labels_zpl(&samples::labels(), resolution).unwrap());
        let codes: Vec<_> = printed
            .iter()
            .map(|label| {
                let picture = directory.path().join("label.pgm");
                label.save(&picture);
                reader::codes_of_picture(&picture)
            })
            .collect();
        assert_eq!(codes, expected_codes(), "{resolution:?}");
    }
}

#[test]
fn wms_04_labels_of_zpl_have_the_size_of_the_paper_and_the_bars_that_gs1_asks_for() {
    for resolution in Resolution::ALL {
        let labels = samples::labels();
        for (label, printed) in labels.iter().zip(zpl::print(&labels_zpl(&labels, resolution).unwrap())) {
            let dots = |mm: u16| (f32::from(mm) / resolution.dot_mm()).round() as usize;
            let (width, height) = label.size_mm();
            assert_eq!((printed.width, printed.height), (dots(width), dots(height)));
            assert!(printed.utf8);
            for (module, bars, data) in printed.barcodes {
                let module = module as f32 * resolution.dot_mm();
                if data.starts_with(">;>8") {
                    assert_eq!(data, format!(">;>800{}", samples::SSCC));
                    assert!((0.495..=0.94).contains(&module), "{module} mm");
                    assert!(bars as f32 * resolution.dot_mm() >= 31.75);
                } else {
                    assert!((0.25..=0.94).contains(&(module + 0.005)), "{module} mm");
                }
            }
            for text in printed.texts {
                assert!(text.x < dots(width) && text.y <= dots(height) && text.height > 10, "{text:?}");
            }
        }
    }
}

#[test]
fn wms_04_what_stands_under_the_bars_names_the_application_identifier_in_parentheses() {
    let printed = zpl::print(&labels_zpl(&[samples::plate().into()], Resolution::Dpi203).unwrap());
    let under = format!("(00){}", samples::SSCC);
    assert_eq!(printed[0].texts.iter().filter(|text| text.data == under).count(), 1);
}

#[test]
fn texts_cannot_command_the_printer() {
    let hostile = r"^XZ^XA~JA\&_5E> Ali ^FS";
    let label = ShippingLabel { service: hostile.into(), tracking: r"A^B~C\D_E>F".into(), ..samples::shipping() };
    let bytes = labels_zpl(&[label.into()], Resolution::Dpi203).unwrap();
    let printed = zpl::print(&bytes);
    assert_eq!(printed.len(), 1);
    assert!(printed[0].texts.iter().any(|text| text.data == hostile), "{:?}", printed[0].texts);
    if reader::available() {
        let directory = tempfile::tempdir().unwrap();
        let picture = directory.path().join("label.pgm");
        printed[0].save(&picture);
        assert!(reader::codes_of_picture(&picture).contains(&code128(r"A^B~C\D_E>F")));
    }
}

#[test]
fn every_symbol_character_of_code_128_is_read() {
    if !reader::available() {
        return;
    }
    let all: Vec<char> = (' '..='~').collect();
    let letters = all.chunks(16).map(|chunk| chunk.iter().collect::<String>());
    let digits: Vec<String> = (0..100).map(|pair| format!("{pair:02}")).collect();
    let mixed = ["A1", "12345", "AB123456C", "1234ABCD567890EF", "0000000000000000"].map(str::to_owned);
    let texts: Vec<String> = letters.chain(digits.chunks(12).map(<[String]>::concat)).chain(mixed).collect();
    let labels: Vec<Label> =
        texts.iter().map(|code| LocationLabel { code: code.clone(), ..LocationLabel::default() }.into()).collect();
    let read = reader::codes(&labels_pdf(&labels).unwrap(), 300);
    let wanted: Vec<Vec<Code>> = texts.iter().map(|text| vec![code128(text)]).collect();
    assert_eq!(read, wanted);
}

#[test]
fn wms_05_documents_show_their_numbers_and_the_enrolment_secret_as_barcodes() {
    if !reader::available() {
        return;
    }
    let mut pages = reader::codes(&samples::pick_list().pdf().unwrap(), 150);
    assert_eq!(pages.remove(0), [code128("PICK-2026-000871")]);
    assert!(pages.iter().all(Vec::is_empty), "only the first page has the barcode");
    assert_eq!(reader::codes(&samples::packing_slip().pdf().unwrap(), 150), [[code128("PCL-2026-004411")]]);
    let enrolment = samples::enrolment().pdf().unwrap();
    assert_eq!(reader::codes(&enrolment, 150), [[qr(samples::ENROLMENT)]]);
    assert!(!reader::text(&enrolment).contains("q7Vd0XWc9pT2mE4sYb1RkA"), "the secret stands nowhere else");
}

#[test]
fn wms_05_a_long_pick_list_has_numbered_pages_with_heads_and_all_lines_in_the_order_of_locations() {
    if !reader::available() {
        return;
    }
    let pages = reader::words(&samples::pick_list().pdf().unwrap());
    let total = pages.len();
    assert!(total > 5, "{total} pages");
    let mut locations = Vec::new();
    for (index, (_, _, words)) in pages.iter().enumerate() {
        let text: Vec<&str> = words.iter().map(|word| word.text.as_str()).collect();
        let text = text.join(" ");
        assert!(text.contains(&format!("Page {} of {total}", index + 1)), "{text}");
        assert!(text.contains("Location Item Lot, note Quantity To Done"), "{text}");
        assert!(text.contains("Pick list PICK-2026-000871"), "{text}");
        let first_column = words.iter().filter(|word| word.left < 43.0 && word.text.matches('-').count() == 2);
        let key = |word: &reader::Word| {
            let parts: Vec<&str> = word.text.split('-').collect();
            Some((parts[0].to_owned(), parts[1].parse::<u32>().ok()?, parts[2].parse::<u32>().ok()?))
        };
        locations.extend(first_column.filter_map(key));
    }
    assert_eq!(locations.len(), samples::pick_list().lines.len());
    assert!(locations.is_sorted(), "{locations:?}");
}

#[test]
fn no_word_lies_beyond_the_margin_however_long_the_texts_are() {
    if !reader::available() {
        return;
    }
    let mut list = samples::pick_list();
    list.lines.truncate(3);
    for (index, line) in list.lines.iter_mut().enumerate() {
        line.location = "MEZZANINE-NORTH-".repeat(index + 1);
        line.sku = "X".repeat(60 * (index + 1));
        line.description = "چاند خوردنی تیل ".repeat(20);
        line.lot = "L".repeat(90);
        line.destination = "TOTE".repeat(30);
        line.quantity = "1234567890".repeat(index + 1);
    }
    let labels = labels_pdf(&samples::labels()).unwrap();
    let papers = [
        (list.pdf().unwrap(), 42.0),
        (samples::packing_slip().pdf().unwrap(), 42.0),
        (samples::enrolment().pdf().unwrap(), 42.0),
        (labels, 8.0),
    ];
    for (paper, margin) in papers {
        for (width, height, words) in reader::words(&paper) {
            assert!(!words.is_empty());
            for word in words {
                let inside =
                    word.left >= margin && word.right <= width - margin && word.top >= 0.0 && word.bottom <= height;
                assert!(inside, "{word:?} on {width} × {height}");
            }
        }
    }
}

#[test]
fn wms_04_a_reprint_is_identical() {
    let labels = samples::labels();
    assert_eq!(labels_pdf(&labels).unwrap(), labels_pdf(&labels).unwrap());
    for resolution in Resolution::ALL {
        assert_eq!(labels_zpl(&labels, resolution).unwrap(), labels_zpl(&labels, resolution).unwrap());
    }
    assert_eq!(samples::pick_list().pdf().unwrap(), samples::pick_list().pdf().unwrap());
    assert_eq!(samples::packing_slip().pdf().unwrap(), samples::packing_slip().pdf().unwrap());
    assert_eq!(samples::enrolment().pdf().unwrap(), samples::enrolment().pdf().unwrap());
}

#[test]
fn a_pick_list_does_not_depend_on_the_order_in_which_its_lines_were_given() {
    let list = samples::pick_list();
    let mut turned = list.clone();
    turned.lines.reverse();
    assert_eq!(turned.pdf().unwrap(), list.pdf().unwrap());
}

#[test]
fn urdu_can_be_found_in_the_text_of_a_pdf() {
    if !reader::available() {
        return;
    }
    let text = reader::text(&labels_pdf(&[samples::shipping_urdu().into()]).unwrap());
    for words in ["عائشہ خان", "گلی نمبر", "کراچی", "پاکستان", "ترسیل سے پہلے فون کریں۔ نازک سامان"]
    {
        assert!(text.contains(words), "{words} in {text}");
    }
}

#[test]
fn what_cannot_be_printed_is_refused_with_its_field() {
    let refused = |label: Label| {
        let pdf = labels_pdf(std::slice::from_ref(&label)).unwrap_err();
        assert_eq!(labels_zpl(&[label], Resolution::Dpi203).unwrap_err(), pdf);
        (pdf.code(), pdf.field())
    };
    let shipping = |change: fn(&mut ShippingLabel)| {
        let mut label = samples::shipping();
        change(&mut label);
        label.into()
    };
    assert_eq!(refused(shipping(|label| label.tracking.clear())), ("barcode_empty", Some("tracking")));
    assert_eq!(refused(shipping(|label| label.tracking = "ٹی".into())), ("barcode_character", Some("tracking")));
    assert_eq!(refused(shipping(|label| label.tracking = "T".repeat(60))), ("barcode_too_long", Some("tracking")));
    assert_eq!(refused(shipping(|label| label.qr = "x".repeat(2500))), ("barcode_too_long", Some("qr")));
    assert_eq!(refused(shipping(|label| label.to.name = "x".repeat(1500))), ("text_too_long", Some("to")));
    let tote = ToteLabel { code: String::new(), note: String::new() };
    assert_eq!(refused(tote.into()), ("barcode_empty", Some("code")));
    assert_eq!(labels_pdf(&[]), Err(PrintError::NothingToPrint));
    assert_eq!(PickList::default().pdf(), Err(PrintError::NothingToPrint));
    let endless = PickLine { note: "word ".repeat(399), ..PickLine::default() };
    let list = PickList { number: "P-1".into(), lines: vec![endless; 2], ..PickList::default() };
    assert!(list.pdf().is_ok(), "a row of most of a page is printed");
}
