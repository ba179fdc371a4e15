//! The checksum by which a mirror proves itself, and XXH64 under it.
//!
//! Invariant: the checksum of a set of rows does not depend on their order and changes in constant time per row. It
//! finds mistakes; it resists nobody who wants to deceive.
//!
//! XXH64 stands here, after its public specification (Cyan4973/xxHash, doc/xxhash_spec.md), because the crates that
//! offer it are in the database's dependency tree: switching their feature on would build the database anew.

use crate::ids::{JournalSeq, RowKey};

const P1: u64 = 0x9E37_79B1_85EB_CA87;
const P2: u64 = 0xC2B2_AE3D_27D4_EB4F;
const P3: u64 = 0x1656_67B1_9E37_79F9;
const P4: u64 = 0x85EB_CA77_C2B2_AE63;
const P5: u64 = 0x27D4_EB2F_1656_67C5;

/// XXH64 with seed 0.
pub fn xxh64(input: &[u8]) -> u64 {
    let mut stripes = input.chunks_exact(32);
    let mut hash = if input.len() >= 32 {
        let mut lanes = [P1.wrapping_add(P2), P2, 0, P1.wrapping_neg()];
        for stripe in &mut stripes {
            for (lane, word) in lanes.iter_mut().zip(stripe.chunks_exact(8)) {
                *lane = round(*lane, le64(word));
            }
        }
        let [a, b, c, d] = lanes;
        let mixed = a
            .rotate_left(1)
            .wrapping_add(b.rotate_left(7))
            .wrapping_add(c.rotate_left(12))
            .wrapping_add(d.rotate_left(18));
        lanes.iter().fold(mixed, |hash, lane| (hash ^ round(0, *lane)).wrapping_mul(P1).wrapping_add(P4))
    } else {
        P5
    };
    hash = hash.wrapping_add(input.len() as u64);
    avalanche(tail(hash, stripes.remainder()))
}

fn tail(mut hash: u64, rest: &[u8]) -> u64 {
    let mut words = rest.chunks_exact(8);
    for word in &mut words {
        hash = (hash ^ round(0, le64(word))).rotate_left(27).wrapping_mul(P1).wrapping_add(P4);
    }
    let mut halves = words.remainder().chunks_exact(4);
    for half in &mut halves {
        hash = (hash ^ le64(half).wrapping_mul(P1)).rotate_left(23).wrapping_mul(P2).wrapping_add(P3);
    }
    for byte in halves.remainder() {
        hash = (hash ^ u64::from(*byte).wrapping_mul(P5)).rotate_left(11).wrapping_mul(P1);
    }
    hash
}

const fn round(lane: u64, word: u64) -> u64 {
    lane.wrapping_add(word.wrapping_mul(P2)).rotate_left(31).wrapping_mul(P1)
}

const fn avalanche(mut hash: u64) -> u64 {
    hash = (hash ^ (hash >> 33)).wrapping_mul(P2);
    hash = (hash ^ (hash >> 29)).wrapping_mul(P3);
    hash ^ (hash >> 32)
}

/// Little-endian number of up to eight bytes.
fn le64(bytes: &[u8]) -> u64 {
    bytes.iter().rev().fold(0, |number, byte| (number << 8) | u64::from(*byte))
}

/// Hash of one row: XXH64 over key, a zero byte and the version in eight bytes, little-endian.
pub fn row_hash(key: &RowKey, ver: JournalSeq) -> u64 {
    // Keys have at most 64 bytes; see RowKey.
    let mut buffer = [0u8; 64 + 1 + 8];
    let key = key.as_str().as_bytes();
    buffer[..key.len()].copy_from_slice(key);
    let end = key.len() + 1;
    buffer[end..end + 8].copy_from_slice(&ver.get().to_le_bytes());
    xxh64(&buffer[..end + 8])
}

/// Checksum over the rows of a Map topic: the wrapping sum of their hashes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MirrorHash(u64);

impl MirrorHash {
    /// Counts a row in.
    pub fn add(&mut self, key: &RowKey, ver: JournalSeq) {
        self.0 = self.0.wrapping_add(row_hash(key, ver));
    }

    /// Takes a row out that was counted in with the same version.
    pub fn remove(&mut self, key: &RowKey, ver: JournalSeq) {
        self.0 = self.0.wrapping_sub(row_hash(key, ver));
    }

    /// As it stands in `chk`: 16 hex digits, lower case.
    pub fn hex(self) -> String {
        format!("{:016x}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn xxh64_agrees_with_published_values() {
        for (input, hash) in [
            ("", 0xEF46_DB37_51D8_E999),
            ("a", 0xD24E_C4F1_A98C_6E5B),
            ("as", 0x1C33_0FB2_D66B_E179),
            ("asd", 0x631C_37CE_72A9_7393),
            ("asdf", 0x4158_72F5_99CE_A71E),
            ("Call me Ishmael. Some years ago--never mind how long precisely-", 0x02A2_E854_70D6_FD96),
            ("Nobody inspects the spammish repetition", 0xFBCE_A83C_8A37_8BF1),
        ] {
            assert_eq!(xxh64(input.as_bytes()), hash, "{input}");
        }
    }

    #[test]
    fn the_checksum_forgets_order_and_removed_rows() {
        let row = |key: &str, ver| (RowKey::parse(key).unwrap(), JournalSeq::new(ver).unwrap());
        let rows = [row("o_1", 71), row("o_2", 3), row("o_3", 3)];
        let (mut forth, mut back) = (MirrorHash::default(), MirrorHash::default());
        rows.iter().for_each(|(key, ver)| forth.add(key, *ver));
        rows.iter().rev().for_each(|(key, ver)| back.add(key, *ver));
        assert_eq!(forth, back);
        rows.iter().for_each(|(key, ver)| forth.remove(key, *ver));
        assert_eq!(forth.hex(), "0000000000000000");
        let (mut one, mut other) = (MirrorHash::default(), MirrorHash::default());
        one.add(&rows[0].0, rows[0].1);
        other.add(&rows[0].0, rows[1].1);
        assert_ne!(one, other, "the version counts");
    }
}
