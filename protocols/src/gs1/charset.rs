//! Character sets of the GS1 General Specifications, as one table of bits.
//!
//! Invariant: every set is ASCII, so a value that passed is text and any byte offset in it is a character boundary.

use super::ai::Charset;

const DIGIT: u8 = 1;
const CSET82: u8 = 2;
const CSET39: u8 = 4;
const BASE64URL: u8 = 8;

/// CSET 82 in the order of its weights, which the check character pair uses.
pub(super) const CSET82_CHARS: &[u8; 82] =
    b"!\"%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz";
/// CSET 39.
pub(super) const CSET39_CHARS: &[u8; 39] = b"#-/0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
/// CSET 32 in the order of its weights.
pub(super) const CSET32_CHARS: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
/// The alphabet of base64url, RFC 4648 section 5.
pub(super) const BASE64URL_CHARS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

static SETS: [u8; 256] = sets();

const fn sets() -> [u8; 256] {
    let mut table = [0; 256];
    mark(&mut table, b"0123456789", DIGIT);
    mark(&mut table, CSET82_CHARS, CSET82);
    mark(&mut table, CSET39_CHARS, CSET39);
    mark(&mut table, BASE64URL_CHARS, BASE64URL);
    table
}

const fn mark(table: &mut [u8; 256], characters: &[u8], bit: u8) {
    let mut index = 0;
    while index < characters.len() {
        table[characters[index] as usize] |= bit;
        index += 1;
    }
}

/// Where `value` leaves its character set: the offset of the first wrong byte. Padding of base64url must make the
/// length a multiple of three characters and pad, as the dictionary's reference check does.
#[inline]
pub(super) fn first_outside(charset: Charset, value: &[u8]) -> Option<usize> {
    let outside = |bit: u8, part: &[u8]| part.iter().position(|byte| SETS[*byte as usize] & bit == 0);
    match charset {
        Charset::Digits => value.iter().position(|byte| !byte.is_ascii_digit()),
        Charset::Cset82 => outside(CSET82, value),
        Charset::Cset39 => outside(CSET39, value),
        Charset::Base64Url => {
            let body = value.len() - value.iter().rev().take_while(|byte| **byte == b'=').count();
            let padding = value.len() - body;
            outside(BASE64URL, &value[..body]).or(if padding_fits(body, padding) { None } else { Some(body) })
        }
    }
}

/// One `=` after a body of length 2 modulo 3, two after a body of length 1 modulo 3.
const fn padding_fits(body: usize, padding: usize) -> bool {
    match padding {
        0 => true,
        1 => body % 3 == 2,
        2 => body % 3 == 1,
        _ => false,
    }
}

/// Position of a byte in CSET 82, its weight in the check character pair.
pub(super) fn cset82_weight(byte: u8) -> Option<u32> {
    CSET82_CHARS.iter().position(|known| *known == byte).map(|weight| weight as u32)
}

/// True for the alphabet of base64url, without padding.
pub(super) fn is_base64url(byte: u8) -> bool {
    SETS[byte as usize] & BASE64URL != 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_set_holds_exactly_its_characters() {
        let count = |set| (0..=255u8).filter(|byte| first_outside(set, &[*byte]).is_none()).count();
        assert_eq!(count(Charset::Digits), 10);
        assert_eq!(count(Charset::Cset82), 82);
        assert_eq!(count(Charset::Cset39), 39);
        assert_eq!(count(Charset::Base64Url), 64);
        assert_eq!(first_outside(Charset::Cset82, b"LOT A"), Some(3));
        assert_eq!(first_outside(Charset::Cset82, b"LOT#1"), Some(3), "# is not in CSET 82");
    }

    #[test]
    fn padding_of_base64url_fits_the_length() {
        for (value, fault) in [
            (&b"AB="[..], None),
            (b"A==", None),
            (b"ABC", None),
            (b"AB==", Some(2)),
            (b"ABC=", Some(3)),
            (b"A=", Some(1)),
            (b"A===", Some(1)),
            (b"A=B", Some(1)),
            (b"=", Some(0)),
        ] {
            assert_eq!(first_outside(Charset::Base64Url, value), fault, "{value:?}");
        }
    }
}
