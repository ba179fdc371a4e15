//! E-mail over SMTP (messaging.md §5).
//!
//! [`Mail`] is one mail server. Each message carries the effect's id as its `Message-ID`, so a second copy after a lost
//! answer can be recognised by whoever receives it; that makes one resend acceptable. Plain SMTP exists for practice
//! only. It receives nothing: bounces come to a mailbox, which is not read here.

mod message;

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use lettre::message::Mailbox;
use lettre::message::dkim::{DkimSigningAlgorithm, DkimSigningKey};
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::{AsyncSmtpTransport, AsyncSmtpTransportBuilder, Error, PoolConfig};
use lettre::{AsyncTransport, Tokio1Executor};
use munshi_domain::Timestamp;

use crate::http::{Reach, may_reach};
use crate::outcome::{Hint, Outcome, Why};
use crate::secret::Secret;
use crate::transport::{Accepted, Calling, DeliveryState, Envelope, InboundItem, Lookup, MessageTransport};
use crate::transport::{Unreadable, WebhookRefusal, WebhookRequest, WhenUnknown};

/// How the connection is encrypted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encryption {
    /// TLS from the first byte, port 465.
    Implicit,
    /// STARTTLS, required, port 587.
    StartTls,
    /// None: a practice server on this machine or a private network.
    None,
}

/// Which key signs mail for the sender's domain.
#[derive(Clone, Debug)]
pub struct Dkim {
    /// The selector, as published in DNS.
    pub selector: String,
    /// The domain that signs.
    pub domain: String,
    /// An RSA key as PKCS #1 PEM, or an Ed25519 seed in base64.
    pub key: Secret<String>,
}

/// One mail server with its sender, as its connection record says.
#[derive(Clone, Debug)]
pub struct MailAccount {
    /// The server's name.
    pub host: String,
    /// The port; `None` for the usual one.
    pub port: Option<u16>,
    /// How the connection is encrypted.
    pub encryption: Encryption,
    /// User and password.
    pub login: Option<(String, Secret<String>)>,
    /// The sender, for example `Gulberg Store <orders@gulberg.example>`.
    pub from: String,
    /// Where answers go, if not to the sender.
    pub reply_to: Option<String>,
    /// The signing key, if mail is signed here.
    pub dkim: Option<Dkim>,
    /// The whole conversation; half of it for the connection.
    pub timeout: Duration,
}

/// Why an account cannot be used. Never says a password or key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MailConfigError {
    /// The sender or reply address is not one.
    #[error("the sender's or reply address is not an e-mail address")]
    Address,
    /// The server's name or certificates cannot be used.
    #[error("the mail server's name or the system's certificates cannot be used")]
    Server,
    /// Plain SMTP to a public server.
    #[error("mail may leave unencrypted only to this machine or a private network")]
    NotEncrypted,
    /// The signing key cannot be read.
    #[error("the DKIM key is neither a PKCS #1 PEM nor 32 bytes in base64")]
    DkimKey,
}

impl MailConfigError {
    /// The stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Address => "mail_address",
            Self::Server => "mail_server",
            Self::NotEncrypted => "mail_not_encrypted",
            Self::DkimKey => "mail_dkim_key",
        }
    }
}

/// The transport of one mail server.
pub struct Mail {
    builder: AsyncSmtpTransportBuilder,
    smtp: Mutex<AsyncSmtpTransport<Tokio1Executor>>,
    sender: message::Sender,
    timeout: Duration,
}

