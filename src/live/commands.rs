//! Commands of consoles: one table from operation to the route of the REST interface that carries it out.
//!
//! Invariant: a command is authorised, made idempotent and decided by the very handler that serves the route, so the two
//! ways in cannot differ. It runs to its end even if the client hangs up; its answer follows the durable commit. A client
//! that hears nothing sends the same key again.

use std::{collections::BTreeMap, net::IpAddr, sync::Arc, time::Duration};

use axum::body::Bytes;
use http_body_util::BodyExt;
use munshi_domain::{
    OrderId, QueueId,
    approval::{ApprovalQueue, StepId},
    order::Order,
    user::User,
};
use munshi_protocols::{
    client::Cmd,
    code::{Code, CodeWord},
    ids::FrameId,
    payload::Payload,
    server::{self, Ack, Answer, ServerBody, ServerFrame, Status},
};
use serde_json::{Map, Value, json};
use tokio::sync::OwnedSemaphorePermit;

use super::{
    Live,
    link::{Link, Principal},
    rows::{self, About},
};
use crate::{
    api::{Call, ROUTES, Route, call::REPLAYED},
    app::App,
    auth::Caller,
    problem::Problem,
};

/// Largest answer of an operation that goes along with its `ack`; a larger one is left out, the topics show it.
const OUT_BYTES: usize = 48 * 1024;

/// What an operation is about, which tells what a conflict is answered with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// An order, named by `id`.
    Order,
    /// An approval step, named by `id`.
    Step,
}

/// One operation.
#[derive(Clone, Copy, Debug)]
pub struct Operation {
    /// Its name.
    pub op: &'static str,
    /// Name of the route that carries it out.
    pub route: &'static str,
    /// What it is about.
    about: Subject,
}

const fn order(op: &'static str, route: &'static str) -> Operation {
    Operation { op, route, about: Subject::Order }
}

const fn step(op: &'static str, route: &'static str) -> Operation {
    Operation { op, route, about: Subject::Step }
}

/// Every operation but `approval.decide`, which is one of the `approvals` routes by its `decision`.
pub const OPS: &[Operation] = &[
    order("order.submit", "orders.submit"),
    order("order.confirm", "orders.confirm"),
    order("order.withdraw", "orders.withdraw"),
    order("order.cancel", "orders.cancel"),
    order("order.hold", "orders.hold"),
    order("order.release_hold", "orders.release_hold"),
    order("order.release", "orders.release"),
    order("order.deliver", "orders.deliver"),
    order("order.scan", "orders.scan"),
    step("approval.approve", "approvals.approve"),
    step("approval.reject", "approvals.reject"),
    step("approval.request_changes", "approvals.request_changes"),
];

/// Carries a command out in a task of its own.
pub fn start(app: &App, live: &Live, link: Arc<Link>, id: Option<FrameId>, cmd: Cmd, permit: OwnedSemaphorePermit) {
    let (app, live) = (app.clone(), live.clone());
    let counted = live.counted(|inner| &inner.commands);
    let busy = app.in_flight();
    tokio::spawn(async move {
        // Counted until its answer is queued, and in flight until it is done, which may be later.
        let (_counted, _permit) = (counted, permit);
        let limit = app.config().server.request_timeout.duration();
        let work = tokio::spawn({
            let (app, link, cmd) = (app.clone(), Arc::clone(&link), cmd.clone());
            async move {
                let _busy = busy;
                execute(&app, &link.principal(), &cmd).await
            }
        });
        let outcome = match tokio::time::timeout(limit, work).await {
            Ok(Ok(outcome)) => outcome,
            // It panicked, or takes too long: whether it was done is unknown, and the same key finds out.
            Ok(Err(_)) | Err(_) => Err(Stopped { code: Code::OutcomeUnknown, retry_ms: Some(1_000) }),
        };
        let body = match outcome {
            Ok(answer) => {
                metrics::counter!("munshi_live_commands_total", "status" => word(answer.st)).increment(1);
                ServerBody::Ack(Ack { through: None, r: vec![answer] })
            }
            Err(Stopped { code, retry_ms }) => {
                metrics::counter!("munshi_live_commands_total", "status" => code.row().code).increment(1);
                let err = server::Err::of(code);
                ServerBody::Err(match retry_ms {
                    Some(wait) => err.later(wait),
                    None => err,
                })
            }
        };
        link.reply(&ServerFrame::answer(id, body));
    });
}

const fn word(status: Status) -> &'static str {
    match status {
        Status::Applied => "applied",
        Status::Duplicate => "duplicate",
        Status::AppliedWithVariance => "applied_with_variance",
        Status::Rejected => "rejected",
        Status::Pending => "pending",
    }
}

