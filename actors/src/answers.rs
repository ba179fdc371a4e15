//! The latest command ids of one aggregate with where their answers lie (runtime.md rule 5).
//!
//! Bounded: older ids are looked up in the store, in the history of an order or among the rows of answers.

use std::{collections::VecDeque, sync::Arc};

use crate::message::Answered;

/// Ids kept in memory for each aggregate.
const KEPT: usize = 64;

#[derive(Debug)]
pub(crate) struct Answers {
    latest: VecDeque<(Arc<str>, Entry)>,
    /// Whether an id that is not here was never used: true until something was dropped or loaded.
    complete: bool,
}

/// What is known of an id.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Entry {
    /// Executed, and the aggregate is not settled yet.
    Waiting(Option<Arc<str>>),
    /// Answered.
    Done(Answered),
}

impl Entry {
    pub(crate) fn request(&self) -> Option<&Arc<str>> {
        match self {
            Self::Waiting(request) => request.as_ref(),
            Self::Done(answered) => answered.request.as_ref(),
        }
    }
}

impl Answers {
    /// For an aggregate without any event, every unknown id is new.
    pub(crate) const fn new(complete: bool) -> Self {
        Self { latest: VecDeque::new(), complete }
    }

    pub(crate) const fn complete(&self) -> bool {
        self.complete
    }

    pub(crate) fn get(&self, cmd: &str) -> Option<&Entry> {
        self.latest.iter().rev().find(|(known, _)| &**known == cmd).map(|(_, entry)| entry)
    }

    pub(crate) fn put(&mut self, cmd: Arc<str>, entry: Entry) {
        self.latest.retain(|(known, _)| *known != cmd);
        if self.latest.len() >= KEPT {
            self.latest.pop_front();
            self.complete = false;
        }
        self.latest.push_back((cmd, entry));
    }

    /// Every waiting id is answered by the record that settled the aggregate.
    pub(crate) fn settle(&mut self, version: u64, seq: u64) {
        for (_, entry) in &mut self.latest {
            if let Entry::Waiting(request) = entry {
                *entry = Entry::Done(Answered { version, seq, request: request.take(), body: None });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn p24_old_ids_are_forgotten_honestly() {
        let mut answers = Answers::new(true);
        for n in 0..KEPT {
            answers.put(n.to_string().into(), Entry::Waiting(None));
        }
        assert!(answers.complete() && answers.get("0").is_some());
        answers.put("one more".into(), Entry::Waiting(None));
        assert!(!answers.complete() && answers.get("0").is_none());
        answers.settle(7, 9);
        assert!(matches!(answers.get("1"), Some(Entry::Done(Answered { version: 7, seq: 9, .. }))));
    }
}
