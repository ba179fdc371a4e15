//! A scanner: the protocol's client state machine with a device's queue, over a real socket.

use munshi_protocols::{
    SUBPROTOCOL,
    clientsm::{Config, Identity, MemoryStore, Order},
    cmd::DeviceCmd,
    ids::{AppVersion, CmdKey, DeviceId, Gen, InstallId, Op},
    payload::Payload,
    server::{Answer, Status},
};
use serde_json::{Value, json};
use tokio_tungstenite::{
    connect_async,
    tungstenite::{client::IntoClientRequest, http::HeaderValue},
};

use super::pump::{self, Dial, Pump, Socket, key, reading};
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

/// Where a device connects to, and with what.
pub struct ToDevice {
    pub address: String,
    enrolled: Enrolled,
}

impl Dial for ToDevice {
    async fn dial(&self) -> Option<Socket> {
        open(&self.address).await
    }

    /// For its key, as after a restart of a server without a key of its own.
    async fn renew(&self) -> Option<String> {
        let body = json!({ "key": self.enrolled.text("key") }).to_string();
        let (status, answer) = harness::post(&self.address, "/api/v1/devices/token", &body).await;
        assert_eq!(status, 200, "{answer}");
        answer["token"].as_str().map(str::to_owned)
    }
}

/// A device that is switched on.
pub struct Scanner(Pump<ToDevice>);

impl std::ops::Deref for Scanner {
    type Target = Pump<ToDevice>;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl std::ops::DerefMut for Scanner {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.0
    }
}

impl Scanner {
    pub fn new(address: &str, enrolled: &Enrolled, install: &str, store: MemoryStore) -> Self {
        let config = Config::new(enrolled.identity(install), AppVersion::parse("1.0.0").expect("a version"));
        let dial = ToDevice { address: address.to_owned(), enrolled: enrolled.clone() };
        Self(Pump::new(dial, config, store, enrolled.text("token"), super::seed().wrapping_add(7)))
    }

    /// Enrolled, switched on and connected.
    pub async fn live(address: &str, enrolled: &Enrolled, install: &str) -> Self {
        let mut scanner = Self::new(address, enrolled, install, MemoryStore::default());
        scanner.start();
        scanner.until("live", Self::is_live).await;
        scanner
    }

    pub fn is_live(&self) -> bool {
        self.machine.is_live()
    }

    pub fn unanswered(&self) -> usize {
        self.machine.unanswered()
    }

    /// Switches the device off and gives back what it has stored.
    pub fn off(self) -> MemoryStore {
        self.0.machine.into_store()
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
        self.until("an answer", |scanner| scanner.settled(key).is_some()).await;
        self.settled(key).expect("just seen")
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

    /// Runs until something holds.
    #[track_caller]
    pub fn until<'a>(&'a mut self, what: &'a str, done: impl Fn(&Self) -> bool + 'a) -> impl Future<Output = ()> + 'a {
        let caller = std::panic::Location::caller();
        pump::until(caller, self, what, done)
    }
}