/// A command that was not decided, or of which that is not known.
struct Stopped {
    code: Code,
    retry_ms: Option<u32>,
}

impl Stopped {
    const fn now(code: Code) -> Self {
        Self { code, retry_ms: None }
    }
}

/// A command taken apart.
struct Parsed {
    operation: Operation,
    route: &'static Route,
    id: String,
    body: Map<String, Value>,
}

fn parse(cmd: &Cmd) -> Result<Parsed, Code> {
    let mut args: Map<String, Value> = cmd.a.parse().map_err(|_| Code::BadField)?;
    let op = match cmd.op.as_str() {
        "approval.decide" => match args.remove("decision").as_ref().and_then(Value::as_str) {
            Some("approve") => "approval.approve",
            Some("reject") => "approval.reject",
            Some("request_changes") => "approval.request_changes",
            _ => return Err(Code::BadField),
        },
        op => op,
    };
    let operation = OPS.iter().find(|known| known.op == op).ok_or(Code::UnknownType)?;
    let route = ROUTES.iter().find(|route| route.name == operation.route).ok_or(Code::Internal)?;
    let Some(Value::String(id)) = args.remove("id") else { return Err(Code::BadField) };
    if operation.about == Subject::Step
        && let Some(reason) = args.remove("reason")
    {
        args.insert("rationale".to_owned(), reason);
    }
    Ok(Parsed { operation: *operation, route, id, body: args })
}

async fn execute(app: &App, principal: &Principal, cmd: &Cmd) -> Result<Answer, Stopped> {
    let Parsed { operation, route, id, body } = parse(cmd).map_err(Stopped::now)?;
    let user = app.node().snapshot::<User>(&principal.user.to_string()).await;
    let user = user.map_err(|_| Stopped { code: Code::Busy, retry_ms: Some(1_000) })?;
    let user = user.filter(|user| !user.disabled && user.session(principal.session).is_some());
    let user = user.ok_or(Stopped::now(Code::TokenBad))?;
    let caller = Caller { id: principal.user, user, session: principal.session };
    if !caller.may(route.permission) {
        return Err(Stopped::now(Code::CmdDenied));
    }
    let rev = cmd.rev.map(munshi_protocols::ids::Rev::get);
    let (params, expected) = match operation.about {
        Subject::Order => (vec![("id".to_owned(), id.clone())], rev),
        Subject::Step => {
            let Some((queue, expected)) = locate(app, &id, rev).await? else {
                return Ok(rejected(cmd, "not_found", None));
            };
            (vec![("queue".to_owned(), queue), ("step".to_owned(), id.clone())], expected)
        }
    };
    let call = Call {
        app: app.clone(),
        route,
        caller: Some(caller),
        key: Some(Arc::from(cmd.key.as_str())),
        request: Some(cmd.fingerprint().to_string().into()),
        expected,
        headers: axum::http::HeaderMap::new(),
        body: if body.is_empty() && route.body.is_none() {
            Bytes::new()
        } else {
            Value::Object(body).to_string().into()
        },
        upload: None,
        params,
        query: BTreeMap::new(),
        ip: IpAddr::from([0, 0, 0, 0]),
    };
    match (route.handler)(call).await {
        Ok(response) => {
            let replayed = response.headers().contains_key(REPLAYED);
            let bytes = response.into_body().collect().await.map(|body| body.to_bytes()).unwrap_or_default();
            let text = std::str::from_utf8(&bytes).ok().filter(|text| text.len() <= OUT_BYTES);
            let st = if replayed { Status::Duplicate } else { Status::Applied };
            let out = text.and_then(|text| Payload::from_json(text).ok());
            Ok(Answer { out, ..answer(cmd, st) })
        }
        Err(problem) => refused(app, cmd, operation.about, &id, &problem).await,
    }
}

fn answer(cmd: &Cmd, st: Status) -> Answer {
    Answer { seq: None, key: Some(cmd.key.clone()), st, code: None, exception_id: None, approval_id: None, out: None }
}

fn rejected(cmd: &Cmd, code: &str, out: Option<Payload>) -> Answer {
    Answer { code: CodeWord::parse(code), out, ..answer(cmd, Status::Rejected) }
}

