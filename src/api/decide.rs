//! Decisions by the one-time links of mails to approvers (APR-03).
//!
//! Invariant: a link decides one step, about the content it was sent for, once, and only while the person it was mailed
//! to may decide it; it opens nothing else. The token comes in a header and never in an address. How often somebody asks
//! is bounded by their address.

use std::time::{Duration, Instant};

use axum::http::{StatusCode, header};
use munshi_actors::node::{Failure, Meta};
use munshi_domain::{
    EntityId, Kind, QuestionId,
    approval::{ApprovalQueue, StepId},
    conversation::{
        Asked, Choice, Conversation, ConversationCommand, ConversationEvent, ConversationRefusal, Decision, Outcome,
        Sender, Subject,
    },
    notify::Language,
    order::Order,
    user::User,
};
use munshi_protocols::conversations as wire;

use super::{Answer, Call, call::json_body, outcome};
use crate::{auth::rate::subscriber, outbound::buttons::Button, problem::Problem};

/// How often, and how far apart, it is looked for what became of an answer.
const LOOKS: usize = 60;
const BETWEEN: Duration = Duration::from_millis(50);
/// Entries looked at.
const ENTRIES: usize = 64;
/// Events of the answer's own entry: where to begin looking.
const BEFORE: u64 = 16;

fn invalid() -> Problem {
    Problem::new("link_invalid", "this link cannot be used").fix("open the approval in the console")
}

/// What a link is about, and as whom it decides.
struct Asking {
    button: Button,
    asked: Asked,
    language: Option<Language>,
    approver: User,
    step: StepId,
    hash: String,
    queue: munshi_domain::QueueId,
}

impl Asking {
    fn roles(&self) -> Vec<String> {
        self.approver.roles.iter().map(|role| role.name().to_owned()).collect()
    }
}

/// What the link of this request asks.
async fn asking(call: &Call) -> Result<Asking, Problem> {
    let wait = |wait: Duration| {
        Problem::new("rate_limited", "too many requests; wait before trying again").retry_after(wait.as_secs() + 1)
    };
    call.app.tracking().address.take(subscriber(call.ip), Instant::now()).map_err(wait)?;
    let given = call.headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let given =
        given.and_then(|value| value.split_once(' ')).filter(|(scheme, _)| scheme.eq_ignore_ascii_case("decide"));
    let token = given.map(|(_, token)| token.trim()).ok_or_else(invalid)?;
    let button = call.app.outbound().signer().read_link(token).ok_or_else(invalid)?;
    if button.expires_at <= call.now() {
        return Err(invalid());
    }
    let question = button.question;
    let look = move |of: &Conversation, _: u64| {
        Some((of.questions.get(&question)?.clone(), of.language.or(of.with.language), of.with.user?))
    };
    let node = call.app.node();
    let read = node.read::<Conversation, _>(&button.conversation.to_string(), look).await;
    let (asked, language, user) = read.map_err(Problem::unavailable)?.flatten().ok_or_else(invalid)?;
    let Subject::Approval { queue, step, hash, approver, role } = asked.question.subject.clone() else {
        return Err(invalid());
    };
    let known = node.snapshot::<User>(&approver.to_string()).await.map_err(Problem::unavailable)?;
    let known = known.filter(|user| !user.disabled).ok_or_else(invalid)?;
    let entitled = known.roles.iter().any(|own| own.name() == role || own.name() == "admin");
    if user != approver || !entitled {
        return Err(invalid());
    }
    Ok(Asking { button, asked, language, approver: (*known).clone(), step, hash, queue })
}

