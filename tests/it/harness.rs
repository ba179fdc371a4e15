//! A server per test, a small HTTP client, and a shop to test with.

use std::{
    collections::BTreeMap,
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicI64, AtomicU64, Ordering},
    },
};

use http_body_util::{BodyExt, Full};
use hyper::{Request, StatusCode, body::Bytes, header};
use hyper_util::rt::TokioIo;
use munshi::{auth::token, config::Config, server, services};
use munshi_actors::{Clock, node::Meta};
use munshi_domain::{
    UserId,
    user::{Role, SecretHash, TokenPair, User, UserCommand},
};
use munshi_store::{Store, memory::MemoryStore};
use serde_json::{Value, json};

/// Begin of time in tests, in milliseconds.
pub const START: i64 = 1_800_000_000_000;

/// One answer.
#[derive(Clone, Debug)]
pub struct Reply {
    pub status: StatusCode,
    pub headers: BTreeMap<String, String>,
    pub bytes: Bytes,
}

impl Reply {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.bytes).unwrap_or(Value::Null)
    }

    pub fn code(&self) -> String {
        self.json()["code"].as_str().unwrap_or_default().to_owned()
    }

    #[track_caller]
    pub fn ok(self) -> Value {
        assert!(self.status.is_success(), "{} {}", self.status, String::from_utf8_lossy(&self.bytes));
        self.json()
    }

    /// Checks that it is a well-formed problem with this status and code.
    #[track_caller]
    pub fn problem(&self, status: u16, code: &str) -> Value {
        let body = self.json();
        let text = String::from_utf8_lossy(&self.bytes);
        assert_eq!((self.status.as_u16(), self.code().as_str()), (status, code), "{text}");
        assert_eq!(self.headers.get("content-type").map(String::as_str), Some("application/problem+json"));
        assert_eq!(body["type"], format!("urn:munshi:problem:{code}"));
        assert_eq!(body["status"], status);
        assert!(munshi::problem::CODES.iter().any(|row| row.code == code), "{code} is not documented");
        body
    }
}

/// One request under construction.
pub struct Call<'a> {
    server: &'a TestServer,
    method: &'static str,
    path: String,
    headers: Vec<(String, String)>,
    body: Bytes,
}

impl Call<'_> {
    pub fn token(self, token: &str) -> Self {
        self.header("authorization", format!("Bearer {token}"))
    }

    pub fn header(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.retain(|(known, _)| known != name);
        self.headers.push((name.to_owned(), value.into()));
        self
    }

    pub fn without(mut self, name: &str) -> Self {
        self.headers.retain(|(known, _)| known != name);
        self
    }

    pub fn key(self, key: &str) -> Self {
        self.header("idempotency-key", key)
    }

    pub fn json(self, body: &Value) -> Self {
        self.raw(body.to_string())
    }

    pub fn raw(self, body: impl Into<Bytes>) -> Self {
        self.file("application/json", body)
    }

    /// A body of this media type.
    pub fn file(mut self, kind: &str, body: impl Into<Bytes>) -> Self {
        self.body = body.into();
        self.header("content-type", kind)
    }

    pub async fn send(self) -> Reply {
        let mut request = Request::builder().method(self.method).uri(&self.path);
        if !self.headers.iter().any(|(name, _)| name == "host") {
            request = request.header(header::HOST, "localhost");
        }
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        exchange(&self.server.address.to_string(), request.body(Full::new(self.body)).expect("a request")).await
    }
}

/// One request on a connection of its own.
pub async fn exchange(address: &str, request: Request<Full<Bytes>>) -> Reply {
    let stream = tokio::net::TcpStream::connect(address).await.expect("the server listens");
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.expect("http");
    let driver = tokio::spawn(connection);
    let response = sender.send_request(request).await.expect("an answer");
    let (parts, body) = response.into_parts();
    let bytes = body.collect().await.expect("a whole answer").to_bytes();
    drop(sender);
    driver.abort();
    let headers = parts.headers.iter();
    let headers = headers.map(|(name, value)| (name.to_string(), value.to_str().unwrap_or_default().to_owned()));
    Reply { status: parts.status, headers: headers.collect(), bytes }
}

/// A JSON request to a server in another process: status and body.
pub async fn post(address: &str, path: &str, body: &str) -> (u16, Value) {
    let request =
        Request::post(path).header(header::HOST, "localhost").header(header::CONTENT_TYPE, "application/json");
    let request = request.body(Full::new(Bytes::from(body.to_owned()))).expect("a request");
    let reply = exchange(address, request).await;
    (reply.status.as_u16(), reply.json())
}

/// A running server with one user per role.
pub struct TestServer {
    pub address: SocketAddr,
    running: Option<server::Running>,
    config: Config,
    store: Arc<MemoryStore>,
    now: Arc<AtomicI64>,
    keys: AtomicU64,
    tokens: BTreeMap<Role, (UserId, String)>,
    stopped: bool,
}

