//! Tickets: what a reconnecting client shows instead of its token, so that nothing has to be looked up for it.
//!
//! A ticket says who, since when and until when, and is signed (HMAC-SHA256). Invariant: it is worth no more than the
//! token it was made for: it ends with it, and counts only as long as nothing has happened to the user since (see
//! [`super::presence`]). It carries no secret, but whoever has it is the user until it ends: never log it.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, Mac};
use munshi_domain::{
    Timestamp, UserId,
    user::{Role, SessionId},
};
use sha2::Sha256;

use super::link::Principal;

const PREFIX: &str = "mlt_";
/// Of HMAC-SHA256.
const SIGNATURE_BYTES: usize = 32;
const CLAIM_BYTES: usize = 16 + 16 + 8 + 8 + 1;

/// Signs and verifies.
#[derive(Clone)]
pub struct Tickets(Hmac<Sha256>);

impl std::fmt::Debug for Tickets {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Tickets")
    }
}

/// What a ticket says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claims {
    /// Who.
    pub principal: Principal,
    /// Journal position up to which the user was known when the ticket was made.
    pub known: u64,
}

impl Tickets {
    /// With a key of any length.
    ///
    /// # Errors
    /// When the hash function refuses the key, which this one never does.
    pub fn new(key: &[u8]) -> Result<Self, String> {
        Hmac::new_from_slice(key).map(Self).map_err(|error| error.to_string())
    }

    /// A ticket.
    pub fn issue(&self, claims: &Claims) -> String {
        let bytes = encode(claims);
        let mut mac = self.0.clone();
        mac.update(&bytes);
        let mut whole = bytes.to_vec();
        whole.extend_from_slice(&mac.finalize().into_bytes());
        format!("{PREFIX}{}", URL_SAFE_NO_PAD.encode(whole))
    }

    /// Signed text of claims that begin with `prefix`, which is signed too: what was sealed for one purpose opens for none
    /// other.
    pub fn seal(&self, prefix: &str, claims: &[u8]) -> String {
        let mut mac = self.0.clone();
        mac.update(prefix.as_bytes());
        mac.update(claims);
        let whole = [claims, &mac.finalize().into_bytes()].concat();
        format!("{prefix}{}", URL_SAFE_NO_PAD.encode(whole))
    }

    /// The claims of a sealed text; nothing if it was not made with this key.
    pub fn unseal(&self, prefix: &str, text: &str) -> Option<Vec<u8>> {
        let mut claims = URL_SAFE_NO_PAD.decode(text.strip_prefix(prefix)?).ok()?;
        let signature = claims.split_off(claims.len().checked_sub(SIGNATURE_BYTES)?);
        let mut mac = self.0.clone();
        mac.update(prefix.as_bytes());
        mac.update(&claims);
        mac.verify_slice(&signature).ok()?;
        Some(claims)
    }

    /// What a ticket says; nothing if it was not made with this key.
    pub fn verify(&self, text: &str) -> Option<Claims> {
        let whole = URL_SAFE_NO_PAD.decode(text.strip_prefix(PREFIX)?).ok()?;
        let (bytes, signature) = whole.split_at_checked(CLAIM_BYTES)?;
        let mut mac = self.0.clone();
        mac.update(bytes);
        mac.verify_slice(signature).ok()?;
        decode(bytes.try_into().ok()?)
    }
}

fn encode(claims: &Claims) -> [u8; CLAIM_BYTES] {
    let Claims { principal, known } = claims;
    let mut bytes = [0; CLAIM_BYTES];
    bytes[..16].copy_from_slice(&principal.user.as_u128().to_be_bytes());
    bytes[16..32].copy_from_slice(&session_bits(principal.session).to_be_bytes());
    bytes[32..40].copy_from_slice(&principal.expires.as_millis().to_be_bytes());
    bytes[40..48].copy_from_slice(&known.to_be_bytes());
    let bit = |role: &Role| Role::ALL.iter().position(|known| known == role).map_or(0, |at| 1 << at);
    bytes[48] = principal.roles.iter().map(bit).fold(0, |bits, bit: u8| bits | bit);
    bytes
}

fn decode(bytes: [u8; CLAIM_BYTES]) -> Option<Claims> {
    let wide = |at: usize| Some(u128::from_be_bytes(bytes.get(at..at + 16)?.try_into().ok()?));
    let number = |at: usize| Some(u64::from_be_bytes(bytes.get(at..at + 8)?.try_into().ok()?));
    let roles = Role::ALL.iter().enumerate().filter(|(at, _)| bytes[48] & (1 << at) != 0).map(|(_, role)| *role);
    Some(Claims {
        principal: Principal {
            user: UserId::from_u128(wide(0)?),
            session: SessionId::from_u128(wide(16)?),
            roles: roles.collect(),
            expires: Timestamp::from_millis(number(32)?.cast_signed()),
        },
        known: number(40)?,
    })
}

/// The bits of a session's id, which its text form shows.
fn session_bits(session: SessionId) -> u128 {
    u128::from_str_radix(&session.to_string(), 16).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn claims() -> Claims {
        let principal = Principal {
            user: UserId::from_u128(7),
            session: SessionId::from_u128(u128::MAX - 1),
            roles: vec![Role::Admin, Role::Viewer],
            expires: Timestamp::from_millis(-5),
        };
        Claims { principal, known: u64::MAX }
    }

    #[test]
    fn a_ticket_says_what_it_was_made_for() {
        let tickets = Tickets::new(b"secret").unwrap();
        let text = tickets.issue(&claims());
        assert_eq!(tickets.verify(&text), Some(claims()));
        assert_eq!(Tickets::new(b"another").unwrap().verify(&text), None);
    }

    #[test]
    fn no_changed_ticket_is_taken() {
        let tickets = Tickets::new(b"secret").unwrap();
        let whole = URL_SAFE_NO_PAD.decode(&tickets.issue(&claims())[PREFIX.len()..]).unwrap();
        for at in 0..whole.len() {
            let mut changed = whole.clone();
            changed[at] ^= 1;
            let text = format!("{PREFIX}{}", URL_SAFE_NO_PAD.encode(changed));
            assert_eq!(tickets.verify(&text), None, "byte {at}");
        }
        for bad in ["", "mlt_", "mlt_AAAA", "mat_x"] {
            assert_eq!(tickets.verify(bad), None, "{bad}");
        }
    }
}
