//! Threads with customers and staff: read, replied to, assigned; calls; what a person wants to hear.

use axum::http::StatusCode;
use munshi_actors::node::Meta;
use munshi_domain::{
    ConversationId, CustomerId, Kind, MessageId, QuestionId, Timestamp, UserId,
    conversation::{Asked, CallOutcome, Conversation, ConversationCommand, Decision, Sender},
    customer::Customer,
    notify::{Category, Language, MessageChannel, MessageKind, Recipient},
    user::User,
};
use munshi_protocols::conversations as wire;
use munshi_store::Op;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::{
    Answer, Call,
    call::json_body,
    convert, list,
    outcome::{self, found, page},
};
use crate::{auth::Permission, problem::Problem, services::contacts};

/// Hours in which free text may be sent after the person wrote.
const WINDOW_SECONDS: i64 = 24 * 3_600;

/// A word of the wire as the domain's.
fn word<T: DeserializeOwned>(field: &str, text: &str) -> Result<T, Problem> {
    serde_json::from_value(Value::from(text))
        .map_err(|_| Problem::bad_value(field, format!("{text:?} is not known here")))
}

fn question(asked: &Asked) -> wire::QuestionView {
    let question = &asked.question;
    wire::QuestionView {
        id: question.id.to_string(),
        about: question.subject.word().to_owned(),
        order_id: question.subject.order().to_string(),
        number: question.number.clone(),
        state: asked.state.word().to_owned(),
        answer: asked.answer.map(|answer| answer.word().to_owned()),
        asked_at: asked.asked_at.to_string(),
        expires_at: question.expires_at.to_string(),
        call: asked.call,
    }
}

fn view(id: ConversationId, of: &Conversation, version: u64, contacts: bool, now: Timestamp) -> wire::ConversationView {
    let words = |channels: &[MessageChannel]| channels.iter().map(|channel| channel.word().to_owned()).collect();
    let until = of.last_inbound_at.get(&MessageChannel::Whatsapp).map(|last| last.plus_seconds(WINDOW_SECONDS));
    let mut questions: Vec<&Asked> = of.questions.values().collect();
    questions.sort_by_key(|asked| std::cmp::Reverse((asked.asked_at, asked.question.id)));
    wire::ConversationView {
        id: id.to_string(),
        version,
        name: of.with.name.clone(),
        phone: of.with.phone.as_ref().map(|phone| convert::shown_phone(phone, contacts)),
        email: of.with.email.as_ref().map(|email| convert::shown_email(email, contacts)),
        customer_id: of.with.customer.map(|id| id.to_string()),
        user_id: of.with.user.map(|id| id.to_string()),
        language: of.language.or(of.with.language).map(|language| language.word().to_owned()),
        window_open: of.window_open(MessageChannel::Whatsapp, now),
        window_until: until.filter(|until| *until > now).map(|until| until.to_string()),
        orders: of
            .orders
            .iter()
            .rev()
            .map(|order| wire::ConversationOrder { id: order.id.to_string(), number: order.number.clone() })
            .collect(),
        questions: questions.into_iter().map(question).collect(),
        assigned_to: of.assigned.as_ref().and_then(|assigned| assigned.to).map(|user| user.to_string()),
        why: of.assigned.as_ref().map(|assigned| assigned.why.clone()),
        needs_agent: of.assigned.is_some(),
        unreachable: of.invalid.iter().map(|(channel, code)| (channel.word().to_owned(), code.clone())).collect(),
        consent: of
            .consent
            .iter()
            .map(|consent| wire::ConsentView {
                channel: consent.channel.word().to_owned(),
                category: consent.category.word().to_owned(),
                allowed: consent.allowed,
                source: consent.source.clone(),
                at: consent.at.to_string(),
            })
            .collect(),
        preferences: of.preferences.iter().map(|(kind, of)| (kind.word().to_owned(), words(of))).collect(),
    }
}

/// Lists threads: those that need a person first, then those to call, the one written to last first; with `needs_agent` or `call_due` only those.
///
/// # Errors
/// `bad_query`.
pub async fn list(call: Call) -> Answer {
    let mut filters = Vec::new();
    for name in ["needs_agent", "call_due"] {
        if let Some(wanted) = call.query::<bool>(name)? {
            filters.push(list::filter(if name == "needs_agent" { "needs_agent" } else { "call_due" }, Op::Eq, wanted));
        }
    }
    filters.extend(list::equals(&call, "assigned_to", "assigned_to"));
    filters.extend(list::equals(&call, "customer", "customer"));
    let found = list::documents(&call, Kind::Conversation, filters, "rank", true).await?;
    let flag = |row: &Value, name: &str| row.get(name).and_then(Value::as_bool).unwrap_or_default();
    let items = found.rows.iter().map(|row| wire::ConversationRow {
        id: row.id.clone(),
        name: list::text(&row.body, "name"),
        customer_id: list::optional(&row.body, "customer"),
        user_id: list::optional(&row.body, "user"),
        language: list::optional(&row.body, "language"),
        needs_agent: flag(&row.body, "needs_agent"),
        why: list::optional(&row.body, "why"),
        assigned_to: list::optional(&row.body, "assigned_to"),
        call_due: flag(&row.body, "call_due"),
        call_until: list::optional(&row.body, "call_until"),
        open_questions: row.body.get("open_questions").and_then(Value::as_u64).unwrap_or_default(),
        last_inbound_at: list::optional(&row.body, "last_inbound_at"),
        orders: list::texts(&row.body, "orders"),
    });
    page(items.collect::<Vec<_>>(), found.next, found.seq)
}

