//! Profiles `live` and `stored`: many live orders and the memory they take; many stored orders and how fast a
//! server with them answers again after SIGKILL under load.

use std::{
    io::{BufWriter, Write},
    path::Path,
    time::{Duration, Instant},
};

use crate::{
    client::Call,
    open_loop::{Shed, drive},
    server::{Fault, Server, Site, resident_mib},
    shop::{self, Plan, Shop},
    stats::spread,
};

const PLAN: Plan =
    Plan { skus: 100, units: 1_000_000, warehouses: 1, customers: 500, credit: 900_000_000, to_floor: true };

/// Places `orders` orders that all stay in memory, and tells what they take.
///
/// # Errors
/// What went wrong.
pub async fn live(site: &Site, orders: u64, connections: usize) -> Result<(), Fault> {
    let mut site = site.clone();
    site.settings.push(("MUNSHI_RUNTIME__PASSIVATE_AFTER".into(), "24h".into()));
    let (mut server, shop) = shop::open(&site, PLAN).await?;
    let before = resident_mib(server.pid()).unwrap_or_default();
    let (names, token) = (shop.clone(), shop.token.clone());
    // A rate nobody keeps up with makes the loop a closed one: each connection sends as fast as it is answered.
    let rate = 1e6;
    #[allow(clippy::cast_precision_loss, reason = "counts of a run are far below 2^53")]
    let length = Duration::from_secs_f64(orders as f64 / rate);
    let make = move |n| Call::post("/orders", format!("live-{n}"), &order(&names, n));
    let measured = drive(&server, &token, rate, length, connections, Shed::Retry, make).await?;
    measured.print(&format!("{orders} orders, {connections} connections, as fast as answered"));
    let at_once = resident_mib(server.pid()).unwrap_or_default();
    // What the rush left behind is written, and buffers are given back.
    tokio::time::sleep(Duration::from_secs(10)).await;
    let after = resident_mib(server.pid()).unwrap_or_default();
    let live = server.metric("munshi_actor_live{kind=\"order\"}").await?;
    println!(
        "{live:.0} orders live; resident memory {before:.0} MiB before, {at_once:.0} MiB at once, {after:.0} MiB after 10 s"
    );
    server.stop().await;
    println!("doctor: {}", site.doctor().await?);
    Ok(())
}

/// Imports `orders` past orders, then kills the server under load and restarts it a few times.
///
/// # Errors
/// What went wrong.
pub async fn stored(site: &Site, orders: u64, restarts: usize) -> Result<(), Fault> {
    let file = site.data.with_file_name("past-orders.csv");
    past_orders(&file, orders).map_err(|error| format!("{}: {error}", file.display()))?;
    let began = Instant::now();
    println!("{}", site.import_orders(&file).await?);
    #[allow(clippy::cast_precision_loss, reason = "counts of a run are far below 2^53")]
    let rate = orders as f64 / began.elapsed().as_secs_f64();
    println!("{orders} past orders imported, {rate:.0}/s");
    let (mut server, shop) = shop::open(site, PLAN).await?;
    let (mut answers, mut acks) = (Vec::new(), Vec::new());
    for n in 0..restarts {
        let (names, token) = (shop.clone(), shop.token.clone());
        let make = move |at| Call::post("/orders", format!("load-{n}-{at}"), &order(&names, at));
        let load = drive(&server, &token, 500.0, Duration::from_secs(3), 64, Shed::Count, make);
        // Dropped in the middle, so the kill comes while orders are being placed.
        let _ = tokio::time::timeout(Duration::from_secs(2), load).await;
        let killed = Instant::now();
        server.kill().await;
        server = site.start().await?;
        answers.push(server.first_answer(&shop.token).await?);
        acks.push(first_ack(&server, &shop, n, killed).await?);
    }
    let (median, longest) = spread(&mut answers);
    println!("start to first answer: p50 {} ms, max {} ms", median.as_millis(), longest.as_millis());
    let (median, longest) = spread(&mut acks);
    println!("kill -9 to first order acknowledged: p50 {} ms, max {} ms", median.as_millis(), longest.as_millis());
    let resident = resident_mib(server.pid()).unwrap_or_default();
    println!("resident memory {resident:.0} MiB");
    server.stop().await;
    println!("doctor: {}", site.doctor().await?);
    Ok(())
}

fn order(shop: &Shop, n: u64) -> serde_json::Value {
    let at = usize::try_from(n).unwrap_or_default();
    let customer = &shop.customers[at % shop.customers.len()];
    let (first, second) = (&shop.skus[at % shop.skus.len()], &shop.skus[(at + 1) % shop.skus.len()]);
    shop::order(customer, &[(first.as_str(), 1), (second.as_str(), 1)], "terms")
}

async fn first_ack(server: &Server, shop: &Shop, n: usize, killed: Instant) -> Result<Duration, Fault> {
    let mut client = crate::client::Client::new(server.address, &shop.token);
    let call = Call::post("/orders", format!("first-{n}"), &order(shop, n as u64));
    while killed.elapsed() < Duration::from_secs(120) {
        match client.send(&call).await {
            Ok(answer) if answer.ok() => return Ok(killed.elapsed()),
            Ok(answer) if !answer.again() => return Err(answer.code()),
            _ => tokio::time::sleep(Duration::from_millis(2)).await,
        }
    }
    Err("no order is taken after the restart".into())
}

/// A file of past orders in Munshi's own layout: two lines each, over a year, from a thousand buyers.
fn past_orders(path: &Path, orders: u64) -> std::io::Result<()> {
    let mut out = BufWriter::new(std::fs::File::create(path)?);
    writeln!(out, "number,placed_at,sku,quantity,unit_price,currency,title,customer,customer_name,phone,city,country")?;
    for n in 0..orders {
        let (day, buyer) = (n * 365 / orders.max(1), n % 1_000);
        let (month, day) = (day / 31 + 1, day % 28 + 1);
        for line in 0..2 {
            let sku = (n + line) % 500;
            writeln!(
                out,
                "P-{n},2025-{month:02}-{day:02}T{:02}:{:02}:00Z,OLD-{sku:04},{},{}.00,PKR,Old item {sku},B-{buyer},Buyer {buyer},0301{buyer:07},Karachi,PK",
                n % 24,
                n % 60,
                line + 1,
                100 + sku,
            )?;
        }
    }
    out.flush()
}
