//! A device's queue: what is stored, what is sent, what is answered.
//!
//! Invariant: a command leaves the queue only when it was sent on this connection and answered there, or parked. So a
//! lost answer is asked for again, and the server answers it as a duplicate. Numbers are consecutive within the queue.

use std::collections::{BTreeSet, VecDeque};

use super::{
    CommandStore, Unable,
    pace::Pace,
    store::{StoreFailed, renumber},
};
use crate::{
    client::{Batch, ClientBody, ClientFrame, Cmd},
    code::CodeWord,
    ids::{CmdKey, CmdSeq, FrameId},
    limits::{self, Limits},
    server::{Ack, Answer},
};

/// A frame with commands that has no answer yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Flight {
    /// Its number; nothing once a part of it is sent again, for then a refusal of it says nothing about the rest.
    pub id: Option<FrameId>,
    pub first: CmdSeq,
    /// The number after its last command.
    pub end: CmdSeq,
    pub sent_ms: u64,
}

#[derive(Debug)]
pub(super) struct DeviceQueue<S> {
    pub store: S,
    queue: VecDeque<Cmd>,
    next: CmdSeq,
    /// The first command not yet sent on this connection.
    cursor: CmdSeq,
    /// The number after the highest one sent on this connection.
    sent_end: CmdSeq,
    flights: VecDeque<Flight>,
    answered: BTreeSet<CmdSeq>,
    /// Commands below are sent one by one, for one of them cannot be read.
    single: Option<CmdSeq>,
    /// An identity alarm forbids sending.
    pub blocked: bool,
    /// Not before this time.
    pub pause_until: u64,
    commands: Pace,
    frames: Pace,
    limits: Limits,
}

/// Commands sent and unanswered at most: two batches.
const WINDOW: u64 = 2 * limits::BATCH_COMMANDS as u64;

impl<S: CommandStore> DeviceQueue<S> {
    pub fn load(mut store: S, limits: Limits) -> Result<Self, StoreFailed> {
        let (queue, next) = store.load()?;
        let (commands, frames) = (Pace::new(limits.commands_per_s), Pace::new(limits.frames_per_s));
        let mut new = Self {
            store,
            queue,
            next,
            cursor: next,
            sent_end: next,
            flights: VecDeque::new(),
            answered: BTreeSet::new(),
            single: None,
            blocked: false,
            pause_until: 0,
            commands,
            frames,
            limits,
        };
        new.start_over();
        Ok(new)
    }

    /// The oldest unanswered number, or the next.
    pub fn first(&self) -> CmdSeq {
        self.queue.front().and_then(|cmd| cmd.seq).unwrap_or(self.next)
    }

    pub fn len(&self) -> usize {
        self.queue.len()
    }

    pub fn append(&mut self, mut cmd: Cmd) -> Result<CmdSeq, Unable> {
        if self.queue.len() >= limits::QUEUE_COMMANDS {
            return Err(Unable::QueueFull);
        }
        cmd.seq = Some(self.next);
        if encoded(&cmd) + FRAME > self.limits.message_bytes as usize {
            return Err(Unable::TooLarge);
        }
        self.store.append(&cmd).map_err(|StoreFailed| Unable::StoreFailed)?;
        let seq = self.next;
        self.next = seq.next();
        self.queue.push_back(cmd);
        Ok(seq)
    }

    /// A connection is live: everything is sent again from the oldest.
    pub fn connected(&mut self, limits: Limits) {
        (self.commands, self.frames) = (Pace::new(limits.commands_per_s), Pace::new(limits.frames_per_s));
        self.limits = limits;
        self.start_over();
    }

    /// Nothing of the queue, as it is numbered now, was sent.
    fn start_over(&mut self) {
        self.flights.clear();
        self.cursor = self.first();
        self.sent_end = self.cursor;
    }

    /// Sends again from `seq`. Answers to frames sent before still count, by number; those to commands below `seq` are
    /// waited for as before, for nobody else would ask for them. What was never sent is not passed over, whatever `seq` is:
    /// its answers would not count.
    pub fn rewind(&mut self, seq: CmdSeq) {
        self.flights.retain(|flight| flight.first < seq);
        if let Some(flight) = self.flights.back_mut().filter(|flight| flight.end > seq) {
            (flight.id, flight.end) = (None, seq);
        }
        self.cursor = self.cursor.min(seq).max(self.first());
    }

    /// Numbers the queue from `from`.
    pub fn renumber(&mut self, from: CmdSeq) -> Result<(), StoreFailed> {
        self.store.renumber(from)?;
        self.next = renumber(&mut self.queue, from).ok_or(StoreFailed)?;
        self.answered.clear();
        self.single = None;
        self.blocked = false;
        self.start_over();
        Ok(())
    }

    /// What the server expects next: whether it lies outside of what this queue can send, in numbers that need a rebase.
    pub fn needs_rebase(&self, expect: CmdSeq) -> bool {
        // Beyond `next`, the storage was set back or cloned: numbering on would hide that. The server will say so.
        expect < self.first()
    }

