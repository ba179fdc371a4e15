//! The worker against a vendor that is a list: what it has is what somebody saw. Faults, crashes at any point, and a
//! store that loses answers.

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    sync::{
        Arc, Mutex,
        atomic::{AtomicI64, AtomicU64, Ordering},
    },
    time::Duration,
};

use munshi_actors::{Clock, Meta, Node, NodeConfig};
use munshi_connectors::{
    outcome::{Hint, Outcome, Why},
    transport::{Accepted, DeliveryState, Lookup},
};
use munshi_domain::{
    Kind, Timestamp,
    claim::{Claim, ClaimCommand},
};
use munshi_store::{
    JournalEntry, Store, WorkTable,
    memory::{Faults, MemoryStore, Working},
};
use tokio::sync::{mpsc, watch};

use super::{
    connector::{Care, Connector, Doing, News, Ready},
    deliver::Desk,
    pace::Pace,
    records::{Dead, Effect, Record},
    worker::{Bounds, Control, Health, Worker},
    writer::{Gone, Writer},
};

/// What the vendor does with the next call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Does {
    Takes,
    /// Takes it, and the answer is lost.
    TakesSilently,
    /// Does not take it, and the answer is lost.
    DropsSilently,
    Refuses,
    Busy,
    Throttles,
    /// Takes it and never answers.
    Hangs,
}

#[derive(Default)]
struct Seen {
    script: VecDeque<Does>,
    /// Names in the order in which they were taken.
    taken: Vec<String>,
    told: BTreeMap<String, BTreeSet<&'static str>>,
    calls: usize,
    busy_keys: BTreeSet<String>,
    overlaps: usize,
    most_at_once: usize,
    down: bool,
}

#[derive(Clone, Default)]
struct Shop(Arc<Mutex<Seen>>);

impl Shop {
    fn seen<T>(&self, look: impl FnOnce(&mut Seen) -> T) -> T {
        look(&mut self.0.lock().unwrap())
    }
}

struct Fake(Shop);

fn name(effect: &Effect) -> String {
    format!("{}#{}", effect.key, effect.payload)
}

impl Connector for Fake {
    type Request = (String, String);

    fn plan(&self, entry: &JournalEntry) -> Vec<Effect> {
        if entry.entity.kind != Kind::Claim {
            return Vec::new();
        }
        let id = uuid::Uuid::new_v5(&uuid::Uuid::NAMESPACE_OID, entry.seq.to_string().as_bytes()).to_string();
        let planned = Effect::planned(id, "c".into(), "test", entry, 0);
        vec![Effect { key: entry.entity.id.clone(), payload: serde_json::json!(entry.first), ..planned }]
    }

    fn ready<'a>(&'a self, effect: &'a Effect) -> Doing<'a, Ready<Self::Request>> {
        Box::pin(async move { Ready::Request(Box::new((effect.key.to_string(), name(effect)))) })
    }

    fn call<'a>(&'a self, (key, name): &'a Self::Request, _: Timestamp) -> Doing<'a, Outcome<Accepted>> {
        Box::pin(async move {
            let does = self.0.seen(|seen| {
                seen.calls += 1;
                if !seen.busy_keys.insert(key.clone()) {
                    seen.overlaps += 1;
                }
                seen.most_at_once = seen.most_at_once.max(seen.busy_keys.len());
                if seen.down { Does::Busy } else { seen.script.pop_front().unwrap_or(Does::Takes) }
            });
            for _ in 0..20 {
                tokio::task::yield_now().await;
            }
            if matches!(does, Does::Takes | Does::TakesSilently | Does::Hangs) {
                self.0.seen(|seen| seen.taken.push(name.clone()));
            }
            if does == Does::Hangs {
                std::future::pending::<()>().await;
            }
            self.0.seen(|seen| seen.busy_keys.remove(key));
            match does {
                Does::Takes | Does::Hangs => {
                    Outcome::Ok(Accepted { vendor_ref: name.clone(), state: DeliveryState::Queued })
                }
                Does::TakesSilently | Does::DropsSilently => Outcome::Unknown { why: Why::ConnectionLost },
                Does::Refuses => Outcome::permanent("21211", "no such number", Hint::CorrectRecipient),
                Does::Busy => Outcome::retry(Why::Unreachable),
                Does::Throttles => Outcome::RateLimited { wait: Duration::from_secs(3) },
            }
        })
    }

