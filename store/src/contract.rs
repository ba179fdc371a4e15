//! The promises of [`Store`] as one suite that every implementation runs.
//!
//! Each check gets an empty store. The suite panics at the first broken promise, naming it. Public so that a
//! store elsewhere, a remote one for example, can be held to the same promises.

use std::{collections::BTreeMap, future::Future, sync::Arc};

use munshi_domain::{EntityId, Kind, Part, PartJson, Timestamp, UserId};
use serde_json::{Value, json};

use crate::{
    Batch, CommitError, DocumentWrite, Filter, JournalEntry, Op, Page, Projection, Query, Row, RowWrite, Sort, Start,
    Store, StoreError, Who, WorkKey, WorkRow, WorkTable, WorkWrite, chain, query::Source,
};

/// Runs every check. `make(false)` opens an empty store; `make(true)` opens the data of the last one again, after
/// it was closed, or answers `None` when its data does not survive that.
pub async fn suite<M, F>(make: M)
where
    M: Fn(bool) -> F,
    F: Future<Output = Option<Arc<dyn Store>>>,
{
    macro_rules! run {
        ($($check:ident),* $(,)?) => {
            $(
                let store = make(false).await.expect("an empty store opens");
                $check(&*store).await;
                store.close().await.expect("a store closes");
            )*
        };
    }
    run!(
        an_empty_store_starts_at_genesis,
        batches_are_dense_and_chained,
        a_duplicate_changes_nothing,
        an_older_epoch_is_fenced,
        the_marker_tells_what_is_durable,
        history_is_by_entity_and_version,
        histories_are_whole_wherever_documents_stopped,
        the_journal_pages_in_order,
        every_value_comes_back_exactly,
        documents_change_by_parts,
        a_projection_can_be_repeated,
        cursors_only_move_forward,
        timers_come_when_due,
        lists_filter_and_sort,
        lists_page_without_gaps_or_repeats,
        rows_come_in_key_order,
        search_finds_words_by_prefix,
        bad_queries_are_refused,
        entities_are_paged,
        wiping_leaves_the_journal,
        a_large_batch_is_one_batch,
        open_work_is_written_once_and_fenced,
        open_work_is_listed_by_owner,
    );
    reopening_keeps_everything(&make).await;
}

/// `count` entries of one event each, for orders `o1`, `o2`, …, from sequence number `first`, chained to `start`.
pub fn batch(start: &Start, first: u64, count: u64) -> Batch {
    let mut chain = Chain { epoch: start.epoch, seq: first - 1, hash: start.hash.clone(), versions: BTreeMap::new() };
    let ids: Vec<String> = (first..first + count).map(|seq| format!("o{seq}")).collect();
    chain.batch(&ids.iter().map(String::as_str).collect::<Vec<_>>())
}

/// A projection of one order document per id, with views `{status, at}`.
pub fn projection(consumer: &str, seq: u64, ids: &[&str]) -> Projection {
    let documents = ids.iter().map(|id| write(id, seq, true, json!({"status": "open", "at": seq}))).collect();
    Projection { consumer: consumer.into(), seq, documents, rows: Vec::new() }
}

/// Makes batches that continue each other.
struct Chain {
    epoch: u64,
    seq: u64,
    hash: String,
    versions: BTreeMap<String, u64>,
}

impl Chain {
    async fn start(store: &dyn Store) -> Self {
        let start = store.start("contract").await.expect("the store starts");
        Self { epoch: start.epoch, seq: start.head, hash: start.hash, versions: BTreeMap::new() }
    }

    fn entry(&mut self, id: &str, events: Vec<Value>) -> JournalEntry {
        self.seq += 1;
        let version = self.versions.entry(id.to_owned()).or_default();
        let first = *version + 1;
        *version += events.len() as u64;
        let mut entry = JournalEntry {
            seq: self.seq,
            entity: order(id),
            first,
            last: *version,
            at: Timestamp::from_millis(1_760_000_000_000 + self.seq as i64),
            by: Who::Process("contract".into()),
            cmd: format!("cmd-{}", self.seq).into(),
            request: None,
            command: "Note".into(),
            reason: None,
            answer: None,
            events: events.into(),
            hash: String::new(),
        };
        self.seal(&mut entry);
        entry
    }

    fn seal(&mut self, entry: &mut JournalEntry) {
        entry.hash = chain::link(&self.hash, entry);
        self.hash.clone_from(&entry.hash);
    }

    fn batch(&mut self, ids: &[&str]) -> Batch {
        let entries = ids.iter().map(|id| self.entry(id, vec![json!({"type": "Noted", "n": 1})])).collect();
        self.wrap(entries)
    }

    fn wrap(&self, entries: Vec<JournalEntry>) -> Batch {
        let processed = entries.first().map_or(0, |entry| entry.seq - 1);
        Batch::new(self.epoch, entries, processed)
    }
}

/// An order of the suite.
pub fn order(id: &str) -> EntityId {
    EntityId::new(Kind::Order, id)
}

fn said(body: &Value) -> Option<PartJson> {
    Some(PartJson::of(body))
}

fn write(id: &str, seq: u64, new: bool, view: Value) -> DocumentWrite {
    DocumentWrite {
        entity: order(id),
        version: seq,
        seq,
        new,
        view,
        parts: vec![(Part::main(), said(&json!({"id": id, "at_seq": seq})))],
        changed: Vec::new(),
        due: None,
    }
}

fn listing(filters: Vec<Filter>, sort: Option<Sort>, limit: usize) -> Query {
    Query { source: Source::Documents(Kind::Order), filters, search: None, sort, after: None, limit }
}

fn filter(column: &'static str, op: Op, value: Value) -> Filter {
    Filter { column, op, value }
}

