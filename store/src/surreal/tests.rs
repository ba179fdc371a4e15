//! What only the database can get wrong: query plans, and what a crash of the handle leaves.

use munshi_domain::{EntityId, Kind, Part, PartJson};
use serde_json::json;
use surrealdb::types::ToSql;

use super::*;
use crate::{DocumentWrite, Filter, Op, RowWrite, Sort, contract, cursor::Position, query::Source};

async fn explain(store: &SurrealStore, statement: &str, variables: Object) -> String {
    let (inner, statement) = (Arc::clone(&store.inner), format!("{} EXPLAIN;", statement.trim_end_matches(';')));
    store.spawn(async move { inner.read(statement, variables).await }).await.unwrap().to_sql()
}

/// The console's lists must not read whole tables; an index that is not used shows here first.
#[tokio::test]
async fn lists_use_their_indexes() {
    let store = SurrealStore::open("mem://", Options::default()).await.unwrap();
    store.start("test").await.unwrap();
    let eq = |column, value: &str| vec![Filter { column, op: Op::Eq, value: value.into() }];
    let filter = |column, op, value: &str| vec![Filter { column, op, value: value.into() }];
    let newest = Some(Sort { column: "at", descending: true });
    let by_name = Some(Sort { column: "name", descending: false });
    for (kind, filters, sort, index) in [
        (Kind::Order, eq("status", "open"), newest.clone(), "status_at"),
        (Kind::Order, vec![], newest.clone(), "by_at"),
        (Kind::Order, eq("customer", "c"), newest.clone(), "customer_at"),
        (Kind::Order, eq("number", "SO-1"), None, "number"),
        (Kind::Order, filter("at", Op::Ge, "2026"), newest, "at"),
        (Kind::Customer, filter("phone", Op::Contains, "+92"), None, "phone"),
        (Kind::Customer, filter("name", Op::Prefix, "ah"), by_name.clone(), "name"),
        (Kind::Customer, vec![], by_name, "by_name"),
        (Kind::Product, eq("barcode", "1"), None, "barcode"),
        (Kind::Product, eq("handle", "mug"), None, "handle"),
        (Kind::Product, eq("brand", "b"), None, "brand"),
        (Kind::User, eq("email", "a@b"), None, "email"),
    ] {
        let source = Source::Documents(kind);
        let query = Query { source, filters, search: None, sort: sort.clone(), after: None, limit: 50 };
        let last = Position { sort: sort.as_ref().map(|_| Some(json!("ahx"))), id: "x".into() };
        for after in [None, Some(last)] {
            let (statement, variables) = list::documents_statement(kind, &query, after, None).unwrap();
            let plan = explain(&store, &statement, variables).await;
            assert!(plan.contains("'IndexScan'") && plan.contains(&format!("index: '{index}")), "{statement} {plan}");
            assert!(!plan.contains("'TableScan'"), "{statement} {plan}");
            assert!(sort.is_none() || !plan.contains("'Sort"), "{statement} {plan}");
        }
    }
    let plan = "SELECT VALUE id FROM search WHERE words @@ 'a b' AND id[0] = 'order' LIMIT 9";
    let plan = explain(&store, plan, Object::new()).await;
    assert!(plan.contains("'FullTextScan'"), "{plan}");
    let plan =
        explain(&store, "SELECT last, processed, hash FROM journal ORDER BY id DESC LIMIT 1", Object::new()).await;
    assert!(plan.contains("direction: 'Backward'") && !plan.contains("'Sort"), "{plan}");
}

/// The key's numbers stand negated in the table; nobody outside may notice.
#[tokio::test]
async fn the_ledger_is_read_newest_first_at_any_depth() {
    let store = SurrealStore::open("mem://", Options::default()).await.unwrap();
    store.start("test").await.unwrap();
    let key = |n: i64| vec![json!("KHI"), json!("A"), json!(n / 3), json!(n % 3)];
    let rows = (0..300).map(|n| RowWrite { table: "movement", key: key(n), body: Some(json!({"n": n})) }).collect();
    let projection = Projection { consumer: "movements".into(), seq: 1, documents: vec![], rows };
    store.project(&projection).await.unwrap();
    let mut query = Query {
        source: Source::Rows { table: "movement", prefix: vec![json!("KHI"), json!("A")], descending: true },
        filters: vec![Filter { column: "n", op: Op::Ge, value: json!(10) }],
        search: None,
        sort: None,
        after: None,
        limit: 40,
    };
    let mut seen = Vec::new();
    loop {
        let page = store.query(&query).await.unwrap();
        seen.extend(page.rows.iter().map(|row| row.body["n"].as_i64().unwrap()));
        let Some(next) = page.next else { break };
        query.after = Some(next);
    }
    assert_eq!(seen, (10..300).rev().collect::<Vec<_>>());
}

