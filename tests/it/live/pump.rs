//! The protocol's client state machine over a real socket, for consoles and scanners alike: carries out what the machine
//! asks for, feeds it what comes, and keeps everything it was told.

use std::time::{Duration, Instant};

use futures_util::{SinkExt, StreamExt};
use munshi_protocols::{
    client::{Reading, Token},
    clientsm::{Client, Config, Event, MemoryStore, Output},
    ids::{BootId, CmdKey, Millis},
    server::Answer,
};
use tokio::net::TcpStream;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, tungstenite::Message};

/// How long anything is waited for.
pub const LIMIT: Duration = Duration::from_secs(10);

pub type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;
pub type Machine = Client<MemoryStore, Box<dyn FnMut() -> u64 + Send>>;

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

/// A key nobody used.
pub fn key() -> CmdKey {
    CmdKey::parse(&uuid::Uuid::now_v7().to_string()).expect("a key")
}

/// The clocks of a client whose wall clock is far off.
pub fn reading(now: u64) -> Reading {
    let millis = |ms| Millis::new(ms).expect("a time");
    Reading { wall_ms: millis(now), mono_ms: millis(now), boot: BootId::parse("b").expect("an id") }
}

/// Where a machine's wishes that differ between consoles and scanners are carried out.
pub trait Dial {
    /// Opens a socket; nothing if that fails.
    fn dial(&self) -> impl Future<Output = Option<Socket>>;

    /// A fresh token, where one can be had.
    fn renew(&self) -> impl Future<Output = Option<String>>;
}

/// A machine, its socket, and what it told.
pub struct Pump<D> {
    pub dial: D,
    pub machine: Machine,
    socket: Option<Socket>,
    began: Instant,
    /// Everything it was told, in order.
    pub events: Vec<Event>,
    /// Text messages received.
    pub received: Vec<String>,
    /// Close codes received, 1006 where there was none.
    pub closes: Vec<u16>,
    pub connects: usize,
}

impl<D: Dial> Pump<D> {
    /// Not connected yet.
    pub fn new(dial: D, config: Config, store: MemoryStore, token: &str, seed: u64) -> Self {
        let mut machine = Client::new(config, store, seeded(seed)).expect("a store that can be read");
        machine.set_token(0, Token::parse(token).expect("a token"));
        let began = Instant::now();
        Self { dial, machine, socket: None, began, events: vec![], received: vec![], closes: vec![], connects: 0 }
    }

    pub fn now(&self) -> u64 {
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

    /// Cuts the connection without a word, as a dead network does.
    pub fn cut(&mut self) {
        self.socket = None;
        let now = self.now();
        self.machine.closed(now, 1006);
    }

    /// The answer to a command, if it came.
    pub fn settled(&self, wanted: &CmdKey) -> Option<Answer> {
        self.events.iter().find_map(|event| match event {
            Event::Settled { key, answer } if key == wanted => Some((**answer).clone()),
            _ => None,
        })
    }

    pub fn told(&self, wanted: impl Fn(&Event) -> bool) -> usize {
        self.events.iter().filter(|event| wanted(event)).count()
    }

    pub async fn carry_out(&mut self) {
        while let Some(output) = self.machine.poll() {
            match output {
                Output::Connect => {
                    self.connects += 1;
                    let opened = self.dial.dial().await;
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
                Output::Event(Event::TokenNeeded) => match self.dial.renew().await {
                    Some(token) => self.set_token(&token),
                    None => self.events.push(Event::TokenNeeded),
                },
                Output::Event(event) => self.events.push(event),
            }
        }
    }

    /// Waits for one thing to happen.
    pub async fn turn(&mut self, until: Instant) {
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

/// Runs a client until something holds; it is a `DerefMut` to a [`Pump`], so that `done` sees the whole of it.
pub async fn until<D: Dial, C: std::ops::DerefMut<Target = Pump<D>>>(
    caller: &std::panic::Location<'_>,
    client: &mut C,
    what: &str,
    done: impl Fn(&C) -> bool,
) {
    let deadline = Instant::now() + LIMIT;
    loop {
        client.carry_out().await;
        if done(client) {
            return;
        }
        let late = Instant::now() >= deadline;
        assert!(!late, "{caller}: no {what}; told {:?}, closed {:?}", client.events, client.closes);
        client.turn(deadline).await;
    }
}
