//! Topics that the journal knows nothing of: imports under way, and who looks at an order.
//!
//! Invariant: what they show is of this life of the server, so their epoch is too: after a restart a client begins anew.
//! Offsets are counted per topic, under a lock that is held while a step is applied, so they grow.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use dashmap::DashMap;
use munshi_domain::{OrderId, Timestamp, UserId, user::User};
use munshi_protocols::{
    code::Code,
    ids::{Epoch, JournalSeq, RowKey},
    imports::ImportView,
    payload::Payload,
    topic::{Topic, TopicKey, rows::PresenceRow},
    topicsm::{MapTopic, RingBounds},
};

use super::{
    Live,
    board::{Board, Content},
    boards::Boards,
    rows,
};

/// Name of the topic of imports.
const IMPORTS: &str = "shop.imports";
/// How often it is looked who looks.
const LOOK: Duration = Duration::from_millis(300);
/// Orders whose lookers are kept.
const WATCHED: usize = 10_000;

/// A board with its counter and the keys it has.
#[derive(Debug)]
pub struct Counted {
    board: Arc<Board>,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    off: u64,
    keys: BTreeSet<RowKey>,
    /// Of who looks at an order: since when.
    since: BTreeMap<UserId, Timestamp>,
}

/// The boards.
#[derive(Debug)]
pub struct Local {
    imports: Option<Arc<Counted>>,
    presence: DashMap<String, Arc<Counted>>,
    epoch: Epoch,
    shards: usize,
}

impl Counted {
    fn new(name: &str, epoch: &Epoch, shards: usize) -> Option<Self> {
        let topic = Topic::parse(name).ok()?;
        let map = MapTopic::new(topic.clone(), epoch.clone(), JournalSeq::ZERO, None, RingBounds::STANDARD);
        let board = Board::new(TopicKey { topic, window: None }, Content::Map(Box::new(map)), shards);
        Some(Self { board: Arc::new(board), state: Mutex::default() })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn step(&self, boards: &Boards, now_ms: u64, edits: Vec<(RowKey, Option<Payload>)>) {
        let mut state = self.state();
        Self::apply(&mut state, &self.board, boards, now_ms, edits);
    }

    fn apply(
        state: &mut State,
        board: &Arc<Board>,
        boards: &Boards,
        now_ms: u64,
        edits: Vec<(RowKey, Option<Payload>)>,
    ) {
        if edits.is_empty() {
            return;
        }
        state.off += 1;
        let off = rows::seq(state.off);
        for (key, body) in &edits {
            if body.is_some() {
                state.keys.insert(key.clone());
            } else {
                state.keys.remove(key);
            }
        }
        let edits = edits.into_iter().map(|(key, body)| (key, body.map(|body| (body, off))));
        boards.step(board, now_ms, off, edits.collect());
    }
}

impl Local {
    /// Nobody yet. `epoch` is of this start.
    pub fn new(epoch: &Epoch, shards: usize) -> Self {
        let imports = Counted::new(IMPORTS, epoch, shards).map(Arc::new);
        Self { imports, presence: DashMap::new(), epoch: epoch.clone(), shards }
    }

    /// The board of imports.
    ///
    /// # Errors
    /// Never for a name that is well formed, which a test sees to.
    pub fn imports(&self) -> Result<Arc<Board>, Code> {
        self.imports.as_ref().map(|counted| Arc::clone(&counted.board)).ok_or(Code::BadTopic)
    }

    /// Who looks at an order, made if nobody asked yet.
    fn presence(&self, order: OrderId) -> Result<Arc<Counted>, Code> {
        let segment = rows::order_segment(order);
        if let Some(known) = self.presence.get(&segment) {
            return Ok(Arc::clone(&known));
        }
        if self.presence.len() >= WATCHED {
            return Err(Code::TopicLimit);
        }
        let new = Counted::new(&format!("presence.{segment}"), &self.epoch, self.shards).ok_or(Code::BadTopic)?;
        Ok(Arc::clone(&self.presence.entry(segment).or_insert_with(|| Arc::new(new))))
    }

    /// Every board.
    pub fn boards(&self) -> Vec<Arc<Board>> {
        let presence = self.presence.iter().map(|counted| Arc::clone(&counted.board));
        self.imports.iter().map(|counted| Arc::clone(&counted.board)).chain(presence).collect()
    }

