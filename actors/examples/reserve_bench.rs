//! Reservations of one hot SKU without an order around them: one command to the warehouse's actor, decided there,
//! durable in the journal before it is answered, its documents written behind it.
//!
//! `cargo run --release --workspace --example reserve_bench [-- SECONDS [CALLERS]]`, also by `make bench`. A temporary
//! `surrealkv` directory is used, with fsync on every commit. The loop is closed: so many callers, each with one
//! reservation on its way. CPU is that of the whole process, callers included.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use munshi_actors::{Clock, Meta, Node, NodeConfig, node::Failure};
use munshi_domain::{
    OrderId, Sku,
    warehouse::{Condition, Profile, ReserveLine, ReserveMode, Warehouse, WarehouseCommand},
};
use munshi_store::{
    Store, Who,
    surreal::{Options, SurrealStore},
};

const SKU: &str = "HOT";
const WAREHOUSE: &str = "KHI-1";

/// CPU time of this process in microseconds (`/proc/self/stat`, user and system, ticks of 10 ms).
fn cpu() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    let ticks = |at: usize| fields.get(at).and_then(|field| field.parse::<f64>().ok()).unwrap_or_default();
    (ticks(11) + ticks(12)) * 10_000.0
}

/// Sends until it is taken; answers how often the server was too busy.
async fn send(node: &Node, command: WarehouseCommand, cmd: &str) -> u64 {
    for refused in 0..1_000 {
        // As a process sends it: placing an order reserves in this way.
        let meta = Meta { who: Who::Process("bench".into()), ..Meta::system("bench", cmd) };
        match node.execute::<Warehouse, u64>(WAREHOUSE, command.clone(), meta, |_, version| version).await {
            Ok(_) => return refused,
            Err(Failure::Busy { retry_after_ms }) => tokio::time::sleep(Duration::from_millis(retry_after_ms)).await,
            Err(failure) => panic!("{cmd}: {}", munshi_actors::node::describe(&failure)),
        }
    }
    panic!("{cmd}: too busy for good");
}

fn reserve() -> WarehouseCommand {
    let line = ReserveLine { line: 1, sku: Sku::parse(SKU).expect("a code"), quantity: 1, backorder: false };
    let (order, mode) = (OrderId::from_u128(uuid::Uuid::now_v7().as_u128()), ReserveMode::AllOrNothing);
    WarehouseCommand::ReserveStock { order, lines: vec![line], mode, expires: None, priority: 0, firm: false }
}

async fn run(node: Node, length: Duration, callers: usize) {
    let profile = Profile { name: "Karachi".into(), address: Default::default() };
    send(&node, WarehouseCommand::OpenWarehouse(profile), "open").await;
    let (sku, condition, quantity) = (Sku::parse(SKU).expect("a code"), Condition::Sellable, 1_000_000);
    let receive = WarehouseCommand::ReceiveStock { sku, quantity, condition, reference: "bench".into(), reason: None };
    send(&node, receive, "receive").await;
    let node = Arc::new(node);
    let (next, began, before) = (Arc::new(AtomicU64::new(0)), Instant::now(), cpu());
    let mut tasks = Vec::new();
    for _ in 0..callers {
        let (node, next) = (node.clone(), next.clone());
        tasks.push(tokio::spawn(async move {
            let (mut micros, mut busy) = (Vec::new(), 0);
            while began.elapsed() < length {
                let sent = Instant::now();
                busy += send(&node, reserve(), &format!("r{}", next.fetch_add(1, Ordering::Relaxed))).await;
                micros.push(u64::try_from(sent.elapsed().as_micros()).unwrap_or(u64::MAX));
            }
            (micros, busy)
        }));
    }
    let (mut micros, mut busy) = (Vec::new(), 0);
    for task in tasks {
        let (taken, refused) = task.await.expect("a caller ends");
        micros.extend(taken);
        busy += refused;
    }
    let (seconds, count) = (began.elapsed().as_secs_f64(), micros.len());
    let status = node.status();
    assert!(node.at_rest(Duration::from_secs(60)).await, "the documents follow");
    let later = began.elapsed().as_secs_f64() - seconds;
    micros.sort_unstable();
    let at = |thousandths: usize| micros[(count - 1) * thousandths / 1_000] as f64 / 1_000.0;
    println!(
        "{callers} callers, {seconds:.1} s: {:.0} reservations/s, p50 {:.1} ms, p99 {:.1} ms, p99.9 {:.1} ms; {:.0} µs each; \
         {busy} times busy; documents {} entries behind at the end and done {later:.2} s later",
        count as f64 / seconds,
        at(500),
        at(990),
        at(999),
        (cpu() - before) / count as f64,
        status.head.saturating_sub(status.projected),
    );
    node.shutdown().await;
}

fn main() {
    let mut arguments = std::env::args().skip(1).filter_map(|text| text.parse::<u32>().ok());
    let (seconds, callers) = (arguments.next().unwrap_or(10), arguments.next().unwrap_or(256));
    let directory = std::env::temp_dir().join(format!("munshi-reserve-{}", std::process::id()));
    std::fs::create_dir_all(&directory).expect("a directory");
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let url = format!("surrealkv://{}", directory.join("db").display());
        let store = SurrealStore::open(&url, Options::default()).await.expect("the store opens");
        let store: Arc<dyn Store> = Arc::new(store);
        let node = Node::start(store, NodeConfig::default(), Clock::system()).await.expect("the node starts");
        run(node, Duration::from_secs(seconds.into()), callers as usize).await;
    });
    std::fs::remove_dir_all(&directory).expect("the directory goes");
}
