//! Making and changing products: their barcodes are unique keys.

use munshi_actors::node::{Applied, Meta, Node};
use munshi_domain::product::{Product, ProductCommand, ProductDetails};
use serde::{Serialize, de::DeserializeOwned};

use super::claims::{self, Taken, Want};
use crate::{api::outcome, problem::Problem};

/// Claims the barcode and defines the product; a barcode no longer used is given up after. A retry with the same
/// metadata answers the same.
///
/// # Errors
/// `barcode_taken`, and the product's refusals.
pub async fn define<R: Serialize + DeserializeOwned + Send + 'static>(
    node: &Node,
    details: ProductDetails,
    meta: Meta,
    view: impl FnOnce(&Product, u64) -> R + Send + 'static,
) -> Result<Applied<R>, Problem> {
    details.check().map_err(|refusal| Problem::refused(&refusal))?;
    let sku = details.sku.to_string();
    let barcode = details.barcode.clone();
    let before =
        node.read::<Product, _>(&sku, |product, _| product.details.as_ref().and_then(|known| known.barcode.clone()));
    let before = before.await.map_err(Problem::unavailable)?.flatten();
    let mut taken = Taken::new(node, &sku, meta.clone());
    if let Some(code) = &barcode {
        let want = Want { key: claims::barcode(code), code: "barcode_taken", field: "/barcode".into() };
        taken.take(&[want]).await?;
    }
    let command = ProductCommand::DefineProduct(Box::new(details));
    match node.execute::<Product, _>(&sku, command, meta, view).await {
        Ok(applied) => {
            if let Some(old) = before.filter(|old| !applied.replayed && barcode.as_ref() != Some(old)) {
                taken.drop_key(&claims::barcode(&old)).await;
            }
            Ok(applied)
        }
        Err(failure) => {
            let problem = match failure {
                munshi_actors::node::Failure::VersionConflict { expected: 0, .. } => {
                    Problem::new("sku_exists", format!("a product {sku} exists already")).at("/sku")
                }
                other => outcome::problem(other),
            };
            if !problem.status.is_server_error() {
                taken.give_back().await;
            }
            Err(problem)
        }
    }
}
