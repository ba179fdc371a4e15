//! A scanner: the protocol's client state machine with a device's queue, over a real socket.

use std::time::{Duration, Instant};

use futures_util::{SinkExt, StreamExt};
use munshi_protocols::{
    SUBPROTOCOL,
    client::{Reading, Token},
    clientsm::{Client, Config, Event, Identity, MemoryStore, Order, Output},
    cmd::DeviceCmd,
    ids::{AppVersion, BootId, CmdKey, DeviceId, Gen, InstallId, Millis, Op},
    payload::Payload,
    server::{Answer, Status},
};
use serde_json::{Value, json};
use tokio_tungstenite::{
    connect_async,
    tungstenite::{Message, client::IntoClientRequest, http::HeaderValue},
};

use super::client::{LIMIT, Socket, key, seeded};
use crate::harness;

/// Opens a device's socket, without an origin.
pub async fn open(address: &str) -> Option<Socket> {
    let mut request = format!("ws://{address}/ws/device").into_client_request().expect("a request");
    request.headers_mut().insert("sec-websocket-protocol", HeaderValue::from_static(SUBPROTOCOL));
    connect_async(request).await.ok().map(|(socket, _)| socket)
}

/// What enrolling answered.
#[derive(Clone, Debug)]
pub struct Enrolled(pub Value);

impl Enrolled {
    /// Enrols by a one-time code.
    pub async fn by(address: &str, code: &str) -> Self {
        let (status, body) =
            harness::post(address, "/api/v1/devices/enrol", &json!({ "code": code }).to_string()).await;
        assert_eq!(status, 200, "{body}");
        Self(body)
    }

    pub fn text(&self, field: &str) -> &str {
        self.0[field].as_str().expect("a text")
    }

    fn identity(&self, install: &str) -> Identity {
        Identity::Device {
            device: DeviceId::parse(self.text("device")).expect("a device"),
            install: InstallId::parse(install).expect("an installation"),
            generation: Gen::new(self.0["generation"].as_u64().expect("a generation")).expect("a generation"),
        }
    }
}

/// A device that is switched on.
pub struct Scanner {
    pub address: String,
    enrolled: Enrolled,
    machine: Client<MemoryStore, Box<dyn FnMut() -> u64 + Send>>,
    socket: Option<Socket>,
    began: Instant,
    pub events: Vec<Event>,
    pub received: Vec<String>,
    pub closes: Vec<u16>,
}

impl Scanner {
    pub fn new(address: &str, enrolled: &Enrolled, install: &str, store: MemoryStore) -> Self {
        let config = Config::new(enrolled.identity(install), AppVersion::parse("1.0.0").expect("a version"));
        let mut machine = Client::new(config, store, seeded(7)).expect("a store");
        machine.set_token(0, Token::parse(enrolled.text("token")).expect("a token"));
        Self {
            address: address.to_owned(),
            enrolled: enrolled.clone(),
            machine,
            socket: None,
            began: Instant::now(),
            events: vec![],
            received: vec![],
            closes: vec![],
        }
    }

    /// Enrolled, switched on and connected.
    pub async fn live(address: &str, enrolled: &Enrolled, install: &str) -> Self {
        let mut scanner = Self::new(address, enrolled, install, MemoryStore::default());
        scanner.start();
        scanner.until("live", Self::is_live).await;
        scanner
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

    pub fn is_live(&self) -> bool {
        self.machine.is_live()
    }

    pub fn unanswered(&self) -> usize {
        self.machine.unanswered()
    }

    /// Cuts the connection without a word.
    pub fn cut(&mut self) {
        self.socket = None;
        let now = self.now();
        self.machine.closed(now, 1006);
    }

    /// Switches the device off and gives back what it has stored.
    pub fn off(self) -> MemoryStore {
        self.machine.into_store()
    }

    /// Takes an operation into the queue, whatever it is.
    pub fn record(&mut self, op: &str, a: &Value) -> CmdKey {
        let (now, key) = (self.now(), key());
        let order = Order {
            key: key.clone(),
            op: Op::parse(op).expect("an operation"),
            rev: None,
            a: Payload::of(a).expect("arguments"),
        };
        let _ = self.machine.record(now, order, reading(now)).expect("room in the queue");
        key
    }

    /// The answer to a command.
    pub async fn answer(&mut self, key: &CmdKey) -> Answer {
        let wanted = key.clone();
        let settled = move |event: &Event| match event {
            Event::Settled { key, answer } if *key == wanted => Some((**answer).clone()),
            _ => None,
        };
        self.until("an answer", |scanner| scanner.events.iter().any(|event| settled(event).is_some())).await;
        self.events.iter().find_map(settled).expect("just seen")
    }

    /// Does an operation that has to be known and waits for its answer.
    pub async fn does(&mut self, op: &str, a: Value) -> Answer {
        let known = DeviceCmd::read(op, &Payload::of(&a).expect("arguments"));
        assert!(known.is_ok(), "{op} {a}: {known:?}");
        let key = self.record(op, &a);
        self.answer(&key).await
    }

    /// As [`Scanner::does`], for what must go through; answers the screen.
    #[track_caller]
    pub fn ok<'a>(&'a mut self, op: &'a str, a: Value) -> impl Future<Output = Value> + 'a {
        let caller = std::panic::Location::caller();
        async move {
            let shown = a.to_string();
            let answer = self.does(op, a).await;
            assert!(matches!(answer.st, Status::Applied), "{caller}: {op} {shown}: {answer:?}");
            answer.out.expect("a screen").parse().expect("a screen")
        }
    }

    pub async fn scan(&mut self, raw: &str) -> Value {
        self.ok("scan", json!({ "raw": raw })).await
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
                let late = Instant::now() >= deadline;
                assert!(!late, "{caller}: no {what}; told {:?}, closed {:?}", self.events, self.closes);
                self.turn(deadline).await;
            }
        }
    }

    async fn carry_out(&mut self) {
        while let Some(output) = self.machine.poll() {
            match output {
                Output::Connect => {
                    let opened = open(&self.address).await;
                    let now = self.now();
                    match opened {
                        Some(socket) => {
                            self.socket = Some(socket);
                            self.machine.opened(now, reading(now));
                        }
                        None => self.machine.closed(now, 1006),
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
                Output::Event(Event::TokenNeeded) => self.renew().await,
                Output::Event(event) => self.events.push(event),
            }
        }
    }

    /// A fresh token for its key, as after a restart of a server without a key of its own.
    async fn renew(&mut self) {
        let body = json!({ "key": self.enrolled.text("key") }).to_string();
        let (status, answer) = harness::post(&self.address, "/api/v1/devices/token", &body).await;
        assert_eq!(status, 200, "{answer}");
        let now = self.now();
        self.machine.set_token(now, Token::parse(answer["token"].as_str().expect("a token")).expect("a token"));
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

/// The clocks of a device whose wall clock is far off.
pub fn reading(now: u64) -> Reading {
    let millis = |ms| Millis::new(ms).expect("a time");
    Reading { wall_ms: millis(now), mono_ms: millis(now), boot: BootId::parse("b").expect("an id") }
}
