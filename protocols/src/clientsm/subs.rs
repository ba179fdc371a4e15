//! A client's subscriptions and their mirrors.
//!
//! Invariant: frames of a topic count only between the answer to the newest `sub` for it and the next one, so frames of
//! an older subscription, rate or window never reach the mirror.

use std::collections::BTreeMap;

use crate::{
    client::{Sub, SubReason, Subscription},
    ids::FrameId,
    mirror::Mirror,
    topic::{Topic, Window},
};

/// Not more often than this is a topic subscribed again because its mirror did not fit.
const AGAIN_MS: u64 = 1_000;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum State {
    /// To be asked for, not before this time.
    Wanted { from_ms: u64, why: Option<SubReason> },
    /// Named in the `hello`.
    Greeted,
    /// Asked for by this frame.
    Asked(FrameId),
    /// Its frames count.
    Live,
    /// Not to be had.
    Refused,
}

#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub max_hz: Option<u8>,
    pub window: Option<Window>,
    pub mirror: Mirror,
    pub state: State,
    /// The mirror is wrong: ask without `since`.
    whole: bool,
    asked_ms: Option<u64>,
    /// What the user has seen is still to be told, once the mirror stands.
    pub seen_due: bool,
}

#[derive(Debug, Default)]
pub(super) struct Subs(BTreeMap<Topic, Entry>);

impl Subs {
    pub fn len(&self) -> usize {
        self.0.len()
    }

    pub fn get(&self, topic: &Topic) -> Option<&Entry> {
        self.0.get(topic)
    }

    pub fn get_mut(&mut self, topic: &Topic) -> Option<&mut Entry> {
        self.0.get_mut(topic)
    }

    /// The entry, if its frames count.
    pub fn live(&mut self, topic: &Topic) -> Option<&mut Entry> {
        self.0.get_mut(topic).filter(|entry| entry.state == State::Live)
    }

    pub fn iter_mut(&mut self) -> impl Iterator<Item = (&Topic, &mut Entry)> {
        self.0.iter_mut()
    }

    /// Wants a topic, or the same topic otherwise. Another window is another set of rows: the mirror starts anew.
    pub fn want(&mut self, topic: Topic, max_hz: Option<u8>, window: Option<Window>, empty: Mirror) {
        let state = State::Wanted { from_ms: 0, why: None };
        match self.0.get_mut(&topic) {
            Some(entry) if entry.window == window => {
                (entry.max_hz, entry.state) = (max_hz, state);
                entry.mirror.drop_pages();
            }
            _ => {
                let entry =
                    Entry { max_hz, window, mirror: empty, state, whole: false, asked_ms: None, seen_due: false };
                self.0.insert(topic, entry);
            }
        }
    }

    pub fn remove(&mut self, topic: &Topic) -> bool {
        self.0.remove(topic).is_some()
    }

    /// The connection is gone: everything is to be asked for again, refusals too, for roles may have changed.
    pub fn disconnected(&mut self) {
        for entry in self.0.values_mut() {
            entry.mirror.drop_pages();
            entry.state = State::Wanted { from_ms: 0, why: None };
        }
    }

    /// For a `hello` of at most `bytes` more. What does not fit is asked for after `welcome`.
    pub fn greet(&mut self, bytes: usize) -> Vec<Subscription> {
        let (mut named, mut left) = (Vec::new(), bytes);
        for (topic, entry) in &mut self.0 {
            let since = entry.since();
            let sub = Subscription { topic: topic.clone(), since, max_hz: entry.max_hz, window: entry.window.clone() };
            let size = serde_json::to_string(&sub).map_or(usize::MAX, |text| text.len() + 1);
            if size > left {
                break;
            }
            left -= size;
            entry.state = State::Greeted;
            named.push(sub);
        }
        named
    }

    /// The next `sub` that is due.
    pub fn ask(&mut self, now: u64, id: FrameId) -> Option<Sub> {
        let due = |entry: &Entry| matches!(entry.state, State::Wanted { from_ms, .. } if from_ms <= now);
        let (topic, entry) = self.0.iter_mut().find(|(_, entry)| due(entry))?;
        let why = if let State::Wanted { why, .. } = entry.state { why } else { None };
        let (since, window) = (entry.since(), entry.window.clone());
        entry.state = State::Asked(id);
        entry.asked_ms = Some(now);
        Some(Sub { topic: topic.clone(), since, max_hz: entry.max_hz, window, why })
    }

    pub fn due_ms(&self) -> Option<u64> {
        let due = |entry: &Entry| if let State::Wanted { from_ms, .. } = entry.state { Some(from_ms) } else { None };
        self.0.values().filter_map(due).min()
    }

    /// The topic that was asked for by this frame.
    pub fn asked_by(&self, id: FrameId) -> Option<Topic> {
        self.0.iter().find(|(_, entry)| entry.state == State::Asked(id)).map(|(topic, _)| topic.clone())
    }
}

impl Entry {
    fn since(&self) -> Option<crate::client::Since> {
        if self.whole { None } else { self.mirror.since() }
    }

    /// The subscription stands; its frames count from here.
    pub fn granted(&mut self) {
        self.state = State::Live;
        self.whole = false;
        self.seen_due = true;
        self.mirror.drop_pages();
    }

    /// The mirror does not fit: asks again.
    pub fn again(&mut self, now: u64, why: SubReason) {
        self.mirror.drop_pages();
        self.whole = why == SubReason::MirrorMismatch;
        let from_ms = self.asked_ms.map_or(now, |asked| (asked + AGAIN_MS).max(now));
        self.state = State::Wanted { from_ms, why: Some(why) };
    }
}
