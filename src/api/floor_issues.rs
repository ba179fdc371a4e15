//! What somebody has to look at on a floor, over HTTP: exceptions, counts and decisions.
//!
//! Invariant: a change is one command to the Floor aggregate; nobody decides about what they did themselves.

use axum::http::StatusCode;
use munshi_domain::{
    RefusalClass, Sku,
    floor::{Approval, CountTask, Exception, Floor, FloorCommand, Goods, LocationCode, Proposal},
};
use munshi_protocols::{
    common::Reason,
    floor::{
        CountTaskView, CountTasks, ExceptionView, FloorDecided, FloorDecisionView, OpenCount, OpenExceptions,
        ResolveException, StockDeltaView,
    },
};

use super::{
    Answer, Call, convert,
    floor::{cut, read, run, word},
    list,
    outcome::{self, page},
    warehouses::code,
};
use crate::problem::Problem;

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
            let lot = |goods: &Goods| goods.lot.as_ref().map(ToString::to_string);
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
    let asked = read(call, move |floor, _| floor.approvals().find(|one| one.id == id).map(|one| one.by.operator));
    let operator = asked.await?;
    if operator == Some(by) {
        let detail = "nobody decides about what they did themselves".to_owned();
        return Err(Problem::refusal_parts("self_approval", RefusalClass::Forbidden, detail, None, None));
    }
    let command = FloorCommand::DecideApproval { id, approve, reason: reason.clone() };
    let meta = call.meta()?.because(Some(&reason));
    let view = move |floor: &Floor, _: u64| FloorDecided { decision: id, open: floor.approvals().count() };
    let applied = call.app.node().execute::<Floor, _>(code(call)?.as_str(), command, meta, view).await;
    outcome::done(StatusCode::OK, &applied.map_err(outcome::problem)?)
}

/// Approves: a variance becomes the books, an over-receipt is taken in, a late fact counts, a load may leave.
///
/// # Errors
/// `self_approval`, `decision_closed`, `floor_record_unknown`.
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
