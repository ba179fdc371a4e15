//! Open effects of one connection in memory: strict order within a key, keys side by side.
//!
//! Invariant: of each key at most one effect is out, and always its earliest. What it deliberately does not do: write,
//! call or read a clock.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::Arc,
};

use munshi_domain::Timestamp;

use super::records::{Effect, State};

/// Order of effects: journal position, place among its effects, id.
type Place = (u64, u32, Arc<str>);

fn place(effect: &Effect) -> Place {
    (effect.seq, effect.n, effect.id.clone())
}

/// The open effects.
#[derive(Debug, Default)]
pub struct Queue {
    effects: HashMap<Arc<str>, Effect>,
    keys: HashMap<Arc<str>, BTreeSet<Place>>,
    /// Head of each key that is not out, by when it may go.
    ready: BTreeSet<(Timestamp, Place)>,
    /// What is out, by key.
    out: BTreeMap<Arc<str>, Arc<str>>,
}

impl Queue {
    /// How many effects are open, those that are out included.
    pub fn len(&self) -> usize {
        self.effects.len()
    }

    /// Whether none is open.
    pub fn is_empty(&self) -> bool {
        self.effects.is_empty()
    }

    /// How many are out.
    pub fn out(&self) -> usize {
        self.out.len()
    }

    /// Every effect.
    pub fn iter(&self) -> impl Iterator<Item = &Effect> {
        self.effects.values()
    }

    /// Adds an effect, or replaces what is known of it; one that was out is no longer.
    pub fn put(&mut self, effect: Effect) {
        self.unready(&effect.key);
        if self.out.get(&effect.key) == Some(&effect.id) {
            self.out.remove(&effect.key);
        }
        let key = effect.key.clone();
        self.keys.entry(key.clone()).or_default().insert(place(&effect));
        self.effects.insert(effect.id.clone(), effect);
        self.ready_again(&key);
    }

    /// Takes an effect out of the books.
    pub fn remove(&mut self, id: &str) -> Option<Effect> {
        let effect = self.effects.remove(id)?;
        self.unready_place(&effect);
        if self.out.get(&effect.key).is_some_and(|out| **out == *id) {
            self.out.remove(&effect.key);
        }
        if let Some(places) = self.keys.get_mut(&effect.key) {
            places.remove(&place(&effect));
            if places.is_empty() {
                self.keys.remove(&effect.key);
            }
        }
        self.ready_again(&effect.key);
        Some(effect)
    }

    /// The next effect that may go now, earliest first; it is out until it is put or removed.
    pub fn take(&mut self, now: Timestamp) -> Option<Effect> {
        let (at, _) = self.ready.first()?;
        if *at > now {
            return None;
        }
        let (_, (_, _, id)) = self.ready.pop_first()?;
        let effect = self.effects.get(&id)?.clone();
        self.out.insert(effect.key.clone(), id);
        Some(effect)
    }

    /// Lets everything that waits to be sent go now: somebody says that the other side is well again.
    pub fn all_due(&mut self, now: Timestamp) {
        let waits = |effect: &&Effect| {
            let out = self.out.get(&effect.key) == Some(&effect.id);
            !out && effect.state == State::Planned && effect.next_at > now
        };
        let waiting: Vec<Effect> = self.effects.values().filter(waits).cloned().collect();
        for effect in waiting {
            self.put(Effect { next_at: now, ..effect });
        }
    }

    /// When the next effect may go.
    pub fn due(&self) -> Option<Timestamp> {
        self.ready.first().map(|(at, _)| *at)
    }

    fn head(&self, key: &str) -> Option<&Effect> {
        let (_, _, id) = self.keys.get(key)?.first()?;
        self.effects.get(id)
    }

    fn unready(&mut self, key: &str) {
        if let Some(head) = self.head(key) {
            let entry = (head.next_at, place(head));
            self.ready.remove(&entry);
        }
    }

    fn unready_place(&mut self, effect: &Effect) {
        self.ready.remove(&(effect.next_at, place(effect)));
    }

    fn ready_again(&mut self, key: &str) {
        if self.out.contains_key(key) {
            return;
        }
        if let Some(head) = self.head(key) {
            let entry = (head.next_at, place(head));
            self.ready.insert(entry);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn effect(id: &str, key: &str, seq: u64, next_at: i64) -> Effect {
        Effect {
            id: id.into(),
            connection: "c".into(),
            kind: "message".into(),
            key: key.into(),
            payload: serde_json::Value::Null,
            seq,
            n: 0,
            state: State::Planned,
            attempts: 0,
            lookups: 0,
            called_at: None,
            next_at: Timestamp::from_millis(next_at),
            waited_ms: 0,
            expires_at: None,
            last: None,
            replayed: false,
            edited: None,
        }
    }

    fn taken(queue: &mut Queue, now: i64) -> Vec<String> {
        std::iter::from_fn(|| queue.take(Timestamp::from_millis(now)).map(|effect| effect.id.to_string())).collect()
    }

    #[test]
    fn not_03_a_key_goes_in_order_and_keys_go_side_by_side() {
        let mut queue = Queue::default();
        for (id, key, seq) in [("a2", "a", 5), ("a1", "a", 3), ("b1", "b", 4), ("a3", "a", 6)] {
            queue.put(effect(id, key, seq, 0));
        }
        assert_eq!(taken(&mut queue, 0), ["a1", "b1"], "one of each key is out");
        assert_eq!((queue.len(), queue.out()), (4, 2));
        queue.remove("a1");
        assert_eq!(taken(&mut queue, 0), ["a2"]);
        // What failed waits, and holds up its own key only.
        queue.put(effect("a2", "a", 5, 50));
        queue.put(effect("b2", "b", 9, 0));
        queue.remove("b1");
        assert_eq!(taken(&mut queue, 49), ["b2"]);
        assert_eq!(queue.due(), Some(Timestamp::from_millis(50)));
        assert_eq!(taken(&mut queue, 50), ["a2"]);
        queue.remove("a2");
        queue.remove("b2");
        assert_eq!(taken(&mut queue, 50), ["a3"]);
        assert!(queue.remove("a3").is_some() && queue.is_empty() && queue.due().is_none());
    }

    #[test]
    fn not_03_an_earlier_effect_that_comes_late_goes_first() {
        let mut queue = Queue::default();
        queue.put(effect("late", "a", 7, 0));
        queue.put(effect("early", "a", 2, 0));
        assert_eq!(taken(&mut queue, 0), ["early"]);
        queue.put(effect("early", "a", 2, 10));
        assert_eq!(taken(&mut queue, 5), Vec::<String>::new());
    }
}
