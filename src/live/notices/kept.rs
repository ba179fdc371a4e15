//! What users were told and have not seen: numbered, by whom it is for and by what it is about.
//!
//! Invariant: numbers grow and are never given twice, so one can be a stream's offset. One cause is told once while
//! somebody still has it. A user has at most [`MAX_OF_USER`]; beyond, the oldest go. It writes nothing: what has to be
//! written follows from [`Change`].

use std::collections::{BTreeMap, BTreeSet, HashMap};

use munshi_domain::{Timestamp, UserId};
use serde::{Deserialize, Serialize};

use super::words::NewsKind;

/// How long a notice is kept, in milliseconds: 72 h (realtime.md §5).
pub const KEPT_MILLIS: i64 = 72 * 3_600 * 1_000;
/// Most notices of one user.
pub const MAX_OF_USER: usize = 100;

/// Something to tell, before it has a number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Telling {
    /// What it comes from; when that is over, nobody need look any more.
    pub cause: String,
    /// What it is about.
    pub kind: NewsKind,
    /// Who is told.
    pub to: BTreeSet<UserId>,
    /// What its words are made of.
    pub about: BTreeMap<String, String>,
    /// Path in the console that shows it.
    pub link: Option<String>,
    /// When it happened.
    pub at: Timestamp,
}

/// What followed from an entry of the journal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum News {
    /// Somebody is told.
    Tell(Telling),
    /// A cause is over.
    Over(String),
}

/// Something that was told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Notice {
    /// Its number.
    pub id: u64,
    /// What it comes from.
    pub cause: String,
    /// What it is about.
    pub kind: NewsKind,
    /// Who has not seen it.
    pub to: BTreeSet<UserId>,
    /// What its words are made of.
    pub about: BTreeMap<String, String>,
    /// Path in the console that shows it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
    /// When it happened.
    pub at: Timestamp,
}

/// What a change of [`Kept`] amounts to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Change {
    /// Notices to write, by number.
    pub put: BTreeSet<u64>,
    /// Notices to delete.
    pub gone: BTreeSet<u64>,
    /// New ones, in order.
    pub told: Vec<u64>,
    /// Who need not look at what any more.
    pub done: Vec<(UserId, u64)>,
}

impl Change {
    /// Whether nothing changed.
    pub fn is_empty(&self) -> bool {
        self.put.is_empty() && self.gone.is_empty()
    }
}

/// All that is kept.
#[derive(Clone, Debug, Default)]
pub struct Kept {
    notices: BTreeMap<u64, Notice>,
    causes: HashMap<String, u64>,
    of: HashMap<UserId, BTreeSet<u64>>,
    last: u64,
}

impl Kept {
    /// As it was written; `last` is the number given last.
    pub fn new(notices: impl IntoIterator<Item = Notice>, last: u64) -> Self {
        let mut kept = Self { last, ..Self::default() };
        for notice in notices {
            kept.last = kept.last.max(notice.id);
            kept.put(notice);
        }
        kept
    }

    fn put(&mut self, notice: Notice) {
        for user in &notice.to {
            self.of.entry(*user).or_default().insert(notice.id);
        }
        self.causes.insert(notice.cause.clone(), notice.id);
        self.notices.insert(notice.id, notice);
    }

    /// The number given last.
    pub const fn last(&self) -> u64 {
        self.last
    }

    /// A notice.
    pub fn get(&self, id: u64) -> Option<&Notice> {
        self.notices.get(&id)
    }

    /// What a user has not seen, oldest first.
    pub fn of(&self, user: UserId) -> impl Iterator<Item = &Notice> {
        self.of.get(&user).into_iter().flatten().filter_map(|id| self.notices.get(id))
    }

    /// Takes news in their order.
    pub fn take(&mut self, news: Vec<News>) -> Change {
        let mut change = Change::default();
        for one in news {
            match one {
                News::Tell(telling) => self.tell(telling, &mut change),
                News::Over(cause) => {
                    if let Some(id) = self.causes.get(&cause).copied() {
                        self.end(id, &mut change);
                    }
                }
            }
        }
        // What came and went within the news was never written.
        change.told.retain(|id| !change.gone.contains(id));
        change
    }

    fn tell(&mut self, telling: Telling, change: &mut Change) {
        let Telling { cause, kind, to, about, link, at } = telling;
        if to.is_empty() || self.causes.contains_key(&cause) {
            return;
        }
        self.last += 1;
        let notice = Notice { id: self.last, cause, kind, to, about, link, at };
        change.put.insert(notice.id);
        change.told.push(notice.id);
        let users: Vec<UserId> = notice.to.iter().copied().collect();
        self.put(notice);
        for user in users {
            while let Some(oldest) =
                self.of.get(&user).filter(|ids| ids.len() > MAX_OF_USER).and_then(|ids| ids.first())
            {
                self.take_from(user, *oldest, change);
            }
        }
    }

