//! The known answers of messaging.md §3.4, and that every change of a signed request is refused.

use super::*;

const SETTINGS: &str = "key=webhooks_sharedkey_1,algorithm=HMAC_SHA256";
const PLAIN: &str = "https://ops.example.pk/hooks/twilio/t1";

fn keys() -> SigningKeys {
    let token = Secret::new("12345".to_owned());
    SigningKeys { auth_token: token.clone(), shared: BTreeMap::from([("webhooks_sharedkey_1".to_owned(), token)]) }
}

fn check(url: &str, body: &str, signature: &str, settings: Option<&str>) -> Result<(), WebhookRefusal> {
    let mut headers = vec![("X-Twilio-Signature".to_owned(), signature.to_owned())];
    headers.extend(settings.map(|value| ("x-twilio-webhooks-signature-settings".to_owned(), value.to_owned())));
    verify(&keys(), &WebhookRequest { method: "POST", url, headers: &headers, body: body.as_bytes() })
}

const CALL: &str = "CallSid=CA1234567890ABCDE&Caller=%2B14158675309&Digits=1234&From=%2B14158675309&To=%2B18005551212";
const CALL_URL: &str = "https://mycompany.com/myapp.php?foo=1&bar=2";
const CALL_SHA1: &str = "RSOYDt4T1cUTdK1PDd93/VVr8B8=";
const CALL_SHA256: &str = "033hgUJA9M/hXIZsYjwkerEP/DBm35nEri5FhCYjA5s=";
const URDU_URL: &str = "https://ops.example.pk/hooks/twilio/t1?x=%20a";
const URDU: &str = "From=whatsapp%3A%2B923001234567&MessageSid=SM1&Body=Haan+%D8%AC%DB%8C";
const REPEATED: &str = "MessageSid=SM1&MediaUrl=https%3A%2F%2Fb.example%2F2&MediaUrl=https%3A%2F%2Fa.example%2F1&MediaUrl=https%3A%2F%2Fa.example%2F1";
const JSON_URL: &str = "https://ops.example.pk/hooks/twilio/t1?bodySHA256=015abd7f5cc57a2dd94b7590f04ad8084273905ee33ec5cebeae62276a97f862";
const JSON_SHA1: &str = "oPIf61T8ZVoWjN9+RKUxIUn+6zg=";

#[test]
fn cus_08_twilio_known_answers_are_accepted() {
    assert_eq!(check(CALL_URL, CALL, CALL_SHA1, None), Ok(()));
    assert_eq!(check(CALL_URL, CALL, CALL_SHA256, Some(SETTINGS)), Ok(()));
    assert_eq!(check(URDU_URL, URDU, "lBo1dMm1XpSHvwgFF6zdBaTcZOU=", None), Ok(()));
    assert_eq!(check(PLAIN, REPEATED, "VRt8LshE0dCtwRiwpw7X9t6Sy9A=", None), Ok(()));
    assert_eq!(check(JSON_URL, r#"{"a":1}"#, JSON_SHA1, None), Ok(()));
    // The default port may be spelled out, the fragment with connection overrides is not signed.
    assert_eq!(check("https://mycompany.com:443/myapp.php?foo=1&bar=2#rc=3", CALL, CALL_SHA1, None), Ok(()));
}

#[test]
fn cus_08_every_change_of_a_signed_request_is_refused() {
    use WebhookRefusal::{BadSignature, BodyChanged, UnknownAlgorithm, Unsigned};
    for (what, url, body, want) in [
        ("parameter changed", CALL_URL, CALL.replace("1234&", "1235&"), BadSignature),
        ("parameter added", CALL_URL, format!("{CALL}&X=1"), BadSignature),
        ("parameter removed", CALL_URL, CALL.replace("&Digits=1234", ""), BadSignature),
        ("letter case", CALL_URL, CALL.replace("Caller", "caller"), BadSignature),
        ("port", "https://mycompany.com:8443/myapp.php?foo=1&bar=2", CALL.to_owned(), BadSignature),
        ("scheme", "http://mycompany.com/myapp.php?foo=1&bar=2", CALL.to_owned(), BadSignature),
        ("host", "https://mycompany.example/myapp.php?foo=1&bar=2", CALL.to_owned(), BadSignature),
        ("path", "https://mycompany.com/myapp.php/?foo=1&bar=2", CALL.to_owned(), BadSignature),
        ("query", "https://mycompany.com/myapp.php?foo=1&bar=3", CALL.to_owned(), BadSignature),
        ("query order", "https://mycompany.com/myapp.php?bar=2&foo=1", CALL.to_owned(), BadSignature),
        ("query gone", "https://mycompany.com/myapp.php", CALL.to_owned(), BadSignature),
    ] {
        assert_eq!(check(url, &body, CALL_SHA1, None), Err(want), "{what}");
    }
    assert_eq!(check(JSON_URL, r#"{"a":2}"#, JSON_SHA1, None), Err(BodyChanged));
    assert_eq!(check(&JSON_URL.replace("015abd", "115abd"), r#"{"a":1}"#, JSON_SHA1, None), Err(BodyChanged));
    for (signature, settings, want) in [
        ("", None, Unsigned),
        ("not base64!", None, BadSignature),
        ("RSOYDt4T1cUTdK1PDd93/VVr8B9=", None, BadSignature),
        (CALL_SHA256, None, BadSignature),
        (CALL_SHA1, Some(SETTINGS), BadSignature),
        (CALL_SHA256, Some("key=another,algorithm=HMAC_SHA256"), BadSignature),
        (CALL_SHA256, Some("key=webhooks_sharedkey_1,algorithm=HMAC_MD5"), UnknownAlgorithm),
        (CALL_SHA1, Some("algorithm=none"), UnknownAlgorithm),
    ] {
        assert_eq!(check(CALL_URL, CALL, signature, settings), Err(want), "{signature} {settings:?}");
    }
    let unsigned = WebhookRequest { method: "POST", url: CALL_URL, headers: &[], body: CALL.as_bytes() };
    assert_eq!(verify(&keys(), &unsigned), Err(Unsigned));
}

#[test]
fn cus_08_another_accounts_token_is_refused() {
    let other = SigningKeys { auth_token: Secret::new("12346".to_owned()), shared: BTreeMap::new() };
    let headers = [("X-Twilio-Signature".to_owned(), CALL_SHA1.to_owned())];
    let request = WebhookRequest { method: "POST", url: CALL_URL, headers: &headers, body: CALL.as_bytes() };
    assert_eq!(verify(&other, &request), Err(WebhookRefusal::BadSignature));
}
