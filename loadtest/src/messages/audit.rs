//! What customers saw, held against what happened to their orders.
//!
//! Invariant: the auditor reads the practice world and the answers to its own orders, never the server's books about
//! messages. What is promised differs by vendor (docs/adr/0013): by WhatsApp and SMS one message an event; by mail one
//! `Message-ID` an event, of which the mailbox may see a second copy when an answer was lost.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::{
    practice::Practice,
    world::{Habit, Person, Placed},
};
use crate::server::Fault;

/// Findings told at most.
const SHOWN: usize = 12;

/// What an order's customer is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Event {
    /// It was taken.
    Placed,
    /// It was canceled.
    Canceled,
}

/// What the practice world showed.
#[derive(Clone, Debug, Default)]
pub struct Seen {
    /// Messages that reached a phone, by phone, oldest first: id and text.
    phones: BTreeMap<String, Vec<(String, String)>>,
    /// Mails by address: `Message-ID` and text.
    mails: BTreeMap<String, Vec<(String, String)>>,
    /// Messages the vendor gave up, by code.
    pub failed: BTreeMap<u64, usize>,
}

/// Whether a text names an order, as a word of its own.
pub fn names(text: &str, number: &str) -> bool {
    text.split(|c: char| !c.is_alphanumeric() && c != '-').any(|word| word == number)
}

fn event(text: &str) -> Event {
    if text.contains("cancelled") { Event::Canceled } else { Event::Placed }
}

impl Seen {
    /// Reads the practice world.
    ///
    /// # Errors
    /// When it does not answer.
    pub async fn read(practice: &Practice) -> Result<Self, Fault> {
        let mut seen = Self::default();
        for vendor in ["twilio", "meta"] {
            let state = practice.state(vendor).await?;
            for message in state["messages"].as_array().into_iter().flatten() {
                seen.message(message);
            }
        }
        let mails = practice.state("mail").await?;
        for mail in mails.as_array().into_iter().flatten() {
            let text = |name: &str| mail[name].as_str().unwrap_or_default().to_owned();
            let said = format!("{}\n{}", text("subject"), text("text"));
            for to in mail["to"].as_array().into_iter().flatten().filter_map(Value::as_str) {
                seen.mails.entry(to.to_owned()).or_default().push((text("message_id"), said.clone()));
            }
        }
        Ok(seen)
    }

    fn message(&mut self, message: &Value) {
        let text = |name: &str| message[name].as_str().unwrap_or_default().to_owned();
        if message["inbound"] == true {
            return;
        }
        if matches!(message["status"].as_str(), Some("failed" | "undelivered")) {
            *self.failed.entry(message["error"].as_u64().unwrap_or_default()).or_default() += 1;
            return;
        }
        self.phones.entry(text("phone")).or_default().push((text("id"), text("text")));
    }

    /// What reached a phone, oldest first.
    pub fn of_phone(&self, phone: &str) -> impl Iterator<Item = &str> {
        self.phones.get(phone).into_iter().flatten().map(|(_, text)| text.as_str())
    }

    /// Whether an attempt of a thread (its channel, and its message's kind and variables) is with who it is for.
    pub fn has(&self, attempt: &Value) -> bool {
        let number = attempt["variables"]["number"].as_str().unwrap_or_default();
        let what = if attempt["kind"] == "order_canceled" { Event::Canceled } else { Event::Placed };
        let boxes = if attempt["channel"] == "email" { &self.mails } else { &self.phones };
        boxes.values().flatten().any(|(_, text)| names(text, number) && event(text) == what)
    }

    fn on_phone(&self, person: &Person, order: &Placed, what: Event) -> usize {
        self.of_phone(&person.phone).filter(|text| names(text, &order.number) && event(text) == what).count()
    }

    /// Distinct mails, and copies beyond them.
    fn by_mail(&self, address: &str, order: &Placed, what: Event) -> (usize, usize) {
        let all = self.mails.get(address).into_iter().flatten();
        let of = all.filter(|(_, text)| names(text, &order.number) && event(text) == what);
        let ids: Vec<&String> = of.map(|(id, _)| id).collect();
        let distinct = ids.iter().collect::<BTreeSet<_>>().len();
        (distinct, ids.len() - distinct)
    }
}

/// What the audit counted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verdict {
    /// Events of which exactly one message reached the phone.
    pub on_phones: usize,
    /// Events of which exactly one mail arrived.
    pub by_mail: usize,
    /// Further copies of mails under the same `Message-ID`.
    pub copies: usize,
    /// Orders of who opted out, and heard nothing.
    pub silent: usize,
    /// Events nobody heard of yet.
    pub missing: usize,
    /// What must not be, in words.
    pub faults: Vec<String>,
}

impl Verdict {
    /// The first findings, or nothing.
    ///
    /// # Errors
    /// The findings.
    pub fn check(&self) -> Result<(), Fault> {
        if self.faults.is_empty() {
            return Ok(());
        }
        let shown: Vec<_> = self.faults.iter().take(SHOWN).cloned().collect();
        Err(format!("audit, {} findings:\n- {}", self.faults.len(), shown.join("\n- ")))
    }
}

