//! What comes over a console's socket, followed apart from the client state machine: whether each change begins where the
//! one before it ended, and what the server says its rows add up to.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

/// The parts of a frame that matter here.
#[derive(Deserialize)]
struct Frame<'a> {
    t: &'a str,
    #[serde(borrow, default)]
    d: Data<'a>,
}

#[derive(Default, Deserialize)]
struct Data<'a> {
    topic: Option<&'a str>,
    outcome: Option<&'a str>,
    base: Option<u64>,
    off: Option<u64>,
    #[serde(default)]
    last: bool,
    n: Option<u64>,
    h: Option<&'a str>,
    #[serde(borrow, default)]
    subs: Vec<Sub<'a>>,
}

#[derive(Deserialize)]
struct Sub<'a> {
    topic: &'a str,
    outcome: &'a str,
}

/// A checksum as the server said it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Check {
    /// Offset of the rows.
    pub off: u64,
    /// How many rows.
    pub rows: u64,
    /// Their checksum.
    pub hash: String,
}

/// What was seen so far.
#[derive(Clone, Debug, Default)]
pub struct Watch {
    stands: BTreeMap<String, u64>,
    paging: BTreeSet<String>,
    /// Subscriptions that went on where they stood.
    pub resumed: u64,
    /// Subscriptions that began anew.
    pub snapshots: u64,
    /// Changes that did not begin where the one before ended: something was lost, or came twice.
    pub gaps: u64,
    /// Changes.
    pub deltas: u64,
    /// The last checksum of each topic.
    pub checks: BTreeMap<String, Check>,
}

impl Watch {
    /// A connection was opened.
    pub fn connected(&mut self) {
        self.paging.clear();
    }

    /// One frame.
    pub fn frame(&mut self, line: &str) {
        let Ok(Frame { t, d }) = serde_json::from_str::<Frame<'_>>(line) else { return };
        match t {
            "welcome" => d.subs.iter().for_each(|sub| self.outcome(sub.topic, sub.outcome)),
            "ok" => {
                if let (Some(topic), Some(outcome)) = (d.topic, d.outcome) {
                    self.outcome(topic, outcome);
                }
            }
            "snap" => {
                if let (Some(topic), Some(off), true) = (d.topic, d.off, d.last) {
                    self.paging.remove(topic);
                    self.stands.insert(topic.to_owned(), off);
                }
            }
            "delta" => self.delta(&d),
            "chk" => {
                if let (Some(topic), Some(off), Some(rows), Some(hash)) = (d.topic, d.off, d.n, d.h) {
                    self.checks.insert(topic.to_owned(), Check { off, rows, hash: hash.to_owned() });
                }
            }
            _ => {}
        }
    }

    fn outcome(&mut self, topic: &str, outcome: &str) {
        match outcome {
            "resumed" => self.resumed += 1,
            "snapshot" => {
                self.snapshots += 1;
                self.paging.insert(topic.to_owned());
            }
            _ => {}
        }
    }

    fn delta(&mut self, d: &Data<'_>) {
        let (Some(topic), Some(base), Some(off)) = (d.topic, d.base, d.off) else { return };
        self.deltas += 1;
        let follows = self.stands.get(topic) == Some(&base) && off > base && !self.paging.contains(topic);
        if !follows {
            self.gaps += 1;
        }
        self.stands.insert(topic.to_owned(), off);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn delta(base: u64, off: u64) -> String {
        format!(r#"{{"t":"delta","d":{{"topic":"wh.w.orders","epoch":"j","base":{base},"off":{off},"put":[]}}}}"#)
    }

    #[test]
    fn a_change_follows_the_one_before_it_or_is_a_gap() {
        let mut watch = Watch::default();
        watch.frame(r#"{"t":"welcome","d":{"subs":[{"topic":"wh.w.orders","outcome":"snapshot"}]}}"#);
        watch.frame(r#"{"t":"snap","d":{"topic":"wh.w.orders","off":5,"page":0,"last":true,"rows":[]}}"#);
        watch.frame(&delta(5, 9));
        assert_eq!((watch.gaps, watch.deltas, watch.snapshots), (0, 1, 1));
        watch.frame(&delta(5, 9));
        assert_eq!(watch.gaps, 1, "the same again");
        watch.frame(&delta(11, 12));
        assert_eq!(watch.gaps, 2, "one is missing");
        watch.frame(&delta(12, 12));
        assert_eq!(watch.gaps, 3, "nothing moves");
        watch.frame(r#"{"t":"chk","d":{"topic":"wh.w.orders","off":12,"n":3,"h":"00ff"}}"#);
        assert_eq!(watch.checks["wh.w.orders"], Check { off: 12, rows: 3, hash: "00ff".into() });
    }
}
