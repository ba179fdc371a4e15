//! Secrets: values that never print, and their envelope encryption at rest.
//!
//! A [`KeyRing`] is read from a key file. Sealing draws a fresh data key, encrypts the value with it, and wraps the data
//! key with the ring's current key; both carry the place the value belongs to, so a sealed value copied to another
//! connection does not open. Rotation adds a key at the top of the file; [`KeyRing::rewrap`] moves a sealed value to it
//! without touching the value. Invariant: neither a secret nor a key appears in `Debug`, `Display`, `Serialize` or an
//! error. It does not decide who may read a secret.

use std::collections::BTreeMap;
use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// What stands for a secret wherever it would be printed.
pub const MASK: &str = "***";

/// A value that prints as [`MASK`]. It is read from configuration and requests, but never written out again.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Secret<T>(T);

impl<T> Secret<T> {
    /// Hides `value`.
    pub const fn new(value: T) -> Self {
        Self(value)
    }

    /// The value, for the one place that needs it.
    pub const fn expose(&self) -> &T {
        &self.0
    }
}

impl<T> fmt::Debug for Secret<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(MASK)
    }
}

impl<T> Serialize for Secret<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(MASK)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Secret<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        T::deserialize(deserializer).map(Self)
    }
}

impl<T> From<T> for Secret<T> {
    fn from(value: T) -> Self {
        Self(value)
    }
}

/// Why a key file cannot be used, or a value not sealed or opened. Never says what was in it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SecretError {
    /// The key file has no key.
    #[error("the key file has no key")]
    NoKey,
    /// A line of the key file is not `id base64` with 32 bytes.
    #[error("line {line} of the key file is not a key id, a blank and 32 bytes in base64")]
    BadKey {
        /// Counted from one.
        line: usize,
    },
    /// Two keys of one id.
    #[error("line {line} of the key file repeats a key id")]
    RepeatedKey {
        /// Counted from one.
        line: usize,
    },
    /// Not a sealed value, or damaged.
    #[error("not a sealed value")]
    Malformed,
    /// Sealed with a key that the key file does not have.
    #[error("sealed with key {id:?}, which the key file does not have")]
    UnknownKey {
        /// The key's id, which is no secret.
        id: String,
    },
    /// The key does not fit, the value was changed, or it belongs to another place.
    #[error("the sealed value does not open here")]
    Refused,
    /// The system gave no random numbers.
    #[error("no random numbers from the system")]
    NoRandom,
}

impl SecretError {
    /// The stable code.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NoKey => "no_key",
            Self::BadKey { .. } => "bad_key",
            Self::RepeatedKey { .. } => "repeated_key",
            Self::Malformed => "malformed_secret",
            Self::UnknownKey { .. } => "unknown_key",
            Self::Refused => "secret_refused",
            Self::NoRandom => "no_random",
        }
    }
}

const KEY_BYTES: usize = 32;
const NONCE_BYTES: usize = 24;
/// First part of a sealed value: the scheme, so that a later one can stand beside it.
const SCHEME: &str = "m1";

/// The keys that wrap data keys, by id; the first of the file seals, all of them open.
#[derive(Clone)]
pub struct KeyRing {
    current: String,
    keys: BTreeMap<String, [u8; KEY_BYTES]>,
}

impl fmt::Debug for KeyRing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeyRing").field("current", &self.current).field("keys", &self.keys.len()).finish()
    }
}

impl KeyRing {
    /// Reads a key file: one key a line as `id base64-of-32-bytes`, newest first; empty lines and `#` lines are skipped.
    ///
    /// # Errors
    /// [`SecretError::NoKey`], [`SecretError::BadKey`] or [`SecretError::RepeatedKey`].
    pub fn parse(file: &str) -> Result<Self, SecretError> {
        let mut current = None;
        let mut keys = BTreeMap::new();
        for (index, text) in file.lines().enumerate() {
            let (line, text) = (index + 1, text.trim());
            if text.is_empty() || text.starts_with('#') {
                continue;
            }
            let (id, key) = key_line(text).ok_or(SecretError::BadKey { line })?;
            if keys.insert(id.to_owned(), key).is_some() {
                return Err(SecretError::RepeatedKey { line });
            }
            current.get_or_insert_with(|| id.to_owned());
        }
        Ok(Self { current: current.ok_or(SecretError::NoKey)?, keys })
    }

    /// A line for a key file with a new random key, ending in a line feed. `id` is letters, digits, `-` and `_`.
    ///
    /// # Errors
    /// [`SecretError::NoRandom`]; [`SecretError::BadKey`] for an id that cannot stand in a file.
    pub fn new_line(id: &str) -> Result<Secret<String>, SecretError> {
        if !is_key_id(id) {
            return Err(SecretError::BadKey { line: 1 });
        }
        Ok(Secret(format!("{id} {}\n", STANDARD.encode(random::<KEY_BYTES>()?))))
    }

