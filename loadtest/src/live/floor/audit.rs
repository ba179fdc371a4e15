//! What is left after everything: stock by bin, numbers of commands, exceptions, the ledger, parcels that left.

use std::{collections::BTreeMap, net::SocketAddr};

use serde_json::Value;

use super::{
    hand::Scene,
    ledger::{Place, place},
};
use crate::{
    client::{Call, Client},
    server::Fault,
    shop,
};

/// Every page of a list.
async fn all(client: &mut Client, path: &str) -> Result<Vec<Value>, Fault> {
    let (mut items, mut after) = (Vec::new(), String::new());
    loop {
        let mark = if path.contains('?') { '&' } else { '?' };
        let page = shop::must(client, &Call::get(format!("{path}{mark}limit=200{after}"))).await?;
        items.extend(page["items"].as_array().cloned().unwrap_or_default());
        match page["next"].as_str() {
            Some(next) => after = format!("&after={}", next.replace('/', "%2F")),
            None => return Ok(items),
        }
    }
}

async fn bins(client: &mut Client, base: &str) -> Result<BTreeMap<Place, i64>, Fault> {
    let mut shown = BTreeMap::new();
    for bin in all(client, &format!("{base}/bins")).await? {
        let code = bin["location"].as_str().unwrap_or_default();
        for line in bin["lines"].as_array().into_iter().flatten() {
            let text = |field: &str| line[field].as_str().unwrap_or_default();
            let units = line["units"].as_i64().unwrap_or_default() - line["overdraw"].as_i64().unwrap_or_default();
            *shown.entry(place(code, text("sku"), text("plate"))).or_default() += units;
        }
    }
    shown.retain(|_, units| *units != 0);
    Ok(shown)
}

/// Holds everything against the auditor's books. `recorded` has the commands of each device.
///
/// # Errors
/// Everything that is not as it has to be.
pub async fn audit(address: SocketAddr, scene: &Scene, recorded: &[u64]) -> Result<String, Fault> {
    let mut client = Client::new(address, &scene.world.shop.token);
    let base = scene.world.base();
    let mut faults = Vec::new();
    let places = match scene.ledger.agrees(&bins(&mut client, &base).await?) {
        Ok(places) => places,
        Err(fault) => {
            faults.push(fault);
            0
        }
    };
    for device in all(&mut client, &format!("{base}/devices")).await? {
        let name = device["device"].as_str().unwrap_or_default();
        let number = name.strip_prefix("dev_").and_then(|n| n.parse::<usize>().ok());
        let wanted = number.and_then(|n| recorded.get(n));
        if wanted.copied() != device["seq"].as_u64() {
            faults.push(format!("{name} sent {wanted:?} commands, the floor decided {}", device["seq"]));
        }
    }
    let open = all(&mut client, &format!("{base}/exceptions")).await?;
    if !open.is_empty() {
        faults.push(format!("{} exceptions that nothing called for, such as {}", open.len(), open[0]));
    }
    for (sku, units) in scene.ledger.by_item() {
        let row = shop::must(&mut client, &Call::get(format!("{base}/stock/{sku}"))).await?;
        if row["on_hand"].as_i64() != Some(units) {
            faults.push(format!("the warehouse has {} of {sku}, the floor {units}", row["on_hand"]));
        }
    }
    let departed = all(&mut client, &format!("{base}/loads?state=departed")).await?;
    let shipped = scene.counts.shipped.load(std::sync::atomic::Ordering::Relaxed);
    if departed.len() as u64 != shipped {
        faults.push(format!("{shipped} loads were sent off, {} have left", departed.len()));
    }
    let commands: u64 = recorded.iter().sum();
    if faults.is_empty() {
        return Ok(format!(
            "{commands} commands decided once each, {places} places of stock as foretold, {shipped} loads left, no exception"
        ));
    }
    Err(format!("audit:\n- {}", faults.join("\n- ")))
}