fn id(call: &Call) -> Result<ConversationId, Problem> {
    call.id("id", "conversation", ConversationId::parse)
}

fn contacts_shown(call: &Call) -> Result<bool, Problem> {
    Ok(call.caller()?.may(Permission::SeeContacts))
}

async fn show(call: &Call, id: ConversationId) -> Answer {
    let (contacts, now) = (contacts_shown(call)?, call.now());
    let look = move |of: &Conversation, version: u64| (version, view(id, of, version, contacts, now));
    let read = call.app.node().read::<Conversation, _>(&id.to_string(), look).await;
    found("conversation", read.map_err(Problem::unavailable)?)
}

/// Reads the head of a thread.
///
/// # Errors
/// `not_found`.
pub async fn read(call: Call) -> Answer {
    let id = id(&call)?;
    show(&call, id).await
}

/// Reads a thread, newest first.
///
/// # Errors
/// `not_found`, `bad_query`.
pub async fn thread(call: Call) -> Answer {
    let id = id(&call)?;
    let source = munshi_store::query::Source::Rows {
        table: "thread",
        prefix: vec![Value::from(id.to_string())],
        descending: true,
    };
    let found = list::run(&call, source, vec![], None).await?;
    let contacts = contacts_shown(&call)?;
    let settings = call.app.node().settings();
    let entry = |row: &munshi_store::Row| {
        let mut event = row.body.get("event").cloned().unwrap_or_default();
        let text = crate::services::messages::text(&event, &settings);
        if !contacts {
            convert::mask_contacts(&mut event);
        }
        wire::ThreadEntry {
            version: row.body.get("version").and_then(Value::as_u64).unwrap_or_default(),
            at: list::text(&row.body, "at"),
            event,
            text,
        }
    };
    page(found.rows.iter().map(entry).collect::<Vec<_>>(), found.next, found.seq)
}

async fn run(call: &Call, id: ConversationId, command: ConversationCommand, meta: Meta) -> Answer {
    let (contacts, now) = (contacts_shown(call)?, call.now());
    let look = move |of: &Conversation, version: u64| view(id, of, version, contacts, now);
    let applied = call.app.node().execute::<Conversation, _>(&id.to_string(), command, meta, look).await;
    outcome::done(StatusCode::OK, &applied.map_err(outcome::problem)?)
}

/// Writes to the person; on WhatsApp only while the window is open.
///
/// # Errors
/// `window_closed`, `channel_unavailable`.
pub async fn reply(call: Call) -> Answer {
    let given: wire::SendReply = call.json()?;
    let channel = given.channel.as_deref().map(|text| word("/channel", text)).transpose()?;
    let command = ConversationCommand::SendText {
        id: MessageId::from_u128(call.new_id()?),
        text: given.text,
        channel: channel.unwrap_or(MessageChannel::Whatsapp),
    };
    run(&call, id(&call)?, command, call.meta()?).await
}

/// Says who looks after a thread.
///
/// # Errors
/// `bad_value`.
pub async fn assign(call: Call) -> Answer {
    let given: wire::AssignConversation = call.json()?;
    let parse = |text: &String| UserId::parse(text).map_err(|error| Problem::bad_value("/user_id", error));
    let to = given.user_id.as_ref().map(parse).transpose()?;
    run(&call, id(&call)?, ConversationCommand::AssignConversation { to }, call.meta()?).await
}

/// Is done with a thread.
///
/// # Errors
/// The conversation's refusals.
pub async fn resolve(call: Call) -> Answer {
    run(&call, id(&call)?, ConversationCommand::ResolveConversation, call.meta()?).await
}

/// Notes what came of a call.
///
/// # Errors
/// The conversation's refusals.
pub async fn call_made(call: Call) -> Answer {
    let given: wire::RecordCall = call.json()?;
    let outcome: CallOutcome = word("/outcome", &given.outcome)?;
    let parse = |text: &String| QuestionId::parse(text).map_err(|error| Problem::bad_value("/question_id", error));
    let question = given.question_id.as_ref().map(parse).transpose()?;
    let command = ConversationCommand::RecordCall { note: given.note, outcome, question };
    run(&call, id(&call)?, command, call.meta()?).await
}

