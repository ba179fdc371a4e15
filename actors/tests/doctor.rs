//! What doctor finds (AUD-01, property 9 of state-machines.md §12): documents that do not follow from the journal, and
//! stock held for orders that do not exist.

use std::sync::Arc;

use munshi_actors::{Clock, Meta, Node, NodeConfig, doctor};
use munshi_domain::{
    EntityId, Kind, OrderId, Sku, UserId, WarehouseId,
    customer::Address,
    warehouse::{Condition, Profile, ReserveLine, ReserveMode, Warehouse, WarehouseCommand},
};
use munshi_store::{Document, DocumentWrite, Projection, Store, memory::MemoryStore};

struct Shop {
    store: Arc<dyn Store>,
}

impl Shop {
    /// Carries out commands at the one warehouse, one after the other.
    async fn act(&self, commands: Vec<WarehouseCommand>) {
        let node = Node::start(self.store.clone(), NodeConfig::default(), Clock::system()).await.unwrap();
        for (n, command) in commands.into_iter().enumerate() {
            let meta = Meta::user(UserId::from_u128(1), format!("{}-{n}", command.name()), Some("hash".into()));
            let code = WarehouseId::parse("KHI").unwrap();
            node.execute::<Warehouse, _>(code.as_str(), command, meta, |_: &Warehouse, _: u64| ()).await.unwrap();
        }
        node.shutdown().await;
    }

    async fn document(&self) -> Document {
        self.store.document(&warehouse()).await.unwrap().unwrap()
    }

    /// Writes a document as no event made it.
    async fn forge(&self, document: Document, version: u64) {
        let head = self.store.cursor("documents").await.unwrap();
        let parts = document.parts.into_iter().map(|(part, body)| (part, Some(body))).collect();
        let (entity, changed, view) = (warehouse(), Vec::new(), serde_json::Value::Null);
        let forged = DocumentWrite { entity, version, seq: head, new: false, view, parts, changed, due: None };
        let projection =
            Projection { consumer: "documents".into(), seq: head, documents: vec![forged], rows: Vec::new() };
        self.store.project(&projection).await.unwrap();
    }

    async fn faults(&self) -> Vec<String> {
        let report = doctor::run(&self.store).await.unwrap();
        assert_eq!(report.fault_count, report.faults.len() as u64);
        assert_eq!(report.is_clean(), report.faults.is_empty());
        report.faults
    }
}

fn warehouse() -> EntityId {
    EntityId::new(Kind::Warehouse, "KHI")
}

fn receive(quantity: u32) -> WarehouseCommand {
    let (sku, condition) = (Sku::parse("A").unwrap(), Condition::Sellable);
    WarehouseCommand::ReceiveStock { sku, quantity, condition, reference: "po".into(), reason: None }
}

async fn shop() -> Shop {
    let shop = Shop { store: Arc::new(MemoryStore::default()) };
    let profile = Profile { name: "Karachi".into(), address: Address::default() };
    shop.act(vec![WarehouseCommand::OpenWarehouse(profile), receive(10)]).await;
    assert_eq!(shop.faults().await, Vec::<String>::new());
    shop
}

#[tokio::test(flavor = "multi_thread")]
async fn aud_01_doctor_finds_a_document_that_its_events_did_not_make() {
    let shop = shop().await;
    let before = shop.document().await;
    shop.act(vec![receive(5)]).await;
    let after = shop.document().await;
    assert_eq!(shop.faults().await, Vec::<String>::new());
    shop.forge(before, after.version).await;
    let differs = format!("warehouse:KHI: document differs from the fold of its events at version {}", after.version);
    assert_eq!(shop.faults().await, [differs]);
    shop.forge(after.clone(), after.version + 1).await;
    let ahead = format!("warehouse:KHI: document has version {}, its events {}", after.version + 1, after.version);
    assert_eq!(shop.faults().await, [ahead]);
}

#[tokio::test(flavor = "multi_thread")]
async fn aud_01_doctor_finds_stock_that_is_held_for_no_order() {
    let shop = shop().await;
    let order = OrderId::from_u128(7);
    let line = ReserveLine { line: 1, sku: Sku::parse("A").unwrap(), quantity: 3, backorder: false };
    let reserve = WarehouseCommand::ReserveStock {
        order,
        lines: vec![line],
        mode: ReserveMode::AllOrNothing,
        expires: None,
        priority: 0,
        firm: false,
    };
    shop.act(vec![reserve]).await;
    let held = format!("warehouse KHI holds (3, 0, 0) for order {order}, which does not exist");
    assert_eq!(shop.faults().await, [held]);
}