    fn lookup<'a>(&'a self, (_, name): &'a Self::Request, _: Timestamp) -> Doing<'a, Lookup> {
        let found = self.0.seen(|seen| seen.taken.contains(name));
        let accepted = Accepted { vendor_ref: name.clone(), state: DeliveryState::Sent };
        Box::pin(async move { if found { Lookup::Found(accepted) } else { Lookup::Absent } })
    }

    fn repeats_are_safe(&self) -> bool {
        false
    }

    fn tell<'a>(&'a self, effect: &'a Effect, news: &'a News) -> Doing<'a, Result<Care, Gone>> {
        self.0.seen(|seen| seen.told.entry(name(effect)).or_default().insert(news.word()));
        Box::pin(async { Ok(Care::Person) })
    }
}

/// One life of a server with one worker.
struct Life {
    node: Node,
    worker: tokio::task::JoinHandle<()>,
    stop: watch::Sender<bool>,
    health: watch::Receiver<Health>,
    _control: mpsc::Sender<Control>,
}

struct World {
    store: Arc<MemoryStore>,
    now: Arc<AtomicI64>,
    ids: AtomicU64,
    shop: Shop,
    bounds: Bounds,
}

impl World {
    fn new(faults: Faults) -> Self {
        Self {
            store: Arc::new(MemoryStore::new(faults)),
            now: Arc::new(AtomicI64::new(1_800_000_000_000)),
            ids: AtomicU64::new(0),
            shop: Shop::default(),
            bounds: Bounds { parallel: 4, open: 10 },
        }
    }

    async fn live(&self) -> Life {
        let read = self.now.clone();
        let clock = Clock::from_fn(move || read.load(Ordering::Acquire));
        let store: Arc<dyn Store> = self.store.clone();
        let node = Node::start(store.clone(), NodeConfig::default(), clock).await.unwrap();
        if store.position("connection/c").await.unwrap().is_none() {
            let writer = Writer::start(store.clone(), node.status().epoch);
            let mut write = writer.begin();
            write.positions = vec![("connection/c".into(), node.status().head)];
            writer.write(write).await.unwrap();
        }
        let desk = Desk {
            connector: Fake(self.shop.clone()),
            writer: Writer::start(store, node.status().epoch),
            pace: Mutex::new(Pace::new(1_000.0, munshi_connectors::pace::Jitter::default(), node.now())),
            call_timeout: Duration::from_secs(3_600),
            look_ms: 30_000,
            node: node.clone(),
        };
        let (stop, stopped) = watch::channel(false);
        let (control, controls) = mpsc::channel(8);
        let (health, watched) = watch::channel(Health::default());
        let worker = Worker::new(Arc::new(desk), "c".into(), false, self.bounds, health);
        let worker = tokio::spawn(worker.run(controls, stopped));
        Life { node, worker, stop, health: watched, _control: control }
    }

    /// `count` facts about `key`.
    async fn facts(&self, life: &Life, key: &str, count: usize) -> Vec<String> {
        let mut names = Vec::new();
        for _ in 0..count {
            let n = self.ids.fetch_add(1, Ordering::Relaxed);
            // Taking and dropping in turn, so that each is an event.
            let owner = "o".to_owned();
            let version = life.node.read::<Claim, _>(key, |_, version| version).await.unwrap().unwrap_or(0);
            let command =
                if version % 2 == 0 { ClaimCommand::TakeClaim { owner } } else { ClaimCommand::DropClaim { owner } };
            life.node
                .execute::<Claim, _>(key, command, Meta::system("test", format!("f{n}")), |_, _| ())
                .await
                .unwrap();
            names.push(format!("{key}#{}", version + 1));
        }
        names
    }