fn wishes(given: wire::PatchPreferences) -> Result<Vec<ConversationCommand>, Problem> {
    let mut commands = Vec::new();
    if let Some(language) = &given.language {
        commands.push(ConversationCommand::SetLanguage { language: word::<Language>("/language", language)? });
    }
    for (at, consent) in given.consent.iter().enumerate() {
        commands.push(ConversationCommand::SetConsent {
            channel: word(&format!("/consent/{at}/channel"), &consent.channel)?,
            category: word::<Category>(&format!("/consent/{at}/category"), &consent.category)?,
            allowed: consent.allowed,
            source: "console".into(),
        });
    }
    for (kind, channels) in &given.preferences {
        let field = format!("/preferences/{kind}");
        let parse = |channels: &Vec<String>| {
            channels.iter().map(|channel| word::<MessageChannel>(&field, channel)).collect::<Result<Vec<_>, _>>()
        };
        commands.push(ConversationCommand::SetPreference {
            kind: word::<MessageKind>(&field, kind)?,
            channels: channels.as_ref().map(parse).transpose()?,
        });
    }
    Ok(commands)
}

async fn wish(call: &Call, id: ConversationId, given: wire::PatchPreferences) -> Answer {
    let (contacts, now) = (contacts_shown(call)?, call.now());
    let mut last = None;
    for (at, command) in wishes(given)?.into_iter().enumerate() {
        let look = move |of: &Conversation, version: u64| view(id, of, version, contacts, now);
        let meta = call.step(&format!("wish/{at}"))?;
        let applied = call.app.node().execute::<Conversation, _>(&id.to_string(), command, meta, look).await;
        last = Some(applied.map_err(outcome::problem)?);
    }
    match last {
        Some(applied) => outcome::done(StatusCode::OK, &applied),
        None => show(call, id).await,
    }
}

/// Changes language, consent and wanted channels.
///
/// # Errors
/// `bad_value`, and the conversation's refusals.
pub async fn preferences(call: Call) -> Answer {
    let id = id(&call)?;
    wish(&call, id, call.json()?).await
}

/// How a customer is reached.
async fn customer(call: &Call) -> Result<(Recipient, ConversationId), Problem> {
    let id = call.id("id", "customer", CustomerId::parse)?;
    let look = move |customer: &Customer, _: u64| contacts::of_customer(id, customer);
    let read = call.app.node().read::<Customer, _>(&id.to_string(), look).await.map_err(Problem::unavailable)?;
    let recipient = read.ok_or_else(|| Problem::not_found("customer"))?;
    let conversation = recipient.conversation();
    let nobody = || Problem::new("no_contact", "the customer has no number and no mail address");
    conversation.map(|conversation| (recipient, conversation)).ok_or_else(nobody)
}

/// Reads the thread with a customer.
///
/// # Errors
/// `not_found` if nobody wrote yet; `no_contact`.
pub async fn of_customer(call: Call) -> Answer {
    let (_, conversation) = customer(&call).await?;
    show(&call, conversation).await
}

/// Changes what a customer wants to hear; the thread begins with it if there is none yet.
///
/// # Errors
/// `no_contact`, `bad_value`.
pub async fn customer_preferences(call: Call) -> Answer {
    let (recipient, id) = customer(&call).await?;
    let given: wire::PatchPreferences = call.json()?;
    let command = ConversationCommand::OpenConversation { with: Box::new(recipient) };
    let meta = call.step("open")?;
    let opened = call.app.node().execute::<Conversation, _>(&id.to_string(), command, meta, |_, _| ()).await;
    opened.map_err(outcome::problem)?;
    wish(&call, id, given).await
}

/// Decides an approval step by a signed link: the signed-in person has to be the one who was asked, and the step has to
/// be as it was shown. Once.
///
/// # Errors
/// `link_invalid`, and the conversation's refusals.
pub async fn answer(call: Call) -> Answer {
    let given: wire::AnswerLink = call.json()?;
    let invalid = || Problem::new("link_invalid", "this link cannot be used").fix("open the approval in the console");
    let signer = call.app.outbound().signer();
    let read = signer.read_link(&given.token).or_else(|| signer.read(&given.token));
    let button = read.ok_or_else(invalid)?;
    if button.expires_at <= call.now() {
        return Err(invalid());
    }
    let by = call.by()?;
    let user = call.app.node().snapshot::<User>(&by.to_string()).await.map_err(Problem::unavailable)?;
    let roles = user.map(|user| user.roles.iter().map(|role| role.name().to_owned()).collect()).unwrap_or_default();
    let command = ConversationCommand::Decide(Box::new(Decision {
        question: button.question,
        choice: button.choice,
        by: Sender::User(by),
        roles,
        rationale: given.rationale,
    }));
    let question = button.question;
    let about = move |of: &Conversation, _: u64| {
        let asked = of.questions.get(&question)?;
        Some(wire::LinkAnswered {
            about: asked.question.subject.word().to_owned(),
            order_id: asked.question.subject.order().to_string(),
            number: asked.question.number.clone(),
            choice: asked.answer?.word().to_owned(),
        })
    };
    let conversation = button.conversation.to_string();
    let applied = call.app.node().execute::<Conversation, _>(&conversation, command, call.meta()?, about).await;
    let applied = applied.map_err(outcome::problem)?;
    json_body(StatusCode::OK, &applied.view.ok_or_else(invalid)?)
}
