//! Made-up texts, long and short, in both directions: whatever is not refused lies inside the paper, and nothing lies on
//! anything else.

use proptest::{prelude::*, strategy::ValueTree, test_runner::TestRunner};

use super::{
    address::Address,
    label::{Label, PDF_DOT},
    location_label::{LocationLabel, Pointer},
    plate_label::{PlateContent, PlateLabel},
    shipping_label::ShippingLabel,
    tote_label::ToteLabel,
};
use crate::print::{
    PrintError, Resolution, Sscc, qr,
    scene::{self, Area, Item, Page, QUIET},
    text::face::Fonts,
};

fn text() -> impl Strategy<Value = String> {
    let word = prop_oneof![
        8 => "[A-Za-z0-9]{1,12}",
        1 => "[A-Z0-9-]{12,60}",
        6 => "[ابپتٹجچدڈرڑسشفقکگلمنںوہھیے]{1,10}",
        1 => Just("箱".to_owned()),
        1 => "[(\\[{،۔,.:;/&^~\\\\]{1,3}",
    ];
    prop_oneof![
        1 => Just(String::new()),
        16 => prop::collection::vec(word.clone(), 1..5).prop_map(|words| words.join(" ")),
        1 => prop::collection::vec(word, 5..50).prop_map(|words| words.join(" ")),
    ]
}

fn address() -> impl Strategy<Value = Address> {
    (text(), prop::collection::vec(text(), 0..4), text(), text(), text())
        .prop_map(|(name, lines, city, country, phone)| Address { name, lines, city, country, phone })
}

fn code() -> impl Strategy<Value = String> {
    "[ -~]{1,26}"
}

fn label() -> impl Strategy<Value = Label> {
    let sscc = || Sscc::parse("006141411234567890").unwrap();
    let shipping = (
        (text(), text(), address(), address(), text(), text()),
        (text(), text(), text(), code(), prop_oneof![Just(String::new()), code()], any::<bool>()),
    )
        .prop_map(move |((service, piece, from, to, order_number, date), rest)| {
            let (weight, collect, instructions, tracking, qr, logistic) = rest;
            let sscc = logistic.then(sscc);
            Label::from(ShippingLabel {
                service,
                piece,
                from,
                to,
                order_number,
                date,
                weight,
                collect,
                instructions,
                tracking,
                qr,
                sscc,
            })
        });
    let content = prop::option::of((text(), text(), text(), text(), text()).prop_map(
        |(sku, description, quantity, lot, expiry)| PlateContent { sku, description, quantity, lot, expiry },
    ));
    let plate = (text(), content, text(), text(), text()).prop_map(move |(site, content, document, created, note)| {
        Label::from(PlateLabel { sscc: sscc(), site, content, document, created, note })
    });
    let pointer = prop_oneof![Just(None), Just(Some(Pointer::Up)), Just(Some(Pointer::Down))];
    let location = (code(), "[0-9]{0,4}", text(), pointer).prop_map(|(code, check_digits, zone, pointer)| {
        Label::from(LocationLabel { code, check_digits, zone, pointer })
    });
    let tote = (code(), text()).prop_map(|(code, note)| Label::from(ToteLabel { code, note }));
    prop_oneof![3 => shipping, 2 => plate, 1 => location, 1 => tote]
}

/// What an item covers: for text the room of its letters, for barcodes the bars with their quiet zones.
fn covers(item: &Item) -> Area {
    match item {
        Item::Text { area, baseline, size, align, line } => {
            let width = line.advance as f32 * size / 1000.0;
            let left = scene::left(*area, *align, line.rtl, width);
            let (above, below) = if line.is_arabic() { (0.95, 0.5) } else { (0.75, 0.25) };
            Area::new(left, baseline - above * size, width, (above + below) * size)
        }
        Item::Fill(area) => *area,
        Item::Code128 { x, y, height, module, symbol } => {
            let quiet = QUIET as f32 * module;
            Area::new(x - quiet, *y, symbol.width() as f32 * module + 2.0 * quiet, *height)
        }
        Item::Qr { x, y, module, matrix } => {
            let quiet = qr::QUIET as f32 * module;
            let side = matrix.side() as f32 * module + 2.0 * quiet;
            Area::new(x - quiet, y - quiet, side, side)
        }
    }
}

fn overlap(a: Area, b: Area) -> bool {
    // Rounding to dots moves an edge by a twentieth of a millimetre at most.
    const SLACK: f32 = 0.07;
    a.x + SLACK < b.x + b.width
        && b.x + SLACK < a.x + a.width
        && a.y + SLACK < b.y + b.height
        && b.y + SLACK < a.y + a.height
}

fn check(page: &Page, label: &Label) {
    let placed: Vec<(Area, &Item)> = page.items.iter().map(|item| (covers(item), item)).collect();
    for (index, (area, item)) in placed.iter().enumerate() {
        assert!(
            area.x >= -0.07
                && area.y >= 0.0
                && area.x + area.width <= page.width + 0.07
                && area.y + area.height <= page.height,
            "{area:?} is beyond the paper: {item:?} of {label:?}"
        );
        for (other, other_item) in &placed[index + 1..] {
            let drawing = matches!((item, other_item), (Item::Fill(_), Item::Fill(_)));
            assert!(drawing || !overlap(*area, *other), "{item:?}\nlies on\n{other_item:?}\nof {label:?}");
        }
    }
}

#[test]
fn nothing_lies_beyond_the_paper_or_on_something_else() {
    let fonts = Fonts::load().unwrap();
    let mut runner = TestRunner::deterministic();
    let mut printed = 0;
    for _ in 0..150 {
        let label = label().new_tree(&mut runner).unwrap().current();
        for dot in [PDF_DOT, Resolution::Dpi300.dot_mm()] {
            match label.page(&fonts, dot) {
                Ok(page) => {
                    check(&page, &label);
                    printed += 1;
                }
                Err(PrintError::TextTooLong { .. } | PrintError::BarcodeTooLong { .. }) => {}
                Err(other) => panic!("{other}: {label:?}"),
            }
        }
    }
    assert!(printed > 100, "only {printed} of 300 could be printed: the texts are too long to say anything");
}
