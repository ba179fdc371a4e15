//! Measures the store alone: rows a second and CPU a row for batches of several sizes, and what documents cost.
//!
//! `cargo run --release -p munshi-store --example commit_bench [-- URL [DOCUMENTS]]`; without a URL a temporary
//! `surrealkv` directory is used. CPU is that of the whole process, user and system, read from `/proc/self/stat`.

use std::time::Instant;

use munshi_domain::{EntityId, Kind, Part, PartJson, Timestamp};
use munshi_store::{
    Batch, DocumentWrite, Filter, JournalEntry, Op, Projection, Query, RowWrite, Sort, Store, Who, chain,
    query::Source,
    surreal::{Options, SurrealStore},
};
use serde_json::{Value, json};

struct Journal {
    epoch: u64,
    seq: u64,
    hash: String,
}

impl Journal {
    /// A batch of entries of about 500 bytes each, each for an entity of its own.
    fn batch(&mut self, size: usize) -> Batch {
        let mut lines = Vec::with_capacity(size);
        let entries: Vec<_> = (0..size)
            .map(|_| {
                self.seq += 1;
                let mut entry = JournalEntry {
                    seq: self.seq,
                    entity: EntityId::new(Kind::Order, uuid(self.seq)),
                    first: 1,
                    last: 1,
                    at: Timestamp::from_millis(1_760_000_000_000 + self.seq as i64),
                    by: Who::System("bench".into()),
                    cmd: uuid(self.seq + 1).into(),
                    request: None,
                    command: "SubmitOrder".into(),
                    reason: None,
                    answer: None,
                    events: vec![event(self.seq)].into(),
                    hash: String::new(),
                };
                lines.push(chain::seal(&self.hash, &mut entry));
                self.hash.clone_from(&entry.hash);
                entry
            })
            .collect();
        Batch { epoch: self.epoch, processed: self.seq, entries, lines }
    }
}

fn uuid(number: u64) -> String {
    format!("0198c0de-0000-7000-8000-{:012x}", number.wrapping_mul(0x9e37_79b9) & 0xffff_ffff_ffff)
}

fn event(n: u64) -> Value {
    json!({
        "type": "OrderSubmitted", "number": format!("SO-2026-{n:06}"), "customer": uuid(n % 1_000), "currency": "PKR",
        "lines": [
            {"line": 1, "sku": "SHIRT-RED-L", "quantity": "2", "price": "1499.00", "tax": "17.5"},
            {"line": 2, "sku": "MUG-1", "quantity": "1", "price": "650.00", "tax": "17.5"}
        ],
        "total": "3648.00", "address": {"name": "Ahmed Khan", "city": "Karachi", "line": "House 12, Street 4"}
    })
}

fn document(n: u64, version: u64, new: bool) -> DocumentWrite {
    let view = json!({
        "status": if version.is_multiple_of(2) { "confirmed" } else { "submitted" }, "at": format!("2026-01-01T00:00:{:09}", n),
        "customer": uuid(n % 1_000), "number": format!("SO-2026-{n:06}"), "phone": format!("+92300{n:07}"), "total": "3648.00"
    });
    DocumentWrite {
        entity: EntityId::new(Kind::Order, uuid(n)),
        version,
        seq: n,
        new,
        view,
        parts: vec![(Part::main(), Some(PartJson::of(&event(n))))],
        changed: Vec::new(),
        due: None,
    }
}

/// CPU time of this process in microseconds.
fn cpu() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    let ticks = |at: usize| fields.get(at).and_then(|field| field.parse::<f64>().ok()).unwrap_or_default();
    (ticks(11) + ticks(12)) * 10_000.0
}

fn report(name: &str, rows: u64, operations: u64, started: Instant, cpu_before: f64) {
    let seconds = started.elapsed().as_secs_f64();
    println!(
        "{name:<34} {:>9.0} rows/s {:>8.1} us CPU/row {:>9.2} ms/operation",
        rows as f64 / seconds,
        (cpu() - cpu_before) / rows as f64,
        seconds * 1_000.0 / operations as f64
    );
}

