//! Twilio against the practice world: templates, the window, statuses, phones that answer.

use std::collections::BTreeSet;
use std::sync::Arc;

use munshi_connectors::outcome::{Hint, Outcome};
use munshi_connectors::templates::{for_approval, preview, vendor_name};
use munshi_connectors::transport::{
    Approval, Body, Channel, DeliveryState, Envelope, InboundItem, Language, Lookup, MessageItem, MessageTransport,
    StatusItem, TemplateCall,
};
use munshi_domain::notify::MessageKind;
use serde_json::json;

use crate::support::*;

async fn registered(
    transport: &dyn MessageTransport,
    kind: MessageKind,
    language: Language,
    payloads: &[&str],
) -> TemplateCall {
    let asked = for_approval(kind, language, 1).unwrap();
    let Outcome::Ok(known) = transport.register_template(&asked).await else { panic!("not registered") };
    assert_eq!(transport.template_approval(&known).await, Outcome::Ok(Approval::Approved));
    let payloads = payloads.iter().map(|payload| (*payload).to_owned()).collect();
    let shown = preview(kind, language).unwrap();
    shown.template_call(vendor_name(kind, 1), Some(known.vendor_ref), payloads)
}

fn status(items: Vec<InboundItem>) -> StatusItem {
    match items.into_iter().next() {
        Some(InboundItem::Status(item)) => item,
        other => panic!("{other:?}"),
    }
}

