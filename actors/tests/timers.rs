//! Due times that wait in the store (runtime.md rule 10).

use std::{sync::Arc, time::Duration};

use munshi_actors::{Clock, Meta, Node, NodeConfig};
use munshi_domain::{
    EntityId, Kind, Timestamp, UserId, WarehouseId,
    customer::Address,
    warehouse::{Profile, Warehouse, WarehouseCommand},
};
use munshi_store::{DocumentWrite, Projection, Store, memory::MemoryStore};

/// What the ticker reads at a time.
const PAGE: usize = 1_000;
const OVERDUE: i64 = 4_500;
/// Due soon after its first look.
const SOON: i64 = 1_500;

#[test]
fn timers_that_pile_up_are_worked_off_without_waiting_for_the_next_scan() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        let store: Arc<dyn Store> = Arc::new(MemoryStore::default());
        let node = Node::start(store.clone(), NodeConfig::default(), Clock::system()).await.unwrap();
        let open = WarehouseCommand::OpenWarehouse(Profile { name: "Karachi".into(), address: Address::default() });
        let meta = Meta::user(UserId::from_u128(1), "open", Some("hash".into()));
        let code = WarehouseId::parse("KHI").unwrap();
        node.execute::<Warehouse, _>(code.as_str(), open, meta, |_: &Warehouse, _: u64| ()).await.unwrap();
        node.shutdown().await;

        let entity = EntityId::new(Kind::Warehouse, "KHI");
        let document = store.document(&entity).await.unwrap().unwrap();
        let head = store.cursor("documents").await.unwrap();
        let write = |due: i64| DocumentWrite {
            entity: entity.clone(),
            version: document.version,
            seq: head,
            new: false,
            view: serde_json::Value::Null,
            parts: document.parts.iter().map(|(part, body)| (part.clone(), Some(body.clone()))).collect(),
            changed: Vec::new(),
            due: Some(Timestamp::from_millis(due)),
        };
        let soon = Clock::system().now().as_millis() + 500;
        let documents = (1..=OVERDUE).chain(soon..soon + SOON).map(write).collect();
        let projection = Projection { consumer: "documents".into(), seq: head, documents, rows: Vec::new() };
        store.project(&projection).await.unwrap();
        let all = Timestamp::from_millis(soon + SOON);
        assert_eq!(store.timers(all, 10_000).await.unwrap().len(), 6_000);

        let node = Node::start(store.clone(), NodeConfig::default(), Clock::system()).await.unwrap();
        // Of those due soon it reads as many as it can, and the others as soon as those are over; what does not fill a
        // page is in memory, and its rows wait for the next scan.
        let worked_off = async {
            while store.timers(all, PAGE).await.unwrap().len() == PAGE {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        let waited = tokio::time::timeout(Duration::from_secs(20), worked_off).await;
        let left = store.timers(all, 10_000).await.unwrap().len();
        node.shutdown().await;
        assert!(waited.is_ok(), "{left} timers are left");
    });
}
