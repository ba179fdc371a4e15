//! Verbs that move data into and out of the shop, on a node without a server.

use munshi_actors::node::Node;

use super::Stop;
use crate::{
    boot,
    config::Config,
    tools::{self, export::ExportArgs, import::ImportArgs},
};

/// Fills the shop with demo data.
pub async fn seed(config: Config) -> Result<(), Stop> {
    on_node(&config, async |node| tools::seed::run(config.clone(), node).await.map(|_| ())).await
}

/// Takes what a file holds.
pub async fn import(config: Config, args: ImportArgs) -> Result<(), Stop> {
    on_node(&config, async |node| tools::import::run(args, &node).await.map(|_| ())).await
}

/// Writes what the shop holds to a file.
pub async fn export(config: Config, args: ExportArgs) -> Result<(), Stop> {
    on_node(&config, async |node| tools::export::run(args, &node).await).await
}

/// Runs a verb on the aggregates, and ends them in order however it went.
async fn on_node(config: &Config, verb: impl AsyncFnOnce(Node) -> Result<(), Stop>) -> Result<(), Stop> {
    let store = super::store(config).await?;
    let node = boot::node(config, store.clone()).await.map_err(Stop::Failed)?;
    let done = verb(node.clone()).await;
    node.shutdown().await;
    store.close().await?;
    done
}
