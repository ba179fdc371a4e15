//! Whether Twilio signed a webhook (messaging.md §3.4).
//!
//! The signature covers the URL as Twilio called it and every parameter of a form body; a JSON body is covered by its
//! hash in the query. Invariant: compared in constant time; a missing signature, an unknown algorithm or key is a
//! refusal. Twilio signs no time: that a replay has no effect is the delivery key's work.

use std::collections::{BTreeMap, BTreeSet};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, Mac};
use sha1::Sha1;
use sha2::{Digest, Sha256};

use crate::form;
use crate::secret::Secret;
use crate::transport::{WebhookRefusal, WebhookRequest};

/// What webhooks of one account are signed with.
#[derive(Clone, Debug)]
pub struct SigningKeys {
    /// The account's auth token: signs with SHA-1.
    pub auth_token: Secret<String>,
    /// Shared keys by their id (`webhooks_sharedkey_…`), for accounts that sign with SHA-256.
    pub shared: BTreeMap<String, Secret<String>>,
}

enum Algorithm {
    Sha1,
    Sha256,
}

/// Checks the signature of `request`.
///
/// # Errors
/// Why it is not believed.
pub fn verify(keys: &SigningKeys, request: &WebhookRequest<'_>) -> Result<(), WebhookRefusal> {
    let given = request.header("x-twilio-signature").filter(|value| !value.is_empty());
    let given = STANDARD.decode(given.ok_or(WebhookRefusal::Unsigned)?).map_err(|_| WebhookRefusal::BadSignature)?;
    let (algorithm, key) = settings(keys, request.header("x-twilio-webhooks-signature-settings").unwrap_or(""))?;
    let parameters = signed_parameters(request)?;
    let fits = |url: &str| {
        let text = format!("{url}{parameters}");
        match algorithm {
            Algorithm::Sha1 => Hmac::<Sha1>::new_from_slice(key.expose().as_bytes())
                .is_ok_and(|mac| mac.chain_update(text.as_bytes()).verify_slice(&given).is_ok()),
            Algorithm::Sha256 => Hmac::<Sha256>::new_from_slice(key.expose().as_bytes())
                .is_ok_and(|mac| mac.chain_update(text.as_bytes()).verify_slice(&given).is_ok()),
        }
    };
    let url = request.url.split('#').next().unwrap_or_default();
    if url_spellings(url).iter().any(|url| fits(url)) { Ok(()) } else { Err(WebhookRefusal::BadSignature) }
}

/// The algorithm and key that the settings header names; without it SHA-1 and the auth token.
fn settings<'a>(keys: &'a SigningKeys, header: &str) -> Result<(Algorithm, &'a Secret<String>), WebhookRefusal> {
    let value = |name: &str| {
        let mut parts = header.split(',').filter_map(|part| part.split_once('='));
        parts.find(|(key, _)| key.trim() == name).map(|(_, value)| value.trim())
    };
    let algorithm = match value("algorithm").unwrap_or("HMAC_SHA1") {
        "HMAC_SHA1" => Algorithm::Sha1,
        "HMAC_SHA256" => Algorithm::Sha256,
        _ => return Err(WebhookRefusal::UnknownAlgorithm),
    };
    let key = match value("key") {
        Some(id) => keys.shared.get(id).ok_or(WebhookRefusal::BadSignature)?,
        None => &keys.auth_token,
    };
    Ok((algorithm, key))
}

/// The part after the URL: each distinct name with each of its distinct values, both sorted.
fn signed_parameters(request: &WebhookRequest<'_>) -> Result<String, WebhookRefusal> {
    if let Some(hash) = form::first(&form::query_of(request.url), "bodySHA256") {
        let fits = form::from_hex(hash).is_some_and(|hash| hash == Sha256::digest(request.body).as_slice());
        return if fits { Ok(String::new()) } else { Err(WebhookRefusal::BodyChanged) };
    }
    if request.method != "POST" {
        return if request.body.is_empty() { Ok(String::new()) } else { Err(WebhookRefusal::BodyChanged) };
    }
    let pairs: BTreeSet<(String, String)> = form::parse(request.body).into_iter().collect();
    Ok(pairs.into_iter().map(|(name, value)| name + &value).collect())
}

/// The URL without and with the port that its scheme implies: Twilio signs either. Only the default port may be added
/// or dropped; another port is another URL.
fn url_spellings(url: &str) -> Vec<String> {
    let mut spellings = vec![url.to_owned()];
    let Some((scheme, rest)) = url.split_once("://") else { return spellings };
    let port = if scheme == "https" { ":443" } else { ":80" };
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, path) = rest.split_at(end);
    if let Some(bare) = authority.strip_suffix(port) {
        spellings.push(format!("{scheme}://{bare}{path}"));
    } else if !authority.rsplit(']').next().unwrap_or_default().contains(':') {
        spellings.push(format!("{scheme}://{authority}{port}{path}"));
    }
    spellings
}

#[cfg(test)]
#[path = "signature_tests.rs"]
mod tests;
