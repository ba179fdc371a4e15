//! The work of a floor, over HTTP: documents to receive, and tasks.
//!
//! Invariant: a change is one command to the Floor aggregate, which keeps what was received whatever is announced anew.

use munshi_domain::{
    Sku, UserId,
    floor::{
        BlindReceipt, Content, Doc, DocBody, DocId, DocLine, Floor, FloorCommand, PlateId, Task, TaskId, TaskState,
        Work, WorkOffice, task::PickLine,
    },
};
use munshi_protocols::floor::{
    ExpectReceipt, PlateGoods, ReassignTask, ReceiptLine, ReceiptView, SetTaskPriority, TaskLine, TaskReplenish,
    TaskStop, TaskView,
};
use serde_json::json;

use super::{
    Answer, Call,
    floor::{alike, bad, cut, read, run},
    list,
    outcome::{self, page},
    warehouses::code,
};
use crate::problem::Problem;

fn receipt_view(doc: &Doc) -> ReceiptView {
    let (kind, lines, plates) = match &doc.body {
        DocBody::Order { lines } => ("order", shown(lines), vec![]),
        DocBody::Announced { lines, plates } => {
            ("announced", shown(lines), plates.keys().map(ToString::to_string).collect())
        }
        DocBody::Blind(blind) => {
            let line = |(number, (sku, units)): (u16, (&Sku, &u32))| ReceiptLine {
                line: number,
                sku: sku.to_string(),
                expected: 0,
                received: *units,
            };
            ("blind", (1u16..).zip(&blind.received).map(line).collect(), vec![])
        }
    };
    ReceiptView {
        receipt: doc.id.to_string(),
        kind: kind.to_owned(),
        lines,
        plates,
        exclusive: doc.exclusive,
        closed: doc.closed,
        dock: doc.dock.as_ref().map(ToString::to_string),
        devices: doc.devices.iter().map(ToString::to_string).collect(),
    }
}

fn shown(lines: &[DocLine]) -> Vec<ReceiptLine> {
    let line = |line: &DocLine| ReceiptLine {
        line: line.line,
        sku: line.sku.to_string(),
        expected: line.expected,
        received: line.received,
    };
    lines.iter().map(line).collect()
}

/// Lists documents to receive by number; `closed=true` shows the closed ones.
///
/// # Errors
/// `site_unknown`, `bad_query`.
pub async fn receipts(call: Call) -> Answer {
    let limit = list::limit(&call)?;
    let (after, closed) = (call.text("after").map(str::to_owned), call.query::<bool>("closed")?);
    let view = move |floor: &Floor, _| {
        let fits = |doc: &&Doc| {
            after.as_deref().is_none_or(|after| doc.id.as_str() > after)
                && closed.is_none_or(|closed| doc.closed == closed)
        };
        cut(floor.doc_list().filter(fits).map(receipt_view), limit, |last| last.receipt.clone())
    };
    let (items, next) = read(&call, view).await?;
    page(items, next, call.app.node().status().head)
}

/// Reads a document to receive.
///
/// # Errors
/// `not_found`.
pub async fn receipt(call: Call) -> Answer {
    let id = call.id("receipt", "receipt", DocId::parse)?;
    let view = move |floor: &Floor, version| floor.doc(&id).map(|doc| (version, receipt_view(doc)));
    outcome::found("receipt", read(&call, view).await?)
}

/// Announces goods, or changes what is expected; what was received stays.
///
/// # Errors
/// `bad_value`, and the floor's refusals.
pub async fn expect(call: Call) -> Answer {
    let id = call.id("receipt", "receipt", DocId::parse)?;
    let given: ExpectReceipt = call.json()?;
    let doc = Doc {
        id: id.clone(),
        site: code(&call)?,
        body: body(&given)?,
        exclusive: given.exclusive,
        closed: false,
        dock: None,
        devices: std::collections::BTreeSet::new(),
    };
    let command = FloorCommand::ExpectReceipt(Box::new(doc));
    run(&call, command, None, move |floor, _| floor.doc(&id).map(receipt_view)).await
}

fn body(given: &ExpectReceipt) -> Result<DocBody, Problem> {
    let unwanted = |field: &str, there: bool| {
        if there { Err(Problem::bad_value(field, format_args!("not for kind {:?}", given.kind))) } else { Ok(()) }
    };
    match given.kind.as_str() {
        "order" => {
            unwanted("/plates", !given.plates.is_empty())?;
            Ok(DocBody::Order { lines: alike(&given.lines).map_err(|problem| below(problem, "/lines"))? })
        }
        "announced" => {
            let plate = |(number, goods): (&String, &Vec<PlateGoods>)| {
                let id = PlateId::parse(number).map_err(|error| Problem::bad_value("/plates", error))?;
                let content = |(at, goods)| content(goods).map_err(|problem| problem.at(format!("/plates/{id}/{at}")));
                let contents = goods.iter().enumerate().map(content).collect::<Result<_, Problem>>()?;
                Ok((id, contents))
            };
            Ok(DocBody::Announced {
                lines: alike(&given.lines).map_err(|problem| below(problem, "/lines"))?,
                plates: given.plates.iter().map(plate).collect::<Result<_, Problem>>()?,
            })
        }
        "blind" => {
            unwanted("/plates", !given.plates.is_empty())?;
            unwanted("/lines", !given.lines.is_empty())?;
            Ok(DocBody::Blind(BlindReceipt::default()))
        }
        other => Err(Problem::bad_value("/kind", format_args!("there is no {other:?} here"))
            .fix("give one of order, announced, blind")),
    }
}