async fn project(
    store: &SurrealStore,
    name: &str,
    size: u64,
    rounds: u64,
    make: impl Fn(u64) -> (Vec<DocumentWrite>, Vec<RowWrite>),
) {
    let (started, before) = (Instant::now(), cpu());
    for round in 0..rounds {
        let (documents, rows) = make(round);
        let projection = Projection { consumer: name.into(), seq: round + 1, documents, rows };
        store.project(&projection).await.expect("the projection is written");
    }
    report(name, size * rounds, rounds, started, before);
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let url = std::env::args().nth(1).unwrap_or_else(|| format!("surrealkv://{}", directory.path().display()));
    let store = SurrealStore::open(&url, Options::default()).await.expect("the store opens");
    let start = store.start("bench").await.expect("the store starts");
    let mut journal = Journal { epoch: start.epoch, seq: start.head, hash: start.hash };
    println!("{url}, sync=every");

    let sample = journal.batch(1_000);
    let started = Instant::now();
    chain::verify(&start_hash(&sample), &sample.entries).expect("the chain holds");
    println!("hash chain {:.2} us/entry", started.elapsed().as_secs_f64() * 1_000.0);
    store.commit(&sample).await.expect("the warm-up is written");

    for (size, rounds) in [(1, 400), (32, 200), (128, 100), (512, 40)] {
        let batches: Vec<_> = (0..rounds).map(|_| journal.batch(size)).collect();
        let (started, before) = (Instant::now(), cpu());
        for batch in &batches {
            store.commit(batch).await.expect("the batch is written");
        }
        report(&format!("commit, batches of {size}"), (size * rounds) as u64, rounds as u64, started, before);
    }

    const SIZE: u64 = 200;
    let rounds = std::env::args().nth(2).and_then(|count| count.parse::<u64>().ok()).unwrap_or(5_000) / SIZE;
    let range = |round: u64| round * SIZE..(round + 1) * SIZE;
    project(&store, "documents, insert", SIZE, rounds, |r| (range(r).map(|n| document(n, 1, true)).collect(), vec![]))
        .await;
    project(&store, "documents, update", SIZE, rounds, |r| (range(r).map(|n| document(n, 2, false)).collect(), vec![]))
        .await;
    project(&store, "documents, replace", SIZE, rounds, |r| (range(r).map(|n| document(n, 3, true)).collect(), vec![]))
        .await;
    let parts = |r: u64| {
        let parts = (0..SIZE)
            .map(|n| (Part::named(format!("stock/{n}")), Some(PartJson::of(&json!({"on_hand": n + r})))))
            .collect();
        let entity = EntityId::new(Kind::Warehouse, "KHI-1");
        (
            vec![DocumentWrite {
                entity,
                version: r,
                seq: r,
                new: false,
                view: Value::Null,
                parts,
                changed: vec![],
                due: None,
            }],
            vec![],
        )
    };
    project(&store, "parts, insert and update", SIZE, rounds, parts).await;
    let row = |table, key: Vec<Value>, body: Value| RowWrite { table, key, body: Some(body) };
    let movement = |n: u64| row("movement", vec!["KHI-1".into(), "SHIRT".into(), n.into(), 0.into()], json!({"n": n}));
    project(&store, "movements, insert", SIZE, rounds, |r| (vec![], range(r).map(movement).collect())).await;
    let search = |n: u64| {
        let text = format!("SO-2026-{n:06} Ahmed Khan +92300{n:07} Karachi");
        row("search", vec!["order".into(), uuid(n).into()], json!({"text": text}))
    };
    project(&store, "search, insert", SIZE, rounds, |r| (vec![], range(r).map(search).collect())).await;
    project(&store, "search, again", SIZE, rounds, |r| (vec![], range(r).map(search).collect())).await;
    lists(&store).await;
    store.close().await.expect("the store closes");
}

fn start_hash(batch: &Batch) -> String {
    // The sample follows genesis on a new directory; elsewhere the first entry is taken as given.
    match batch.entries.first() {
        Some(first) if chain::link(chain::GENESIS, first) == first.hash => chain::GENESIS.to_owned(),
        _ => String::new(),
    }
}

async fn lists(store: &SurrealStore) {
    let filter = |column, op, value: &str| Filter { column, op, value: value.into() };
    let newest = Some(Sort { column: "at", descending: true });
    type Case = (&'static str, Vec<Filter>, Option<Sort>, Option<&'static str>);
    let oldest = Some(Sort { column: "at", descending: false });
    let cases: [Case; 8] = [
        ("list oldest", vec![], oldest.clone(), None),
        ("list by status, oldest", vec![filter("status", Op::Eq, "submitted")], oldest, None),
        ("list newest", vec![], newest.clone(), None),
        ("list by status, newest", vec![filter("status", Op::Eq, "submitted")], newest.clone(), None),
        ("list by customer, newest", vec![filter("customer", Op::Eq, &uuid(7))], newest.clone(), None),
        ("list by number", vec![filter("number", Op::Eq, "SO-2026-000123")], None, None),
        ("list by phone prefix", vec![filter("phone", Op::Prefix, "+923000000")], None, None),
        ("search two words", vec![], newest, Some("000123 ahm")),
    ];
    for (name, filters, sort, search) in cases {
        let query = Query {
            source: Source::Documents(Kind::Order),
            filters,
            search: search.map(str::to_owned),
            sort,
            after: None,
            limit: 50,
        };
        let (started, before) = (Instant::now(), cpu());
        let mut rows = 0;
        for _ in 0..20 {
            rows = store.query(&query).await.expect("the list answers").rows.len();
        }
        report(&format!("{name} ({rows} rows)"), 20, 20, started, before);
    }
}
