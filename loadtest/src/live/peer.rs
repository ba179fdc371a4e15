//! A device or a console of the harness: the protocol's own client state machine over a real socket, through a network
//! that can be made bad.
//!
//! Invariant: what is done to frames on their way (lost, repeated, overtaken) is decided by the peer's seed, and never
//! anything the machine could not meet in the field.

use std::{
    collections::VecDeque,
    net::{IpAddr, Ipv4Addr, SocketAddr},
    time::{Duration, Instant},
};

use futures_util::{SinkExt, StreamExt};
use munshi_protocols::{
    client::{Reading, Token},
    clientsm::{Client, Config, Event, Identity, MemoryStore, Order, Output},
    ids::{AppVersion, BootId, ClientId, CmdKey, DeviceId, Gen, InstallId, Millis, Op},
    mirror::Mirror,
    payload::Payload,
    topic::Topic,
};
use rand::{Rng, SeedableRng, rngs::StdRng};
use serde_json::{Value, json};
use tokio::{
    net::{TcpSocket, TcpStream},
    sync::watch,
};
use tokio_tungstenite::{
    WebSocketStream, client_async_with_config,
    tungstenite::{Message, client::IntoClientRequest, http::HeaderValue, protocol::WebSocketConfig},
};

use super::{socket::ORIGIN, watch::Watch};
use crate::{
    client::{self, Call},
    server::Fault,
    shop,
};

type Machine = Client<MemoryStore, Box<dyn FnMut() -> u64 + Send + Sync>>;
type Socket = WebSocketStream<TcpStream>;

/// Longest wait for a connection or for room to send.
const PATIENCE: Duration = Duration::from_secs(10);
/// Attempts to get a token.
const ROUNDS: usize = 600;
/// Wall clock of the harness when it begins, in milliseconds: any will do, for the server goes by its own.
const WALL_MS: u64 = 1_700_000_000_000;

/// Shares of frames to which something happens on their way.
#[derive(Clone, Copy, Debug, Default)]
pub struct Net {
    /// Answers that are lost.
    pub lose: f64,
    /// Commands that are sent twice.
    pub resend: f64,
    /// Commands that are overtaken by the next.
    pub reorder: f64,
}

/// What an enrolled device keeps.
#[derive(Clone, Debug)]
pub struct Enrolled {
    device: String,
    generation: u64,
    key: String,
    token: String,
}

impl Enrolled {
    /// Enrols by a one-time code.
    ///
    /// # Errors
    /// What the server says.
    pub async fn by(address: SocketAddr, code: &str) -> Result<Self, Fault> {
        let mut call = Call::post("/devices/enrol", "", &json!({ "code": code }));
        call.key = None;
        let body = shop::must(&mut client::Client::new(address, ""), &call).await?;
        let text = |field: &str| body[field].as_str().unwrap_or_default().to_owned();
        let generation = body["generation"].as_u64().unwrap_or_default();
        Ok(Self { device: text("device"), generation, key: text("key"), token: text("token") })
    }
}

/// Who a peer is.
#[derive(Clone, Debug)]
pub enum Who {
    /// A scanner.
    Device(Enrolled),
    /// A console with an access token.
    Console(String),
}

/// One client.
pub struct Peer {
    who: Who,
    number: usize,
    machine: Machine,
    address: watch::Receiver<SocketAddr>,
    socket: Option<Socket>,
    random: StdRng,
    net: Net,
    /// A frame that the next one overtakes.
    held: Option<String>,
    /// Whether there is no network at all.
    down: bool,
    boots: u32,
    began: Instant,
    /// What the machine told, for whoever takes it.
    pub events: VecDeque<Event>,
    /// What came over the socket, checked apart from the machine.
    pub watch: Watch,
}

fn malformed(what: impl std::fmt::Display) -> Fault {
    format!("the harness made something malformed: {what}")
}

fn config(who: &Who, number: usize, answer_ms: u64) -> Result<Config, Fault> {
    let app = AppVersion::parse("1.0.0").map_err(malformed)?;
    let identity = match who {
        Who::Device(enrolled) => Identity::Device {
            device: DeviceId::parse(&enrolled.device).map_err(malformed)?,
            install: InstallId::parse("in_1").map_err(malformed)?,
            generation: Gen::new(enrolled.generation).map_err(malformed)?,
        },
        Who::Console(_) => Identity::Console { client: ClientId::parse(&format!("load_{number}")).map_err(malformed)? },
    };
    Ok(Config { answer_ms, ..Config::new(identity, app) })
}

fn machine(who: &Who, number: usize, answer_ms: u64, store: MemoryStore, seed: u64) -> Result<Machine, Fault> {
    let mut random = StdRng::seed_from_u64(seed);
    let random: Box<dyn FnMut() -> u64 + Send + Sync> = Box::new(move || random.random());
    let mut machine = Client::new(config(who, number, answer_ms)?, store, random).map_err(|_| malformed("a store"))?;
    let (Who::Device(Enrolled { token, .. }) | Who::Console(token)) = who;
    machine.set_token(0, Token::parse(token).map_err(malformed)?);
    Ok(machine)
}