impl Mail {
    /// Connects lazily; up to four connections are kept.
    ///
    /// # Errors
    /// [`MailConfigError`].
    pub fn new(account: MailAccount) -> Result<Self, MailConfigError> {
        let mailbox = |text: &str| text.parse::<Mailbox>().map_err(|_| MailConfigError::Address);
        let sender = message::Sender {
            from: mailbox(&account.from)?,
            reply_to: account.reply_to.as_deref().map(mailbox).transpose()?,
            dkim: account.dkim.as_ref().map(check_key).transpose()?,
        };
        let builder = match account.encryption {
            Encryption::Implicit => AsyncSmtpTransport::<Tokio1Executor>::relay(&account.host),
            Encryption::StartTls => AsyncSmtpTransport::<Tokio1Executor>::starttls_relay(&account.host),
            Encryption::None if is_near(&account.host) => {
                Ok(AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(&account.host))
            }
            Encryption::None => return Err(MailConfigError::NotEncrypted),
        };
        let mut builder = builder.map_err(|_| MailConfigError::Server)?;
        if let Some(port) = account.port {
            builder = builder.port(port);
        }
        if let Some((user, password)) = account.login {
            builder = builder.credentials(Credentials::new(user, password.expose().clone()));
        }
        let pool = PoolConfig::new().max_size(4).idle_timeout(Duration::from_secs(30));
        let builder = builder.timeout(Some(account.timeout / 2)).pool_config(pool);
        let smtp = Mutex::new(builder.clone().build());
        Ok(Self { builder, smtp, sender, timeout: account.timeout })
    }

    /// The pool in use; what is under way on it keeps it.
    fn pool(&self) -> AsyncSmtpTransport<Tokio1Executor> {
        self.smtp.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The library puts the connection of a conversation that was cut short back into its pool, where the late reply
    /// would be taken for that of the next mail. So nobody draws from that pool any more.
    fn abandon_pool(&self) {
        *self.smtp.lock().unwrap_or_else(PoisonError::into_inner) = self.builder.clone().build();
    }

    async fn send_once(&self, envelope: &Envelope) -> Outcome<Accepted> {
        let message = match message::build(&self.sender, envelope) {
            Ok(message) => message,
            Err(refusal) => return refusal,
        };
        let pool = self.pool();
        match tokio::time::timeout(self.timeout, pool.send(message)).await {
            Ok(Ok(_)) => {
                let vendor_ref = message::message_id(&self.sender, envelope);
                Outcome::Ok(Accepted { vendor_ref, state: DeliveryState::Sent })
            }
            Ok(Err(error)) => outcome(&error),
            Err(_) => {
                self.abandon_pool();
                Outcome::Unknown { why: Why::TimedOut }
            }
        }
    }
}

/// An address or name of this machine or a private network.
fn is_near(host: &str) -> bool {
    host == "localhost" || host.parse().is_ok_and(|ip| may_reach(Reach::Practice, ip))
}

/// A key that cannot be read is told when the account is made, not with the first mail.
fn check_key(dkim: &Dkim) -> Result<Dkim, MailConfigError> {
    signing_key(dkim).map(|_| dkim.clone()).ok_or(MailConfigError::DkimKey)
}

fn signing_key(dkim: &Dkim) -> Option<DkimSigningKey> {
    let pem = dkim.key.expose().contains("-----BEGIN");
    let algorithm = if pem { DkimSigningAlgorithm::Rsa } else { DkimSigningAlgorithm::Ed25519 };
    DkimSigningKey::new(dkim.key.expose().trim(), algorithm).ok()
}

/// What an error of the conversation means. A reply of the server, at whatever point, is its word that it has not taken
/// the message; silence after the connection stood may hide a taken one.
fn outcome(error: &Error) -> Outcome<Accepted> {
    if let Some(code) = error.status() {
        return by_reply(u16::from(code), &error.to_string());
    }
    // The library tells a failed connection from a failed conversation in words only.
    let not_connected = error.is_tls() || error.to_string().starts_with("Connection error");
    match (not_connected, error.is_timeout()) {
        (true, true) => Outcome::retry(Why::ConnectTimeout),
        (true, false) => Outcome::retry(Why::Unreachable),
        (false, true) => Outcome::Unknown { why: Why::TimedOut },
        (false, false) if error.is_client() => {
            Outcome::permanent("smtp_client", "the server lacks what this connection needs", Hint::FixConnection)
        }
        (false, false) => Outcome::Unknown { why: Why::ConnectionLost },
    }
}

/// What a reply code means (RFC 5321 §4.2.3, messaging.md §5).
fn by_reply(code: u16, text: &str) -> Outcome<Accepted> {
    match code {
        454 | 530 | 534 | 535 | 538 => Outcome::AuthExpired,
        400..=499 => Outcome::retry(Why::ServerError(code)),
        550 | 551 | 553 => Outcome::permanent(code.to_string(), text, Hint::CorrectRecipient),
        552 => Outcome::permanent("552", text, Hint::ChangeText),
        554 => Outcome::permanent("554", text, Hint::ChangeText),
        _ => Outcome::permanent(code.to_string(), text, Hint::FixConnection),
    }
}

impl MessageTransport for Mail {
    fn vendor(&self) -> &'static str {
        "mail"
    }

