//! The hash chain through the journal (AUD-01, n03).
//!
//! Every entry carries `SHA-256(hash of the entry before it, newline, canonical JSON of the entry without its
//! hash)` as lower-case hex, so that changing, dropping or swapping an old entry shows in every later one.
//! Canonical JSON: no blanks, object keys in byte order, integers in decimal, floats in their shortest form,
//! only the escapes JSON demands. Invariant: the hash depends on what the entry says, never on how a map
//! happens to be ordered in memory. It does not sign anything: who can rewrite the whole journal can rewrite
//! the chain, which is why backups record the hash at their ends.

use std::io::Write;

use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::model::{JournalEntry, Who};

/// Hash before the first entry.
pub const GENESIS: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// Where and how a journal stops being the journal that was written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Broken {
    /// An entry is missing or out of order.
    #[error("journal entry {found} stands where {expected} belongs")]
    Order {
        /// Sequence number that belongs here.
        expected: u64,
        /// Sequence number found.
        found: u64,
    },
    /// The entry, or one before it, is not what was written.
    #[error("journal entry {seq} does not carry the hash of its content and the entries before it")]
    Hash {
        /// Sequence number of the entry.
        seq: u64,
    },
}

/// The hash of `entry` after an entry with hash `previous`. The entry's own `hash` is not looked at.
pub fn link(previous: &str, entry: &JournalEntry) -> String {
    let mut sink = Sink::new();
    sink.raw(previous.as_bytes());
    sink.raw(b"\n");
    write_entry(&mut sink, entry);
    sink.finish()
}

/// Checks a dense run of entries that follows an entry with hash `previous`; returns the hash of the last.
///
/// # Errors
/// [`Broken`] names the first entry that is out of order or does not carry its hash.
pub fn verify<'a>(previous: &str, entries: impl IntoIterator<Item = &'a JournalEntry>) -> Result<String, Broken> {
    let mut hash = previous.to_owned();
    let mut expected = None;
    for entry in entries {
        let wanted = expected.unwrap_or(entry.seq);
        if entry.seq != wanted {
            return Err(Broken::Order { expected: wanted, found: entry.seq });
        }
        hash = link(&hash, entry);
        if hash != entry.hash {
            return Err(Broken::Hash { seq: entry.seq });
        }
        expected = Some(wanted + 1);
    }
    Ok(hash)
}

/// Collects small writes so that the hasher sees blocks, without ever holding a whole entry.
struct Sink {
    hasher: Sha256,
    buffer: [u8; 512],
    filled: usize,
}

impl Sink {
    fn new() -> Self {
        Self { hasher: Sha256::new(), buffer: [0; 512], filled: 0 }
    }

    fn raw(&mut self, bytes: &[u8]) {
        if bytes.len() > self.buffer.len() - self.filled {
            self.flush_buffer();
            if bytes.len() >= self.buffer.len() {
                self.hasher.update(bytes);
                return;
            }
        }
        self.buffer[self.filled..self.filled + bytes.len()].copy_from_slice(bytes);
        self.filled += bytes.len();
    }

    fn flush_buffer(&mut self) {
        self.hasher.update(&self.buffer[..self.filled]);
        self.filled = 0;
    }

    fn number(&mut self, mut number: u64) {
        let mut digits = [0u8; 20];
        let mut at = digits.len();
        loop {
            at -= 1;
            digits[at] = b'0' + (number % 10) as u8;
            number /= 10;
            if number == 0 {
                break;
            }
        }
        self.raw(&digits[at..]);
    }

    fn string(&mut self, text: &str) {
        self.raw(b"\"");
        let bytes = text.as_bytes();
        let mut from = 0;
        for (at, byte) in bytes.iter().enumerate() {
            if *byte >= 0x20 && *byte != b'"' && *byte != b'\\' {
                continue;
            }
            self.raw(&bytes[from..at]);
            from = at + 1;
            match byte {
                b'"' => self.raw(b"\\\""),
                b'\\' => self.raw(b"\\\\"),
                b'\n' => self.raw(b"\\n"),
                b'\r' => self.raw(b"\\r"),
                b'\t' => self.raw(b"\\t"),
                0x08 => self.raw(b"\\b"),
                0x0c => self.raw(b"\\f"),
                other => {
                    let hex = b"0123456789abcdef";
                    self.raw(b"\\u00");
                    self.raw(&[hex[usize::from(other >> 4)], hex[usize::from(other & 15)]]);
                }
            }
        }
        self.raw(&bytes[from..]);
        self.raw(b"\"");
    }

