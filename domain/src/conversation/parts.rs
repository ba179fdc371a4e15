//! The document of a conversation: one part for what it is, one per message in memory, one per bucket of remembered
//! ids (docs/adr/0004).
//!
//! Invariant: [`Conversation::build`] undoes [`Conversation::to_part`] over every part, and an event changes no part
//! that [`Conversation::touched`] does not name.

use std::collections::{BTreeMap, VecDeque};

use super::{
    Conversation, ConversationEvent, Message,
    state::{bucket, inbound_id},
};
use crate::{MessageId, Part, PartJson, aggregate::main_part};

fn message(id: MessageId) -> Part {
    Part::named(format!("message/{id}"))
}

fn known(bucket: u8) -> Part {
    Part::named(format!("known/{bucket:x}"))
}

impl Conversation {
    pub(super) fn touched(event: &ConversationEvent) -> Vec<Part> {
        use ConversationEvent as E;
        match event {
            E::MessageQueued { message: queued } => vec![message(queued.plan.id), known(bucket(queued.plan.id))],
            E::MessageSuppressed { message: id, .. }
            | E::MessageExpired { message: id }
            | E::StatusRecorded { message: id, .. } => vec![message(*id)],
            E::SendRequested { envelope, .. } => vec![message(envelope.message)],
            E::MessagesArchived { messages } => messages.iter().map(|id| message(*id)).collect(),
            E::InboundReceived { inbound, .. } => vec![known(bucket(inbound_id(&inbound.id)))],
            _ => Vec::new(),
        }
    }

    pub(super) fn to_part(&self, part: &Part) -> Option<PartJson> {
        if let Some(id) = part.0.strip_prefix("message/") {
            return self.messages.get(&MessageId::parse(id).ok()?).map(PartJson::of);
        }
        match part.0.strip_prefix("known/") {
            Some(bucket) => self.known.get(&u8::from_str_radix(bucket, 16).ok()?).map(PartJson::of),
            None => main_part(self, part),
        }
    }

    pub(super) fn all_parts(&self) -> Vec<Part> {
        let messages = self.messages.keys().map(|id| message(*id));
        let buckets = self.known.keys().map(|bucket| known(*bucket));
        std::iter::once(Part::main()).chain(messages).chain(buckets).collect()
    }

    pub(super) fn build(parts: Vec<(Part, PartJson)>) -> Result<Self, String> {
        let (mut main, mut messages, mut remembered) = (None, BTreeMap::new(), BTreeMap::new());
        for (part, json) in parts {
            if part == Part::main() {
                main = Some(json.read::<Self>()?);
            } else if let Some(id) = part.0.strip_prefix("message/") {
                let id = MessageId::parse(id).map_err(|error| error.to_string())?;
                messages.insert(id, json.read::<Message>()?);
            } else if let Some(bucket) = part.0.strip_prefix("known/") {
                let bucket = u8::from_str_radix(bucket, 16).map_err(|error| error.to_string())?;
                remembered.insert(bucket, json.read::<VecDeque<MessageId>>()?);
            } else {
                return Err(format!("unknown part {:?}", part.0));
            }
        }
        let mut conversation = main.ok_or("main part missing")?;
        (conversation.messages, conversation.known) = (messages, remembered);
        Ok(conversation)
    }
}