async fn view(call: &Call, asking: &Asking, decided: Option<String>) -> Result<wire::DecideView, Problem> {
    let (node, question) = (call.app.node(), &asking.asked.question);
    let (step, hash) = (asking.step, asking.hash.clone());
    let open = move |queue: &ApprovalQueue, _: u64| queue.step(step).is_some_and(|view| view.about.hash == hash);
    let open = node.read::<ApprovalQueue, _>(asking.queue.as_str(), open).await.map_err(Problem::unavailable)?;
    let now = call.now();
    let state = match asking.asked.state.word() {
        "open" if now >= question.expires_at => "expired",
        "open" if open != Some(true) => "closed",
        word => word,
    };
    let hash = asking.hash.clone();
    let look = move |order: &Order, _: u64| {
        let content = order.content.as_deref();
        let lines = content.filter(|_| order.hash == hash).map(|content| {
            let line = |line: &munshi_domain::order::content::ContentLine| wire::DecideLine {
                title: line.title.clone(),
                quantity: line.quantity,
            };
            content.lines.iter().map(line).collect::<Vec<_>>()
        });
        let customer = content.map(|content| content.customer.name.clone()).unwrap_or_default();
        let payment = content.map(|content| content.payment_method.word().to_owned());
        (lines.unwrap_or_default(), order.total().to_string(), customer, payment)
    };
    let order = node.read::<Order, _>(&step.order.to_string(), look).await.map_err(Problem::unavailable)?;
    let (lines, total, customer, payment_method) = order.ok_or_else(invalid)?;
    let settings = node.settings();
    let language = asking.language.unwrap_or(settings.shop.messaging.default_language);
    Ok(wire::DecideView {
        shop: settings.shop.name.clone(),
        approver: asking.approver.name.clone(),
        number: question.number.clone(),
        total,
        customer,
        payment_method,
        queue: asking.queue.to_string(),
        lines,
        state: state.to_owned(),
        answer: asking.asked.answer.map(|answer| answer.word().to_owned()),
        outcome: decided,
        choice: asking.button.choice.word().to_owned(),
        asked_at: asking.asked.asked_at.to_string(),
        expires_at: question.expires_at.to_string(),
        language: language.word().to_owned(),
    })
}

/// What the link asks.
///
/// # Errors
/// `link_invalid`, `rate_limited`.
pub async fn read(call: Call) -> Answer {
    let asking = asking(&call).await?;
    json_body(StatusCode::OK, &view(&call, &asking, None).await?)
}

/// Decides, as the person the link was mailed to.
///
/// # Errors
/// `link_invalid`, `rate_limited`, `bad_value`, and the conversation's refusals.
pub async fn answer(call: Call) -> Answer {
    let given: wire::DecideAnswer = call.json()?;
    let choice = match given.choice.as_str() {
        "yes" => Choice::Yes,
        "no" => Choice::No,
        _ => return Err(Problem::bad_value("/choice", "is yes or no")),
    };
    let before = asking(&call).await?;
    let question = before.button.question;
    // The queue may know before the conversation is told.
    if view(&call, &before, None).await?.state == "closed" {
        return Err(outcome::problem(Failure::Refused(ConversationRefusal::QuestionClosed)));
    }
    let decision = Decision { question, choice, by: Sender::Link, roles: before.roles(), rationale: given.reason };
    let command = ConversationCommand::Decide(Box::new(decision));
    let conversation = before.button.conversation.to_string();
    let key = call.key.as_deref().unwrap_or_default();
    let mut meta = Meta::system("decision_link", format!("decide:{question}:{key}"));
    meta.request.clone_from(&call.request);
    let applied = call.app.node().execute::<Conversation, _>(&conversation, command, meta, |_, _| ()).await;
    let applied = applied.map_err(outcome::problem)?;
    let decided = outcome_of(&call, &conversation, question, applied.version.saturating_sub(BEFORE)).await?;
    let after = asking(&call).await?;
    json_body(StatusCode::OK, &view(&call, &after, decided).await?)
}

/// What became of the answer to a question, as the journal says; nothing if that takes longer.
async fn outcome_of(
    call: &Call,
    conversation: &str,
    question: QuestionId,
    from: u64,
) -> Result<Option<String>, Problem> {
    let entity = EntityId::new(Kind::Conversation, conversation);
    let (mut after, mut action, mut answered) = (from, None, false);
    for _ in 0..LOOKS {
        let read = call.app.node().store().history(&entity, after, ENTRIES).await;
        let entries = read.map_err(Problem::unavailable)?;
        for entry in &entries {
            after = entry.last;
            for event in entry.events.typed::<ConversationEvent>().into_owned() {
                match event {
                    ConversationEvent::QuestionAnswered { question: of, .. } => answered = of == question,
                    // What is asked for stands behind its answer.
                    ConversationEvent::ActionRequested { action: asked } if answered && action.is_none() => {
                        action = Some(asked.number);
                    }
                    ConversationEvent::ActionSettled { action: of, outcome } if action == Some(of) => {
                        return Ok(Some(match outcome {
                            Outcome::Done => "done".to_owned(),
                            Outcome::Refused { code } => code,
                        }));
                    }
                    _ => {}
                }
            }
        }
        if entries.len() < ENTRIES {
            tokio::time::sleep(BETWEEN).await;
        }
    }
    Ok(None)
}
