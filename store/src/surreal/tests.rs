//! What only the database can get wrong: query plans, and what a crash of the handle leaves.

use munshi_domain::Part;
use serde_json::json;
use surrealdb::types::ToSql;

use super::*;
use crate::{DocumentWrite, Filter, Op, RowWrite, Sort, contract, query::Source};

async fn explain(store: &SurrealStore, statement: &str) -> String {
    let (inner, statement) = (Arc::clone(&store.inner), format!("{statement} EXPLAIN;"));
    store.spawn(async move { inner.read(statement, Object::new()).await }).await.unwrap().to_sql()
}

/// The console's lists must not read whole tables; an index that is not used shows here first.
#[tokio::test]
async fn lists_use_their_indexes() {
    let store = SurrealStore::open("mem://", Options::default()).await.unwrap();
    store.start("test").await.unwrap();
    let newest = "ORDER BY view.at DESC, id DESC LIMIT 51";
    let after = "view.at <= 'x' AND (view.at < 'x' OR id < order_doc:x)";
    for (table, rest, index) in [
        ("order_doc", format!("WHERE view.status = 'open' {newest}"), "status_at"),
        ("order_doc", format!("WHERE view.status = 'open' AND {after} {newest}"), "status_at"),
        ("order_doc", format!("WHERE whole = NONE {newest}"), "by_at"),
        ("order_doc", format!("WHERE whole = NONE AND {after} {newest}"), "by_at"),
        ("order_doc", format!("WHERE view.customer = 'c' {newest}"), "customer_at"),
        ("order_doc", "WHERE view.number = 'SO-1' ORDER BY id LIMIT 51".into(), "number"),
        (
            "order_doc",
            "WHERE whole = NONE AND view.phone >= '+92' AND view.phone < '+93' ORDER BY id LIMIT 51".into(),
            "by_phone",
        ),
        ("customer_doc", "WHERE view.phone CONTAINS '+92' ORDER BY id LIMIT 51".into(), "phone"),
        (
            "customer_doc",
            "WHERE whole = NONE AND view.name >= 'a' AND view.name < 'b' ORDER BY view.name ASC, id ASC LIMIT 9".into(),
            "by_name",
        ),
        ("product_doc", "WHERE view.barcode = '1' ORDER BY id LIMIT 51".into(), "barcode"),
        ("user_doc", "WHERE view.email = 'a@b' ORDER BY id LIMIT 51".into(), "email"),
    ] {
        let plan = explain(&store, &format!("SELECT id, v, view FROM {table} {rest}")).await;
        assert!(plan.contains("'IndexScan'") && plan.contains(&format!("index: '{index}'")), "{rest}: {plan}");
        assert!(!plan.contains("'TableScan'"), "{rest}: {plan}");
        assert!(!plan.contains("'Sort") || rest.contains("view.phone >="), "{rest}: {plan}");
    }
    let plan = explain(&store, "SELECT VALUE id FROM search WHERE words @@ 'a b' AND id[0] = 'order' LIMIT 9").await;
    assert!(plan.contains("'FullTextScan'"), "{plan}");
    let plan = explain(&store, "SELECT * FROM batch ORDER BY id DESC LIMIT 1").await;
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
        parts: vec![(Part::main(), Some(json!({})))],
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
