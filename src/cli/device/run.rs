//! The simulated scanner at work: lines come in, frames go out, screens are printed.

use std::time::{Duration, Instant};

use futures_util::{SinkExt, StreamExt};
use munshi_actors::Clock;
use munshi_protocols::{
    SUBPROTOCOL,
    client::{Reading, Token},
    clientsm::{Client, Config, Event, Order, Output, StopReason},
    cmd::DeviceCmd,
    devices::{DeviceKey, DeviceToken},
    ids::{AppVersion, BootId, CmdKey, Millis},
    topic::Topic,
};
use tokio::{net::TcpStream, sync::mpsc};
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, connect_async,
    tungstenite::{Message, client::IntoClientRequest, http::HeaderValue},
};

use super::{http, input, show, state::FileStore};
use crate::{auth::token, cli::Stop};

/// How long `quit` waits for what is not answered; it stays in the file.
const FAREWELL: Duration = Duration::from_secs(10);
/// Longest look away.
const LOOK: Duration = Duration::from_secs(5);
/// A connection that ended without a close frame (RFC 6455 §7.4.1).
const LOST: u16 = 1006;

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

struct Scanner {
    address: String,
    key: String,
    machine: Client<FileStore, fn() -> u64>,
    socket: Option<Socket>,
    began: Instant,
    boot: BootId,
    renew_at: Instant,
    quit_at: Option<Instant>,
}

/// What came first.
enum Came {
    Line(Option<String>),
    Message(Option<Result<Message, tokio_tungstenite::tungstenite::Error>>),
    Time,
}

/// Scans until `quit` or the end of input.
pub async fn scan(store: FileStore) -> Result<(), Stop> {
    let device = &store.device;
    println!("{} of {}, at {}; `help` lists what can be typed", device.device, device.warehouse, device.server);
    let failed = |error: &dyn std::fmt::Display| Stop::Failed(error.to_string());
    let app = AppVersion::parse(env!("CARGO_PKG_VERSION")).map_err(|error| failed(&error))?;
    let boot = BootId::parse(&format!("b_{}", token::hex_of(&token::random::<8>()))).map_err(|error| failed(&error))?;
    let (address, key, config) = (device.server.clone(), device.key.clone(), Config::new(device.identity()?, app));
    let inbox = Topic::parse(&format!("device.{}.inbox", device.device)).map_err(|error| failed(&error))?;
    let mut machine = Client::new(config, store, rand::random::<u64> as fn() -> u64)
        .map_err(|_| Stop::Failed("the device's file cannot be read".into()))?;
    machine.subscribe(0, inbox, None, None).map_err(|error| failed(&error))?;
    let now = Instant::now();
    let mut scanner = Scanner { address, key, machine, socket: None, began: now, boot, renew_at: now, quit_at: None };
    let mut lines = lines();
    scanner.machine.start(0);
    loop {
        scanner.carry_out().await?;
        if let Some(quit_at) = scanner.quit_at {
            let left = scanner.machine.unanswered();
            if left == 0 || Instant::now() >= quit_at {
                if left > 0 {
                    println!("{left} not answered yet; they are kept and sent the next time");
                }
                let now = scanner.now();
                scanner.machine.stop(now);
                return scanner.carry_out().await;
            }
        }
        scanner.turn(&mut lines).await;
    }
}

/// Lines of standard input. A thread of its own reads them: a terminal cannot be waited for otherwise.
fn lines() -> mpsc::Receiver<String> {
    let (lines, received) = mpsc::channel(64);
    std::thread::spawn(move || {
        for line in std::io::stdin().lines() {
            let Ok(line) = line else { return };
            if lines.blocking_send(line).is_err() {
                return;
            }
        }
    });
    received
}

