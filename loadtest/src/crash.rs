//! Profile `crash`: orders are placed, edited, approved, picked and canceled while the server is killed again and
//! again. Every acknowledged answer must survive, once, byte for byte.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use hyper::Method;
use rand::{Rng, SeedableRng, rngs::StdRng, seq::IndexedRandom};
use serde_json::{Value, json};
use tokio::sync::watch;

use crate::{
    client::{Answer, Call, Client},
    server::{Fault, Site},
    shop::{self, Plan, Shop},
    stats::spread,
};

/// How long and how hard.
#[derive(Clone, Copy, Debug)]
pub struct Crash {
    /// Kills.
    pub kills: usize,
    /// Concurrent workers.
    pub workers: usize,
    /// Seed of every choice.
    pub seed: u64,
}

/// An acknowledged command on an order.
#[derive(Clone, Debug)]
struct Acknowledged {
    call: Call,
    answer: Answer,
    order: String,
    /// Commands of the timeline one of which it must be; empty for work on the floor, which the warehouse records.
    commands: &'static [&'static str],
    approver: bool,
}

/// Runs the profile and audits what is left.
///
/// # Errors
/// What went wrong, or what the audit found.
pub async fn run(site: &Site, crash: Crash) -> Result<(), Fault> {
    let plan = Plan { skus: 20, units: 900_000, warehouses: 1, customers: 50, credit: 100_000_000, to_floor: true };
    let (mut server, shop) = shop::open(site, plan).await?;
    let shop = Arc::new(shop);
    let (place, address) = watch::channel(server.address);
    let done = Arc::new(AtomicBool::new(false));
    let workers: Vec<_> = (0..crash.workers)
        .map(|n| {
            let worker = Worker::new(n, crash.seed, shop.clone(), address.clone(), done.clone());
            tokio::spawn(worker.run())
        })
        .collect();
    let mut random = StdRng::seed_from_u64(crash.seed);
    let mut restarts = Vec::with_capacity(crash.kills);
    for kill in 1..=crash.kills {
        tokio::time::sleep(Duration::from_millis(random.random_range(30..900))).await;
        server.kill().await;
        server = site.start().await?;
        place.send_replace(server.address);
        restarts.push(server.first_answer(&shop.token).await?);
        if kill % 20 == 0 {
            println!("  {kill} kills");
        }
    }
    done.store(true, Ordering::Release);
    let mut acknowledged = Vec::new();
    for worker in workers {
        acknowledged.extend(worker.await.map_err(|error| error.to_string())??);
    }
    let (median, longest) = spread(&mut restarts);
    println!("{} kills, {} acknowledged commands", crash.kills, acknowledged.len());
    println!("restart to first answer: p50 {} ms, max {} ms", median.as_millis(), longest.as_millis());
    let audited = audit(server.address, &shop, &acknowledged, &mut random).await;
    server.stop().await;
    println!("{}", audited?);
    println!("doctor: {}", site.doctor().await?);
    Ok(())
}

struct Worker {
    name: String,
    random: StdRng,
    shop: Arc<Shop>,
    address: watch::Receiver<SocketAddr>,
    done: Arc<AtomicBool>,
    seller: Client,
    approver: Client,
    kept: Vec<Acknowledged>,
}

impl Worker {
    fn new(n: usize, seed: u64, shop: Arc<Shop>, address: watch::Receiver<SocketAddr>, done: Arc<AtomicBool>) -> Self {
        let now = *address.borrow();
        Self {
            name: format!("w{n}-{seed}"),
            random: StdRng::seed_from_u64(seed.wrapping_add(n as u64 + 1)),
            seller: Client::new(now, &shop.token),
            approver: Client::new(now, &shop.approver),
            shop,
            address,
            done,
            kept: Vec::new(),
        }
    }

    async fn run(mut self) -> Result<Vec<Acknowledged>, Fault> {
        // The bound only guards against a harness that never ends.
        for n in 0..1_000_000 {
            if self.done.load(Ordering::Acquire) {
                break;
            }
            self.order(n).await?;
        }
        Ok(self.kept)
    }