fn ids(page: &Page) -> Vec<&str> {
    page.rows.iter().map(|row| row.id.as_str()).collect()
}

async fn an_empty_store_starts_at_genesis(store: &dyn Store) {
    let first = store.start("one").await.unwrap();
    let journal = first.journal.clone();
    let wanted =
        Start { epoch: first.epoch, journal, head: 0, hash: chain::GENESIS.into(), processed: 0, projected: 0 };
    assert_eq!(first, wanted);
    let second = store.start("two").await.unwrap();
    assert_eq!(second.epoch, first.epoch + 1, "every start takes the next epoch");
    assert_eq!(second.journal, first.journal, "the journal keeps its id");
    assert!(first.journal.len() == 18 && first.journal.starts_with("j_"), "{}", first.journal);
    store.probe().await.unwrap();
    assert_eq!(store.journal(0, 10).await.unwrap(), []);
    assert_eq!(store.history(&order("x"), 0, 10).await.unwrap(), []);
    assert_eq!(store.document(&order("x")).await.unwrap(), None);
    assert_eq!(store.cursor("nobody").await.unwrap(), 0);
    assert_eq!(store.timers(Timestamp::from_millis(i64::MAX - 1), 10).await.unwrap(), []);
    assert_eq!(store.query(&listing(vec![], None, 10)).await.unwrap(), Page::default());
}

async fn batches_are_dense_and_chained(store: &dyn Store) {
    let mut chain = Chain::start(store).await;
    for ids in [&["a"][..], &["a", "b", "a"], &["c"]] {
        store.commit(&chain.batch(ids)).await.unwrap();
    }
    let journal = store.journal(0, 100).await.unwrap();
    assert_eq!(journal.iter().map(|entry| entry.seq).collect::<Vec<_>>(), [1, 2, 3, 4, 5]);
    assert_eq!(chain::verify(chain::GENESIS, &journal).unwrap(), chain.hash);
    let start = store.start("again").await.unwrap();
    assert_eq!((start.head, &start.hash, start.processed), (5, &chain.hash, 4));
    chain.epoch = start.epoch;
    let mut gap = chain.batch(&["d", "e"]);
    gap.entries.remove(0);
    assert!(store.commit(&gap).await.is_err(), "a gap is refused");
    let empty = Batch::new(start.epoch, Vec::new(), 0);
    assert!(store.commit(&empty).await.is_err(), "an empty batch is refused");
    assert_eq!(store.journal(0, 100).await.unwrap().len(), 5);
}

async fn a_duplicate_changes_nothing(store: &dyn Store) {
    let mut chain = Chain::start(store).await;
    let first = chain.batch(&["a", "b"]);
    store.commit(&first).await.unwrap();
    let again = store.commit(&first).await;
    assert!(matches!(again, Err(CommitError::Duplicate(_))), "the same batch again: {again:?}");
    // The second entry repeats a version that exists: nothing of the batch may stay.
    let mut clash = chain.batch(&["c", "a"]);
    clash.entries[1].first = 1;
    clash.entries[1].last = 1;
    let refused = store.commit(&clash).await;
    assert!(matches!(refused, Err(CommitError::Duplicate(_))), "a taken version: {refused:?}");
    assert_eq!(store.history(&order("c"), 0, 10).await.unwrap(), [], "the batch is atomic");
    assert!(!store.batch_exists(chain.epoch, 3).await.unwrap());
    assert_eq!(store.journal(0, 10).await.unwrap(), first.entries);
    let start = store.start("again").await.unwrap();
    assert_eq!((start.head, &start.hash), (2, &first.entries[1].hash));
}

async fn an_older_epoch_is_fenced(store: &dyn Store) {
    let mut old = Chain::start(store).await;
    store.commit(&old.batch(&["a"])).await.unwrap();
    let new = store.start("rival").await.unwrap();
    let refused = store.commit(&old.batch(&["b"])).await;
    assert_eq!(refused, Err(CommitError::Fenced));
    assert_eq!(store.history(&order("b"), 0, 10).await.unwrap(), []);
    let mut chain = Chain { epoch: new.epoch, seq: new.head, hash: new.hash, versions: BTreeMap::new() };
    store.commit(&chain.batch(&["b"])).await.unwrap();
}

async fn the_marker_tells_what_is_durable(store: &dyn Store) {
    let mut chain = Chain::start(store).await;
    let batch = chain.batch(&["a", "b"]);
    assert!(!store.batch_exists(chain.epoch, 1).await.unwrap());
    store.commit(&batch).await.unwrap();
    assert!(store.batch_exists(chain.epoch, 1).await.unwrap());
    assert!(!store.batch_exists(chain.epoch + 1, 1).await.unwrap(), "another epoch's batch is not ours");
    assert!(!store.batch_exists(chain.epoch, 2).await.unwrap(), "a batch is known by its first entry");
    // After an unknown outcome the lane asks and goes on.
    store.commit(&chain.batch(&["c"])).await.unwrap();
}

