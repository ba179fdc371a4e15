//! The contract suite over every engine that can be opened here.

use std::sync::{Arc, Mutex};

use munshi_store::{
    Store, contract,
    surreal::{Options, SurrealStore},
};

async fn open(url: &str) -> Arc<dyn Store> {
    Arc::new(SurrealStore::open(url, Options::default()).await.expect("the store opens"))
}

async fn on_disk(scheme: &str) {
    let root = tempfile::tempdir().unwrap();
    let count = Mutex::new(0);
    contract::suite(|reopen| {
        let number = {
            let mut count = count.lock().unwrap();
            *count += u32::from(!reopen);
            *count
        };
        let url = format!("{scheme}://{}", root.path().join(number.to_string()).display());
        async move { Some(open(&url).await) }
    })
    .await;
}

#[tokio::test]
async fn mem_keeps_the_contract() {
    contract::suite(|reopen| async move { if reopen { None } else { Some(open("mem://").await) } }).await;
}

#[tokio::test]
async fn surrealkv_keeps_the_contract() {
    on_disk("surrealkv").await;
}

#[cfg(feature = "rocksdb")]
#[tokio::test]
async fn rocksdb_keeps_the_contract() {
    on_disk("rocksdb").await;
}
