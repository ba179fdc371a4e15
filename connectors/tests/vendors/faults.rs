//! Each fault of README §14 and the outcome it must have, at the vendors that take messages over HTTP.

use std::time::Duration;

use munshi_connectors::http::{Bounds, Reach};
use munshi_connectors::meta::Meta;
use munshi_connectors::outcome::{Outcome, Why};
use munshi_connectors::transport::{Channel, Lookup, MessageTransport};
use munshi_connectors::twilio::{Twilio, TwilioAccount};

use crate::support::*;

/// Fault, outcome, and whether the vendor has the message afterwards.
const TABLE: [(&str, &str, bool); 13] = [
    ("latency", "ok", true),
    ("429", "rate_limited", false),
    ("500", "unknown", false),
    ("502", "unknown", false),
    ("503", "unknown", false),
    ("reset-before", "unknown", false),
    ("reset-after", "unknown", true),
    ("truncate", "unknown", true),
    ("html-page", "unknown", true),
    ("wrong-content-type", "unknown", true),
    ("token-expired", "auth_expired", false),
    ("slow-body", "unknown", true),
    ("stale-read", "ok", true),
];

fn hurried() -> Bounds {
    Bounds { timeout: Duration::from_millis(1_500), ..bounds() }
}

#[tokio::test]
async fn not_01_each_fault_at_twilio_has_its_outcome_and_a_look_up_tells_the_truth() {
    for (kind, class, kept) in TABLE {
        let practice = practice().await;
        let twilio = Twilio::new(practice.http.clone(), TwilioAccount { bounds: hurried(), ..practice.account() });
        let envelope = text(Channel::Sms, "an order for you");
        let ms = if kind == "latency" { 50 } else { 3_000 };
        practice.fault("twilio", kind, 1, ms).await;
        let since = now();
        let outcome = twilio.send(&envelope, since).await;
        assert_eq!(outcome.class(), class, "{kind}: {outcome:?}");
        assert_eq!(practice.kept("twilio").await, usize::from(kept), "{kind}");
        if let Outcome::RateLimited { wait } = outcome {
            assert_eq!(wait, Duration::from_secs(3), "the vendor's Retry-After");
        }
        practice.fault("twilio", "latency", 1, 0).await;
        if kind == "stale-read" {
            assert_eq!(twilio.lookup(&envelope, since, &[]).await, Lookup::Absent, "the list lags");
        }
        let found = twilio.lookup(&envelope, since, &[]).await;
        assert_eq!(matches!(found, Lookup::Found(_)), kept, "{kind}: {found:?}");
        assert_eq!(found == Lookup::Absent, !kept, "{kind}: {found:?}");
    }
}

#[tokio::test]
async fn not_01_each_fault_at_meta_has_its_outcome() {
    for (kind, class, kept) in TABLE {
        let practice = practice().await;
        practice.window(true).await;
        let account = munshi_connectors::meta::MetaAccount { bounds: hurried(), ..practice.meta_account() };
        let meta = Meta::new(practice.http.clone(), account);
        let ms = if kind == "latency" { 50 } else { 3_000 };
        practice.fault("meta", kind, 1, ms).await;
        let envelope = text(Channel::Whatsapp, "an order for you");
        let outcome = meta.send(&envelope, now()).await;
        assert_eq!(outcome.class(), class, "{kind}: {outcome:?}");
        assert_eq!(practice.kept("meta").await, usize::from(kept), "{kind}");
        assert_eq!(meta.lookup(&envelope, now(), &[]).await, Lookup::NotPossible);
    }
}

#[tokio::test]
async fn not_01_nothing_that_was_not_written_is_unknown() {
    let practice = practice().await;
    // A port that was free a moment ago and that nothing listens on.
    let closed = {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.local_addr().unwrap()
    };
    let account = TwilioAccount { base_url: format!("http://{closed}"), ..practice.account() };
    let outcome = Twilio::new(practice.http.clone(), account).send(&text(Channel::Sms, "x"), now()).await;
    assert_eq!(outcome, Outcome::retry(Why::Unreachable));
}

#[tokio::test]
async fn sec_04_a_live_connection_cannot_be_led_to_this_machine() {
    let practice = practice().await;
    let live = |bounds: Bounds, base_url: String| {
        Twilio::new(practice.http.clone(), TwilioAccount { bounds, base_url, ..practice.account() })
    };
    let public = |hosts: &[&str]| Bounds::new(Reach::Public, hosts.iter().map(|h| (*h).to_owned()).collect());
    let port = practice.running.http.port();
    for (bounds, base, want) in [
        (public(&[]), format!("http://127.0.0.1:{port}/twilio"), "url_not_encrypted"),
        (public(&[]), format!("https://127.0.0.1:{port}/twilio"), "url_address_not_allowed"),
        (public(&["api.twilio.com"]), format!("https://127.0.0.1:{port}/twilio"), "url_host_not_allowed"),
        (bounds(), format!("http://8.8.8.8:{port}/twilio"), "url_host_not_allowed"),
        (Bounds::new(Reach::Practice, Vec::new()), format!("http://8.8.8.8:{port}"), "url_address_not_allowed"),
    ] {
        let outcome = live(bounds, base.clone()).send(&text(Channel::Sms, "x"), now()).await;
        let Outcome::Permanent { code, .. } = &outcome else { panic!("{base}: {outcome:?}") };
        assert_eq!(code, want, "{base}");
    }
    // A name that resolves to this machine is found out only when it is connected.
    let named =
        live(public(&[]), format!("https://localhost:{port}/twilio")).send(&text(Channel::Sms, "x"), now()).await;
    assert_eq!(named, Outcome::retry(Why::Unreachable));
    assert_eq!(practice.kept("twilio").await, 0);
}
