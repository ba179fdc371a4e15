//! Clients of the socket: the protocol's own state machine over a real socket, and a bare socket for what no client does.

use std::{
    collections::{BTreeMap, VecDeque},
    net::SocketAddr,
    time::{Duration, Instant},
};

use futures_util::{SinkExt, StreamExt};
use munshi_protocols::{
    SUBPROTOCOL,
    client::{Reading, Token},
    clientsm::{Client, Config, Event, Identity, MemoryStore, Order, Output},
    ids::{AppVersion, BootId, ClientId, CmdKey, Millis, Op, Rev, RowKey},
    mirror::Mirror,
    payload::Payload,
    server::{Answer, Row},
    topic::{Topic, Window},
};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, connect_async,
    tungstenite::{
        self, Message,
        client::IntoClientRequest,
        http::{HeaderName, HeaderValue},
        protocol::frame::coding::CloseCode,
    },
};

use crate::harness::TestServer;

/// The origin that the tests' servers allow.
pub const ORIGIN: &str = "https://console.test";
/// How long anything is waited for.
pub const LIMIT: Duration = Duration::from_secs(10);

pub type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;
type Machine = Client<MemoryStore, Box<dyn FnMut() -> u64 + Send>>;

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

/// Numbers that look random and are the same for the same seed (xorshift64).
pub fn seeded(seed: u64) -> Box<dyn FnMut() -> u64 + Send> {
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    Box::new(move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state
    })
}

pub fn topic(name: &str) -> Topic {
    Topic::parse(name).expect("a topic")
}

/// A key nobody used.
pub fn key() -> CmdKey {
    CmdKey::parse(&uuid::Uuid::now_v7().to_string()).expect("a key")
}

/// A console: the client state machine over a real socket.
pub struct Console {
    pub address: SocketAddr,
    machine: Machine,
    socket: Option<Socket>,
    began: Instant,
    /// Everything it was told, in order.
    pub events: Vec<Event>,
    /// Text messages received.
    pub received: Vec<String>,
    /// Close codes received, 1006 where there was none.
    pub closes: Vec<u16>,
    connects: usize,
}

impl Console {
    /// Not connected yet.
    pub fn new(server: &TestServer, token: &str, seed: u64) -> Self {
        let client = ClientId::parse(&format!("tab_{seed}")).expect("an id");
        let app = AppVersion::parse("1.0.0").expect("a version");
        let config = Config::new(Identity::Console { client }, app);
        let mut machine = Client::new(config, MemoryStore::default(), seeded(seed)).expect("an empty store");
        machine.set_token(0, Token::parse(token).expect("a token"));
        Self {
            address: server.address,
            machine,
            socket: None,
            began: Instant::now(),
            events: vec![],
            received: vec![],
            closes: vec![],
            connects: 0,
        }
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

    fn now(&self) -> u64 {
        u64::try_from(self.began.elapsed().as_millis()).expect("a short test")
    }

    pub fn start(&mut self) {
        let now = self.now();
        self.machine.start(now);
    }

    pub fn stop(&mut self) {
        let now = self.now();
        self.machine.stop(now);
    }

    pub fn set_token(&mut self, token: &str) {
        let now = self.now();
        self.machine.set_token(now, Token::parse(token).expect("a token"));
    }

    pub fn subscribe(&mut self, name: &str, window: Option<Window>) {
        let now = self.now();
        self.machine.subscribe(now, topic(name), None, window).expect("a topic");
    }

    /// Cuts the connection without a word, as a dead network does.
    pub fn cut(&mut self) {
        self.socket = None;
        let now = self.now();
        self.machine.closed(now, 1006);
    }

    pub fn is_live(&self) -> bool {
        self.machine.is_live()
    }

    pub const fn connects(&self) -> usize {
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
        let wanted = key.clone();
        let settled = move |event: &Event| match event {
            Event::Settled { key, answer } if *key == wanted => Some((**answer).clone()),
            _ => None,
        };
        self.until("an answer", |console| console.events.iter().any(|event| settled(event).is_some())).await;
        self.events.iter().find_map(settled).expect("just seen")
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

    pub fn told(&self, wanted: impl Fn(&Event) -> bool) -> usize {
        self.events.iter().filter(|event| wanted(event)).count()
    }

    /// Runs until something holds.
    #[track_caller]
    pub fn until<'a>(&'a mut self, what: &'a str, done: impl Fn(&Self) -> bool + 'a) -> impl Future<Output = ()> + 'a {
        let caller = std::panic::Location::caller();
        async move {
            let deadline = Instant::now() + LIMIT;
            loop {
                self.carry_out().await;
                if done(self) {
                    return;
                }
                assert!(
                    Instant::now() < deadline,
                    "{caller}: no {what}; told {:?}, closed {:?}",
                    self.events,
                    self.closes
                );
                self.turn(deadline).await;
            }
        }
    }

    /// Runs for a while, whatever happens.
    pub async fn idle(&mut self, span: Duration) {
        let until = Instant::now() + span;
        while Instant::now() < until {
            self.carry_out().await;
            self.turn(until).await;
        }
    }

    async fn carry_out(&mut self) {
        while let Some(output) = self.machine.poll() {
            match output {
                Output::Connect => {
                    self.connects += 1;
                    let opened = open(self.address, &[]).await;
                    let now = self.now();
                    match opened {
                        Ok(socket) => {
                            self.socket = Some(socket);
                            self.machine.opened(now, reading(now));
                        }
                        Err(_) => self.machine.closed(now, 1006),
                    }
                }
                Output::Send(text) => {
                    if let Some(socket) = &mut self.socket {
                        // A socket that is gone is noticed when it is read.
                        let _ = socket.send(Message::text(text)).await;
                    }
                }
                Output::Close(_) => {
                    if let Some(mut socket) = self.socket.take() {
                        let _ = socket.close(None).await;
                    }
                }
                Output::Event(event) => self.events.push(event),
            }
        }
    }

    async fn turn(&mut self, until: Instant) {
        let now = self.now();
        let wait = self.machine.deadline(now).map_or(LIMIT, |at| Duration::from_millis(at.saturating_sub(now)));
        let wait = wait.min(until.saturating_duration_since(Instant::now())).max(Duration::from_millis(1));
        let next = async {
            match &mut self.socket {
                Some(socket) => socket.next().await,
                None => std::future::pending().await,
            }
        };
        let came = tokio::time::timeout(wait, next).await;
        let now = self.now();
        match came {
            Err(_) => self.machine.tick(now),
            Ok(Some(Ok(Message::Text(text)))) => {
                self.received.push(text.to_string());
                self.machine.received(now, text.as_bytes());
            }
            Ok(Some(Ok(Message::Close(frame)))) => self.closed(frame.map_or(1006, |frame| frame.code.into())),
            Ok(Some(Ok(_))) => {}
            Ok(Some(Err(_)) | None) => self.closed(1006),
        }
    }

    fn closed(&mut self, code: u16) {
        self.socket = None;
        self.closes.push(code);
        let now = self.now();
        self.machine.closed(now, code);
    }
}

fn reading(now: u64) -> Reading {
    let millis = |ms| Millis::new(ms).expect("a time");
    Reading { wall_ms: millis(now), mono_ms: millis(now), boot: BootId::parse("b").expect("an id") }
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