/// Time for an answer where none is lost, in milliseconds.
const ANSWER_MS: u64 = 15_000;
/// The same where many are.
const ANSWER_BAD_MS: u64 = 400;

impl Peer {
    /// Not connected yet.
    ///
    /// # Errors
    /// When the harness gives it something no client may have.
    pub fn new(
        who: Who,
        number: usize,
        seed: u64,
        net: Net,
        address: watch::Receiver<SocketAddr>,
    ) -> Result<Self, Fault> {
        let answer_ms = if net.lose > 0.0 { ANSWER_BAD_MS } else { ANSWER_MS };
        Ok(Self {
            machine: machine(&who, number, answer_ms, MemoryStore::default(), seed)?,
            who,
            number,
            address,
            socket: None,
            random: StdRng::seed_from_u64(seed ^ 0x5EED),
            net,
            held: None,
            down: false,
            boots: 1,
            began: Instant::now(),
            events: VecDeque::new(),
            watch: Watch::default(),
        })
    }

    fn now(&self) -> u64 {
        u64::try_from(self.began.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    /// Connects, and stays connected.
    pub fn start(&mut self) {
        let now = self.now();
        self.machine.start(now);
    }

    /// Says farewell.
    pub fn stop(&mut self) {
        let now = self.now();
        self.machine.stop(now);
    }

    /// Whether it was greeted.
    pub fn is_live(&self) -> bool {
        self.machine.is_live()
    }

    /// Commands without an answer.
    pub fn unanswered(&self) -> usize {
        self.machine.unanswered()
    }

    /// The network goes away without a word, or comes back.
    pub fn set_down(&mut self, down: bool) {
        let now = self.now();
        self.down = down;
        if down {
            self.cut();
        } else {
            self.machine.wake(now);
        }
    }

    fn cut(&mut self) {
        (self.socket, self.held) = (None, None);
        let now = self.now();
        self.machine.closed(now, 1006);
    }

    /// The battery is taken out and put in again: what is stored stays, everything else is gone.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn reboot(&mut self) -> Result<(), Fault> {
        (self.socket, self.held) = (None, None);
        self.boots += 1;
        let seed = self.random.random();
        let answer_ms = if self.net.lose > 0.0 { ANSWER_BAD_MS } else { ANSWER_MS };
        let empty = machine(&self.who, self.number, answer_ms, MemoryStore::default(), seed)?;
        let store = std::mem::replace(&mut self.machine, empty).into_store();
        self.machine = machine(&self.who, self.number, answer_ms, store, seed)?;
        self.start();
        Ok(())
    }

    /// Wants a topic.
    ///
    /// # Errors
    /// When there is none of that name.
    pub fn subscribe(&mut self, name: &str) -> Result<(), Fault> {
        let (now, topic) = (self.now(), Topic::parse(name).map_err(malformed)?);
        self.machine.subscribe(now, topic, None, None).map_err(malformed)
    }

    /// The mirror of a topic.
    pub fn mirror(&self, name: &str) -> Option<&Mirror> {
        Topic::parse(name).ok().and_then(|topic| self.machine.mirror(&topic))
    }

    /// Stores a command of a device; its key.
    ///
    /// # Errors
    /// When the queue does not take it.
    pub fn record(&mut self, op: &str, a: &Value) -> Result<CmdKey, Fault> {
        let now = self.now();
        let key = CmdKey::from_parts(WALL_MS + now, self.random.random());
        let order = Order {
            key: key.clone(),
            op: Op::parse(op).map_err(malformed)?,
            rev: None,
            a: Payload::of(a).map_err(malformed)?,
        };
        let at = self.reading(now)?;
        self.machine.record(now, order, at).map_err(|unable| format!("{op}: {unable}"))?;
        Ok(key)
    }

    fn reading(&self, now: u64) -> Result<Reading, Fault> {
        Ok(Reading {
            wall_ms: Millis::new(WALL_MS + now).map_err(malformed)?,
            mono_ms: Millis::new(now).map_err(malformed)?,
            boot: BootId::parse(&format!("b{}", self.boots)).map_err(malformed)?,
        })
    }

    /// Runs until something holds; `false` if it does not within `limit`.
    ///
    /// # Errors
    /// When the harness itself fails.
    pub async fn until(&mut self, limit: Duration, mut done: impl FnMut(&mut Self) -> bool) -> Result<bool, Fault> {
        let deadline = Instant::now() + limit;
        loop {
            self.carry_out().await?;
            if done(self) {
                return Ok(true);
            }
            if Instant::now() >= deadline {
                return Ok(false);
            }
            self.turn(deadline).await;
        }
    }

    async fn carry_out(&mut self) -> Result<(), Fault> {
        while let Some(output) = self.machine.poll() {
            match output {
                Output::Connect => self.connect().await?,
                Output::Send(text) => self.send(text).await,
                Output::Close(_) => {
                    if let Some(mut socket) = self.socket.take() {
                        // The other side may be gone already.
                        let _ = tokio::time::timeout(PATIENCE, socket.close(None)).await;
                    }
                }
                Output::Event(Event::TokenNeeded) => self.renew().await?,
                Output::Event(event) => self.events.push_back(event),
            }
        }
        Ok(())
    }

    async fn connect(&mut self) -> Result<(), Fault> {
        let device = matches!(self.who, Who::Device(_));
        let address = *self.address.borrow();
        let opened = if self.down { None } else { open(address, self.number, device).await };
        let now = self.now();
        match opened {
            Some(socket) => {
                (self.socket, self.held) = (Some(socket), None);
                let at = self.reading(now)?;
                self.watch.connected();
                self.machine.opened(now, at);
            }
            None => self.machine.closed(now, 1006),
        }
        Ok(())
    }

    async fn send(&mut self, text: String) {
        let command = text.starts_with("{\"t\":\"cmd\"") || text.starts_with("{\"t\":\"batch\"");
        if command && self.held.is_none() && self.random.random_bool(self.net.reorder) {
            self.held = Some(text);
            return;
        }
        let twice = command && self.random.random_bool(self.net.resend);
        let again = twice.then(|| text.clone());
        for text in [Some(text), self.held.take(), again].into_iter().flatten() {
            self.put(text).await;
        }
    }

    async fn put(&mut self, text: String) {
        let Some(socket) = &mut self.socket else { return };
        // A socket that is gone is noticed when it is read.
        let sent = tokio::time::timeout(PATIENCE, socket.send(Message::text(text))).await;
        if sent.is_err() {
            self.cut();
        }
    }

    /// A fresh token for the device's key.
    async fn renew(&mut self) -> Result<(), Fault> {
        let Who::Device(enrolled) = &self.who else { return Err("a console's token was refused".into()) };
        let mut call = Call::post("/devices/token", "", &json!({ "key": enrolled.key }));
        call.key = None;
        for _ in 0..ROUNDS {
            let address = *self.address.borrow();
            let answer = client::Client::new(address, "").send(&call).await;
            if let Some(token) = answer.ok().and_then(|answer| answer.json()["token"].as_str().map(str::to_owned)) {
                let now = self.now();
                self.machine.set_token(now, Token::parse(&token).map_err(malformed)?);
                return Ok(());
            }
            // The server may be away just now.
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        Err("a device gets no token".into())
    }

    /// Waits for one thing to happen.
    async fn turn(&mut self, until: Instant) {
        let now = self.now();
        let wait = self.machine.deadline(now).map_or(PATIENCE, |at| Duration::from_millis(at.saturating_sub(now)));
        let wait = wait.min(until.saturating_duration_since(Instant::now())).max(Duration::from_millis(1));
        // What was to be overtaken goes at last if nothing comes behind it.
        let wait = if self.held.is_some() { wait.min(Duration::from_millis(5)) } else { wait };
        let next = async {
            match &mut self.socket {
                Some(socket) => socket.next().await,
                None => std::future::pending().await,
            }
        };
        let came = tokio::time::timeout(wait, next).await;
        let now = self.now();
        match came {
            Err(_) => {
                if let Some(text) = self.held.take() {
                    self.put(text).await;
                }
                self.machine.tick(now);
            }
            Ok(Some(Ok(Message::Text(text)))) => self.received(now, &text),
            Ok(Some(Ok(Message::Close(frame)))) => {
                self.socket = None;
                self.machine.closed(now, frame.map_or(1006, |frame| frame.code.into()));
            }
            Ok(Some(Ok(_))) => {}
            Ok(Some(Err(_)) | None) => self.cut(),
        }
    }

    fn received(&mut self, now: u64, text: &str) {
        let mut kept = Vec::new();
        for line in text.lines() {
            let lost = line.starts_with("{\"t\":\"ack\"") && self.random.random_bool(self.net.lose);
            if !lost {
                self.watch.frame(line);
                kept.push(line);
            }
        }
        if !kept.is_empty() {
            self.machine.received(now, kept.join("\n").as_bytes());
        }
    }
}

async fn open(address: SocketAddr, number: usize, device: bool) -> Option<Socket> {
    let socket = TcpSocket::new_v4().ok()?;
    // 28,000 ports for each source address.
    let host = 2 + u8::try_from(number / 20_000).ok()?;
    socket.bind(SocketAddr::new(IpAddr::V4(Ipv4Addr::new(127, 0, 0, host)), 0)).ok()?;
    let stream = tokio::time::timeout(PATIENCE, socket.connect(address)).await.ok()?.ok()?;
    stream.set_nodelay(true).ok()?;
    let path = if device { "device" } else { "console" };
    let mut request = format!("ws://{address}/ws/{path}").into_client_request().ok()?;
    request.headers_mut().insert("sec-websocket-protocol", HeaderValue::from_static("munshi.v1.json"));
    if !device {
        request.headers_mut().insert("origin", HeaderValue::from_static(ORIGIN));
    }
    let config = WebSocketConfig::default().read_buffer_size(4 * 1024).write_buffer_size(0);
    let upgraded = client_async_with_config(request, stream, Some(config));
    tokio::time::timeout(PATIENCE, upgraded).await.ok()?.ok().map(|(socket, _)| socket)
}