    fn finish(mut self) -> String {
        self.flush_buffer();
        hex(&self.hasher.finalize())
    }
}

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.raw(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Lower-case hex.
pub(crate) fn hex(bytes: &[u8]) -> String {
    let digits = b"0123456789abcdef";
    bytes
        .iter()
        .flat_map(|byte| [digits[usize::from(byte >> 4)], digits[usize::from(byte & 15)]])
        .map(char::from)
        .collect()
}

/// The inverse of [`hex`]; `None` for anything it never writes.
pub(crate) fn unhex(text: &str) -> Option<Vec<u8>> {
    let digit = |byte: u8| match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        _ => None,
    };
    let bytes = text.as_bytes();
    if !bytes.len().is_multiple_of(2) {
        return None;
    }
    bytes.chunks_exact(2).map(|pair| Some(digit(pair[0])? << 4 | digit(pair[1])?)).collect()
}

/// Fields in byte order of their names, so that the result is canonical JSON of the whole entry.
fn write_entry(sink: &mut Sink, entry: &JournalEntry) {
    sink.raw(b"{");
    if let Some(answer) = &entry.answer {
        sink.raw(b"\"answer\":");
        write_value(sink, answer);
        sink.raw(b",");
    }
    sink.raw(b"\"at\":\"");
    let _ = write!(sink, "{}", entry.at);
    sink.raw(b"\",\"by\":{");
    match &entry.by {
        Who::User(id) => {
            sink.raw(b"\"id\":\"");
            let _ = write!(sink, "{id}");
            sink.raw(b"\",\"kind\":\"user\"");
        }
        Who::Process(name) => {
            sink.raw(b"\"id\":");
            sink.string(name);
            sink.raw(b",\"kind\":\"process\"");
        }
        Who::Timer => sink.raw(b"\"kind\":\"timer\""),
        Who::System(name) => {
            sink.raw(b"\"id\":");
            sink.string(name);
            sink.raw(b",\"kind\":\"system\"");
        }
    }
    sink.raw(b"},\"cmd\":");
    sink.string(&entry.cmd);
    sink.raw(b",\"command\":");
    sink.string(&entry.command);
    sink.raw(b",\"entity\":{\"id\":");
    sink.string(&entry.entity.id);
    sink.raw(b",\"kind\":\"");
    sink.raw(entry.entity.kind.name().as_bytes());
    sink.raw(b"\"},\"events\":[");
    for (at, event) in entry.events.iter().enumerate() {
        if at > 0 {
            sink.raw(b",");
        }
        write_value(sink, event);
    }
    sink.raw(b"],\"first\":");
    sink.number(entry.first);
    sink.raw(b",\"last\":");
    sink.number(entry.last);
    if let Some(reason) = &entry.reason {
        sink.raw(b",\"reason\":");
        sink.string(reason);
    }
    if let Some(request) = &entry.request {
        sink.raw(b",\"request\":");
        sink.string(request);
    }
    sink.raw(b",\"seq\":");
    sink.number(entry.seq);
    sink.raw(b"}");
}

fn write_value(sink: &mut Sink, value: &Value) {
    match value {
        Value::Null => sink.raw(b"null"),
        Value::Bool(true) => sink.raw(b"true"),
        Value::Bool(false) => sink.raw(b"false"),
        Value::Number(number) => match number.as_u64() {
            Some(number) => sink.number(number),
            None => {
                let _ = write!(sink, "{number}");
            }
        },
        Value::String(text) => sink.string(text),
        Value::Array(items) => {
            sink.raw(b"[");
            for (at, item) in items.iter().enumerate() {
                if at > 0 {
                    sink.raw(b",");
                }
                write_value(sink, item);
            }
            sink.raw(b"]");
        }
        Value::Object(fields) => {
            sink.raw(b"{");
            if fields.keys().is_sorted() {
                fields.iter().enumerate().for_each(|(at, field)| write_field(sink, at, field));
            } else {
                let mut sorted: Vec<_> = fields.iter().collect();
                sorted.sort_unstable_by_key(|(key, _)| *key);
                sorted.into_iter().enumerate().for_each(|(at, field)| write_field(sink, at, field));
            }
            sink.raw(b"}");
        }
    }
}

fn write_field(sink: &mut Sink, at: usize, (key, value): (&String, &Value)) {
    if at > 0 {
        sink.raw(b",");
    }
    sink.string(key);
    sink.raw(b":");
    write_value(sink, value);
}

#[cfg(test)]
mod tests {
    use munshi_domain::{EntityId, Kind, Timestamp, UserId};
    use rand::{Rng, SeedableRng, rngs::StdRng};
    use serde_json::json;

    use super::*;