fn message(items: Vec<InboundItem>) -> MessageItem {
    match items.into_iter().next() {
        Some(InboundItem::Message(item)) => item,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn cus_08_a_cod_question_goes_out_as_a_template_and_the_tapped_button_comes_back() {
    let practice = practice().await;
    let mut edge = Edge::start().await;
    practice.tell("settings", json!({ "twilio_webhook": edge.url })).await;
    let twilio: Arc<dyn MessageTransport> = Arc::new(practice.twilio());
    let call = registered(
        twilio.as_ref(),
        MessageKind::CodConfirmation,
        Language::Ur,
        &["cod:confirm:1:k", "cod:cancel:1:k", "cod:address:1:k"],
    )
    .await;
    let envelope = Envelope { status_callback: Some(format!("{}?c=1#rc=2", edge.url)), ..template(call.clone()) };
    let Outcome::Ok(accepted) = twilio.send(&envelope, now()).await else { panic!() };
    assert_eq!(accepted.state, DeliveryState::Queued);
    for state in [DeliveryState::Sent, DeliveryState::Delivered] {
        let item = status(edge.items(twilio.as_ref()).await);
        assert_eq!(
            (item.vendor_ref.as_str(), item.our_ref, item.state),
            (accepted.vendor_ref.as_str(), Some(envelope.id), state)
        );
    }
    let kept = practice.state("twilio").await;
    assert_eq!(kept["messages"][0]["text"], call.rendered, "the phone shows what we think it shows");
    assert_eq!(kept["messages"][0]["buttons"][1][1], "cod:cancel:1:k");

    practice
        .tell("emit", json!({ "phone": PHONE, "text": "جی، بھیج دیں", "payload": "cod:confirm:1:k", "reply_to": accepted.vendor_ref, "name": "Ali خان" }))
        .await;
    let arrived = edge.next().await;
    assert_changes_refused(&twilio, &arrived);
    let item = message(twilio.read_webhook(&arrived.request()).unwrap());
    assert_eq!((item.from.as_str(), item.channel), (PHONE, Channel::Whatsapp));
    assert_eq!((item.text.as_str(), item.payload.as_deref()), ("جی، بھیج دیں", Some("cod:confirm:1:k")));
    assert_eq!(item.reply_to.as_deref(), Some(accepted.vendor_ref.as_str()));
    assert_eq!(item.profile_name.as_deref(), Some("Ali خان"));
}

#[tokio::test]
async fn not_05_outside_the_window_free_text_fails_with_its_code_and_a_template_goes() {
    let practice = practice().await;
    let mut edge = Edge::start().await;
    let twilio = practice.twilio();
    let callback = Some(edge.url.clone());
    let free = Envelope { status_callback: callback.clone(), ..text(Channel::Whatsapp, "hello") };
    assert!(matches!(twilio.send(&free, now()).await, Outcome::Ok(_)), "told only later");
    let item = status(edge.items(&twilio).await);
    assert_eq!(
        (item.state, item.code.as_deref(), item.failure),
        (DeliveryState::Failed, Some("63016"), Some(Hint::SendTemplate))
    );

    let call = registered(&twilio, MessageKind::OrderPlaced, Language::En, &[]).await;
    twilio.send(&Envelope { status_callback: callback.clone(), ..template(call) }, now()).await;
    assert_eq!(status(edge.items(&twilio).await).state, DeliveryState::Sent);
    assert_eq!(status(edge.items(&twilio).await).state, DeliveryState::Delivered);

    practice.window(true).await;
    twilio.send(&Envelope { status_callback: callback, ..free }, now()).await;
    assert_eq!(status(edge.items(&twilio).await).state, DeliveryState::Sent);
}

#[tokio::test]
async fn not_05_refusals_carry_the_vendors_code_and_what_to_do() {
    let practice = practice().await;
    let twilio = practice.twilio();
    let refused = async |envelope: &Envelope| match twilio.send(envelope, now()).await {
        Outcome::Permanent { code, text, hint } => (code, text, hint),
        other => panic!("{other:?}"),
    };
    let (code, said, hint) = refused(&Envelope { to: "+92300".to_owned(), ..text(Channel::Sms, "x") }).await;
    assert_eq!((code.as_str(), hint), ("21211", Hint::CorrectRecipient));
    let long = Envelope { to: "+9230012345678901234".to_owned(), ..text(Channel::Sms, "x") };
    let (_, said_long, _) = refused(&long).await;
    assert!(!said_long.contains("9230012345678901234") && said.contains("not a valid phone number"), "{said_long}");

    practice.tell("opt-out", json!({ "phone": PHONE, "on": true })).await;
    let (code, _, hint) = refused(&text(Channel::Sms, "x")).await;
    assert_eq!((code.as_str(), hint), ("21610", Hint::RecipientOptedOut));
    practice.tell("opt-out", json!({ "phone": PHONE, "on": false })).await;

    let (code, ..) = refused(&text(Channel::Sms, &"x".repeat(1_601))).await;
    assert_eq!(code, "body_too_long");
    let mut call = registered(&twilio, MessageKind::OrderPlaced, Language::En, &[]).await;
    call.variables.pop();
    let (code, _, hint) = refused(&template(call.clone())).await;
    assert_eq!((code.as_str(), hint), ("63028", Hint::FixTemplate));
    call.content_sid = Some(format!("HX{}", "0".repeat(32)));
    let (code, _, hint) = refused(&template(call.clone())).await;
    assert_eq!((code.as_str(), hint), ("21655", Hint::FixTemplate));
    call.content_sid = None;
    assert_eq!(refused(&template(call)).await.0, "template_not_registered");
    let mut account = practice.account();
    account.keys.auth_token = secret("wrong");
    let stranger = munshi_connectors::twilio::Twilio::new(practice.http.clone(), account);
    assert_eq!(stranger.send(&text(Channel::Sms, "x"), now()).await, Outcome::AuthExpired);
    assert_eq!(practice.kept("twilio").await, 0);
}

#[tokio::test]
async fn not_01_two_equal_messages_are_not_taken_for_each_other() {
    let practice = practice().await;
    let twilio = practice.twilio();
    let (first, second) = (text(Channel::Sms, "same words"), text(Channel::Sms, "same words"));
    let since = now();
    let Outcome::Ok(known) = twilio.send(&first, since).await else { panic!() };
    practice.fault("twilio", "reset-after", 1, 0).await;
    assert_eq!(twilio.send(&second, since).await.class(), "unknown");
    assert_eq!(twilio.lookup(&second, since, &[]).await, Lookup::Undecidable, "nobody is guessed");
    let Lookup::Found(found) = twilio.lookup(&second, since, std::slice::from_ref(&known.vendor_ref)).await else {
        panic!()
    };
    assert_ne!(found.vendor_ref, known.vendor_ref);
    let other = Envelope { to: "+923007654321".to_owned(), ..second.clone() };
    assert_eq!(twilio.lookup(&other, since, &[]).await, Lookup::Absent);
    let longer_ago = since.plus_seconds(-600);
    assert_eq!(twilio.lookup(&second, longer_ago, &[]).await, Lookup::Absent);
}

#[tokio::test]
async fn not_01_a_look_up_reads_page_after_page() {
    let practice = practice().await;
    practice.tell("settings", json!({ "messages_per_second": 10_000 })).await;
    let twilio = practice.twilio();
    let wanted = text(Channel::Sms, "the first of many");
    let since = now();
    twilio.send(&wanted, since).await;
    for number in 0..60 {
        assert_eq!(twilio.send(&text(Channel::Sms, &format!("number {number}")), now()).await.class(), "ok");
    }
    assert!(matches!(twilio.lookup(&wanted, since, &[]).await, Lookup::Found(_)));
}

#[tokio::test]
async fn not_01_doubled_and_late_callbacks_are_told_apart_by_key_and_rank() {
    let practice = practice().await;
    let mut edge = Edge::start().await;
    let twilio = practice.twilio();
    practice.tell("faults", json!({ "route": "twilio", "kind": "reorder-webhook", "count": 1, "ms": 300 })).await;
    practice.tell("faults", json!({ "route": "twilio", "kind": "duplicate-webhook", "count": 1 })).await;
    let envelope = Envelope { status_callback: Some(edge.url.clone()), ..text(Channel::Sms, "hello") };
    twilio.send(&envelope, now()).await;
    let mut keys = BTreeSet::new();
    let mut states = Vec::new();
    for _ in 0..3 {
        let arrived = edge.next().await;
        assert_eq!(twilio.verify_webhook(&arrived.request()), Ok(()));
        keys.insert(twilio.delivery_key(&arrived.request()));
        states.push(status(twilio.read_webhook(&arrived.request()).unwrap()).state);
    }
    assert_eq!(keys.len(), 2, "the doubled one has one key");
    assert_eq!(states, [DeliveryState::Delivered, DeliveryState::Delivered, DeliveryState::Sent]);
    assert!(states[2].rank() < states[0].rank(), "the late one changes nothing");
}

#[tokio::test]
async fn not_05_throttling_is_told_and_nothing_is_sent() {
    let practice = practice().await;
    practice.tell("settings", json!({ "messages_per_second": 2 })).await;
    let twilio = practice.twilio();
    let mut classes = Vec::new();
    for number in 0..4 {
        classes.push(twilio.send(&text(Channel::Sms, &format!("number {number}")), now()).await.class());
    }
    assert_eq!(classes, ["ok", "ok", "rate_limited", "rate_limited"]);
    assert_eq!(practice.kept("twilio").await, 2);
}

#[tokio::test]
async fn not_05_buttons_inside_the_window_become_numbered_choices() {
    let practice = practice().await;
    practice.window(true).await;
    let twilio = practice.twilio();
    let button =
        |title: &str| munshi_connectors::transport::Button { title: title.to_owned(), payload: "p".to_owned() };
    let body = Body::Interactive { text: "Send it?".to_owned(), buttons: vec![button("Yes"), button("No")] };
    assert_eq!(twilio.send(&envelope(Channel::Whatsapp, body), now()).await.class(), "ok");
    assert_eq!(practice.state("twilio").await["messages"][0]["text"], "Send it?\n1. Yes\n2. No");
}
