//! Verbs that move data into and out of the shop, on a node without a server. Files are opened before the data
//! directory, so that a wrong path leaves nothing behind.

use super::{Stop, on_node, open::Data};
use crate::{
    config::Config,
    tools::{
        self,
        export::{Export, ExportArgs},
        import::{Import, ImportArgs},
    },
};

/// Fills the shop with demo data.
pub async fn seed(config: Config) -> Result<(), Stop> {
    on_node(&config, Data::New, async |node| tools::seed::run(config.clone(), node).await.map(|_| ())).await
}

/// Takes what a file holds.
pub async fn import(config: Config, args: ImportArgs) -> Result<(), Stop> {
    let import = Import::prepare(args)?;
    on_node(&config, Data::New, async |node| import.run(&node).await.map(|_| ())).await
}

/// Writes what the shop holds to a file.
pub async fn export(config: Config, args: ExportArgs) -> Result<(), Stop> {
    let export = Export::prepare(args)?;
    on_node(&config, Data::Existing, async |node| export.run(&node, &config).await).await
}