impl Drop for TestServer {
    fn drop(&mut self) {
        assert!(self.stopped || std::thread::panicking(), "the server was not shut down");
    }
}

fn config() -> Config {
    let mut config = Config::default();
    config.server.listen = SocketAddr::from(([127, 0, 0, 1], 0));
    // Of its own, and made only by who keeps files: what lies in a directory of the repository is nobody's business here.
    config.data.dir = std::env::temp_dir().join(format!("munshi-test-{}", token::hex_of(&token::random::<8>())));
    config
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime")
}

/// Runs a test against a fresh server and shuts the server down.
pub fn run(test: impl AsyncFnOnce(&TestServer)) {
    run_with(|_| {}, test);
}

/// The same with other settings.
pub fn run_with(settings: impl FnOnce(&mut Config), test: impl AsyncFnOnce(&TestServer)) {
    let mut config = config();
    settings(&mut config);
    runtime().block_on(async {
        let mut server = TestServer::start(config).await;
        test(&server).await;
        server.stop().await;
        nothing_runs().await;
    });
}

/// Waits until no task of the test's runtime is left, and with the tasks no socket and no timer.
async fn nothing_runs() {
    let metrics = tokio::runtime::Handle::current().metrics();
    let deadline = std::time::Instant::now() + std::time::Duration::from_secs(10);
    while metrics.num_alive_tasks() > 0 {
        let left = metrics.num_alive_tasks();
        assert!(std::time::Instant::now() < deadline, "{left} tasks are left after the server stopped");
        tokio::time::sleep(std::time::Duration::from_millis(1)).await;
    }
}

/// Runs a test against a fresh server, stops that, and goes on against another one over the same store.
pub fn run_twice<T>(before: impl AsyncFnOnce(&TestServer) -> T, after: impl AsyncFnOnce(&TestServer, T)) {
    run_twice_with(|_| {}, before, after);
}

/// The same with other settings.
pub fn run_twice_with<T>(
    settings: impl FnOnce(&mut Config),
    before: impl AsyncFnOnce(&TestServer) -> T,
    after: impl AsyncFnOnce(&TestServer, T),
) {
    let mut config = config();
    settings(&mut config);
    runtime().block_on(async {
        let mut server = TestServer::start(config).await;
        let kept = before(&server).await;
        server.restart().await;
        after(&server, kept).await;
        server.stop().await;
        nothing_runs().await;
    });
}

/// Runs a test in several lives of one server, told which.
pub fn run_rounds(rounds: usize, mut test: impl AsyncFnMut(&TestServer, usize)) {
    runtime().block_on(async {
        let mut server = TestServer::start(config()).await;
        for round in 0..rounds {
            if round > 0 {
                server.restart().await;
            }
            test(&server, round).await;
        }
        server.stop().await;
    });
}

async fn boot(config: Config, store: &Arc<MemoryStore>, now: &Arc<AtomicI64>) -> server::Running {
    let read = now.clone();
    let clock = Clock::from_fn(move || read.load(Ordering::Acquire));
    let shared: Arc<dyn Store> = store.clone();
    server::start_at(config, shared, clock).await.expect("the server starts")
}

impl TestServer {
    async fn start(config: Config) -> Self {
        let now = Arc::new(AtomicI64::new(START));
        let store = Arc::new(MemoryStore::default());
        let running = boot(config.clone(), &store, &now).await;
        let mut server = Self {
            address: running.address,
            running: Some(running),
            config,
            store,
            now,
            keys: AtomicU64::new(0),
            tokens: BTreeMap::new(),
            stopped: false,
        };
        for role in Role::ALL {
            let made = server.user(role).await;
            server.tokens.insert(role, made);
        }
        server
    }

    pub fn app(&self) -> &munshi::app::App {
        self.running().app()
    }

    /// The store's script of faults.
    pub fn faults(&self) -> &munshi_store::memory::Faults {
        self.store.faults()
    }

    /// The server itself.
    pub fn running(&self) -> &server::Running {
        self.running.as_ref().expect("runs until stopped")
    }

    /// Stops, and starts again over what is on its disk.
    async fn restart(&mut self) {
        self.stop().await;
        self.store = Arc::new(self.store.crash());
        let running = boot(self.config.clone(), &self.store, &self.now).await;
        (self.address, self.running, self.stopped) = (running.address, Some(running), false);
    }

    async fn stop(&mut self) {
        let running = self.running.take().expect("stopped once");
        let app = running.app().clone();
        running.stop().await.expect("an orderly end");
        assert_eq!(app.busy(), 0, "requests were left over");
        assert!(tokio::net::TcpStream::connect(self.address).await.is_err(), "the port is still open");
        self.stopped = true;
    }

