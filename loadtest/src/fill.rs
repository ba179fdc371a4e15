//! Profiles `fill` and `live`: many stored orders and how fast a server with them restarts; many live orders and
//! the memory they take.

use std::time::Duration;

use crate::{
    client::Call,
    open_loop::{Shed, drive},
    server::{Fault, Site, resident_mib},
    shop::{self, Plan},
    stats::spread,
};

/// Places `orders` orders, then kills and restarts the server a few times.
///
/// # Errors
/// What went wrong.
pub async fn run(site: &Site, orders: u64, connections: usize, restarts: usize) -> Result<(), Fault> {
    let plan = Plan { skus: 100, units: 1_000_000, warehouses: 1, customers: 500, credit: 900_000_000 };
    let (mut server, shop) = shop::open(site, plan).await?;
    let before = resident_mib(server.pid()).unwrap_or_default();
    let (names, token) = (shop.clone(), shop.token.clone());
    // A rate nobody keeps up with makes the loop a closed one: each connection sends as fast as it is answered.
    let rate = 1e6;
    #[allow(clippy::cast_precision_loss, reason = "counts of a run are far below 2^53")]
    let length = Duration::from_secs_f64(orders as f64 / rate);
    let measured = drive(&server, &token, rate, length, connections, Shed::Retry, move |n| {
        let at = usize::try_from(n).unwrap_or_default();
        let customer = &names.customers[at % names.customers.len()];
        let lines =
            [(names.skus[at % names.skus.len()].as_str(), 1), (names.skus[(at + 1) % names.skus.len()].as_str(), 1)];
        Call::post("/orders", format!("fill-{n}"), &shop::order(customer, &lines, "terms"))
    })
    .await?;
    measured.print(&format!("{orders} orders, {connections} connections, as fast as answered"));
    let after = resident_mib(server.pid()).unwrap_or_default();
    println!("resident memory: {before:.0} MiB before, {after:.0} MiB after");
    let mut times = Vec::new();
    for _ in 0..restarts {
        server.kill().await;
        server = site.start().await?;
        times.push(server.first_answer(&shop.token).await?);
    }
    if !times.is_empty() {
        let (median, longest) = spread(&mut times);
        println!("kill -9 to first answer: p50 {} ms, max {} ms", median.as_millis(), longest.as_millis());
    }
    server.stop().await;
    println!("doctor: {}", site.doctor().await?);
    Ok(())
}