    async fn order(&mut self, n: u64) -> Result<(), Fault> {
        let course = self.random.random_range(0..4);
        let customer = self.shop.customers.choose(&mut self.random).cloned().unwrap_or_default();
        let first = self.random.random_range(0..self.shop.skus.len());
        let second = (first + 1) % self.shop.skus.len();
        let units = if course == 3 { 600 } else { self.random.random_range(1..4) };
        let skus = &self.shop.skus;
        let body = shop::order(&customer, &[(skus[first].as_str(), units), (skus[second].as_str(), 1)], "terms");
        let key = format!("{}-{n}", self.name);
        let placed = self.act(Call::post("/orders", &key, &body), "", &["PlaceOrder"], false).await?;
        let Some(order) = placed.as_ref().and_then(|view| view["id"].as_str()).map(str::to_owned) else {
            return Ok(());
        };
        let view = placed.unwrap_or_default();
        match course {
            0 => {
                let call = Call::post(
                    format!("/orders/{order}/cancel"),
                    format!("{key}-c"),
                    &json!({ "reason": "crash test" }),
                );
                self.act(call, &order, &["CancelOrder", "RequestCancellation"], false).await?;
            }
            1 => {
                let body = json!({ "note": format!("edited {n}"), "reason": "crash test" });
                let call = Call::send(Method::PATCH, format!("/orders/{order}"), format!("{key}-e"), &body);
                self.act(call, &order, &["ProposeChange"], false).await?;
            }
            2 => self.pick(&order, &key, &view).await?,
            _ => {
                let hash = view["approval"]["hash"].as_str().unwrap_or_default().to_owned();
                let steps = view["approval"]["steps"].as_array().cloned().unwrap_or_default();
                for step in steps {
                    let (queue, id) =
                        (step["queue"].as_str().unwrap_or_default(), step["step"].as_str().unwrap_or_default());
                    let path = format!("/approvals/{queue}/{id}/approve");
                    let call =
                        Call::post(path, format!("{key}-a-{queue}"), &json!({ "hash": hash, "rationale": "fine" }));
                    self.act(call, &order, &[], true).await?;
                }
            }
        }
        Ok(())
    }

    async fn pick(&mut self, order: &str, key: &str, view: &Value) -> Result<(), Fault> {
        let Some(parcel) = view["parcels"].as_array().and_then(|parcels| parcels.first()).cloned() else {
            return Ok(());
        };
        let code = parcel["warehouse"].as_str().unwrap_or_default();
        let base = format!("/warehouses/{code}/parcels/{order}/{}", parcel["number"]);
        self.act(Call::act(format!("{base}/claim"), format!("{key}-p1")), order, &[], false).await?;
        for line in view["lines"].as_array().cloned().unwrap_or_default() {
            let body = json!({ "sku": line["sku"], "quantity": line["quantity"] });
            let call = Call::post(format!("{base}/confirm"), format!("{key}-p2-{}", line["line"]), &body);
            self.act(call, order, &[], false).await?;
        }
        let call = Call::post(format!("{base}/pack"), format!("{key}-p3"), &json!({ "weight_grams": 500 }));
        self.act(call, order, &[], false).await?;
        Ok(())
    }

    /// Sends until answered, with the same key; keeps what was acknowledged.
    async fn act(
        &mut self,
        call: Call,
        order: &str,
        commands: &'static [&'static str],
        approver: bool,
    ) -> Result<Option<Value>, Fault> {
        for _ in 0..5_000 {
            let now = *self.address.borrow();
            let client = if approver { &mut self.approver } else { &mut self.seller };
            client.move_to(now);
            match client.send(&call).await {
                Ok(answer) if answer.ok() => {
                    let view = answer.json();
                    let own = view["id"].as_str().filter(|_| order.is_empty()).unwrap_or(order).to_owned();
                    self.kept.push(Acknowledged { call, answer, order: own, commands, approver });
                    return Ok(Some(view));
                }
                Ok(answer) if !answer.again() && answer.status < 500 => return Ok(None),
                Ok(answer) if answer.status == 500 => return Err(format!("{}: {}", call.path, answer.code())),
                _ => tokio::time::sleep(Duration::from_millis(20)).await,
            }
        }
        Err(format!("no answer to {} {}", call.method, call.path))
    }
}

async fn audit(
    address: SocketAddr,
    shop: &Shop,
    acknowledged: &[Acknowledged],
    random: &mut StdRng,
) -> Result<String, Fault> {
    let (mut seller, mut approver) = (Client::new(address, &shop.token), Client::new(address, &shop.approver));
    let mut faults = Vec::new();
    let sample: Vec<&Acknowledged> = acknowledged.choose_multiple(random, 500).collect();
    for kept in &sample {
        let client = if kept.approver { &mut approver } else { &mut seller };
        let again = shop::settled(client, &kept.call).await?;
        if again != kept.answer {
            faults.push(format!(
                "{} {} answered {:?} first and {:?} on the retry",
                kept.call.method,
                kept.call.path,
                String::from_utf8_lossy(&kept.answer.body),
                String::from_utf8_lossy(&again.body)
            ));
        }
    }
    let mut checked = 0;
    for kept in acknowledged.iter().filter(|kept| !kept.commands.is_empty()) {
        let timeline = shop::must(&mut seller, &Call::get(format!("/orders/{}/events?limit=200", kept.order))).await?;
        let entries = timeline["items"].as_array().cloned().unwrap_or_default();
        let times = entries
            .iter()
            .filter(|entry| kept.commands.contains(&entry["command"].as_str().unwrap_or_default()))
            .count();
        checked += 1;
        if times != 1 {
            faults.push(format!("{} of order {} stands {times} times in its timeline", kept.commands[0], kept.order));
        }
    }
    if faults.is_empty() {
        Ok(format!("{} retried answers equal byte for byte, {checked} commands once in their timelines", sample.len()))
    } else {
        faults.truncate(10);
        Err(format!("audit:\n- {}", faults.join("\n- ")))
    }
}
