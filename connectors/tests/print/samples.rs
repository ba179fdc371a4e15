//! Papers with made-up content, for the tests and for `cargo run -p munshi-connectors --example print -- DIR`.

use munshi_connectors::print::{
    Address, EnrolmentSheet, Label, LocationLabel, PackingSlip, PickLine, PickList, PlateContent, PlateLabel, Pointer,
    ShippingLabel, SlipLine, Sscc, ToteLabel,
};

/// SSCC of the samples: the example of the GS1 General Specifications.
pub const SSCC: &str = "006141411234567890";
/// Tracking number of the shipping label.
pub const TRACKING: &str = "TCS-779012345678";
/// QR text of the shipping label.
pub const TRACKING_PAGE: &str = "https://track.example.pk/p/TCS-779012345678";
/// QR text of the enrolment sheet.
pub const ENROLMENT: &str =
    r#"{"v":1,"server":"wss://munshi.example.pk/ws/device","device":"SCN-014","secret":"q7Vd0XWc9pT2mE4sYb1RkA"}"#;

pub fn sscc() -> Sscc {
    Sscc::parse(SSCC).expect("a valid SSCC")
}

pub fn address(name: &str, lines: &[&str], city: &str, country: &str, phone: &str) -> Address {
    Address {
        name: name.into(),
        lines: lines.iter().map(|line| (*line).to_owned()).collect(),
        city: city.into(),
        country: country.into(),
        phone: phone.into(),
    }
}

fn sender() -> Address {
    let lines = ["Plot 12, Korangi Industrial Area", "Sector 15"];
    address("Chand Traders (Pvt) Ltd", &lines, "Karachi 74900", "Pakistan", "021 35060000")
}

pub fn shipping() -> ShippingLabel {
    ShippingLabel {
        service: "TCS Overnight".into(),
        piece: "1 / 2".into(),
        from: sender(),
        to: address(
            "Ayesha Khan",
            &["House 4, Street 9, Block B", "Gulshan-e-Iqbal, near Disco Bakery"],
            "Karachi 75300",
            "Pakistan",
            "0300 1234567",
        ),
        order_number: "SO-2026-001042".into(),
        date: "21 Nov 2026".into(),
        weight: "2.4 kg".into(),
        collect: "Rs 4,500".into(),
        instructions: "Gate code 4411#. Call before delivery. Fragile: this side up.".into(),
        tracking: TRACKING.into(),
        qr: TRACKING_PAGE.into(),
        sscc: Some(sscc()),
    }
}

pub fn shipping_urdu() -> ShippingLabel {
    ShippingLabel {
        to: address(
            "عائشہ خان",
            &["مکان نمبر 4، گلی نمبر 9، بلاک بی", "گلشنِ اقبال (ڈسکو بیکری کے قریب)"],
            "کراچی 75300",
            "پاکستان",
            "0300 1234567",
        ),
        instructions: "ترسیل سے پہلے فون کریں۔ نازک سامان".into(),
        ..shipping()
    }
}

/// Longer than what most people write, and just short of being refused.
pub fn shipping_long() -> ShippingLabel {
    ShippingLabel {
        service: "International Priority Express Freight Worldwide".into(),
        piece: "1117 / 1240".into(),
        to: address(
            "The Honourable Muhammad Abdul-Rahman ibn Abdullah Al-Qasimi & Sons Trading Company (Private) Limited",
            &[
                "Flat 1204, Twelfth Floor, Tower C, Creek Vista Residential Apartments, Phase VIII, Zone E",
                "Opposite Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft",
                "Behind the old petrol pump, next to the green mosque, third gate on the left hand side",
            ],
            "Defence Housing Authority, Karachi 75500",
            "Islamic Republic of Pakistan",
            "+92 300 1234567 / +92 321 7654321",
        ),
        order_number: "SO-2026-0010421234567890".into(),
        collect: "PKR 1,234,567,890.00".into(),
        instructions: "Deliver between 14:00 and 16:00 only, to the guard room at gate 3. ".repeat(3),
        tracking: "JD0146 0000 1234 5678 9012".into(),
        ..shipping()
    }
}

pub fn plate() -> PlateLabel {
    PlateLabel {
        sscc: sscc(),
        site: "Munshi Karachi DC".into(),
        content: Some(PlateContent {
            sku: "CHD-008-1".into(),
            description: "Chand cooking oil, 1 litre pouch".into(),
            quantity: "240 pcs (20 cartons)".into(),
            lot: "L26-1103".into(),
            expiry: "31 Oct 2027".into(),
        }),
        document: "PO-2026-0311".into(),
        created: "21 Nov 2026 10:15".into(),
        note: "Keep dry. تیل۔ آگ سے دور رکھیں".into(),
    }
}

