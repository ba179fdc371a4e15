//! Waiting until nothing is on its way any more, and what waits for a person.

use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

use serde_json::{Value, json};

use super::{
    audit::{Seen, audit},
    world::{Person, Placed, World},
};
use crate::{
    client::{Call, Client},
    server::Fault,
    shop::{must, settled},
};

/// Longest that a run waits for its messages.
const PATIENCE: Duration = Duration::from_secs(15 * 60);
/// How long nothing may move before it counts as still; what waits to be looked at again counts as moving.
const STILL: Duration = Duration::from_secs(2);
/// How often a long wait is told of.
const TELL_EVERY: Duration = Duration::from_secs(60);
/// As long as events are missing, stillness is believed only after this long.
const STILL_MISSING: Duration = Duration::from_secs(45);

/// What a connection still has to do.
async fn open_work(world: &World) -> Result<u64, Fault> {
    let mut client = world.client();
    let mut open = 0;
    for id in world.carrier.connections() {
        let view = must(&mut client, &Call::get(format!("/connections/{id}"))).await?;
        let names = ["planned", "unknown", "in_flight", "lag"];
        open += names.iter().filter_map(|name| view["health"][*name].as_u64()).sum::<u64>();
    }
    // Absent until the first delivery of this life.
    let inbox = world.server.metric("munshi_connector_inbox_open").await.unwrap_or_default();
    let due = world.practice.state("due").await?.as_u64().unwrap_or_default();
    Ok(open + due + u64::from(inbox > 0.0))
}

/// Lets connections that wait after failures try again at once, as a person would who knows that the vendor is well.
///
/// # Errors
/// What the server says.
pub async fn resume(world: &World, run: &str) -> Result<(), Fault> {
    for id in world.carrier.connections() {
        let call = Call::act(format!("/connections/{id}/resume"), format!("resume-{id}-{run}"));
        must(&mut world.client(), &call).await?;
    }
    Ok(())
}

/// Waits until everything is sent, answered and told, and nothing more comes. What is missing then stays missing.
///
/// # Errors
/// When it goes on for longer than a quarter of an hour.
pub async fn drained(world: &World, people: &[Person], orders: &[Placed]) -> Result<Duration, Fault> {
    let began = Instant::now();
    let (mut since, mut version, mut told) = (Instant::now(), Value::Null, TELL_EVERY);
    while began.elapsed() < PATIENCE {
        let now = world.practice.state("version").await?;
        let open = open_work(world).await?;
        if open > 0 || now != version {
            (since, version) = (Instant::now(), now);
        } else if since.elapsed() >= STILL {
            let missing = audit(&Seen::read(&world.practice).await?, people, orders).missing;
            if missing == 0 || since.elapsed() >= STILL_MISSING {
                return Ok(began.elapsed());
            }
        }
        if began.elapsed() >= told {
            println!("  after {} s {open} calls, deliveries or journal entries are open", told.as_secs());
            told += TELL_EVERY;
        }
        tokio::time::sleep(Duration::from_millis(250)).await;
    }
    Err(format!("messages were still open after {} s", PATIENCE.as_secs()))
}

/// Every dead letter.
///
/// # Errors
/// What the server says.
pub async fn dead(world: &World) -> Result<Vec<Value>, Fault> {
    let mut client = world.client();
    let (mut all, mut after) = (Vec::new(), String::new());
    for _ in 0..1_000 {
        let page = must(&mut client, &Call::get(format!("/dead-letters?limit=200{after}"))).await?;
        all.extend(page["items"].as_array().cloned().unwrap_or_default());
        match page["next"].as_str() {
            Some(next) => after = format!("&after={next}"),
            None => return Ok(all),
        }
    }
    Err("the list of dead letters has no end".into())
}

fn path(letter: &Value, what: &str) -> String {
    let text = |name: &str| letter[name].as_str().unwrap_or_default();
    format!("/dead-letters/{}/{}/{what}", text("connection"), text("id"))
}

/// Replays one dead letter.
///
/// # Errors
/// What the server says.
pub async fn replay(world: &World, letter: &Value) -> Result<(), Fault> {
    let call = Call::post(path(letter, "replay"), format!("replay-{}", letter["id"]), &json!({ "reason": "tried" }));
    must(&mut world.client(), &call).await.map(drop)
}

/// Classes of which nobody knows whether the message arrived (docs/OPERATIONS.md).
const UNKNOWN: [&str; 3] = ["undecidable", "no_news", "lookup_failed"];

