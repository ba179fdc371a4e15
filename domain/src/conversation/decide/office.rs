//! What people at the console do: write, call, assign, and record consent, preferences and bad contacts.

use super::Turn;
use crate::{
    MessageId, UserId,
    conversation::{ConversationEvent as E, ConversationRefusal, MessagePlan},
    notify::{Category, Language, MessageChannel, MessageKind},
};

/// Longest text of an agent, in characters (Twilio `Body`).
const MAX_TEXT: usize = 1_600;

impl Turn<'_> {
    pub(super) fn send_text(
        &mut self,
        id: MessageId,
        text: &str,
        channel: MessageChannel,
    ) -> Result<(), ConversationRefusal> {
        if text.trim().is_empty() || text.chars().count() > MAX_TEXT {
            return Err(ConversationRefusal::Invalid { field: "text", rule: "must be 1 to 1600 characters" });
        }
        if self.state.knows(id) {
            return Ok(());
        }
        // Nobody wrote by SMS or mail just before: there an agent's text is a message like any other.
        let category = if channel == MessageChannel::Whatsapp { Category::Service } else { Category::Utility };
        if let Err(reason) = self.state.may_send(channel, category) {
            return Err(ConversationRefusal::ChannelUnavailable { channel, reason });
        }
        if channel == MessageChannel::Whatsapp && !self.state.window_open(channel, self.now()) {
            return Err(ConversationRefusal::WindowClosed);
        }
        let plan = MessagePlan {
            id,
            kind: MessageKind::AgentReply,
            route: vec![channel],
            variables: [("text".to_owned(), text.to_owned())].into(),
            expires_at: self.in_an_hour(),
            order: None,
            question: None,
            author: self.ctx.by,
        };
        let language = self.language();
        self.add(plan, language, None);
        Ok(())
    }

    pub(super) fn set_consent(
        &mut self,
        channel: MessageChannel,
        category: Category,
        allowed: bool,
        source: &str,
    ) -> Result<(), ConversationRefusal> {
        if category == Category::Service {
            return Err(ConversationRefusal::Invalid { field: "category", rule: "must be utility or marketing" });
        }
        if source.trim().is_empty() || source.chars().count() > 200 {
            return Err(ConversationRefusal::Invalid { field: "source", rule: "must be 1 to 200 characters" });
        }
        if self.state.consent_for(channel, category) != Some(allowed) {
            self.consent(channel, category, allowed, source);
        }
        Ok(())
    }

    pub(super) fn consent(&mut self, channel: MessageChannel, category: Category, allowed: bool, source: &str) {
        let (source, at) = (source.to_owned(), self.now());
        self.push(E::ConsentSet { channel, category, allowed, source, at });
    }

    /// Nothing more by this channel, but answers to what the person writes.
    pub(super) fn opt_out(&mut self, channel: MessageChannel, source: &str) {
        for category in [Category::Utility, Category::Marketing] {
            if self.state.consent_for(channel, category) != Some(false) {
                self.consent(channel, category, false, source);
            }
        }
    }

    pub(super) fn set_preference(
        &mut self,
        kind: MessageKind,
        channels: Option<&[MessageChannel]>,
    ) -> Result<(), ConversationRefusal> {
        let twice = |list: &[MessageChannel]| list.iter().enumerate().any(|(at, one)| list[..at].contains(one));
        if channels.is_some_and(twice) {
            return Err(ConversationRefusal::Invalid { field: "channels", rule: "must name each channel once" });
        }
        if self.state.preferences.get(&kind).map(Vec::as_slice) != channels {
            self.push(E::PreferenceSet { kind, channels: channels.map(<[_]>::to_vec) });
        }
        Ok(())
    }

    pub(super) fn set_language(&mut self, language: Language) {
        if self.state.language != Some(language) {
            self.push(E::LanguageSet { language });
        }
    }

    pub(super) fn mark(&mut self, channel: MessageChannel, invalid: Option<&str>) {
        if self.state.invalid.get(&channel).map(String::as_str) != invalid {
            self.push(E::ContactMarked { channel, invalid: invalid.map(ToOwned::to_owned) });
        }
    }

    pub(super) fn assign_to(&mut self, to: Option<UserId>) {
        if self.state.assigned.as_ref().is_none_or(|assigned| assigned.to != to) {
            let why = self.state.assigned.as_ref().map_or_else(|| "agent".to_owned(), |known| known.why.clone());
            self.push(E::ConversationAssigned { to, why, at: self.now() });
        }
    }

    pub(super) fn resolve(&mut self) {
        if self.state.assigned.is_some() {
            self.push(E::ConversationResolved { by: self.ctx.by });
        }
    }
}
