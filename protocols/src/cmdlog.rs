//! What a server remembers of a device's commands, and what it concludes from the next one.
//!
//! Invariant: a command has one effect and one answer, however often it arrives; numbers advance by one, whether the
//! command was applied or rejected, so no command can jam the queue behind it. The record is part of the same durable
//! batch as the fact; making it so is the caller's duty, and so is deciding the command itself.

use std::collections::{BTreeMap, HashMap};

use crate::{
    client::Cmd,
    fingerprint::Fingerprint,
    ids::{CmdKey, CmdSeq, Gen, InstallId},
    limits,
    server::{Answer, Status},
};

/// What to do with a command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Decide it, record it, then answer.
    Decide,
    /// Answer so; nothing is decided. The record, if `record`, must be made durable first: the number advances.
    Duplicate {
        /// The first answer, as [`Status::Duplicate`], under the number it came with now.
        answer: Box<Answer>,
        /// Whether it came under a new number, after a rebase.
        record: bool,
    },
    /// Refuse with `seq_gap`.
    Gap {
        /// Number taken next.
        expect: CmdSeq,
    },
    /// Refuse with `key_reuse` and raise an alarm: cloned identity or cloned storage.
    Reuse,
}

/// What to do with a device's `hello`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Greeting {
    /// Welcome it.
    Welcome,
    /// Tell it to number its queue from here, before anything else.
    Rebase {
        /// Number taken next.
        expect: CmdSeq,
    },
    /// Refuse with `generation_fenced` and close 4506.
    Fenced,
}

#[derive(Clone, Debug)]
struct Entry {
    key: CmdKey,
    fingerprint: Fingerprint,
    answer: Answer,
    at_ms: u64,
}

/// Commands of one device.
#[derive(Clone, Debug, Default)]
pub struct CommandLog {
    generation: Gen,
    /// The installation of the last command recorded.
    install: Option<InstallId>,
    /// The installation of the last `hello`. It counts only once a command of it was recorded: a `rebase` that never
    /// arrived has to be said again.
    greeted: Option<InstallId>,
    high: CmdSeq,
    entries: BTreeMap<CmdSeq, Entry>,
    by_key: HashMap<CmdKey, CmdSeq>,
}

impl CommandLog {
    /// Of a device enrolled as `generation`.
    pub fn new(generation: Gen) -> Self {
        Self { generation, ..Self::default() }
    }

    /// The last number decided.
    pub const fn through(&self) -> CmdSeq {
        self.high
    }

    /// The number taken next.
    pub const fn expect(&self) -> CmdSeq {
        self.high.next()
    }

    /// Answers kept.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether no answer is kept.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The device was enrolled anew: older enrolments are fenced. Its numbers go on.
    pub fn enrol(&mut self, generation: Gen) {
        self.generation = self.generation.max(generation);
    }

    /// Takes a device's `hello`.
    pub fn greet(&mut self, install: &InstallId, generation: Gen, seq_next: CmdSeq) -> Greeting {
        if generation < self.generation {
            return Greeting::Fenced;
        }
        self.generation = generation;
        self.greeted = Some(install.clone());
        let new = self.install.as_ref() != Some(install);
        if new && seq_next <= self.high { Greeting::Rebase { expect: self.expect() } } else { Greeting::Welcome }
    }

    /// Judges a command by number, key and fingerprint. A command without a number is a gap: devices count.
    pub fn judge(&self, cmd: &Cmd) -> Verdict {
        let Some(seq) = cmd.seq.filter(|seq| *seq <= self.expect()) else {
            return Verdict::Gap { expect: self.expect() };
        };
        let same = |entry: &Entry| entry.key == cmd.key && entry.fingerprint == cmd.fingerprint();
        if seq <= self.high {
            // What is no longer kept cannot be compared; a device keeps its queue no longer than this.
            return match self.entries.get(&seq).or_else(|| self.entry_of(&cmd.key)) {
                Some(entry) if same(entry) => Self::duplicate(entry, seq, false),
                _ => Verdict::Reuse,
            };
        }
        match self.entry_of(&cmd.key) {
            None => Verdict::Decide,
            Some(entry) if same(entry) => Self::duplicate(entry, seq, true),
            Some(_) => Verdict::Reuse,
        }
    }

    fn entry_of(&self, key: &CmdKey) -> Option<&Entry> {
        self.by_key.get(key).and_then(|seq| self.entries.get(seq))
    }

    fn duplicate(entry: &Entry, seq: CmdSeq, record: bool) -> Verdict {
        let answer = Answer { seq: Some(seq), st: Status::Duplicate, ..entry.answer.clone() };
        Verdict::Duplicate { answer: Box::new(answer), record }
    }