    fn send<'a>(&'a self, envelope: &'a Envelope, _now: Timestamp) -> Calling<'a, Outcome<Accepted>> {
        Box::pin(self.send_once(envelope))
    }

    fn lookup<'a>(&'a self, _: &'a Envelope, _: Timestamp, _: &'a [String]) -> Calling<'a, Lookup> {
        Box::pin(async { Lookup::NotPossible })
    }

    fn when_unknown(&self) -> WhenUnknown {
        WhenUnknown::ResendOnce
    }

    fn verify_webhook(&self, _: &WebhookRequest<'_>) -> Result<(), WebhookRefusal> {
        Err(WebhookRefusal::NotReceiving)
    }

    fn read_webhook(&self, _: &WebhookRequest<'_>) -> Result<Vec<InboundItem>, Unreadable> {
        Err(Unreadable("mail servers send no webhooks"))
    }

    fn delivery_key(&self, _: &WebhookRequest<'_>) -> String {
        String::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn account(host: &str, encryption: Encryption) -> MailAccount {
        MailAccount {
            host: host.to_owned(),
            port: None,
            encryption,
            login: None,
            from: "Shop <orders@shop.example>".to_owned(),
            reply_to: None,
            dkim: None,
            timeout: Duration::from_secs(1),
        }
    }

    #[tokio::test]
    async fn sec_04_mail_leaves_unencrypted_only_to_near_servers() {
        assert!(Mail::new(account("127.0.0.1", Encryption::None)).is_ok());
        for host in ["mail.example.com", "8.8.8.8", "169.254.169.254"] {
            assert_eq!(Mail::new(account(host, Encryption::None)).err(), Some(MailConfigError::NotEncrypted), "{host}");
        }
        let bad = MailAccount { from: "nobody".to_owned(), ..account("127.0.0.1", Encryption::None) };
        assert_eq!(Mail::new(bad).err(), Some(MailConfigError::Address));
        let dkim = Dkim { selector: "s".to_owned(), domain: "d".to_owned(), key: Secret::new("canary".to_owned()) };
        let bad = MailAccount { dkim: Some(dkim), ..account("127.0.0.1", Encryption::None) };
        assert!(!format!("{bad:?}").contains("canary"));
        assert_eq!(Mail::new(bad).err(), Some(MailConfigError::DkimKey));
    }

    #[test]
    fn not_03_replies_mean_what_the_standard_says() {
        for (code, class) in [
            (421, "retry"),
            (450, "retry"),
            (451, "retry"),
            (452, "retry"),
            (535, "auth_expired"),
            (550, "permanent"),
            (552, "permanent"),
            (554, "permanent"),
        ] {
            assert_eq!(by_reply(code, "").class(), class, "{code}");
        }
        let Outcome::Permanent { hint, text, .. } = by_reply(550, "no <ali@example.pk> here") else { panic!() };
        assert_eq!((hint, text.as_str()), (Hint::CorrectRecipient, "no *** here"));
    }
}
