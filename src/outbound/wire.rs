//! A connection record made into something that can send: settings read, credentials opened, transport built.
//!
//! Invariant: credentials are opened here and live only in the transport. A connection that cannot work says what is
//! wrong and sends nothing, instead of failing message by message.

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use munshi_connectors::{
    http::{Bounds, Http, Reach},
    pace::Jitter,
    secret::{KeyRing, Secret},
    transport::MessageTransport,
    webhook::Endpoint,
};
use munshi_domain::{
    Kind,
    notify::{Language, MessageChannel, MessageKind},
};
use serde_json::Value;

use super::{
    Outbound,
    admin::HOOK_TOKEN,
    messages::Messages,
    records::{Connection, Mode, Vendor},
    render, vendors, webhooks,
    worker::consumer,
};

/// Messages a second where the settings name no other rate.
const PER_SECOND: f64 = 10.0;
/// Deliveries a second where the settings name no other rate: a vendor's numbers send up to 80 messages a second
/// (messaging.md §4), each with up to three statuses.
const INBOUND_PER_SECOND: f64 = 250.0;

/// A connection as it runs.
pub struct Wired {
    /// The record.
    pub record: Connection,
    transport: Option<Box<dyn MessageTransport>>,
    channels: BTreeSet<MessageChannel>,
    endpoint: Option<(Endpoint, Vec<Kind>)>,
    room: Option<Room>,
    hook_token: Option<Secret<String>>,
    problem: Option<String>,
}

impl std::fmt::Debug for Wired {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Wired").field("id", &self.record.id).field("problem", &self.problem).finish_non_exhaustive()
    }
}

/// What a vendor's code makes of a record.
pub(super) struct Built {
    transport: Option<Box<dyn MessageTransport>>,
    channels: BTreeSet<MessageChannel>,
    endpoint: Option<(Endpoint, Vec<Kind>)>,
    room: Option<Room>,
}

/// What a chat room hears of.
#[derive(Clone, Debug)]
pub struct Room {
    /// Roles whose alerts and approvals are posted.
    pub roles: Vec<String>,
    /// Kinds of messages that are posted.
    pub kinds: Vec<MessageKind>,
    /// Language of the notes.
    pub language: Language,
}

impl Built {
    /// Of a vendor that carries messages by these channels.
    pub fn messages(transport: Box<dyn MessageTransport>, channels: BTreeSet<MessageChannel>) -> Self {
        Self { transport: Some(transport), channels, endpoint: None, room: None }
    }

    /// Of a chat room.
    pub fn room(transport: Box<dyn MessageTransport>, room: Room) -> Self {
        Self { transport: Some(transport), room: Some(room), ..Self::nothing() }
    }

    /// Of what cannot work.
    const fn nothing() -> Self {
        Self { transport: None, channels: BTreeSet::new(), endpoint: None, room: None }
    }

    /// Of a subscriber to the events of these kinds of entities.
    pub fn webhooks(endpoint: Endpoint, kinds: Vec<Kind>) -> Self {
        Self { endpoint: Some((endpoint, kinds)), ..Self::nothing() }
    }
}

/// A record's settings and credentials, read with the reason where one is missing.
pub(super) struct Settings<'a> {
    /// The record.
    pub record: &'a Connection,
    keys: Option<&'a KeyRing>,
    /// The client shared by all connections.
    pub http: &'a Http,
    timeout: Duration,
}

impl Settings<'_> {
    /// A text setting, or nothing.
    pub fn text(&self, name: &str) -> Option<String> {
        self.record.text(name).map(str::to_owned)
    }

    /// A text setting that has to be there.
    pub fn needed(&self, name: &str) -> Result<String, String> {
        self.text(name).ok_or_else(|| format!("the setting {name} is missing"))
    }

    /// A whole number.
    pub fn number(&self, name: &str) -> Option<u64> {
        self.record.settings.get(name).and_then(Value::as_u64)
    }

    /// A credential, or nothing.
    pub fn secret(&self, name: &str) -> Result<Option<Secret<String>>, String> {
        let Some(sealed) = self.record.sealed.get(name) else { return Ok(None) };
        let keys = self.keys.ok_or("there are no keys to open credentials with")?;
        let opened = keys.open(&Connection::place(&self.record.id, name), sealed);
        opened.map(Some).map_err(|error| format!("the credential {name} cannot be opened: {error}"))
    }

    /// A credential that has to be there.
    pub fn needed_secret(&self, name: &str) -> Result<Secret<String>, String> {
        self.secret(name)?.ok_or_else(|| format!("the credential {name} is missing"))
    }

    /// Longest that a call may take.
    pub const fn timeout(&self) -> Duration {
        self.timeout
    }

    /// The address to call: the record's, or the vendor's own, which practice may not use.
    pub fn base_url(&self, own: &str) -> Result<String, String> {
        match self.record.base_url.as_str() {
            "" if self.record.mode == Mode::Practice => Err("practice needs the address of a practice server".into()),
            "" => Ok(own.to_owned()),
            url => Ok(url.trim_end_matches('/').to_owned()),
        }
    }

    /// Where calls may go: a paused connection is bounded as what it resumes to.
    pub fn bounds(&self, hosts: &[&str]) -> Bounds {
        let mode = if self.record.mode == Mode::Paused { self.record.resume_to } else { self.record.mode };
        let reach = if mode == Mode::Practice { Reach::Practice } else { Reach::Public };
        // A record that names an address of its own may go there; the reach says to which networks.
        let own = self.record.base_url.is_empty() && reach == Reach::Public;
        let hosts = if own { hosts.iter().map(|host| (*host).to_owned()).collect() } else { Vec::new() };
        Bounds { timeout: self.timeout, ..Bounds::new(reach, hosts) }
    }
}

