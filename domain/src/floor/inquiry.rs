//! Inquiry: scan anything and read what is known of it (warehouse-floor.md §7.9). Changes nothing.

use serde_json::{Value, json};

use crate::floor::{
    Bin, Candidate, DeviceOp, Floor, FloorCode, LocationCode, Lot, Msg, Right,
    turn::{Call, No, Step, Turn},
};

/// Answers a scan with everything it could be; the view is the answer.
pub(super) fn turn(call: &Call<'_>) -> Turn {
    call.needs(Right::Inquire)?;
    let DeviceOp::Scan(scan) = &call.command.op else { return Err(No::new(FloorCode::NoMatch).at("/op")) };
    let mut known: Vec<Value> =
        call.floor.candidates(scan, None).iter().map(|found| describe(call.floor, found)).collect();
    let lot = scan.lot.clone().or_else(|| Lot::parse(&scan.text).ok());
    known.extend(lot.and_then(|lot| describe_lot(call.floor, &lot)));
    if known.is_empty() {
        return Err(No::new(FloorCode::NoMatch).at("/raw").arg("text", &scan.text));
    }
    // The version tells a device that was offline how old what it shows is.
    let view = Some(json!({ "found": known, "as_of": call.floor.version() }));
    let msg = scan.warnings.first().map(|code| Msg { code: *code, field: None, args: Default::default() });
    Ok(Step { view, msg, ..Step::done(Vec::new()) })
}

fn describe(floor: &Floor, found: &Candidate) -> Value {
    let empty = Bin::default();
    let lines = |code: &LocationCode| json!(floor.bin(code).unwrap_or(&empty).lines);
    match found {
        Candidate::Location(code) => {
            json!({ "location": floor.location(code), "stock": lines(code) })
        }
        Candidate::Plate(id) => {
            let plate = floor.plate(id);
            let bin = plate.and_then(|plate| floor.bin(&plate.bin)).unwrap_or(&empty);
            json!({ "plate": plate, "stock": bin.on_plate(id).collect::<Vec<_>>() })
        }
        Candidate::Item(sku) => {
            let stock: Vec<Value> = floor
                .homes(sku)
                .filter_map(|code| Some((code, floor.bin(code)?)))
                .flat_map(|(code, bin)| bin.lines.iter().map(move |line| (code, line)))
                .filter(|(_, line)| line.goods.sku == *sku)
                .map(|(code, line)| json!({ "location": code, "line": line }))
                .collect();
            json!({ "item": floor.item(sku), "stock": stock })
        }
        Candidate::Document(id) => json!({ "document": floor.doc(id) }),
        Candidate::Return(id) => json!({ "return": floor.rma(id) }),
        Candidate::Parcel(id) => json!({ "parcel": floor.work().parcel(*id) }),
        Candidate::Load(id) => json!({ "load": floor.work().load(id) }),
        Candidate::Lot(lot) => json!({ "lot": lot }),
        Candidate::Serial(serial) => json!({ "serial": serial }),
    }
}

/// A lot number without its item: every item that has it, never one of them by guess.
fn describe_lot(floor: &Floor, lot: &Lot) -> Option<Value> {
    let items = floor.lot_items.get(lot)?;
    let records: Vec<Value> = items.iter().map(|sku| json!({ "sku": sku, "record": floor.lot(sku, lot) })).collect();
    Some(json!({ "lot": lot, "items": records }))
}
