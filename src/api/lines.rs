//! Lines of a placed order, over HTTP.

use axum::http::StatusCode;
use munshi_domain::{order::OrderCommand, warehouse::Warehouse};
use munshi_protocols::orders::LineWarehouse;

use super::{Answer, Call, convert, orders, outcome};
use crate::problem::Problem;

/// Sources a line from another warehouse (LIN-08). The answer waits until the new warehouse holds all of it; if it
/// cannot, the line stays where it was.
///
/// # Errors
/// `unknown_warehouse`; `insufficient_stock`; the order's refusals, such as `nothing_to_move` for units on the floor.
pub async fn warehouse(call: Call) -> Answer {
    let given: LineWarehouse = call.json()?;
    let line: u16 = call.id("n", "line", str::parse)?;
    let reason = convert::parse_reason(&given.reason)?;
    let warehouse = convert::parse_warehouse("/warehouse", &given.warehouse)?;
    let id = orders::resolve(&call).await?;
    let node = call.app.node();
    let known = node.read::<Warehouse, _>(warehouse.as_str(), |_, _| ()).await.map_err(Problem::unavailable)?;
    let unknown = || Problem::new("unknown_warehouse", format!("there is no warehouse {warehouse}")).at("/warehouse");
    known.ok_or_else(unknown)?;
    let meta = call.meta()?.because(Some(&reason));
    let cmd = meta.cmd.clone();
    let command = OrderCommand::RequestLineWarehouse { line, warehouse, reason };
    let applied = orders::execute(&call, id, command, meta).await?;
    orders::declined(&call, id, applied.version, &cmd, ("LineWarehouseRequested", "LineWarehouseRefused")).await?;
    outcome::done(StatusCode::OK, &applied)
}