    /// A user has dealt with everything up to a number.
    pub fn seen(&mut self, user: UserId, through: u64) -> Change {
        let mut change = Change::default();
        let seen: Vec<u64> = self.of.get(&user).into_iter().flat_map(|ids| ids.range(..=through)).copied().collect();
        for id in seen {
            self.take_from(user, id, &mut change);
        }
        change
    }

    /// What is too old goes.
    pub fn expire(&mut self, now: Timestamp) -> Change {
        let mut change = Change::default();
        let old = |notice: &&Notice| notice.at.plus_millis(KEPT_MILLIS) <= now;
        let old: Vec<u64> = self.notices.values().filter(old).map(|notice| notice.id).collect();
        for id in old {
            self.end(id, &mut change);
        }
        change
    }

    /// Nobody need look at a notice any more.
    fn end(&mut self, id: u64, change: &mut Change) {
        let users = self.notices.get(&id).map(|notice| notice.to.clone()).unwrap_or_default();
        for user in users {
            self.take_from(user, id, change);
        }
    }

    fn take_from(&mut self, user: UserId, id: u64, change: &mut Change) {
        if let Some(ids) = self.of.get_mut(&user) {
            ids.remove(&id);
            if ids.is_empty() {
                self.of.remove(&user);
            }
        }
        let Some(notice) = self.notices.get_mut(&id) else { return };
        if !notice.to.remove(&user) {
            return;
        }
        change.done.push((user, id));
        if !notice.to.is_empty() {
            change.put.insert(id);
            return;
        }
        if let Some(gone) = self.notices.remove(&id) {
            self.causes.remove(&gone.cause);
        }
        change.put.remove(&id);
        change.gone.insert(id);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn user(n: u128) -> UserId {
        UserId::from_u128(n)
    }

    fn tell(cause: &str, to: &[u128]) -> News {
        News::Tell(Telling {
            cause: cause.to_owned(),
            kind: NewsKind::ApprovalWaiting,
            to: to.iter().copied().map(user).collect(),
            about: BTreeMap::new(),
            link: None,
            at: Timestamp::from_millis(5),
        })
    }

    fn ids(kept: &Kept, of: u128) -> Vec<u64> {
        kept.of(user(of)).map(|notice| notice.id).collect()
    }

    #[test]
    fn a_cause_is_told_once_until_it_is_over_or_everybody_saw_it() {
        let mut kept = Kept::default();
        let change = kept.take(vec![tell("a", &[1, 2]), tell("a", &[1, 3]), tell("b", &[2]), tell("c", &[])]);
        assert_eq!(
            (change.told, ids(&kept, 1), ids(&kept, 2), ids(&kept, 3)),
            (vec![1, 2], vec![1], vec![1, 2], vec![])
        );
        let change = kept.seen(user(2), 1);
        assert_eq!((change.put, change.gone, change.done), ([1].into(), [].into(), vec![(user(2), 1)]));
        let change = kept.take(vec![News::Over("a".to_owned()), News::Over("none".to_owned()), tell("a", &[1])]);
        assert_eq!((change.gone, change.told, change.done), ([1].into(), vec![3], vec![(user(1), 1)]));
        assert_eq!(kept.seen(user(2), 9).gone, [2].into());
        assert!(kept.seen(user(2), 9).is_empty());
    }

    #[test]
    fn what_came_and_went_is_not_told_and_its_number_is_not_used_again() {
        let mut kept = Kept::default();
        let change = kept.take(vec![tell("a", &[1]), News::Over("a".to_owned()), tell("b", &[1])]);
        assert_eq!((change.told, change.put, change.gone), (vec![2], [2].into(), [1].into()));
        assert_eq!(kept.last(), 2);
    }

    #[test]
    fn the_oldest_go_and_what_is_written_is_what_is_read() {
        let mut kept = Kept::default();
        let many: Vec<News> = (0..=MAX_OF_USER).map(|n| tell(&format!("c{n}"), &[1])).collect();
        kept.take(many);
        assert_eq!((ids(&kept, 1).len(), ids(&kept, 1)[0]), (MAX_OF_USER, 2));
        let again = Kept::new(kept.notices.values().cloned(), 0);
        assert_eq!((again.last(), ids(&again, 1)), (kept.last(), ids(&kept, 1)));
        assert!(kept.expire(Timestamp::from_millis(4 + KEPT_MILLIS)).is_empty());
        assert_eq!(kept.expire(Timestamp::from_millis(5 + KEPT_MILLIS)).gone.len(), MAX_OF_USER);
        assert_eq!(ids(&kept, 1), Vec::<u64>::new());
    }
}
