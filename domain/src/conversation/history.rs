//! What lists and threads show of conversations.
//!
//! Invariant: the thread is what [`entry`] makes of the events, one row for each, keyed by conversation and version;
//! it is complete, because the state forgets what has ended. Who may see numbers and texts is for the edge to say.

use serde_json::{Value, json};

use super::{Conversation, ConversationEvent};

/// The row of the thread for an event; `None` for what is not part of it.
pub fn entry(event: &ConversationEvent) -> Option<Value> {
    use ConversationEvent as E;
    match event {
        E::MessageQueued { .. }
        | E::MessageSuppressed { .. }
        | E::MessageExpired { .. }
        | E::StatusRecorded { .. }
        | E::InboundReceived { .. }
        | E::RungTaken { .. }
        | E::QuestionAnswered { .. }
        | E::QuestionExpired { .. }
        | E::QuestionClosed { .. }
        | E::AnswerIgnored { .. }
        | E::ActionRequested { .. }
        | E::ActionSettled { .. }
        | E::CallNoted { .. }
        | E::ConsentSet { .. }
        | E::ConversationAssigned { .. }
        | E::ConversationResolved { .. } => serde_json::to_value(event).ok(),
        E::SendRequested { envelope, at } => Some(json!({
            "type": "SendRequested",
            "message": envelope.message,
            "attempt": envelope.attempt,
            "channel": envelope.channel,
            "form": envelope.form,
            "at": at,
        })),
        E::ConversationOpened { .. }
        | E::RecipientUpdated { .. }
        | E::OrderLinked { .. }
        | E::MessagesArchived { .. }
        | E::WindowCorrected { .. }
        | E::ContactMarked { .. }
        | E::QuestionAsked { .. }
        | E::PreferenceSet { .. }
        | E::LanguageSet { .. } => None,
    }
}

/// Where a thread stands in a list, greatest first: those that need a person, then those to call, then by when somebody
/// last wrote.
fn rank(conversation: &Conversation) -> String {
    let need = match (conversation.assigned.is_some(), conversation.call_tasks().next().is_some()) {
        (true, _) => 2,
        (false, true) => 1,
        (false, false) => 0,
    };
    let last = conversation.last_inbound_at.values().max().map(ToString::to_string).unwrap_or_default();
    format!("{need} {last}")
}

/// Flat columns for lists: who, whether a person has to look or call, and when somebody last wrote.
pub fn columns(conversation: &Conversation) -> Option<Value> {
    conversation.id?;
    let calls: Vec<_> = conversation.call_tasks().collect();
    Some(json!({
        "name": conversation.with.name,
        "customer": conversation.with.customer,
        "user": conversation.with.user,
        "language": conversation.language.or(conversation.with.language),
        "needs_agent": conversation.assigned.is_some(),
        "assigned_to": conversation.assigned.as_ref().and_then(|assigned| assigned.to),
        "why": conversation.assigned.as_ref().map(|assigned| &assigned.why),
        "call_due": !calls.is_empty(),
        "call_until": calls.iter().map(|asked| asked.question.expires_at).min(),
        "open_questions": conversation.open_questions().count(),
        "rank": rank(conversation),
        "last_inbound_at": conversation.last_inbound_at.values().max(),
        "orders": conversation.orders.iter().rev().take(5).map(|order| &order.number).collect::<Vec<_>>(),
    }))
}
