//! Threads on the sockets: the board of those that need somebody, and the row of a single one.
//!
//! Invariant: a row says how a thread stands and never what was written in it; who may have it is who may read messages.
//! A thread is on the board while a person has to look or call.

use std::collections::BTreeMap;

use futures_util::future::join_all;
use munshi_domain::{ConversationId, conversation::Conversation};
use munshi_protocols::{
    ids::{Rev, RowKey},
    payload::Payload,
    topic::rows::ThreadRow,
};

use super::{Live, rows};

/// Name of the board.
pub const BOARD: &str = "shop.threads";
/// Numbers of orders in a row.
const ORDERS: usize = 5;

/// How a thread stands.
#[derive(Clone, Debug)]
pub struct Thread {
    /// Its row.
    pub row: Payload,
    /// Whether somebody has to look or call.
    pub to_do: bool,
}

/// Of a conversation, as it is.
pub fn of(conversation: &Conversation, version: u64) -> Option<Thread> {
    conversation.id?;
    let call_until = conversation.call_tasks().map(|asked| asked.question.expires_at).min();
    let open = conversation.open_questions().count();
    let state = match (&conversation.assigned, call_until, open) {
        (Some(_), ..) => "agent",
        (None, Some(_), _) => "call",
        (None, None, 1..) => "waiting",
        _ => "quiet",
    };
    let row = ThreadRow {
        rev: Rev::new(version).unwrap_or(Rev::ZERO),
        state: state.to_owned(),
        name: conversation.with.name.clone(),
        customer: conversation.with.customer.map(|id| id.to_string()),
        user: conversation.with.user.map(|id| id.to_string()),
        why: conversation.assigned.as_ref().map(|assigned| assigned.why.clone()),
        assigned_to: conversation.assigned.as_ref().and_then(|assigned| assigned.to).map(|user| user.to_string()),
        call_until: call_until.map(rows::millis),
        open_questions: u32::try_from(open).unwrap_or(u32::MAX),
        last_inbound_at: conversation.last_inbound_at.values().max().copied().map(rows::millis),
        orders: conversation.orders.iter().rev().take(ORDERS).map(|order| order.number.clone()).collect(),
    };
    Some(Thread { row: Payload::of(&row).ok()?, to_do: matches!(state, "agent" | "call") })
}

/// Key of a thread's row.
pub fn key(id: ConversationId) -> Option<RowKey> {
    RowKey::parse(&id.to_string()).ok()
}

/// The name of a thread in topics, behind `thread.`.
pub fn segment(id: ConversationId) -> String {
    format!("{:032x}", id.as_u128())
}

/// The thread that a topic names: 32 hex digits.
pub fn of_topic(segment: &str) -> Option<ConversationId> {
    let plain = segment.len() == 32 && segment.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    plain.then(|| u128::from_str_radix(segment, 16).ok().map(ConversationId::from_u128)).flatten()
}

/// The name of the board of a single thread among those of single orders.
pub fn board_of(id: ConversationId) -> String {
    format!("thread.{}", segment(id))
}

/// Threads as they are now; of those that cannot be read, nothing.
pub async fn look(live: &Live, wanted: &BTreeMap<ConversationId, u64>) -> Vec<(ConversationId, u64, Option<Thread>)> {
    let looks = wanted.iter().map(|(id, seq)| async move {
        let read = live.node().read::<Conversation, _>(&id.to_string(), of).await.ok()?;
        Some((*id, *seq, read.flatten()))
    });
    join_all(looks).await.into_iter().flatten().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cus_08_a_thread_has_one_name_in_topics() {
        let id = ConversationId::from_u128(0x0198_c0de_0000_8000_8000_0000_0000_0001);
        assert_eq!(of_topic(&segment(id)), Some(id));
        assert_eq!(of_topic("0198C0DE000080008000000000000001"), None);
        assert!(of(&Conversation::default(), 0).is_none(), "what has no event is no thread");
    }
}
