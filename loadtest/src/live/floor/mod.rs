//! Profile `floor`: devices scan, consoles watch, customers order, and the server is killed again and again.
//!
//! The auditor foretells each effect. In the end nothing is lost or doubled: every command has the answer that was
//! foretold, stock by bin and the warehouse's ledger are the auditor's, each console's mirror is what a fresh console
//! sees and what the server's checksum says, no change was lost or came twice on the way, and doctor finds nothing.

pub mod audit;
mod consoles;
mod flows;
pub mod hand;
pub mod ledger;
pub mod world;

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use clap::Args;
use rand::{Rng, SeedableRng, rngs::StdRng};
use serde_json::{Value, json};
use tokio::{sync::watch, task::JoinHandle};

use super::peer::Net;
use crate::{
    client::{Call, Client},
    server::{Fault, Server, Site},
    shop,
    stats::spread,
};
use hand::{Counts, Hand, Scene};
use ledger::{Effect, Ledger, place};
use world::{Size, World};

/// How large and how bad.
#[derive(Clone, Debug, Args)]
pub struct Floor {
    /// Devices.
    #[arg(long, default_value_t = 200)]
    devices: usize,
    /// Consoles.
    #[arg(long, default_value_t = 50)]
    consoles: usize,
    /// Kills.
    #[arg(long, default_value_t = 10)]
    kills: usize,
    /// Orders a second.
    #[arg(long, default_value_t = 10.0)]
    orders: f64,
    /// Pieces of work that each device does at least.
    #[arg(long, default_value_t = 5)]
    work: usize,
    /// Share of answers that are lost on their way, in percent.
    #[arg(long, default_value_t = 0.0)]
    lose: f64,
    /// Share of commands that are sent twice, in percent.
    #[arg(long, default_value_t = 0.0)]
    resend: f64,
    /// Share of commands that the next one overtakes, in percent.
    #[arg(long, default_value_t = 0.0)]
    reorder: f64,
}

/// Settings of a server that is measured: many sockets from one address, tickets that outlive a restart, checksums often.
pub fn settings() -> Vec<(String, String)> {
    let mut settings = super::settings();
    settings.extend(
        [
            ("MUNSHI_LIVE__TICKET_KEY", "a key of a load test that everybody may know"),
            ("MUNSHI_LIVE__CHECK_EVERY", "1s"),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned())),
    );
    settings
}

/// Units of each sold item at the start.
const STOCK: u32 = 900_000;

/// Runs the profile and audits what is left.
///
/// # Errors
/// What went wrong, or what the audit found.
pub async fn run(site: &Site, floor: Floor, seed: u64) -> Result<(), Fault> {
    let site = &site.clone().with(&settings());
    let began = Instant::now();
    let size = Size { devices: floor.devices, moved: 12, sold: 8 };
    let (mut server, world) = World::open(site, size).await?;
    println!("{} devices enrolled after {:.1} s", size.devices, began.elapsed().as_secs_f64());
    let (place, address) = watch::channel(server.address);
    let share = |percent: f64| (percent / 100.0).clamp(0.0, 0.9);
    let net = Net { lose: share(floor.lose), resend: share(floor.resend), reorder: share(floor.reorder) };
    let scene = Scene {
        world: world.clone(),
        ledger: Arc::new(Ledger::default()),
        counts: Arc::new(Counts::default()),
        address: address.clone(),
        seed,
        net,
    };
    let done = Arc::new(AtomicBool::new(false));
    let hands = sign_on(&scene).await?;
    println!("everybody is signed on after {:.1} s", began.elapsed().as_secs_f64());
    let topics: Vec<String> =
        ["wh.w-1.orders", "wh.w-1.stock", "wh.w-1.tasks", "approvals.sales_manager"].map(str::to_owned).into();
    let (say, expected) = watch::channel(None);
    let watching = consoles::open(floor.consoles, seed, &world.shop.token, &topics, &address, &expected)?;
    let buyers = tokio::spawn(buy(scene.clone(), floor.orders, done.clone()));
    let work: Vec<JoinHandle<Result<Hand, Fault>>> =
        hands.into_iter().map(|hand| tokio::spawn(labour(hand, floor.work, done.clone()))).collect();
    kill(site, &mut server, &place, &scene, &floor, seed).await?;
    done.store(true, Ordering::Release);
    let placed = buyers.await.map_err(|error| error.to_string())??;
    let mut recorded = Vec::new();
    for hand in work {
        recorded.push(hand.await.map_err(|error| error.to_string())??.recorded);
    }
    let counts = &scene.counts;
    println!(
        "{placed} orders placed; {} commands answered ({} of them again after their first answer was lost), {} rejected as \
         foretold, {} batteries changed",
        counts.answered.load(Ordering::Relaxed),
        counts.duplicates.load(Ordering::Relaxed),
        counts.rejected.load(Ordering::Relaxed),
        counts.reboots.load(Ordering::Relaxed),
    );
    let shown = consoles::fresh(&world.shop.token, &topics, &address).await?;
    println!(
        "boards: {}",
        shown.iter().map(|(topic, one)| format!("{topic} {} rows", one.rows)).collect::<Vec<_>>().join(", ")
    );
    say.send_replace(Some(shown));
    let seen = watched(watching).await?;
    let audited = audit::audit(server.address, &scene, &recorded).await;
    server.stop().await;
    println!("{}\n{seen}", audited?);
    println!("doctor: {}", site.doctor().await?);
    Ok(())
}

