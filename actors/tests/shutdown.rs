//! A node that was shut down has let go of its store, so that who closes that next hears of nothing that failed.

use std::sync::Arc;

use munshi_actors::{Clock, Meta, Node, NodeConfig};
use munshi_domain::{
    UserId, WarehouseId,
    customer::Address,
    warehouse::{Profile, Warehouse, WarehouseCommand},
};
use munshi_store::{Store, memory::MemoryStore};

#[test]
fn a_node_that_was_shut_down_holds_its_store_no_more() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        for round in 0..20 {
            let store: Arc<dyn Store> = Arc::new(MemoryStore::default());
            let node = Node::start(store.clone(), NodeConfig::default(), Clock::system()).await.unwrap();
            if round % 2 == 1 {
                let open = WarehouseCommand::OpenWarehouse(Profile { name: "K".into(), address: Address::default() });
                let code = WarehouseId::parse("KHI").unwrap();
                let meta = Meta::user(UserId::from_u128(1), "open", None);
                node.execute::<Warehouse, _>(code.as_str(), open, meta, |_, _| ()).await.unwrap();
            }
            node.shutdown().await;
            drop(node);
            assert_eq!(Arc::strong_count(&store), 1, "round {round}");
        }
    });
}
