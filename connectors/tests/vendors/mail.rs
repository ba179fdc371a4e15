//! Mail against the practice world's SMTP server.

use std::process::{Command, Stdio};
use std::time::Duration;

use munshi_connectors::mail::{Dkim, Encryption, Mail, MailAccount};
use munshi_connectors::outcome::{Hint, Outcome, Why};
use munshi_connectors::templates::preview;
use munshi_connectors::transport::{
    Attachment, Body, Channel, DeliveryState, Envelope, Language, MessageTransport, WhenUnknown,
};
use munshi_domain::notify::MessageKind;

use crate::support::*;

fn account(practice: &Practice) -> MailAccount {
    MailAccount {
        host: "127.0.0.1".to_owned(),
        port: Some(practice.running.smtp.port()),
        encryption: Encryption::None,
        login: Some((practice.settings.smtp_user.clone(), secret(&practice.settings.smtp_password))),
        from: "Gulberg Store <orders@gulberg.example>".to_owned(),
        reply_to: Some("help@gulberg.example".to_owned()),
        dkim: None,
        timeout: Duration::from_millis(1_500),
    }
}

fn mail(to: &str) -> Envelope {
    let shown = preview(MessageKind::OrderPlaced, Language::Ur).unwrap();
    let letter = shown.letter(&[]).unwrap();
    Envelope {
        to: to.to_owned(),
        subject: Some(shown.subject),
        html: Some(letter.html),
        ..envelope(Channel::Email, Body::Text { text: letter.text })
    }
}

#[tokio::test]
async fn not_01_a_mail_arrives_whole_in_urdu_with_its_files() {
    let practice = practice().await;
    let transport = Mail::new(account(&practice)).unwrap();
    let file = Attachment {
        name: "رسید WEB-1001.pdf".to_owned(),
        content_type: "application/pdf".to_owned(),
        bytes: (0..=255).cycle().take(5_000).collect(),
    };
    let sent = Envelope {
        attachments: vec![file],
        unsubscribe_url: Some("https://gulberg.example/u/1".to_owned()),
        ..mail("ayesha@example.pk")
    };
    let Outcome::Ok(accepted) = transport.send(&sent, now()).await else { panic!() };
    assert_eq!(accepted.state, DeliveryState::Sent);
    let kept = &practice.state("mail").await[0];
    assert_eq!(kept["from"], "Gulberg Store <orders@gulberg.example>");
    assert_eq!(kept["to"][0], "ayesha@example.pk");
    assert_eq!(kept["subject"].as_str(), sent.subject.as_deref());
    assert_eq!(kept["message_id"], format!("<{}@gulberg.example>", sent.id));
    assert_eq!(accepted.vendor_ref, kept["message_id"].as_str().unwrap());
    let Body::Text { text } = &sent.body else { panic!() };
    assert_eq!(kept["text"].as_str().unwrap().replace("\r\n", "\n").trim(), text.trim());
    assert!(kept["html"].as_str().unwrap().contains("dir=\"rtl\""));
    assert_eq!(kept["files"][0], serde_json::json!(["رسید WEB-1001.pdf", "application/pdf", 5_000]));
    assert_eq!(kept["signed_in"], true);
    let raw = kept["raw"].as_str().unwrap();
    assert!(raw.contains("List-Unsubscribe: <https://gulberg.example/u/1>"), "{raw}");
    assert!(
        raw.contains("List-Unsubscribe-Post: List-Unsubscribe=One-Click") && raw.contains("Reply-To: help@"),
        "{raw}"
    );
}

#[tokio::test]
async fn not_03_replies_and_broken_conversations_have_their_outcomes() {
    let practice = practice().await;
    let transport = Mail::new(account(&practice)).unwrap();
    let send = async |to: &str| transport.send(&mail(to), now()).await;
    let Outcome::Permanent { code, text, hint } = send("bounce@example.pk").await else { panic!() };
    assert_eq!((code.as_str(), hint), ("550", Hint::CorrectRecipient));
    assert!(!text.contains("bounce@"), "{text}");
    assert_eq!(send("full@example.pk").await, Outcome::retry(Why::ServerError(452)));
    for (kind, class, kept) in
        [("503", "retry", 0), ("500", "permanent", 0), ("reset-after", "unknown", 1), ("slow-body", "unknown", 2)]
    {
        practice.tell("faults", serde_json::json!({ "route": "smtp", "kind": kind, "count": 1, "ms": 20_000 })).await;
        let outcome = send("ayesha@example.pk").await;
        assert_eq!(outcome.class(), class, "{kind}: {outcome:?}");
        assert_eq!(practice.state("mail").await.as_array().unwrap().len(), kept, "{kind}");
    }
    assert_eq!(send("bounce@example.pk").await.class(), "permanent", "a late reply is not taken for the next mail's");
    assert_eq!(send("ayesha@example.pk").await.class(), "ok", "the next one goes");
    assert_eq!(transport.when_unknown(), WhenUnknown::ResendOnce);
}