pub fn location() -> LocationLabel {
    LocationLabel {
        code: "A-03-12-B".into(),
        check_digits: "47".into(),
        zone: "Zone A · ambient · pick face".into(),
        pointer: Some(Pointer::Up),
    }
}

pub fn tote() -> ToteLabel {
    ToteLabel { code: "TOTE-00417".into(), note: "Karachi DC · return to packing bench 2".into() }
}

pub fn labels() -> Vec<Label> {
    let long_code =
        LocationLabel { code: "MEZZANINE-NORTH-0012-04-C".into(), pointer: Some(Pointer::Down), ..location() };
    vec![
        shipping().into(),
        shipping_urdu().into(),
        shipping_long().into(),
        plate().into(),
        location().into(),
        long_code.into(),
        tote().into(),
    ]
}

/// 200 lines, given in the order of SKUs.
pub fn pick_list() -> PickList {
    let lines = (0..200).map(pick_line).collect();
    PickList {
        number: "PICK-2026-000871".into(),
        warehouse: "Munshi Karachi DC".into(),
        orders: "SO-2026-001042, SO-2026-001043, SO-2026-001051 and 17 more".into(),
        picker: "Imran (014)".into(),
        priority: "Before 14:00".into(),
        created: "21 Nov 2026 10:20".into(),
        note: "Cold items last.".into(),
        lines,
    }
}

fn pick_line(index: usize) -> PickLine {
    let long = index % 37 == 5;
    PickLine {
        location: format!("{}-{}-{}", ["A", "B", "C"][index % 3], index * 13 % 25 + 1, index * 11 % 7 + 1),
        sku: if long {
            format!("SUPPLIER-COLLECTION-AUTUMN2026-{index:03}-EXTRALARGE-MIDNIGHTBLUE")
        } else {
            format!("CHD-{index:03}-1")
        },
        description: if index % 11 == 3 {
            "چاند خوردنی تیل، ایک لیٹر".into()
        } else {
            "Chand cooking oil, 1 litre".into()
        },
        quantity: (index % 9 + 1).to_string(),
        unit: "pcs".into(),
        lot: if index.is_multiple_of(4) { format!("L26-{index:04}") } else { String::new() },
        expiry: if index.is_multiple_of(4) { "31 Oct 2027".into() } else { String::new() },
        destination: format!("TOTE-{:05}", 400 + index % 20),
        note: if long { "Check the seal; take from the back of the shelf.".into() } else { String::new() },
    }
}

pub fn packing_slip() -> PackingSlip {
    let line = |sku: &str, description: &str, note: &str, ordered: &str, packed: &str, to_follow: &str| SlipLine {
        sku: sku.into(),
        description: description.into(),
        note: note.into(),
        ordered: ordered.into(),
        packed: packed.into(),
        to_follow: to_follow.into(),
    };
    PackingSlip {
        parcel_number: "PCL-2026-004411".into(),
        order_number: "SO-2026-001042".into(),
        customer_reference: "PO 7781".into(),
        date: "21 Nov 2026".into(),
        piece: "1 / 2".into(),
        service: "TCS Overnight".into(),
        tracking: TRACKING.into(),
        from: sender(),
        to: shipping_urdu().to,
        lines: vec![
            line("CHD-008-1", "Chand cooking oil, 1 litre pouch", "Lot L26-1103", "12", "12", ""),
            line("CHD-014-5", "چاند باسمتی چاول، 5 کلو", "", "4", "2", "2"),
            line("GFT-1", "Gift wrap", "Happy birthday!", "1", "0", "1"),
        ],
        totals: vec![("Value of this parcel".into(), "Rs 4,200".into()), ("Cash to collect".into(), "Rs 4,500".into())],
        note: "Returns within 14 days, unopened, with this slip. شکریہ!".into(),
    }
}

pub fn enrolment() -> EnrolmentSheet {
    EnrolmentSheet {
        device: "SCN-014".into(),
        site: "Munshi Karachi DC".into(),
        server: "munshi.example.pk".into(),
        qr: ENROLMENT.into(),
        expires: "21 Nov 2026 12:00".into(),
        steps: vec![
            "Switch the scanner on and open Munshi.".into(),
            "Choose \"Enrol\" and scan the square above.".into(),
            "اپنا بیج اسکین کریں اور پن درج کریں۔".into(),
        ],
    }
}
