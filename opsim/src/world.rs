//! Everything the practice world remembers.

use std::collections::{BTreeMap, BTreeSet};

use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use serde::{Deserialize, Serialize};

use crate::clock::{ClockMode, now_ms};
use crate::fault::{Fault, Kind};
use crate::push::Due;

/// Accounts, secrets and where webhooks go. The secrets are of no worth outside this world.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Twilio's account.
    pub account_sid: String,
    /// Its token: signs in and signs webhooks.
    pub auth_token: String,
    /// The WhatsApp sender.
    pub whatsapp_sender: String,
    /// The SMS sender.
    pub sms_sender: String,
    /// Where messages to the senders are told.
    pub twilio_webhook: Option<String>,
    /// Meta's token.
    pub meta_token: String,
    /// Meta's app secret: signs webhooks.
    pub meta_secret: String,
    /// The phone number's id.
    pub phone_number_id: String,
    /// The business account's id.
    pub business_account_id: String,
    /// Where Meta tells messages and statuses.
    pub meta_webhook: Option<String>,
    /// User of the mail server.
    pub smtp_user: String,
    /// Its password.
    pub smtp_password: String,
    /// What generic webhooks must be signed with.
    pub webhook_secret: String,
    /// The token in the path of chat rooms.
    pub chat_token: String,
    /// Messages a second that Twilio takes.
    pub messages_per_second: u32,
    /// Milliseconds until a message is sent, and again until it is delivered.
    pub step_ms: i64,
    /// What is kept of each list; the oldest go first.
    pub kept: usize,
}

impl Default for Settings {
    fn default() -> Self {
        let text = |text: &str| text.to_owned();
        Self {
            account_sid: text("AC00000000000000000000000000000001"),
            auth_token: text("practice-token"),
            whatsapp_sender: text("+14155238886"),
            sms_sender: text("+14155550100"),
            twilio_webhook: None,
            meta_token: text("practice-meta-token"),
            meta_secret: text("practice-app-secret"),
            phone_number_id: text("100200300400500"),
            business_account_id: text("500400300200100"),
            meta_webhook: None,
            smtp_user: text("practice"),
            smtp_password: text("practice-mail"),
            webhook_secret: text("whsec_cHJhY3RpY2Utd2ViaG9vaw=="),
            chat_token: text("T000-practice"),
            messages_per_second: 80,
            step_ms: 400,
            kept: 2_000,
        }
    }
}

/// One message on a phone.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Message {
    /// The vendor's id.
    pub id: String,
    /// `twilio` or `meta`.
    pub vendor: String,
    /// `whatsapp` or `sms`.
    pub channel: String,
    /// The phone, in E.164.
    pub phone: String,
    /// The shop's sender.
    pub sender: String,
    /// Whether the phone wrote it.
    pub inbound: bool,
    /// What it says.
    pub text: String,
    /// Titles and payloads of its buttons.
    pub buttons: Vec<(String, String)>,
    /// Whether it is an approved template's.
    pub template: bool,
    /// How far it is, in the vendor's word.
    pub status: String,
    /// Why it failed.
    pub error: Option<u32>,
    /// When it was made.
    pub at_ms: i64,
    /// When its status last changed.
    pub changed_ms: i64,
    /// Where its statuses are told.
    pub callback: Option<String>,
    /// What Meta brings back.
    pub opaque: Option<String>,
    /// What it answers.
    pub reply_to: Option<String>,
}

/// One template at a vendor.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Template {
    /// The vendor's id.
    pub id: String,
    /// `twilio` or `meta`.
    pub vendor: String,
    /// Its name.
    pub name: String,
    /// Its language.
    pub language: String,
    /// Its text with numbered places.
    pub body: String,
    /// Titles of its buttons, with what they carry at Twilio.
    pub buttons: Vec<(String, String)>,
    /// Whether it was handed in and approved.
    pub approved: bool,
}

/// One mail.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Mail {
    /// Its number.
    pub id: u64,
    /// When it came.
    pub at_ms: i64,
    /// The sender as the mail says.
    pub from: String,
    /// Whom the conversation named.
    pub to: Vec<String>,
    /// The subject.
    pub subject: String,
    /// Its `Message-ID`.
    pub message_id: String,
    /// The text.
    pub text: String,
    /// The HTML.
    pub html: String,
    /// Names, types and sizes of files.
    pub files: Vec<(String, String, usize)>,
    /// Whether the other side signed in.
    pub signed_in: bool,
    /// Whether a signature of the sender's domain is there.
    pub dkim: bool,
    /// The bytes as they came.
    pub raw: String,
}

/// Something received: a webhook or a chat note.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Received {
    /// When.
    pub at_ms: i64,
    /// `webhook`, `slack` or `teams`.
    pub kind: String,
    /// The endpoint.
    pub endpoint: String,
    /// Its id, where it has one.
    pub id: String,
    /// Whether it was believed.
    pub accepted: bool,
    /// What it says.
    pub body: String,
}

/// One webhook this world sent.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Sent {
    /// When.
    pub at_ms: i64,
    /// Whose.
    pub vendor: String,
    /// What it told.
    pub what: String,
    /// Where.
    pub url: String,
    /// The attempt, from 1.
    pub attempt: u32,
    /// What came of it: a status or a word.
    pub result: String,
    /// Milliseconds from sending it to the whole answer.
    #[serde(default)]
    pub took_ms: f64,
}