/// What a problem of the handler means to a console.
async fn refused(app: &App, cmd: &Cmd, about: Subject, id: &str, problem: &Problem) -> Result<Answer, Stopped> {
    let retry_ms = problem.retry_after.map_or(1_000, |seconds| u32::try_from(seconds * 1_000).unwrap_or(u32::MAX));
    let later = |code| Err(Stopped { code, retry_ms: Some(retry_ms) });
    match problem.code {
        "busy" => later(Code::Busy),
        "shutting_down" => later(Code::Draining),
        "unavailable" | "timeout" | "internal" | "still_placing" => later(Code::OutcomeUnknown),
        "idempotency_key_reused" => Err(Stopped::now(Code::KeyReuse)),
        "forbidden" => Err(Stopped::now(Code::CmdDenied)),
        // Somebody was first: the answer shows what is there now.
        "version_conflict" | "step_closed" | "stale_hash" | "already_voted" => {
            let row = match about {
                Subject::Order => order_row(app, id).await,
                Subject::Step => step_row(app, id).await,
            };
            Ok(rejected(cmd, Code::Conflict.row().code, Payload::of(&json!({ "row": row })).ok()))
        }
        code => {
            let out = json!({ "detail": problem.detail, "field": problem.field, "fix": problem.fix });
            Ok(rejected(cmd, code, Payload::of(&out).ok()))
        }
    }
}

fn parse_step(text: &str) -> Option<StepId> {
    StepId::parse(&text.replace('.', "/"))
}

/// The queue of a step, and the version to expect there: nothing to compare if the revision is the step's present one,
/// one that no queue has if it is not, so that only a repeat of a decided command gets through.
async fn locate(app: &App, id: &str, rev: Option<u64>) -> Result<Option<(String, Option<u64>)>, Stopped> {
    let Some(step) = parse_step(id) else { return Ok(None) };
    let busy = |_| Stopped { code: Code::Busy, retry_ms: Some(1_000) };
    let queue = move |order: &Order, _: u64| {
        let request = order.approval.as_deref().filter(|request| request.number == step.request)?;
        Some(request.plan.steps.get(usize::from(step.step).checked_sub(1)?)?.queue.clone())
    };
    let queue = app.node().read::<Order, _>(&step.order.to_string(), queue).await.map_err(busy)?.flatten();
    let Some(queue) = queue else { return Ok(None) };
    let Some(rev) = rev else { return Ok(Some((queue.to_string(), None))) };
    let present =
        app.node().read::<ApprovalQueue, _>(queue.as_str(), move |state, _| state.step(step).map(rows::step_rev));
    let present = present.await.map_err(busy)?.flatten();
    let expected = (present != Some(rev)).then_some(u64::MAX);
    Ok(Some((queue.to_string(), expected)))
}

/// An order as a board shows it, on a board or not.
async fn order_row(app: &App, id: &str) -> Value {
    let Ok(order) = OrderId::parse(id) else { return Value::Null };
    let view = |order: &Order, version: u64| {
        use munshi_domain::Aggregate as _;
        let on = order.view().and_then(|columns| rows::order(&columns, version));
        on.and_then(|on| on.row.parse::<Value>().ok())
            .unwrap_or_else(|| json!({ "status": munshi_domain::order::display_status(order), "rev": version }))
    };
    app.node().read::<Order, _>(&order.to_string(), view).await.ok().flatten().unwrap_or_default()
}

/// A step as a board shows it; of one that has its decision, what became of it. The order hears of the decision a moment
/// after the queue has made it.
async fn step_row(app: &App, id: &str) -> Value {
    const LOOKS: usize = 100;
    for _ in 0..LOOKS {
        let row = step_row_now(app, id).await;
        if row["state"] != "open" {
            return row;
        }
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    Value::Null
}

async fn step_row_now(app: &App, id: &str) -> Value {
    let Some(step) = parse_step(id) else { return Value::Null };
    let look = move |order: &Order, _: u64| {
        let request = order.approval.as_deref().filter(|request| request.number == step.request)?;
        let at = usize::from(step.step).checked_sub(1)?;
        let state = serde_json::to_value(request.steps.get(at)?).ok()?;
        let ended = state.pointer("/decided/result").cloned().unwrap_or_else(|| request.state.name().into());
        Some((request.plan.steps.get(at)?.queue.clone(), About::of(order), ended))
    };
    let seen = app.node().read::<Order, _>(&step.order.to_string(), look).await.ok().flatten().flatten();
    let Some((queue, about, ended)) = seen else { return Value::Null };
    let queue: QueueId = queue;
    let view = move |state: &ApprovalQueue, _: u64| {
        state.step(step).and_then(|view| serde_json::to_value(rows::approval(view, &about)).ok())
    };
    let open = app.node().read::<ApprovalQueue, _>(queue.as_str(), view).await.ok().flatten().flatten();
    open.unwrap_or_else(|| json!({ "state": ended, "order": step.order.to_string() }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_operation_has_its_route() {
        for operation in OPS {
            let route = ROUTES.iter().find(|route| route.name == operation.route).unwrap();
            assert!(route.keyed(), "{}", operation.op);
            assert!(munshi_protocols::ids::Op::parse(operation.op).is_ok());
            let named = route.path.contains("{id}") || route.path.contains("{queue}/{step}");
            assert!(named, "{} takes other parameters", route.path);
        }
    }
}
