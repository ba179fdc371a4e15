//! Webhooks from Munshi to its users' systems, signed as Standard Webhooks (messaging.md §6, API-03).
//!
//! Invariant: id and body are the same on every retry, the time and with it the signature are those of the attempt. While
//! a secret rolls, every secret signs. Repeating is safe, because receivers recognise the id; order per entity and
//! schedule are the worker's.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, Mac};
use munshi_domain::Timestamp;
use sha2::Sha256;

use crate::http::{Answer, Auth, Bounds, Call, Http, Payload};
use crate::outcome::{Hint, Outcome, Repeat};
use crate::secret::{Secret, SecretError};

/// The tolerance of receivers for the signed time, in seconds.
pub const TOLERANCE_S: i64 = 300;
const PREFIX: &str = "whsec_";

/// One event for one endpoint.
#[derive(Clone, Debug)]
pub struct Delivery {
    /// `msg_<journal position>_<endpoint>`: the same on every retry.
    pub id: String,
    /// The JSON body, the same bytes on every retry.
    pub body: Vec<u8>,
}

/// Where deliveries go.
#[derive(Clone, Debug)]
pub struct Endpoint {
    /// The user's URL.
    pub url: Secret<String>,
    /// `whsec_<base64>`, newest first; more than one while a secret rolls.
    pub secrets: Vec<Secret<String>>,
    /// Where calls may go; any public host, as users choose their own.
    pub bounds: Bounds,
}

/// A new endpoint secret with 32 random bytes.
///
/// # Errors
/// [`SecretError::NoRandom`].
pub fn new_secret() -> Result<Secret<String>, SecretError> {
    let mut key = [0; 32];
    getrandom::fill(&mut key).map_err(|_| SecretError::NoRandom)?;
    Ok(Secret::new(format!("{PREFIX}{}", STANDARD.encode(key))))
}

/// The value of `webhook-signature`: one signature a secret, separated by blanks; `None` if no secret can be read.
pub fn sign(secrets: &[Secret<String>], id: &str, timestamp: i64, body: &[u8]) -> Option<String> {
    let signatures: Vec<String> = secrets.iter().filter_map(|secret| signature(secret, id, timestamp, body)).collect();
    (!signatures.is_empty()).then(|| signatures.join(" "))
}

fn signature(secret: &Secret<String>, id: &str, timestamp: i64, body: &[u8]) -> Option<String> {
    let key = STANDARD.decode(secret.expose().strip_prefix(PREFIX)?).ok().filter(|key| !key.is_empty())?;
    let mac = Hmac::<Sha256>::new_from_slice(&key).ok()?;
    let mac = mac.chain_update(format!("{id}.{timestamp}.")).chain_update(body);
    Some(format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes())))
}

/// Delivers once. Any 2xx is a success, and nothing of its body matters.
pub async fn deliver(http: &Http, endpoint: &Endpoint, delivery: &Delivery, now: Timestamp) -> Outcome<()> {
    let seconds = now.as_millis() / 1_000;
    let Some(signature) = sign(&endpoint.secrets, &delivery.id, seconds, &delivery.body) else {
        return Outcome::permanent("no_secret", "the endpoint has no usable secret", Hint::FixConnection);
    };
    let call = Call {
        post: true,
        url: endpoint.url.expose(),
        headers: vec![
            ("webhook-id", delivery.id.clone()),
            ("webhook-timestamp", seconds.to_string()),
            ("webhook-signature", signature),
        ],
        auth: Auth::None,
        payload: Payload::Bytes("application/json", delivery.body.clone()),
    };
    match http.call(&endpoint.bounds, call).await {
        Ok(answer) => outcome(&answer, seconds),
        Err(error) => error.outcome(Repeat::Safe),
    }
}

/// Receivers answer what they like while they are being mended, so only 410, their word for "never again", is final;
/// the worker's schedule bounds the rest.
fn outcome(answer: &Answer, now_unix: i64) -> Outcome<()> {
    use crate::outcome::Why;
    let status = answer.status;
    match answer.refused::<()>(now_unix, Repeat::Safe) {
        None => Outcome::Ok(()),
        Some(_) if status == 410 => Outcome::permanent("http_410", "the receiver is gone", Hint::FixEndpoint),
        Some(Outcome::Permanent { .. } | Outcome::AuthExpired) => Outcome::retry(Why::ServerError(status)),
        Some(other) => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn api_03_the_known_answer_of_standard_webhooks() {
        let secret = Secret::new("whsec_c2VjcmV0".to_owned());
        let signed = sign(std::slice::from_ref(&secret), "msg_1", 1_764_000_000, br#"{"a":1}"#).unwrap();
        assert_eq!(signed, "v1,+8QcwmQSWl9WXc+hPJN8J1T6rHPBX4gywktNjs0hzNc=");
        for (id, at, body) in [
            ("msg_2", 1_764_000_000, r#"{"a":1}"#),
            ("msg_1", 1_764_000_001, r#"{"a":1}"#),
            ("msg_1", 1_764_000_000, r#"{"a":2}"#),
        ] {
            assert_ne!(sign(std::slice::from_ref(&secret), id, at, body.as_bytes()).unwrap(), signed);
        }
    }

    #[test]
    fn api_03_while_a_secret_rolls_both_sign() {
        let (old, new) = (Secret::new("whsec_c2VjcmV0".to_owned()), new_secret().unwrap());
        let signed = sign(&[new, old], "msg_1", 1_764_000_000, br#"{"a":1}"#).unwrap();
        let parts: Vec<&str> = signed.split(' ').collect();
        assert_eq!(parts.len(), 2);
        assert_eq!(parts[1], "v1,+8QcwmQSWl9WXc+hPJN8J1T6rHPBX4gywktNjs0hzNc=");
        assert_eq!(sign(&[Secret::new("plain".to_owned())], "msg_1", 1, b""), None);
    }
}