/// One document is one transaction, whatever its size; what the engine's memory table cannot take at once would never be
/// written, and nothing behind it.
#[tokio::test]
async fn a_document_larger_than_the_memory_table_is_written_and_kept() {
    let directory = tempfile::tempdir().unwrap();
    let url = format!("surrealkv://{}", directory.path().display());
    let options = || Options { memtable_bytes: 1 << 20, ..Options::default() };
    let entity = EntityId::new(Kind::Warehouse, "KHI");
    let body = |n: u64, round: u64| PartJson::of(&json!({ "n": n, "round": round, "filler": "x".repeat(300) }));
    let write = |round: u64| DocumentWrite {
        entity: entity.clone(),
        version: round,
        seq: round,
        new: round == 1,
        view: json!({ "code": "KHI", "name": "Karachi" }),
        parts: std::iter::once((Part::main(), Some(PartJson::of(&json!({ "round": round })))))
            .chain((0..5_000).map(|n| (Part::named(format!("p{n:05}")), Some(body(n, round)))))
            .collect(),
        changed: vec![],
        due: None,
    };
    let store = SurrealStore::open(&url, options()).await.unwrap();
    store.start("test").await.unwrap();
    // Into an empty table, into one that holds something, and with the log read again in between.
    for round in 1..=2 {
        let documents = vec![write(round)];
        let projection = Projection { consumer: "large".into(), seq: round, documents, rows: vec![] };
        store.project(&projection).await.unwrap();
    }
    store.close().await.unwrap();
    let store = SurrealStore::open(&url, options()).await.unwrap();
    store.start("again").await.unwrap();
    let document = store.document(&entity).await.unwrap().unwrap();
    assert_eq!((document.version, document.parts.len()), (2, 5_001));
    assert!(document.parts.iter().all(|(_, body)| body.read::<serde_json::Value>().unwrap()["round"] == 2));
    store.close().await.unwrap();
}

/// A store that is dropped without being closed has lost nothing that it acknowledged.
#[tokio::test]
async fn a_dropped_store_keeps_what_it_acknowledged() {
    let directory = tempfile::tempdir().unwrap();
    let url = format!("surrealkv://{}", directory.path().display());
    let store = SurrealStore::open(&url, Options::default()).await.unwrap();
    let start = store.start("test").await.unwrap();
    let held = SurrealStore::open(&url, Options::default()).await.err();
    assert!(matches!(held, Some(StoreError::Held { .. })), "{held:?}");
    store.commit(&contract::batch(&start, 1, 3)).await.unwrap();
    drop(store);
    // The old handle's threads end in the background.
    let mut reopened = None;
    for _ in 0..1_000 {
        match SurrealStore::open(&url, Options::default()).await {
            Ok(store) => {
                reopened = Some(store);
                break;
            }
            Err(_) => tokio::time::sleep(std::time::Duration::from_millis(10)).await,
        }
    }
    let store = reopened.expect("the dropped store lets go of its directory");
    assert_eq!(store.start("again").await.unwrap().head, 3);
    store.close().await.unwrap();
}

