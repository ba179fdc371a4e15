//! One operator with a device: does things, waits for the answers, and holds each against what was foretold.

use std::{
    collections::HashMap,
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use hyper::Method;
use munshi_protocols::{
    clientsm::Event,
    ids::CmdKey,
    server::{Answer, Status},
};
use rand::{SeedableRng, rngs::StdRng};
use serde_json::{Value, json};
use tokio::sync::watch;

use super::{
    ledger::{Effect, Ledger},
    world::{PIN, World},
};
use crate::{
    client::{Call, Client},
    live::peer::{Net, Peer, Who},
    server::Fault,
    shop,
};

/// Longest wait for an answer, restarts of the server included.
const PATIENCE: Duration = Duration::from_secs(120);

/// What a run counts.
#[derive(Debug, Default)]
pub struct Counts {
    /// Commands with an answer.
    pub answered: AtomicU64,
    /// Answers that were a repeat's.
    pub duplicates: AtomicU64,
    /// Commands that had to be rejected, and were.
    pub rejected: AtomicU64,
    /// Parcels that left.
    pub shipped: AtomicU64,
    /// Times a battery was taken out.
    pub reboots: AtomicU64,
}

/// What everybody on the floor shares.
#[derive(Clone, Debug)]
pub struct Scene {
    /// The floor.
    pub world: Arc<World>,
    /// The auditor's books.
    pub ledger: Arc<Ledger>,
    /// What is counted.
    pub counts: Arc<Counts>,
    /// Where the server is.
    pub address: watch::Receiver<SocketAddr>,
    /// Seed of the run.
    pub seed: u64,
    /// What happens to frames on their way.
    pub net: Net,
}

/// A command that was done: why not, if so, and the screen.
pub struct Done {
    /// The code, for what was not simply applied.
    pub code: Option<String>,
    /// What the device shows.
    pub screen: Value,
}

/// One operator.
pub struct Hand {
    /// Its number.
    pub number: usize,
    /// The device.
    pub peer: Peer,
    /// Decides what is done.
    pub random: StdRng,
    /// What everybody shares.
    pub scene: Scene,
    /// Plates of its own: number, where, item, units.
    pub plates: Vec<(String, usize, usize, u32)>,
    /// Where it is in the three inputs of a move.
    pub step: u8,
    /// Numbers for labels used so far.
    pub labels: usize,
    office: Client,
    requests: u64,
    answers: HashMap<CmdKey, Answer>,
    /// Commands recorded.
    pub recorded: u64,
}

impl Hand {
    /// A device that is switched on and connects.
    ///
    /// # Errors
    /// When the harness gives it something no client may have.
    pub fn new(scene: &Scene, number: usize) -> Result<Self, Fault> {
        let seed = scene.seed.wrapping_mul(0x9E37_79B9_7F4A_7C15).wrapping_add(number as u64 + 1);
        let who = Who::Device(scene.world.enrolled[number].clone());
        let mut peer = Peer::new(who, number, seed, scene.net, scene.address.clone())?;
        peer.start();
        Ok(Self {
            number,
            peer,
            random: StdRng::seed_from_u64(seed),
            plates: vec![],
            step: 0,
            labels: 0,
            office: Client::new(*scene.address.borrow(), &scene.world.shop.token),
            requests: 0,
            answers: HashMap::new(),
            recorded: 0,
            scene: scene.clone(),
        })
    }

    /// Puts a command into the queue.
    ///
    /// # Errors
    /// When the queue does not take it.
    pub fn record(&mut self, op: &str, a: &Value) -> Result<CmdKey, Fault> {
        self.recorded += 1;
        self.peer.record(op, a)
    }

    fn take_events(&mut self) -> Result<(), Fault> {
        while let Some(event) = self.peer.events.pop_front() {
            match event {
                Event::Settled { key, answer } => {
                    self.scene.counts.answered.fetch_add(1, Ordering::Relaxed);
                    if answer.st == Status::Duplicate {
                        self.scene.counts.duplicates.fetch_add(1, Ordering::Relaxed);
                    }
                    self.answers.insert(key, *answer);
                }
                Event::Connected { .. } | Event::Disconnected | Event::Unanswered(_) | Event::Error(_) => {}
                other => return Err(format!("device {}: {other:?}", self.number)),
            }
        }
        Ok(())
    }

    /// Waits until nothing is without an answer.
    ///
    /// # Errors
    /// When that takes too long, or the device is told something it must not be told.
    pub async fn settle(&mut self) -> Result<(), Fault> {
        let settled = self.peer.until(PATIENCE, |peer| peer.unanswered() == 0).await?;
        self.take_events()?;
        if settled { Ok(()) } else { Err(format!("device {}: commands stay without an answer", self.number)) }
    }

    /// The answer to a command that was settled.
    ///
    /// # Errors
    /// When there is none.
    pub fn answer(&mut self, key: &CmdKey) -> Result<Done, Fault> {
        let lost = || format!("device {}: a command has no answer", self.number);
        let answer = self.answers.remove(key).ok_or_else(lost)?;
        let screen = answer.out.map(|out| out.parse::<Value>().unwrap_or_default()).unwrap_or_default();
        Ok(Done { code: answer.code.map(|code| code.as_str().to_owned()), screen })
    }

    /// Does something and waits for its answer, whatever that is.
    ///
    /// # Errors
    /// When there is none.
    pub async fn try_it(&mut self, op: &str, a: Value) -> Result<Done, Fault> {
        let key = self.record(op, &a)?;
        self.settle().await?;
        self.answer(&key)
    }

    /// Does something that must go through; answers the screen.
    ///
    /// # Errors
    /// When it does not.
    pub async fn does(&mut self, op: &str, a: Value) -> Result<Value, Fault> {
        let shown = a.to_string();
        let done = self.try_it(op, a).await?;
        match done.code {
            None => Ok(done.screen),
            Some(code) => Err(format!("device {}: {op} {shown} answered {code}: {}", self.number, done.screen)),
        }
    }

    /// Scans.
    ///
    /// # Errors
    /// When the scan is not taken.
    pub async fn scan(&mut self, raw: &str) -> Result<Value, Fault> {
        self.does("scan", json!({ "raw": raw })).await
    }

    /// Does something that must be rejected for this reason.
    ///
    /// # Errors
    /// When it is not.
    pub async fn rejected(&mut self, op: &str, a: Value, code: &str) -> Result<(), Fault> {
        let done = self.try_it(op, a).await?;
        self.expect_rejected(&done, code)
    }

    /// Holds a rejection against the reason that was foretold.
    ///
    /// # Errors
    /// When it is another, or none.
    pub fn expect_rejected(&self, done: &Done, code: &str) -> Result<(), Fault> {
        if done.code.as_deref() == Some(code) {
            self.scene.counts.rejected.fetch_add(1, Ordering::Relaxed);
            return Ok(());
        }
        Err(format!("device {}: {:?} instead of {code}: {}", self.number, done.code, done.screen))
    }

    /// Books what was acknowledged.
    pub fn book(&self, effect: &Effect) {
        self.scene.ledger.book(effect);
    }

    /// Signs on.
    ///
    /// # Errors
    /// When it is refused.
    pub async fn sign_on(&mut self) -> Result<(), Fault> {
        let badge = format!("B{}", self.number);
        self.does("sign_on", json!({ "badge": badge, "pin": PIN })).await.map(|_| ())
    }

    /// The office does something that must go through, with a key of its own.
    ///
    /// # Errors
    /// When it does not.
    pub async fn office(&mut self, method: Method, path: &str, body: &Value) -> Result<Value, Fault> {
        self.requests += 1;
        let path = format!("{}{path}", self.scene.world.base());
        let call = match method {
            Method::GET => Call::get(path),
            method => Call::send(method, path, format!("hand-{}-{}", self.number, self.requests), body),
        };
        self.send(&call).await
    }

    /// Sends until there is an answer; the server may go and come back under another address.
    async fn send(&mut self, call: &Call) -> Result<Value, Fault> {
        for _ in 0..2_400 {
            self.office.move_to(*self.scene.address.borrow());
            match self.office.send(call).await {
                Ok(answer) if answer.ok() => return Ok(answer.json()),
                Ok(answer) if !answer.again() => {
                    return Err(format!("{} {}: {}", call.method, call.path, String::from_utf8_lossy(&answer.body)));
                }
                _ => tokio::time::sleep(Duration::from_millis(50)).await,
            }
        }
        shop::settled(&mut self.office, call).await.map(|answer| answer.json())
    }

    /// A number for a label nobody used.
    pub fn new_plate(&mut self) -> String {
        self.labels += 1;
        super::world::sscc(self.number, self.labels)
    }
}
