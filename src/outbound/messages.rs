//! Messages of conversations by one connection: the envelope in the journal becomes a request to the vendor, the vendor's
//! answer a command to the conversation.
//!
//! Invariant: what is sent is what the journal says, in the form it says; the text is made when it is sent. An attempt
//! that the conversation knows an outcome of is not sent again.

use std::{collections::BTreeSet, sync::Arc};

use dashmap::DashMap;
use munshi_connectors::{
    outcome::{Hint, Outcome},
    transport::{self, Accepted, Lookup, MessageTransport, WhenUnknown},
};
use munshi_domain::{
    Kind, MessageId, Timestamp,
    conversation::{
        Conversation, ConversationCommand, ConversationEvent, Envelope, FailureCause, MessageStatus, StatusReport,
    },
    notify::{Category, MessageChannel},
};
use munshi_store::{JournalEntry, StoreError, WorkRow};
use serde::Deserialize;
use uuid::Uuid;

use super::{
    Outbound, Wired,
    admin::AdminError,
    connector::{Care, Connector, Doing, News, Ready},
    receive::{Named, cause, reference, status, tell},
    records::{Effect, State},
    render::{self, Rendering},
    writer::Gone,
};

/// Namespace of the ids of effects (integrations/README.md §3.3).
const EFFECTS: Uuid = Uuid::from_u128(0x6d75_6e73_6869_5000_8000_6566_6665_6374);
/// When nothing can be read now.
const LATER_MS: i64 = 1_000;

/// What a call takes.
pub struct Request {
    envelope: transport::Envelope,
    /// Vendor's ids of the conversation's other messages.
    known: Vec<String>,
}

/// The connector.
pub struct Messages {
    outbound: Outbound,
    wired: Arc<Wired>,
    channels: BTreeSet<MessageChannel>,
    /// Envelopes of planned effects, so that most need not be read again.
    planned: DashMap<Arc<str>, Envelope>,
}

/// What the conversation knows of an attempt.
struct Known {
    open: bool,
    barred: Option<&'static str>,
    others: Vec<String>,
    queued_at: Timestamp,
}

/// The id of the effect that is an attempt at a message by a connection.
pub(super) fn effect_id(connection: &str, message: MessageId, attempt: u16) -> Arc<str> {
    let name = format!("{connection}/message/{message}/{attempt}");
    Uuid::new_v5(&EFFECTS, name.as_bytes()).to_string().into()
}

impl Messages {
    /// For these channels.
    pub fn new(outbound: &Outbound, wired: &Arc<Wired>, channels: BTreeSet<MessageChannel>) -> Self {
        Self { outbound: outbound.clone(), wired: wired.clone(), channels, planned: DashMap::new() }
    }

    fn transport(&self) -> Option<&dyn MessageTransport> {
        self.wired.transport()
    }

    fn id(&self, envelope: &Envelope) -> Arc<str> {
        effect_id(&self.wired.record.id, envelope.message, envelope.attempt)
    }

    fn effect(&self, entry: &JournalEntry, n: u32, envelope: &Envelope) -> Option<Effect> {
        let conversation = munshi_domain::ConversationId::parse(&entry.entity.id).ok()?;
        let named =
            Named { conversation, message: envelope.message, attempt: envelope.attempt, channel: envelope.channel };
        Some(Effect {
            key: entry.entity.id.clone(),
            payload: serde_json::to_value(&named).ok()?,
            expires_at: Some(envelope.expires_at),
            ..Effect::planned(self.id(envelope), self.wired.record.id.clone(), "message", entry, n)
        })
    }

    fn named(effect: &Effect) -> Option<Named> {
        Named::deserialize(&effect.payload).ok()
    }

    /// The envelope as the journal has it.
    pub(super) async fn envelope(&self, effect: &Effect) -> Result<Option<Envelope>, StoreError> {
        if let Some(envelope) = self.planned.get(&effect.id) {
            return Ok(Some(envelope.clone()));
        }
        let entries = self.outbound.node().store().journal(effect.seq.saturating_sub(1), 1).await?;
        let found = entries.iter().filter(|entry| entry.seq == effect.seq).flat_map(requested);
        let envelope = found.into_iter().map(|(_, envelope)| envelope).find(|envelope| self.id(envelope) == effect.id);
        if let Some(envelope) = &envelope {
            self.planned.insert(effect.id.clone(), envelope.clone());
        }
        Ok(envelope)
    }

