//! What a client says after `hello`, frame by frame.
//!
//! Invariant: the reader waits for its socket and for room among its own commands only. Frames that cannot be taken are
//! refused one by one; who sends too many of those, or too many at all, is let go of.

use std::{
    collections::VecDeque,
    sync::Arc,
    time::{Duration, Instant},
};

use axum::extract::ws::{Message, WebSocket};
use futures_util::{StreamExt, stream::SplitStream};
use munshi_domain::UserId;
use munshi_protocols::{
    client::{Auth, ClientBody, ClientFrame, Seen, Sub},
    code::{Close, Code},
    envelope::{Bounds, Refused},
    ids::FrameId,
    limits::{self, ClientKind},
    server::{self, ServerBody, ServerFrame, SubOk},
    topic::{Class, TopicKind},
};
use tokio::sync::Semaphore;
use tokio_tungstenite::tungstenite;

use super::{Live, commands, customer, device, feed, greet, link::Link, subscribe};
use crate::{app::App, services::device::Named};

/// Commands of one connection under way; beyond, its socket is not read.
const COMMANDS: usize = 16;
/// Frames a second, and how many may come at once; beyond, the connection ends.
const FRAMES_PER_S: f64 = 100.0;
const FRAMES_AT_ONCE: f64 = 400.0;
/// How long the other side's farewell is waited for.
const FAREWELL: Duration = Duration::from_secs(1);

/// Close codes of the WebSocket layer (RFC 6455 §7.4.1).
const PROTOCOL: u16 = 1002;
/// A binary message.
pub const BINARY: u16 = 1003;
const NOT_UTF8: u16 = 1007;
const TOO_LARGE: u16 = 1009;

/// The close code for a failed read; nothing if the socket is gone.
pub fn broken(error: axum::Error) -> Option<u16> {
    let inner = error.into_inner();
    let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(&*inner);
    while let Some(error) = cause {
        if let Some(error) = error.downcast_ref::<tungstenite::Error>() {
            return match error {
                tungstenite::Error::Capacity(_) => Some(TOO_LARGE),
                tungstenite::Error::Utf8(_) => Some(NOT_UTF8),
                tungstenite::Error::Protocol(tungstenite::error::ProtocolError::ResetWithoutClosingHandshake) => None,
                tungstenite::Error::Protocol(_) => Some(PROTOCOL),
                _ => None,
            };
        }
        cause = error.source();
    }
    None
}

/// Whose inbox.
enum Inbox {
    Device(Named),
    User(UserId),
}

/// So many a second, so many at once.
struct Bucket {
    tokens: f64,
    rate: f64,
    most: f64,
    at: Instant,
}

impl Bucket {
    fn new(rate: f64, most: f64) -> Self {
        Self { tokens: most, rate, most, at: Instant::now() }
    }

    /// Takes one; answers the milliseconds to wait if there is none.
    fn take(&mut self) -> Result<(), u32> {
        self.take_many(1)
    }

    /// Takes several; a number that never fits takes what there is at most.
    fn take_many(&mut self, count: usize) -> Result<(), u32> {
        let wanted = (count as f64).min(self.most);
        let now = Instant::now();
        self.tokens = (self.tokens + now.duration_since(self.at).as_secs_f64() * self.rate).min(self.most);
        self.at = now;
        if self.tokens >= wanted {
            self.tokens -= wanted;
            return Ok(());
        }
        Err(((wanted - self.tokens) / self.rate * 1_000.0).ceil().clamp(1.0, 60_000.0) as u32)
    }
}

/// One connection's reader.
struct Session<'a> {
    app: &'a App,
    live: &'a Live,
    link: &'a Arc<Link>,
    room: Arc<Semaphore>,
    frames: Bucket,
    /// Frames with commands.
    commands: Bucket,
    /// Commands of a device, however many are in a frame.
    flush: Bucket,
    /// Where commands of a device go.
    intake: Option<device::Intake>,
    strikes: VecDeque<Instant>,
}

