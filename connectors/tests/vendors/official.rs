//! The vendor's own software as the judge: Twilio's Python SDK for signatures and parameters, its OpenAPI description in
//! a mock server for requests. What the package registries do not give here is skipped, in words.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError};

use munshi_connectors::secret::Secret;
use munshi_connectors::transport::Language;
use munshi_connectors::transport::{Body, Channel, Envelope, Lookup, MessageTransport, TemplateCall, WebhookRequest};
use munshi_connectors::twilio::{SigningKeys, Twilio, TwilioAccount};
use serde_json::{Value, json};

use crate::support::*;

static INSTALL: Mutex<()> = Mutex::new(());

fn kept(name: &str) -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join(name)
}

fn runs(command: &mut Command) -> bool {
    command.stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok_and(|status| status.success())
}

/// A Python with these packages, made once and kept beside the build; `None` if there is none to be had.
pub fn python(packages: &[&str]) -> Option<PathBuf> {
    let _one = INSTALL.lock().unwrap_or_else(PoisonError::into_inner);
    let home = kept("python-vendors");
    let python = home.join("bin/python");
    if !python.exists() && !runs(Command::new("python3").args(["-m", "venv"]).arg(&home)) {
        eprintln!("SKIPPED: no python3 with venv here");
        return None;
    }
    let mut install = Command::new(&python);
    install.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"]).args(packages);
    if !runs(&mut install) {
        eprintln!("SKIPPED: the package registry does not give {packages:?}");
        return None;
    }
    Some(python)
}

fn official(python: &Path, arguments: &[&str], lines: &[Value]) -> Vec<Value> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vendors/official.py");
    let mut child = Command::new(python)
        .arg(script)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("python starts");
    let mut stdin = child.stdin.take().unwrap();
    let text: String = lines.iter().map(|line| format!("{line}\n")).collect();
    let writer = std::thread::spawn(move || stdin.write_all(text.as_bytes()));
    let said = child.wait_with_output().unwrap();
    writer.join().unwrap().unwrap();
    assert!(said.status.success(), "the script failed");
    String::from_utf8(said.stdout).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn transport(practice: &Practice) -> Twilio {
    let token = Secret::new("12345".to_owned());
    let shared = BTreeMap::from([("webhooks_sharedkey_1".to_owned(), token.clone())]);
    let keys = SigningKeys { auth_token: token, shared };
    Twilio::new(practice.http.clone(), TwilioAccount { keys, ..practice.account() })
}

#[tokio::test]
async fn cus_08_what_twilios_sdk_signs_is_accepted_and_each_change_of_it_refused() {
    let Some(python) = python(&["twilio"]) else { return };
    let practice = practice().await;
    let twilio = transport(&practice);
    let seed = 20_261_121;
    let cases = official(&python, &["sign", &seed.to_string()], &[]);
    assert_eq!(cases.len(), 300);
    for case in cases {
        let text = |name: &str| case[name].as_str().unwrap().to_owned();
        let settings = match text("algorithm").as_str() {
            "HMAC_SHA256" => "key=webhooks_sharedkey_1,algorithm=HMAC_SHA256",
            _ => "",
        };
        let check = |url: &str, body: &str, signature: &str| {
            let headers = [
                ("X-Twilio-Signature".to_owned(), signature.to_owned()),
                ("X-Twilio-Webhooks-Signature-Settings".to_owned(), settings.to_owned()),
            ];
            twilio.verify_webhook(&WebhookRequest { method: "POST", url, headers: &headers, body: body.as_bytes() })
        };
        let (url, body, signature) = (text("url"), text("body"), text("signature"));
        assert_eq!(check(&url, &body, &signature), Ok(()), "seed {seed}: {case}");
        let join = if url.contains('?') { '&' } else { '?' };
        let changed = [
            (format!("{url}{join}y=1"), body.clone(), signature.clone()),
            (url.replacen("ops.", "opz.", 1).replacen("7400", "7401", 1), body.clone(), signature.clone()),
            (
                url.replacen("://ops.example.pk/", "://ops.example.pk:8444/", 1)
                    .replacen("8443", "8442", 1)
                    .replacen(":7400", "", 1),
                body.clone(),
                signature.clone(),
            ),
            (url.clone(), format!("{body}&Body2=x"), signature.clone()),
            (url.clone(), body.replacen('=', "=x", 1), signature.clone()),
            (url.clone(), String::new(), signature.clone()),
            (url.clone(), body.clone(), format!("A{}", &signature[1..]).replacen("AA", "BA", 1)),
        ];
        for (url, body, signature) in changed {
            if (&url, &body, &signature) != (&text("url"), &text("body"), &text("signature")) {
                assert!(check(&url, &body, &signature).is_err(), "seed {seed}: {url} {body} {signature}");
            }
        }
    }
}

