//! What the office does about the work of a floor, over HTTP: receipts, tasks, exceptions, counts and decisions.
//!
//! Invariant: a change is one command to the Floor aggregate; nobody decides about what they did themselves.

use axum::http::StatusCode;
use munshi_domain::{
    RefusalClass, Sku, UserId,
    floor::{
        Approval, BlindReceipt, CountTask, Doc, DocBody, DocId, DocLine, Exception, Floor, FloorCommand, LocationCode,
        Proposal, Task, TaskId, Work, WorkOffice,
    },
};
use munshi_protocols::{
    common::Reason,
    floor::{
        CountTaskView, CountTasks, ExceptionView, ExpectReceipt, FloorDecided, FloorDecisionView, OpenCount,
        OpenExceptions, ReassignTask, ReceiptLine, ReceiptView, ResolveException, SetTaskPriority, StockDeltaView,
        TaskLine, TaskStop, TaskView,
    },
};
use serde_json::json;

use super::{
    Answer, Call, convert,
    floor::{alike, bad, cut, read, run, word},
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
            let content = |(at, goods): (usize, &munshi_protocols::floor::PlateGoods)| {
                let whole = json!({
                    "goods": {"sku": goods.sku, "lot": goods.lot, "expiry": goods.expiry},
                    "units": goods.units, "serials": goods.serials,
                });
                alike(&whole).map_err(|problem| below(problem, &format!("/plates/{at}")))
            };
            let plate = |(number, goods): (&String, &Vec<munshi_protocols::floor::PlateGoods>)| {
                let id = munshi_domain::floor::PlateId::parse(number)
                    .map_err(|error| Problem::bad_value("/plates", error))?;
                Ok((id, goods.iter().enumerate().map(content).collect::<Result<_, Problem>>()?))
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

fn below(problem: Problem, field: &str) -> Problem {
    let rest = problem.field.clone().unwrap_or_default();
    problem.at(format!("{field}{rest}"))
}

fn task_view(id: TaskId, task: &Task) -> TaskView {
    let parcel = task.work.parcel();
    let lines = match &task.work {
        Work::Pick(work) => work.lines.iter().map(task_line).collect(),
        Work::Pack { .. } | Work::PutBack(_) => vec![],
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
        order: parcel.order.to_string(),
        parcel: parcel.number,
        lines,
    }
}

fn task_line(line: &munshi_domain::floor::task::PickLine) -> TaskLine {
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
    let state = call.text("state").map(|text| munshi_domain::floor::TaskState::parse(text).ok_or_else(|| bad("state")));
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

async fn on_task(call: &Call, command: impl FnOnce(TaskId) -> WorkOffice) -> Answer {
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

fn exception_view(exception: &Exception) -> ExceptionView {
    ExceptionView {
        exception: exception.id,
        code: exception.code.word().to_owned(),
        text: exception.code.text().to_owned(),
        device: exception.by.device.to_string(),
        operator: exception.by.operator.to_string(),
        performed_at: exception.by.performed_at.to_string(),
        recorded_at: exception.by.recorded_at.to_string(),
        offline: exception.by.offline,
        about: exception.about.clone(),
    }
}

/// Lists open exceptions by number.
///
/// # Errors
/// `site_unknown`, `bad_query`.
pub async fn exceptions(call: Call) -> Answer {
    let limit = list::limit(&call)?;
    let after = call.query::<u64>("after")?.unwrap_or(0);
    let code = call.text("code").map(str::to_owned);
    let view = move |floor: &Floor, _| {
        let fits = |one: &&Exception| one.id > after && code.as_deref().is_none_or(|code| one.code.word() == code);
        let open = floor.exceptions().filter(fits).map(exception_view);
        cut(open, limit, |last| last.exception.to_string())
    };
    let (items, next) = read(&call, view).await?;
    page(items, next, call.app.node().status().head)
}

/// Closes an exception with a note.
///
/// # Errors
/// `floor_record_unknown`.
pub async fn resolve(call: Call) -> Answer {
    let id = call.id("exception", "exception", str::parse)?;
    let given: ResolveException = call.json()?;
    let note = convert::parse_reason(&given.note).map_err(|problem| problem.at("/note"))?;
    let command = FloorCommand::ResolveException { id, note: note.clone() };
    run(&call, command, Some(&note), |floor, _| OpenExceptions { open: floor.exceptions().count() }).await
}

fn count_view(task: &CountTask) -> CountTaskView {
    CountTaskView {
        count: task.id,
        location: task.location.to_string(),
        sku: task.sku.as_ref().map(ToString::to_string),
        state: word(&task.state),
        cause: task.cause.map(|code| code.word().to_owned()),
        attempts: task.attempts.len(),
    }
}

fn counts_view(floor: &Floor) -> CountTasks {
    CountTasks { counts: floor.counts().map(count_view).collect() }
}

/// Lists counts that are not done by number.
///
/// # Errors
/// `site_unknown`, `bad_query`.
pub async fn counts(call: Call) -> Answer {
    let limit = list::limit(&call)?;
    let after = call.query::<u64>("after")?.unwrap_or(0);
    let view = move |floor: &Floor, _| {
        let later = floor.counts().filter(|task| task.id > after).map(count_view);
        cut(later, limit, |last| last.count.to_string())
    };
    let (items, next) = read(&call, view).await?;
    page(items, next, call.app.node().status().head)
}

/// Has a location counted, or one item wherever it is.
///
/// # Errors
/// `bad_value`, and the floor's refusals.
pub async fn open_count(call: Call) -> Answer {
    let given: OpenCount = call.json()?;
    let location = given.location.as_deref().map(LocationCode::parse).transpose();
    let location = location.map_err(|error| Problem::bad_value("/location", error))?;
    let sku = given.sku.as_deref().map(Sku::parse).transpose().map_err(|error| Problem::bad_value("/sku", error))?;
    run(&call, FloorCommand::OpenCount { location, sku }, None, |floor, _| counts_view(floor)).await
}

fn decision_view(floor: &Floor, approval: &Approval) -> FloorDecisionView {
    let delta = |sku: &Sku, lot: Option<String>, delta| StockDeltaView { sku: sku.to_string(), lot, delta };
    let text = |name: &str, value: String| (name.to_owned(), value);
    let (kind, about, deltas) = match &approval.proposal {
        Proposal::OverReceipt(received) => {
            let about = vec![
                text("receipt", received.doc.to_string()),
                text("plate", received.plate.to_string()),
                text("location", received.bin.to_string()),
            ];
            let moved = received.moves.iter();
            let lot = |goods: &munshi_domain::floor::Goods| goods.lot.as_ref().map(ToString::to_string);
            let deltas = moved.map(|one| delta(&one.goods.sku, lot(&one.goods), i64::from(one.units)));
            ("over_receipt", about, deltas.collect())
        }
        Proposal::Variance { task, deltas, .. } => {
            let place = floor.count(*task).map(|task| text("location", task.location.to_string()));
            let about = place.into_iter().chain([text("count", task.to_string())]).collect();
            let shown = deltas.iter().map(|one| delta(&one.sku, one.lot.as_ref().map(ToString::to_string), one.delta));
            ("variance", about, shown.collect())
        }
        Proposal::Late(late) => ("late", vec![text("fact", late.op.name().to_owned())], vec![]),
        Proposal::MissingPieces { load, parcels } => {
            let missing = parcels.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
            ("missing_pieces", vec![text("load", load.to_string()), text("parcels", missing)], vec![])
        }
    };
    FloorDecisionView {
        decision: approval.id,
        kind: kind.to_owned(),
        device: approval.by.device.to_string(),
        operator: approval.by.operator.to_string(),
        performed_at: approval.by.performed_at.to_string(),
        about: about.into_iter().collect(),
        deltas,
    }
}

/// Lists what waits for a decision by number.
///
/// # Errors
/// `site_unknown`, `bad_query`.
pub async fn decisions(call: Call) -> Answer {
    let limit = list::limit(&call)?;
    let after = call.query::<u64>("after")?.unwrap_or(0);
    let view = move |floor: &Floor, _| {
        let open = floor.approvals().filter(|one| one.id > after).map(|one| decision_view(floor, one));
        cut(open, limit, |last| last.decision.to_string())
    };
    let (items, next) = read(&call, view).await?;
    page(items, next, call.app.node().status().head)
}

async fn decide(call: &Call, approve: bool) -> Answer {
    let id = call.id("decision", "decision", str::parse)?;
    let reason = convert::parse_reason(&call.json::<Reason>()?.reason)?;
    let by = call.by()?;
    let asked = read(call, move |floor, _| {
        floor.approvals().find(|one| one.id == id).map(|one| one.by.operator)
    });
    let operator = asked.await?;
    if operator == Some(by) {
        let detail = "nobody decides about what they did themselves".to_owned();
        return Err(Problem::refusal_parts("self_approval", RefusalClass::Forbidden, detail, None, None));
    }
    let command = FloorCommand::DecideApproval { id, approve, reason: reason.clone() };
    let meta = call.meta()?.because(Some(&reason));
    let view = move |floor: &Floor, _: u64| FloorDecided { decision: id, open: floor.approvals().count() };
    let applied = call.app.node().execute::<Floor, _>(code(call)?.as_str(), command, meta, view).await;
    let applied = applied.map_err(outcome::problem)?;
    if operator.is_none() && !applied.replayed {
        return Err(Problem::new("decision_closed", "it was decided before"));
    }
    outcome::done(StatusCode::OK, &applied)
}

/// Approves: a variance becomes the books, an over-receipt is taken in, a late fact counts, a load may leave.
///
/// # Errors
/// `self_approval`, `floor_record_unknown`.
pub async fn approve(call: Call) -> Answer {
    decide(&call, true).await
}

/// Refuses: a count is done again, an over-receipt is not taken in.
///
/// # Errors
/// As [`approve`].
pub async fn refuse(call: Call) -> Answer {
    decide(&call, false).await
}
