//! A mail server that keeps everything: a real SMTP conversation (RFC 5321) with AUTH, shown as a mailbox.
//!
//! Recipients named `bounce` and `full` are refused as real servers do. Faults of the route `smtp` break the conversation.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use mail_parser::{MessageParser, MimeHeaders};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

use crate::App;
use crate::fault::{Fault, Kind, take};
use crate::world::Mail;

const MAX_LINE: u64 = 8_192;
const MAX_MAIL: usize = 25 << 20;
const IDLE: Duration = Duration::from_secs(300);

/// Takes connections for ever.
pub async fn serve(app: Arc<App>, listener: TcpListener) {
    loop {
        match listener.accept().await {
            Ok((stream, _)) => {
                let app = app.clone();
                tokio::spawn(async move {
                    let talk = Talk { app, wire: BufReader::new(stream), signed_in: false, to: Vec::new(), from: None };
                    if let Ok(Err(error)) = tokio::time::timeout(IDLE, talk.run()).await {
                        tracing::debug!(%error, "a mail conversation ended early");
                    }
                });
            }
            Err(_) => tokio::time::sleep(Duration::from_millis(100)).await,
        }
    }
}

struct Talk {
    app: Arc<App>,
    wire: BufReader<TcpStream>,
    signed_in: bool,
    from: Option<String>,
    to: Vec<String>,
}

impl Talk {
    async fn say(&mut self, line: &str) -> io::Result<()> {
        self.wire.get_mut().write_all(format!("{line}\r\n").as_bytes()).await
    }

    async fn line(&mut self) -> io::Result<Option<Vec<u8>>> {
        let mut line = Vec::new();
        let read = (&mut self.wire).take(MAX_LINE).read_until(b'\n', &mut line).await?;
        while line.last().is_some_and(|byte| matches!(byte, b'\r' | b'\n')) {
            line.pop();
        }
        Ok((read > 0).then_some(line))
    }

    fn fault(&self, fits: impl Fn(Kind) -> bool) -> Option<Fault> {
        take(&mut self.app.world(), "smtp", fits)
    }

    /// The conversation ends with a reset.
    fn reset(self) -> io::Result<()> {
        self.wire.get_ref().set_zero_linger()
    }

    async fn run(mut self) -> io::Result<()> {
        if self.fault(|kind| kind == Kind::ResetBefore).is_some() {
            return self.reset();
        }
        self.say("220 practice ESMTP").await?;
        while let Some(line) = self.line().await? {
            let text = String::from_utf8_lossy(&line).into_owned();
            let verb = text.split([' ', ':']).next().unwrap_or_default().to_ascii_uppercase();
            match verb.as_str() {
                "EHLO" => {
                    self.say(
                        "250-practice\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250-AUTH PLAIN LOGIN\r\n250 SIZE 26214400",
                    )
                    .await?;
                }
                "HELO" | "NOOP" => self.say("250 practice").await?,
                "RSET" => {
                    (self.from, self.to) = (None, Vec::new());
                    self.say("250 forgotten").await?;
                }
                "AUTH" => self.auth(&text).await?,
                "MAIL" => self.mail_from(&text).await?,
                "RCPT" => self.rcpt(&text).await?,
                "DATA" => {
                    if !self.data().await? {
                        return self.reset();
                    }
                }
                "QUIT" => return self.say("221 bye").await,
                _ => self.say("502 not known here").await?,
            }
        }
        Ok(())
    }

    async fn auth(&mut self, text: &str) -> io::Result<()> {
        let mut words = text.split(' ').skip(1);
        let (how, first) = (words.next().unwrap_or_default().to_ascii_uppercase(), words.next().map(str::to_owned));
        let decode = |text: &str| STANDARD.decode(text).ok().and_then(|bytes| String::from_utf8(bytes).ok());
        let given = if how == "PLAIN" {
            let text = match first {
                Some(text) => text,
                None => self.ask("334 ").await?,
            };
            decode(&text).and_then(|text| {
                let mut parts = text.split('\0').skip(1).map(str::to_owned);
                Some((parts.next()?, parts.next()?))
            })
        } else {
            let user = match first {
                Some(text) => text,
                None => self.ask("334 VXNlcm5hbWU6").await?,
            };
            let password = self.ask("334 UGFzc3dvcmQ6").await?;
            decode(&user).zip(decode(&password))
        };
        let wanted = {
            let world = self.app.world();
            (world.settings.smtp_user.clone(), world.settings.smtp_password.clone())
        };
        let expired = self.fault(|kind| kind == Kind::TokenExpired).is_some();
        self.signed_in = given == Some(wanted) && !expired;
        self.say(if self.signed_in { "235 welcome" } else { "535 5.7.8 wrong user or password" }).await
    }

