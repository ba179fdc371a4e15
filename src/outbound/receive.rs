//! From what a vendor delivered to a command for a conversation.
//!
//! Invariant: the command's id follows from the vendor's id of what it says, so that the same news twice is one command.
//! Who wrote is who the vendor says the sender is; a button counts only when its token was signed here.

use std::{sync::Arc, time::Duration};

use munshi_actors::{
    Class,
    node::{Failure, Meta},
};
use munshi_connectors::{
    outcome::Hint,
    transport::{Channel, DeliveryState, InboundItem, MessageItem, StatusItem},
};
use munshi_domain::{
    ConversationId, MessageId, Refused, Timestamp,
    conversation::{
        Conversation, ConversationCommand, FailureCause, Inbound, InboundBody, MessageStatus, StatusReport,
    },
    notify::MessageChannel,
    phone::{Contact, Email, Phone},
};
use munshi_store::{StoreError, WorkKey, WorkRow, WorkTable, WorkWrite};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Outbound, Wired, admin::AdminError, buttons, messages::effect_id, writer::Gone};
use crate::services::contacts;

/// One attempt at one message, as effects and references name it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Named {
    /// The conversation.
    pub conversation: ConversationId,
    /// The message.
    pub message: MessageId,
    /// Number of the attempt.
    pub attempt: u16,
    /// The channel.
    pub channel: MessageChannel,
}

/// Whether an item had its effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Applied {
    /// It had, now or before, or can never have one.
    Done,
    /// It is about a message that nobody here knows yet.
    Unknown,
}

/// Applies one item.
///
/// # Errors
/// [`Gone`] when this server is stopping.
pub(super) async fn apply(outbound: &Outbound, wired: &Wired, item: &InboundItem) -> Result<Applied, Gone> {
    match item {
        InboundItem::Message(message) => received(outbound, wired, message).await,
        InboundItem::Status(status) => reported(outbound, wired, status).await,
    }
}

/// The channel as the domain names it; none for a chat room.
pub const fn channel(of: Channel) -> Option<MessageChannel> {
    match of {
        Channel::Whatsapp => Some(MessageChannel::Whatsapp),
        Channel::Sms => Some(MessageChannel::Sms),
        Channel::Email => Some(MessageChannel::Email),
        Channel::Chat => None,
    }
}

/// How far a message is, as the domain names it; none for words nobody knows.
pub const fn status(of: &DeliveryState) -> Option<MessageStatus> {
    Some(match of {
        DeliveryState::Accepted | DeliveryState::Scheduled | DeliveryState::Queued | DeliveryState::Sending => {
            MessageStatus::Accepted
        }
        DeliveryState::Sent => MessageStatus::Sent,
        DeliveryState::Delivered => MessageStatus::Delivered,
        DeliveryState::Read => MessageStatus::Read,
        DeliveryState::Undelivered | DeliveryState::Failed | DeliveryState::Canceled => MessageStatus::Failed,
        DeliveryState::Other(_) => return None,
    })
}

/// What a class of failures says about the contact.
pub const fn cause(hint: Hint) -> FailureCause {
    match hint {
        Hint::SendTemplate => FailureCause::WindowClosed,
        Hint::CorrectRecipient | Hint::UseOtherChannel => FailureCause::InvalidContact,
        Hint::RecipientOptedOut => FailureCause::OptedOut,
        _ => FailureCause::Other,
    }
}

async fn received(outbound: &Outbound, wired: &Wired, message: &MessageItem) -> Result<Applied, Gone> {
    let Some(channel) = channel(message.channel) else { return Ok(Applied::Done) };
    let from = match channel {
        MessageChannel::Email => Email::parse(&message.from).ok().map(Contact::Email),
        _ => Phone::parse(&message.from).ok().map(Contact::Phone),
    };
    let Some(from) = from else {
        metrics::counter!("munshi_connector_inbox_unusable_total", "why" => "sender").increment(1);
        return Ok(Applied::Done);
    };
    let in_reply_to = match &message.reply_to {
        Some(reference) => {
            let of = referenced(outbound, wired, reference).await.map_err(|_| Gone)?;
            of.map(|named| named.message)
        }
        None => None,
    };
    let inbound = Inbound {
        id: format!("{}/{}", wired.record.id, message.id),
        channel,
        at: message.at.unwrap_or_else(|| outbound.node().now()),
        body: body(outbound, message),
        in_reply_to,
        roles: contacts::roles(outbound.node(), &from).await.map_err(|_| Gone)?,
        from: from.clone(),
    };
    let conversation = ConversationId::of(&from);
    let id = format!("{}/{}", wired.consumer(), InboundItem::Message(message.clone()).key());
    command(outbound, wired, conversation, ConversationCommand::RecordInbound(Box::new(inbound)), &id).await?;
    Ok(Applied::Done)
}

fn body(outbound: &Outbound, message: &MessageItem) -> InboundBody {
    let button = message.payload.as_deref().and_then(|payload| outbound.signer().read(payload));
    if let Some(button) = button {
        return InboundBody::Button { question: button.question, choice: button.choice, text: message.text.clone() };
    }
    if message.payload.as_deref().is_some_and(buttons::is_ours) {
        // A button of ours that was changed or signed elsewhere: its words are not an answer.
        return InboundBody::Media { media: "button".into(), text: message.text.clone() };
    }
    match message.media.first() {
        Some(media) => InboundBody::Media { media: media.content_type.clone(), text: message.text.clone() },
        None => InboundBody::Text { text: message.text.clone() },
    }
}

