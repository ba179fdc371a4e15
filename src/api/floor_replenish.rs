//! Replenishments of pick faces, over HTTP: asked for and canceled by the office, done by devices.

use munshi_domain::{
    Sku,
    floor::{Floor, FloorCommand, LocationCode, TaskId, WorkOffice},
};
use munshi_protocols::floor::AddReplenishment;

use super::{
    Answer, Call,
    floor::run,
    floor_work::{on_task, task_view},
};
use crate::problem::Problem;

/// Has a pick face filled.
///
/// # Errors
/// `bad_value`, and the floor's refusals.
pub async fn add(call: Call) -> Answer {
    let given: AddReplenishment = call.json()?;
    let to = LocationCode::parse(&given.location).map_err(|error| Problem::bad_value("/location", error))?;
    let sku = Sku::parse(&given.sku).map_err(|error| Problem::bad_value("/sku", error))?;
    let command = WorkOffice::AddReplenishment { to, sku, units: given.units, priority: given.priority };
    // The view is taken in the turn of the command: the last number is the one it gave.
    let added = |floor: &Floor, _: u64| {
        let id = TaskId(floor.last_number());
        floor.work().tasks.get(id).map(|task| task_view(id, task))
    };
    run(&call, FloorCommand::Work(command), None, added).await
}

/// Cancels a replenishment; whoever works on it is told at the next scan.
///
/// # Errors
/// `floor_record_unknown`, `floor_record_state`.
pub async fn cancel(call: Call) -> Answer {
    on_task(&call, |task| WorkOffice::CancelTask { task }).await
}