async fn history_is_by_entity_and_version(store: &dyn Store) {
    let mut chain = Chain::start(store).await;
    let note = |n: u64| (0..n).map(|n| json!({"type": "Noted", "n": n})).collect::<Vec<_>>();
    let entries: Vec<_> =
        [("a", 1), ("ab", 2), ("a", 3), ("b", 1), ("a", 1)].map(|(id, events)| chain.entry(id, note(events))).into();
    store.commit(&chain.wrap(entries.clone())).await.unwrap();
    let of = |at: &[usize]| at.iter().map(|at| entries[*at].clone()).collect::<Vec<_>>();
    for (id, after, limit, wanted) in [
        ("a", 0, 10, of(&[0, 2, 4])),
        ("a", 1, 10, of(&[2, 4])),
        ("a", 2, 10, of(&[2, 4])),
        ("a", 4, 10, of(&[4])),
        ("a", 5, 10, of(&[])),
        ("a", 0, 2, of(&[0, 2])),
        ("a", 2, 1, of(&[2])),
        ("ab", 1, 10, of(&[1])),
        ("", 0, 10, of(&[])),
    ] {
        assert_eq!(store.history(&order(id), after, limit).await.unwrap(), wanted, "{id} after {after} limit {limit}");
    }
    assert_eq!(store.history(&EntityId::new(Kind::Customer, "a"), 0, 10).await.unwrap(), []);
    for (id, version, tail) in [("a", 0, of(&[0, 2, 4])), ("a", 4, of(&[4])), ("a", 5, of(&[])), ("ab", 0, of(&[1]))] {
        if version > 0 {
            let mut projection = projection("documents", version, &[id]);
            projection.documents[0].version = version;
            projection.documents[0].new = version == 4;
            store.project(&projection).await.unwrap();
        }
        let stored = store.stored(&order(id), 10).await.unwrap();
        assert_eq!(stored.document, store.document(&order(id)).await.unwrap());
        assert_eq!(stored.document.map(|document| document.version), (version > 0).then_some(version));
        assert_eq!(stored.tail, tail, "{id} after {version}");
    }
    assert_eq!(store.stored(&order("a"), 1).await.unwrap().tail.len(), 0);
    assert_eq!(store.stored(&order(""), 1).await.unwrap(), crate::Stored { document: None, tail: Vec::new() });
}

/// Whatever was projected when a server ended, the next one finds every entry of every entity.
async fn histories_are_whole_wherever_documents_stopped(store: &dyn Store) {
    let mut chain = Chain::start(store).await;
    let mut written: Vec<JournalEntry> = Vec::new();
    for stop in [1, 20, 31, 32, 33, 64, 65] {
        let before = written.len() as u64;
        let ids: Vec<&str> = ["a", "b", "c"].into_iter().cycle().take(64).collect();
        for batch in [chain.batch(&ids), chain.batch(&["b"])] {
            store.commit(&batch).await.unwrap();
            written.extend(batch.entries);
        }
        let seq = before + stop;
        store.project(&Projection { seq, ..projection("documents", seq, &[]) }).await.unwrap();
        let start = store.start("next").await.unwrap();
        assert_eq!((start.head, start.projected), (written.len() as u64, seq));
        chain.epoch = start.epoch;
        for id in ["a", "b", "c"] {
            let wanted: Vec<_> = written.iter().filter(|entry| &*entry.entity.id == id).cloned().collect();
            assert_eq!(store.history(&order(id), 0, 10_000).await.unwrap(), wanted, "{id} after a stop at {seq}");
        }
    }
}

async fn the_journal_pages_in_order(store: &dyn Store) {
    let mut chain = Chain::start(store).await;
    let mut written = Vec::new();
    for size in [3, 1, 1, 4, 2, 1] {
        let batch = chain.batch(&vec!["a"; size]);
        store.commit(&batch).await.unwrap();
        written.extend(batch.entries);
    }
    for (after, limit) in [(0, 1), (0, 4), (1, 1), (3, 2), (5, 1), (6, 100), (0, 1000), (11, 5)] {
        let page = store.journal(after, limit).await.unwrap();
        let from = after as usize;
        assert_eq!(page, written[from..from + page.len()], "after {after}, limit {limit}");
        assert!(page.len() >= limit.min(written.len() - from), "{} entries after {after}, limit {limit}", page.len());
    }
    assert_eq!(store.journal(12, 5).await.unwrap(), []);
    assert_eq!(store.journal(500, 5).await.unwrap(), []);
    let mut seen = Vec::new();
    loop {
        let page = store.journal(seen.len() as u64, 2).await.unwrap();
        if page.is_empty() {
            break;
        }
        seen.extend(page);
    }
    assert_eq!(seen, written);
}

/// Values that have tripped databases: look-alikes, extremes, emptiness.
fn odd_values() -> Vec<Value> {
    let deep =
        (0..60).fold(json!("end"), |inner, level| if level % 2 == 0 { json!([inner]) } else { json!({"k": inner}) });
    vec![
        json!([
            "person:1",
            "person:⟨1⟩",
            "1.5",
            "1.5dec",
            "2020-01-01T00:00:00Z",
            "d'2020-01-01T00:00:00Z'",
            "$x",
            "1h"
        ]),
        json!([
            "'",
            "\"",
            "`",
            "\\",
            "\u{0}",
            "\n\r\t",
            "",
            " ",
            "NONE",
            "null",
            "true",
            "0198c0de-0000-7000-8000-000000000000"
        ]),
        json!(["سلام دنیا", "मुंशी", "🧾👩‍👩‍👧", "e\u{301}", "\u{feff}", "\u{10ffff}"]),
        json!([0, -1, 1, i64::MAX, i64::MIN, u64::MAX, 9_007_199_254_740_993_u64]),
        json!([0.5, -0.25, 1.0, 1e300, 5e-324, 123_456_789.123_456_7]),
        json!({"null": null, "empty": {}, "list": [], "": "empty key", "a.b": 1, "id": "x", "in": 1, "SELECT": true}),
        json!({"nested": [{"a": null}, {}, [], [[]], [null, null]]}),
        json!("x".repeat(200_000)),
        deep,
    ]
}

