//! Check digits and check character pairs (GS1 General Specifications, section 7.9).
//!
//! Invariant: total over any bytes; what is not made of the right characters has no check digit and so no valid one.

use super::charset::{CSET32_CHARS, cset82_weight};

/// The check digit for `digits`, weights 3 and 1 alternating from the right; `None` unless all are digits.
#[inline]
pub fn check_digit(digits: &[u8]) -> Option<u8> {
    let mut sum = 0u32;
    let mut weight = if digits.len().is_multiple_of(2) { 1 } else { 3 };
    for byte in digits {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 {
            return None;
        }
        sum += weight * digit as u32;
        weight = 4 - weight;
    }
    Some(b'0' + ((10 - sum % 10) % 10) as u8)
}

/// True when the last of `digits` is the check digit of those before it. The rule is one for GTIN-8, -12, -13, -14,
/// GLN, SSCC and GSIN.
#[inline]
pub fn has_check_digit(digits: &[u8]) -> bool {
    match digits.split_last() {
        Some((last, body)) => check_digit(body) == Some(*last),
        None => false,
    }
}

/// The first primes, the weights of the check character pair from right to left. 97 are enough for an AI of 99.
static PRIMES: [u16; 97] = primes();

const fn primes() -> [u16; 97] {
    let (mut found, mut count, mut candidate) = ([0; 97], 0, 2u16);
    while count < 97 {
        let (mut index, mut prime) = (0, true);
        while index < count {
            if candidate.is_multiple_of(found[index]) {
                prime = false;
            }
            index += 1;
        }
        if prime {
            found[count] = candidate;
            count += 1;
        }
        candidate += 1;
    }
    found
}

/// The check character pair for `body`; `None` when it holds a character outside CSET 82 or is longer than 97.
pub fn check_pair(body: &[u8]) -> Option<[u8; 2]> {
    let mut sum = 0;
    for (index, byte) in body.iter().rev().enumerate() {
        sum += cset82_weight(*byte)? * *PRIMES.get(index)? as u32;
    }
    let sum = (sum % 1021) as usize;
    Some([CSET32_CHARS[sum >> 5], CSET32_CHARS[sum & 31]])
}

/// True when the last two of `value` are the check character pair of what is before them.
pub fn has_check_pair(value: &[u8]) -> bool {
    match value.split_last_chunk::<2>() {
        Some((body, pair)) => check_pair(body) == Some(*pair),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_keys_have_their_check_digit() {
        for key in ["09506000134352", "4006381333931", "036000291452", "96385074", "106141412345678908", "00000000"] {
            assert!(has_check_digit(key.as_bytes()), "{key}");
        }
        assert_eq!(check_digit(b"0950600013435"), Some(b'2'));
        for key in ["", "4006381333932", "400638133393x", "x"] {
            assert!(!has_check_digit(key.as_bytes()), "{key}");
        }
    }

    #[test]
    fn every_flipped_digit_is_noticed() {
        for key in ["09506000134352", "106141412345678908", "96385074", "9506000134352", "61414112345678902"] {
            assert!(has_check_digit(key.as_bytes()), "{key}");
            for at in 0..key.len() {
                for other in b'0'..=b'9' {
                    let mut flipped = key.as_bytes().to_vec();
                    flipped[at] = other;
                    assert_eq!(has_check_digit(&flipped), other == key.as_bytes()[at], "{key} {at} {other}");
                }
            }
        }
    }

    #[test]
    fn check_pairs_are_computed_and_every_flipped_character_is_noticed() {
        let key = b"1987654Ad4X4bL5ttr2310c2K"; // the example of the General Specifications
        assert!(has_check_pair(key));
        for at in 0..key.len() {
            let mut flipped = *key;
            flipped[at] = if flipped[at] == b'7' { b'8' } else { b'7' };
            assert!(!has_check_pair(&flipped), "{at}");
        }
        assert!(has_check_pair(b"22") && !has_check_pair(b"2") && !has_check_pair(b"") && !has_check_pair(b" 22"));
        assert!(check_pair(&[b'a'; 97]).is_some() && check_pair(&[b'a'; 98]).is_none());
    }
}