/// Reads until the connection ends, beginning with what stood behind `hello`.
pub async fn read(
    app: &App,
    live: &Live,
    link: &Arc<Link>,
    mut stream: SplitStream<WebSocket>,
    rest: Vec<Result<ClientFrame, Refused>>,
    clock: Option<device::Clocks>,
) {
    // A batch of a device is one frame.
    let per_s = f64::from(match link.kind() {
        ClientKind::Console => limits::CONSOLE_COMMANDS_PER_S,
        ClientKind::Device => limits::DEVICE_FRAMES_PER_S,
    });
    let flush_per_s = f64::from(limits::DEVICE_FLUSH_PER_S);
    let mut session = Session {
        app,
        live,
        link,
        room: Arc::new(Semaphore::new(COMMANDS)),
        frames: Bucket::new(FRAMES_PER_S, FRAMES_AT_ONCE),
        commands: Bucket::new(per_s, 2.0 * per_s),
        flush: Bucket::new(flush_per_s, 2.0 * flush_per_s),
        intake: clock.map(|clock| device::start(app, live, link, clock)),
        strikes: VecDeque::new(),
    };
    for frame in rest {
        Box::pin(session.frame(frame)).await;
    }
    loop {
        let message = tokio::select! {
            // Before the next message: a connection that has ended takes none.
            biased;
            () = link.ended.notified() => break,
            message = stream.next() => message,
        };
        match message {
            Some(Ok(Message::Text(text))) => {
                link.heard(live.now_ms());
                if !session.message(text.as_str().as_bytes()).await {
                    return;
                }
            }
            Some(Ok(Message::Binary(_))) => link.fail(BINARY),
            Some(Ok(Message::Ping(_) | Message::Pong(_))) => {
                link.heard(live.now_ms());
                session.flood();
            }
            Some(Ok(Message::Close(_))) | None => return,
            Some(Err(error)) => match broken(error) {
                Some(code) => {
                    link.fail(code);
                    // Nothing more can be read, and a socket closed with unread input loses what was sent.
                    return tokio::time::sleep(FAREWELL).await;
                }
                None => return,
            },
        }
    }
    // The other side has to read what the writer said last.
    let farewell = async { while let Some(Ok(_)) = stream.next().await {} };
    let _ = tokio::time::timeout(FAREWELL, farewell).await;
}

