//! Parcels on the floor, over HTTP (SM-07).

use std::time::Duration;

use axum::http::StatusCode;
use munshi_actors::Class;
use munshi_domain::{
    OrderId, ParcelId, Sku, WarehouseId,
    floor::Floor,
    order::{Order, OrderCommand},
    warehouse::{self, FloorCommand, Parcel, ParcelState, Warehouse, WarehouseCommand},
};
use munshi_protocols::{
    common::Reason,
    warehouses::{BookParcel, ConfirmUnits, PackParcel, ParcelLine, ParcelView, ReportShort, SplitLine, SplitParcel},
};

use super::{
    Answer, Call, convert, list,
    outcome::{self, found, page},
    warehouses::code,
};
use crate::problem::Problem;

/// How long a picker keeps a parcel without a scan.
const LEASE_SECONDS: i64 = 30 * 60;
/// Longest wait for the order to hear what its warehouse has done; after it the answer goes out all the same.
const HEARING: Duration = Duration::from_secs(2);

fn view(code: &WarehouseId, id: ParcelId, parcel: &Parcel, version: u64) -> ParcelView {
    let line = |line: &warehouse::ParcelLine| ParcelLine {
        line: line.line,
        sku: line.sku.to_string(),
        quantity: line.quantity,
        picked: line.picked,
    };
    let (carrier, tracking) = parcel.consignment.clone().unzip();
    ParcelView {
        warehouse: code.to_string(),
        order: id.order.to_string(),
        number: id.number,
        version,
        state: parcel.state.word().to_owned(),
        method: parcel.method.word().to_owned(),
        held: parcel.held.clone(),
        picker: parcel.picker.map(|picker| picker.to_string()),
        lines: parcel.lines.iter().map(line).collect(),
        weight_grams: parcel.weight_grams,
        carrier,
        tracking,
    }
}

/// A parcel that is no longer open: closed, canceled, or never there.
fn gone(code: &WarehouseId, id: ParcelId, version: u64) -> ParcelView {
    ParcelView {
        warehouse: code.to_string(),
        order: id.order.to_string(),
        number: id.number,
        version,
        state: "closed".to_owned(),
        method: String::new(),
        held: None,
        picker: None,
        lines: vec![],
        weight_grams: None,
        carrier: None,
        tracking: None,
    }
}

/// The parcel a path names.
///
/// # Errors
/// `not_found`.
pub(super) fn parcel_id(call: &Call) -> Result<ParcelId, Problem> {
    let order = call.id("order", "parcel", OrderId::parse)?;
    let number: u16 = call.id("n", "parcel", str::parse)?;
    if number == 0 { Err(Problem::not_found("parcel")) } else { Ok(ParcelId { order, number }) }
}

/// Lists parcels that are not closed, by order and number.
///
/// # Errors
/// `not_found`, `bad_query`.
pub async fn list(call: Call) -> Answer {
    let code = code(&call)?;
    let limit = list::limit(&call)?;
    let bad = |name: &'static str| Problem::new("bad_query", format!("{name} cannot be")).at(name);
    let state = call.text("state").map(|word| ParcelState::parse(word).ok_or_else(|| bad("state"))).transpose()?;
    let after = call.text("after").map(|text| ParcelId::parse(text).map_err(|_| bad("after"))).transpose()?;
    let shown = code.clone();
    let view = move |warehouse: &Warehouse, version: u64| {
        let later = |id: &ParcelId| after.is_none_or(|after| *id > after);
        let fits = |parcel: &Parcel| state.is_none_or(|state| parcel.state == state);
        let parcels = warehouse.parcels().filter(|(id, parcel)| later(id) && fits(parcel));
        let mut items: Vec<_> =
            parcels.take(limit + 1).map(|(id, parcel)| view(&shown, *id, parcel, version)).collect();
        let more = items.len() > limit;
        items.truncate(limit);
        (items, more)
    };
    let read = call.app.node().read::<Warehouse, _>(code.as_str(), view).await.map_err(Problem::unavailable)?;
    let (items, more) = read.ok_or_else(|| Problem::not_found("warehouse"))?;
    let last = items.last().map(|last| format!("{}/{}", last.order, last.number));
    page(items, more.then_some(last).flatten(), call.app.node().status().head)
}

