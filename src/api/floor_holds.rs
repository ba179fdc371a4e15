//! What may not be used on a floor, over HTTP: lots that are held or recalled, and plates nobody may move.
//!
//! Invariant: a lot's status and a plate's hold are facts with a reason; goods that are on their way to a customer are
//! stopped where they are, by picking, packing and loading.

use munshi_domain::{
    Sku,
    floor::{Floor, FloorCommand, Lot, LotRecord, LotStatus, Plate, PlateId},
};
use munshi_protocols::{
    common::Reason,
    floor_office::{LotView, PlateView, SetLotStatus},
};
use serde_json::json;

use super::{
    Answer, Call, convert,
    floor::{alike, bad, cut, read, run, word},
    list,
    outcome::{self, page},
};
use crate::problem::Problem;

fn lot_view(sku: &Sku, lot: &Lot, record: &LotRecord) -> LotView {
    LotView {
        sku: sku.to_string(),
        lot: lot.to_string(),
        expiry: record.expiry.map(|day| day.to_string()),
        status: word(&record.status),
    }
}

fn plate_view(plate: &Plate) -> PlateView {
    PlateView {
        plate: plate.id.to_string(),
        state: plate.state.word().to_owned(),
        location: plate.bin.to_string(),
        held: plate.held.clone(),
        receipt: plate.doc.as_ref().map(ToString::to_string),
    }
}

/// Lists lots by SKU and number. The cursor is both, with a slash between.
///
/// # Errors
/// `site_unknown`, `bad_query`.
pub async fn lots(call: Call) -> Answer {
    let limit = list::limit(&call)?;
    let text = |name: &str| call.text(name).map(str::to_owned);
    let (after, sku, status) = (text("after"), text("sku"), text("status"));
    if status.as_ref().is_some_and(|status| alike::<_, LotStatus>(&json!(status)).is_err()) {
        return Err(bad("status"));
    }
    let after = after.map(|after| match after.rsplit_once('/') {
        Some((sku, lot)) => (sku.to_owned(), lot.to_owned()),
        None => (after, String::new()),
    });
    let view = move |floor: &Floor, _| {
        let fits = |view: &LotView| {
            after.as_ref().is_none_or(|(sku, lot)| (&view.sku, &view.lot) > (sku, lot))
                && sku.as_ref().is_none_or(|sku| view.sku == *sku)
                && status.as_ref().is_none_or(|status| view.status == *status)
        };
        let views = floor.lot_list().map(|(sku, lot, record)| lot_view(sku, lot, record));
        cut(views.filter(fits), limit, |last| format!("{}/{}", last.sku, last.lot))
    };
    let (items, next) = read(&call, view).await?;
    page(items, next, call.app.node().status().head)
}

/// Holds, recalls or releases a lot; one that was never seen too, so that it is stopped when it arrives.
///
/// # Errors
/// `bad_value`, and the floor's refusals.
pub async fn set_lot(call: Call) -> Answer {
    let sku = call.id("sku", "item", Sku::parse)?;
    let lot = call.id("lot", "lot", Lot::parse)?;
    let given: SetLotStatus = call.json()?;
    let status = alike::<_, LotStatus>(&json!(given.status))
        .map_err(|_| Problem::bad_value("/status", "one of released, on_hold, recalled"))?;
    let reason = convert::parse_reason(&given.reason)?;
    let command = FloorCommand::SetLotStatus { sku: sku.clone(), lot: lot.clone(), status, reason: reason.clone() };
    let view = move |floor: &Floor, _: u64| floor.lot(&sku, &lot).map(|record| lot_view(&sku, &lot, record));
    run(&call, command, Some(&reason), view).await
}

/// Reads a plate.
///
/// # Errors
/// `not_found`.
pub async fn plate(call: Call) -> Answer {
    let id = call.id("plate", "plate", PlateId::parse)?;
    let view = move |floor: &Floor, version| floor.plate(&id).map(|plate| (version, plate_view(plate)));
    outcome::found("plate", read(&call, view).await?)
}

async fn set_hold(call: &Call, reason: Option<String>) -> Answer {
    let id = call.id("plate", "plate", PlateId::parse)?;
    let command = FloorCommand::HoldPlate { plate: id.clone(), reason: reason.clone() };
    let view = move |floor: &Floor, _: u64| floor.plate(&id).map(plate_view);
    run(call, command, reason.as_deref(), view).await
}

/// Lets nobody move a plate.
///
/// # Errors
/// `bad_value`, `floor_record_unknown`.
pub async fn hold_plate(call: Call) -> Answer {
    let reason = convert::parse_reason(&call.json::<Reason>()?.reason)?;
    set_hold(&call, Some(reason)).await
}

/// Lets a plate be moved again.
///
/// # Errors
/// `floor_record_unknown`.
pub async fn release_plate(call: Call) -> Answer {
    set_hold(&call, None).await
}