/// Every device connects, its operator signs on; the first one fills the pick faces.
async fn sign_on(scene: &Scene) -> Result<Vec<Hand>, Fault> {
    let joining: Vec<_> = (0..scene.world.size.devices)
        .map(|number| {
            let scene = scene.clone();
            tokio::spawn(async move {
                let mut hand = Hand::new(&scene, number)?;
                hand.sign_on().await?;
                if number == 0 {
                    fill(&mut hand).await?;
                }
                Ok::<_, Fault>(hand)
            })
        })
        .collect();
    let mut hands = Vec::with_capacity(joining.len());
    for one in joining {
        hands.push(one.await.map_err(|error| error.to_string())??);
    }
    Ok(hands)
}

async fn fill(hand: &mut Hand) -> Result<(), Fault> {
    let world = hand.scene.world.clone();
    for item in world.size.moved..world.size.moved + world.size.sold {
        let ((face, plate), sku) = (world.face(item), world.sku(item));
        let content = json!({ "goods": { "sku": sku }, "units": STOCK });
        hand.does("fact.received", json!({ "doc": "PO-0", "bin": world::STAGE, "plate": plate, "content": content }))
            .await?;
        hand.does("fact.stored", json!({ "plate": plate, "bin": face })).await?;
        hand.book(&Effect { from: None, to: Some(place(&face, sku, &plate)), units: STOCK.into() });
    }
    Ok(())
}

async fn labour(mut hand: Hand, least: usize, done: Arc<AtomicBool>) -> Result<Hand, Fault> {
    // The bound only guards against a harness that never ends.
    for round in 0..1_000_000 {
        if round >= least && done.load(Ordering::Acquire) {
            break;
        }
        hand.work().await?;
    }
    hand.settle().await?;
    hand.peer.stop();
    hand.peer.until(Duration::from_secs(1), |peer| !peer.is_live()).await?;
    Ok(hand)
}