async fn every_value_comes_back_exactly(store: &dyn Store) {
    let mut chain = Chain::start(store).await;
    let who = [Who::User(UserId::from_u128(5)), Who::Process("p:1".into()), Who::Timer, Who::System("seed 'x'".into())];
    let mut entries = Vec::new();
    let mut documents = Vec::new();
    for (at, value) in odd_values().into_iter().enumerate() {
        let id = format!("id {at} person:1 `'\"⟩");
        let mut entry = chain.entry(&id, vec![json!({"type": "Odd", "value": value}), json!({"type": "Bare"})]);
        chain.hash = entries.last().map_or_else(|| chain::GENESIS.into(), |last: &JournalEntry| last.hash.clone());
        entry.by = who[at % who.len()].clone();
        entry.request = (at % 2 == 0).then(|| "2020-01-01".into());
        entry.reason = (at % 3 == 0).then(|| "b/c: $reason".into());
        // An empty answer is an answer.
        entry.answer =
            [Some(json!({"on_hand": 3, "sku": "A:1"})), None, Some(Value::Null)].into_iter().cycle().nth(at).flatten();
        entry.cmd = "person:1".into();
        chain.seal(&mut entry);
        entries.push(entry);
        let mut document = write(&id, at as u64 + 1, true, json!({"status": value}));
        document.parts =
            vec![(Part::main(), said(&json!({"value": value}))), (Part::named("stock/a:1 'b'"), said(&value))];
        documents.push((document, value));
    }
    store.commit(&chain.wrap(entries.clone())).await.unwrap();
    assert_eq!(store.journal(0, 100).await.unwrap(), entries);
    chain::verify(chain::GENESIS, &store.journal(0, 100).await.unwrap()).unwrap();
    for entry in &entries {
        assert_eq!(store.history(&entry.entity, 0, 10).await.unwrap(), vec![entry.clone()]);
    }
    let writes = documents.iter().map(|(document, _)| document.clone()).collect();
    let projection = Projection { consumer: "documents".into(), seq: 9, documents: writes, rows: Vec::new() };
    store.project(&projection).await.unwrap();
    for (document, value) in documents {
        let found = store.document(&document.entity).await.unwrap().expect("the document is there");
        assert_eq!(Some(&found.parts[0].1), said(&json!({"value": value})).as_ref());
        assert_eq!(found.parts[1], (Part::named("stock/a:1 'b'"), PartJson::of(&value)));
    }
}

async fn documents_change_by_parts(store: &dyn Store) {
    Chain::start(store).await;
    let entity = EntityId::new(Kind::Warehouse, "KHI-1");
    let put = |seq: u64, new: bool, parts: Vec<(&str, Option<Value>)>| Projection {
        consumer: "documents".into(),
        seq,
        rows: Vec::new(),
        documents: vec![DocumentWrite {
            entity: entity.clone(),
            version: seq * 10,
            seq,
            new,
            view: Value::Null,
            parts: parts.into_iter().map(|(name, body)| (Part::named(name), body.as_ref().and_then(said))).collect(),
            changed: Vec::new(),
            due: None,
        }],
    };
    let steps = [
        put(1, true, vec![("", Some(json!({"n": 1}))), ("stock/b", Some(json!(1))), ("stock/a", Some(json!(2)))]),
        put(2, false, vec![("", Some(json!({"n": 2, "x": null}))), ("stock/a", Some(json!({"q": 3})))]),
        put(
            3,
            false,
            vec![("", Some(json!({"n": 3}))), ("stock/b", None), ("parcel/1", Some(json!("p"))), ("gone", None)],
        ),
        put(4, false, vec![("", Some(json!({"n": 4}))), ("stock/b", Some(json!([])))]),
    ];
    let wanted = [
        vec![("", json!({"n": 1})), ("stock/a", json!(2)), ("stock/b", json!(1))],
        vec![("", json!({"n": 2, "x": null})), ("stock/a", json!({"q": 3})), ("stock/b", json!(1))],
        vec![("", json!({"n": 3})), ("parcel/1", json!("p")), ("stock/a", json!({"q": 3}))],
        vec![("", json!({"n": 4})), ("parcel/1", json!("p")), ("stock/a", json!({"q": 3})), ("stock/b", json!([]))],
    ];
    for (step, wanted) in steps.iter().zip(wanted) {
        store.project(step).await.unwrap();
        let found = store.document(&entity).await.unwrap().expect("the document is there");
        assert_eq!((found.version, found.seq), (step.seq * 10, step.seq));
        let wanted: Vec<_> = wanted.into_iter().map(|(name, body)| (Part::named(name), PartJson::of(&body))).collect();
        assert_eq!(found.parts, wanted, "after step {}", step.seq);
    }
    let mut together =
        put(7, false, vec![("", Some(json!({"n": 7}))), ("stock/a", Some(json!(1))), ("x", Some(json!(1)))]);
    together.documents[0].changed = vec![(Part::named("x"), 6)];
    store.project(&together).await.unwrap();
    let mut changes = store.part_changes(&entity).await.unwrap();
    changes.sort();
    let wanted = [("parcel/1", 3), ("stock/a", 7), ("stock/b", 4), ("x", 6)];
    assert_eq!(changes, wanted.map(|(name, seq)| (Part::named(name), seq)));
    assert_eq!(store.part_changes(&EntityId::new(Kind::Warehouse, "none")).await.unwrap(), []);
    assert_eq!(store.document(&EntityId::new(Kind::Warehouse, "KHI")).await.unwrap(), None, "not a prefix match");
}