    /// Records what was decided. Numbers must follow each other; a record out of turn is left out, and says so.
    ///
    /// # Errors
    /// The number that was expected.
    pub fn record(&mut self, cmd: &Cmd, answer: Answer, now_ms: u64) -> Result<(), CmdSeq> {
        if cmd.seq != Some(self.expect()) {
            return Err(self.expect());
        }
        let seq = self.expect();
        self.high = seq;
        if self.greeted.is_some() {
            self.install.clone_from(&self.greeted);
        }
        self.by_key.insert(cmd.key.clone(), seq);
        let entry = Entry { key: cmd.key.clone(), fingerprint: cmd.fingerprint(), answer, at_ms: now_ms };
        self.entries.insert(seq, entry);
        self.forget(now_ms);
        Ok(())
    }

    /// Forgets answers past [`limits::QUEUE_COMMANDS`] or [`limits::QUEUE_MS`].
    fn forget(&mut self, now_ms: u64) {
        while let Some(oldest) = self.entries.first_entry() {
            let old = now_ms.saturating_sub(oldest.get().at_ms) > limits::QUEUE_MS;
            if !old && self.entries.len() <= limits::QUEUE_COMMANDS {
                return;
            }
            if let Some((seq, entry)) = self.entries.pop_first()
                && self.by_key.get(&entry.key) == Some(&seq)
            {
                self.by_key.remove(&entry.key);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::client::{ClientBody, ClientFrame};

    fn cmd(seq: u64, key: u64, qty: u64) -> Cmd {
        let key = CmdKey::from_parts(key, [7; 10]);
        let json = format!(
            r#"{{"t":"cmd","d":{{"seq":{seq},"key":"{key}","at":{{"wall_ms":1,"mono_ms":1,"boot":"b"}},"op":"x","a":{{"qty":{qty}}}}}}}"#
        );
        match ClientFrame::decode(&json).unwrap().body {
            ClientBody::Cmd(cmd) => cmd,
            other => panic!("{other:?}"),
        }
    }

    fn applied(cmd: &Cmd) -> Answer {
        Answer {
            seq: cmd.seq,
            key: None,
            st: Status::Applied,
            code: None,
            exception_id: None,
            approval_id: None,
            out: None,
        }
    }

    fn log(commands: u64) -> CommandLog {
        let mut log = CommandLog::default();
        for n in 1..=commands {
            let cmd = cmd(n, n, n);
            assert_eq!(log.judge(&cmd), Verdict::Decide);
            log.record(&cmd, applied(&cmd), 0).unwrap();
        }
        log
    }

    #[test]
    fn the_table_of_rules() {
        let log = log(3);
        assert!(matches!(log.judge(&cmd(2, 2, 2)), Verdict::Duplicate { record: false, .. }));
        assert_eq!(log.judge(&cmd(4, 4, 4)), Verdict::Decide);
        assert_eq!(log.judge(&cmd(5, 5, 5)), Verdict::Gap { expect: CmdSeq::new(4).unwrap() });
        assert_eq!(log.judge(&cmd(2, 2, 9)), Verdict::Reuse, "known number and key, another content");
        assert_eq!(log.judge(&cmd(2, 9, 2)), Verdict::Reuse, "known number, another key");
        assert_eq!(log.judge(&cmd(4, 2, 9)), Verdict::Reuse, "known key, another content");
        match log.judge(&cmd(4, 2, 2)) {
            Verdict::Duplicate { answer, record: true } => assert_eq!(answer.seq.map(CmdSeq::get), Some(4)),
            other => panic!("a rebased command is known by its key: {other:?}"),
        }
    }

    #[test]
    fn a_new_installation_is_told_to_renumber_and_an_old_enrolment_is_fenced() {
        let mut log = log(2);
        let (first, second) = (InstallId::parse("in_1").unwrap(), InstallId::parse("in_2").unwrap());
        let seq = |n| CmdSeq::new(n).unwrap();
        assert_eq!(log.greet(&first, Gen::new(1).unwrap(), seq(3)), Greeting::Welcome);
        let third = cmd(3, 3, 3);
        log.record(&third, applied(&third), 0).unwrap();
        assert_eq!(log.greet(&first, Gen::new(1).unwrap(), seq(2)), Greeting::Welcome, "answers were lost, no more");
        let rebase = Greeting::Rebase { expect: seq(4) };
        assert_eq!(log.greet(&second, Gen::new(2).unwrap(), seq(1)), rebase);
        assert_eq!(log.greet(&second, Gen::new(2).unwrap(), seq(1)), rebase, "the first one may have been lost");
        assert_eq!(log.greet(&second, Gen::new(2).unwrap(), seq(4)), Greeting::Welcome);
        assert_eq!(log.greet(&first, Gen::new(1).unwrap(), seq(4)), Greeting::Fenced);
    }

    #[test]
    fn what_is_kept_is_bounded() {
        let mut log = log(limits::QUEUE_COMMANDS as u64 + 10);
        assert_eq!((log.len(), log.by_key.len()), (limits::QUEUE_COMMANDS, limits::QUEUE_COMMANDS));
        let next = cmd(log.expect().get(), 1_000_000, 1);
        log.record(&next, applied(&next), limits::QUEUE_MS + 1).unwrap();
        assert_eq!((log.len(), log.by_key.len()), (1, 1), "the rest is too old");
        assert_eq!(log.record(&next, applied(&next), 0), Err(log.expect()));
    }
}
