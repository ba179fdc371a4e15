//! Profile `messages --down`: what orders, memory and webhooks feel of a vendor that is down, and how the queue drains.
//!
//! Stretches of the same load: the vendor well, refusing connections, silent, and back. An hour is simulated by volume: a
//! stretch has as many orders as an hour at the rate that the table names, offered faster.

use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

use serde_json::Value;

use super::{
    Messages,
    drain::drained,
    front::Behind,
    practice::{Practice, program},
    world::{Habit, Person, World, place},
};
use crate::{
    client::Call,
    open_loop::{Measured, Shed, drive},
    server::{Fault, Site, resident_mib},
    shop::{self, must},
    stats::{Tally, spread},
};

/// Orders of one customer in a stretch. A conversation holds 200 open messages (munshi_domain's `MAX_OPEN`).
const EACH: u64 = 20;
/// Most open effects of a connection: `connections.open_limit` and a page of the journal.
const MOST_OPEN: u64 = 1_000 + 256;
/// Goal for acknowledging a delivery, p99.
const ACK_MS: f64 = 50.0;
/// Look-ups after two seconds and eight more, so that the run waits minutes and not half an hour.
const SETTINGS: [(&str, &str); 1] = [("MUNSHI_CONNECTIONS__LOOKUP_WAIT", "2s")];
const CONNECTIONS: usize = 64;

/// One stretch, measured.
struct Row {
    title: &'static str,
    measured: Measured,
    resident: f64,
    health: Value,
    acks: Tally,
}

/// Runs the profile.
///
/// # Errors
/// What went wrong, or what was lost, doubled or out of order.
pub async fn run(site: &Site, of: &Messages, seed: u64) -> Result<(), Fault> {
    let kept = usize::try_from(of.volume).unwrap_or(usize::MAX).saturating_mul(20).max(10_000);
    let practice = Practice::start(&program(site, of.opsim_bin.as_deref()), kept, seed).await?;
    let mut world = World::open(site, practice, of.carrier, &SETTINGS).await?;
    let customers = usize::try_from(of.volume / EACH).unwrap_or(1).max(10);
    let people = world.people(std::iter::repeat_n(Habit::Plain, customers), false).await?;
    let first = place(&mut world.client(), &world.shop, (0, &people[0]), 0, false).await?;
    let prefix = first.number.trim_end_matches(|c: char| c.is_ascii_digit()).to_owned();
    println!(
        "{} orders of {customers} customers a stretch, {} a second: an hour's orders at {:.1} a second, simulated by volume",
        of.volume,
        of.rate,
        hourly(of.volume)
    );
    let mut run = Run { world: &world, people: &people, of, seed, sent: 1, told: 0 };
    run.stretch("warm-up", (of.volume / 10).max(1)).await?;
    drained(&world, &people, &[]).await?;
    let before = resident(&world);
    let mut rows = vec![run.stretch("well", of.volume).await?];
    drained(&world, &people, &[]).await?;
    let waiting = vendor_messages(&world).await?.len();
    world.vendors.turn(Behind::Shut);
    rows.push(run.stretch("refuses connections", of.volume).await?);
    world.vendors.turn(Behind::Silence);
    rows.push(run.stretch("is silent", of.volume).await?);
    world.vendors.turn(Behind::Server(world.practice.http));
    let back = Instant::now();
    rows.push(run.stretch("back, draining", of.volume / 4).await?);
    drained(&world, &people, &[]).await?;
    let took = back.elapsed();
    print(&rows, before, of.volume);
    let messages = vendor_messages(&world).await?;
    let drain = &messages[waiting..];
    let at = |message: Option<&Value>| message.and_then(|message| message["at_ms"].as_i64()).unwrap_or_default();
    #[allow(clippy::cast_precision_loss, reason = "a span of milliseconds")]
    let seconds = (at(drain.last()) - at(drain.first())) as f64 / 1e3;
    #[allow(clippy::cast_precision_loss, reason = "a count of a run")]
    let rate = drain.len() as f64 / seconds.max(0.001);
    println!(
        "drained: {} messages in {seconds:.1} s, {rate:.0} a second (the connection may send 200); all quiet {:.0} s after the vendor was back",
        drain.len(),
        took.as_secs_f64()
    );
    println!("{}", in_order(&messages, &people, run.sent, &prefix)?);
    let worst = rows.iter().filter(|row| row.acks.ok > 0).map(|row| row.acks.millis(0.99)).fold(0.0, f64::max);
    println!("webhooks acknowledged within {worst:.1} ms at p99 (goal {ACK_MS:.0} ms)");
    world.server.stop().await;
    println!("doctor: {}", world.site.doctor().await?);
    Ok(())
}