/// One request to a vendor.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Entry {
    /// When.
    pub at_ms: i64,
    /// Method and path.
    pub request: String,
    /// The body, cut.
    pub body: String,
    /// What the other side saw.
    pub answer: String,
    /// The fault that was in the way.
    pub fault: Option<Kind>,
}

const BODY_KEPT: usize = 8_192;

/// Everything.
#[derive(Serialize, Deserialize)]
pub struct World {
    /// Accounts and secrets.
    #[serde(skip)]
    pub settings: Settings,
    /// Chance. A restarted world draws other numbers than one that went on.
    #[serde(skip, default = "no_chance")]
    pub rng: StdRng,
    #[serde(skip, default = "real")]
    clock: ClockMode,
    #[serde(skip)]
    saved: u64,
    /// Milliseconds by which the clock was advanced.
    pub advanced_ms: i64,
    /// Counts changes.
    pub version: u64,
    /// Messages, oldest first.
    pub messages: Vec<Message>,
    /// Templates.
    pub templates: Vec<Template>,
    /// When each phone last wrote to a sender.
    pub last_inbound: BTreeMap<String, i64>,
    /// Phones that want no messages.
    pub opted_out: BTreeSet<String>,
    /// Mails.
    pub mails: Vec<Mail>,
    /// What was received.
    pub received: Vec<Received>,
    /// What was sent.
    pub sent: Vec<Sent>,
    /// Faults that are switched on.
    pub faults: Vec<Fault>,
    /// What is due later.
    pub due: Vec<Due>,
    /// Requests.
    pub journal: Vec<Entry>,
    /// When Twilio last took messages, for its throttle.
    pub taken: Vec<i64>,
    /// How many there were of everything, for ids.
    pub counter: u64,
}

fn no_chance() -> StdRng {
    StdRng::seed_from_u64(0)
}

const fn real() -> ClockMode {
    ClockMode::Real
}

impl World {
    /// A saved world, or an empty one.
    pub fn open(
        saved: Option<&[u8]>,
        seed: u64,
        clock: ClockMode,
        settings: Settings,
    ) -> Result<Self, serde_json::Error> {
        let mut world: Self = match saved {
            Some(json) => serde_json::from_slice(json)?,
            None => Self::empty(),
        };
        world.rng = StdRng::seed_from_u64(seed.wrapping_add(world.counter));
        world.clock = clock;
        world.settings = settings;
        world.saved = world.version;
        Ok(world)
    }

    fn empty() -> Self {
        Self {
            settings: Settings::default(),
            rng: no_chance(),
            clock: real(),
            saved: 0,
            advanced_ms: 0,
            version: 1,
            messages: Vec::new(),
            templates: Vec::new(),
            last_inbound: BTreeMap::new(),
            opted_out: BTreeSet::new(),
            mails: Vec::new(),
            received: Vec::new(),
            sent: Vec::new(),
            faults: Vec::new(),
            due: Vec::new(),
            journal: Vec::new(),
            taken: Vec::new(),
            counter: 0,
        }
    }

    /// Forgets everything but accounts, chance and clock.
    pub fn reset(&mut self) {
        let (settings, rng, clock) = (self.settings.clone(), self.rng.clone(), self.clock);
        let (version, counter) = (self.version + 1, self.counter);
        *self = Self { settings, rng, clock, version, counter, ..Self::empty() };
    }

    /// The world as JSON, if it changed since it was last asked for.
    pub fn unsaved(&mut self) -> Option<Vec<u8>> {
        if self.saved == self.version {
            return None;
        }
        let json = serde_json::to_vec(self).ok()?;
        self.saved = self.version;
        Some(json)
    }

    /// Something changed.
    pub fn touch(&mut self) {
        self.version += 1;
        let kept = self.settings.kept;
        trim(&mut self.messages, kept);
        trim(&mut self.mails, kept);
        trim(&mut self.received, kept);
        trim(&mut self.sent, kept);
        trim(&mut self.journal, kept);
    }

    /// Now.
    pub fn now(&self) -> i64 {
        now_ms(self.clock, self.advanced_ms)
    }

    /// A new id: a prefix and hexadecimal digits.
    pub fn id(&mut self, prefix: &str, digits: usize) -> String {
        self.counter += 1;
        let hex: String =
            (0..digits).map(|_| char::from_digit(self.rng.random_range(0..16), 16).unwrap_or('0')).collect();
        format!("{prefix}{hex}")
    }

    /// Whether a phone wrote to the shop within 24 hours.
    pub fn window_open(&self, phone: &str) -> bool {
        self.last_inbound.get(phone).is_some_and(|at| self.now() - at < 24 * 3_600_000)
    }

    /// Writes a request into the journal.
    pub fn note(&mut self, request: String, body: &[u8], answer: String, fault: Option<Kind>) {
        let at_ms = self.now();
        let body = String::from_utf8_lossy(&body[..body.len().min(BODY_KEPT)]).into_owned();
        self.journal.push(Entry { at_ms, request, body, answer, fault });
        self.touch();
    }
}

fn trim<T>(list: &mut Vec<T>, kept: usize) {
    if list.len() > kept {
        list.drain(..list.len() - kept);
    }
}