    /// The id of the key that seals.
    pub fn current(&self) -> &str {
        &self.current
    }

    /// Encrypts `plain` for `place` (for example `connection/twilio-main/auth_token`).
    ///
    /// # Errors
    /// [`SecretError::NoRandom`].
    pub fn seal(&self, place: &str, plain: &Secret<String>) -> Result<String, SecretError> {
        let data_key = random::<KEY_BYTES>()?;
        let value = encrypt(&data_key, place, plain.0.as_bytes())?;
        self.assemble(place, &data_key, &URL_SAFE_NO_PAD.encode(value))
    }

    /// The value sealed for `place`.
    ///
    /// # Errors
    /// [`SecretError::Malformed`], [`SecretError::UnknownKey`] or [`SecretError::Refused`].
    pub fn open(&self, place: &str, sealed: &str) -> Result<Secret<String>, SecretError> {
        let (_, data_key, value) = self.unwrap(place, sealed)?;
        let value = URL_SAFE_NO_PAD.decode(value).map_err(|_| SecretError::Malformed)?;
        let plain = decrypt(&data_key, place, &value)?;
        String::from_utf8(plain).map(Secret).map_err(|_| SecretError::Refused)
    }

    /// The same value wrapped by the current key; `None` if it already is. The value itself is not decrypted.
    ///
    /// # Errors
    /// As [`KeyRing::open`], and [`SecretError::NoRandom`].
    pub fn rewrap(&self, place: &str, sealed: &str) -> Result<Option<String>, SecretError> {
        let (id, data_key, value) = self.unwrap(place, sealed)?;
        if id == self.current { Ok(None) } else { self.assemble(place, &data_key, value).map(Some) }
    }

    fn assemble(&self, place: &str, data_key: &[u8; KEY_BYTES], value: &str) -> Result<String, SecretError> {
        let key = self.keys.get(&self.current).ok_or(SecretError::NoKey)?;
        let wrapped = URL_SAFE_NO_PAD.encode(encrypt(key, &wrap_place(&self.current, place), data_key)?);
        Ok(format!("{SCHEME}.{}.{wrapped}.{value}", self.current))
    }

    fn unwrap<'a>(&self, place: &str, sealed: &'a str) -> Result<(&'a str, [u8; KEY_BYTES], &'a str), SecretError> {
        let mut parts = sealed.split('.');
        let (Some(SCHEME), Some(id), Some(wrapped), Some(value), None) =
            (parts.next(), parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(SecretError::Malformed);
        };
        let key = self.keys.get(id).ok_or_else(|| SecretError::UnknownKey { id: id.chars().take(64).collect() })?;
        let wrapped = URL_SAFE_NO_PAD.decode(wrapped).map_err(|_| SecretError::Malformed)?;
        let data_key = decrypt(key, &wrap_place(id, place), &wrapped)?;
        let data_key = <[u8; KEY_BYTES]>::try_from(data_key).map_err(|_| SecretError::Refused)?;
        Ok((id, data_key, value))
    }
}

/// A wrapped data key is bound to its key's id as well, so that the id cannot be exchanged.
fn wrap_place(id: &str, place: &str) -> String {
    format!("{SCHEME}.{id}/{place}")
}

fn is_key_id(id: &str) -> bool {
    (1..=64).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
}

fn key_line(text: &str) -> Option<(&str, [u8; KEY_BYTES])> {
    let (id, key) = text.split_once(char::is_whitespace)?;
    let key = STANDARD.decode(key.trim()).ok()?;
    Some((is_key_id(id).then_some(id)?, key.try_into().ok()?))
}

fn random<const N: usize>() -> Result<[u8; N], SecretError> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|_| SecretError::NoRandom)?;
    Ok(bytes)
}

fn encrypt(key: &[u8; KEY_BYTES], place: &str, plain: &[u8]) -> Result<Vec<u8>, SecretError> {
    let nonce = random::<NONCE_BYTES>()?;
    let payload = Payload { msg: plain, aad: place.as_bytes() };
    let cipher = XChaCha20Poly1305::new(key.into());
    let sealed = cipher.encrypt(XNonce::from_slice(&nonce), payload).map_err(|_| SecretError::Refused)?;
    Ok([&nonce[..], &sealed].concat())
}

