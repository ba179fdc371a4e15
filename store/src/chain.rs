//! The hash chain through the journal (AUD-01, n03).
//!
//! Every entry carries `SHA-256(hash of the entry before it, newline, canonical JSON of the entry without its
//! hash)` as lower-case hex, so that changing, dropping or swapping an old entry shows in every later one.
//! Canonical JSON: no blanks, object keys in byte order, integers in decimal, floats in their shortest form,
//! only the escapes JSON demands. Invariant: the hash depends on what the entry says, never on how a map
//! happens to be ordered in memory. It does not sign anything: who can rewrite the whole journal can rewrite
//! the chain, which is why backups record the hash at their ends.

use sha2::{Digest, Sha256};

use crate::{
    canonical::Text,
    model::{JournalEntry, Who},
};

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
    hash(previous, &canonical(entry))
}

/// Gives `entry` its hash after an entry with hash `previous`, and answers its [`line()`]: both are of the same text, which
/// is so written once.
pub fn seal(previous: &str, entry: &mut JournalEntry) -> String {
    let text = canonical(entry);
    entry.hash = hash(previous, &text);
    with_hash(text, &entry.hash)
}

/// An entry as the journal keeps it: its canonical JSON, and behind that its hash. It has no line ends.
pub fn line(entry: &JournalEntry) -> String {
    with_hash(canonical(entry), &entry.hash)
}

fn with_hash(mut text: String, hash: &str) -> String {
    text.pop();
    text.push_str(",\"hash\":\"");
    text.push_str(hash);
    text.push_str("\"}");
    text
}

fn hash(previous: &str, text: &str) -> String {
    let mut hasher = Sha256::new();
    hasher.update(previous);
    hasher.update("\n");
    hasher.update(text);
    hex(&hasher.finalize())
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
fn canonical(entry: &JournalEntry) -> String {
    let mut made = Text::with_capacity(768 + entry.events.text().len());
    let text = &mut made;
    text.raw("{");
    if let Some(answer) = &entry.answer {
        text.raw("\"answer\":");
        text.value(answer);
        text.raw(",");
    }
    text.raw("\"at\":\"");
    text.plain(entry.at);
    text.raw("\",\"by\":{");
    match &entry.by {
        Who::User(id) => {
            text.raw("\"id\":\"");
            text.plain(id);
            text.raw("\",\"kind\":\"user\"");
        }
        Who::Process(name) => {
            text.raw("\"id\":");
            text.string(name);
            text.raw(",\"kind\":\"process\"");
        }
        Who::Timer => text.raw("\"kind\":\"timer\""),
        Who::System(name) => {
            text.raw("\"id\":");
            text.string(name);
            text.raw(",\"kind\":\"system\"");
        }
    }
    text.raw("},\"cmd\":");
    text.string(&entry.cmd);
    text.raw(",\"command\":");
    text.string(&entry.command);
    text.raw(",\"entity\":{\"id\":");
    text.string(&entry.entity.id);
    text.raw(",\"kind\":\"");
    text.raw(entry.entity.kind.name());
    text.raw("\"},\"events\":");
    text.raw(entry.events.text());
    text.raw(",\"first\":");
    text.number(entry.first);
    text.raw(",\"last\":");
    text.number(entry.last);
    if let Some(reason) = &entry.reason {
        text.raw(",\"reason\":");
        text.string(reason);
    }
    if let Some(request) = &entry.request {
        text.raw(",\"request\":");
        text.string(request);
    }
    text.raw(",\"seq\":");
    text.number(entry.seq);
    text.raw("}");
    made.into_text()
}

#[cfg(test)]
mod tests {
    use munshi_domain::{EntityId, Kind, Timestamp, UserId};
    use rand::{Rng, SeedableRng, rngs::StdRng};
    use serde_json::{Value, json};

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
            events: events.into(),
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
            hasher.update(by_hand(&plain));
            let hash = hex(&hasher.finalize());
            assert_eq!(link(GENESIS, &given), hash);
            // What is stored is the same text, with the hash behind it.
            let stored = seal(GENESIS, &mut given);
            assert_eq!(given.hash, hash);
            assert_eq!(stored, line(&given));
            assert_eq!(stored.lines().count(), 1, "{stored}");
            assert_eq!(serde_json::from_str::<JournalEntry>(&stored).unwrap(), given);
        }
    }

    fn by_hand(value: &Value) -> String {
        match value {
            Value::Object(fields) => {
                let mut sorted: Vec<_> = fields.iter().collect();
                sorted.sort_by_key(|(key, _)| *key);
                let inner: Vec<_> =
                    sorted.into_iter().map(|(k, v)| format!("{}:{}", Value::from(k.as_str()), by_hand(v))).collect();
                format!("{{{}}}", inner.join(","))
            }
            Value::Array(items) => format!("[{}]", items.iter().map(by_hand).collect::<Vec<_>>().join(",")),
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