    /// The next frame, if one may go now.
    pub fn frame(&mut self, now: u64, id: FrameId) -> Option<ClientFrame> {
        if self.send_at(now)? > now {
            return None;
        }
        let single = self.single.is_some_and(|end| self.cursor < end);
        let room = if single { 1 } else { self.commands.room(now).min(limits::BATCH_COMMANDS as u64) };
        let room = room.min(u64::from(self.limits.batch_commands)).min(WINDOW - self.in_flight());
        let start = usize::try_from(self.cursor.get() - self.first().get()).ok()?;
        let mut cmds: Vec<Cmd> = Vec::new();
        let mut bytes = FRAME;
        for cmd in self.queue.iter().skip(start).take(usize::try_from(room).ok()?) {
            bytes += encoded(cmd) + 1;
            if !cmds.is_empty() && bytes > self.limits.batch_bytes as usize {
                break;
            }
            cmds.push(cmd.clone());
        }
        let (first, end) = (cmds.first()?.seq?, cmds.last()?.seq?.next());
        self.commands.spend(now, cmds.len() as u64);
        self.frames.spend(now, 1);
        self.cursor = end;
        self.sent_end = self.sent_end.max(self.cursor);
        self.flights.push_back(Flight { id: Some(id), first, end, sent_ms: now });
        let alone = if cmds.len() == 1 { cmds.pop() } else { None };
        Some(ClientFrame::ask(id, alone.map_or_else(|| ClientBody::Batch(Batch { cmds }), ClientBody::Cmd)))
    }

    fn in_flight(&self) -> u64 {
        self.flights.iter().map(|flight| flight.end.get() - flight.first.get()).sum()
    }

    /// When the next frame may go, if there is something to send and room for it.
    pub fn send_at(&self, now: u64) -> Option<u64> {
        let single = self.single.is_some_and(|end| self.cursor < end);
        let full = self.in_flight() >= WINDOW || (single && !self.flights.is_empty());
        if self.blocked || full || self.cursor >= self.next {
            return None;
        }
        let paced = if self.commands.room(now) == 0 || self.frames.room(now) == 0 {
            self.commands.due_ms().max(self.frames.due_ms())
        } else {
            now
        };
        Some(paced.max(self.pause_until))
    }

    /// The oldest frame without an answer.
    pub fn oldest_flight(&self) -> Option<&Flight> {
        self.flights.front()
    }

    pub fn flight(&self, id: FrameId) -> Option<Flight> {
        self.flights.iter().find(|flight| flight.id == Some(id)).copied()
    }

    /// Takes answers. Answers what was settled, and whether the store failed to forget it.
    ///
    /// A command is settled by its own answer, never by `through` alone: a late frame of an older connection may have been
    /// decided, with its answer lost there, and a store that was set back may hold other commands under numbers decided
    /// long ago. Both are sent again, and the server answers or raises the alarm.
    pub fn ack(&mut self, ack: Ack) -> (Vec<(CmdKey, Answer)>, bool) {
        let mut settled = Vec::new();
        for answer in ack.r {
            let Some(seq) = answer.seq.filter(|seq| *seq < self.sent_end) else { continue };
            let Some(key) = self.at(seq).map(|cmd| cmd.key.clone()) else { continue };
            if self.answered.insert(seq) {
                settled.push((key, answer));
            }
        }
        (settled, self.forget_answered())
    }

    fn at(&self, seq: CmdSeq) -> Option<&Cmd> {
        let at = seq.get().checked_sub(self.first().get())?;
        self.queue.get(usize::try_from(at).ok()?)
    }

    /// Removes the answered ones at the front: those behind an unanswered one wait, so numbers stay consecutive.
    fn forget_answered(&mut self) -> bool {
        let mut gone = Vec::new();
        while let Some(seq) = self.queue.front().and_then(|cmd| cmd.seq).filter(|seq| self.answered.remove(seq)) {
            self.queue.pop_front();
            gone.push(seq);
        }
        let first = self.first();
        self.cursor = self.cursor.max(first);
        self.flights.retain(|flight| flight.end > first);
        if self.single.is_some_and(|end| end <= first) {
            self.single = None;
        }
        !gone.is_empty() && self.store.remove(&gone).is_err()
    }

    /// A frame with commands cannot be read by the server. Several are sent one by one; one alone is parked, and those
    /// behind it take its number, for it was not used.
    pub fn unreadable(&mut self, flight: Flight, code: &CodeWord) -> Result<Option<Cmd>, StoreFailed> {
        if flight.first.next() != flight.end {
            self.single = Some(flight.end);
            self.rewind(flight.first);
            return Ok(None);
        }
        let Some(cmd) = self.at(flight.first).cloned() else { return Ok(None) };
        self.store.park(flight.first, code)?;
        self.queue.retain(|other| other.seq != Some(flight.first));
        // Those behind it take its number, for it was not used; those before it keep theirs.
        self.renumber(self.first().min(flight.first))?;
        Ok(Some(cmd))
    }
}

/// Bytes around the commands of a frame.
const FRAME: usize = 64;

fn encoded(cmd: &Cmd) -> usize {
    serde_json::to_string(cmd).map_or(0, |text| text.len())
}