#[allow(clippy::cast_precision_loss, reason = "a count of a run")]
fn hourly(volume: u64) -> f64 {
    volume as f64 / 3_600.0
}

fn resident(world: &World) -> f64 {
    resident_mib(world.server.pid()).unwrap_or_default()
}

struct Run<'a> {
    world: &'a World,
    people: &'a [Person],
    of: &'a Messages,
    seed: u64,
    /// Orders so far.
    sent: u64,
    /// Webhooks told so far.
    told: usize,
}

impl Run<'_> {
    async fn stretch(&mut self, title: &'static str, orders: u64) -> Result<Row, Fault> {
        let first = self.sent;
        let (shop, seed) = (self.world.shop.clone(), self.seed);
        let people: Vec<String> = self.people.iter().map(|person| person.id.clone()).collect();
        #[allow(clippy::cast_precision_loss, reason = "a count of a run")]
        let length = Duration::from_secs_f64(orders as f64 / self.of.rate + 1e-6);
        let make = move |n: u64| {
            let index = usize::try_from(first + n).unwrap_or_default();
            let person = &people[index % people.len()];
            let body = shop::order(person, &[(shop.skus[index % shop.skus.len()].as_str(), 1)], "prepaid");
            Call::post("/orders", format!("down-{seed}-{}", first + n), &body)
        };
        let token = self.world.shop.token.clone();
        let measured = drive(&self.world.server, &token, self.of.rate, length, CONNECTIONS, Shed::Retry, make).await?;
        if measured.tally.failed() > 0 {
            return Err(format!("{title}: not every order was taken, lower the rate: {}", measured.tally.line(1.0)));
        }
        self.sent += measured.tally.ok;
        let id = self.of.carrier.word();
        let view = must(&mut self.world.client(), &Call::get(format!("/connections/{id}"))).await?;
        let health = view["health"].clone();
        let open: u64 = ["planned", "unknown", "in_flight"].iter().filter_map(|name| health[*name].as_u64()).sum();
        if open > MOST_OPEN {
            return Err(format!("{title}: {open} open effects in memory, more than the bound of {MOST_OPEN}"));
        }
        Ok(Row { title, measured, resident: resident(self.world), health, acks: self.acks().await? })
    }

    /// How fast what was told since the last time was acknowledged, as the vendor saw it.
    async fn acks(&mut self) -> Result<Tally, Fault> {
        let sent = self.world.practice.state("sent").await?;
        let sent = sent.as_array().cloned().unwrap_or_default();
        let mut tally = Tally::default();
        for webhook in sent.iter().skip(self.told) {
            match webhook["result"].as_str() {
                Some(result) if result.starts_with('2') => {
                    tally.accept(Duration::from_secs_f64(webhook["took_ms"].as_f64().unwrap_or_default() / 1e3));
                }
                result => tally.error(result.unwrap_or_default().to_owned()),
            }
        }
        self.told = sent.len();
        Ok(tally)
    }
}