    async fn ask(&mut self, question: &str) -> io::Result<String> {
        self.say(question).await?;
        Ok(self.line().await?.map(|line| String::from_utf8_lossy(&line).into_owned()).unwrap_or_default())
    }

    async fn mail_from(&mut self, text: &str) -> io::Result<()> {
        let busy = |kind| matches!(kind, Kind::Throttle | Kind::Error500 | Kind::Error502 | Kind::Error503);
        if let Some(fault) = self.fault(busy) {
            let permanent = fault.kind == Kind::Error500;
            return self.say(if permanent { "554 5.3.0 refused on purpose" } else { "451 4.3.0 try later" }).await;
        }
        self.from = address(text);
        self.say(if self.from.is_some() { "250 ok" } else { "501 5.5.4 who?" }).await
    }

    async fn rcpt(&mut self, text: &str) -> io::Result<()> {
        let Some(to) = address(text) else { return self.say("501 5.5.4 who?").await };
        let local = to.split('@').next().unwrap_or_default();
        match (local, &self.from) {
            (_, None) => self.say("503 5.5.1 MAIL first").await,
            ("bounce", _) => self.say(&format!("550 5.1.1 <{to}>: no such user here")).await,
            ("full", _) => self.say(&format!("452 4.2.2 <{to}>: mailbox full")).await,
            _ => {
                self.to.push(to);
                self.say("250 ok").await
            }
        }
    }

    /// Takes the mail; `false` if the conversation is to end without an answer.
    async fn data(&mut self) -> io::Result<bool> {
        if self.to.is_empty() {
            self.say("503 5.5.1 RCPT first").await?;
            return Ok(true);
        }
        self.say("354 go on").await?;
        let mut raw = Vec::new();
        loop {
            let Some(line) = self.line().await? else { return Ok(false) };
            if line == b"." {
                break;
            }
            let line = if line.starts_with(b".") { &line[1..] } else { &line[..] };
            if raw.len() + line.len() > MAX_MAIL {
                self.say("552 5.3.4 too big").await?;
                return Ok(false);
            }
            raw.extend_from_slice(line);
            raw.extend_from_slice(b"\r\n");
        }
        let fault = self.fault(|kind| matches!(kind, Kind::ResetAfter | Kind::SlowBody));
        let to = std::mem::take(&mut self.to);
        self.keep(&raw, to);
        self.from = None;
        match fault {
            Some(fault) if fault.kind == Kind::SlowBody => tokio::time::sleep(Duration::from_millis(fault.ms)).await,
            Some(_) => return Ok(false),
            None => {}
        }
        self.say("250 2.0.0 kept").await?;
        Ok(true)
    }

    fn keep(&self, raw: &[u8], to: Vec<String>) {
        let parsed = MessageParser::default().parse(raw);
        let message = parsed.as_ref();
        let header =
            |name: &str| message.and_then(|m| m.header_raw(name)).map(|v| v.trim().to_owned()).unwrap_or_default();
        let files = message.map(|message| {
            let file = |part: &mail_parser::MessagePart<'_>| {
                let kind = part.content_type().map(|kind| format!("{}/{}", kind.ctype(), kind.subtype().unwrap_or("")));
                (part.attachment_name().unwrap_or("file").to_owned(), kind.unwrap_or_default(), part.contents().len())
            };
            message.attachments().map(file).collect()
        });
        let from = message.and_then(|m| m.from()).and_then(|from| from.first()).map(|from| {
            match (from.name(), from.address()) {
                (Some(name), Some(address)) => format!("{name} <{address}>"),
                (_, address) => address.unwrap_or_default().to_owned(),
            }
        });
        let mut world = self.app.world();
        world.counter += 1;
        let mail = Mail {
            id: world.counter,
            at_ms: world.now(),
            from: from.unwrap_or_default(),
            to,
            subject: message.and_then(|m| m.subject()).unwrap_or_default().to_owned(),
            message_id: header("Message-ID"),
            text: message.and_then(|m| m.body_text(0)).unwrap_or_default().into_owned(),
            html: message.and_then(|m| m.body_html(0)).unwrap_or_default().into_owned(),
            files: files.unwrap_or_default(),
            signed_in: self.signed_in,
            dkim: !header("DKIM-Signature").is_empty(),
            raw: String::from_utf8_lossy(raw).into_owned(),
        };
        world.mails.push(mail);
        world.touch();
    }
}

fn address(line: &str) -> Option<String> {
    let (_, rest) = line.split_once('<')?;
    let (address, _) = rest.split_once('>')?;
    address.contains('@').then(|| address.to_owned())
}