    /// Lets go of orders whose lookers nobody wants to know.
    pub fn sweep(&self) {
        // Whoever is about to join holds a reference to the board.
        self.presence.retain(|_, counted| {
            counted.board.count() > 0 || Arc::strong_count(counted) > 1 || Arc::strong_count(&counted.board) > 1
        });
    }
}

impl Live {
    /// Shows how far an import is.
    pub fn tell_import(&self, view: &ImportView) {
        let Some(counted) = &self.boards().local().imports else { return };
        if let (Ok(key), Ok(body)) = (RowKey::parse(&view.id), Payload::of(view)) {
            counted.step(self.boards(), self.now_ms(), vec![(key, Some(body))]);
        }
    }

    /// Shows these imports and no others.
    pub fn keep_imports(&self, views: &[ImportView]) {
        let Some(counted) = &self.boards().local().imports else { return };
        let kept: BTreeSet<_> = views.iter().filter_map(|view| RowKey::parse(&view.id).ok()).collect();
        let gone = counted.state().keys.difference(&kept).map(|key| (key.clone(), None)).collect();
        counted.step(self.boards(), self.now_ms(), gone);
    }

    /// The board of who looks at an order, as it is now.
    ///
    /// # Errors
    /// [`Code::TopicLimit`]; [`Code::NotReady`] when users cannot be read.
    pub(super) async fn lookers(&self, order: OrderId) -> Result<Arc<Board>, Code> {
        let counted = self.boards().local().presence(order)?;
        self.look(order, &counted).await.map_err(|()| Code::NotReady)?;
        Ok(Arc::clone(&counted.board))
    }

    /// Looks who looks, for ever.
    pub(super) async fn keep_lookers(&self) {
        let mut tick = tokio::time::interval(LOOK);
        tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            tick.tick().await;
            let watched: Vec<_> = {
                let all = self.boards().local().presence.iter();
                all.filter_map(|one| Some((rows::order_of_topic(one.key())?, Arc::clone(one.value())))).collect()
            };
            for (order, counted) in watched {
                // What cannot be read now is looked at again in a moment.
                let _ = self.look(order, &counted).await;
            }
        }
    }

    async fn look(&self, order: OrderId, counted: &Counted) -> Result<(), ()> {
        let there = self.boards().lookers_of(&rows::order_segment(order));
        let news: Vec<UserId> = {
            let state = counted.state();
            if there.len() == state.since.len() && there.iter().all(|user| state.since.contains_key(user)) {
                return Ok(());
            }
            there.iter().filter(|user| !state.since.contains_key(user)).copied().collect()
        };
        let mut named = Vec::with_capacity(news.len());
        for user in news {
            let known = self.node().snapshot::<User>(&user.to_string()).await.map_err(drop)?;
            named.extend(known.map(|known| (user, known.name.clone())));
        }
        let now = self.node().now();
        let key = |user: &UserId| RowKey::parse(&user.to_string()).ok();
        let mut state = counted.state();
        let gone: Vec<UserId> = state.since.keys().filter(|user| !there.contains(user)).copied().collect();
        let mut edits: Vec<_> = gone.iter().filter_map(|user| Some((key(user)?, None))).collect();
        state.since.retain(|user, _| there.contains(user));
        for (user, name) in named {
            let at = *state.since.entry(user).or_insert(now);
            let row = Payload::of(&PresenceRow { name, at: rows::millis(at) }).ok();
            edits.extend(key(&user).filter(|_| row.is_some()).map(|key| (key, row)));
        }
        Counted::apply(&mut state, &counted.board, self.boards(), self.now_ms(), edits);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_topics_have_names() {
        let local = Local::new(&Epoch::parse("g_1").unwrap(), 2);
        assert_eq!(local.imports().unwrap().topic().as_str(), IMPORTS);
        assert!(Topic::parse(IMPORTS).unwrap().kind().is_some());
        let counted = local.presence(OrderId::from_u128(7)).unwrap();
        assert_eq!(counted.board.topic().as_str(), "presence.00000000000000000000000000000007");
        assert_eq!(local.boards().len(), 2);
        drop(counted);
        local.sweep();
        assert_eq!(local.boards().len(), 1);
    }
}
