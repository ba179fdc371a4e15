//! What a Meta webhook says (messaging.md §4). Pure. One request carries many items; each has its own key.

use munshi_domain::Timestamp;
use serde_json::Value;

use super::send;
use crate::outcome::Hint;
use crate::transport::{Channel, DeliveryState, InboundItem, Media, MessageItem, StatusItem, Unreadable};

/// Everything the request says about `phone_number_id`; changes of other numbers and other kinds say nothing here.
///
/// # Errors
/// Not the JSON of a WhatsApp webhook.
pub fn read(body: &[u8], phone_number_id: &str) -> Result<Vec<InboundItem>, Unreadable> {
    let json: Value = serde_json::from_slice(body).map_err(|_| Unreadable("not JSON"))?;
    let entries = json["entry"].as_array().ok_or(Unreadable("no entry"))?;
    let changes = entries.iter().filter_map(|entry| entry["changes"].as_array()).flatten();
    let mut items = Vec::new();
    for value in changes.map(|change| &change["value"]) {
        if value["metadata"]["phone_number_id"].as_str() != Some(phone_number_id) {
            continue;
        }
        for message in value["messages"].as_array().into_iter().flatten() {
            items.push(InboundItem::Message(self::message(message, value)?));
        }
        for status in value["statuses"].as_array().into_iter().flatten() {
            items.push(InboundItem::Status(self::status(status)?));
        }
    }
    Ok(items)
}

fn text(value: &Value) -> Option<String> {
    value.as_str().filter(|text| !text.is_empty()).map(str::to_owned)
}

/// Meta writes seconds as text.
fn at(value: &Value) -> Option<Timestamp> {
    let seconds = value.as_str()?.parse::<i64>().ok()?;
    Some(Timestamp::from_millis(seconds.checked_mul(1_000)?))
}

fn status(status: &Value) -> Result<StatusItem, Unreadable> {
    let word = status["status"].as_str().ok_or(Unreadable("a status without a word"))?;
    let state = match word {
        "sent" => DeliveryState::Sent,
        "delivered" => DeliveryState::Delivered,
        "read" => DeliveryState::Read,
        "failed" => DeliveryState::Failed,
        other => DeliveryState::Other(other.chars().take(40).collect()),
    };
    let code = status["errors"][0]["code"].as_u64();
    let failed = state == DeliveryState::Failed;
    Ok(StatusItem {
        vendor_ref: text(&status["id"]).ok_or(Unreadable("a status without an id"))?,
        our_ref: status["biz_opaque_callback_data"].as_str().and_then(|id| id.parse().ok()),
        failure: code.and_then(send::hint).or(failed.then_some(Hint::UseOtherChannel)),
        code: code.map(|code| code.to_string()),
        at: at(&status["timestamp"]),
        state,
    })
}

fn message(message: &Value, value: &Value) -> Result<MessageItem, Unreadable> {
    let from = text(&message["from"]).ok_or(Unreadable("a message without a sender"))?;
    let kind = message["type"].as_str().unwrap_or("");
    let reply = &message["interactive"]["button_reply"];
    let (said, payload) = match kind {
        "button" => (text(&message["button"]["text"]), text(&message["button"]["payload"])),
        "interactive" => (text(&reply["title"]), text(&reply["id"])),
        "text" => (text(&message["text"]["body"]), None),
        other => (text(&message[other]["caption"]), None),
    };
    let contact =
        value["contacts"].as_array().into_iter().flatten().find(|contact| contact["wa_id"] == message["from"]);
    Ok(MessageItem {
        id: text(&message["id"]).ok_or(Unreadable("a message without an id"))?,
        channel: Channel::Whatsapp,
        from: if from.starts_with('+') { from } else { format!("+{from}") },
        to: text(&value["metadata"]["display_phone_number"]).unwrap_or_default(),
        text: said.unwrap_or_default(),
        payload,
        reply_to: text(&message["context"]["id"]),
        profile_name: contact.and_then(|contact| text(&contact["profile"]["name"])),
        media: media(&message[kind]),
        at: at(&message["timestamp"]),
    })
}

fn media(content: &Value) -> Vec<Media> {
    match (text(&content["id"]), text(&content["mime_type"])) {
        (Some(location), Some(content_type)) => vec![Media { location, content_type }],
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wrap(value: &str) -> Vec<u8> {
        format!(
            r#"{{"object":"whatsapp_business_account","entry":[{{"id":"W","changes":[{{"field":"messages","value":{{
            "messaging_product":"whatsapp","metadata":{{"display_phone_number":"14155238886","phone_number_id":"P1"}},
            "contacts":[{{"profile":{{"name":"Ali"}},"wa_id":"923001234567"}}],{value}}}}}]}}]}}"#
        )
        .into_bytes()
    }

    #[test]
    fn cus_08_one_request_carries_messages_and_statuses() {
        let body = wrap(
            r#""messages":[
            {"from":"923001234567","id":"wamid.1","timestamp":"1764000000","type":"text","text":{"body":"Haan جی"}},
            {"from":"923001234567","id":"wamid.2","timestamp":"1764000001","type":"button","button":{"payload":"cod:confirm:1","text":"Confirm"},"context":{"id":"wamid.0"}},
            {"from":"923001234567","id":"wamid.3","timestamp":"1764000002","type":"interactive","interactive":{"type":"button_reply","button_reply":{"id":"cod:cancel:1","title":"Cancel"}},"context":{"id":"wamid.0"}},
            {"from":"923001234567","id":"wamid.4","timestamp":"1764000003","type":"image","image":{"id":"M1","mime_type":"image/jpeg","caption":"yeh"}}],
            "statuses":[{"id":"wamid.0","status":"failed","timestamp":"1764000000","recipient_id":"923001234567","errors":[{"code":131047,"title":"x"}]},
            {"id":"wamid.0","status":"read","timestamp":"1764000009","recipient_id":"923001234567","biz_opaque_callback_data":"00000000-0000-0000-0000-000000000007"}]"#,
        );
        let items = read(&body, "P1").unwrap();
        let said: Vec<_> = items
            .iter()
            .filter_map(|item| match item {
                InboundItem::Message(item) => {
                    Some((item.text.as_str(), item.payload.as_deref(), item.reply_to.as_deref()))
                }
                InboundItem::Status(_) => None,
            })
            .collect();
        let want = [
            ("Haan جی", None, None),
            ("Confirm", Some("cod:confirm:1"), Some("wamid.0")),
            ("Cancel", Some("cod:cancel:1"), Some("wamid.0")),
            ("yeh", None, None),
        ];
        assert_eq!(said, want);
        let keys: std::collections::BTreeSet<String> = items.iter().map(InboundItem::key).collect();
        assert_eq!(keys.len(), 6, "every item has its own key");
        let InboundItem::Status(failed) = &items[4] else { panic!() };
        assert_eq!((failed.code.as_deref(), failed.failure), (Some("131047"), Some(Hint::SendTemplate)));
        let InboundItem::Status(seen) = &items[5] else { panic!() };
        assert_eq!(seen.our_ref, Some(uuid::Uuid::from_u128(7)));
        assert_eq!(read(&body, "another number"), Ok(Vec::new()));
    }

    #[test]
    fn cus_08_what_is_no_webhook_is_unreadable() {
        assert!(read(b"<html>", "P1").is_err());
        assert!(read(b"{}", "P1").is_err());
        assert!(read(&wrap(r#""messages":[{"id":"wamid.1"}]"#), "P1").is_err());
    }
}
