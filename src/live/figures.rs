//! Figures over many orders and scans, kept as they change instead of counted when somebody asks.
//!
//! Invariant: an order of the last [`DAYS`] days stands here once, as it was when the feed last looked at it; what is read
//! from the store at the start never overwrites what the feed has brought. Memory is about 64 bytes an order and bounded by
//! [`MOST`]; beyond, the figures say that they are not complete by not being there.

use std::{
    collections::{BTreeMap, HashMap, VecDeque},
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

use munshi_domain::{Currency, Kind, OrderId, Timestamp, WarehouseId, floor::FloorEvent, zone::Zone};
use munshi_store::JournalEntry;
use rust_decimal::Decimal;
use serde::Deserialize;
use serde_json::Value;

/// Days that figures go back.
pub const DAYS: i64 = 62;
/// Minutes that scans go back.
pub const MINUTES: i64 = 60;
/// Orders kept at most.
const MOST: usize = 2_000_000;
const DAY_MS: i64 = 86_400_000;
const MINUTE_MS: i64 = 60_000;

/// What figures need of an order.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    at: Timestamp,
    status: Box<str>,
    currency: Currency,
    total: Decimal,
}

/// Columns of a list row.
#[derive(Deserialize)]
struct Columns {
    at: String,
    status: String,
    total: String,
    currency: String,
    #[serde(default)]
    badges: Vec<String>,
}

impl Line {
    /// From an order's list columns; nothing for a draft, and nothing for an order taken over from elsewhere.
    pub fn of(columns: &Value) -> Option<Self> {
        let columns = Columns::deserialize(columns).ok()?;
        if columns.status == "draft"
            || columns.status == "discarded"
            || columns.badges.iter().any(|one| one == "imported")
        {
            return None;
        }
        Some(Self {
            at: Timestamp::parse(&columns.at)?,
            status: columns.status.into(),
            currency: Currency::parse(&columns.currency).ok()?,
            total: columns.total.parse().ok()?,
        })
    }

    fn counts(&self) -> bool {
        !matches!(&*self.status, "canceled" | "rejected" | "expired")
    }
}

/// Orders of one day.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Day {
    /// How many were placed.
    pub orders: u64,
    /// What they came to.
    pub value: BTreeMap<Currency, Decimal>,
}

/// Orders of some days.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Days {
    /// By number of the local day.
    pub days: BTreeMap<i64, Day>,
    /// By display status.
    pub by_status: BTreeMap<Box<str>, u64>,
}

/// The figures.
#[derive(Debug, Default)]
pub struct Figures {
    orders: Mutex<HashMap<OrderId, Line>>,
    scans: Mutex<BTreeMap<WarehouseId, VecDeque<(i64, u64)>>>,
    filled: AtomicBool,
    full: AtomicBool,
}

fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Figures {
    /// What the feed saw of an order; nothing takes it out.
    pub fn note(&self, id: OrderId, line: Option<Line>, now: Timestamp) {
        let mut orders = held(&self.orders);
        match line.filter(|line| recent(line.at, now)) {
            Some(line) => drop(orders.insert(id, line)),
            None => drop(orders.remove(&id)),
        }
        if orders.len() > MOST {
            orders.retain(|_, line| recent(line.at, now));
            self.full.store(orders.len() > MOST, Ordering::Release);
        }
    }

    /// What the store has of an order, unless the feed has seen it since.
    pub fn fill(&self, id: OrderId, line: Line) {
        held(&self.orders).entry(id).or_insert(line);
    }

    /// Everything the store has is here.
    pub fn set_filled(&self) {
        self.filled.store(true, Ordering::Release);
    }

    /// The orders of the last `days` local days; nothing as long as not all of them are known.
    pub fn days(&self, days: i64, zone: Zone, now: Timestamp) -> Option<Days> {
        if !self.filled.load(Ordering::Acquire) || self.full.load(Ordering::Acquire) {
            return None;
        }
        let today = zone.day(now);
        let first = today - days + 1;
        let mut sums = Days { days: (first..=today).map(|day| (day, Day::default())).collect(), ..Days::default() };
        for line in held(&self.orders).values() {
            let Some(day) = sums.days.get_mut(&zone.day(line.at)) else { continue };
            day.orders += 1;
            if line.counts() {
                *day.value.entry(line.currency).or_default() += line.total;
            }
            *sums.by_status.entry(line.status.clone()).or_default() += 1;
        }
        Some(sums)
    }

    /// Counts what devices did in an entry of the journal.
    pub fn entry(&self, entry: &JournalEntry) {
        if entry.entity.kind != Kind::Floor {
            return;
        }
        let answered = |event: &&FloorEvent| matches!(event, FloorEvent::DeviceAnswered(_));
        let count = entry.events.typed::<FloorEvent>().iter().filter(answered).count() as u64;
        if count > 0
            && let Ok(floor) = WarehouseId::parse(&entry.entity.id)
        {
            self.scanned(&floor, entry.at, count);
        }
    }

    /// Devices scanned so often on a floor.
    fn scanned(&self, floor: &WarehouseId, at: Timestamp, count: u64) {
        let minute = at.as_millis().div_euclid(MINUTE_MS);
        let mut scans = held(&self.scans);
        let minutes = scans.entry(floor.clone()).or_default();
        match minutes.back_mut() {
            // A clock that stands still or goes back a little counts for the newest minute.
            Some((newest, sum)) if *newest >= minute => *sum += count,
            _ => minutes.push_back((minute, count)),
        }
        while minutes.front().is_some_and(|(oldest, _)| *oldest <= minute - MINUTES) {
            minutes.pop_front();
        }
    }

    /// Scans of each of the last minutes, oldest first, on one floor or all.
    pub fn scans(&self, floor: Option<&WarehouseId>, now: Timestamp) -> Vec<(Timestamp, u64)> {
        let last = now.as_millis().div_euclid(MINUTE_MS);
        let mut sums: BTreeMap<i64, u64> = (last - MINUTES + 1..=last).map(|minute| (minute, 0)).collect();
        let scans = held(&self.scans);
        for (_, minutes) in scans.iter().filter(|(code, _)| floor.is_none_or(|floor| floor == *code)) {
            for (minute, count) in minutes {
                if let Some(sum) = sums.get_mut(minute) {
                    *sum += count;
                }
            }
        }
        sums.into_iter().map(|(minute, count)| (Timestamp::from_millis(minute * MINUTE_MS), count)).collect()
    }
}