/// What a person does about dead letters: replays what surely did not arrive; of what nobody knows looks at the vendor,
/// discards what is there and replays what is not. Answers how many were replayed and discarded.
///
/// # Errors
/// What the server says, or a thread that does not tell what a letter is about.
pub async fn decide(world: &World, letters: &[Value]) -> Result<(usize, usize), Fault> {
    let (mut client, seen) = (world.client(), Seen::read(&world.practice).await?);
    let mut threads: BTreeMap<&str, Vec<&Value>> = BTreeMap::new();
    let (mut replayed, mut discarded) = (0, 0);
    for letter in letters {
        match letter["conversation"].as_str() {
            Some(thread) if UNKNOWN.contains(&letter["class"].as_str().unwrap_or_default()) => {
                threads.entry(thread).or_default().push(letter);
            }
            _ => {
                replay(world, letter).await?;
                replayed += 1;
            }
        }
    }
    for (thread, mut letters) in threads {
        letters.sort_by_key(|letter| letter["caused_by"].as_u64());
        let asked = unknown(&mut client, thread).await?;
        if asked.len() != letters.len() {
            return Err(format!("thread {thread}: {} dead letters, {} messages unknown", letters.len(), asked.len()));
        }
        for (letter, envelope) in letters.into_iter().zip(asked) {
            if seen.has(&envelope) {
                discard(&mut client, letter, "it arrived").await?;
                discarded += 1;
            } else {
                replay(world, letter).await?;
                replayed += 1;
            }
        }
    }
    Ok((replayed, discarded))
}

async fn discard(client: &mut Client, letter: &Value, reason: &str) -> Result<(), Fault> {
    let call = Call::post(path(letter, "discard"), format!("discard-{}", letter["id"]), &json!({ "reason": reason }));
    let answer = settled(client, &call).await?;
    if answer.ok() { Ok(()) } else { Err(format!("discard: {}", answer.code())) }
}

/// Attempts of a thread whose outcome nobody knows, oldest first: each with its channel, and what its message says.
async fn unknown(client: &mut Client, thread: &str) -> Result<Vec<Value>, Fault> {
    let page = must(client, &Call::get(format!("/conversations/{thread}/messages?limit=200"))).await?;
    if !page["next"].is_null() {
        return Err(format!("thread {thread} is longer than a page"));
    }
    let mut entries: Vec<Value> = page["items"].as_array().cloned().unwrap_or_default();
    entries.sort_by_key(|entry| entry["version"].as_u64());
    Ok(undecided(entries.iter().map(|entry| &entry["event"])))
}

fn undecided<'a>(events: impl Iterator<Item = &'a Value>) -> Vec<Value> {
    let mut messages: BTreeMap<&str, &Value> = BTreeMap::new();
    let mut attempts: Vec<Value> = Vec::new();
    for event in events {
        match event["type"].as_str() {
            Some("MessageQueued") => {
                messages.insert(event["message"]["id"].as_str().unwrap_or_default(), &event["message"]);
            }
            Some("SendRequested") => {
                let said = messages.get(event["message"].as_str().unwrap_or_default());
                let mut attempt = event.clone();
                attempt["kind"] = said.map_or(Value::Null, |said| said["kind"].clone());
                attempt["variables"] = said.map_or(Value::Null, |said| said["variables"].clone());
                attempt["known"] = json!(true);
                attempts.push(attempt);
            }
            Some("StatusRecorded") => {
                let about = |of: &&mut Value| of["message"] == event["message"] && of["attempt"] == event["attempt"];
                if let Some(attempt) = attempts.iter_mut().find(about) {
                    attempt["known"] = json!(event["status"] != "unknown");
                }
            }
            _ => {}
        }
    }
    attempts.retain(|attempt| attempt["known"] == false);
    attempts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_attempt_is_undecided_until_something_else_is_told_of_it() {
        let queued = |id: &str, number: &str| json!({"type": "MessageQueued", "message": {"id": id, "kind": "order_placed", "variables": {"number": number}}});
        let sent = |id: &str, attempt: u64| json!({"type": "SendRequested", "message": id, "attempt": attempt, "channel": "whatsapp"});
        let told =
            |id: &str, status: &str| json!({"type": "StatusRecorded", "message": id, "attempt": 1, "status": status});
        let thread = [
            queued("a", "SO-1"),
            sent("a", 1),
            queued("b", "SO-2"),
            sent("b", 1),
            told("a", "unknown"),
            told("b", "unknown"),
            sent("b", 2),
            told("b", "read"),
        ];
        let open = undecided(thread.iter());
        assert_eq!(open.len(), 1);
        assert_eq!((&open[0]["message"], &open[0]["variables"]["number"]), (&json!("a"), &json!("SO-1")));
        assert_eq!(open[0]["channel"], "whatsapp");
        assert!(undecided(thread.iter().chain([&told("a", "delivered")])).is_empty());
    }
}