#[tokio::test]
async fn cus_08_twilios_sdk_believes_what_the_practice_world_signs_and_so_do_we() {
    let Some(python) = python(&["twilio"]) else { return };
    let practice = practice().await;
    let mut edge = Edge::start().await;
    practice.tell("settings", json!({ "twilio_webhook": format!("{}?c=1", edge.url) })).await;
    let twilio: Arc<dyn MessageTransport> = Arc::new(practice.twilio());
    let status_callback = Some(format!("{}?c=%201", edge.url));
    twilio.send(&Envelope { status_callback, ..text(Channel::Sms, "hello") }, now()).await;
    practice.tell("emit", json!({ "phone": PHONE, "text": "Haan جی 🙂", "payload": "p", "reply_to": "SM1" })).await;
    let mut cases = Vec::new();
    for _ in 0..3 {
        let arrived = edge.next().await;
        assert_eq!(twilio.verify_webhook(&arrived.request()), Ok(()));
        let body = String::from_utf8(arrived.body.clone()).unwrap();
        let pairs = pairs_of(&body);
        let signature = arrived.request().header("x-twilio-signature").unwrap().to_owned();
        cases.push(json!({ "token": practice.settings.auth_token, "url": arrived.url, "pairs": pairs, "signature": signature }));
        let mut other = cases[cases.len() - 1].clone();
        other["token"] = json!("another token");
        cases.push(other);
    }
    let said = official(&python, &["validate"], &cases);
    assert_eq!(said, [true, false, true, false, true, false].map(Value::from));
}

/// The form as pairs, read by the URL library and not by the code under test.
fn pairs_of(body: &str) -> Vec<(String, String)> {
    let url = reqwest::Url::parse(&format!("http://x/?{body}")).unwrap();
    url.query_pairs().map(|(name, value)| (name.into_owned(), value.into_owned())).collect()
}

fn call() -> TemplateCall {
    TemplateCall {
        name: "munshi_cod_confirmation_v1".to_owned(),
        language: Language::Ur,
        content_sid: Some("HX0123456789abcdef0123456789abcdef".to_owned()),
        variables: vec!["عائشہ".to_owned(), "Rs 4,500".to_owned()],
        payloads: vec!["cod:confirm:1:k".to_owned()],
        rendered: "ready".to_owned(),
    }
}

/// Every kind of message we send, with a status callback and an end.
fn envelopes() -> Vec<Envelope> {
    let button = munshi_connectors::transport::Button { title: "Yes".to_owned(), payload: "p".to_owned() };
    let asked = Body::Interactive { text: "Send it?".to_owned(), buttons: vec![button] };
    let all = [
        text(Channel::Sms, "آپ کا آرڈر WEB-1001 & more = 100%"),
        text(Channel::Whatsapp, "Hello *you*"),
        envelope(Channel::Whatsapp, asked),
        template(call()),
        envelope(Channel::Sms, Body::Template(call())),
    ];
    all.into_iter()
        .map(|envelope| Envelope {
            status_callback: Some("https://ops.example.pk/hooks/twilio/t1?c=1#rc=3".to_owned()),
            ..envelope
        })
        .collect()
}