async fn a_projection_can_be_repeated(store: &dyn Store) {
    Chain::start(store).await;
    let mut first = projection("documents", 5, &["a", "b", "c"]);
    first.documents[0].parts.push((Part::named("p"), said(&json!(1))));
    first.documents[0].due = Some(Timestamp::from_millis(50));
    first.rows = vec![
        RowWrite { table: "movement", key: vec![json!("w"), json!(1)], body: Some(json!({"n": 1})) },
        RowWrite { table: "search", key: vec![json!("order"), json!("a")], body: Some(json!({"text": "alpha"})) },
        RowWrite { table: "answer", key: vec![json!("cmd")], body: None },
    ];
    for _ in 0..3 {
        store.project(&first).await.unwrap();
        let found = store.document(&order("a")).await.unwrap().expect("the document is there");
        assert_eq!((found.seq, found.parts.len()), (5, 2));
    }
    // A new node has learnt nothing about which rows exist.
    store.start("again").await.unwrap();
    store.project(&first).await.unwrap();
    // `new` may be wrong after a crash half way: one row is there, another is not.
    let mixed = projection("documents", 6, &["c", "d"]);
    store.project(&mixed).await.unwrap();
    assert_eq!(store.document(&order("c")).await.unwrap().map(|found| found.seq), Some(6));
    assert_eq!(store.document(&order("d")).await.unwrap().map(|found| found.seq), Some(6));
    assert_eq!(store.timers(Timestamp::from_millis(50), 10).await.unwrap().len(), 1);
    assert_eq!(store.query(&listing(vec![], None, 10)).await.unwrap().rows.len(), 4);
    let odd = RowWrite { table: "nowhere", key: vec![json!(1)], body: None };
    let odd = Projection { consumer: "documents".into(), seq: 7, documents: vec![], rows: vec![odd] };
    assert!(store.project(&odd).await.is_err(), "an unknown table is refused");
}

async fn cursors_only_move_forward(store: &dyn Store) {
    Chain::start(store).await;
    let go = |consumer: &str, seq: u64| Projection { consumer: consumer.into(), seq, ..Projection::default() };
    for (consumer, seq, wanted) in [("documents", 5, 5), ("documents", 3, 5), ("documents", 9, 9), ("hook:1 'x'", 2, 2)]
    {
        store.project(&go(consumer, seq)).await.unwrap();
        assert_eq!(store.cursor(consumer).await.unwrap(), wanted, "{consumer}");
    }
    assert_eq!(store.start("again").await.unwrap().projected, 9);
    assert_eq!(store.query(&listing(vec![], None, 10)).await.unwrap().seq, 9, "a list says what it reflects");
}

async fn timers_come_when_due(store: &dyn Store) {
    Chain::start(store).await;
    let at = Timestamp::from_millis;
    let mut given = projection("documents", 1, &["a", "b", "c", "d"]);
    for (write, due) in given.documents.iter_mut().zip([2_000, 1_000, 3_000, -5]) {
        write.due = Some(at(due));
    }
    store.project(&given).await.unwrap();
    let due = |millis, limit| store.timers(at(millis), limit);
    let timer = |millis, id| (at(millis), order(id));
    assert_eq!(due(-6, 10).await.unwrap(), []);
    assert_eq!(due(2_000, 10).await.unwrap(), [timer(-5, "d"), timer(1_000, "b"), timer(2_000, "a")]);
    assert_eq!(due(9_000, 2).await.unwrap(), [timer(-5, "d"), timer(1_000, "b")]);
    store.clear_timers(&[timer(1_000, "b"), timer(-5, "d"), timer(7, "never")]).await.unwrap();
    store.clear_timers(&[timer(1_000, "b")]).await.unwrap();
    store.clear_timers(&[]).await.unwrap();
    assert_eq!(due(9_000, 10).await.unwrap(), [timer(2_000, "a"), timer(3_000, "c")]);
}

async fn lists_filter_and_sort(store: &dyn Store) {
    Chain::start(store).await;
    let views = [
        ("a", json!({"status": "open", "at": 3, "total": 1.5, "phone": "+92300", "tags": ["x", "y"]})),
        ("b", json!({"status": "open", "at": 1, "total": 2, "phone": "+92311", "tags": ["y"]})),
        ("c", json!({"status": "shut", "at": 2, "total": null, "phone": "+1555", "tags": []})),
        ("d", json!({"status": "open", "at": 2, "total": -1})),
        ("e", json!({"status": "$x OR true; --", "at": 9, "total": 10})),
    ];
    let mut documents: Vec<_> = views.iter().map(|(id, view)| write(id, 1, true, view.clone())).collect();
    documents.push(write("f", 1, true, Value::Null));
    store.project(&Projection { consumer: "documents".into(), seq: 1, documents, rows: vec![] }).await.unwrap();
    let by = |column, descending| Some(Sort { column, descending });
    let cases = [
        (vec![], None, "abcdef"),
        (vec![filter("status", Op::Eq, json!("open"))], by("at", true), "adb"),
        (vec![filter("status", Op::Eq, json!("open"))], by("at", false), "bda"),
        (vec![filter("status", Op::Eq, json!("$x OR true; --"))], None, "e"),
        (vec![filter("at", Op::Ge, json!(2)), filter("at", Op::Le, json!(3))], by("at", false), "cda"),
        (vec![filter("at", Op::Eq, json!(2))], by("status", true), "cd"),
        (vec![filter("total", Op::Le, json!(2))], None, "abd"),
        (vec![filter("total", Op::Ge, json!(1.5))], None, "abe"),
        (vec![filter("tags", Op::Contains, json!("y"))], None, "ab"),
        (vec![filter("phone", Op::Prefix, json!("+923"))], None, "ab"),
        (vec![filter("phone", Op::Prefix, json!("+92300"))], None, "a"),
        (vec![filter("nothing", Op::Eq, json!("x"))], None, ""),
        (vec![], by("at", true), "eadcbf"),
    ];
    for (filters, sort, wanted) in cases {
        let query = listing(filters, sort, 50);
        let page = store.query(&query).await.unwrap();
        assert_eq!(ids(&page).concat(), wanted, "{query:?}");
        assert_eq!(page.next, None);
    }
    let page = store.query(&listing(vec![filter("at", Op::Eq, json!(3))], None, 1)).await.unwrap();
    assert_eq!(page.rows, [Row { id: "a".into(), version: 1, seq: 1, body: views[0].1.clone() }]);
}

