//! Profiles of scanning: scan to durable answer (G7), a flush after an outage (G9), exactly once over a bad network and
//! kills (G10).
//!
//! Each device moves its plate from one bin to the other and back: it scans the plate, scans the bin, and goes on. None of
//! the three is taken twice or left out without the next one being refused, so every answer tells.

use std::{
    collections::HashMap,
    io::Write,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use munshi_protocols::{clientsm::Event, ids::CmdKey};
use rand::{Rng, SeedableRng, rngs::StdRng};
use serde_json::json;
use tokio::{sync::watch, task::JoinHandle};

use super::{
    Figure,
    floor::{
        self, audit,
        hand::{Counts, Hand, Scene},
        ledger::{Effect, Ledger, place},
        world::{STAGE, Size, World, label},
    },
    peer::Net,
};
use crate::{
    server::{Fault, Server, Site, cpu_seconds},
    stats::{Tally, spread},
};

/// Scans each device had waiting after half an hour without a network (warehouse-floor.md §11).
const QUEUED: usize = 200;
/// Longest wait for the queues of all devices.
const PATIENCE: Duration = Duration::from_secs(300);
/// What a device scanned, a second at a time, with the time of the flush at which each began.
type Seconds = Vec<(Duration, Tally)>;

/// Seconds of a stretch of a flush that is told apart.
const STRETCH: u64 = 3;
/// Commands of a device on their way at a time, where it does nothing but scan.
const AHEAD: usize = 20;

/// Devices that are signed on, each with a plate in its first bin.
struct Crew {
    site: Site,
    server: Server,
    scene: Scene,
    place: watch::Sender<std::net::SocketAddr>,
    hands: Vec<Hand>,
}

impl Crew {
    async fn open(site: &Site, devices: usize, seed: u64, net: Net) -> Result<Self, Fault> {
        let began = Instant::now();
        let site = site.clone().with(&floor::settings());
        let (server, world) = World::open(&site, Size { devices, moved: 1, sold: 0 }).await?;
        let (place, address) = watch::channel(server.address);
        let (ledger, counts) = (Arc::new(Ledger::default()), Arc::new(Counts::default()));
        let scene = Scene { world, ledger, counts, address, seed, net };
        let mut hands = Vec::with_capacity(devices);
        let joining: Vec<_> = (0..devices).map(|number| tokio::spawn(begin(scene.clone(), number))).collect();
        for one in joining {
            hands.push(one.await.map_err(|error| error.to_string())??);
        }
        println!("{devices} devices are signed on after {:.1} s", began.elapsed().as_secs_f64());
        Ok(Self { site, server, scene, place, hands })
    }

    /// Audits, stops, and has doctor look.
    async fn end(mut self) -> Result<(), Fault> {
        let recorded: Vec<u64> = self.hands.iter().map(|hand| hand.recorded).collect();
        for hand in &mut self.hands {
            hand.peer.stop();
            hand.peer.until(Duration::from_millis(200), |peer| !peer.is_live()).await?;
        }
        let audited = audit::audit(self.server.address, &self.scene, &recorded).await;
        self.server.stop().await;
        println!("{}", audited?);
        println!("doctor: {}", self.site.doctor().await?);
        Ok(())
    }
}

async fn begin(scene: Scene, number: usize) -> Result<Hand, Fault> {
    let mut hand = Hand::new(&scene, number)?;
    hand.sign_on().await?;
    let (plate, sku) = (hand.new_plate(), scene.world.sku(0));
    let content = json!({ "goods": { "sku": sku }, "units": 3 });
    let doc = format!("PO-{number}");
    hand.does("fact.received", json!({ "doc": doc, "bin": STAGE, "plate": plate, "content": content })).await?;
    hand.does("fact.stored", json!({ "plate": plate, "bin": World::bin(number, 0) })).await?;
    hand.book(&Effect { from: None, to: Some(place(&World::bin(number, 0), sku, &plate)), units: 3 });
    hand.plates.push((plate, 0, 0, 3));
    hand.does("choose", json!({ "flow": "move" })).await?;
    Ok(hand)
}

impl Hand {
    /// The next of the three inputs that bring the plate to the other bin; it is in the queue when this answers.
    fn next_scan(&mut self) -> Result<CmdKey, Fault> {
        let (plate, bin, ..) = self.plates[0].clone();
        let next = 1 - bin;
        let step = self.step;
        self.step = (step + 1) % 3;
        match step {
            0 => self.record("scan", &json!({ "raw": label(&plate) })),
            1 => {
                let sku = self.scene.world.sku(0).to_owned();
                let at = |n| place(&World::bin(self.number, n), &sku, &plate);
                // Booked when it is recorded: every answer has to say that it was taken.
                self.book(&Effect { from: Some(at(bin)), to: Some(at(next)), units: 3 });
                self.plates[0].1 = next;
                self.record("scan", &json!({ "raw": World::bin(self.number, next) }))
            }
            _ => self.record("next", &json!({})),
        }
    }

    /// Takes the answers that came; `told` is asked with the key of each.
    fn answers(&mut self, mut told: impl FnMut(&CmdKey)) -> Result<(), Fault> {
        while let Some(event) = self.peer.events.pop_front() {
            match event {
                Event::Settled { key, answer } => {
                    if let Some(code) = &answer.code {
                        return Err(format!("device {}: a scan was answered {}", self.number, code.as_str()));
                    }
                    self.scene.counts.answered.fetch_add(1, Ordering::Relaxed);
                    told(&key);
                }
                Event::NotTaken { .. } | Event::IdentityAlarm | Event::Stopped(_) | Event::Rebased(_) => {
                    return Err(format!("device {}: {event:?}", self.number));
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// Scans at a rate, by the schedule and not by the answers.
    async fn scan_at(mut self, every: Duration, offset: Duration, until: Instant) -> Result<(Self, Tally), Fault> {
        let (mut tally, mut waiting) = (Tally::default(), HashMap::<CmdKey, Instant>::new());
        let began = Instant::now();
        for n in 0_u32.. {
            let due = began + offset + every * n;
            if due >= until {
                break;
            }
            while Instant::now() < due {
                let span = due.saturating_duration_since(Instant::now());
                let had = self.peer.events.len();
                self.peer.until(span, |peer| peer.events.len() > had).await?;
                self.answers(|key| accept(&mut tally, &mut waiting, key))?;
            }
            let key = self.next_scan()?;
            waiting.insert(key, due);
            self.peer.until(Duration::ZERO, |_| true).await?;
        }
        while !waiting.is_empty() {
            if until.elapsed() > PATIENCE {
                return Err(format!("device {}: {} scans have no answer", self.number, waiting.len()));
            }
            self.peer.until(Duration::from_millis(100), |peer| !peer.events.is_empty()).await?;
            self.answers(|key| accept(&mut tally, &mut waiting, key))?;
        }
        Ok((self, tally))
    }
}

fn accept(tally: &mut Tally, waiting: &mut HashMap<CmdKey, Instant>, key: &CmdKey) {
    if let Some(due) = waiting.remove(key) {
        tally.accept(due.elapsed());
    }
}

/// What one write and fsync of a small block takes here, at the median and at most of 100.
fn fsync(folder: &Path) -> Result<(Duration, Duration), Fault> {
    let path = folder.join("fsync-probe");
    let mut file = std::fs::File::create(&path).map_err(|error| error.to_string())?;
    let mut took = Vec::with_capacity(100);
    for _ in 0..100 {
        let began = Instant::now();
        file.write_all(&[7; 4_096]).and_then(|()| file.sync_data()).map_err(|error| error.to_string())?;
        took.push(began.elapsed());
    }
    // Left behind it would lie in the scratch directory, which goes anyway.
    let _ = std::fs::remove_file(&path);
    Ok(spread(&mut took))
}

async fn joined<T>(tasks: Vec<JoinHandle<Result<T, Fault>>>) -> Result<Vec<T>, Fault> {
    let mut all = Vec::with_capacity(tasks.len());
    for task in tasks {
        all.push(task.await.map_err(|error| error.to_string())??);
    }
    Ok(all)
}

/// Starts devices that scan at `rate` altogether, until an instant.
fn scanning(hands: Vec<Hand>, rate: f64, until: Instant) -> Vec<JoinHandle<Result<(Hand, Tally), Fault>>> {
    let count = hands.len().max(1);
    let every = Duration::from_secs_f64(count as f64 / rate);
    let start =
        |(n, hand): (usize, Hand)| tokio::spawn(hand.scan_at(every, every.mul_f64(n as f64 / count as f64), until));
    hands.into_iter().enumerate().map(start).collect()
}

fn gather(done: Vec<(Hand, Tally)>) -> (Vec<Hand>, Tally) {
    let mut all = Tally::default();
    let hands = done.into_iter().map(|(hand, tally)| {
        all.add(&tally);
        hand
    });
    (hands.collect(), all)
}

/// G7: devices scan at a rate; from the scheduled instant to the durable answer at the device.
pub async fn scan_to_ack(
    site: &Site,
    devices: usize,
    rate: f64,
    length: Duration,
    seed: u64,
) -> Result<Vec<Figure>, Fault> {
    let mut crew = Crew::open(site, devices, seed, Net::default()).await?;
    let (sync, worst) = fsync(crew.site.data.parent().unwrap_or_else(|| Path::new(".")))?;
    let pid = crew.server.pid().to_string();
    let cpu = || cpu_seconds(&pid).unwrap_or_default();
    let (began, before, ours) = (Instant::now(), cpu(), cpu_seconds("self").unwrap_or_default());
    let hands = std::mem::take(&mut crew.hands);
    let (hands, tally) = gather(joined(scanning(hands, rate, began + length)).await?);
    let seconds = began.elapsed().as_secs_f64();
    let (server, driver) = (cpu() - before, cpu_seconds("self").unwrap_or_default() - ours);
    crew.hands = hands;
    println!("{}", tally.line(seconds));
    let each = 1e6 / tally.ok.max(1) as f64;
    let figure = Figure {
        goal: "G7",
        what: format!(
            "scan → durable ack, {devices} devices at {rate:.0} scans/s, from the scheduled instant to the device"
        ),
        wanted: "p99 ≤10 ms at 10,000/s",
        floor: "p99 ≤10, p99.9 ≤25 ms at 2,000/s",
        measured: format!(
            "p50 {:.1}, p99 {:.1}, p99.9 {:.1} ms at {:.0}/s; CPU server {:.0}, driver {:.0} µs a scan; one fsync {:.1} ms (max {:.1})",
            tally.millis(0.5),
            tally.millis(0.99),
            tally.millis(0.999),
            tally.ok as f64 / seconds,
            server * each,
            driver * each,
            sync.as_secs_f64() * 1e3,
            worst.as_secs_f64() * 1e3,
        ),
    };
    crew.end().await?;
    Ok(vec![figure])
}

/// G9: all but a few devices come back with 200 scans each; the few go on scanning.
pub async fn flush(site: &Site, devices: usize, seed: u64) -> Result<Vec<Figure>, Fault> {
    let live = (devices / 20).clamp(2, 50);
    let mut crew = Crew::open(site, devices + live, seed, Net::default()).await?;
    let mut hands = std::mem::take(&mut crew.hands);
    let scanners = hands.split_off(devices);
    for hand in &mut hands {
        hand.peer.set_down(true);
        for _ in 0..QUEUED {
            let _ = hand.next_scan()?;
        }
    }
    let began = Instant::now();
    let back = hands.into_iter().map(|mut hand| {
        tokio::spawn(async move {
            hand.peer.set_down(false);
            while hand.peer.unanswered() > 0 && began.elapsed() < PATIENCE {
                hand.peer.until(Duration::from_millis(200), |peer| peer.unanswered() == 0).await?;
                hand.answers(|_| ())?;
            }
            let late = hand.peer.unanswered();
            if late == 0 { Ok((hand, began.elapsed())) } else { Err(format!("{late} scans are still waiting")) }
        })
    });
    let back: Vec<JoinHandle<Result<(Hand, Duration), Fault>>> = back.collect();
    let stop = Arc::new(AtomicBool::new(false));
    let scanning = scanners.into_iter().map(|hand| {
        let stop = stop.clone();
        tokio::spawn(async move {
            let (mut hand, mut all) = (hand, Seconds::new());
            // Ten a second each, a second at a time.
            while !stop.load(Ordering::Acquire) {
                let from = began.elapsed();
                let until = Instant::now() + Duration::from_secs(1);
                let (next, tally) = hand.scan_at(Duration::from_millis(100), Duration::ZERO, until).await?;
                all.push((from, tally));
                hand = next;
            }
            Ok((hand, all))
        })
    });
    let scanning: Vec<JoinHandle<Result<(Hand, Seconds), Fault>>> = scanning.collect();
    let flushed = joined(back).await;
    stop.store(true, Ordering::Release);
    let (mut scanners, mut tally, mut stretches) = (Vec::new(), Tally::default(), Vec::new());
    for (hand, all) in joined(scanning).await? {
        scanners.push(hand);
        for (from, one) in all {
            tally.add(&one);
            let at = usize::try_from(from.as_secs() / STRETCH).unwrap_or(0);
            stretches.resize_with(stretches.len().max(at + 1), Tally::default);
            stretches[at].add(&one);
        }
    }
    let (mut hands, mut last) = (Vec::new(), Duration::ZERO);
    for (hand, took) in flushed? {
        last = last.max(took);
        hands.push(hand);
    }
    hands.extend(scanners);
    crew.hands = hands;
    let total = devices * QUEUED;
    println!("{total} queued scans in {:.1} s; meanwhile {}", last.as_secs_f64(), tally.line(last.as_secs_f64()));
    for (from, one) in (0..).step_by(usize::try_from(STRETCH).unwrap_or(1)).zip(&stretches) {
        println!("  from {from} s: p50 {:.1}, p99 {:.1} ms of {}", one.millis(0.5), one.millis(0.99), one.ok);
    }
    let figure = Figure {
        goal: "G9",
        what: format!("{devices} devices × {QUEUED} queued scans after an outage, {live} others scan on"),
        wanted: "1,000 × 200 in ≤15 s, live p99 ≤10 ms",
        floor: "≤60 s, live p99 ≤50 ms",
        measured: format!(
            "{:.1} s ({:.0}/s), live p50 {:.1}, p99 {:.1} ms",
            last.as_secs_f64(),
            total as f64 / last.as_secs_f64(),
            tally.millis(0.5),
            tally.millis(0.99),
        ),
    };
    crew.end().await?;
    Ok(vec![figure])
}

/// G10: so many commands over a network that loses, repeats and reorders, while the server is killed again and again.
pub async fn exactly_once(
    site: &Site,
    devices: usize,
    commands: u64,
    every: Duration,
    seed: u64,
) -> Result<Vec<Figure>, Fault> {
    let net = Net { lose: 0.10, resend: 0.05, reorder: 0.05 };
    let mut crew = Crew::open(site, devices, seed, net).await?;
    let counts = crew.scene.counts.clone();
    let target = counts.answered.load(Ordering::Relaxed) + commands;
    let (began, done) = (Instant::now(), Arc::new(AtomicU64::new(0)));
    let hands = std::mem::take(&mut crew.hands);
    let count = hands.len() as u64;
    let working = hands.into_iter().map(|mut hand| {
        let (counts, done) = (counts.clone(), done.clone());
        tokio::spawn(async move {
            while counts.answered.load(Ordering::Relaxed) < target {
                for _ in hand.peer.unanswered()..AHEAD {
                    let _ = hand.next_scan()?;
                }
                hand.peer.until(Duration::from_millis(200), |peer| peer.unanswered() <= AHEAD / 2).await?;
                hand.answers(|_| ())?;
            }
            for _ in 0..600 {
                hand.peer.until(Duration::from_millis(200), |peer| peer.unanswered() == 0).await?;
                hand.answers(|_| ())?;
                if hand.peer.unanswered() == 0 {
                    done.fetch_add(1, Ordering::AcqRel);
                    return Ok(hand);
                }
            }
            done.fetch_add(1, Ordering::AcqRel);
            Err(format!("device {}: {} commands stay without an answer", hand.number, hand.peer.unanswered()))
        })
    });
    let working: Vec<JoinHandle<Result<Hand, Fault>>> = working.collect();
    let (mut kills, mut random) = (0, StdRng::seed_from_u64(seed ^ 0xDEAD));
    let ended = |working: &[JoinHandle<Result<Hand, Fault>>]| working.iter().any(JoinHandle::is_finished);
    while done.load(Ordering::Acquire) < count && !ended(&working) {
        let pause = every.mul_f64(random.random_range(0.5..1.5));
        let until = Instant::now() + pause;
        while Instant::now() < until && !ended(&working) {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        if !ended(&working) {
            crew.server.kill().await;
            crew.server = crew.site.start().await?;
            crew.place.send_replace(crew.server.address);
            kills += 1;
        }
    }
    crew.hands = joined(working).await?;
    let recorded: u64 = crew.hands.iter().map(|hand| hand.recorded).sum();
    let figure = Figure {
        goal: "G10",
        what: format!("exactly once: 10 % lost answers, 5 % repeats, 5 % overtaken, {kills} kills, {devices} devices"),
        wanted: "0 lost, 0 double over 10M",
        floor: "the same over 1M",
        measured: format!("0 lost, 0 double of {recorded}, {:.0} s", began.elapsed().as_secs_f64()),
    };
    // What is lost or double shows here and ends the run.
    crew.end().await?;
    Ok(vec![figure])
}
