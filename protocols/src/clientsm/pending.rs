//! Commands of a console that have no answer yet. They are known by their key; nothing is stored: a tab that is closed
//! forgets them, and whoever opens another sees on the boards what became of them.

use std::collections::VecDeque;

use crate::{client::Cmd, ids::CmdKey, ids::FrameId};

#[derive(Clone, Debug)]
pub(super) struct Waiting {
    pub cmd: Cmd,
    /// Under which frame it was sent on this connection.
    pub id: Option<FrameId>,
    /// When to send it, or send it again.
    pub due_ms: u64,
}

#[derive(Debug, Default)]
pub(super) struct Pending(VecDeque<Waiting>);

impl Pending {
    pub fn len(&self) -> usize {
        self.0.len()
    }

    pub fn push(&mut self, cmd: Cmd, now: u64) {
        self.0.push_back(Waiting { cmd, id: None, due_ms: now });
    }

    /// Sends all of them again: the connection is new.
    pub fn connected(&mut self, now: u64) {
        for waiting in &mut self.0 {
            (waiting.id, waiting.due_ms) = (None, now);
        }
    }

    /// One that is due.
    pub fn due(&mut self, now: u64) -> Option<&mut Waiting> {
        self.0.iter_mut().find(|waiting| waiting.due_ms <= now)
    }

    pub fn due_ms(&self) -> Option<u64> {
        self.0.iter().map(|waiting| waiting.due_ms).min()
    }

    pub fn take(&mut self, key: &CmdKey) -> Option<Cmd> {
        let at = self.0.iter().position(|waiting| waiting.cmd.key == *key)?;
        self.0.remove(at).map(|waiting| waiting.cmd)
    }

    pub fn by_frame(&mut self, id: FrameId) -> Option<&mut Waiting> {
        self.0.iter_mut().find(|waiting| waiting.id == Some(id))
    }
}