/// Reads a parcel that is not closed.
///
/// # Errors
/// `not_found`.
pub async fn read(call: Call) -> Answer {
    let (code, id) = (code(&call)?, parcel_id(&call)?);
    let shown = code.clone();
    let view = move |warehouse: &Warehouse, version: u64| {
        warehouse.parcel(id).map(|parcel| (version, view(&shown, id, parcel, version)))
    };
    let read = call.app.node().read::<Warehouse, _>(code.as_str(), view).await.map_err(Problem::unavailable)?;
    found("parcel", read.flatten())
}

async fn run(call: &Call, command: FloorCommand, reason: Option<&str>) -> Answer {
    let (code, id) = (code(call)?, parcel_id(call)?);
    let meta = call.meta()?.because(reason).class(Class::Scan);
    let shown = code.clone();
    let view = move |warehouse: &Warehouse, version: u64| {
        warehouse.parcel(id).map_or_else(|| gone(&shown, id, version), |parcel| view(&shown, id, parcel, version))
    };
    let command = WarehouseCommand::Floor { parcel: id, command };
    let node = call.app.node();
    let applied = node.execute::<Warehouse, _>(code.as_str(), command, meta, view).await.map_err(outcome::problem)?;
    node.heard(applied.seq, HEARING).await;
    outcome::done(StatusCode::OK, &applied)
}

/// Starts picking.
///
/// # Errors
/// The warehouse's refusals.
pub async fn claim(call: Call) -> Answer {
    let picker = call.by()?;
    run(&call, FloorCommand::ClaimPick { picker, lease_seconds: LEASE_SECONDS }, None).await
}

/// Stops picking; what is picked stays recorded.
///
/// # Errors
/// The warehouse's refusals.
pub async fn release(call: Call) -> Answer {
    run(&call, FloorCommand::ReleasePick, None).await
}

fn sku(text: &str) -> Result<Sku, Problem> {
    Sku::parse(text).map_err(|error| Problem::bad_value("/sku", error))
}

/// Confirms picked units.
///
/// # Errors
/// The warehouse's refusals, such as a wrong item (WMS-02).
pub async fn confirm(call: Call) -> Answer {
    let given: ConfirmUnits = call.json()?;
    let quantity = convert::parse_quantity("/quantity", given.quantity.unwrap_or(1))?;
    run(&call, FloorCommand::ConfirmUnit { sku: sku(&given.sku)?, quantity }, None).await
}

/// Reports units not found.
///
/// # Errors
/// The warehouse's refusals.
pub async fn short(call: Call) -> Answer {
    let given: ReportShort = call.json()?;
    let quantity = convert::parse_quantity("/quantity", given.quantity)?;
    let reason = convert::parse_reason(&given.reason)?;
    let command = FloorCommand::ReportShort { sku: sku(&given.sku)?, quantity, reason: reason.clone() };
    run(&call, command, Some(&reason)).await
}

/// Packs.
///
/// # Errors
/// The warehouse's refusals.
pub async fn pack(call: Call) -> Answer {
    let given: PackParcel = call.json()?;
    let weight_grams = convert::parse_whole("/weight_grams", given.weight_grams)?;
    run(&call, FloorCommand::PackParcel { weight_grams }, None).await
}

