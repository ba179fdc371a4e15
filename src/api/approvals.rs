//! Approval steps that wait for a decision (SM-18). The queue decides who may vote on what; the role that a step
//! asks for is checked here.

use axum::http::StatusCode;
use munshi_domain::{
    Kind, OrderId, QueueId,
    approval::{ApprovalQueue, QueueCommand, StepId, StepView},
    order::Order,
    user::Role,
};
use munshi_protocols::approvals as wire;

use super::{
    Answer, Call, convert, list,
    outcome::{self, found, page},
};
use crate::problem::Problem;

/// A step's id as it stands in paths: `<order>.<request>.<step>`.
pub fn step_id(order: OrderId, request: u16, step: u16) -> String {
    format!("{order}.{request}.{step}")
}

fn parse_step(text: &str) -> Option<StepId> {
    StepId::parse(&text.replace('.', "/"))
}

fn view(queue: &QueueId, step: &StepView, version: u64) -> wire::StepView {
    let about = &step.about;
    let vote = |vote: &munshi_domain::approval::step::Vote| wire::VoteView {
        approver: vote.approver.to_string(),
        decision: if vote.approve { "approve" } else { "reject" }.to_owned(),
        rationale: Some(vote.rationale.clone()).filter(|text| !text.is_empty()),
    };
    wire::StepView {
        queue: queue.to_string(),
        step: step_id(about.step.order, about.step.request, about.step.step),
        version,
        state: "active".to_owned(),
        order: about.step.order.to_string(),
        edition: about.edition,
        hash: about.hash.clone(),
        amount: convert::money(&about.amount),
        role: about.approver_role.clone(),
        requester: about.requester.map(|user| user.to_string()),
        opened_at: step.opened_at.to_string(),
        votes: step.votes.iter().map(vote).collect(),
    }
}

/// Lists open steps, of one queue or of all.
///
/// # Errors
/// `not_found`, `bad_query`.
pub async fn list(call: Call) -> Answer {
    let limit = list::limit(&call)?;
    list::own_writes(&call).await?;
    let node = call.app.node();
    let bad = |name: &'static str| Problem::new("bad_query", format!("{name} cannot be")).at(name);
    let queues = match call.text("queue") {
        Some(name) => vec![QueueId::parse(name).map_err(|_| bad("queue"))?],
        None => {
            let all = node.store().entities(Kind::ApprovalQueue, None, 200).await?;
            all.iter().filter_map(|entity| QueueId::parse(&entity.id).ok()).collect()
        }
    };
    let after = call.text("after").map(|text| {
        let (queue, step) = text.split_once(':').ok_or_else(|| bad("after"))?;
        Ok::<_, Problem>((
            QueueId::parse(queue).map_err(|_| bad("after"))?,
            parse_step(step).ok_or_else(|| bad("after"))?,
        ))
    });
    let after: Option<(QueueId, StepId)> = after.transpose()?;
    let mut items: Vec<wire::StepView> = Vec::new();
    for queue in queues {
        let from = match &after {
            Some((last, _)) if queue < *last => continue,
            Some((last, step)) if queue == *last => Some(*step),
            _ => None,
        };
        let room = limit + 1 - items.len();
        let shown = queue.clone();
        let steps = move |state: &ApprovalQueue, version: u64| {
            let later = state.steps().filter(|step| from.is_none_or(|from| step.about.step > from));
            later.take(room).map(|step| view(&shown, step, version)).collect::<Vec<_>>()
        };
        items.extend(
            node.read::<ApprovalQueue, _>(queue.as_str(), steps)
                .await
                .map_err(Problem::unavailable)?
                .unwrap_or_default(),
        );
        if items.len() > limit {
            break;
        }
    }
    let more = items.len() > limit;
    items.truncate(limit);
    let next = more.then(|| items.last().map(|last| format!("{}:{}", last.queue, last.step))).flatten();
    page(items, next, node.status().head)
}

fn named(call: &Call) -> Result<(QueueId, StepId), Problem> {
    let queue = call.id("queue", "approval step", QueueId::parse)?;
    let step = call.id("step", "approval step", |text| parse_step(text).ok_or(()))?;
    Ok((queue, step))
}