#[tokio::test]
async fn not_01_a_resend_after_a_lost_answer_has_the_same_message_id() {
    let practice = practice().await;
    let transport = Mail::new(account(&practice)).unwrap();
    let sent = mail("ayesha@example.pk");
    practice.fault("smtp", "reset-after", 1, 0).await;
    assert_eq!(transport.send(&sent, now()).await.class(), "unknown");
    assert_eq!(transport.send(&sent, now()).await.class(), "ok");
    let kept = practice.state("mail").await;
    assert_eq!(kept[0]["message_id"], kept[1]["message_id"], "the receiver sees one message");
}

#[tokio::test]
async fn sec_04_wrong_passwords_and_closed_doors_are_told_apart() {
    let practice = practice().await;
    let login = Some(("practice".to_owned(), secret("canary-wrong")));
    let wrong = Mail::new(MailAccount { login, ..account(&practice) }).unwrap();
    let outcome = wrong.send(&mail("ayesha@example.pk"), now()).await;
    assert_eq!(outcome, Outcome::AuthExpired);
    let closed = {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.local_addr().unwrap().port()
    };
    let gone = Mail::new(MailAccount { port: Some(closed), ..account(&practice) }).unwrap();
    assert_eq!(gone.send(&mail("ayesha@example.pk"), now()).await, Outcome::retry(Why::Unreachable));
    let transport = Mail::new(account(&practice)).unwrap();
    let Outcome::Permanent { code, .. } = transport.send(&mail("not an address"), now()).await else { panic!() };
    assert_eq!(code, "bad_address");
    assert_eq!(practice.state("mail").await.as_array().unwrap().len(), 0);
}

/// RFC 8032 §7.1, test 1: a published key pair.
const SEED: &str = "nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A=";
const PUBLIC: &str = "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=";

#[tokio::test]
async fn not_01_dkim_signatures_are_accepted_by_another_implementation() {
    let practice = practice().await;
    let dkim = Dkim { selector: "s1".to_owned(), domain: "gulberg.example".to_owned(), key: secret(SEED) };
    let transport = Mail::new(MailAccount { dkim: Some(dkim), ..account(&practice) }).unwrap();
    let unsubscribe_url = Some("https://gulberg.example/u/1".to_owned());
    assert_eq!(transport.send(&Envelope { unsubscribe_url, ..mail("ayesha@example.pk") }, now()).await.class(), "ok");
    let raw = practice.state("mail").await[0]["raw"].as_str().unwrap().to_owned();
    for header in ["message-id", "list-unsubscribe", "list-unsubscribe-post"] {
        assert!(raw.to_lowercase().replace("\r\n ", "").contains(header), "{header}");
    }
    let Some(python) = crate::official::python(&["dkimpy", "pynacl"]) else { return };
    let check = "import sys, dkim\nraw = sys.stdin.buffer.read()\nrecord = ('v=DKIM1; k=ed25519; p=' + sys.argv[1]).encode()\nok = dkim.verify(raw, dnsfunc=lambda name, timeout=5: record)\nchanged = raw.replace(b'gulberg.example/u/1', b'gulberg.example/u/2')\nbad = dkim.verify(changed, dnsfunc=lambda name, timeout=5: record)\nprint(ok, bad)";
    let mut child =
        Command::new(python).args(["-c", check, PUBLIC]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    std::io::Write::write_all(&mut child.stdin.take().unwrap(), raw.as_bytes()).unwrap();
    let said = child.wait_with_output().unwrap();
    assert_eq!(String::from_utf8_lossy(&said.stdout).trim(), "True False", "a changed unsubscribe link breaks it");
}