impl Session<'_> {
    /// `false` if the client said farewell.
    async fn message(&mut self, bytes: &[u8]) -> bool {
        let frames: Vec<_> = match ClientFrame::decode_message(bytes, &Bounds::INBOUND) {
            Ok(frames) => frames.collect(),
            Err(refused) => vec![Err(refused)],
        };
        for frame in frames {
            if matches!(&frame, Ok(ClientFrame { body: ClientBody::Bye(_), .. })) {
                return false;
            }
            // Boxed: what it takes to handle a frame is not kept for the long waits between frames.
            Box::pin(self.frame(frame)).await;
        }
        true
    }

    async fn frame(&mut self, frame: Result<ClientFrame, Refused>) {
        if !self.flood() {
            return;
        }
        match frame {
            Ok(ClientFrame { id, body }) => self.body(id, body).await,
            Err(refused) => {
                self.refuse(refused.id, &refused);
                self.strike();
            }
        }
    }

    /// Counts a frame; `false` if it is one too many.
    fn flood(&mut self) -> bool {
        let within = self.frames.take().is_ok();
        if !within {
            self.link.close_for(Code::RateLimited, Close::Flood);
        }
        within
    }

    /// A frame that makes no sense: several within a while end the connection.
    fn strike(&mut self) {
        let now = Instant::now();
        let window = Duration::from_millis(limits::ABUSE_WINDOW_MS);
        self.strikes.push_back(now);
        self.strikes.retain(|at| now.duration_since(*at) <= window);
        if self.strikes.len() >= limits::ABUSE_STRIKES {
            self.link.close(Close::Abuse);
        }
    }

    fn refuse(&self, id: Option<FrameId>, refused: &Refused) {
        metrics::counter!("munshi_live_frames_refused_total", "code" => refused.code.row().code).increment(1);
        self.link.reply(&ServerFrame::answer(id, ServerBody::Err(server::Err::from(refused))));
    }

    fn ok(&self, id: Option<FrameId>) {
        if id.is_some() {
            self.link.reply(&ServerFrame::answer(id, ServerBody::Ok(SubOk::default())));
        }
    }

    async fn body(&mut self, id: Option<FrameId>, body: ClientBody) {
        match body {
            ClientBody::Hello(_) => {
                self.refuse(id, &Refused::new(Code::HelloRepeated));
                self.strike();
            }
            ClientBody::Cmd(cmd) => match cmd.check(self.link.kind()) {
                Ok(()) if self.intake.is_some() => self.device_commands(id, vec![cmd]).await,
                Ok(()) => self.command(id, cmd).await,
                Err(refused) => {
                    self.refuse(id, &refused);
                    self.strike();
                }
            },
            ClientBody::Batch(batch) if self.intake.is_some() => {
                match batch.cmds.iter().try_for_each(|cmd| cmd.check(ClientKind::Device)) {
                    Ok(()) => self.device_commands(id, batch.cmds).await,
                    Err(refused) => {
                        self.refuse(id, &refused);
                        self.strike();
                    }
                }
            }
            ClientBody::Batch(_) => {
                self.refuse(id, &Refused::field(Code::BadField, "t"));
                self.strike();
            }
            ClientBody::Sub(sub) => self.subscribe(id, sub).await,
            ClientBody::Unsub(unsub) => {
                self.link.unsubscribe(&unsub.topic);
                self.ok(id);
            }
            ClientBody::Seen(seen) => match self.link.board(&seen.topic).filter(|board| board.class() == Class::Stream)
            {
                None => self.refuse(id, &Refused::field(Code::BadTopic, "topic")),
                Some(board) if seen.off > board.off() => self.refuse(id, &Refused::field(Code::SeenAhead, "off")),
                Some(_) => self.seen(id, &seen),
            },
            ClientBody::Auth(auth) => self.auth(id, &auth).await,
            ClientBody::Ping(ping) => {
                self.link.reply(&ServerFrame::answer(id, ServerBody::Pong(server::Pong { n: ping.n })));
            }
            ClientBody::Pong(_) => {}
            ClientBody::Bye(_) => self.link.hang_up(),
        }
    }

    /// An inbox is done with up to there. What many read is kept until it is resolved, whoever has seen it.
    fn seen(&self, id: Option<FrameId>, seen: &Seen) {
        let whose = match (seen.topic.kind(), self.link.device()) {
            (Some(TopicKind::DeviceInbox(_)), Some(device)) => Inbox::Device(device.named.clone()),
            (Some(TopicKind::UserInbox(_)), None) => Inbox::User(self.link.principal().user),
            _ => return self.ok(id),
        };
        let (live, link, off) = (self.live.clone(), Arc::clone(self.link), seen.off);
        let counted = self.live.counted(|inner| &inner.commands);
        // It is answered when it is durable; the socket is read meanwhile.
        tokio::spawn(async move {
            let kept = match whose {
                Inbox::Device(device) => live.device_has_seen(&device, off).await,
                Inbox::User(user) => live.user_has_seen(user, off).await,
            };
            let body = match kept {
                Ok(()) => ServerBody::Ok(SubOk::default()),
                Err(code) => ServerBody::Err(server::Err::of(code).later(1_000)),
            };
            if id.is_some() {
                link.reply(&ServerFrame::answer(id, body));
            }
            drop(counted);
        });
    }

    async fn subscribe(&mut self, id: Option<FrameId>, sub: Sub) {
        if let Some(why) = sub.why {
            use munshi_protocols::client::SubReason;
            let why = match why {
                SubReason::MirrorMismatch => "mirror_mismatch",
                SubReason::BaseGap => "base_gap",
                SubReason::BadSnapshot => "bad_snapshot",
            };
            metrics::counter!("munshi_live_resubscriptions_total", "why" => why).increment(1);
            tracing::warn!(topic = %sub.topic, why, "a client subscribes again");
        }
        let ask = subscribe::Ask {
            topic: &sub.topic,
            since: sub.since.as_ref(),
            max_hz: sub.max_hz,
            window: sub.window.as_ref(),
        };
        let topic = sub.topic.clone();
        let answer = |start: &munshi_protocols::topicsm::Start| {
            let (outcome, epoch, off) = (Some(start.outcome()), Some(start.epoch.clone()), Some(start.off));
            Some(ServerFrame::answer(id, ServerBody::Ok(SubOk { topic: Some(topic), outcome, epoch, off })))
        };
        if let Err(refused) = subscribe::join(self.live, self.link, &ask, answer).await {
            let err = server::Err::from(&refused);
            let err = if err.retry == munshi_protocols::code::Retry::Later { err.later(1_000) } else { err };
            self.link.reply(&ServerFrame::answer(id, ServerBody::Err(err)));
        }
    }

    /// A fresh token of the same user or device, in place.
    async fn auth(&mut self, id: Option<FrameId>, auth: &Auth) {
        if self.link.device().is_some() {
            return match device::renew(self.live, self.link, &auth.token) {
                Ok(()) => self.ok(id),
                Err(code) => self.refuse(id, &Refused::field(code, "token")),
            };
        }
        if let Some(tracked) = self.link.tracked() {
            return match customer::renew(self.live, self.link, tracked, &auth.token).await {
                Ok(()) => self.ok(id),
                Err(code) => self.refuse(id, &Refused::field(code, "token")),
            };
        }
        match greet::by_token(self.live, &auth.token).await {
            Ok((principal, _)) if principal.user == self.link.principal().user => {
                self.link.set_principal(principal);
                self.ok(id);
                // The roles may be others by now than those of the topics it has.
                feed::look_again(self.live, self.link).await;
            }
            Ok(_) => self.refuse(id, &Refused::field(Code::TokenBad, "token")),
            Err(code) => self.refuse(id, &Refused::field(code, "token")),
        }
    }

    /// Commands of a device, in their order. While there is no room for them its socket is not read.
    async fn device_commands(&mut self, id: Option<FrameId>, cmds: Vec<munshi_protocols::client::Cmd>) {
        if let Err(retry_ms) = self.commands.take().and_then(|()| self.flush.take_many(cmds.len())) {
            self.link.push(ServerBody::Throttle(server::Throttle { retry_ms }));
            return self.busy(id, Code::RateLimited, retry_ms);
        }
        if self.live.is_draining() {
            return self.busy(id, Code::Draining, 1_000);
        }
        let Some(intake) = &self.intake else { return };
        let frame = device::Frame { id, cmds, counted: self.live.counted(|inner| &inner.commands) };
        let Err(frame) = intake.try_send(frame) else { return };
        self.link.pause(true, self.live.now_ms());
        // The other end goes with the connection only.
        let _ = intake.send(frame.into_inner()).await;
        self.link.pause(false, self.live.now_ms());
    }

    async fn command(&mut self, id: Option<FrameId>, cmd: munshi_protocols::client::Cmd) {
        if self.link.tracked().is_some() {
            // A customer cancels over HTTP.
            return self.refuse(id, &Refused::new(Code::CmdDenied));
        }
        if let Err(retry_ms) = self.commands.take() {
            return self.busy(id, Code::RateLimited, retry_ms);
        }
        if self.live.is_draining() {
            return self.busy(id, Code::Draining, 1_000);
        }
        let permit = match Arc::clone(&self.room).try_acquire_owned() {
            Ok(permit) => permit,
            Err(_) => {
                self.link.pause(true, self.live.now_ms());
                let permit = Arc::clone(&self.room).acquire_owned().await;
                self.link.pause(false, self.live.now_ms());
                // The semaphore is never closed.
                let Ok(permit) = permit else { return };
                permit
            }
        };
        commands::start(self.app, self.live, Arc::clone(self.link), id, cmd, permit);
    }

    fn busy(&self, id: Option<FrameId>, code: Code, retry_ms: u32) {
        self.link.reply(&ServerFrame::answer(id, ServerBody::Err(server::Err::of(code).later(retry_ms))));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bucket_lets_so_many_through_and_says_how_long_to_wait() {
        let mut bucket = Bucket::new(10.0, 2.0);
        assert_eq!((bucket.take(), bucket.take()), (Ok(()), Ok(())));
        let wait = bucket.take().unwrap_err();
        assert!((1..=100).contains(&wait), "{wait}");
    }
}
