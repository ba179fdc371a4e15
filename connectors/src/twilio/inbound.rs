//! What a Twilio webhook says: statuses of our messages and messages to us (messaging.md §3.3). Pure.
//!
//! Parameters are added without notice; only known ones are read, and all of them were signed.

use sha2::{Digest, Sha256};

use super::{codes, send};
use crate::form::{self, filled, first};
use crate::outcome::Hint;
use crate::transport::{
    Channel, DeliveryState, InboundItem, Media, MessageItem, StatusItem, Unreadable, WebhookRequest,
};

/// The most files of one message that are read.
const MAX_MEDIA: usize = 10;

fn pairs(request: &WebhookRequest<'_>) -> Vec<(String, String)> {
    if request.method == "POST" { form::parse(request.body) } else { form::query_of(request.url) }
}

/// The one thing a request says; nothing for notices that are not about messages.
///
/// # Errors
/// A message without id or sender.
pub fn read(request: &WebhookRequest<'_>) -> Result<Vec<InboundItem>, Unreadable> {
    let pairs = pairs(request);
    let sid = filled(&pairs, "MessageSid").or_else(|| filled(&pairs, "SmsSid"));
    let Some(sid) = sid else { return Ok(Vec::new()) };
    let word = filled(&pairs, "MessageStatus").or_else(|| filled(&pairs, "SmsStatus")).unwrap_or("received");
    if !matches!(word, "received" | "receiving") {
        return Ok(vec![InboundItem::Status(status(request, &pairs, sid, word))]);
    }
    message(&pairs, sid).map(|item| vec![InboundItem::Message(item)])
}

fn status(request: &WebhookRequest<'_>, pairs: &[(String, String)], sid: &str, word: &str) -> StatusItem {
    let state = send::state(word);
    let code = filled(pairs, "ErrorCode").map(str::to_owned);
    let known = code.as_deref().and_then(|code| code.parse().ok()).and_then(codes::hint);
    StatusItem {
        vendor_ref: sid.to_owned(),
        our_ref: first(&form::query_of(request.url), send::OUR_REF).and_then(|id| id.parse().ok()),
        failure: known.or(failure_of(&state)),
        state,
        code,
        at: None,
    }
}

/// A failure with a code we do not know still is one.
fn failure_of(state: &DeliveryState) -> Option<Hint> {
    matches!(state, DeliveryState::Failed | DeliveryState::Undelivered).then_some(Hint::UseOtherChannel)
}

fn message(pairs: &[(String, String)], sid: &str) -> Result<MessageItem, Unreadable> {
    let from = filled(pairs, "From").ok_or(Unreadable("a message without a sender"))?;
    let (channel, from) = match from.strip_prefix("whatsapp:") {
        Some(number) => (Channel::Whatsapp, number),
        None => (Channel::Sms, from),
    };
    let text = filled(pairs, "Body").or_else(|| filled(pairs, "ButtonText")).unwrap_or("");
    Ok(MessageItem {
        id: sid.to_owned(),
        channel,
        from: from.to_owned(),
        to: filled(pairs, "To").unwrap_or("").to_owned(),
        text: text.to_owned(),
        payload: filled(pairs, "ButtonPayload").map(str::to_owned),
        reply_to: filled(pairs, "OriginalRepliedMessageSid").map(str::to_owned),
        profile_name: filled(pairs, "ProfileName").map(str::to_owned),
        media: media(pairs),
        at: None,
    })
}

fn media(pairs: &[(String, String)]) -> Vec<Media> {
    let count = filled(pairs, "NumMedia").and_then(|count| count.parse::<usize>().ok()).unwrap_or(0);
    (0..count.min(MAX_MEDIA))
        .filter_map(|index| {
            let location = filled(pairs, &format!("MediaUrl{index}"))?.to_owned();
            let content_type = filled(pairs, &format!("MediaContentType{index}")).unwrap_or("").to_owned();
            Some(Media { location, content_type })
        })
        .collect()
}