async fn reported(outbound: &Outbound, wired: &Wired, item: &StatusItem) -> Result<Applied, Gone> {
    let Some(status) = status(&item.state) else {
        metrics::counter!("munshi_connector_unmapped_statuses_total", "connection" => wired.record.id.to_string())
            .increment(1);
        return Ok(Applied::Done);
    };
    let known = referenced(outbound, wired, &item.vendor_ref).await.map_err(|_| Gone)?;
    let (named, new) = match (known, item.our_ref) {
        (Some(named), _) => (named, false),
        (None, Some(ours)) => match effect(outbound, wired, ours).await.map_err(|_| Gone)? {
            Some(named) => (named, true),
            None => return Ok(Applied::Unknown),
        },
        (None, None) => return Ok(Applied::Unknown),
    };
    if new {
        let row = reference(&wired.record.id, &item.vendor_ref, &named, outbound.node().now());
        outbound.writer().write(WorkWrite { put: vec![row], ..outbound.writer().begin() }).await?;
    }
    let report = StatusReport {
        message: named.message,
        attempt: named.attempt,
        status,
        code: item.code.clone(),
        cause: item.failure.map(cause),
        vendor_ref: Some(item.vendor_ref.clone()),
        at: item.at.unwrap_or_else(|| outbound.node().now()),
    };
    let id = format!("{}/{}", wired.consumer(), InboundItem::Status(item.clone()).key());
    command(outbound, wired, named.conversation, ConversationCommand::RecordStatus(report), &id).await?;
    closed(outbound, wired, &named).await
}

/// A person need not look any more at what the vendor has told about.
async fn closed(outbound: &Outbound, wired: &Wired, named: &Named) -> Result<Applied, Gone> {
    let effect = effect_id(&wired.record.id, named.message, named.attempt);
    match outbound.close_settled(&wired.record.id, &effect).await {
        Ok(_) => Ok(Applied::Done),
        Err(AdminError::Stopping) => Err(Gone),
        Err(error) => {
            // The delivery is looked at again, which changes nothing else.
            tracing::warn!(connection = %wired.record.id, dead = %effect, %error, "a dead letter cannot be closed yet");
            Ok(Applied::Unknown)
        }
    }
}

/// The row by which a vendor's id of a message is understood.
pub fn reference(connection: &Arc<str>, vendor_ref: &str, named: &Named, at: Timestamp) -> WorkRow {
    let mut body = serde_json::to_value(named).unwrap_or_default();
    body["at"] = serde_json::to_value(at).unwrap_or_default();
    WorkRow { key: WorkKey::new(WorkTable::Reference, connection.clone(), vendor_ref), body }
}

async fn referenced(outbound: &Outbound, wired: &Wired, vendor_ref: &str) -> Result<Option<Named>, StoreError> {
    let key = WorkKey::new(WorkTable::Reference, wired.record.id.clone(), vendor_ref);
    let row = outbound.patiently(|| outbound.node().store().work_row(&key)).await?;
    Ok(row.and_then(|row| serde_json::from_value(row.body).ok()))
}

/// The attempt that an effect of ours is: one that is open, or one that was given up before the vendor told of it.
async fn effect(outbound: &Outbound, wired: &Wired, id: Uuid) -> Result<Option<Named>, StoreError> {
    for (table, payload) in [(WorkTable::Effect, "/payload"), (WorkTable::Dead, "/effect/payload")] {
        let key = WorkKey::new(table, wired.record.id.clone(), id.to_string());
        let row = outbound.patiently(|| outbound.node().store().work_row(&key)).await?;
        if let Some(row) = row {
            return Ok(row.body.pointer(payload).and_then(|named| Named::deserialize(named).ok()));
        }
    }
    Ok(None)
}

/// Sends a command of a connection until it is durable or refused; a refusal is final and was to be expected.
pub(super) async fn command(
    outbound: &Outbound,
    wired: &Wired,
    conversation: ConversationId,
    command: ConversationCommand,
    id: &str,
) -> Result<(), Gone> {
    let name = wired.consumer();
    let view = |_: &Conversation, _: u64| ();
    tell(outbound, &name, conversation, command, id, view).await.map(drop)
}

/// Sends a command until it is answered; nothing if it was refused, which is final.
///
/// # Errors
/// [`Gone`] when this server is stopping.
pub(super) async fn tell<R>(
    outbound: &Outbound,
    name: &str,
    conversation: ConversationId,
    command: ConversationCommand,
    id: &str,
    view: impl FnOnce(&Conversation, u64) -> R + Clone + Send + 'static,
) -> Result<Option<R>, Gone>
where
    R: Serialize + serde::de::DeserializeOwned + Send + 'static,
{
    let mut pause = Duration::from_millis(20);
    loop {
        let meta = Meta::system(name, id).class(Class::Callback);
        let sent = outbound
            .node()
            .execute::<Conversation, _>(&conversation.to_string(), command.clone(), meta, view.clone())
            .await;
        match sent {
            Ok(applied) => return Ok(Some(applied.view)),
            Err(Failure::Refused(refusal)) => {
                tracing::info!(connection = name, code = refusal.code(), "news of a connection were refused");
                return Ok(None);
            }
            Err(failure @ (Failure::KeyReused | Failure::VersionConflict { .. })) => {
                // Neither a request hash nor a version is sent.
                tracing::error!(connection = name, error = %failure, "news of a connection cannot be told");
                return Ok(None);
            }
            Err(Failure::Busy { .. } | Failure::Broken(_)) => {
                if outbound.stopping() {
                    return Err(Gone);
                }
                tokio::time::sleep(pause).await;
                pause = (pause * 2).min(Duration::from_secs(2));
            }
        }
    }
}
