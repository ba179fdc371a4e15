//! From an open socket to a connection: the one message in which a client says who it is.
//!
//! Invariant: until then the socket costs a task and its buffers, nothing else; it has one message of 4 KiB and
//! `live.hello_wait`. A failure is answered after a second or two, so that guessing is slow.

use std::{sync::Arc, time::Duration};

use axum::extract::ws::{Message, WebSocket};
use futures_util::StreamExt;
use munshi_domain::Timestamp;
use munshi_protocols::{
    client::{ClientBody, ClientFrame, Credentials, Hello, HelloConsole, Subscription, Token},
    code::{Close, Code},
    envelope::{Bounds, Refused},
    ids::FrameId,
    limits::{ClientKind, Limits},
    server::{self, ServerBody, ServerFrame, SubResult, Subscribed, Welcome},
};

use super::{
    Live, customer, device, feed,
    link::{Link, Principal},
    of,
    presence::Admission,
    rows, session, subscribe,
    ticket::Claims,
    writer,
};
use crate::{
    app::App,
    auth::{self, token},
    services::tracking::Tracked,
};

/// A connection from upgrade to end.
pub async fn serve(app: App, mut socket: WebSocket, mut admission: Admission, kind: ClientKind) {
    let live = of(&app).clone();
    let _counted = live.counted(|inner| &inner.tasks);
    let wait = live.settings().hello_wait.duration();
    let first = {
        let stopping = live.stopping();
        let first = tokio::time::timeout(wait, first_message(&mut socket));
        tokio::select! {
            first = first => first.unwrap_or(First::Late(Close::NeverAuthenticated)),
            () = stopping => First::Late(Close::Drain),
        }
    };
    // What greets is boxed: it is over before the connection's long life begins, and should cost it nothing.
    match first {
        First::Late(close) => Box::pin(fail(socket, &Failed::silent(close))).await,
        First::Gone => {}
        First::Broken(code) => Box::pin(writer::refuse(socket, None, code, "")).await,
        First::Text(message) => match Box::pin(admitted(&live, &message, kind)).await {
            Err(failed) => {
                metrics::counter!("munshi_live_hello_refused_total", "code" => failed.name()).increment(1);
                // Nobody waits for a server that stops.
                let slowly = Duration::from_millis(1_000 + rand::random_range(0..1_000));
                tokio::select! {
                    () = tokio::time::sleep(slowly) => {}
                    () = live.stopping() => {}
                }
                Box::pin(fail(socket, &failed)).await;
            }
            Ok(greeting) => {
                drop(message);
                admission.greeted();
                run(&app, &live, socket, greeting).await;
            }
        },
    }
}

/// Why a client is not let in.
pub(super) struct Failed {
    id: Option<FrameId>,
    refused: Option<Refused>,
    close: Close,
}

impl Failed {
    const fn silent(close: Close) -> Self {
        Self { id: None, refused: None, close }
    }

    /// Says why, then closes.
    pub(super) const fn of(id: Option<FrameId>, refused: Refused, close: Close) -> Self {
        Self { id, refused: Some(refused), close }
    }

    fn name(&self) -> &'static str {
        self.refused.as_ref().map_or("silent", |refused| refused.code.row().code)
    }
}

async fn fail(socket: WebSocket, failed: &Failed) {
    let text = failed.refused.as_ref().map(|refused| {
        let err = server::Err::from(refused);
        let err = if err.retry == munshi_protocols::code::Retry::Later { err.later(1_000) } else { err };
        ServerFrame::answer(failed.id, ServerBody::Err(err)).encode()
    });
    writer::refuse_for(socket, text, failed.close).await;
}

/// What came first.
enum First {
    Text(String),
    /// Nothing in time.
    Late(Close),
    Gone,
    /// Something that closes with this code of the WebSocket layer.
    Broken(u16),
}

async fn first_message(socket: &mut WebSocket) -> First {
    // A few control frames are no greeting, and no harm.
    for _ in 0..8 {
        match socket.recv().await {
            Some(Ok(Message::Text(text))) => return First::Text(text.as_str().to_owned()),
            Some(Ok(Message::Binary(_))) => return First::Broken(session::BINARY),
            Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
            Some(Ok(Message::Close(_))) | None => return First::Gone,
            Some(Err(error)) => return session::broken(error).map_or(First::Gone, First::Broken),
        }
    }
    First::Broken(Close::Abuse.num())
}

/// Who said hello, and what else stood in the message.
struct Greeting {
    id: Option<FrameId>,
    who: Who,
    rest: Vec<Result<ClientFrame, Refused>>,
}