/// A process killed again and again in the middle of a write, on one directory: the engine's own recovery loses
/// what was acknowledged after the first torn write ([`super::wal`]).
#[tokio::test]
async fn torn_writes_lose_nothing_that_was_acknowledged() {
    let home = tempfile::tempdir().unwrap();
    let mut directory = home.path().join("0");
    let mut acknowledged = 0;
    for round in 1..=6_u64 {
        let url = format!("surrealkv://{}", directory.display());
        let store = SurrealStore::open(&url, Options::default()).await.unwrap();
        let start = store.start("test").await.unwrap();
        assert_eq!((start.head, start.epoch), (acknowledged, round), "after {} torn writes", round - 1);
        for _ in 0..3 {
            store.commit(&contract::batch(&start, acknowledged + 1, 40)).await.unwrap();
            acknowledged += 40;
        }
        // What the disk would look like after a SIGKILL during the next write: the copy of a running store with
        // the beginning of a long record at the end of its log.
        let next = home.path().join(round.to_string());
        copy(&directory, &next);
        let mut logs: Vec<_> =
            std::fs::read_dir(next.join("surrealkv/wal")).unwrap().map(|e| e.unwrap().path()).collect();
        logs.sort();
        let log = logs.pop().unwrap();
        let mut bytes = std::fs::read(&log).unwrap();
        let block = bytes.len() % 32_768;
        let payload = vec![7; 32_768 - 7 - block.min(32_768 - 7)];
        let mut hasher = crc32fast::Hasher::new();
        hasher.update(&[2]);
        hasher.update(&payload);
        bytes.extend(hasher.finalize().to_be_bytes());
        bytes.extend((payload.len() as u16).to_be_bytes());
        bytes.push(2);
        bytes.extend(&payload[..if round % 2 == 0 { payload.len() } else { payload.len() / 2 }]);
        std::fs::write(&log, bytes).unwrap();
        store.close().await.unwrap();
        directory = next;
    }
    let url = format!("surrealkv://{}", directory.display());
    let store = SurrealStore::open(&url, Options::default()).await.unwrap();
    assert_eq!(store.start("test").await.unwrap().head, acknowledged);
    assert_eq!(store.journal(0, 10_000).await.unwrap().len() as u64, acknowledged);
    store.close().await.unwrap();
}

fn copy(from: &std::path::Path, to: &std::path::Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &to.join(entry.file_name()));
        } else {
            std::fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
        }
    }
}

/// A schema from the future is left alone.
#[tokio::test]
async fn a_newer_schema_is_refused() {
    let store = SurrealStore::open("mem://", Options::default()).await.unwrap();
    store.start("test").await.unwrap();
    let inner = Arc::clone(&store.inner);
    let newer = format!("UPDATE meta:fence SET schema = {};", schema::SUPPORTED + 1);
    store.spawn(async move { inner.read(newer, Object::new()).await }).await.unwrap();
    let refused = store.start("again").await;
    let wanted = StoreError::Schema { found: schema::SUPPORTED + 1, supported: schema::SUPPORTED };
    assert_eq!(refused, Err(wanted));
}

/// After a take-over the old projector must not write either.
#[tokio::test]
async fn a_fenced_node_projects_nothing() {
    let store = SurrealStore::open("mem://", Options::default()).await.unwrap();
    store.start("old").await.unwrap();
    let inner = Arc::clone(&store.inner);
    let rival = "UPDATE meta:fence SET epoch += 1;";
    store.spawn(async move { inner.read(rival, Object::new()).await }).await.unwrap();
    assert_eq!(store.project(&contract::projection("documents", 1, &["a"])).await, Err(StoreError::Fenced));
}

/// Unlike the other kinds of trouble, a dead runtime must not hang or panic the caller.
#[tokio::test]
async fn a_store_can_be_dropped_and_called_on_any_runtime() {
    let store = SurrealStore::open("mem://", Options::default()).await.unwrap();
    store.start("test").await.unwrap();
    let write = DocumentWrite {
        entity: EntityId::new(Kind::Order, "a"),
        version: 1,
        seq: 1,
        new: true,
        view: json!({"at": 1}),
        parts: vec![(Part::main(), Some(PartJson::of(&json!({}))))],
        changed: Vec::new(),
        due: None,
    };
    let projection = Projection { consumer: "documents".into(), seq: 1, documents: vec![write], rows: vec![] };
    let query = Query {
        source: Source::Documents(Kind::Order),
        filters: vec![],
        search: None,
        sort: Some(Sort { column: "at", descending: true }),
        after: None,
        limit: 5,
    };
    // Without any runtime at all.
    let (store, rows) = std::thread::spawn(move || {
        let answer = block_on(async {
            store.project(&projection).await?;
            store.query(&query).await
        });
        (store, answer.unwrap().rows.len())
    })
    .join()
    .unwrap();
    assert_eq!(rows, 1);
    drop(store);
}

/// Polls on a plain thread.
fn block_on<T>(future: impl Future<Output = T>) -> T {
    struct Unpark(std::thread::Thread);
    impl std::task::Wake for Unpark {
        fn wake(self: Arc<Self>) {
            self.0.unpark();
        }
    }
    let waker = Arc::new(Unpark(std::thread::current())).into();
    let mut future = std::pin::pin!(future);
    loop {
        if let std::task::Poll::Ready(done) = future.as_mut().poll(&mut std::task::Context::from_waker(&waker)) {
            return done;
        }
        std::thread::park();
    }
}