/// Customers order; now and then so much that somebody has to approve, which is refused. Answers how many orders.
async fn buy(scene: Scene, rate: f64, done: Arc<AtomicBool>) -> Result<u64, Fault> {
    let mut random = StdRng::seed_from_u64(scene.seed.wrapping_add(0xB0B));
    let world = &scene.world;
    let mut client = Client::new(*scene.address.borrow(), &world.shop.token);
    let mut approver = Client::new(*scene.address.borrow(), &world.shop.approver);
    let began = Instant::now();
    let mut placed = 0;
    for n in 0..1_000_000_u64 {
        if done.load(Ordering::Acquire) {
            break;
        }
        #[allow(clippy::cast_precision_loss, reason = "far below 2^53")]
        let due = Duration::from_secs_f64(n as f64 / rate.max(0.1));
        tokio::time::sleep(due.saturating_sub(began.elapsed())).await;
        let first = world.size.moved + random.random_range(0..world.size.sold);
        let second = world.size.moved + (first - world.size.moved + 1) % world.size.sold;
        let customer = &world.shop.customers[random.random_range(0..world.shop.customers.len())];
        let large = random.random_bool(0.05);
        let units = if large { 600 } else { random.random_range(1..=2) };
        let mut lines = vec![(world.sku(first), units)];
        if random.random_bool(0.5) {
            lines.push((world.sku(second), 1));
        }
        let call = Call::post("/orders", format!("order-{n}"), &shop::order(customer, &lines, "terms"));
        let view = through(&mut client, &call, &scene.address).await?;
        placed += 1;
        for step in view["approval"]["steps"].as_array().into_iter().flatten().filter(|_| large) {
            let word = |field: &str| step[field].as_str().unwrap_or_default().to_owned();
            let path = format!("/approvals/{}/{}/reject", word("queue"), word("step"));
            let vote = json!({ "hash": view["approval"]["hash"], "rationale": "too much at once" });
            through(&mut approver, &Call::post(path, format!("vote-{n}"), &vote), &scene.address).await?;
        }
    }
    Ok(placed)
}

/// Sends until there is an answer, wherever the server is by now.
async fn through(client: &mut Client, call: &Call, address: &watch::Receiver<SocketAddr>) -> Result<Value, Fault> {
    for _ in 0..2_400 {
        client.move_to(*address.borrow());
        match client.send(call).await {
            Ok(answer) if answer.ok() => return Ok(answer.json()),
            Ok(answer) if !answer.again() => {
                return Err(format!("{} {}: {}", call.method, call.path, String::from_utf8_lossy(&answer.body)));
            }
            _ => tokio::time::sleep(Duration::from_millis(50)).await,
        }
    }
    Err(format!("no answer to {} {}", call.method, call.path))
}

/// Kills the server and starts it again, each time after work was acknowledged and in the middle of more.
async fn kill(
    site: &Site,
    server: &mut Server,
    place: &watch::Sender<SocketAddr>,
    scene: &Scene,
    floor: &Floor,
    seed: u64,
) -> Result<(), Fault> {
    let mut random = StdRng::seed_from_u64(seed.wrapping_add(0x1C11));
    let answered = || scene.counts.answered.load(Ordering::Relaxed);
    let mut restarts = Vec::with_capacity(floor.kills);
    for _ in 0..floor.kills {
        let (before, deadline) = (answered(), Instant::now() + Duration::from_secs(120));
        while answered() < before + 2 * floor.devices as u64 {
            if Instant::now() > deadline {
                return Err("the devices stand still".into());
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        tokio::time::sleep(Duration::from_millis(random.random_range(0..300))).await;
        server.kill().await;
        *server = site.start().await?;
        place.send_replace(server.address);
        restarts.push(server.first_answer(&scene.world.shop.token).await?);
    }
    if !restarts.is_empty() {
        let (median, longest) = spread(&mut restarts);
        println!(
            "{} kills; start to first answer: p50 {} ms, max {} ms",
            floor.kills,
            median.as_millis(),
            longest.as_millis()
        );
    }
    Ok(())
}

async fn watched(consoles: Vec<JoinHandle<Result<consoles::Seen, Fault>>>) -> Result<String, Fault> {
    let (mut resumed, mut snapshots, mut deltas, mut gaps, mut mismatches) = (0, 0, 0, 0, 0);
    let count = consoles.len();
    for console in consoles {
        let seen = console.await.map_err(|error| error.to_string())??;
        resumed += seen.watch.resumed;
        snapshots += seen.watch.snapshots;
        deltas += seen.watch.deltas;
        gaps += seen.watch.gaps;
        mismatches += seen.mismatches;
    }
    if gaps + mismatches > 0 {
        return Err(format!("{gaps} changes were lost or came twice, {mismatches} mirrors disagreed with the server"));
    }
    Ok(format!(
        "{count} consoles show what a fresh one shows, checksums agree; {deltas} changes, no gap, no duplicate; {resumed} \
         subscriptions resumed, {snapshots} snapshots"
    ))
}
