//! Opening what a verb works on, and closing it again however the verb went.
//!
//! Invariant: a verb that only reads never makes a data directory; a store that was opened is closed before the
//! process ends.

use std::sync::Arc;

use munshi_actors::node::Node;
use munshi_store::Store;

use super::{Stop, stop};
use crate::{boot, config::Config};

/// Whether a verb needs data that is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Data {
    /// It makes no sense without.
    Existing,
    /// It may be the first to write.
    New,
}

/// Opens the store of a verb.
///
/// # Errors
/// Why it does not open, such as the holder of the data directory.
pub(super) async fn store(config: &Config) -> Result<Arc<dyn Store>, Stop> {
    boot::store(config).await.map_err(|error| stop::store(&error))
}

/// Runs a verb on the store and closes it.
pub(super) async fn on_store(
    config: &Config,
    data: Data,
    verb: impl AsyncFnOnce(Arc<dyn Store>) -> Result<(), Stop>,
) -> Result<(), Stop> {
    if data == Data::Existing && !boot::has_data(config) {
        return Err(Stop::refused("no_data", format!("nothing is stored in {}", config.data.dir.display())));
    }
    let store = store(config).await?;
    let done = verb(store.clone()).await;
    let closed = store.close().await.map_err(|error| stop::store(&error));
    done.and(closed)
}

/// Runs a verb on the aggregates, ends them in order and closes their store.
pub(super) async fn on_node(
    config: &Config,
    data: Data,
    verb: impl AsyncFnOnce(Node) -> Result<(), Stop>,
) -> Result<(), Stop> {
    on_store(config, data, async |store| {
        let node = boot::node(config, store).await.map_err(Stop::Failed)?;
        let done = verb(node.clone()).await;
        node.shutdown().await;
        done
    })
    .await
}
