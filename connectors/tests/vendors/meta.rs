//! Meta against the practice world.

use std::sync::Arc;

use munshi_connectors::outcome::{Hint, Outcome};
use munshi_connectors::templates::{for_approval, preview, vendor_name};
use munshi_connectors::transport::{
    Approval, Body, Button, Channel, DeliveryState, Envelope, InboundItem, Language, MessageTransport, WebhookRefusal,
    WebhookRequest,
};
use munshi_domain::notify::MessageKind;
use serde_json::json;

use crate::support::*;

#[tokio::test]
async fn cus_08_a_template_a_tap_and_a_status_make_the_round_by_meta() {
    let practice = practice().await;
    let mut edge = Edge::start().await;
    practice.tell("settings", json!({ "meta_webhook": edge.url })).await;
    let meta: Arc<dyn MessageTransport> = Arc::new(practice.meta());
    let (kind, language) = (MessageKind::CodConfirmation, Language::En);
    let Outcome::Ok(known) = meta.register_template(&for_approval(kind, language, 1).unwrap()).await else { panic!() };
    assert_eq!(meta.template_approval(&known).await, Outcome::Ok(Approval::Approved));
    let shown = preview(kind, language).unwrap();
    let payloads = vec!["cod:confirm:1:k".to_owned(), "cod:cancel:1:k".to_owned(), "cod:address:1:k".to_owned()];
    let sent = template(shown.template_call(vendor_name(kind, 1), None, payloads));
    let Outcome::Ok(accepted) = meta.send(&sent, now()).await else { panic!() };
    for state in [DeliveryState::Sent, DeliveryState::Delivered] {
        let items = edge.items(meta.as_ref()).await;
        let [InboundItem::Status(item)] = items.as_slice() else { panic!("{items:?}") };
        assert_eq!((&item.vendor_ref, item.our_ref, &item.state), (&accepted.vendor_ref, Some(sent.id), &state));
    }
    assert_eq!(practice.state("meta").await["messages"][0]["text"], shown.whatsapp);

    practice
        .tell("emit", json!({ "phone": PHONE, "vendor": "meta", "text": "Yes, send it", "payload": "cod:confirm:1:k", "reply_to": accepted.vendor_ref, "name": "Ali" }))
        .await;
    let arrived = edge.next().await;
    assert_changes_refused(&meta, &arrived);
    let items = meta.read_webhook(&arrived.request()).unwrap();
    let [InboundItem::Message(item)] = items.as_slice() else { panic!("{items:?}") };
    assert_eq!((item.from.as_str(), item.payload.as_deref()), (PHONE, Some("cod:confirm:1:k")));
    assert_eq!(item.reply_to.as_deref(), Some(accepted.vendor_ref.as_str()));

    // Now the window is open: free text with buttons goes.
    let button = |title: &str| Button { title: title.to_owned(), payload: title.to_lowercase() };
    let body = Body::Interactive { text: "Anything else?".to_owned(), buttons: vec![button("Yes"), button("No")] };
    assert_eq!(meta.send(&envelope(Channel::Whatsapp, body), now()).await.class(), "ok");
    assert_eq!(practice.state("meta").await["messages"][2]["buttons"][1][0], "No");
}

#[tokio::test]
async fn not_05_metas_refusals_carry_its_code_and_what_to_do() {
    let practice = practice().await;
    let mut edge = Edge::start().await;
    practice.tell("settings", json!({ "meta_webhook": edge.url })).await;
    let meta = practice.meta();
    assert_eq!(meta.send(&text(Channel::Whatsapp, "hello"), now()).await.class(), "ok");
    let items = edge.items(&meta).await;
    let [InboundItem::Status(item)] = items.as_slice() else { panic!() };
    assert_eq!((&item.state, item.failure), (&DeliveryState::Failed, Some(Hint::SendTemplate)));

    let shown = preview(MessageKind::OrderPlaced, Language::En).unwrap();
    let call = shown.template_call("nobody_knows".to_owned(), None, Vec::new());
    let Outcome::Permanent { code, hint, .. } = meta.send(&template(call), now()).await else { panic!() };
    assert_eq!((code.as_str(), hint), ("132001", Hint::FixTemplate));
    let four = vec![Button { title: "x".to_owned(), payload: "x".to_owned() }; 4];
    let body = Body::Interactive { text: "x".to_owned(), buttons: four };
    let Outcome::Permanent { code, .. } = meta.send(&envelope(Channel::Whatsapp, body), now()).await else { panic!() };
    assert_eq!(code, "bad_buttons");
    assert_eq!(
        meta.send(&Envelope { channel: Channel::Sms, ..text(Channel::Sms, "x") }, now()).await.class(),
        "permanent"
    );
}

#[tokio::test]
async fn cus_08_the_webhooks_owner_is_proved_with_the_token_only() {
    let practice = practice().await;
    let meta = practice.meta();
    let ask = |query: &str| {
        let url = format!("https://ops.example.pk/hooks/meta/m?{query}");
        meta.challenge(&WebhookRequest { method: "GET", url: &url, headers: &[], body: b"" })
    };
    assert_eq!(ask("hub.mode=subscribe&hub.verify_token=verify-me&hub.challenge=115"), Some(Ok("115".to_owned())));
    assert_eq!(ask("hub.mode=subscribe&hub.verify_token=guess&hub.challenge=115"), Some(Err(WebhookRefusal::BadToken)));
    assert_eq!(ask("hub.mode=subscribe&hub.challenge=115"), Some(Err(WebhookRefusal::BadToken)));
    assert_eq!(ask(""), None);
}