/// Holds what was seen against the orders.
pub fn audit(seen: &Seen, people: &[Person], orders: &[Placed]) -> Verdict {
    let mut verdict = Verdict::default();
    for order in orders {
        let person = &people[order.person];
        let events = [Event::Placed, Event::Canceled];
        for what in events.into_iter().take(1 + usize::from(order.canceled)) {
            let times = seen.on_phone(person, order, what);
            if person.habit == Habit::OptedOut {
                if times > 0 {
                    verdict.faults.push(format!("{} {what:?}: who opted out was written to", order.number));
                }
                continue;
            }
            verdict.count(times, &format!("{} {what:?} by phone", order.number), true);
            if let Some(address) = &person.email {
                let (times, copies) = seen.by_mail(address, order, what);
                verdict.copies += copies;
                verdict.count(times, &format!("{} {what:?} by mail", order.number), false);
            }
        }
        verdict.silent += usize::from(person.habit == Habit::OptedOut);
        if !order.canceled && seen.on_phone(person, order, Event::Canceled) > 0 {
            verdict.faults.push(format!("{} was called canceled and is not", order.number));
        }
    }
    verdict
}

impl Verdict {
    fn count(&mut self, times: usize, what: &str, phone: bool) {
        match times {
            1 if phone => self.on_phones += 1,
            1 => self.by_mail += 1,
            0 => {
                self.missing += 1;
                self.faults.push(format!("{what}: never arrived"));
            }
            more => self.faults.push(format!("{what}: {more} times")),
        }
    }
}

/// What the vendors were made to do, from their own journal.
#[derive(Clone, Debug, Default)]
pub struct Trials {
    /// Requests by fault.
    pub faults: BTreeMap<String, usize>,
    /// Messages that were taken while the answer was kept back, so that nobody could know.
    pub taken_unknown: usize,
    /// Look-ups.
    pub lookups: usize,
    /// Sends.
    pub sends: usize,
}

impl Trials {
    /// Reads the journal.
    ///
    /// # Errors
    /// When the practice world does not answer.
    pub async fn read(practice: &Practice) -> Result<Self, Fault> {
        let mut trials = Self::default();
        for entry in practice.journal().await? {
            let request = entry["request"].as_str().unwrap_or_default();
            let sends =
                request.starts_with("POST") && (request.contains("/Messages.json") || request.ends_with("/messages"));
            trials.sends += usize::from(sends);
            trials.lookups += usize::from(request.starts_with("GET") && request.contains("/Messages.json"));
            let Some(fault) = entry["fault"].as_str() else { continue };
            *trials.faults.entry(fault.to_owned()).or_default() += 1;
            let taken = matches!(fault, "reset-after" | "slow-body" | "truncate" | "html-page");
            let answered = entry["answer"].as_str().is_some_and(|answer| answer.starts_with('2'));
            trials.taken_unknown += usize::from(sends && taken && answered);
        }
        Ok(trials)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn world() -> (Vec<Person>, Vec<Placed>) {
        let person = |n: usize, habit| Person {
            id: format!("c{n}"),
            phone: format!("+9230{n}"),
            email: (n == 0).then(|| "a@load.test".to_owned()),
            habit,
        };
        let order =
            |n: usize, person, canceled| Placed { person, id: format!("o{n}"), number: format!("ORD-{n}"), canceled };
        (
            vec![person(0, Habit::Plain), person(1, Habit::OptedOut)],
            vec![order(1, 0, true), order(10, 0, false), order(2, 1, false)],
        )
    }

    fn seen(phone: &[&str], mail: &[(&str, &str)]) -> Seen {
        let texts = phone.iter().enumerate().map(|(n, text)| (format!("SM{n}"), (*text).to_owned())).collect();
        let mails = mail.iter().map(|(id, text)| ((*id).to_owned(), (*text).to_owned())).collect();
        Seen {
            phones: [("+92300".to_owned(), texts)].into(),
            mails: [("a@load.test".to_owned(), mails)].into(),
            failed: BTreeMap::new(),
        }
    }

    #[test]
    fn the_audit_finds_what_is_lost_and_what_came_twice() {
        let (people, orders) = world();
        let phone = ["your order *ORD-1*: one", "your order *ORD-1* has been cancelled.", "order *ORD-10*: two"];
        let mail = [("<1>", "ORD-1 received"), ("<2>", "ORD-1 cancelled"), ("<3>", "ORD-10."), ("<3>", "ORD-10.")];
        let good = audit(&seen(&phone, &mail), &people, &orders);
        assert_eq!(good, Verdict { on_phones: 3, by_mail: 3, copies: 1, silent: 1, ..Verdict::default() });
        let lost = audit(&seen(&phone[..2], &mail), &people, &orders);
        assert_eq!((lost.missing, lost.faults.len()), (1, 1));
        let twice = audit(&seen(&[&phone[..], &phone[..1]].concat(), &mail), &people, &orders);
        assert_eq!((twice.missing, twice.faults.len()), (0, 1), "{twice:?}");
        let mails = audit(&seen(&phone, &[&mail[..], &[("<9>", "ORD-10.")]].concat()), &people, &orders);
        assert!(mails.check().is_err_and(|said| said.contains("ORD-10 Placed by mail: 2 times")));
        let mut all = seen(&phone, &mail);
        all.phones.insert("+92301".into(), vec![("SM".into(), "order ORD-2".into())]);
        assert_eq!(audit(&all, &people, &orders).faults, ["ORD-2 Placed: who opted out was written to"]);
    }
}