#[tokio::test]
async fn not_05_our_parameters_are_those_that_twilios_sdk_sends() {
    let Some(python) = python(&["twilio"]) else { return };
    let practice = practice().await;
    practice.window(true).await;
    let twilio = practice.twilio();
    let names: BTreeMap<&str, &str> = BTreeMap::from([
        ("To", "to"),
        ("From", "from_"),
        ("Body", "body"),
        ("StatusCallback", "status_callback"),
        ("ValidityPeriod", "validity_period"),
        ("ContentSid", "content_sid"),
        ("ContentVariables", "content_variables"),
        ("MessagingServiceSid", "messaging_service_sid"),
    ]);
    for envelope in envelopes()
        .into_iter()
        .filter(|envelope| envelope.channel == Channel::Sms || !matches!(envelope.body, Body::Template(_)))
    {
        assert_eq!(twilio.send(&envelope, now()).await.class(), "ok");
        let url = format!("{}/_ctl/journal", practice.running.base_url());
        let asked = munshi_connectors::http::Call {
            post: false,
            url: &url,
            headers: Vec::new(),
            auth: munshi_connectors::http::Auth::None,
            payload: munshi_connectors::http::Payload::Empty,
        };
        let journal = practice.http.call(&bounds(), asked).await.unwrap().json().unwrap();
        let ours: BTreeMap<String, String> =
            pairs_of(journal.as_array().unwrap().last().unwrap()["body"].as_str().unwrap()).into_iter().collect();
        let line: serde_json::Map<String, Value> =
            ours.iter().map(|(name, value)| (names[name.as_str()].to_owned(), json!(value))).collect();
        let base = format!("{}/twilio", practice.running.base_url());
        let arguments = ["send", &base, &practice.settings.account_sid, &practice.settings.auth_token];
        let python = python.clone();
        let arguments = arguments.map(str::to_owned);
        let said = tokio::task::spawn_blocking(move || {
            official(&python, &arguments.each_ref().map(String::as_str), &[Value::Object(line)])
        })
        .await
        .unwrap();
        let theirs: BTreeMap<String, String> = serde_json::from_value(said[0]["sent"].clone()).unwrap();
        assert_eq!(ours, theirs, "the same names with the same values");
    }
}

struct Mock(Child);

impl Drop for Mock {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A mock server that checks every request against the vendor's OpenAPI description, which the vendor's command-line tool
/// brings along.
fn mock() -> Option<(Mock, String)> {
    let _one = INSTALL.lock().unwrap_or_else(PoisonError::into_inner);
    let home = kept("npm-vendors");
    let prism = home.join("node_modules/.bin/prism");
    let description = home.join("node_modules/@twilio/cli-core/src/services/twilio-api/twilio_api_v2010.json");
    if !prism.exists() || !description.exists() {
        let packages = ["@stoplight/prism-cli@5", "@twilio/cli-core@8"];
        let mut install = Command::new("npm");
        install
            .args(["install", "--silent", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix"])
            .arg(&home)
            .args(packages);
        if !runs(&mut install) {
            eprintln!("SKIPPED: the package registry does not give {packages:?}");
            return None;
        }
    }
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let mut child = Command::new(prism)
        .args(["mock", "--host", "127.0.0.1", "--port", &port.to_string()])
        .arg(description)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .ok()?;
    let stdout = child.stdout.take().unwrap();
    let mock = Mock(child);
    let mut lines = BufReader::new(stdout).lines();
    let started = lines.by_ref().map_while(Result::ok).any(|line| line.contains("is listening"));
    assert!(started, "the mock server did not start");
    std::thread::spawn(move || lines.for_each(drop));
    Some((mock, format!("http://127.0.0.1:{port}")))
}

#[tokio::test]
async fn not_05_twilios_openapi_description_accepts_every_request_we_make() {
    let Some((_mock, base_url)) = tokio::task::spawn_blocking(mock).await.unwrap() else { return };
    let practice = practice().await;
    let account = TwilioAccount { base_url, ..practice.account() };
    let service = TwilioAccount {
        whatsapp_sender: Some("MG0123456789abcdef0123456789abcdef".to_owned()),
        sms_sender: Some("MG0123456789abcdef0123456789abcdef".to_owned()),
        ..account.clone()
    };
    for account in [account.clone(), service] {
        let twilio = Twilio::new(practice.http.clone(), account);
        for envelope in envelopes() {
            let outcome = twilio.send(&envelope, now()).await;
            assert_eq!(outcome.class(), "ok", "{envelope:?}: {outcome:?}");
        }
    }
    let twilio = Twilio::new(practice.http.clone(), account.clone());
    let found = twilio.lookup(&text(Channel::Whatsapp, "x"), now(), &[]).await;
    assert!(matches!(found, Lookup::Absent | Lookup::Undecidable), "the list was answered and read: {found:?}");
    // And it does refuse: a wrong account id, and a content id of a wrong form.
    let wrong = TwilioAccount { account_sid: "AC1".to_owned(), ..account };
    let outcome = Twilio::new(practice.http.clone(), wrong).send(&text(Channel::Sms, "x"), now()).await;
    assert_eq!(outcome.class(), "permanent");
    let bad = template(TemplateCall { content_sid: Some("HX1".to_owned()), ..call() });
    assert_eq!(twilio.send(&bad, now()).await.class(), "permanent");
}