async fn lists_page_without_gaps_or_repeats(store: &dyn Store) {
    Chain::start(store).await;
    let view = |n: u64| match n % 7 {
        0 => json!({"status": "open"}),
        1 => json!({"status": "open", "at": null}),
        _ => {
            json!({"status": if n.is_multiple_of(2) { "open" } else { "shut" }, "at": format!("2026-01-{:02}", n % 5)})
        }
    };
    let documents = (0..45).map(|n| write(&format!("o{n:02}"), 1, true, view(n))).collect();
    store.project(&Projection { consumer: "documents".into(), seq: 1, documents, rows: vec![] }).await.unwrap();
    for sort in [
        None,
        Some(Sort { column: "at", descending: false }),
        Some(Sort { column: "at", descending: true }),
        Some(Sort { column: "nothing", descending: true }),
    ] {
        for filters in [vec![], vec![filter("status", Op::Eq, json!("open"))]] {
            let mut query = listing(filters, sort.clone(), 500);
            let whole = store.query(&query).await.unwrap();
            assert_eq!(whole.next, None);
            for limit in [1, 7, 45] {
                query.limit = limit;
                query.after = None;
                let mut rows = Vec::new();
                loop {
                    let page = store.query(&query).await.unwrap();
                    assert!(page.rows.len() <= limit);
                    rows.extend(page.rows);
                    let Some(next) = page.next else { break };
                    query.after = Some(next);
                }
                assert_eq!(rows, whole.rows, "sort {sort:?} limit {limit}");
            }
        }
    }
}

