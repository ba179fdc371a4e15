//! Parcels that come back undelivered, over HTTP (RET-05).
//!
//! The order books the receipt, because it alone knows what is still out; the warehouse's stock follows from it.

use axum::http::StatusCode;
use munshi_actors::Class;
use munshi_domain::{
    order::{OrderCommand, state::ReturnedUnits},
    warehouse::Warehouse,
};
use munshi_protocols::warehouses::{ReceiveReturn, ReturnedLine};

use super::{Answer, Call, convert, orders, outcome, parcels::parcel_id, warehouses::code};
use crate::problem::Problem;

/// Receives units of a parcel that was handed over and not delivered: good ones can be sold again at once, damaged ones
/// are written off. The warehouse may be another than the one it left from.
///
/// # Errors
/// `not_found` for a warehouse that does not exist; the order's refusals, such as `not_enough_units` for more than is
/// still out and `wrong_parcel_state` for a parcel that has not left or has arrived.
pub async fn receive(call: Call) -> Answer {
    let given: ReceiveReturn = call.json()?;
    let (warehouse, parcel) = (code(&call)?, parcel_id(&call)?);
    let node = call.app.node();
    let known = node.read::<Warehouse, _>(warehouse.as_str(), |_, _| ()).await.map_err(Problem::unavailable)?;
    known.ok_or_else(|| Problem::not_found("warehouse"))?;
    let reason = given.reason.as_deref().map(convert::parse_reason).transpose()?;
    let lines = given.lines.iter().enumerate().map(|(at, line)| units(at, line)).collect::<Result<_, _>>()?;
    let command = OrderCommand::RecordReturnReceipt { warehouse, parcel: parcel.number, lines, reason: reason.clone() };
    let meta = call.meta()?.because(reason.as_deref()).class(Class::Scan);
    let applied = orders::execute(&call, parcel.order, command, meta).await?;
    outcome::done(StatusCode::OK, &applied)
}

fn units(at: usize, given: &ReturnedLine) -> Result<ReturnedUnits, Problem> {
    let whole = |name: &str, units: i64| convert::parse_whole(&format!("/lines/{at}/{name}"), units);
    Ok(ReturnedUnits { line: given.line, good: whole("good", given.good)?, damaged: whole("damaged", given.damaged)? })
}