/// A database of every older version, with a journal and documents in it, is brought up to date and tells the same.
#[tokio::test]
async fn older_schemas_are_migrated_with_their_data() {
    for version in 1..schema::SUPPORTED {
        let store = SurrealStore::open("mem://", Options::default()).await.unwrap();
        let old: String = schema::migrations(0).into_iter().take(version as usize).map(|(_, text)| text).collect();
        let inner = Arc::clone(&store.inner);
        let text = format!(
            "{old} UPSERT meta:fence SET schema = {version}, epoch = 3;
            INSERT INTO order_doc {{ id: 'a', v: 1, seq: 1, view: {{ at: 1 }}, body: {{}} }};"
        );
        let entries = old_journal(&inner, text).await;
        let start = store.start("new").await.unwrap();
        assert_eq!((start.epoch, start.head, start.processed), (4, entries.len() as u64, 1));
        assert_eq!(store.journal(0, 100).await.unwrap(), entries);
        assert_eq!(chain::verify(chain::GENESIS, &entries).unwrap(), start.hash);
        let of = |id: &str| entries.iter().filter(|entry| &*entry.entity.id == id).cloned().collect::<Vec<_>>();
        for id in ["a", "b"] {
            assert_eq!(store.history(&EntityId::new(Kind::Order, id), 0, 100).await.unwrap(), of(id));
        }
        assert_eq!(store.start("once more").await.unwrap().head, start.head);
        let left = async move { inner.read("SELECT VALUE id FROM batch, event;", Object::new()).await };
        assert!(value::items(store.spawn(left).await.unwrap()).unwrap().is_empty());
        store.project(&contract::projection("documents", 2, &["b"])).await.unwrap();
        let query = Query {
            source: Source::Documents(Kind::Order),
            filters: vec![],
            search: None,
            sort: Some(Sort { column: "at", descending: true }),
            after: None,
            limit: 5,
        };
        let page = store.query(&query).await.unwrap();
        assert_eq!(page.rows.iter().map(|row| row.id.as_str()).collect::<Vec<_>>(), ["b", "a"]);
    }
}

/// Runs `text`, then writes two batches for the orders `a` and `b` in the layout before version 6.
async fn old_journal(inner: &Arc<Inner>, text: String) -> Vec<JournalEntry> {
    let genesis =
        Start { epoch: 3, journal: String::new(), head: 0, hash: chain::GENESIS.into(), processed: 0, projected: 0 };
    let mut entries = contract::batch(&genesis, 1, 50).entries;
    let (mut hash, mut last) = (chain::GENESIS.to_owned(), [0, 0]);
    for (at, entry) in entries.iter_mut().enumerate() {
        entry.entity = EntityId::new(Kind::Order, ["a", "b"][at % 2]);
        last[at % 2] += 1;
        (entry.first, entry.last) = (last[at % 2], last[at % 2]);
        entry.hash = chain::link(&hash, entry);
        hash.clone_from(&entry.hash);
    }
    let mut statement = text;
    let mut variables = Object::new();
    for (at, batch) in [&entries[..40], &entries[40..]].into_iter().enumerate() {
        let (first, end) = (batch[0].seq, batch[batch.len() - 1].clone());
        let refs: Vec<_> =
            batch.iter().map(|entry| (entry.entity.kind.name(), &*entry.entity.id, entry.first)).collect();
        variables.insert(format!("refs{at}"), value::to_text(&refs));
        statement.push_str(&format!(
            "INSERT INTO batch {{ id: ['n1', {first}], epoch: 3, last: {}, processed: {at}, hash: '{}', refs: $refs{at} }};",
            end.seq, end.hash
        ));
    }
    for entry in &entries {
        variables.insert(format!("e{}", entry.seq), value::to_text(entry));
        let (kind, id) = (entry.entity.kind.name(), &entry.entity.id);
        statement.push_str(&format!(
            "INSERT INTO event {{ id: ['{kind}', '{id}', {0}], seq: {1}, entry: $e{1} }};",
            entry.first, entry.seq
        ));
    }
    let inner = Arc::clone(inner);
    let run = tokio::spawn(async move {
        inner.run(statement, variables, Duration::from_secs(60)).await.map(drop).map_err(StoreError::from)
    });
    run.await.unwrap().unwrap();
    entries
}