fn decrypt(key: &[u8; KEY_BYTES], place: &str, sealed: &[u8]) -> Result<Vec<u8>, SecretError> {
    let (nonce, sealed) = sealed.split_at_checked(NONCE_BYTES).ok_or(SecretError::Malformed)?;
    let payload = Payload { msg: sealed, aad: place.as_bytes() };
    let cipher = XChaCha20Poly1305::new(key.into());
    cipher.decrypt(XNonce::from_slice(nonce), payload).map_err(|_| SecretError::Refused)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const PLACE: &str = "connection/twilio-main/auth_token";

    fn ring(ids: &[&str]) -> (String, KeyRing) {
        let file: String = ids.iter().map(|id| KeyRing::new_line(id).unwrap().expose().clone()).collect();
        let ring = KeyRing::parse(&file).unwrap();
        (file, ring)
    }

    #[test]
    fn sec_05_a_secret_never_prints() {
        let secret = Secret::new("canary-9f3".to_owned());
        assert_eq!(format!("{secret:?}"), MASK);
        assert_eq!(serde_json::to_string(&secret).unwrap(), "\"***\"");
        let read: Secret<String> = serde_json::from_str("\"canary-9f3\"").unwrap();
        assert_eq!(read.expose(), "canary-9f3");
        let (file, ring) = ring(&["a"]);
        let shown = format!("{ring:?}");
        assert!(!shown.contains(file.split(' ').nth(1).unwrap().trim()), "{shown}");
    }

    #[test]
    fn sec_05_a_sealed_value_opens_only_in_its_place_and_with_its_key() {
        let (_, ring_a) = ring(&["a"]);
        let sealed = ring_a.seal(PLACE, &"canary".to_owned().into()).unwrap();
        assert!(!sealed.contains("canary"));
        assert_eq!(ring_a.open(PLACE, &sealed).unwrap().expose(), "canary");
        assert_eq!(ring_a.open("connection/other/auth_token", &sealed), Err(SecretError::Refused));
        let (_, other_a) = ring(&["a"]);
        assert_eq!(other_a.open(PLACE, &sealed), Err(SecretError::Refused));
        let (_, ring_b) = ring(&["b"]);
        assert_eq!(ring_b.open(PLACE, &sealed), Err(SecretError::UnknownKey { id: "a".to_owned() }));
        assert_ne!(sealed, ring_a.seal(PLACE, &"canary".to_owned().into()).unwrap(), "fresh keys and nonces each time");
    }

    #[test]
    fn sec_05_rotation_rewraps_and_old_values_still_open() {
        let (old_file, old) = ring(&["k1"]);
        let sealed = old.seal(PLACE, &"canary".to_owned().into()).unwrap();
        let both = format!("{}{old_file}", KeyRing::new_line("k2").unwrap().expose());
        let both = KeyRing::parse(&both).unwrap();
        assert_eq!(both.current(), "k2");
        assert_eq!(both.open(PLACE, &sealed).unwrap().expose(), "canary");
        let moved = both.rewrap(PLACE, &sealed).unwrap().expect("moved to the new key");
        assert_eq!(both.open(PLACE, &moved).unwrap().expose(), "canary");
        assert_eq!(both.rewrap(PLACE, &moved).unwrap(), None);
        assert_eq!(old.open(PLACE, &moved), Err(SecretError::UnknownKey { id: "k2".to_owned() }));
        // The id is bound to the wrapped key.
        assert!(both.open(PLACE, &moved.replacen("m1.k2.", "m1.k1.", 1)).is_err());
    }

    #[test]
    fn sec_05_key_files_are_refused_with_the_line() {
        let (good, _) = ring(&["a"]);
        assert_eq!(KeyRing::parse("# nothing\n\n").unwrap_err(), SecretError::NoKey);
        assert_eq!(KeyRing::parse(&format!("{good}b AAAA\n")).unwrap_err(), SecretError::BadKey { line: 2 });
        assert_eq!(KeyRing::parse(&format!("# x\n{good}{good}")).unwrap_err(), SecretError::RepeatedKey { line: 3 });
        assert!(KeyRing::new_line("a b").is_err());
    }

    proptest! {
        #[test]
        fn sec_05_any_value_comes_back_and_any_change_is_refused(text in ".{0,200}", at in 0usize..4096, flip in 1u8..128) {
            let (_, ring) = ring(&["a"]);
            let sealed = ring.seal(PLACE, &text.clone().into()).unwrap();
            let opened = ring.open(PLACE, &sealed).unwrap();
            prop_assert_eq!(opened.expose(), &text);
            let mut bytes = sealed.clone().into_bytes();
            let at = at % bytes.len();
            bytes[at] = (bytes[at] ^ flip) & 0x7f;
            if let Ok(changed) = String::from_utf8(bytes) && changed != sealed {
                prop_assert!(ring.open(PLACE, &changed).is_err());
            }
        }
    }
}
