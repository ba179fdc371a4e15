//! What users are told (`user.{id}.inbox`): approvals that wait for them or were decided, what is wrong on a floor, their
//! imports, troubles of connections.
//!
//! Invariant: a notice is told when it is durable, and its offset is the number it was given, so it outlives restarts. It
//! is retained until its user has seen it, its cause is over, or it is 72 h old. What follows from the journal is written
//! together with how far the journal was read, so it is told once and nothing is left out. An inbox is its user's and
//! nobody else's. Notices are open work, not events: an order does not wait for them, and no rule depends on one.

mod kept;
mod reader;
mod words;

use std::sync::Arc;

use munshi_domain::{UserId, notify::Language, user::User};
use munshi_protocols::{
    code::Code, ids::JournalSeq, imports::ImportView, payload::Payload, server::Item, topic::rows::UserNotice,
};
use munshi_store::{Store, StoreError, WorkKey, WorkRow, WorkTable};
use tokio::sync::{Mutex, MutexGuard};

pub use kept::{News, Telling};
pub(super) use reader::follow;
pub use words::NewsKind;

use super::{Live, board::Board, rows};
use crate::outbound::writer::{Gone, Writer};
use kept::{Change, Kept, Notice};

/// Whose rows they are.
const OWNER: &str = "shop";
/// Where the number given last is kept among the positions of readers.
const LAST: &str = "notices/last";
/// Rows read at a time.
const PAGE: usize = 500;

/// The notices of a running server.
#[derive(Debug)]
pub struct Notices {
    /// Held while a change is written and shown, so that offsets grow. Nothing before it was read.
    kept: Mutex<Option<Kept>>,
    writer: Writer,
}

/// Why a notice is not told now.
#[derive(Debug, thiserror::Error)]
pub enum Trouble {
    /// Nothing is written any more.
    #[error(transparent)]
    Gone(#[from] Gone),
    /// The store does not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A row or an aggregate cannot be read.
    #[error("{0}")]
    Later(String),
}

impl Notices {
    /// Nothing is read yet.
    pub fn new(store: Arc<dyn Store>, epoch: u64) -> Self {
        Self { kept: Mutex::new(None), writer: Writer::start(store, epoch) }
    }
}

fn key(id: u64) -> WorkKey {
    WorkKey::new(WorkTable::Notice, OWNER, format!("{id:020}"))
}

/// The topic of a user's inbox.
pub fn topic(user: UserId) -> String {
    format!("user.{}.inbox", segment(user))
}

/// The id of a user as a topic names it: 32 hex digits.
pub fn segment(user: UserId) -> String {
    format!("{:032x}", user.as_u128())
}

fn item(notice: &Notice, language: Language) -> Option<Item> {
    let body = UserNotice {
        kind: notice.kind.word().to_owned(),
        level: notice.kind.level(),
        text: notice.kind.text(language, &notice.about),
        link: notice.link.clone(),
        at: rows::millis(notice.at),
        a: Payload::of(&notice.about).ok()?,
    };
    Some(Item { off: rows::seq(notice.id), v: Payload::of(&body).ok()? })
}

impl Live {
    /// What is kept, read from the store if nobody did yet.
    async fn kept(&self) -> Result<MutexGuard<'_, Option<Kept>>, Trouble> {
        let mut held = self.notices().kept.lock().await;
        if held.is_none() {
            *held = Some(self.read_notices().await?);
        }
        Ok(held)
    }

    async fn read_notices(&self) -> Result<Kept, Trouble> {
        let store = self.node().store();
        let (mut notices, mut after): (Vec<Notice>, Option<WorkKey>) = (Vec::new(), None);
        loop {
            let page = store.work_rows(WorkTable::Notice, Some(OWNER), after.as_ref(), PAGE).await?;
            let full = page.len() == PAGE;
            after = page.last().map(|row| row.key.clone());
            for row in page {
                let notice = serde_json::from_value(row.body);
                notices.push(notice.map_err(|error| Trouble::Later(format!("notice {}: {error}", row.key.id)))?);
            }
            if !full {
                break;
            }
        }
        let last = store.position(LAST).await?.unwrap_or_default();
        Ok(Kept::new(notices, last))
    }

    async fn language_of(&self, user: UserId) -> Language {
        // Words in another language are better than none.
        let known = self.node().snapshot::<User>(&user.to_string()).await.ok().flatten();
        known.and_then(|user| words::chosen(&user.preferences.text)).unwrap_or_default()
    }

    /// Tells news in their order, with how far a reader has come.
    ///
    /// # Errors
    /// [`Trouble`]; then nothing was told, and the same news can be told again.
    pub(super) async fn tell(&self, news: Vec<News>, position: Option<(Arc<str>, u64)>) -> Result<(), Trouble> {
        let mut held = self.kept().await?;
        let Some(kept) = held.as_mut() else { return Ok(()) };
        let change = kept.take(news);
        if let Err(trouble) = self.keep(kept, &change, position).await {
            // What is in the store counts; it is read again.
            *held = None;
            return Err(trouble);
        }
        self.show(kept, &change).await;
        Ok(())
    }