/// The key under which a request is stored once. It is made of what is signed: the message and its status, which a retry
/// repeats; a replay with another retry token is still the same request.
pub fn delivery_key(request: &WebhookRequest<'_>) -> String {
    let pairs = pairs(request);
    let word = filled(&pairs, "MessageStatus").or_else(|| filled(&pairs, "SmsStatus")).unwrap_or("");
    match filled(&pairs, "MessageSid").or_else(|| filled(&pairs, "SmsSid")) {
        Some(sid) => format!("{sid}/{word}"),
        None => form::to_hex(&Sha256::digest([request.url.as_bytes(), b"\n", request.body].concat())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request<'a>(url: &'a str, body: &'a str) -> WebhookRequest<'a> {
        WebhookRequest { method: "POST", url, headers: &[], body: body.as_bytes() }
    }

    #[test]
    fn cus_08_a_tapped_button_is_read_with_its_payload_and_what_it_answers() {
        let body = "MessageSid=SM2&From=whatsapp%3A%2B923001234567&To=whatsapp%3A%2B14155238886&Body=Confirm&ButtonText=Confirm&ButtonPayload=cod%3Aconfirm%3AWEB-1001%3Ak3&OriginalRepliedMessageSid=SM1&ProfileName=Ali+%D8%AE%D8%A7%D9%86&NumMedia=1&MediaUrl0=https%3A%2F%2Fx%2F1&MediaContentType0=image%2Fjpeg&SmsStatus=received&New=1";
        let Ok(items) = read(&request("https://x/h", body)) else { panic!() };
        let [InboundItem::Message(item)] = items.as_slice() else { panic!("{items:?}") };
        assert_eq!(
            (item.channel, item.from.as_str(), item.text.as_str()),
            (Channel::Whatsapp, "+923001234567", "Confirm")
        );
        assert_eq!(item.payload.as_deref(), Some("cod:confirm:WEB-1001:k3"));
        assert_eq!((item.reply_to.as_deref(), item.profile_name.as_deref()), (Some("SM1"), Some("Ali خان")));
        assert_eq!(item.media.len(), 1);
    }

    #[test]
    fn not_05_a_status_is_read_with_our_id_and_its_code() {
        let url = "https://x/h?m=00000000-0000-0000-0000-000000000007";
        let items = read(&request(url, "MessageSid=SM1&MessageStatus=undelivered&ErrorCode=63024")).unwrap();
        let [InboundItem::Status(item)] = items.as_slice() else { panic!("{items:?}") };
        assert_eq!(item.our_ref, Some(uuid::Uuid::from_u128(7)));
        assert_eq!((&item.state, item.code.as_deref()), (&DeliveryState::Undelivered, Some("63024")));
        assert_eq!(item.failure, Some(Hint::CorrectRecipient));
        // A word of tomorrow is kept and changes nothing.
        let items = read(&request(url, "MessageSid=SM1&MessageStatus=teleported")).unwrap();
        let [InboundItem::Status(item)] = items.as_slice() else { panic!() };
        assert_eq!(item.state, DeliveryState::Other("teleported".to_owned()));
    }

    #[test]
    fn not_01_a_replay_has_the_same_key_whatever_its_unsigned_headers() {
        let body = "MessageSid=SM1&MessageStatus=sent";
        let headers = [("I-Twilio-Idempotency-Token".to_owned(), "other".to_owned())];
        let replay = WebhookRequest { method: "POST", url: "https://x/h", headers: &headers, body: body.as_bytes() };
        assert_eq!(delivery_key(&request("https://x/h", body)), delivery_key(&replay));
        let next = delivery_key(&request("https://x/h", "MessageSid=SM1&MessageStatus=delivered"));
        assert_ne!(next, delivery_key(&replay));
    }

    #[test]
    fn cus_08_notices_about_other_things_say_nothing_and_halves_are_refused() {
        assert_eq!(read(&request("https://x/h", "CallSid=CA1&From=%2B1")), Ok(Vec::new()));
        assert!(read(&request("https://x/h", "MessageSid=SM1&Body=x")).is_err());
    }
}
