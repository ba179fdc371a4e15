//! Opaque bearer tokens: `mat_<user>.<session>.<secret>`; refresh tokens begin with `mrt_`. Only their SHA-256 is
//! stored. The ids in front find the user without an index; they grant nothing.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use munshi_domain::{UserId, user::SessionId};
use sha2::{Digest, Sha256};

/// Begin of access tokens.
pub const ACCESS: &str = "mat_";
/// Begin of refresh tokens.
pub const REFRESH: &str = "mrt_";

const SECRET_BYTES: usize = 32;

/// What a token says before its secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    /// Whose it is.
    pub user: UserId,
    /// Which session.
    pub session: SessionId,
}

/// Fresh random bits; the operating system's generator does not fail on supported systems.
///
/// # Panics
/// If the operating system has no randomness: without it no secret may be made.
pub fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).expect("the operating system's random generator works");
    bytes
}

/// A new session id.
pub fn session_id() -> SessionId {
    SessionId::from_u128(u128::from_be_bytes(random()))
}

/// A new token; the caller stores its [`hash`] and hands it out once.
pub fn issue(prefix: &str, user: UserId, session: SessionId) -> String {
    let secret = URL_SAFE_NO_PAD.encode(random::<SECRET_BYTES>());
    format!("{prefix}{:032x}.{session}.{secret}", user.as_u128())
}

/// The ids in a token of that sort; `None` for anything that [`issue`] did not write.
pub fn parse(prefix: &str, text: &str) -> Option<Token> {
    let mut parts = text.strip_prefix(prefix)?.split('.');
    let user = SessionId::parse(parts.next()?).and_then(|_| hex(text.get(prefix.len()..prefix.len() + 32)?))?;
    let session = SessionId::parse(parts.next()?)?;
    let secret = parts.next().filter(|secret| secret.len() == 43)?;
    let plain = secret.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_');
    (plain && parts.next().is_none()).then_some(Token { user: UserId::from_u128(user), session })
}

/// SHA-256 in lower-case hex.
pub fn hash(text: &str) -> String {
    hex_of(&Sha256::digest(text.as_bytes()))
}

/// Lower-case hex of bytes.
pub fn hex_of(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        text.push(char::from(DIGITS[usize::from(byte >> 4)]));
        text.push(char::from(DIGITS[usize::from(byte & 15)]));
    }
    text
}

/// Compares two hashes in time that does not depend on where they differ.
pub fn same(left: &str, right: &str) -> bool {
    left.len() == right.len() && left.bytes().zip(right.bytes()).fold(0, |seen, (l, r)| seen | (l ^ r)) == 0
}

fn hex(text: &str) -> Option<u128> {
    u128::from_str_radix(text, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sec_03_tokens_parse_back_and_nothing_else_does() {
        let (user, session) = (UserId::from_u128(7), SessionId::from_u128(u128::MAX));
        let text = issue(ACCESS, user, session);
        assert_eq!(parse(ACCESS, &text), Some(Token { user, session }));
        assert_ne!(text, issue(ACCESS, user, session));
        let cut = &text[..text.len() - 1];
        for bad in ["", "mat_", cut, &text.replace("mat_", "mrt_"), &format!("{text}.x"), &text.replace('.', "-")] {
            assert_eq!(parse(ACCESS, bad), None, "{bad}");
        }
        assert_eq!(parse(ACCESS, &text.replacen('0', "é", 1)), None);
    }

    #[test]
    fn hashes_compare_whole() {
        assert!(same(&hash("a"), &hash("a")) && !same(&hash("a"), &hash("b")) && !same("a", "aa"));
        assert_eq!(hash(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    }
}