    /// A user has dealt with everything up to an offset.
    ///
    /// # Errors
    /// [`Code::Busy`]: it is not taken down.
    pub(super) async fn user_has_seen(&self, user: UserId, off: JournalSeq) -> Result<(), Code> {
        let done = self.change(|kept| kept.seen(user, off.get())).await;
        done.map_err(|error| {
            tracing::warn!(%error, "what a user has seen was not kept");
            Code::Busy
        })
    }

    /// What is too old goes.
    async fn expire_notices(&self) -> Result<(), Trouble> {
        let now = self.node().now();
        self.change(|kept| kept.expire(now)).await
    }

    async fn change(&self, change: impl FnOnce(&mut Kept) -> Change) -> Result<(), Trouble> {
        let mut held = self.kept().await?;
        let Some(kept) = held.as_mut() else { return Ok(()) };
        let change = change(kept);
        if change.is_empty() {
            return Ok(());
        }
        if let Err(trouble) = self.keep(kept, &change, None).await {
            *held = None;
            return Err(trouble);
        }
        self.show(kept, &change).await;
        Ok(())
    }

    /// Writes a change.
    async fn keep(&self, kept: &Kept, change: &Change, position: Option<(Arc<str>, u64)>) -> Result<(), Trouble> {
        let mut write = self.notices().writer.begin();
        let row = |notice: &Notice| {
            let body = serde_json::to_value(notice).map_err(|error| Trouble::Later(error.to_string()))?;
            Ok::<_, Trouble>(WorkRow { key: key(notice.id), body })
        };
        let put = change.put.iter().filter_map(|id| kept.get(*id)).map(row);
        write.put = put.collect::<Result<_, _>>()?;
        write.delete = change.gone.iter().map(|id| key(*id)).collect();
        write.positions = position.into_iter().collect();
        if !change.told.is_empty() {
            write.positions.push((LAST.into(), kept.last()));
        }
        Ok(self.notices().writer.write(write).await?)
    }

    /// Brings a change to the boards that somebody has had.
    async fn show(&self, kept: &Kept, change: &Change) {
        for id in &change.told {
            let Some(notice) = kept.get(*id) else { continue };
            for user in &notice.to {
                let Some(board) = self.boards().inbox(*user) else { continue };
                if let Some(item) = item(notice, self.language_of(*user).await) {
                    self.boards().add(&board, self.now_ms(), item);
                }
            }
        }
        for (user, id) in &change.done {
            if let Some(board) = self.boards().inbox(*user) {
                board.resolve(rows::seq(*id));
            }
        }
    }

    /// A user's inbox, made if nobody asked for it yet.
    ///
    /// # Errors
    /// [`Code::NotReady`] when what is kept cannot be read now.
    pub(super) async fn inbox_of(&self, user: UserId) -> Result<Arc<Board>, Code> {
        let language = self.language_of(user).await;
        // Held until it is in place: what is told meanwhile comes to the board that is there then.
        let held = self.kept().await.map_err(|error| {
            tracing::warn!(%error, "an inbox cannot be read");
            Code::NotReady
        })?;
        if let Some(board) = self.boards().inbox(user) {
            return Ok(board);
        }
        let kept = held.as_ref().ok_or(Code::NotReady)?;
        let items = kept.of(user).filter_map(|notice| item(notice, language)).collect();
        let board = self.boards().stream(&topic(user), self.now_ms(), items, rows::seq(kept.last()));
        let board = board.ok_or(Code::BadTopic)?;
        self.boards().place_inbox(user, &board);
        Ok(board)
    }

    /// Tells who sent an import how it ended.
    ///
    /// # Errors
    /// [`Trouble`]; it can be told again.
    pub async fn tell_import_ended(&self, by: UserId, view: &ImportView) -> Result<(), Trouble> {
        let kind = match view.state.as_str() {
            "done" => NewsKind::ImportDone,
            "stopped" => NewsKind::ImportStopped,
            _ => NewsKind::ImportFailed,
        };
        let code = view.failure.as_ref().map(|failure| failure.code.clone()).unwrap_or_default();
        let about = [
            ("import", view.id.clone()),
            ("file", view.file.clone()),
            ("changed", view.changed.to_string()),
            ("errors", view.errors.to_string()),
            ("code", code),
        ];
        let telling = Telling {
            cause: format!("import/{}", view.id),
            kind,
            to: [by].into(),
            about: about.map(|(name, value)| (name.to_owned(), value)).into(),
            link: Some("/imports".to_owned()),
            at: self.node().now(),
        };
        self.tell(vec![News::Tell(telling)], None).await
    }
}
