//! Profile `messages`: vendors fail in every way they can while the server is killed again and again.

use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use rand::{Rng, SeedableRng, rngs::StdRng, seq::IndexedRandom};
use serde_json::json;
use tokio::sync::watch;

use super::{
    Messages,
    audit::{Seen, Trials, audit},
    drain::{dead, decide, drained, replay, resume},
    practice::{Practice, Switch, program},
    world::{Carrier, Habit, Person, Placed, World, place},
};
use crate::{
    client::{Call, Client},
    server::{Fault, Site},
    shop::{Shop, must},
    stats::spread,
};

/// Concurrent buyers' clerks.
const CLERKS: usize = 4;
/// Short patience, so that a run meets every wait: calls, and look-ups after half a second and two more. Not so short that
/// a machine with much else to do times out by itself: a mail that does so twice waits ten minutes.
const SETTINGS: [(&str, &str); 2] =
    [("MUNSHI_CONNECTIONS__CALL_TIMEOUT", "4s"), ("MUNSHI_CONNECTIONS__LOOKUP_WAIT", "500ms")];

/// How long a vendor keeps an answer back: longer than calls wait.
const SILENCE_MS: u64 = 6_000;

/// Runs the profile and audits what customers saw.
///
/// # Errors
/// What went wrong, or what the audit found.
pub async fn run(site: &Site, of: &Messages, seed: u64) -> Result<(), Fault> {
    let practice = Practice::start(&program(site, of.opsim_bin.as_deref()), 100_000, seed).await?;
    let mut world = World::open(site, practice, of.carrier, &SETTINGS).await?;
    let habits = |habit, count| std::iter::repeat_n(habit, count);
    let habits = habits(Habit::Plain, (of.orders / 10).max(CLERKS))
        .chain(habits(Habit::Writes, CLERKS))
        .chain(habits(Habit::OptedOut, CLERKS));
    let people: Arc<[Person]> = world.people(habits, true).await?.into();
    let mut orders = one_by_one(&world, &people).await?;
    println!("one fault at a time: {} orders", orders.len());
    orders.extend(storm(&mut world, of, &people, orders.len(), seed).await?);
    let letters = dead(&world).await?;
    if !letters.is_empty() {
        let (replayed, discarded) = decide(&world, &letters).await?;
        println!(
            "{} dead letters ({}) looked at: {replayed} replayed, {discarded} discarded",
            letters.len(),
            counted(letters.iter().map(|letter| letter["class"].as_str().unwrap_or_default()))
        );
        drained(&world, &people, &orders).await?;
    }
    audit(&Seen::read(&world.practice).await?, &people, &orders).check()?;
    orders.extend(dead_letters(&mut world, &people, orders.len()).await?);
    tell(&world, &people, &orders).await?;
    world.server.stop().await;
    println!("doctor: {}", world.site.doctor().await?);
    Ok(())
}

/// What must be seen in every run, each fault alone and without a kill.
async fn one_by_one(world: &World, people: &[Person]) -> Result<Vec<Placed>, Fault> {
    let mut client = world.client();
    let mut orders = Vec::new();
    let mail = Switch { route: "smtp", kind: "reset-after", probability: 1.0, ms: 0, count: Some(1) };
    world.practice.fault(&mail).await?;
    for (index, person) in people.iter().enumerate() {
        let first_of = people.iter().position(|other| other.habit == person.habit) == Some(index);
        if person.habit == Habit::Writes {
            write(world.practice.http, &mut client, world.carrier, person, "is it cotton?").await?;
        }
        if person.habit == Habit::Writes || first_of {
            orders.push(place(&mut client, &world.shop, (index, person), orders.len(), false).await?);
        }
    }
    drained(world, people, &orders).await?;
    let seen = Seen::read(&world.practice).await?;
    let verdict = audit(&seen, people, &orders);
    verdict.check()?;
    let closed = seen.failed.get(&63_016).or_else(|| seen.failed.get(&131_047)).copied().unwrap_or_default();
    if closed < CLERKS || verdict.copies != 1 {
        return Err(format!("the faults were not met: {closed} closed windows, {} copies of mails", verdict.copies));
    }
    Ok(orders)
}