/// Reads an open step.
///
/// # Errors
/// `not_found`, also for a step that has its decision.
pub async fn read(call: Call) -> Answer {
    let (queue, id) = named(&call)?;
    let shown = queue.clone();
    let view =
        move |state: &ApprovalQueue, version: u64| state.step(id).map(|step| (version, view(&shown, step, version)));
    let read = call.app.node().read::<ApprovalQueue, _>(queue.as_str(), view).await.map_err(Problem::unavailable)?;
    found("approval step", read.flatten())
}

/// Sends a decision and answers with the step, in the state `ended` if the decision ended it.
async fn decide(
    call: &Call,
    ended: &'static str,
    command: impl FnOnce(StepId, wire::Vote) -> Result<QueueCommand, Problem>,
) -> Answer {
    let (queue, id) = named(call)?;
    let given: wire::Vote = call.json()?;
    let shown = queue.clone();
    let node = call.app.node();
    check_role(call, id).await?;
    let view_before = move |state: &ApprovalQueue, version: u64| state.step(id).map(|step| view(&shown, step, version));
    let before =
        node.read::<ApprovalQueue, _>(queue.as_str(), view_before).await.map_err(Problem::unavailable)?.flatten();
    let rationale = given.rationale.clone();
    let command = command(id, given)?;
    let meta = call.meta()?.because(rationale.as_deref());
    let shown = queue.clone();
    let kept = before.unwrap_or_else(|| wire::StepView {
        queue: queue.to_string(),
        step: step_id(id.order, id.request, id.step),
        version: 0,
        state: ended.to_owned(),
        order: id.order.to_string(),
        edition: 0,
        hash: String::new(),
        amount: munshi_protocols::common::Money { amount: "0".into(), currency: "PKR".into() },
        role: String::new(),
        requester: None,
        opened_at: String::new(),
        votes: vec![],
    });
    let view = move |state: &ApprovalQueue, version: u64| match state.step(id) {
        Some(step) => view(&shown, step, version),
        None => wire::StepView { state: ended.to_owned(), version, ..kept },
    };
    let applied = node.execute::<ApprovalQueue, _>(queue.as_str(), command, meta, view).await;
    outcome::done(StatusCode::OK, &applied.map_err(outcome::problem)?)
}

/// The role that decides is pinned in the order's request, also when the queue has the step no more.
async fn check_role(call: &Call, id: StepId) -> Result<(), Problem> {
    let wanted = move |order: &Order, _: u64| {
        let request = order.approval.as_deref().filter(|request| request.number == id.request)?;
        let step = request.plan.steps.get(usize::from(id.step).checked_sub(1)?)?;
        Some(step.role.clone())
    };
    let role =
        call.app.node().read::<Order, _>(&id.order.to_string(), wanted).await.map_err(Problem::unavailable)?.flatten();
    let role = role.ok_or_else(|| Problem::not_found("approval step"))?;
    let roles = &call.caller()?.user.roles;
    if roles.iter().any(|own| own.name() == role || *own == Role::Admin) {
        return Ok(());
    }
    Err(Problem::new("forbidden", format!("this step is decided by the role {role}")))
}

fn rationale(text: Option<String>) -> Result<String, Problem> {
    let text = text.unwrap_or_default().trim().to_owned();
    if text.chars().count() <= 2_000 {
        Ok(text)
    } else {
        Err(Problem::bad_value("/rationale", "at most 2000 characters"))
    }
}

async fn vote(call: Call, approve: bool, ended: &'static str) -> Answer {
    let approver = call.by()?;
    decide(&call, ended, move |step, given| {
        let rationale = rationale(given.rationale)?;
        Ok(QueueCommand::VoteOnStep { step, approver, on_behalf: None, approve, hash: given.hash, rationale })
    })
    .await
}

/// Votes for.
///
/// # Errors
/// The queue's refusals, such as `self_approval` and `stale_hash`.
pub async fn approve(call: Call) -> Answer {
    vote(call, true, "approved").await
}

/// Votes against.
///
/// # Errors
/// The queue's refusals.
pub async fn reject(call: Call) -> Answer {
    vote(call, false, "rejected").await
}

/// Asks for changes; the order goes back to draft.
///
/// # Errors
/// The queue's refusals.
pub async fn request_changes(call: Call) -> Answer {
    let approver = call.by()?;
    decide(&call, "changes_requested", move |step, given| {
        let rationale = rationale(given.rationale)?;
        Ok(QueueCommand::RequestChanges { step, approver, hash: given.hash, rationale })
    })
    .await
}