impl Scanner {
    fn now(&self) -> u64 {
        u64::try_from(self.began.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    fn clock(&self) -> Reading {
        let wall = u128::try_from(Clock::system().now().as_millis()).unwrap_or_default();
        let millis = |ms: u128| u64::try_from(ms).ok().and_then(|ms| Millis::new(ms).ok()).unwrap_or(Millis::ZERO);
        let (wall_ms, mono_ms) = (millis(wall), millis(self.began.elapsed().as_millis()));
        Reading { wall_ms, mono_ms, boot: self.boot.clone() }
    }

    async fn carry_out(&mut self) -> Result<(), Stop> {
        if self.machine.is_live() && Instant::now() >= self.renew_at {
            self.renew().await;
        }
        while let Some(output) = self.machine.poll() {
            match output {
                Output::Connect => {
                    let opened = open(&self.address).await;
                    let (now, clock) = (self.now(), self.clock());
                    match opened {
                        Some(socket) => {
                            self.socket = Some(socket);
                            self.machine.opened(now, clock);
                        }
                        None => self.machine.closed(now, LOST),
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
                Output::Event(event) => self.event(event).await?,
            }
        }
        Ok(())
    }

    async fn event(&mut self, event: Event) -> Result<(), Stop> {
        match event {
            Event::TokenNeeded => self.renew().await,
            Event::Connected { .. } => println!("-- connected"),
            Event::Disconnected => println!("-- no connection; what is scanned is kept"),
            Event::Settled { answer, .. } => print!("{}", show::answer(&answer)),
            Event::NotTaken { cmd, .. } if cmd.op.as_str() == "sign_on" => {
                println!(
                    "*stop* the sign-on was not answered before, and its PIN is kept nowhere: say `on BADGE PIN` again"
                );
            }
            Event::NotTaken { code, .. } => println!("*stop* the server cannot read this ({code:?}); it was put aside"),
            Event::Unanswered(_) => {}
            Event::Rebased(seq) => println!("-- numbered anew from {}", seq.get()),
            Event::IdentityAlarm => return Err(Stop::Failed("another device uses this identity; enrol again".into())),
            Event::StoreFailed => println!("*stop* the device's file cannot be written"),
            Event::Error(code) => println!("-- refused ({code:?})"),
            Event::Stopped(StopReason::Asked) => {}
            Event::Stopped(StopReason::Closed(code)) => {
                return Err(Stop::Failed(format!("the server closed the connection for good ({code})")));
            }
            Event::Stopped(StopReason::Refused(code)) => {
                return Err(Stop::Failed(format!("the server does not let this device in ({})", code.as_str())));
            }
            Event::Items(topic, items) => {
                items.iter().for_each(|item| print!("{}", show::notice(item)));
                // It is on the screen: that is all there is to see to it.
                if let Some(last) = items.last() {
                    self.machine.seen(&topic, last.off);
                }
            }
            Event::Changed(_) | Event::Refused(..) | Event::MirrorMismatch(_) => {}
        }
        Ok(())
    }

    /// Gets a token. Without an answer it is tried again in a while.
    async fn renew(&mut self) {
        let body = DeviceKey { key: self.key.clone() };
        match http::post::<_, DeviceToken>(&self.address, "/api/v1/devices/token", &body).await {
            Ok(DeviceToken { token, expires_in }) => {
                // Before it ends, so that the connection need not.
                self.renew_at = Instant::now() + Duration::from_secs(expires_in * 3 / 4);
                if let Ok(token) = Token::parse(&token) {
                    let now = self.now();
                    self.machine.set_token(now, token);
                }
            }
            Err(stop) => {
                println!("-- {}", stop.report().0);
                self.renew_at = Instant::now() + LOOK;
            }
        }
    }

    async fn turn(&mut self, lines: &mut mpsc::Receiver<String>) {
        let now = self.now();
        let wait = self.machine.deadline(now).map_or(LOOK, |at| Duration::from_millis(at.saturating_sub(now)));
        let wait = wait.clamp(Duration::from_millis(1), LOOK);
        let asked = self.quit_at.is_some();
        let came = {
            let socket = &mut self.socket;
            let message = async {
                match socket {
                    Some(socket) => socket.next().await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                line = lines.recv(), if !asked => Came::Line(line),
                message = message => Came::Message(message),
                () = tokio::time::sleep(wait) => Came::Time,
            }
        };
        let now = self.now();
        match came {
            Came::Line(line) => self.line(line.as_deref().unwrap_or("quit")),
            Came::Time if self.machine.deadline(now).is_none() && Instant::now() >= self.renew_at => self.renew().await,
            Came::Time => self.machine.tick(now),
            Came::Message(Some(Ok(Message::Text(text)))) => self.machine.received(now, text.as_bytes()),
            Came::Message(Some(Ok(Message::Close(frame)))) => {
                self.socket = None;
                self.machine.closed(now, frame.map_or(LOST, |frame| frame.code.into()));
            }
            Came::Message(Some(Ok(_))) => {}
            Came::Message(Some(Err(_)) | None) => {
                self.socket = None;
                self.machine.closed(now, LOST);
            }
        }
    }

    fn line(&mut self, line: &str) {
        match input::read(line) {
            Ok(input::Typed::Do(cmd)) => self.take(&cmd),
            Ok(input::Typed::Help) => println!("{}", input::HELP),
            Ok(input::Typed::Quit) => self.quit_at = Some(Instant::now() + FAREWELL),
            Ok(input::Typed::Empty) => {}
            Err(why) => println!("*stop* {why}"),
        }
    }

    /// Stores a command, then it may be sent.
    fn take(&mut self, cmd: &DeviceCmd) {
        let key = CmdKey::parse(&uuid::Uuid::now_v7().to_string());
        let (Ok((op, a)), Ok(key)) = (cmd.write(), key) else {
            return println!("*stop* this cannot be said");
        };
        let (now, clock) = (self.now(), self.clock());
        if let Err(why) = self.machine.record(now, Order { key, op, rev: None, a }, clock) {
            println!("*stop* {why}");
        }
    }
}

async fn open(address: &str) -> Option<Socket> {
    let mut request = format!("ws://{address}/ws/device").into_client_request().ok()?;
    request.headers_mut().insert("sec-websocket-protocol", HeaderValue::from_static(SUBPROTOCOL));
    connect_async(request).await.ok().map(|(socket, _)| socket)
}