    fn entry(seq: u64, events: Vec<Value>) -> JournalEntry {
        JournalEntry {
            seq,
            entity: EntityId::new(Kind::Order, "0198c0de-0000-7000-8000-000000000000"),
            first: 1,
            last: events.len().max(1) as u64,
            at: Timestamp::from_millis(1_760_000_000_123),
            by: Who::User(UserId::from_u128(7)),
            cmd: "cmd-1".into(),
            request: Some("r\u{1}".into()),
            command: "SubmitOrder".into(),
            reason: None,
            answer: None,
            events,
            hash: String::new(),
        }
    }

    fn chain(length: u64) -> Vec<JournalEntry> {
        let mut previous = GENESIS.to_owned();
        (1..=length)
            .map(|seq| {
                let mut next = entry(seq, vec![json!({"type": "Noted", "n": seq, "text": "päk \"q\"\n"})]);
                next.hash = link(&previous, &next);
                previous.clone_from(&next.hash);
                next
            })
            .collect()
    }

    /// The streamed form is the canonical JSON of the entry: serde_json writes the same bytes for a sorted value.
    #[test]
    fn aud_01_hash_is_over_canonical_json() {
        for by in [Who::User(UserId::from_u128(9)), Who::Process("p".into()), Who::Timer, Who::System("x\ty".into())] {
            let mut given =
                entry(3, vec![json!({"b": [1, -2, 1.5, 1e300, u64::MAX], "a": {"z": null, "y": "\u{8}\u{7f}é"}})]);
            given.by = by;
            given.reason = Some("because \\".into());
            let mut plain = serde_json::to_value(&given).unwrap();
            plain.as_object_mut().unwrap().remove("hash");
            let mut hasher = Sha256::new();
            hasher.update(GENESIS);
            hasher.update("\n");
            hasher.update(canonical(&plain));
            assert_eq!(link(GENESIS, &given), hex(&hasher.finalize()));
        }
    }

    fn canonical(value: &Value) -> String {
        match value {
            Value::Object(fields) => {
                let mut sorted: Vec<_> = fields.iter().collect();
                sorted.sort_by_key(|(key, _)| *key);
                let inner: Vec<_> =
                    sorted.into_iter().map(|(k, v)| format!("{}:{}", Value::from(k.as_str()), canonical(v))).collect();
                format!("{{{}}}", inner.join(","))
            }
            Value::Array(items) => format!("[{}]", items.iter().map(canonical).collect::<Vec<_>>().join(",")),
            other => other.to_string(),
        }
    }

    /// A change here breaks every journal in the field.
    #[test]
    fn aud_01_golden_hashes() {
        let hashes: Vec<_> = chain(2).into_iter().map(|entry| entry.hash).collect();
        assert_eq!(hashes, GOLDEN);
    }

    const GOLDEN: [&str; 2] = [
        "b214a6664e5eb8003c04d00ffe5e8836fdd44fd98a7f817ec1e916e40365df6f",
        "cad4a3698738422f0fa3e60c255bd3d10f536bcf2b65144fd581ef38dd4da8b1",
    ];

    #[test]
    fn n03_any_changed_byte_breaks_the_chain() {
        let seed = rand::rng().random::<u64>();
        let mut random = StdRng::seed_from_u64(seed);
        let whole = chain(6);
        assert_eq!(verify(GENESIS, &whole).unwrap(), whole[5].hash);
        for round in 0..500 {
            let at = random.random_range(0..whole.len());
            let mut text = serde_json::to_string(&whole[at]).unwrap().into_bytes();
            let byte = random.random_range(0..text.len());
            text[byte] ^= 1 << random.random_range(0..8);
            let Ok(changed) = serde_json::from_slice::<JournalEntry>(&text) else { continue };
            if changed == whole[at] {
                continue;
            }
            let mut broken = whole.clone();
            broken[at] = changed;
            assert!(verify(GENESIS, &broken).is_err(), "seed {seed} round {round} entry {at} byte {byte}");
        }
    }

    #[test]
    fn n03_missing_swapped_and_inserted_entries_are_named() {
        let whole = chain(5);
        let mut missing = whole.clone();
        missing.remove(2);
        assert_eq!(verify(GENESIS, &missing), Err(Broken::Order { expected: 3, found: 4 }));
        let mut swapped = whole.clone();
        swapped.swap(1, 2);
        assert!(verify(GENESIS, &swapped).is_err());
        let mut edited = whole.clone();
        edited[3].cmd = "other".into();
        assert_eq!(verify(GENESIS, &edited), Err(Broken::Hash { seq: 4 }));
        assert_eq!(verify(&whole[1].hash, &whole[2..]).unwrap(), whole[4].hash);
    }

    #[test]
    fn hex_round_trips_and_refuses_garbage() {
        assert_eq!(unhex(&hex(&[0, 15, 255])), Some(vec![0, 15, 255]));
        for bad in ["0", "0g", "AB"] {
            assert_eq!(unhex(bad), None, "{bad}");
        }
    }
}
