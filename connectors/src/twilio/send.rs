//! The call that sends a message at Twilio, and what its answer means (messaging.md §3.1). Pure.
//!
//! There is no idempotency key on this call: an answer that cannot be read leaves the outcome unknown.

use munshi_domain::Timestamp;
use serde_json::Value;

use super::{TwilioAccount, codes};
use crate::form;
use crate::http::Answer;
use crate::outcome::{Hint, Outcome, Repeat, from_unreadable};
use crate::transport::{Accepted, Body, Button, Channel, DeliveryState, Envelope, TemplateCall};

/// The most characters of a body.
pub const MAX_BODY: usize = 1_600;
/// Twilio keeps trying for at most this many seconds.
const MAX_VALIDITY_S: u64 = 36_000;

/// The name of our message id in the query of the status callback.
pub const OUR_REF: &str = "m";
/// How Twilio is to call the status callback, in the fragment (messaging.md §3.3). Left alone it tries once more after
/// a failed connection only, so that news of a failure would be lost with any hiccup of ours, and with it the message.
const CALLBACK_POLICY: &str = "#rc=5&rp=5xx,ct,rt&ct=2000&rt=5000";

/// The form of the send call.
///
/// # Errors
/// The envelope cannot be sent by this account, whatever the vendor says.
pub fn fields(
    account: &TwilioAccount,
    envelope: &Envelope,
    now: Timestamp,
) -> Result<Vec<(&'static str, String)>, Outcome<Accepted>> {
    let (prefix, sender) = match envelope.channel {
        Channel::Whatsapp => ("whatsapp:", &account.whatsapp_sender),
        Channel::Sms => ("", &account.sms_sender),
        Channel::Email | Channel::Chat => return Err(no_channel()),
    };
    let sender = sender.as_deref().ok_or_else(no_channel)?;
    let mut fields = vec![("To", format!("{prefix}{}", envelope.to))];
    fields.push(if sender.starts_with("MG") {
        ("MessagingServiceSid", sender.to_owned())
    } else {
        ("From", format!("{prefix}{sender}"))
    });
    match &envelope.body {
        Body::Text { text } => fields.push(("Body", bounded(text.clone())?)),
        Body::Interactive { text, buttons } => fields.push(("Body", bounded(with_choices(text, buttons))?)),
        Body::Template(call) if envelope.channel == Channel::Whatsapp => template(call, &mut fields)?,
        // An SMS needs no approved template: it is the text itself.
        Body::Template(call) => fields.push(("Body", bounded(call.rendered.clone())?)),
    }
    if let Some(url) = &envelope.status_callback {
        let url = form::with_parameter(url, OUR_REF, &envelope.id.to_string());
        // Who names a policy has one.
        let policy = if url.contains('#') { "" } else { CALLBACK_POLICY };
        fields.push(("StatusCallback", url + policy));
    }
    if let Some(left) = envelope.valid_for(now) {
        fields.push(("ValidityPeriod", left.as_secs().clamp(1, MAX_VALIDITY_S).to_string()));
    }
    Ok(fields)
}

/// The text that a message shows, as far as we can know it: what a look-up compares.
pub fn shown_text(envelope: &Envelope) -> String {
    match &envelope.body {
        Body::Text { text } => text.clone(),
        Body::Interactive { text, buttons } => with_choices(text, buttons),
        Body::Template(call) => call.rendered.clone(),
    }
}

/// Buttons outside of templates do not exist at Twilio; the choices are numbered, and the answer is a number or word.
fn with_choices(text: &str, buttons: &[Button]) -> String {
    let mut shown = text.to_owned();
    for (index, button) in buttons.iter().enumerate() {
        shown.push_str(&format!("\n{}. {}", index + 1, button.title));
    }
    shown
}

fn template(call: &TemplateCall, fields: &mut Vec<(&'static str, String)>) -> Result<(), Outcome<Accepted>> {
    let Some(sid) = &call.content_sid else {
        let text = "the template has no content id at Twilio";
        return Err(Outcome::permanent("template_not_registered", text, Hint::FixTemplate));
    };
    fields.push(("ContentSid", sid.clone()));
    let values = call.variables.iter().chain(&call.payloads).enumerate();
    let values: serde_json::Map<String, Value> =
        values.map(|(index, value)| ((index + 1).to_string(), Value::from(value.as_str()))).collect();
    if !values.is_empty() {
        fields.push(("ContentVariables", Value::Object(values).to_string()));
    }
    Ok(())
}

fn bounded(text: String) -> Result<String, Outcome<Accepted>> {
    match text.chars().count() {
        0 => Err(Outcome::permanent("empty_body", "the message is empty", Hint::ReportToUs)),
        1..=MAX_BODY => Ok(text),
        _ => Err(Outcome::permanent("body_too_long", "the message has over 1,600 characters", Hint::ChangeText)),
    }
}

fn no_channel() -> Outcome<Accepted> {
    Outcome::permanent("no_sender", "the connection has no sender for this channel", Hint::FixConnection)
}

/// What the answer to the send call means.
pub fn outcome(answer: &Answer, now: Timestamp) -> Outcome<Accepted> {
    let json = answer.json();
    if (200..300).contains(&answer.status) {
        return json.as_ref().and_then(accepted).map_or_else(|| from_unreadable(Repeat::Unsafe), Outcome::Ok);
    }
    refusal(answer, json.as_ref(), Repeat::Unsafe, now)
}

/// What a refusal means: by code where the status is the vendor's considered word, else by status.
pub fn refusal<R>(answer: &Answer, json: Option<&Value>, repeat: Repeat, now: Timestamp) -> Outcome<R> {
    let now_unix = now.as_millis() / 1_000;
    let text = json.and_then(|json| json["message"].as_str()).unwrap_or("");
    let code = json.and_then(|json| json["code"].as_u64());
    let by_status = answer.refused(now_unix, repeat);
    let considered = (400..500).contains(&answer.status) && !matches!(answer.status, 408 | 425);
    match (code, by_status) {
        (Some(code), Some(by_status)) if considered => match (codes::outcome(code, text, now), by_status) {
            // The vendor's Retry-After is longer than our own guess at a throttle.
            (Some(Outcome::RateLimited { wait }), Outcome::RateLimited { wait: asked }) => {
                Outcome::RateLimited { wait: wait.max(asked) }
            }
            (Some(known), _) => known,
            (None, Outcome::Permanent { hint, .. }) => Outcome::permanent(code.to_string(), text, hint),
            (None, other) => other,
        },
        (_, Some(by_status)) => by_status,
        (_, None) => from_unreadable(repeat),
    }
}

/// The message a resource describes; `None` without its id.
pub fn accepted(resource: &Value) -> Option<Accepted> {
    let sid = resource["sid"].as_str().filter(|sid| !sid.is_empty())?;
    Some(Accepted { vendor_ref: sid.to_owned(), state: state(resource["status"].as_str().unwrap_or("")) })
}

/// Twilio's word for how far a message is.
pub fn state(word: &str) -> DeliveryState {
    match word {
        "accepted" => DeliveryState::Accepted,
        "scheduled" => DeliveryState::Scheduled,
        "queued" => DeliveryState::Queued,
        "sending" => DeliveryState::Sending,
        "sent" => DeliveryState::Sent,
        "delivered" => DeliveryState::Delivered,
        "read" => DeliveryState::Read,
        "undelivered" => DeliveryState::Undelivered,
        "failed" => DeliveryState::Failed,
        "canceled" => DeliveryState::Canceled,
        other => DeliveryState::Other(other.chars().take(40).collect()),
    }
}