    /// Lets time pass.
    pub fn advance(&self, seconds: i64) {
        self.now.fetch_add(seconds * 1_000, Ordering::AcqRel);
    }

    /// A key nobody used.
    pub fn fresh_key(&self) -> String {
        format!("key-{}", self.keys.fetch_add(1, Ordering::Relaxed))
    }

    /// A user with one role and a session, without the cost of a password.
    pub async fn user(&self, role: Role) -> (UserId, String) {
        let node = self.app().node();
        let id = UserId::from_u128(u128::from_be_bytes(token::random()));
        let new = services::user::NewUser {
            id,
            email: format!("{}-{id}@demo.munshi.pk", role.name().replace('_', "-")),
            name: role.name().to_owned(),
            roles: vec![role],
            password_hash: SecretHash::new("none"),
        };
        services::user::create(node, new, Meta::system("test", format!("user:{id}")), |_, _| ()).await.expect("a user");
        (id, self.session(id).await)
    }

    /// Another session of a user.
    pub async fn session(&self, user: UserId) -> String {
        let node = self.app().node();
        let session = token::session_id();
        let access = token::issue(token::ACCESS, user, session);
        let tokens = TokenPair {
            access_hash: SecretHash::new(token::hash(&access)),
            refresh_hash: SecretHash::new(token::hash("none")),
            access_expires: node.now().plus_seconds(86_400),
            refresh_expires: node.now().plus_seconds(864_000),
        };
        let command = UserCommand::OpenSession { session, tokens };
        let meta = Meta::system("test", format!("session:{session}"));
        node.execute::<User, _>(&user.to_string(), command, meta, |_, _| ()).await.expect("a session");
        access
    }

    pub fn token(&self, role: Role) -> &str {
        &self.tokens[&role].1
    }

    pub fn id(&self, role: Role) -> UserId {
        self.tokens[&role].0
    }

    /// A request by a role, with a fresh key if it changes something.
    pub fn by(&self, role: Role, method: &'static str, path: &str) -> Call<'_> {
        self.open(method, path).token(self.token(role))
    }

    /// A request with the token of a tracking link.
    pub fn tracking(&self, token: &str, method: &'static str, path: &str) -> Call<'_> {
        self.open(method, path).header("authorization", format!("Track {token}"))
    }

    /// A request by nobody.
    pub fn open(&self, method: &'static str, path: &str) -> Call<'_> {
        let path = if path.starts_with("//") { path[1..].to_owned() } else { format!("/api/v1{path}") };
        let call = Call { server: self, method, path, headers: vec![], body: Bytes::new() };
        if method == "GET" { call } else { call.key(&self.fresh_key()) }
    }

    pub async fn get(&self, path: &str) -> Value {
        self.by(Role::Admin, "GET", path).send().await.ok()
    }

    pub async fn post(&self, path: &str, body: &Value) -> Value {
        self.by(Role::Admin, "POST", path).json(body).send().await.ok()
    }

    /// Last durable journal position.
    pub fn head(&self) -> u64 {
        self.app().node().status().head
    }

    /// Waits until processes are done and lists are up to date.
    pub async fn rest(&self) {
        assert!(self.app().node().at_rest(std::time::Duration::from_secs(20)).await, "the node does not come to rest");
    }

    /// A warehouse, two products with stock, a customer; answers the customer's id.
    pub async fn shop(&self) -> String {
        self.post("/warehouses", &json!({"code": "KHI-1", "name": "SITE", "address": address()})).await;
        for (sku, price, units) in [("KURTA-M", "1500.00", 10), ("DUPATTA", "800.50", 100)] {
            let details =
                json!({"title": sku, "price": {"amount": price, "currency": "PKR"}, "barcode": format!("89{sku}")});
            self.post("/products", &json!({"sku": sku, "details": details})).await;
            let path = format!("/warehouses/KHI-1/stock/{sku}/receive");
            self.post(&path, &json!({"quantity": units, "reference": "opening"})).await;
        }
        let customer = json!({"name": "Ayesha Khan", "phones": ["0300 1234567"], "emails": ["ayesha@example.pk"]});
        let made = self.post("/customers", &customer).await;
        self.rest().await;
        made["id"].as_str().expect("an id").to_owned()
    }
}

pub fn address() -> Value {
    json!({"line1": "12-C, Street 4", "city": "Karachi"})
}

/// An order of one line.
pub fn order(customer: &str, sku: &str, quantity: i64) -> Value {
    json!({
        "customer_id": customer,
        "payment_method": "cod",
        "shipping_address": address(),
        "lines": [{"sku": sku, "quantity": quantity}],
    })
}

/// `body` with one more field, or another value of it.
pub fn with(mut body: Value, field: &str, value: Value) -> Value {
    body[field] = value;
    body
}