async fn rows_come_in_key_order(store: &dyn Store) {
    Chain::start(store).await;
    let key = |n: u64| vec![json!("KHI"), json!(if n.is_multiple_of(2) { "A" } else { "AB" }), json!(n), json!("x")];
    let rows = (0..20)
        .map(|n| RowWrite {
            table: "movement",
            key: key(n),
            body: Some(json!({"n": n, "kind": if n < 10 { "in" } else { "out" }})),
        })
        .collect();
    store.project(&Projection { consumer: "movements".into(), seq: 1, documents: vec![], rows }).await.unwrap();
    let query = |prefix: Vec<Value>, descending, filters, limit| Query {
        source: Source::Rows { table: "movement", prefix, descending },
        filters,
        search: None,
        sort: None,
        after: None,
        limit,
    };
    let numbers = |page: &Page| page.rows.iter().map(|row| row.body["n"].as_u64().unwrap()).collect::<Vec<_>>();
    let even: Vec<u64> = (0..20).filter(|n| n % 2 == 0).collect();
    let a = vec![json!("KHI"), json!("A")];
    let page = store.query(&query(a.clone(), false, vec![], 50)).await.unwrap();
    assert_eq!(numbers(&page), even, "a prefix is by key part, not by letter");
    assert_eq!(page.rows[1].id, r#"["KHI","A",2,"x"]"#);
    let page = store.query(&query(a.clone(), true, vec![filter("kind", Op::Eq, json!("in"))], 50)).await.unwrap();
    assert_eq!(numbers(&page), [8, 6, 4, 2, 0]);
    let page = store.query(&query(vec![json!("LHE")], true, vec![], 50)).await.unwrap();
    assert_eq!(page.rows, []);
    for descending in [false, true] {
        let mut paged = query(vec![json!("KHI")], descending, vec![], 3);
        let whole = store.query(&Query { limit: 50, ..paged.clone() }).await.unwrap();
        assert_eq!(whole.rows.len(), 20);
        let mut seen = Vec::new();
        loop {
            let page = store.query(&paged).await.unwrap();
            seen.extend(page.rows);
            let Some(next) = page.next else { break };
            paged.after = Some(next);
        }
        assert_eq!(seen, whole.rows, "descending {descending}");
    }
    let gone = RowWrite { table: "movement", key: key(0), body: None };
    store
        .project(&Projection { consumer: "movements".into(), seq: 2, documents: vec![], rows: vec![gone] })
        .await
        .unwrap();
    assert_eq!(numbers(&store.query(&query(a, false, vec![], 50)).await.unwrap()), even[1..]);
}

async fn search_finds_words_by_prefix(store: &dyn Store) {
    Chain::start(store).await;
    let row = |id: &str, text: &str| RowWrite {
        table: "search",
        key: vec![json!("order"), json!(id)],
        body: Some(json!({"text": text})),
    };
    let mut given = projection("documents", 1, &["a", "b", "c"]);
    given.documents[2].view = json!({"status": "shut", "at": 7});
    given.rows = vec![
        row("a", "SO-2026-000001 Áhmed Khan +923001234567"),
        row("b", "SO-2026-000002 Ayesha Khan"),
        row("c", "SO-2026-000003 عائشہ Khanum-o'Neil"),
        RowWrite { key: vec![json!("customer"), json!("a")], ..row("a", "Ahmed elsewhere zebra") },
    ];
    store.project(&given).await.unwrap();
    let query = |text: &str| Query { search: Some(text.into()), ..listing(vec![], None, 10) };
    for (text, wanted) in [
        ("ahm", "a"),
        ("AHMED k", "a"),
        ("khan", "abc"),
        ("khan aye", "b"),
        ("so-2026-000003", "c"),
        ("عائ", "c"),
        ("92300", "a"),
        ("hmed", ""),
        ("zebra", ""),
        ("ahmed ayesha", ""),
        ("", ""),
        (" ' \" ; $x", ""),
    ] {
        assert_eq!(ids(&store.query(&query(text)).await.unwrap()).concat(), wanted, "{text:?}");
    }
    let filtered = Query {
        filters: vec![filter("status", Op::Eq, json!("open"))],
        sort: Some(Sort { column: "at", descending: true }),
        limit: 1,
        ..query("khan")
    };
    let page = store.query(&filtered).await.unwrap();
    assert_eq!(ids(&page), ["b"]);
    let page = store.query(&Query { after: page.next, ..filtered }).await.unwrap();
    assert_eq!((ids(&page), page.next.is_none()), (vec!["a"], true));
    // Text can change and go.
    let changed = Projection {
        consumer: "search".into(),
        seq: 2,
        documents: vec![],
        rows: vec![row("a", "Bilal"), RowWrite { body: None, ..row("b", "") }],
    };
    store.project(&changed).await.unwrap();
    assert_eq!(ids(&store.query(&query("khan")).await.unwrap()), ["c"]);
    assert_eq!(ids(&store.query(&query("bil")).await.unwrap()), ["a"]);
}

async fn bad_queries_are_refused(store: &dyn Store) {
    Chain::start(store).await;
    store.project(&projection("documents", 1, &["a", "b"])).await.unwrap();
    let sorted = listing(vec![], Some(Sort { column: "at", descending: true }), 1);
    let next = store.query(&sorted).await.unwrap().next.expect("there is a second page");
    let rows = Query {
        source: Source::Rows { table: "movement", prefix: vec![], descending: false },
        ..listing(vec![], None, 1)
    };
    let nowhere = Source::Rows { table: "meta", prefix: vec![], descending: false };
    let cases = [
        Query { limit: 0, ..sorted.clone() },
        Query { limit: 501, ..sorted.clone() },
        Query { after: Some("garbage".into()), ..sorted.clone() },
        Query { after: Some(String::new()), ..sorted.clone() },
        Query { after: Some(format!("{next}00")), ..sorted.clone() },
        Query { after: Some(next.clone()), sort: None, ..sorted.clone() },
        Query { after: Some(next.clone()), ..rows.clone() },
        Query { source: nowhere, ..rows.clone() },
        Query { search: Some("x".into()), ..rows },
        listing(vec![filter("a; DELETE meta", Op::Eq, json!(1))], None, 1),
        listing(vec![filter("", Op::Eq, json!(1))], None, 1),
        listing(vec![filter("status", Op::Prefix, json!(1))], None, 1),
        listing(vec![], Some(Sort { column: "at DESC", descending: false }), 1),
    ];
    for query in cases {
        let answer = store.query(&query).await;
        assert!(matches!(answer, Err(StoreError::Query(_))), "{query:?} answered {answer:?}");
    }
    let fine = Query { after: Some(next), ..sorted };
    assert_eq!(ids(&store.query(&fine).await.unwrap()), ["a"]);
}

async fn entities_are_paged(store: &dyn Store) {
    Chain::start(store).await;
    let names = ["a", "a/1", "b", "ü", "用"];
    store.project(&projection("documents", 1, &names)).await.unwrap();
    let mut seen = Vec::new();
    loop {
        let after = seen.last().map(|entity: &EntityId| entity.id.clone());
        let page = store.entities(Kind::Order, after.as_deref(), 2).await.unwrap();
        if page.is_empty() {
            break;
        }
        seen.extend(page);
    }
    assert_eq!(seen, names.map(order));
    assert_eq!(store.entities(Kind::Product, None, 10).await.unwrap(), []);
}

async fn wiping_leaves_the_journal(store: &dyn Store) {
    let mut chain = Chain::start(store).await;
    let batch = chain.batch(&["a", "b"]);
    store.commit(&batch).await.unwrap();
    let mut given = projection("documents", 2, &["a", "b"]);
    given.documents[0].due = Some(Timestamp::from_millis(1));
    given.documents[0].parts.push((Part::named("p"), said(&json!(1))));
    given.rows = vec![RowWrite { table: "answer", key: vec![json!("cmd")], body: Some(json!({"id": "a"})) }];
    store.project(&given).await.unwrap();
    store.wipe_projections().await.unwrap();
    assert_eq!(store.document(&order("a")).await.unwrap(), None);
    assert_eq!(store.entities(Kind::Order, None, 10).await.unwrap(), []);
    assert_eq!(store.cursor("documents").await.unwrap(), 0);
    assert_eq!(store.timers(Timestamp::from_millis(9), 10).await.unwrap(), []);
    assert_eq!(store.query(&listing(vec![], None, 10)).await.unwrap(), Page::default());
    assert_eq!(store.journal(0, 10).await.unwrap(), batch.entries);
    store.project(&given).await.unwrap();
    assert_eq!(store.document(&order("a")).await.unwrap().map(|found| found.parts.len()), Some(2));
}

async fn a_large_batch_is_one_batch(store: &dyn Store) {
    let mut chain = Chain::start(store).await;
    let names: Vec<String> = (0..700).map(|n| format!("o{n:04}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let batch = chain.batch(&names);
    store.commit(&batch).await.unwrap();
    for (after, limit) in [(0, 10), (31, 1), (32, 1), (650, 10), (690, 100)] {
        let page = store.journal(after as u64, limit).await.unwrap();
        assert!(page.len() >= limit.min(700 - after), "{} entries after {after}, limit {limit}", page.len());
        assert_eq!(page, batch.entries[after..after + page.len()]);
    }
    store.project(&projection("documents", 700, &names)).await.unwrap();
    assert_eq!(store.entities(Kind::Order, None, 1_000).await.unwrap().len(), 700);
    assert_eq!(store.cursor("documents").await.unwrap(), 700);
}

fn work(table: WorkTable, owner: &str, id: &str, body: Value) -> WorkRow {
    WorkRow { key: WorkKey::new(table, owner, id), body }
}

async fn open_work_is_written_once_and_fenced(store: &dyn Store) {
    let start = store.start("one").await.unwrap();
    assert_eq!(store.position("a").await.unwrap(), None);
    let planned = WorkWrite {
        insert: vec![
            work(WorkTable::Effect, "a", "e1", json!({"state": "planned", "text": "سلام ' \" \\"})),
            work(WorkTable::Inbox, "a", "e1", json!(["raw"])),
        ],
        positions: vec![("a".into(), 7)],
        ..WorkWrite::of(start.epoch)
    };
    for _ in 0..2 {
        store.work(&planned).await.unwrap();
    }
    let key = &planned.insert[0].key;
    assert_eq!(store.work_row(key).await.unwrap().as_ref(), Some(&planned.insert[0]));
    assert_eq!(store.position("a").await.unwrap(), Some(7));
    let mark = WorkWrite {
        put: vec![work(WorkTable::Effect, "a", "e1", json!({"state": "in_flight"}))],
        positions: vec![("a".into(), 3)],
        awaited: true,
        ..WorkWrite::of(start.epoch)
    };
    store.work(&mark).await.unwrap();
    store.work(&planned).await.unwrap();
    assert_eq!(store.work_row(key).await.unwrap().as_ref(), Some(&mark.put[0]), "what is there is not planned again");
    assert_eq!(store.position("a").await.unwrap(), Some(7), "a position does not move back");
    store.wipe_projections().await.unwrap();
    assert_eq!(store.position("a").await.unwrap(), Some(7), "a rebuild plans nothing again");
    store.start("two").await.unwrap();
    let settle = WorkWrite { delete: vec![key.clone()], ..WorkWrite::of(start.epoch) };
    assert_eq!(store.work(&settle).await, Err(StoreError::Fenced));
    assert!(store.work_row(key).await.unwrap().is_some());
    let settle = WorkWrite { epoch: start.epoch + 1, ..settle };
    for _ in 0..2 {
        store.work(&settle).await.unwrap();
    }
    assert_eq!(store.work_row(key).await.unwrap(), None);
    assert!(store.work_row(&planned.insert[1].key).await.unwrap().is_some(), "tables are apart");
}

async fn open_work_is_listed_by_owner(store: &dyn Store) {
    let start = store.start("one").await.unwrap();
    let mut rows = Vec::new();
    for (owner, count) in [("a", 3), ("a/b", 2), ("b", 4)] {
        rows.extend((0..count).map(|n| work(WorkTable::Dead, owner, &format!("d{n}"), json!({"n": n}))));
    }
    let write = WorkWrite { insert: rows.clone(), ..WorkWrite::of(start.epoch) };
    store.work(&write).await.unwrap();
    assert_eq!(store.work_rows(WorkTable::Dead, None, None, 100).await.unwrap(), rows);
    assert_eq!(store.work_rows(WorkTable::Dead, Some("a"), None, 100).await.unwrap(), rows[..3]);
    assert_eq!(store.work_rows(WorkTable::Dead, Some("a"), Some(&rows[0].key), 1).await.unwrap(), rows[1..2]);
    assert_eq!(store.work_rows(WorkTable::Dead, None, Some(&rows[2].key), 3).await.unwrap(), rows[3..6]);
    assert_eq!(store.work_rows(WorkTable::Dead, Some("c"), None, 100).await.unwrap(), []);
    assert_eq!(store.work_rows(WorkTable::Effect, None, None, 100).await.unwrap(), []);
}

async fn reopening_keeps_everything<M, F>(make: &M)
where
    M: Fn(bool) -> F,
    F: Future<Output = Option<Arc<dyn Store>>>,
{
    let store = make(false).await.expect("an empty store opens");
    let mut chain = Chain::start(&*store).await;
    let epoch = chain.epoch;
    let (first, second) = (chain.batch(&["a", "b"]), chain.batch(&["a"]));
    store.commit(&first).await.unwrap();
    store.commit(&second).await.unwrap();
    let mut given = projection("documents", 3, &["a", "b"]);
    given.documents[0].due = Some(Timestamp::from_millis(1));
    store.project(&given).await.unwrap();
    let open = work(WorkTable::Effect, "a", "e1", json!({"state": "in_flight"}));
    let write = WorkWrite { insert: vec![open.clone()], positions: vec![("a".into(), 3)], ..WorkWrite::of(epoch) };
    store.work(&write).await.unwrap();
    store.close().await.unwrap();
    let closed = store.journal(0, 1).await;
    assert!(matches!(closed, Err(StoreError::Unavailable(_))), "a closed store answers {closed:?}");
    let Some(store) = make(true).await else { return };
    let start = store.start("again").await.unwrap();
    let journal = start.journal.clone();
    let wanted = Start { epoch: epoch + 1, journal, head: 3, hash: chain.hash.clone(), processed: 2, projected: 3 };
    assert_eq!(start, wanted);
    let journal = store.journal(0, 10).await.unwrap();
    assert_eq!(journal, [first.entries, second.entries].concat());
    assert_eq!(chain::verify(chain::GENESIS, &journal).unwrap(), start.hash);
    assert!(store.batch_exists(epoch, 3).await.unwrap());
    assert_eq!(store.document(&order("a")).await.unwrap().map(|found| found.seq), Some(3));
    assert_eq!(store.timers(Timestamp::from_millis(1), 10).await.unwrap().len(), 1);
    assert_eq!(store.work_rows(WorkTable::Effect, Some("a"), None, 10).await.unwrap(), [open]);
    assert_eq!(store.position("a").await.unwrap(), Some(3));
    assert_eq!(store.commit(&chain.batch(&["a"])).await, Err(CommitError::Fenced));
    store.close().await.unwrap();
}