    fn advance(&self, seconds: i64) {
        self.now.fetch_add(seconds * 1_000, Ordering::AcqRel);
    }

    async fn crash(&mut self, life: Life) {
        life.worker.abort();
        let _ = life.worker.await;
        life.node.crash().await;
        self.store = Arc::new(self.store.crash());
        self.shop.seen(|seen| seen.busy_keys.clear());
    }

    async fn end(&self, life: Life) {
        let _ = life.stop.send(true);
        life.worker.await.unwrap();
        life.node.shutdown().await;
    }

    /// Lets time pass until nothing is open.
    async fn drain(&self, life: &Life) {
        for _ in 0..20_000 {
            let open = self.store.work_rows(WorkTable::Effect, Some("c"), None, 100).await.unwrap_or_default();
            let planned = life.health.borrow().position;
            if open.is_empty() && planned >= life.node.status().head {
                return;
            }
            self.advance(1);
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        panic!("work is left over: {:?}", self.store.work_rows(WorkTable::Effect, None, None, 5).await);
    }
}

fn rt(test: impl Future<Output = ()>) {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap().block_on(test);
}

fn of_key(taken: &[String], key: &str) -> Vec<String> {
    taken.iter().filter(|name| name.starts_with(&format!("{key}#"))).cloned().collect()
}

#[test]
fn not_03_keys_go_side_by_side_and_each_in_order() {
    rt(async {
        let world = World::new(Faults::default());
        let life = world.live().await;
        let mut wanted = BTreeMap::new();
        for round in 0..6 {
            for key in ["a", "b", "c"] {
                let names = world.facts(&life, key, 1 + round % 2).await;
                wanted.entry(key).or_insert_with(Vec::new).extend(names);
            }
        }
        world.drain(&life).await;
        world.shop.seen(|seen| {
            for (key, names) in &wanted {
                assert_eq!(of_key(&seen.taken, key), *names);
            }
            assert_eq!(seen.overlaps, 0, "two calls of one key at once");
        });
        world.end(life).await;
    });
}

#[test]
fn not_03_every_outcome_ends_as_it_should_and_nothing_is_taken_twice() {
    rt(async {
        for (script, taken, told) in [
            (vec![Does::Takes], 1, vec!["accepted"]),
            (vec![Does::Busy, Does::Throttles, Does::Takes], 1, vec!["accepted"]),
            (vec![Does::TakesSilently], 1, vec!["accepted", "unknown"]),
            (vec![Does::DropsSilently, Does::Takes], 1, vec!["accepted", "unknown"]),
            (vec![Does::DropsSilently, Does::DropsSilently, Does::TakesSilently], 1, vec!["accepted", "unknown"]),
            (vec![Does::Refuses], 0, vec!["failed"]),
        ] {
            let world = World::new(Faults::default());
            let life = world.live().await;
            world.shop.seen(|seen| seen.script.extend(script.iter().copied()));
            let names = world.facts(&life, "a", 1).await;
            world.drain(&life).await;
            world.shop.seen(|seen| {
                assert_eq!(of_key(&seen.taken, "a").len(), taken, "{script:?}");
                assert_eq!(seen.told[&names[0]].iter().copied().collect::<Vec<_>>(), told, "{script:?}");
            });
            let dead = world.store.work_rows(WorkTable::Dead, Some("c"), None, 9).await.unwrap();
            assert_eq!(dead.len(), usize::from(script == [Does::Refuses]), "{script:?}");
            for row in dead {
                let dead = Dead::from_row(row).unwrap();
                assert_eq!((dead.class.as_str(), dead.answer.as_str()), ("21211", "no such number"));
                assert_eq!(dead.hint, Hint::CorrectRecipient.text());
            }
            world.end(life).await;
        }
    });
}

#[test]
fn not_03_a_vendor_that_is_down_leaves_the_queue_in_the_journal_and_is_drained_in_order() {
    rt(async {
        let world = World::new(Faults::default());
        let life = world.live().await;
        world.shop.seen(|seen| seen.down = true);
        let names = world.facts(&life, "a", 40).await;
        let began = world.now.load(Ordering::Acquire);
        for _ in 0..20_000 {
            if life.health.borrow().breaker == "open" {
                break;
            }
            world.advance(1);
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        let open = world.store.work_rows(WorkTable::Effect, Some("c"), None, 100).await.unwrap();
        assert!(open.len() <= world.bounds.open + 1, "{} effects are planned ahead", open.len());
        let (calls, passed) = (world.shop.seen(|seen| seen.calls), world.now.load(Ordering::Acquire) - began);
        assert_eq!(life.health.borrow().breaker, "open", "after {calls} calls in {passed} ms");
        // Five in a row open it (README §8); what else is under way then still ends.
        assert!(calls < 5 + world.bounds.parallel, "{calls} calls before the breaker opened");
        world.shop.seen(|seen| seen.down = false);
        world.drain(&life).await;
        assert_eq!(world.shop.seen(|seen| seen.taken.clone()), names);
        world.end(life).await;
    });
}

#[test]
fn not_03_after_any_crash_everything_is_taken_once() {
    let seed = std::env::var("MUNSHI_TEST_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(20_261_121_u64);
    println!("MUNSHI_TEST_SEED={seed}");
    rt(async {
        let mut dice = seed;
        let mut roll = |sides: u64| {
            dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (dice >> 33) % sides
        };
        let mut world = World::new(Faults::default());
        let mut wanted: BTreeMap<String, Vec<String>> = BTreeMap::new();
        let does = [Does::Takes, Does::TakesSilently, Does::DropsSilently, Does::Busy, Does::Throttles, Does::Hangs];
        for _ in 0..25 {
            let life = world.live().await;
            for _ in 0..4 {
                let fault = does[roll(6) as usize];
                world.shop.seen(|seen| seen.script.push_back(fault));
            }
            let lost = [Working::Applied, Working::UnknownApplied, Working::NotApplied];
            let lost: Vec<_> = (0..6).map(|_| lost[roll(3) as usize]).collect();
            world.store.faults().fail_work(lost);
            for _ in 0..2 + roll(3) {
                let key = format!("k{}", roll(4));
                let names = world.facts(&life, &key, 1).await;
                wanted.entry(key).or_default().extend(names);
            }
            for _ in 0..roll(60) {
                world.advance(roll(20) as i64);
                tokio::time::sleep(Duration::from_micros(200 + roll(800))).await;
            }
            world.crash(life).await;
        }
        world.store.faults().heal();
        world.shop.seen(|seen| seen.script.clear());
        let life = world.live().await;
        world.drain(&life).await;
        world.shop.seen(|seen| {
            for (key, names) in &wanted {
                assert_eq!(of_key(&seen.taken, key), *names, "of {key}");
            }
            for (name, told) in &seen.told {
                assert!(told.contains("accepted"), "{name} was told {told:?}");
            }
            assert_eq!(seen.told.len(), wanted.values().map(Vec::len).sum::<usize>());
        });
        world.end(life).await;
    });
}

#[test]
fn not_03_after_a_crash_that_lasted_it_is_told_that_nobody_knows_before_anybody_looks() {
    rt(async {
        let mut world = World::new(Faults::default());
        let life = world.live().await;
        world.shop.seen(|seen| seen.script.push_back(Does::Hangs));
        let names = world.facts(&life, "a", 1).await;
        for _ in 0..20_000 {
            if world.shop.seen(|seen| seen.taken.len()) == 1 {
                break;
            }
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        world.crash(life).await;
        assert_eq!(world.shop.seen(|seen| (seen.taken.clone(), seen.told.len())), (names.clone(), 0));
        // Longer than from a call to its look-up.
        world.advance(600);
        let life = world.live().await;
        world.drain(&life).await;
        let told = world.shop.seen(|seen| seen.told[&names[0]].clone());
        assert_eq!(told.into_iter().collect::<Vec<_>>(), ["accepted", "unknown"]);
        world.end(life).await;
    });
}
