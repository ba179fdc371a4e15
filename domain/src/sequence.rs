//! A durable number sequence for documents (ORD-01): unique numbers, gaps allowed, never reused.
//!
//! Numbers are taken in blocks, so that numbering ten thousand orders costs ten journal entries; the rest of a
//! block is lost in a crash, which leaves a gap and never a duplicate. Gap-free invoice numbers (PAY-05) will
//! take blocks of one.

use serde::{Deserialize, Serialize};

use crate::{
    Aggregate, Ctx, Kind, Part, PartJson, RefusalClass, Refused, Timestamp,
    aggregate::{from_main, main_part},
};

/// Largest block that one command may take.
pub const MAX_BLOCK: u32 = 100_000;

/// The state of one sequence.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sequence {
    /// Last number handed out; the next block starts after it.
    pub last: u64,
}

/// Requests to a sequence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SequenceCommand {
    /// Take the next `size` numbers.
    TakeBlock {
        /// How many numbers, 1 to [`MAX_BLOCK`].
        size: u32,
    },
}

/// Facts about a sequence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type")]
pub enum SequenceEvent {
    /// Numbers `first..=last` belong to whoever asked.
    BlockTaken {
        /// First number of the block.
        first: u64,
        /// Last number of the block.
        last: u64,
    },
}

/// Why a block is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SequenceRefusal {
    /// Not between 1 and [`MAX_BLOCK`].
    #[error("block size must be 1 to {MAX_BLOCK}, got {size}")]
    BlockSize {
        /// The size asked for.
        size: u32,
    },
}

impl Refused for SequenceRefusal {
    fn code(&self) -> &'static str {
        "block_size"
    }
    fn class(&self) -> RefusalClass {
        RefusalClass::Invalid
    }
}

impl Aggregate for Sequence {
    const KIND: Kind = Kind::Sequence;
    type Command = SequenceCommand;
    type Event = SequenceEvent;
    type Refusal = SequenceRefusal;

    fn decide(&self, command: &SequenceCommand, _ctx: &Ctx) -> Result<Vec<SequenceEvent>, SequenceRefusal> {
        let SequenceCommand::TakeBlock { size } = *command;
        if size == 0 || size > MAX_BLOCK {
            return Err(SequenceRefusal::BlockSize { size });
        }
        Ok(vec![SequenceEvent::BlockTaken { first: self.last + 1, last: self.last + u64::from(size) }])
    }

    fn evolve(&mut self, event: &SequenceEvent) {
        let SequenceEvent::BlockTaken { last, .. } = event;
        self.last = *last;
    }

    fn command_name(command: &SequenceCommand) -> &'static str {
        match command {
            SequenceCommand::TakeBlock { .. } => "TakeBlock",
        }
    }

    fn part(&self, part: &Part) -> Option<PartJson> {
        main_part(self, part)
    }

    fn from_parts(parts: Vec<(Part, PartJson)>) -> Result<Self, String> {
        from_main(parts)
    }
}

/// How a document number is written: text with `{yyyy}` (UTC year), `{yy}` and exactly one `{seq}` or `{seq:N}`
/// (zero-padded to N digits).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct NumberFormat(String);

/// Why a text is not a number format.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NumberFormatError {
    /// Longer than 40 characters, or with characters other than printable ASCII.
    #[error("a number format is 1 to 40 printable ascii characters")]
    Text,
    /// `{seq}` must occur exactly once, or two numbers could read alike.
    #[error("a number format has {{seq}} or {{seq:N}} exactly once")]
    Sequence,
    /// Not `{yyyy}`, `{yy}`, `{seq}` or `{seq:N}` with N from 1 to 12.
    #[error("unknown placeholder {{{0}}}")]
    Placeholder(String),
}

impl NumberFormat {
    /// Checks a format.
    ///
    /// # Errors
    /// [`NumberFormatError`].
    pub fn parse(text: &str) -> Result<Self, NumberFormatError> {
        if text.is_empty() || text.len() > 40 || !text.bytes().all(|byte| (0x20..0x7f).contains(&byte)) {
            return Err(NumberFormatError::Text);
        }
        let mut sequences = 0;
        for (placeholder, _) in text.split('{').skip(1).map(|rest| rest.split_once('}').unwrap_or((rest, ""))) {
            match placeholder {
                "yyyy" | "yy" => {}
                "seq" => sequences += 1,
                other => match other.strip_prefix("seq:").and_then(|width| width.parse::<usize>().ok()) {
                    Some(1..=12) => sequences += 1,
                    _ => return Err(NumberFormatError::Placeholder(other.to_owned())),
                },
            }
        }
        if sequences == 1 { Ok(Self(text.to_owned())) } else { Err(NumberFormatError::Sequence) }
    }

    /// The number `n` taken at `at`, written out.
    pub fn write(&self, n: u64, at: Timestamp) -> String {
        let mut out = String::with_capacity(self.0.len() + 8);
        let mut pieces = self.0.split('{');
        out.push_str(pieces.next().unwrap_or_default());
        for piece in pieces {
            let (placeholder, rest) = piece.split_once('}').unwrap_or((piece, ""));
            match placeholder {
                "yyyy" => out.push_str(&at.year().to_string()),
                "yy" => out.push_str(&format!("{:02}", at.year().rem_euclid(100))),
                other => {
                    let width = other.strip_prefix("seq:").and_then(|width| width.parse().ok()).unwrap_or(1);
                    out.push_str(&format!("{n:0width$}"));
                }
            }
            out.push_str(rest);
        }
        out
    }
}

impl TryFrom<String> for NumberFormat {
    type Error = NumberFormatError;
    fn try_from(text: String) -> Result<Self, NumberFormatError> {
        Self::parse(&text)
    }
}

impl From<NumberFormat> for String {
    fn from(format: NumberFormat) -> Self {
        format.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aggregate::apply;

    #[test]
    fn ord_01_blocks_never_overlap() {
        let ctx = Ctx::system(Timestamp::from_millis(0));
        let mut sequence = Sequence::default();
        let mut end = 0;
        for size in [1, 10, 1_000, MAX_BLOCK] {
            let events = apply(&mut sequence, &SequenceCommand::TakeBlock { size }, &ctx).unwrap();
            let SequenceEvent::BlockTaken { first, last } = events[0];
            assert_eq!((first, last), (end + 1, end + u64::from(size)));
            end = last;
        }
        assert!(apply(&mut sequence, &SequenceCommand::TakeBlock { size: 0 }, &ctx).is_err());
    }

    #[test]
    fn ord_01_the_format_is_configurable_and_checked() {
        let at = Timestamp::parse("2026-11-21T04:00:00Z").unwrap();
        for (format, want) in [("SO-{yyyy}-{seq:6}", "SO-2026-000042"), ("{seq}", "42"), ("K{yy}/{seq:2}", "K26/42")] {
            assert_eq!(NumberFormat::parse(format).unwrap().write(42, at), want);
        }
        assert_eq!(NumberFormat::parse("SO-{yyyy}"), Err(NumberFormatError::Sequence));
        assert_eq!(NumberFormat::parse("{seq}{seq}"), Err(NumberFormatError::Sequence));
        assert_eq!(NumberFormat::parse("{seq:99}"), Err(NumberFormatError::Placeholder("seq:99".into())));
        assert_eq!(NumberFormat::parse(""), Err(NumberFormatError::Text));
    }
}
