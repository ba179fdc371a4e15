//! Profiles `orders` and `hot-sku`: placed orders a second, spread over the catalogue or on one SKU.

use std::time::Duration;

use rand::{Rng, SeedableRng, rngs::StdRng};

use crate::{
    client::Call,
    open_loop::{Measured, Shed, drive},
    server::{Fault, Server, Site},
    shop::{self, Plan, Shop},
};

/// How to load.
#[derive(Clone, Debug)]
pub struct Load {
    /// Orders a second; the first step of a search.
    pub rate: f64,
    /// How long each step takes.
    pub length: Duration,
    /// Connections.
    pub connections: usize,
    /// Search the highest rate that is kept up.
    pub max: bool,
    /// Seed of the choices.
    pub seed: u64,
    /// One line of one SKU instead of two lines of many.
    pub hot: bool,
    /// On to the floor: allocation is followed by release, fulfilment and pick assignment.
    pub to_floor: bool,
}

/// Runs the profile on a fresh shop; answers the highest rate kept up, if one was searched for.
///
/// # Errors
/// What went wrong.
pub async fn run(site: &Site, load: Load) -> Result<Option<f64>, Fault> {
    let skus = if load.hot { 1 } else { 200 };
    let to_floor = load.to_floor;
    let plan = Plan { skus, units: 1_000_000, warehouses: 1, customers: 1_000, credit: 100_000_000, to_floor };
    let (mut server, shop) = shop::open(site, plan).await?;
    let done = measure(&server, &shop, &load).await;
    server.stop().await;
    let best = done?;
    println!("doctor: {}", site.doctor().await?);
    Ok(best)
}

async fn measure(server: &Server, shop: &Shop, load: &Load) -> Result<Option<f64>, Fault> {
    let warm = step(server, shop, load, "warm", load.rate.min(200.0), Duration::from_secs(3)).await?;
    warm.print("warm-up");
    if !load.max {
        let measured = step(server, shop, load, "run", load.rate, load.length).await?;
        measured.print(&format!("{} orders/s offered", load.rate));
        return Ok(None);
    }
    let (mut rate, mut best) = (load.rate, None::<(f64, f64)>);
    // Each step offers a quarter more; sixty steps are more than any machine keeps up with.
    for n in 0..60 {
        let measured = step(server, shop, load, &format!("step-{n}"), rate, load.length).await?;
        measured.print(&format!("{rate:.0} orders/s offered"));
        if measured.rate() < rate * 0.95 || measured.tally.failed() > 0 {
            break;
        }
        best = Some((rate, measured.tally.millis(0.99)));
        rate *= 1.25;
    }
    match best {
        Some((rate, p99)) => println!("highest rate kept up: {rate:.0} orders/s at p99 {p99:.2} ms"),
        None => println!("the first rate was not kept up; start lower with --rate"),
    }
    Ok(best.map(|(rate, _)| rate))
}

async fn step(
    server: &Server,
    shop: &Shop,
    load: &Load,
    name: &str,
    rate: f64,
    length: Duration,
) -> Result<Measured, Fault> {
    let (shop, name, seed, hot, token) = (shop.clone(), name.to_owned(), load.seed, load.hot, shop.token.clone());
    drive(server, &token, rate, length, load.connections, Shed::Count, move |n| {
        let mut random = StdRng::seed_from_u64(seed ^ n.wrapping_mul(0x9E37_79B9_7F4A_7C15));
        let customer = &shop.customers[random.random_range(0..shop.customers.len())];
        let first = random.random_range(0..shop.skus.len());
        let body = if hot {
            shop::order(customer, &[(&shop.skus[0], 1)], "terms")
        } else {
            let second = (first + 1 + random.random_range(0..shop.skus.len() - 1)) % shop.skus.len();
            shop::order(customer, &[(&shop.skus[first], 1), (&shop.skus[second], 2)], "terms")
        };
        Call::post("/orders", format!("{name}-{seed}-{n}"), &body)
    })
    .await
}