/// The two sorts of clients.
enum Who {
    Console {
        hello: Box<HelloConsole>,
        principal: Principal,
        /// Journal position up to which the user is known.
        known: u64,
    },
    Device(Box<device::Greeted>),
    /// The customer of an order, by a tracking link.
    Customer {
        hello: Box<HelloConsole>,
        tracked: Tracked,
    },
}

async fn admitted(live: &Live, message: &str, kind: ClientKind) -> Result<Greeting, Failed> {
    let abuse = |refused: Refused| Failed::of(refused.id, refused, Close::Abuse);
    let frames = ClientFrame::decode_message(message.as_bytes(), &Bounds::PRE_AUTH).map_err(abuse)?;
    let mut frames: Vec<_> = frames.collect();
    if frames.is_empty() {
        return Err(abuse(Refused::new(Code::BadJson)));
    }
    let first = frames.remove(0).map_err(abuse)?;
    let ClientBody::Hello(hello) = first.body else {
        return Err(Failed::of(first.id, Refused::new(Code::HelloExpected), Close::Abuse));
    };
    let hello = match (*hello, kind) {
        (Hello::Console(hello), ClientKind::Console) => hello,
        (Hello::Device(hello), ClientKind::Device) => {
            let greeted = device::admit(live, first.id, hello).await?;
            return Ok(Greeting { id: first.id, who: Who::Device(Box::new(greeted)), rest: frames });
        }
        _ => return Err(Failed::of(first.id, Refused::field(Code::BadField, "kind"), Close::Abuse)),
    };
    if let Some(track) = &hello.track {
        let tracked = customer::admit(live, first.id, track).await?;
        let who = Who::Customer { hello: Box::new(hello), tracked };
        return Ok(Greeting { id: first.id, who, rest: frames });
    }
    let credentials = Credentials { token: hello.token.as_ref(), ticket: hello.ticket.as_ref(), track: None };
    match identify(live, credentials).await {
        Ok((principal, known)) => {
            let who = Who::Console { hello: Box::new(hello), principal, known };
            Ok(Greeting { id: first.id, who, rest: frames })
        }
        Err(code) => {
            let close = match code {
                Code::TokenExpired => Close::TokenExpired,
                Code::TokenBad => Close::BadToken,
                _ => Close::ServerError,
            };
            Err(Failed::of(first.id, Refused::new(code), close))
        }
    }
}

/// Who the credentials speak for. A ticket that is good often needs no look at the user; if it is not, the token counts.
async fn identify(live: &Live, credentials: Credentials<'_>) -> Result<(Principal, u64), Code> {
    let mut why = Code::TokenBad;
    if let Some(ticket) = credentials.ticket {
        match by_ticket(live, ticket).await {
            Ok(found) => return Ok(found),
            Err(code) => why = code,
        }
    }
    match credentials.token {
        Some(token) => by_token(live, token).await,
        None => Err(why),
    }
}

async fn by_ticket(live: &Live, ticket: &Token) -> Result<(Principal, u64), Code> {
    let Claims { principal, known } = live.tickets().verify(ticket.reveal()).ok_or(Code::TokenBad)?;
    if principal.expires <= live.node().now() {
        return Err(Code::TokenExpired);
    }
    // What the feed has not heard yet may be the end of this session.
    let heard = live.position() >= live.node().status().head;
    if heard && live.presence().unchanged_since(principal.user, known) {
        return Ok((principal, known));
    }
    let known = live.position();
    let user = feed::present(live, principal.user).await.map_err(|_| Code::NotReady)?;
    let user = user.filter(|user| !user.disabled && user.session(principal.session).is_some());
    let user = user.ok_or(Code::TokenBad)?;
    Ok((Principal { roles: user.roles.clone(), ..principal }, known))
}

/// Checks an access token of the REST interface.
///
/// # Errors
/// `token_bad`, `token_expired`, `not_ready`.
pub async fn by_token(live: &Live, text: &Token) -> Result<(Principal, u64), Code> {
    let parsed = token::parse(token::ACCESS, text.reveal()).ok_or(Code::TokenBad)?;
    // Read before the user is: what happens to the user from here on is noticed.
    let known = live.position();
    let user = feed::present(live, parsed.user).await.map_err(|_| Code::NotReady)?;
    let caller = auth::check(&parsed, text.reveal(), user, live.node().now());
    let caller = caller.map_err(|problem| match problem.code {
        "token_expired" => Code::TokenExpired,
        _ => Code::TokenBad,
    })?;
    let expires = caller.user.session(caller.session).map_or(Timestamp::from_millis(0), |own| own.access_expires);
    let roles = caller.user.roles.clone();
    Ok((Principal { user: caller.id, session: caller.session, roles, expires }, known))
}

