//! The contract suite over `ws://`, with a real database server as a child process.
//!
//! Set `MUNSHI_TEST_SURREAL_BIN` to a server binary (`store/test-server` builds one); without it these tests say
//! so and pass, because a newcomer should not have to build a database server.

use std::{
    net::{TcpListener, TcpStream},
    process::{Child, Command, Stdio},
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::{Duration, Instant},
};

use munshi_store::{
    CommitError, Store, contract,
    surreal::{Options, SurrealStore},
};
use tokio::sync::Mutex;

const PASSWORD: &str = "contract";

/// A server that ends with the test.
struct Server {
    child: Child,
    port: u16,
    _data: tempfile::TempDir,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Server {
    fn url(&self) -> String {
        format!("ws://127.0.0.1:{}", self.port)
    }

    /// Waits until the server listens; `false` if it has ended instead.
    async fn listens(&mut self) -> bool {
        let until = Instant::now() + Duration::from_secs(60);
        loop {
            // A port that nobody listens on can be given to the very socket that tries to reach it, which then talks
            // to itself.
            let reached = TcpStream::connect(("127.0.0.1", self.port))
                .is_ok_and(|stream| stream.local_addr().unwrap() != stream.peer_addr().unwrap());
            if self.child.try_wait().unwrap().is_some() {
                return false;
            }
            if reached {
                return true;
            }
            assert!(Instant::now() < until, "the database server does not listen");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

/// A server on a free port of this host, or `None` where there is no binary.
///
/// The server cannot be told to choose a port and say which, so one is chosen for it. One test at a time does so:
/// otherwise two could be given the same port, and both use the server of one of them. When something else of this
/// host was quicker to take the port, the server ends, and another port is tried.
async fn server() -> Option<Server> {
    static STARTING: Mutex<()> = Mutex::const_new(());
    let Ok(binary) = std::env::var("MUNSHI_TEST_SURREAL_BIN") else {
        eprintln!("SKIPPED: MUNSHI_TEST_SURREAL_BIN is not set, the remote store is not tested");
        return None;
    };
    let _one_at_a_time = STARTING.lock().await;
    for _ in 0..10 {
        let data = tempfile::tempdir().unwrap();
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let child = Command::new(&binary)
            .args(["start", "--no-banner", "--log", "error", "--user", "root", "--pass", PASSWORD])
            .args(["--bind", &format!("127.0.0.1:{port}")])
            .arg(format!("surrealkv://{}?sync=every", data.path().display()))
            .stdout(Stdio::null())
            .spawn()
            .expect("the database server starts");
        let mut server = Server { child, port, _data: data };
        if server.listens().await {
            return Some(server);
        }
    }
    panic!("the database server starts on one of ten ports");
}

fn options(database: u32) -> Options {
    Options {
        user: Some("root".into()),
        password: Some(PASSWORD.into()),
        database: format!("contract_{database}"),
        ..Options::default()
    }
}

#[tokio::test]
async fn ws_keeps_the_contract() {
    let Some(server) = server().await else { return };
    let count = AtomicU32::new(0);
    contract::suite(|reopen| {
        // A database each; the same one again when its data is to be opened again.
        let database = count.fetch_add(u32::from(!reopen), Ordering::SeqCst) + u32::from(!reopen);
        let url = server.url();
        async move {
            let store = SurrealStore::open(&url, options(database)).await.expect("the store opens");
            Some(Arc::new(store) as Arc<dyn Store>)
        }
    })
    .await;
}

/// Rule 12 across processes: the take-over and an overlapping batch exclude each other.
#[tokio::test]
async fn a_second_server_on_the_same_database_stops_the_first() {
    let Some(server) = server().await else { return };
    let first = SurrealStore::open(&server.url(), options(1)).await.unwrap();
    let old = first.start("first").await.unwrap();
    first.commit(&contract::batch(&old, 1, 2)).await.unwrap();
    let second = SurrealStore::open(&server.url(), options(1)).await.unwrap();
    let new = second.start("second").await.unwrap();
    assert_eq!((new.epoch, new.head), (old.epoch + 1, 2));
    let mut late = contract::batch(&old, 3, 1);
    assert_eq!(first.commit(&late).await, Err(CommitError::Fenced));
    late.epoch = new.epoch;
    second.commit(&late).await.unwrap();
}

/// A batch whose answer never comes is of unknown outcome, not lost and not a lie.
#[tokio::test]
async fn a_dead_server_leaves_the_outcome_unknown() {
    let Some(server) = server().await else { return };
    let quick = Options { commit_timeout: Duration::from_millis(500), ..options(1) };
    let store = SurrealStore::open(&server.url(), quick).await.unwrap();
    let start = store.start("first").await.unwrap();
    store.commit(&contract::batch(&start, 1, 1)).await.unwrap();
    drop(server);
    let mut next = contract::batch(&start, 2, 1);
    next.entries[0].first = 2;
    let answer = store.commit(&next).await;
    assert!(matches!(answer, Err(CommitError::Unknown(_))), "{answer:?}");
}