impl Wired {
    /// Makes a record run.
    pub fn new(record: Connection, keys: Option<&KeyRing>, http: &Http, timeout: Duration) -> Self {
        let settings = Settings { record: &record, keys, http, timeout };
        let hook_token = settings.secret(HOOK_TOKEN).ok().flatten();
        let (built, problem) = match vendors::build(&settings) {
            Ok(built) => (built, None),
            Err(problem) => (Built::nothing(), Some(problem)),
        };
        let Built { transport, channels, endpoint, room } = built;
        Self { record, transport, channels, endpoint, room, hook_token, problem }
    }

    /// Where and of what it tells, if it is a subscriber.
    pub fn endpoint(&self) -> Option<(&Endpoint, &[Kind])> {
        self.endpoint.as_ref().map(|(endpoint, kinds)| (endpoint, kinds.as_slice()))
    }

    /// What it hears of, if it is a chat room.
    pub const fn room(&self) -> Option<&Room> {
        self.room.as_ref()
    }

    /// The transport, if the connection can work.
    pub fn transport(&self) -> Option<&dyn MessageTransport> {
        self.transport.as_deref()
    }

    /// Channels it sends by.
    pub const fn channels(&self) -> &BTreeSet<MessageChannel> {
        &self.channels
    }

    /// What is wrong with its settings or credentials.
    pub fn problem(&self) -> Option<&str> {
        self.problem.as_deref()
    }

    /// Name under which it acts in the journal and keeps its position.
    pub fn consumer(&self) -> Arc<str> {
        consumer(&self.record.id)
    }

    /// Whether this is the secret part of the address its vendor calls.
    pub fn is_token(&self, token: &str) -> bool {
        self.hook_token.as_ref().is_some_and(|known| crate::auth::token::same(known.expose(), token))
    }

    /// The address its vendor calls; none of a vendor that calls nobody.
    pub fn hook_url(&self, public: &str) -> Option<String> {
        let token = self.hook_token.as_ref().filter(|_| self.record.vendor.calls_us())?;
        let (vendor, id) = (self.record.vendor.word(), &self.record.id);
        Some(format!("{public}/hooks/{vendor}/{id}/{}", token.expose()))
    }

    /// Deliveries a second that are taken from its vendor, and how many at once after a pause.
    pub fn inbound_limit(&self) -> (f64, f64) {
        let set = self.record.settings.get("inbound_per_second").and_then(Value::as_f64);
        let rate = set.filter(|rate| *rate > 0.0).unwrap_or(INBOUND_PER_SECOND);
        (rate, (rate * 2.0).max(1.0))
    }

    /// Calls a second that are asked for at most.
    pub fn per_second(&self) -> f64 {
        let set = self.record.settings.get("per_second").and_then(Value::as_f64);
        set.filter(|rate| *rate > 0.0).unwrap_or(PER_SECOND)
    }

    /// How long what failed waits: subscribers are given hours, what waits for a vendor of messages minutes.
    pub fn retries(&self) -> Jitter {
        if self.endpoint.is_some() { webhooks::RETRIES } else { Jitter::default() }
    }

    /// The vendor's id of an approved template.
    pub fn template(&self, kind: MessageKind, language: Language) -> Option<&str> {
        let templates = self.record.settings.get("templates")?;
        templates.get(render::template_key(kind, language))?.as_str()
    }

    /// Whether the vendor sends approved templates by an id it gave them.
    pub const fn needs_templates(&self) -> bool {
        matches!(self.record.vendor, Vendor::Twilio)
    }

    /// Whether it practises, and has not handed its texts in.
    pub fn lacks_practice_texts(&self) -> bool {
        let practises = self.record.mode == Mode::Practice && self.transport.is_some();
        practises && self.needs_templates() && self.template(MessageKind::OrderPlaced, Language::English).is_none()
    }

    /// Its connector, which carries messages of conversations.
    pub fn messages(self: &Arc<Self>, outbound: &Outbound) -> Messages {
        Messages::new(outbound, self, self.channels.clone())
    }
}