/// Puts units of a packed parcel in a parcel of their own, which is to be packed. The order keeps the number for it, the
/// warehouse decides; a parcel that scanners packed stays whole, for its cartons have numbers of their own.
///
/// # Errors
/// The order's refusals, such as `wrong_parcel_state`; `parcel_on_floor`; `parcel_not_split` where the warehouse did not do it.
pub async fn split(call: Call) -> Answer {
    let given: SplitParcel = call.json()?;
    let (code, id) = (code(&call)?, parcel_id(&call)?);
    let units = |(at, line): (usize, &SplitLine)| {
        let quantity = convert::parse_quantity(&format!("/lines/{at}/quantity"), line.quantity)?;
        Ok::<_, Problem>((line.line, quantity))
    };
    let lines = given.lines.iter().enumerate().map(units).collect::<Result<Vec<_>, _>>()?;
    let node = call.app.node();
    let scanned = node.read::<Floor, _>(code.as_str(), move |floor, _| floor.work().parcel(id).is_some()).await;
    if scanned.map_err(Problem::unavailable)? == Some(true) {
        return Err(Problem::new("parcel_on_floor", "the parcel is worked on by scanning")
            .fix("pack it in several cartons there: each has a label and a number of its own"));
    }
    let command = OrderCommand::SplitParcel { parcel: id.number, lines };
    let kept = |order: &Order, _: u64| order.numbered;
    let meta = call.meta()?.class(Class::Scan);
    let applied =
        node.execute::<Order, _>(&id.order.to_string(), command, meta, kept).await.map_err(outcome::problem)?;
    node.heard(applied.seq, HEARING).await;
    let into = ParcelId { order: id.order, number: applied.view };
    let shown = code.clone();
    let look = move |warehouse: &Warehouse, version: u64| {
        warehouse.parcel(into).map(|parcel| (version, view(&shown, into, parcel, version)))
    };
    let read = node.read::<Warehouse, _>(code.as_str(), look).await.map_err(Problem::unavailable)?;
    match read.flatten() {
        Some(read) => found("parcel", Some(read)),
        None => Err(Problem::new("parcel_not_split", "the warehouse did not split the parcel")
            .fix("look at the parcel: it was booked, canceled or handed over meanwhile")),
    }
}

/// Keeps from leaving.
///
/// # Errors
/// The warehouse's refusals.
pub async fn hold(call: Call) -> Answer {
    let reason = convert::parse_reason(&call.json::<Reason>()?.reason)?;
    run(&call, FloorCommand::HoldParcel { reason: reason.clone() }, Some(&reason)).await
}

/// Lets leave again.
///
/// # Errors
/// The warehouse's refusals.
pub async fn resume(call: Call) -> Answer {
    run(&call, FloorCommand::ResumeParcel, None).await
}

/// Books with a carrier: recorded in the order first, which attaches it to the parcel.
///
/// # Errors
/// The order's refusals, such as `order_on_hold`.
pub async fn book(call: Call) -> Answer {
    let given: BookParcel = call.json()?;
    let (carrier, tracking) = (given.carrier.trim().to_owned(), given.tracking.trim().to_owned());
    for (field, text) in [("/carrier", &carrier), ("/tracking", &tracking)] {
        if !(1..=100).contains(&text.chars().count()) || text.chars().any(char::is_control) {
            return Err(Problem::bad_value(field, "1 to 100 characters"));
        }
    }
    let id = parcel_id(&call)?;
    let booking =
        OrderCommand::BookConsignment { parcel: id.number, carrier: carrier.clone(), tracking: tracking.clone() };
    let order = id.order.to_string();
    let booked =
        call.app.node().execute::<Order, _>(&order, booking, call.step("order")?.class(Class::Scan), |_, _| ()).await;
    booked.map_err(outcome::problem)?;
    // The fulfillment process attaches it as well; whoever comes second changes nothing.
    run(&call, FloorCommand::AttachConsignment { carrier, tracking }, None).await
}

/// Hands over to the carrier; stock leaves in the same commit.
///
/// # Errors
/// The warehouse's refusals.
pub async fn hand_over(call: Call) -> Answer {
    run(&call, FloorCommand::HandOverParcel { by_carrier: false }, None).await
}
