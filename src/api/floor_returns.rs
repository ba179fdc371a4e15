//! Announced returns of a floor, over HTTP: what a customer may send back, and what was scanned in.
//!
//! Invariant: what came back is kept whatever is announced anew; taking goods in is done by scanning.

use munshi_domain::{
    Sku,
    floor::{DocId, Floor, FloorCommand, Rma, RmaLine, SerialNo},
};
use munshi_protocols::floor_office::{ExpectFloorReturn, FloorReturnLine, FloorReturnView};

use super::{
    Answer, Call,
    floor::{cut, read, run},
    floor_loads::instant,
    list,
    outcome::{self, page},
};
use crate::problem::Problem;

fn return_view(rma: &Rma) -> FloorReturnView {
    let line = |line: &RmaLine| FloorReturnLine {
        line: line.line,
        sku: line.sku.to_string(),
        shipped: line.shipped,
        returned: line.returned,
        serials: line.serials.iter().map(ToString::to_string).collect(),
    };
    FloorReturnView {
        id: rma.id.to_string(),
        order: rma.order.clone(),
        tracking: rma.tracking.clone(),
        expires: rma.expires.map(|at| at.to_string()),
        lines: rma.lines.iter().map(line).collect(),
        closed: rma.closed,
    }
}

/// Lists announced returns by number; `closed=true` shows the closed ones.
///
/// # Errors
/// `site_unknown`, `bad_query`.
pub async fn returns(call: Call) -> Answer {
    let limit = list::limit(&call)?;
    let (after, closed) = (call.text("after").map(str::to_owned), call.query::<bool>("closed")?);
    let view = move |floor: &Floor, _| {
        let fits = |rma: &&Rma| {
            after.as_deref().is_none_or(|after| rma.id.as_str() > after)
                && closed.is_none_or(|closed| rma.closed == closed)
        };
        cut(floor.rma_list().filter(fits).map(return_view), limit, |last| last.id.clone())
    };
    let (items, next) = read(&call, view).await?;
    page(items, next, call.app.node().status().head)
}

/// Reads an announced return.
///
/// # Errors
/// `not_found`.
pub async fn read_one(call: Call) -> Answer {
    let id = call.id("return", "return", DocId::parse)?;
    let view = move |floor: &Floor, version| floor.rma(&id).map(|rma| (version, return_view(rma)));
    outcome::found("return", read(&call, view).await?)
}

/// Announces a return, or changes what may come back; what came back stays.
///
/// # Errors
/// `bad_value`, and the floor's refusals.
pub async fn expect(call: Call) -> Answer {
    let id = call.id("return", "return", DocId::parse)?;
    let given: ExpectFloorReturn = call.json()?;
    let text = |field: &str, text: &str| {
        let good = (1..=120).contains(&text.trim().chars().count()) && !text.chars().any(char::is_control);
        if good { Ok(text.trim().to_owned()) } else { Err(Problem::bad_value(field, "1 to 120 characters")) }
    };
    let rma = Rma {
        id: id.clone(),
        order: text("/order", &given.order)?,
        tracking: given.tracking.as_deref().map(|tracking| text("/tracking", tracking)).transpose()?,
        expires: given.expires.as_deref().map(|text| instant("/expires", text)).transpose()?,
        lines: given.lines.iter().enumerate().map(line).collect::<Result<_, _>>()?,
        closed: false,
    };
    let command = FloorCommand::ExpectReturn(Box::new(rma));
    run(&call, command, None, move |floor, _| floor.rma(&id).map(return_view)).await
}

fn line((at, given): (usize, &FloorReturnLine)) -> Result<RmaLine, Problem> {
    let sku = Sku::parse(&given.sku).map_err(|error| Problem::bad_value(format!("/lines/{at}/sku"), error))?;
    let serials = given.serials.iter().map(|serial| SerialNo::parse(serial)).collect::<Result<_, _>>();
    let serials = serials.map_err(|error| Problem::bad_value(format!("/lines/{at}/serials"), error))?;
    Ok(RmaLine { line: given.line, sku, shipped: given.shipped, returned: 0, serials, back: Default::default() })
}

/// Takes no more of a return.
///
/// # Errors
/// `floor_record_unknown`.
pub async fn close(call: Call) -> Answer {
    let id = call.id("return", "return", DocId::parse)?;
    let command = FloorCommand::CloseReturn { rma: id.clone() };
    run(&call, command, None, move |floor, _| floor.rma(&id).map(return_view)).await
}