/// Somebody writes, is heard, and the vendor's window is shut before anything can be answered as free text.
async fn write(
    practice: std::net::SocketAddr,
    client: &mut Client,
    carrier: Carrier,
    person: &Person,
    text: &str,
) -> Result<(), Fault> {
    let mut vendor = Client::new(practice, "");
    let said = json!({ "phone": person.phone, "vendor": carrier.word(), "text": text });
    must(&mut vendor, &Call::post("//_ctl/emit", "", &said)).await?;
    let shut = json!({ "phone": person.phone, "on": false });
    must(&mut vendor, &Call::post("//_ctl/window", "", &shut)).await?;
    for _ in 0..600 {
        let answer = client.send(&Call::get(format!("/customers/{}/conversation", person.id))).await;
        if answer.is_ok_and(|answer| answer.ok() && answer.json()["window_open"] == true) {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    // What was answered meanwhile met the shut window, which closed the server's as well.
    Ok(())
}

struct Clerk {
    n: usize,
    seed: u64,
    first: usize,
    total: usize,
    door: std::net::SocketAddr,
    practice: std::net::SocketAddr,
    carrier: Carrier,
    shop: Shop,
    people: Arc<[Person]>,
    next: Arc<AtomicUsize>,
    allowed: watch::Receiver<usize>,
}

impl Clerk {
    /// Places orders of its own share of the customers, as many as are allowed so far.
    async fn run(mut self) -> Result<Vec<Placed>, Fault> {
        let mut random = StdRng::seed_from_u64(self.seed.wrapping_add(self.n as u64 + 1));
        let mine: Vec<usize> = (0..self.people.len()).filter(|index| index % CLERKS == self.n).collect();
        let mut client = Client::new(self.door, &self.shop.token);
        let mut placed = Vec::new();
        loop {
            let n = self.next.fetch_add(1, Ordering::Relaxed);
            if n >= self.total || self.allowed.wait_for(|allowed| n < *allowed).await.is_err() {
                return Ok(placed);
            }
            let index = *mine.choose(&mut random).ok_or("more clerks than customers")?;
            let person = &self.people[index];
            if person.habit == Habit::Writes && random.random_bool(0.5) {
                write(self.practice, &mut client, self.carrier, person, &format!("and number {n}?")).await?;
            }
            let cancel = random.random_bool(0.15);
            placed.push(place(&mut client, &self.shop, (index, person), self.first + n, cancel).await?);
        }
    }
}

/// Orders under faults and kills, then until everything is quiet.
async fn storm(
    world: &mut World,
    of: &Messages,
    people: &Arc<[Person]>,
    first: usize,
    seed: u64,
) -> Result<Vec<Placed>, Fault> {
    let (allow, allowed) = watch::channel(0);
    let next = Arc::new(AtomicUsize::new(0));
    let clerk = |n| Clerk {
        n,
        seed,
        first,
        total: of.orders,
        door: world.door.address,
        practice: world.practice.http,
        carrier: world.carrier,
        shop: world.shop.clone(),
        people: people.clone(),
        next: next.clone(),
        allowed: allowed.clone(),
    };
    let clerks: Vec<_> = (0..CLERKS).map(|n| tokio::spawn(clerk(n).run())).collect();
    let mut random = StdRng::seed_from_u64(seed);
    let (began, mut restarts) = (Instant::now(), Vec::with_capacity(of.kills));
    for kill in 1..=of.kills {
        let faults = faults(of, &mut random);
        world.practice.well().await?;
        for fault in &faults {
            world.practice.fault(fault).await?;
        }
        allow.send_replace((of.orders * kill).div_ceil(of.kills + 1));
        tokio::time::sleep(Duration::from_millis(random.random_range(150..2_000))).await;
        world.kill().await?;
        restarts.push(world.server.first_answer(&world.shop.token).await?);
        if kill % 10 == 0 {
            println!("  {kill} kills");
        }
    }
    allow.send_replace(of.orders);
    let mut orders = Vec::with_capacity(of.orders);
    for clerk in clerks {
        orders.extend(clerk.await.map_err(|error| error.to_string())??);
    }
    world.practice.well().await?;
    resume(world, "storm").await?;
    let (median, longest) = spread(&mut restarts);
    println!(
        "{} kills and {} orders in {:.0} s; restart to first answer: p50 {} ms, max {} ms",
        of.kills,
        orders.len(),
        began.elapsed().as_secs_f64(),
        median.as_millis(),
        longest.as_millis()
    );
    let took = drained(world, people, &orders).await?;
    println!("quiet {:.0} s after the last fault", took.as_secs_f64());
    Ok(orders)
}

/// Three faults for one life of the server, one of them about webhooks.
fn faults(of: &Messages, random: &mut StdRng) -> Vec<Switch> {
    let vendor = of.carrier.word();
    let switch = |route, kind, probability, ms, count| Switch { route, kind, probability, ms, count };
    let mut calls = vec![
        switch(vendor, "429", 0.3, 1_000, None),
        switch(vendor, "reset-after", 0.4, 0, None),
        switch(vendor, "slow-body", 0.4, SILENCE_MS, None),
        switch(vendor, "truncate", 0.4, 0, None),
        switch(vendor, "html-page", 0.4, 0, None),
        switch(vendor, "latency", 0.8, 300, None),
        switch("smtp", "503", 0.5, 0, Some(2)),
    ];
    if of.carrier == Carrier::Twilio {
        // Meta has no look-up: what is unknown and was not taken waits ten minutes for news, and then for a person.
        calls.extend([
            switch(vendor, "500", 0.4, 0, None),
            switch(vendor, "503", 0.4, 0, None),
            switch(vendor, "reset-before", 0.4, 0, None),
            switch(vendor, "stale-read", 1.0, 200, None),
        ]);
    }
    if of.mail_faults {
        calls.extend(
            ["reset-before", "reset-after", "slow-body"].map(|kind| switch("smtp", kind, 0.5, SILENCE_MS, Some(1))),
        );
    }
    let hooks = [switch(vendor, "duplicate-webhook", 0.5, 0, None), switch(vendor, "reorder-webhook", 0.5, 700, None)];
    let mut chosen: Vec<Switch> = calls.choose_multiple(random, 2).copied().collect();
    chosen.extend(hooks.choose(random));
    chosen
}

/// Everything is refused for good, the server is killed, and a person replays once the vendors are well again.
async fn dead_letters(world: &mut World, people: &[Person], first: usize) -> Result<Vec<Placed>, Fault> {
    for (route, kind) in [("twilio", "400"), ("meta", "400"), ("smtp", "500")] {
        world.practice.fault(&Switch { route, kind, probability: 1.0, ms: 0, count: None }).await?;
    }
    let (mut client, mut orders) = (world.client(), Vec::new());
    let plain = people.iter().enumerate().filter(|(_, person)| person.habit == Habit::Plain);
    for (n, (index, person)) in plain.take(CLERKS).enumerate() {
        orders.push(place(&mut client, &world.shop, (index, person), first + n, false).await?);
    }
    // One by phone, after WhatsApp and SMS were both refused, and one by mail.
    let wanted = 2 * orders.len();
    let mut letters = Vec::new();
    for _ in 0..600 {
        letters = dead(world).await?;
        if letters.len() >= wanted {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    if letters.len() != wanted {
        let classes = counted(letters.iter().map(|letter| letter["class"].as_str().unwrap_or_default()));
        return Err(format!("{} dead letters of {wanted}: {classes}", letters.len()));
    }
    world.kill().await?;
    world.practice.well().await?;
    let kept = dead(world).await?;
    if kept != letters {
        return Err("the dead letters changed with the kill".into());
    }
    let (one, rest) = kept.split_first().ok_or("no dead letter")?;
    replay(world, one).await?;
    let mut replayed = 1;
    for id in world.carrier.connections() {
        let call = Call::post("/dead-letters/replay", format!("replay-{id}"), &json!({ "connection": id }));
        replayed += must(&mut client, &call).await?["replayed"].as_u64().unwrap_or_default();
    }
    if replayed != 1 + rest.len() as u64 {
        return Err(format!("{replayed} replayed of {}", kept.len()));
    }
    drained(world, people, &orders).await?;
    let left = dead(world).await?.len();
    if left > 0 {
        return Err(format!("{left} dead letters are left after the replay"));
    }
    println!("{wanted} dead letters outlived a kill, were replayed and arrived");
    Ok(orders)
}

/// How often each word is there.
fn counted<'a>(words: impl Iterator<Item = &'a str>) -> String {
    let mut counts = BTreeMap::new();
    for word in words {
        *counts.entry(word.to_owned()).or_default() += 1;
    }
    listed(&counts)
}

fn listed(counts: &BTreeMap<String, usize>) -> String {
    counts.iter().map(|(word, count)| format!("{word} {count}")).collect::<Vec<_>>().join(", ")
}

async fn tell(world: &World, people: &[Person], orders: &[Placed]) -> Result<(), Fault> {
    let seen = Seen::read(&world.practice).await?;
    let verdict = audit(&seen, people, orders);
    verdict.check()?;
    let trials = Trials::read(&world.practice).await?;
    let canceled = orders.iter().filter(|order| order.canceled).count();
    println!("{} orders, {canceled} of them canceled; {} calls to send", orders.len(), trials.sends);
    println!("faults met: {}", listed(&trials.faults));
    println!(
        "{} messages taken while the answer was lost; {} look-ups; none sent twice",
        trials.taken_unknown, trials.lookups
    );
    let failed: usize = seen.failed.values().sum();
    println!(
        "{failed} messages given up by the vendor ({:?}) and sent in another form, by another channel, or left to a person",
        seen.failed
    );
    println!(
        "exactly once each: {} events by phone, {} by mail ({} further copies under the same Message-ID)",
        verdict.on_phones, verdict.by_mail, verdict.copies
    );
    println!("{} orders of customers who opted out: nothing was sent to them", verdict.silent);
    Ok(())
}