    /// What the conversation knows; `None` if it no longer remembers the message, because it has ended.
    async fn known(&self, named: &Named, category: Category, replayed: bool) -> Result<Option<Known>, Gone> {
        let (message, attempt, channel) = (named.message, named.attempt, named.channel);
        let look = move |conversation: &Conversation, _: u64| {
            let found = conversation.messages.get(&message)?;
            let this = found.attempts.get(usize::from(attempt).checked_sub(1)?)?;
            let failed = this.status == MessageStatus::Failed;
            let others = conversation.messages.values().flat_map(|message| &message.attempts);
            Some(Known {
                open: conversation.settled(message, attempt).is_none() && (replayed || !failed),
                barred: conversation.may_send(channel, category).err(),
                others: others.filter_map(|attempt| attempt.vendor_ref.clone()).collect(),
                queued_at: found.queued_at,
            })
        };
        let read = self.outbound.node().read::<Conversation, _>(&named.conversation.to_string(), look).await;
        read.map(Option::flatten).map_err(|_| Gone)
    }

    async fn make(&self, effect: &Effect) -> Ready<Request> {
        let later = || Ready::Later(self.outbound.node().now().plus_millis(LATER_MS));
        let Some(named) = Self::named(effect) else {
            return broken("payload_unreadable", "the effect does not say which message it is", Hint::ReportToUs);
        };
        let envelope = match self.envelope(effect).await {
            Ok(Some(mut envelope)) => {
                envelope.variables.extend(super::edited_texts(effect));
                envelope
            }
            Ok(None) => return broken("entry_missing", "the journal has no such message", Hint::ReportToUs),
            Err(_) => return later(),
        };
        let known = match self.known(&named, envelope.kind.row().category, effect.replayed).await {
            Ok(Some(known)) => known,
            Ok(None) => return Ready::Settled,
            Err(Gone) => return later(),
        };
        if !known.open {
            self.planned.remove(&effect.id);
            return Ready::Settled;
        }
        // Who replays a message knows that the contact was thought not to work.
        let barred = known.barred.filter(|barred| !(effect.replayed && *barred == "invalid_contact"));
        if let Some(barred) = barred.filter(|_| effect.state == State::Planned) {
            let hint = if barred == "invalid_contact" { Hint::CorrectRecipient } else { Hint::RecipientOptedOut };
            return broken(barred, "the person does not get this any more since it was planned", hint);
        }
        let callback = self.wired.hook_url(self.outbound.public_url());
        let rendering = Rendering {
            id: Uuid::parse_str(&effect.id).unwrap_or_default(),
            made_at: known.queued_at,
            callback,
            shop: self.outbound.node().settings(),
            signer: self.outbound.signer(),
            public_url: self.outbound.public_url(),
            wired: &self.wired,
        };
        match render::envelope(&envelope, &rendering) {
            Ok(envelope) => Ready::Request(Box::new(Request { envelope, known: known.others })),
            Err(fault) => broken(fault.code(), &fault.to_string(), Hint::FixTemplate),
        }
    }

    async fn report(&self, effect: &Effect, news: &News) -> Result<Care, Gone> {
        let Some(named) = Self::named(effect) else { return Ok(Care::Person) };
        let now = self.outbound.node().now();
        let (status, code, cause, vendor_ref) = match news {
            News::Accepted(accepted) => (
                status(&accepted.state).unwrap_or(MessageStatus::Accepted),
                None,
                None,
                Some(accepted.vendor_ref.clone()),
            ),
            News::Unknown => (MessageStatus::Unknown, None, None, None),
            News::Failed { code, hint } => (MessageStatus::Failed, Some(code.clone()), Some(cause(*hint)), None),
            // What was tried and surely not carried out did not arrive; what was never tried came too late.
            News::Expired if effect.attempts > 0 => {
                (MessageStatus::Failed, Some("expired".into()), Some(FailureCause::Other), None)
            }
            News::Expired => (MessageStatus::Expired, None, None, None),
        };
        let report =
            StatusReport { message: named.message, attempt: named.attempt, status, code, cause, vendor_ref, at: now };
        // Where the attempt ends in failure, the conversation says whether it goes on by itself. An answer that came too
        // late for free text can be sent by nobody: the thread has been given to a person.
        let (message, attempt) = (named.message, usize::from(named.attempt));
        let too_late = matches!(news, News::Failed { hint: Hint::SendTemplate, .. });
        let view = move |conversation: &Conversation, _: u64| {
            conversation.messages.get(&message).is_some_and(|message| {
                message.attempts.len() > attempt || (too_late && !message.plan.kind.has_template())
            })
        };
        let id = format!("effect/{}/{}/{}", effect.id, effect.attempts, news.word());
        let name = self.wired.consumer();
        let command = ConversationCommand::RecordStatus(report);
        let goes_on = tell(&self.outbound, &name, named.conversation, command, &id, view).await?;
        Ok(match news {
            News::Failed { hint, .. } if *hint != Hint::RecipientOptedOut && goes_on != Some(true) => Care::Person,
            _ => Care::None,
        })
    }
}

