//! Profile `rush`: many buyers, few units, and a server that is killed in the middle of it.
//!
//! Audited afterwards: as many units sold as there were (or as credit allowed), none twice, none lost, and a clean
//! bill of `munshi doctor`.

use std::{sync::Arc, time::Duration};

use rand::{Rng, SeedableRng, rngs::StdRng};
use serde_json::Value;
use tokio::sync::{Semaphore, watch};

use crate::{
    client::{Call, Client},
    server::{Fault, Site},
    shop::{self, Plan, Shop},
};

/// How large, and which variant.
#[derive(Clone, Copy, Debug)]
pub struct Rush {
    /// Buyers, each with one order of one unit.
    pub buyers: usize,
    /// Units there are.
    pub units: u32,
    /// The units lie in two warehouses.
    pub two_warehouses: bool,
    /// One customer on terms, whose credit covers only a part of the units.
    pub credit: bool,
    /// Seed of the instant of the kill.
    pub seed: u64,
}

/// Runs one rush.
///
/// # Errors
/// What went wrong, or what the audit found.
pub async fn run(site: &Site, rush: Rush) -> Result<String, Fault> {
    let warehouses = if rush.two_warehouses { 2 } else { 1 };
    let per_warehouse = rush.units / warehouses;
    let units = per_warehouse * warehouses;
    let affordable = units * 3 / 5;
    let credit = if rush.credit { u64::from(affordable) * 100 } else { 1_000_000 };
    let plan =
        Plan { skus: 1, units: per_warehouse, warehouses: warehouses as usize, customers: 1, credit, to_floor: true };
    let (mut server, shop) = shop::open(site, plan).await?;
    let (place, address) = watch::channel(server.address);
    let (shop, gate) = (Arc::new(shop), Arc::new(Semaphore::new(128)));
    let payment = if rush.credit { "terms" } else { "cod" };
    let buyers: Vec<_> = (0..rush.buyers)
        .map(|n| {
            let body = shop::order(&shop.customers[0], &[(&shop.skus[0], 1)], payment);
            let call = Call::post("/orders", format!("buyer-{n}"), &body);
            tokio::spawn(buy(call, shop.token.clone(), address.clone(), gate.clone()))
        })
        .collect();
    let wait = StdRng::seed_from_u64(rush.seed).random_range(20..400);
    tokio::time::sleep(Duration::from_millis(wait)).await;
    server.kill().await;
    server = site.start().await?;
    place.send_replace(server.address);
    let (mut sold, mut refused) = (0_u32, std::collections::BTreeMap::<String, u32>::new());
    for buyer in buyers {
        match buyer.await.map_err(|error| error.to_string())?? {
            None => sold += 1,
            Some(code) => *refused.entry(code).or_default() += 1,
        }
    }
    let audited = audit(&shop, server.address, sold, units).await;
    server.stop().await;
    audited?;
    let cap = if rush.credit { affordable } else { units };
    let expected = cap.min(u32::try_from(rush.buyers).unwrap_or(u32::MAX));
    if sold != expected {
        return Err(format!(
            "sold {sold} of {units} units to {} buyers, expected {expected}: {refused:?}",
            rush.buyers
        ));
    }
    let doctor = site.doctor().await?;
    Ok(format!("sold {sold}, refused {refused:?}, killed after {wait} ms; doctor: {doctor}"))
}

/// Buys, with the same key until there is an answer; `None` means sold, otherwise the code of the refusal.
async fn buy(
    call: Call,
    token: String,
    address: watch::Receiver<std::net::SocketAddr>,
    gate: Arc<Semaphore>,
) -> Result<Option<String>, Fault> {
    let _turn = gate.acquire().await.map_err(|error| error.to_string())?;
    let now = *address.borrow();
    let mut client = Client::new(now, token);
    for _ in 0..2_000 {
        let now = *address.borrow();
        client.move_to(now);
        match client.send(&call).await {
            Ok(answer) if answer.ok() => return Ok(None),
            Ok(answer) if !answer.again() => return Ok(Some(answer.code())),
            _ => tokio::time::sleep(Duration::from_millis(20)).await,
        }
    }
    Err("a buyer never got an answer".into())
}

async fn audit(shop: &Shop, address: std::net::SocketAddr, sold: u32, units: u32) -> Result<(), Fault> {
    let mut client = Client::new(address, &shop.token);
    let (mut on_hand, mut promised, mut available) = (0, 0, 0);
    for code in &shop.warehouses {
        let row: Value =
            shop::must(&mut client, &Call::get(format!("/warehouses/{code}/stock/{}", shop.skus[0]))).await?;
        let number = |name: &str| row[name].as_i64().unwrap_or(i64::MIN);
        on_hand += number("on_hand");
        promised += number("reserved") + number("allocated");
        available += number("available");
    }
    let (sold, units) = (i64::from(sold), i64::from(units));
    if (on_hand, promised, available) == (units, sold, units - sold) {
        Ok(())
    } else {
        Err(format!(
            "of {units} units {sold} were sold, but on hand {on_hand}, promised {promised}, available {available}"
        ))
    }
}
