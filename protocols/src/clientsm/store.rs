//! Where a device keeps its commands.
//!
//! Invariant: what `append` and `renumber` answered with `Ok` survives a flat battery. A command is stored before the
//! operator hears a beep, and sent from the store only.

use std::collections::VecDeque;

use crate::{
    client::Cmd,
    code::CodeWord,
    ids::{CmdSeq, SAFE_MAX},
};

/// The store could not do it; nothing of it was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StoreFailed;

/// A device's durable queue.
pub trait CommandStore {
    /// The queue, oldest first, and the number the next command gets.
    ///
    /// # Errors
    /// If it cannot be read.
    fn load(&mut self) -> Result<(VecDeque<Cmd>, CmdSeq), StoreFailed>;

    /// Adds a command at the end; the next one gets the number after it.
    ///
    /// # Errors
    /// If it is not durable.
    fn append(&mut self, cmd: &Cmd) -> Result<(), StoreFailed>;

    /// Removes commands that were decided. The next number stays.
    ///
    /// # Errors
    /// If they are still there: they will be sent again, and answered as duplicates.
    fn remove(&mut self, seqs: &[CmdSeq]) -> Result<(), StoreFailed>;

    /// Sets a command aside that the server cannot read, with the reason; a person has to look at it. It is no longer in
    /// the queue.
    ///
    /// # Errors
    /// If it is still there.
    fn park(&mut self, seq: CmdSeq, code: &CodeWord) -> Result<(), StoreFailed>;

    /// Gives the commands of the queue consecutive numbers from `from`, in their order and with their keys, and the next
    /// command the number after them: all or nothing.
    ///
    /// # Errors
    /// If nothing was changed.
    fn renumber(&mut self, from: CmdSeq) -> Result<(), StoreFailed>;
}

/// A queue in memory: for consoles, which have none to keep, and for tests, whose crashes keep it.
#[derive(Clone, Debug)]
pub struct MemoryStore {
    queue: VecDeque<Cmd>,
    next: CmdSeq,
    parked: Vec<(Cmd, CodeWord)>,
}

impl Default for MemoryStore {
    fn default() -> Self {
        Self { queue: VecDeque::new(), next: CmdSeq::ZERO.next(), parked: Vec::new() }
    }
}

impl MemoryStore {
    /// Commands set aside.
    pub fn parked(&self) -> &[(Cmd, CodeWord)] {
        &self.parked
    }

    /// Commands in the queue.
    pub fn len(&self) -> usize {
        self.queue.len()
    }

    /// Whether the queue is empty.
    pub fn is_empty(&self) -> bool {
        self.queue.is_empty()
    }
}

impl CommandStore for MemoryStore {
    fn load(&mut self) -> Result<(VecDeque<Cmd>, CmdSeq), StoreFailed> {
        Ok((self.queue.clone(), self.next))
    }

    fn append(&mut self, cmd: &Cmd) -> Result<(), StoreFailed> {
        self.queue.push_back(cmd.clone());
        self.next = cmd.seq.ok_or(StoreFailed)?.next();
        Ok(())
    }

    fn remove(&mut self, seqs: &[CmdSeq]) -> Result<(), StoreFailed> {
        self.queue.retain(|cmd| cmd.seq.is_none_or(|seq| !seqs.contains(&seq)));
        Ok(())
    }

    fn park(&mut self, seq: CmdSeq, code: &CodeWord) -> Result<(), StoreFailed> {
        if let Some(at) = self.queue.iter().position(|cmd| cmd.seq == Some(seq)) {
            self.parked.extend(self.queue.remove(at).map(|cmd| (cmd, code.clone())));
        }
        Ok(())
    }

    fn renumber(&mut self, from: CmdSeq) -> Result<(), StoreFailed> {
        self.next = renumber(&mut self.queue, from).ok_or(StoreFailed)?;
        Ok(())
    }
}

/// Numbers commands from `from` on and answers the number after them; nothing if numbers run out.
pub(super) fn renumber(queue: &mut VecDeque<Cmd>, from: CmdSeq) -> Option<CmdSeq> {
    if from.get() + queue.len() as u64 > SAFE_MAX {
        return None;
    }
    Some(queue.iter_mut().fold(from, |seq, cmd| {
        cmd.seq = Some(seq);
        seq.next()
    }))
}
