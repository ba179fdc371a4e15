//! Clients of the socket: the protocol's own state machine over a real socket, and a bare socket for what no client does.

use std::{
    collections::{BTreeMap, VecDeque},
    net::SocketAddr,
    time::{Duration, Instant},
};

use futures_util::{SinkExt, StreamExt};
use munshi_protocols::{
    SUBPROTOCOL,
    clientsm::{Config, Identity, MemoryStore, Order},
    ids::{AppVersion, ClientId, CmdKey, Op, Rev, RowKey},
    mirror::Mirror,
    payload::Payload,
    server::{Answer, Row},
    topic::{Topic, Window},
};
use serde_json::{Value, json};
use tokio_tungstenite::{
    connect_async,
    tungstenite::{
        self, Message,
        client::IntoClientRequest,
        http::{HeaderName, HeaderValue},
        protocol::frame::coding::CloseCode,
    },
};

use super::pump::{self, Dial, Pump};
pub use super::pump::{LIMIT, Socket, key};
use crate::harness::TestServer;

/// The origin that the tests' servers allow.
pub const ORIGIN: &str = "https://console.test";
/// Opens a socket with these headers beside the usual ones; a header without a value is left out.
pub async fn open(address: SocketAddr, headers: &[(&'static str, &str)]) -> Result<Socket, tungstenite::Error> {
    let mut request = format!("ws://{address}/ws/console").into_client_request()?;
    let usual = [("origin", ORIGIN), ("sec-websocket-protocol", SUBPROTOCOL)];
    for (name, value) in usual.iter().chain(headers) {
        let name = HeaderName::from_static(name);
        match *value {
            "" => drop(request.headers_mut().remove(&name)),
            value => drop(request.headers_mut().insert(name, HeaderValue::from_str(value).expect("a header"))),
        }
    }
    connect_async(request).await.map(|(socket, _)| socket)
}

/// The status with which a socket is refused.
pub async fn refused(address: SocketAddr, headers: &[(&'static str, &str)]) -> (u16, Option<String>) {
    match open(address, headers).await {
        Err(tungstenite::Error::Http(response)) => {
            let again = response.headers().get("retry-after").and_then(|value| value.to_str().ok()).map(str::to_owned);
            (response.status().as_u16(), again)
        }
        Ok(_) => (101, None),
        Err(other) => panic!("{other}"),
    }
}

pub fn topic(name: &str) -> Topic {
    Topic::parse(name).expect("a topic")
}

/// Where a console connects to.
pub struct ToConsole(pub SocketAddr);

impl Dial for ToConsole {
    async fn dial(&self) -> Option<Socket> {
        open(self.0, &[]).await.ok()
    }

    /// A user has to sign in again.
    async fn renew(&self) -> Option<String> {
        None
    }
}

/// A console: the client state machine over a real socket.
pub struct Console(Pump<ToConsole>);

impl std::ops::Deref for Console {
    type Target = Pump<ToConsole>;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl std::ops::DerefMut for Console {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.0
    }
}

impl Console {
    /// Not connected yet.
    pub fn new(server: &TestServer, token: &str, seed: u64) -> Self {
        let client = ClientId::parse(&format!("tab_{seed}")).expect("an id");
        let app = AppVersion::parse("1.0.0").expect("a version");
        let config = Config::new(Identity::Console { client }, app);
        let seed = seed.wrapping_add(super::seed());
        Self(Pump::new(ToConsole(server.address), config, MemoryStore::default(), token, seed))
    }

    /// Connected, with these topics live.
    pub async fn live(server: &TestServer, token: &str, topics: &[&str]) -> Self {
        let mut console = Self::new(server, token, 1);
        for name in topics {
            console.subscribe(name, None);
        }
        console.start();
        console.until("live", |console| topics.iter().all(|name| console.stands(name))).await;
        console
    }

    /// The server has another address now.
    pub fn move_to(&mut self, server: &TestServer) {
        self.dial.0 = server.address;
    }

    pub fn subscribe(&mut self, name: &str, window: Option<Window>) {
        let now = self.now();
        self.machine.subscribe(now, topic(name), None, window).expect("a topic");
    }

    pub fn is_live(&self) -> bool {
        self.machine.is_live()
    }

    pub fn connects(&self) -> usize {
        self.connects
    }

    /// Sends a command.
    pub fn command(&mut self, key: &CmdKey, op: &str, rev: Option<u64>, a: &Value) {
        let now = self.now();
        let order = Order {
            key: key.clone(),
            op: Op::parse(op).expect("an operation"),
            rev: rev.map(|rev| Rev::new(rev).expect("a revision")),
            a: Payload::of(a).expect("arguments"),
        };
        self.machine.command(now, order).expect("a command");
    }

    /// The answer to a command.
    pub async fn answer(&mut self, key: &CmdKey) -> Answer {
        self.until("an answer", |console| console.settled(key).is_some()).await;
        self.settled(key).expect("just seen")
    }

    pub fn mirror(&self, name: &str) -> Option<&Mirror> {
        self.machine.mirror(&topic(name))
    }

    /// Whether the topic's mirror stands on something.
    pub fn stands(&self, name: &str) -> bool {
        self.machine.is_live() && self.mirror(name).is_some_and(|mirror| mirror.stand().is_some())
    }

    /// Where the topic's mirror stands.
    pub fn off(&self, name: &str) -> u64 {
        self.mirror(name).and_then(Mirror::stand).map_or(0, |stand| stand.off.get())
    }

    /// Rows of a Map topic.
    pub fn rows(&self, name: &str) -> BTreeMap<RowKey, Row> {
        match self.mirror(name) {
            Some(Mirror::Map(map)) => map.rows().clone(),
            _ => BTreeMap::new(),
        }
    }

    /// Bodies of a Map topic's rows by key.
    pub fn bodies(&self, name: &str) -> BTreeMap<String, Value> {
        let body = |(key, row): (RowKey, Row)| (key.as_str().to_owned(), row.v.parse().expect("a body"));
        self.rows(name).into_iter().map(body).collect()
    }

    /// Runs until something holds.
    #[track_caller]
    pub fn until<'a>(&'a mut self, what: &'a str, done: impl Fn(&Self) -> bool + 'a) -> impl Future<Output = ()> + 'a {
        let caller = std::panic::Location::caller();
        pump::until(caller, self, what, done)
    }

    /// Runs for a while, whatever happens.
    pub async fn idle(&mut self, span: Duration) {
        let until = Instant::now() + span;
        while Instant::now() < until {
            self.carry_out().await;
            self.turn(until).await;
        }
    }
}

/// A bare socket, and frames received that nobody has asked for yet.
pub struct Raw(pub Socket, VecDeque<Value>);

impl Raw {
    /// Over a socket that is open.
    pub fn on(socket: Socket) -> Self {
        Self(socket, VecDeque::new())
    }

    pub async fn open(address: SocketAddr) -> Self {
        Self(open(address, &[]).await.expect("a socket"), VecDeque::new())
    }

    /// Greeted, with these subscriptions; answers the `welcome`.
    pub async fn greeted(address: SocketAddr, token: &str, subs: &[Value]) -> (Self, Value) {
        let mut raw = Self::open(address).await;
        raw.send(&hello(token, subs)).await;
        let welcome = raw.frame().await;
        assert_eq!(welcome["t"], "welcome", "{welcome}");
        (raw, welcome)
    }

    pub async fn send(&mut self, frame: &Value) {
        self.text(frame.to_string()).await;
    }

    pub async fn text(&mut self, text: String) {
        // The server may have closed already; what it said is what counts.
        let _ = self.0.send(Message::text(text)).await;
    }

    /// The next message, or the close code, 1006 for none.
    pub async fn message(&mut self) -> Result<String, u16> {
        loop {
            match tokio::time::timeout(LIMIT, self.0.next()).await.expect("an answer in time") {
                Some(Ok(Message::Text(text))) => return Ok(text.to_string()),
                Some(Ok(Message::Close(frame))) => {
                    let code = frame.map_or(CloseCode::Abnormal, |frame| frame.code);
                    return Err(code.into());
                }
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return Err(1006),
            }
        }
    }

    /// The next frame, or the close code.
    async fn next(&mut self) -> Result<Value, u16> {
        while self.1.is_empty() {
            let text = self.message().await?;
            self.1.extend(text.lines().map(|line| serde_json::from_str::<Value>(line).expect("JSON")));
        }
        Ok(self.1.pop_front().expect("not empty"))
    }

    /// The next frame.
    pub async fn frame(&mut self) -> Value {
        self.next().await.expect("a frame")
    }

    /// Frames until the connection closes, and how it does.
    pub async fn rest(&mut self) -> (Vec<Value>, u16) {
        let mut frames = vec![];
        loop {
            match self.next().await {
                Ok(frame) => frames.push(frame),
                Err(code) => return (frames, code),
            }
        }
    }

    /// The first frame for which this holds; those before it are passed over.
    pub async fn find(&mut self, wanted: impl Fn(&Value) -> bool) -> Value {
        loop {
            let frame = self.frame().await;
            if wanted(&frame) {
                return frame;
            }
        }
    }
}

pub fn hello(token: &str, subs: &[Value]) -> Value {
    json!({"t": "hello", "d": {"kind": "console", "client": "raw", "app": "1", "token": token, "subs": subs}})
}