/// Whether an order can be of one of the days, whatever the zone.
fn recent(at: Timestamp, now: Timestamp) -> bool {
    now.as_millis() - at.as_millis() < (DAYS + 1) * DAY_MS
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const NOON: &str = "2026-01-31T12:00:00.000Z";

    fn at(text: &str) -> Timestamp {
        Timestamp::parse(text).unwrap()
    }

    fn line(at: &str, status: &str, total: &str) -> Option<Line> {
        Line::of(&json!({"at": at, "status": status, "total": total, "currency": "PKR", "badges": []}))
    }

    #[test]
    fn an_order_counts_on_its_day_and_once() {
        let (figures, now, id) = (Figures::default(), at(NOON), OrderId::from_u128);
        figures.note(id(1), line(NOON, "pending", "10.00"), now);
        figures.note(id(1), line(NOON, "approved", "12.00"), now);
        figures.fill(id(1), line(NOON, "pending", "10.00").unwrap());
        figures.fill(id(2), line("2026-01-30T20:00:00.000Z", "canceled", "5.00").unwrap());
        figures.note(id(3), line("2025-11-01T00:00:00.000Z", "delivered", "5.00"), now);
        figures.note(id(4), line(NOON, "draft", "5.00"), now);
        assert_eq!(figures.days(2, Zone::UTC, now), None, "not all is known yet");
        figures.set_filled();
        let karachi = figures.days(2, Zone::parse("Asia/Karachi").unwrap(), now).unwrap();
        let counts: Vec<_> = karachi.days.values().map(|day| day.orders).collect();
        assert_eq!(counts, [0, 2], "eight in the evening is the next day in Karachi");
        let utc = figures.days(2, Zone::UTC, now).unwrap();
        assert_eq!(utc.days.values().map(|day| day.orders).collect::<Vec<_>>(), [1, 1]);
        let values: Vec<_> = utc.days.values().map(|day| day.value.get(&Currency::PKR).copied()).collect();
        assert_eq!(values, [None, Some(Decimal::new(1200, 2))], "what was canceled is worth nothing");
        assert_eq!(utc.by_status, BTreeMap::from([("approved".into(), 1), ("canceled".into(), 1)]));
        figures.note(id(1), None, now);
        assert_eq!(figures.days(1, Zone::UTC, now).unwrap().by_status.len(), 0);
    }

    #[test]
    fn scans_are_counted_by_the_minute() {
        let (figures, floor) = (Figures::default(), WarehouseId::parse("KHI-1").unwrap());
        figures.scanned(&floor, at("2026-01-31T10:00:00Z"), 1);
        for (second, count) in [("12:00:01", 2), ("12:00:59", 1), ("12:01:00", 4), ("12:00:30", 1)] {
            figures.scanned(&floor, at(&format!("2026-01-31T{second}Z")), count);
        }
        let seen = figures.scans(None, at("2026-01-31T12:01:30Z"));
        assert_eq!(seen.len(), 60);
        assert_eq!(seen[58..], [(at(NOON), 3), (at("2026-01-31T12:01:00Z"), 5)]);
        assert_eq!(seen[..58].iter().map(|(_, count)| count).sum::<u64>(), 0);
        let other = WarehouseId::parse("LHE-1").unwrap();
        assert!(figures.scans(Some(&other), at(NOON)).iter().all(|(_, count)| *count == 0));
    }
}
