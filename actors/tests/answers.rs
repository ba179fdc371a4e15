//! A command that is accepted and changes nothing has used its id: a retry gets that answer, whatever happened since
//! and also after a restart (runtime.md rule 5), for kinds whose state is too large to be folded again as well.

use std::sync::Arc;

use munshi_actors::{Applied, Clock, Meta, Node, NodeConfig, doctor};
use munshi_domain::{
    Sku, UserId, WarehouseId,
    customer::Address,
    warehouse::{Condition, Profile, Warehouse, WarehouseCommand},
};
use munshi_store::{Store, memory::MemoryStore};

async fn start(store: &Arc<dyn Store>) -> Node {
    Node::start(store.clone(), NodeConfig::default(), Clock::system()).await.unwrap()
}

/// Sends a command to the one warehouse; the answer is what is available of the one SKU.
async fn send(node: &Node, command: WarehouseCommand, cmd: &str) -> Applied<u32> {
    let code = WarehouseId::parse("KHI").unwrap();
    let available = |state: &Warehouse, _: u64| state.available(&Sku::parse("A").unwrap());
    let meta = Meta::user(UserId::from_u128(1), cmd, Some("hash".into()));
    node.execute::<Warehouse, _>(code.as_str(), command, meta, available).await.unwrap()
}

fn receive(quantity: u32) -> WarehouseCommand {
    let (sku, condition) = (Sku::parse("A").unwrap(), Condition::Sellable);
    WarehouseCommand::ReceiveStock { sku, quantity, condition, reference: "po".into(), reason: None }
}

fn policy(safety: u32) -> WarehouseCommand {
    let sku = Sku::parse("A").unwrap();
    WarehouseCommand::SetStockPolicy { sku, safety, backorder_cap: None, low_stock: 0 }
}

#[test]
fn p24_an_answer_without_an_event_is_kept_by_a_large_kind_too() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        let store: Arc<dyn Store> = Arc::new(MemoryStore::default());
        let node = start(&store).await;
        let open = WarehouseCommand::OpenWarehouse(Profile { name: "Karachi".into(), address: Address::default() });
        send(&node, open, "open").await;
        send(&node, receive(10), "receive").await;
        send(&node, policy(2), "policy").await;
        let first = send(&node, policy(2), "policy again").await;
        assert_eq!((first.view, first.replayed), (8, false));
        send(&node, receive(5), "more").await;
        send(&node, policy(4), "stricter").await;
        // Decided anew, this would set the policy back and answer 13.
        let retry = send(&node, policy(2), "policy again").await;
        assert_eq!(retry, Applied { replayed: true, ..first.clone() });
        node.shutdown().await;
        let node = start(&store).await;
        let retry = send(&node, policy(2), "policy again").await;
        assert_eq!(retry, Applied { replayed: true, ..first }, "after a restart");
        let fresh = send(&node, receive(1), "last").await;
        assert_eq!(fresh.view, 12, "the policy of 4 stands");
        node.shutdown().await;
        let report = doctor::run(&store).await.unwrap();
        assert!(report.is_clean(), "{:#?}", report.faults);
    });
}