/// What is announced to be on a plate, one sort of goods.
fn content(goods: &PlateGoods) -> Result<Content, Problem> {
    alike(&json!({
        "goods": {"sku": goods.sku, "lot": goods.lot, "expiry": goods.expiry},
        "units": goods.units, "serials": goods.serials,
    }))
}

fn below(problem: Problem, field: &str) -> Problem {
    let rest = problem.field.clone().unwrap_or_default();
    problem.at(format!("{field}{rest}"))
}

pub(super) fn task_view(id: TaskId, task: &Task) -> TaskView {
    let parcel = task.work.parcel();
    let lines = match &task.work {
        Work::Pick(work) => work.lines.iter().map(task_line).collect(),
        Work::Pack { .. } | Work::PutBack(_) | Work::Replenish(_) => vec![],
    };
    let replenish = match &task.work {
        Work::Replenish(work) => Some(TaskReplenish {
            sku: work.sku.to_string(),
            location: work.to.to_string(),
            units: work.units,
            brought: work.brought,
        }),
        _ => None,
    };
    TaskView {
        task: id.0,
        rev: task.rev,
        kind: task.work.kind().word().to_owned(),
        state: task.state.word().to_owned(),
        priority: task.priority,
        created: task.created.to_string(),
        device: task.lease.as_ref().map(|lease| lease.device.to_string()),
        operator: task.lease.as_ref().map(|lease| lease.user.to_string()),
        only: task.only.map(|user| user.to_string()),
        held: task.held.clone(),
        order: parcel.map(|parcel| parcel.order.to_string()),
        parcel: parcel.map(|parcel| parcel.number),
        lines,
        replenish,
    }
}

fn task_line(line: &PickLine) -> TaskLine {
    let stops = line.stops.iter().filter(|stop| stop.units > 0).map(|stop| TaskStop {
        location: stop.place.as_ref().map(|place| place.bin.to_string()),
        plate: stop.place.as_ref().and_then(|place| place.plate.as_ref()).map(ToString::to_string),
        lot: stop.goods.lot.as_ref().map(ToString::to_string),
        units: stop.units,
    });
    TaskLine {
        line: line.line,
        sku: line.sku.to_string(),
        need: line.need,
        picked: line.picked,
        short: line.short,
        stops: stops.collect(),
    }
}

/// Lists tasks by number; those that ended only if their state is asked for.
///
/// # Errors
/// `site_unknown`, `bad_query`.
pub async fn tasks(call: Call) -> Answer {
    let limit = list::limit(&call)?;
    let after = call.query::<u64>("after")?.unwrap_or(0);
    let state = call.text("state").map(|text| TaskState::parse(text).ok_or_else(|| bad("state")));
    let (state, kind) = (state.transpose()?, call.text("kind").map(str::to_owned));
    let view = move |floor: &Floor, _| {
        let fits = |(id, task): &(TaskId, &Task)| {
            id.0 > after
                && state.map_or_else(|| task.is_live(), |state| task.state == state)
                && kind.as_deref().is_none_or(|kind| task.work.kind().word() == kind)
        };
        let tasks = floor.work().tasks.iter().filter(fits);
        cut(tasks.map(|(id, task)| task_view(id, task)), limit, |last| last.task.to_string())
    };
    let (items, next) = read(&call, view).await?;
    page(items, next, call.app.node().status().head)
}

pub(super) async fn on_task(call: &Call, command: impl FnOnce(TaskId) -> WorkOffice) -> Answer {
    let id = TaskId(call.id("task", "task", str::parse)?);
    let view = move |floor: &Floor, _: u64| floor.work().tasks.get(id).map(|task| task_view(id, task));
    run(call, FloorCommand::Work(command(id)), None, view).await
}

/// Hands a task out earlier or later.
///
/// # Errors
/// `floor_record_unknown`, `floor_record_state`.
pub async fn priority(call: Call) -> Answer {
    let given: SetTaskPriority = call.json()?;
    on_task(&call, |task| WorkOffice::SetPriority { task, priority: given.priority }).await
}

/// Takes a task from whoever has it, and gives it to one user or to anybody.
///
/// # Errors
/// `bad_value`, `floor_record_unknown`, `floor_record_state`.
pub async fn reassign(call: Call) -> Answer {
    let given: ReassignTask = call.json()?;
    let to = given.to.as_deref().map(UserId::parse).transpose().map_err(|error| Problem::bad_value("/to", error))?;
    if let Some(user) = to {
        let here = read(&call, move |floor, _| floor.badge_list().any(|(_, holder)| holder.user == user)).await?;
        if !here {
            return Err(Problem::bad_value("/to", "nobody of this site"));
        }
    }
    on_task(&call, |task| WorkOffice::Reassign { task, to }).await
}