fn broken(code: &str, text: &str, hint: Hint) -> Ready<Request> {
    Ready::Broken { code: code.to_owned(), text: text.to_owned(), hint }
}

/// Messages that an entry asks connections to send, with their places in it.
fn requested(entry: &JournalEntry) -> Vec<(u32, Envelope)> {
    if entry.entity.kind != Kind::Conversation {
        return Vec::new();
    }
    let events = entry.events.iter().zip(0u32..);
    let asked = events.filter(|(event, _)| event.get("type").and_then(|name| name.as_str()) == Some("SendRequested"));
    asked
        .filter_map(|(event, n)| match ConversationEvent::deserialize(event) {
            Ok(ConversationEvent::SendRequested { envelope, .. }) => Some((n, *envelope)),
            _ => None,
        })
        .collect()
}

impl Connector for Messages {
    type Request = Request;

    fn plan(&self, entry: &JournalEntry) -> Vec<Effect> {
        let mine = requested(entry).into_iter().filter(|(_, envelope)| self.channels.contains(&envelope.channel));
        let effects = mine.filter_map(|(n, envelope)| {
            let effect = self.effect(entry, n, &envelope)?;
            self.planned.insert(effect.id.clone(), envelope);
            Some(effect)
        });
        effects.collect()
    }

    fn ready<'a>(&'a self, effect: &'a Effect) -> Doing<'a, Ready<Request>> {
        Box::pin(self.make(effect))
    }

    fn call<'a>(&'a self, request: &'a Request, now: Timestamp) -> Doing<'a, Outcome<Accepted>> {
        match self.transport() {
            Some(transport) => transport.send(&request.envelope, now),
            None => Box::pin(async { Outcome::AuthExpired }),
        }
    }

    fn lookup<'a>(&'a self, request: &'a Request, since: Timestamp) -> Doing<'a, Lookup> {
        match self.transport() {
            Some(transport) => transport.lookup(&request.envelope, since, &request.known),
            None => Box::pin(async { Lookup::Refused { code: "no_credentials".into() } }),
        }
    }

    fn repeats_are_safe(&self) -> bool {
        self.transport().is_some_and(|transport| transport.when_unknown() == WhenUnknown::ResendOnce)
    }

    fn tell<'a>(&'a self, effect: &'a Effect, news: &'a News) -> Doing<'a, Result<Care, Gone>> {
        Box::pin(async move {
            let care = self.report(effect, news).await?;
            if *news != News::Unknown {
                self.planned.remove(&effect.id);
            }
            Ok(care)
        })
    }

    fn kept(&self, effect: &Effect, accepted: &Accepted) -> Vec<WorkRow> {
        let named = Self::named(effect);
        let row = |named| reference(&effect.connection, &accepted.vendor_ref, &named, self.outbound.node().now());
        named.map(row).into_iter().collect()
    }

    fn given_up<'a>(&'a self, effect: &'a Effect) -> Doing<'a, Result<(), Gone>> {
        Box::pin(async move {
            match self.outbound.close_settled(&effect.connection, &effect.id).await {
                Err(AdminError::Stopping) => Err(Gone),
                Err(error) => {
                    // Whoever replays it is told then.
                    tracing::warn!(connection = %effect.connection, effect = %effect.id, %error, "a dead letter cannot be looked at again");
                    Ok(())
                }
                Ok(_) => Ok(()),
            }
        })
    }

    /// Without the reference the vendor's later news of this message, a failure for example, would be understood by nobody.
    fn settled<'a>(&'a self, effect: &'a Effect) -> Doing<'a, Vec<WorkRow>> {
        Box::pin(async move {
            let Some(named) = Self::named(effect) else { return Vec::new() };
            let (message, attempt) = (named.message, usize::from(named.attempt));
            let look = move |conversation: &Conversation, _: u64| {
                conversation.messages.get(&message)?.attempts.get(attempt.checked_sub(1)?)?.vendor_ref.clone()
            };
            let read = self.outbound.node().read::<Conversation, _>(&named.conversation.to_string(), look).await;
            let row = |known: String| reference(&effect.connection, &known, &named, self.outbound.node().now());
            read.ok().flatten().flatten().map(row).into_iter().collect()
        })
    }
}
