//! Passwords: argon2id with the parameters OWASP names (19 MiB, 2 passes, 1 lane), on the blocking pool, a bounded
//! number at a time. Verifying a password of an unknown account takes as long as of a known one.

use std::sync::Arc;

use argon2::{Argon2, PasswordHash, PasswordHasher, PasswordVerifier, password_hash::SaltString};
use munshi_domain::user::SecretHash;
use tokio::sync::Semaphore;

use super::token;
use crate::problem::Problem;

/// Fewest characters of a password.
pub const MIN_CHARS: usize = 10;
/// Most characters of a password.
pub const MAX_CHARS: usize = 200;

/// Hashes and verifies. Cheap to clone.
#[derive(Clone)]
pub struct Passwords {
    gate: Arc<Semaphore>,
    decoy: Arc<str>,
}

impl std::fmt::Debug for Passwords {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Passwords")
    }
}

impl Passwords {
    /// At most `concurrency` hashes at a time.
    ///
    /// # Errors
    /// When the hash function refuses its own parameters.
    pub fn new(concurrency: usize) -> Result<Self, String> {
        let decoy = hash_now(&token::hex_of(&token::random::<16>()))?;
        Ok(Self { gate: Arc::new(Semaphore::new(concurrency.max(1))), decoy: decoy.into() })
    }

    /// The PHC string of a new password.
    ///
    /// # Errors
    /// `bad_password` for one too short or too long.
    pub async fn hash(&self, password: &str) -> Result<SecretHash, Problem> {
        check(password)?;
        let password = password.to_owned();
        let hashed = self.run(move || hash_now(&password)).await?;
        hashed.map(SecretHash::new).map_err(Problem::internal)
    }

    /// The PHC string of a PIN, whose rules are the caller's.
    ///
    /// # Errors
    /// A fault of the server.
    pub async fn hash_pin(&self, pin: &str) -> Result<SecretHash, Problem> {
        let pin = pin.to_owned();
        let hashed = self.run(move || hash_now(&pin)).await?;
        hashed.map(SecretHash::new).map_err(Problem::internal)
    }

    /// Whether `password` is the one behind `hash`; without a hash the same work is done and the answer is no.
    ///
    /// # Errors
    /// A fault of the server.
    pub async fn verify(&self, password: &str, hash: Option<&SecretHash>) -> Result<bool, Problem> {
        let known = hash.is_some();
        let hash = hash.map_or_else(|| self.decoy.to_string(), |hash| hash.expose().to_owned());
        let password: String = password.chars().take(MAX_CHARS + 1).collect();
        let matches = self.run(move || verify_now(&password, &hash)).await?;
        Ok(known && matches)
    }

    async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, Problem> {
        let permit = self.gate.clone().acquire_owned().await.map_err(Problem::internal)?;
        let worked = tokio::task::spawn_blocking(move || {
            let _permit = permit;
            work()
        });
        worked.await.map_err(Problem::internal)
    }
}

/// Rules for new passwords.
///
/// # Errors
/// `bad_password`.
pub fn check(password: &str) -> Result<(), Problem> {
    let length = password.chars().count();
    if (MIN_CHARS..=MAX_CHARS).contains(&length) {
        return Ok(());
    }
    let detail = format!("a password has {MIN_CHARS} to {MAX_CHARS} characters");
    Err(Problem::new("bad_password", detail).at("/password").fix("choose a few words that do not belong together"))
}

/// Rules for new PINs of badges.
///
/// # Errors
/// `bad_value`.
pub fn check_pin(pin: &str) -> Result<(), Problem> {
    let digits = pin.bytes().all(|byte| byte.is_ascii_digit());
    let same = pin.bytes().all(|byte| Some(byte) == pin.bytes().next());
    if digits && !same && (4..=12).contains(&pin.len()) {
        return Ok(());
    }
    Err(Problem::bad_value("/pin", "a PIN has 4 to 12 digits, which are not all the same"))
}

/// Hashes on this thread, for the command line.
///
/// # Errors
/// When the hash function refuses.
pub fn hash_now(password: &str) -> Result<String, String> {
    let salt = SaltString::encode_b64(&token::random::<16>()).map_err(|error| error.to_string())?;
    let hash = argon().hash_password(password.as_bytes(), &salt).map_err(|error| error.to_string())?;
    Ok(hash.to_string())
}

fn verify_now(password: &str, hash: &str) -> bool {
    PasswordHash::new(hash).is_ok_and(|hash| argon().verify_password(password.as_bytes(), &hash).is_ok())
}

/// The crate's default is argon2id, version 19, m=19456, t=2, p=1; a test pins it.
fn argon() -> Argon2<'static> {
    Argon2::default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pin_is_digits_and_not_one_digit_over_and_over() {
        assert!(check_pin("4711").is_ok() && check_pin("123456789012").is_ok());
        for bad in ["", "123", "1234567890123", "12a4", "0000", "٤٧١١"] {
            assert_eq!(check_pin(bad).unwrap_err().code, "bad_value", "{bad}");
        }
    }

    #[tokio::test]
    async fn sec_03_passwords_are_argon2id_and_verify_only_themselves() {
        let passwords = Passwords::new(1).unwrap();
        let hash = passwords.hash("kurta kameez").await.unwrap();
        assert!(hash.expose().starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "parameters changed");
        assert!(passwords.verify("kurta kameez", Some(&hash)).await.unwrap());
        assert!(!passwords.verify("kurta kamee", Some(&hash)).await.unwrap());
        assert!(!passwords.verify("kurta kameez", None).await.unwrap());
        assert_eq!(passwords.hash("short").await.unwrap_err().code, "bad_password");
    }
}