fn print(rows: &[Row], before: f64, volume: u64) {
    println!(
        "| vendor | orders/s | order p50 / p99 ms | memory MiB | open in memory | waits in the journal | breaker | webhooks | ack p50 / p99 ms |"
    );
    println!("|---|---|---|---|---|---|---|---|---|");
    for row in rows {
        let (tally, health) = (&row.measured.tally, &row.health);
        let open: u64 = ["planned", "unknown", "in_flight"].iter().filter_map(|name| health[*name].as_u64()).sum();
        println!(
            "| {} | {:.0} | {:.1} / {:.1} | {:.0} | {open} | {} entries | {} | {} | {:.1} / {:.1} |",
            row.title,
            row.measured.rate(),
            tally.millis(0.5),
            tally.millis(0.99),
            row.resident,
            health["lag"],
            health["breaker"].as_str().unwrap_or_default(),
            row.acks.ok + row.acks.failed(),
            row.acks.millis(0.5),
            row.acks.millis(0.99),
        );
    }
    #[allow(clippy::cast_precision_loss, reason = "a count of a run")]
    let each = |from: f64, to: f64| (to - from) * 1_024.0 / volume as f64;
    println!(
        "memory for each order: {:.1} KiB with the vendor well, {:.1} KiB while it refuses, {:.1} KiB while it is silent",
        each(before, rows[0].resident),
        each(rows[0].resident, rows[1].resident),
        each(rows[1].resident, rows[2].resident)
    );
    let mut waits: Vec<Duration> =
        rows.iter().map(|row| Duration::from_secs_f64(row.measured.tally.millis(1.0) / 1e3)).collect();
    println!("slowest order of any stretch: {} ms", spread(&mut waits).1.as_millis());
}

/// Every message to phones that arrived, oldest first.
async fn vendor_messages(world: &World) -> Result<Vec<Value>, Fault> {
    let state = world.practice.state(world.carrier.word()).await?;
    let messages = state["messages"].as_array().cloned().unwrap_or_default();
    Ok(messages.into_iter().filter(|message| message["inbound"] == false && message["status"] != "failed").collect())
}

/// Whether every order was told once, and each customer's in the order in which they were placed.
fn in_order(messages: &[Value], people: &[Person], orders: u64, prefix: &str) -> Result<String, Fault> {
    let mut heard: BTreeMap<&str, Vec<u64>> = BTreeMap::new();
    for message in messages {
        let text = message["text"].as_str().unwrap_or_default();
        let words = text.split(|c: char| !c.is_alphanumeric() && c != '-');
        let number = words.filter_map(|word| word.strip_prefix(prefix)?.parse().ok()).next();
        let number = number.ok_or_else(|| format!("a message names no order: {text}"))?;
        heard.entry(message["phone"].as_str().unwrap_or_default()).or_default().push(number);
    }
    for (phone, numbers) in &heard {
        if let Some(pair) = numbers.windows(2).find(|pair| pair[0] >= pair[1]) {
            return Err(format!("customer {phone}: order {} was told of before order {}", pair[0], pair[1]));
        }
    }
    let told: usize = heard.values().map(Vec::len).sum();
    if told as u64 != orders {
        return Err(format!("{told} orders were told of, of {orders}"));
    }
    Ok(format!("{told} orders told of once each, in order for each of {} customers", heard.len().min(people.len())))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn order_is_checked_for_each_customer_and_nothing_may_be_missing_or_double() {
        let say = |phone: &str, text: &str| json!({ "phone": phone, "text": text });
        let (a, b) = (say("+1", "order *ORD-1*: x"), say("+2", "order *ORD-2*: x"));
        let c = say("+1", "order *ORD-3*: x");
        let check = |messages: &[Value], orders| in_order(messages, &[], orders, "ORD-");
        assert!(check(&[b.clone(), a.clone(), c.clone()], 3).is_ok());
        assert!(check(&[c.clone(), b.clone(), a.clone()], 3).is_err_and(|said| said.contains("before")));
        assert!(check(&[a.clone(), a.clone(), b.clone()], 3).is_err());
        assert!(check(&[a, c], 3).is_err_and(|said| said.starts_with("2 orders")));
    }
}