/// A connection from `welcome` to its end.
async fn run(app: &App, live: &Live, socket: WebSocket, greeting: Greeting) {
    let Greeting { id, who, rest } = greeting;
    let entered = match who {
        Who::Console { hello, principal, known } => {
            let link = Link::new(live.next_connection(), ClientKind::Console, principal, live.now_ms());
            let link = Arc::new(link);
            if !live.presence().enter(&link) {
                let refused = Refused::new(Code::ConnectionLimit);
                return Box::pin(fail(socket, &Failed::of(id, refused, Close::Limit))).await;
            }
            let entered = Entered { live: live.clone(), link: Arc::clone(&link), clock: None };
            let welcome = Box::pin(welcome(live, &link, &hello, known)).await;
            link.reply(&ServerFrame::answer(id, ServerBody::Welcome(Box::new(welcome))));
            // Whatever happened to the user while that was written is looked at now; what happens later, the feed notices.
            if !live.presence().unchanged_since(link.principal().user, known) {
                Box::pin(feed::look_again(live, &link)).await;
            }
            entered
        }
        Who::Customer { hello, tracked } => match Box::pin(customer::enter(live, id, &hello, tracked)).await {
            Ok(link) => Entered { live: live.clone(), link, clock: None },
            Err(failed) => return Box::pin(fail(socket, &failed)).await,
        },
        Who::Device(greeted) => {
            let clock = Some(greeted.clock.clone());
            let link = Box::pin(device::enter(live, id, *greeted)).await;
            Entered { live: live.clone(), link, clock }
        }
    };
    let link = Arc::clone(&entered.link);
    live.remind(&link, live.heartbeat_ms(link.kind()));
    let (sink, stream) = socket.split();
    let writing = tokio::spawn(writer::run(live.clone(), Arc::clone(&link), sink));
    session::read(app, live, &link, stream, rest, entered.clock.clone()).await;
    drop(entered);
    link.hang_up();
    // The writer ends by itself: it waits for one write at most.
    let _ = writing.await;
}

/// Takes a link out wherever it is registered, however its task ends.
struct Entered {
    live: Live,
    link: Arc<Link>,
    /// How a device's clocks stood when it said `hello`.
    clock: Option<device::Clocks>,
}

impl Drop for Entered {
    fn drop(&mut self) {
        self.link.leave_all();
        self.live.presence().exit(&self.link);
        if let Some(device) = self.link.device() {
            self.live.watch().left(&device.named, self.live.node().now());
        }
    }
}

async fn welcome(live: &Live, link: &Arc<Link>, hello: &HelloConsole, known: u64) -> Welcome {
    let claims = Claims { principal: link.principal(), known };
    let ticket = Token::parse(&live.tickets().issue(&claims)).ok();
    Welcome { ticket, ..bare_welcome(live, link, &hello.subs).await }
}

/// `welcome` with the topics that were asked for, and nothing that differs between the sorts of clients.
pub(super) async fn bare_welcome(live: &Live, link: &Arc<Link>, wishes: &[Subscription]) -> Welcome {
    let mut subs = Vec::with_capacity(wishes.len());
    for wanted in wishes {
        let ask = subscribe::Ask {
            topic: &wanted.topic,
            since: wanted.since.as_ref(),
            max_hz: wanted.max_hz,
            window: wanted.window.as_ref(),
        };
        subs.push(match subscribe::join(live, link, &ask, |_| None).await {
            Ok(start) => Subscribed {
                topic: wanted.topic.clone(),
                outcome: start.outcome(),
                epoch: Some(start.epoch.clone()),
                off: Some(start.off),
                code: None,
            },
            Err(refused) => Subscribed {
                topic: wanted.topic.clone(),
                outcome: SubResult::Refused,
                epoch: None,
                off: None,
                code: Some(refused.code.into()),
            },
        });
    }
    let resumed =
        wishes.iter().zip(&subs).all(|(wanted, sub)| wanted.since.is_none() || sub.outcome == SubResult::Resumed);
    Welcome {
        ticket: None,
        resumed,
        ack: None,
        expect: None,
        hb_ms: u32::try_from(live.heartbeat_ms(link.kind())).unwrap_or(u32::MAX),
        time_ms: rows::millis(live.node().now()),
        schema: super::schema().to_owned(),
        limits: Limits::standard(link.kind()),
        subs,
    }
}
