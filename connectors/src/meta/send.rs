//! The call that sends a message at Meta, and what its answer means (messaging.md §4). Pure.

use std::time::Duration;

use munshi_domain::Timestamp;
use serde_json::{Value, json};

use crate::http::Answer;
use crate::outcome::{DEFAULT_THROTTLE, Hint, Outcome, Repeat, Why, from_unreadable};
use crate::transport::{
    Accepted, Approval, Body, Button, Channel, DeliveryState, Envelope, RegisteredTemplate, TemplateCall, TemplateText,
};

/// The most characters of a free text.
const MAX_TEXT: usize = 4_096;
/// The most characters of a text with buttons.
const MAX_INTERACTIVE: usize = 1_024;
/// The most buttons under a text.
const MAX_BUTTONS: usize = 3;
/// The most characters of a button's title.
const MAX_TITLE: usize = 20;
/// Messages to one person are at least this far apart.
const PAIR_PAUSE: Duration = Duration::from_secs(6);

/// The JSON of the send call.
///
/// # Errors
/// The envelope cannot be sent here, whatever the vendor says.
pub fn body(envelope: &Envelope) -> Result<Value, Outcome<Accepted>> {
    if envelope.channel != Channel::Whatsapp {
        return Err(Outcome::permanent("no_sender", "this connection sends WhatsApp only", Hint::FixConnection));
    }
    let mut message = json!({
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        "to": envelope.to.trim_start_matches('+'),
        // Comes back in status webhooks, and so identifies a message whose answer was lost.
        "biz_opaque_callback_data": envelope.id.to_string(),
    });
    let (kind, content) = match &envelope.body {
        Body::Text { text } => ("text", json!({ "preview_url": false, "body": bounded(text, MAX_TEXT)? })),
        Body::Interactive { text, buttons } => ("interactive", interactive(text, buttons)?),
        Body::Template(call) => ("template", template(call)),
    };
    message["type"] = Value::from(kind);
    message[kind] = content;
    Ok(message)
}

fn bounded(text: &str, most: usize) -> Result<&str, Outcome<Accepted>> {
    match text.chars().count() {
        0 => Err(Outcome::permanent("empty_body", "the message is empty", Hint::ReportToUs)),
        count if count <= most => Ok(text),
        _ => Err(Outcome::permanent("body_too_long", "the message is too long for WhatsApp", Hint::ChangeText)),
    }
}

fn interactive(text: &str, buttons: &[Button]) -> Result<Value, Outcome<Accepted>> {
    let fits = |button: &Button| (1..=MAX_TITLE).contains(&button.title.chars().count()) && button.payload.len() <= 256;
    if !(1..=MAX_BUTTONS).contains(&buttons.len()) || !buttons.iter().all(fits) {
        return Err(Outcome::permanent("bad_buttons", "one to three buttons of 20 characters", Hint::ChangeText));
    }
    let buttons: Vec<Value> = buttons
        .iter()
        .map(|button| json!({ "type": "reply", "reply": { "id": button.payload, "title": button.title } }))
        .collect();
    let text = bounded(text, MAX_INTERACTIVE)?;
    Ok(json!({ "type": "button", "body": { "text": text }, "action": { "buttons": buttons } }))
}

fn template(call: &TemplateCall) -> Value {
    let mut components = Vec::new();
    if !call.variables.is_empty() {
        let parameters: Vec<Value> =
            call.variables.iter().map(|text| json!({ "type": "text", "text": text })).collect();
        components.push(json!({ "type": "body", "parameters": parameters }));
    }
    for (index, payload) in call.payloads.iter().enumerate() {
        components.push(json!({
            "type": "button", "sub_type": "quick_reply", "index": index.to_string(),
            "parameters": [{ "type": "payload", "payload": payload }],
        }));
    }
    json!({ "name": call.name, "language": { "code": call.language.tag() }, "components": components })
}

/// What the answer to the send call means.
pub fn outcome(answer: &Answer, now: Timestamp) -> Outcome<Accepted> {
    let json = answer.json();
    if (200..300).contains(&answer.status) {
        let id = json.as_ref().and_then(|json| json["messages"][0]["id"].as_str()).filter(|id| !id.is_empty());
        return match id {
            Some(id) => Outcome::Ok(Accepted { vendor_ref: id.to_owned(), state: DeliveryState::Accepted }),
            None => from_unreadable(Repeat::Unsafe),
        };
    }
    refusal(answer, json.as_ref(), Repeat::Unsafe, now)
}

/// What a refusal means: Meta's code where there is one, else the status.
pub fn refusal<R>(answer: &Answer, json: Option<&Value>, repeat: Repeat, now: Timestamp) -> Outcome<R> {
    let error = json.map(|json| &json["error"]);
    let code = error.and_then(|error| error["code"].as_u64());
    let text = error.and_then(|error| error["message"].as_str()).unwrap_or("");
    let by_status = answer.refused(now.as_millis() / 1_000, repeat);
    if let Some(code) = code
        && let Some(known) = by_code(code, text, repeat)
    {
        return match (known, by_status) {
            (Outcome::RateLimited { wait }, Some(Outcome::RateLimited { wait: asked })) => {
                Outcome::RateLimited { wait: wait.max(asked) }
            }
            (known, _) => known,
        };
    }
    match (code, by_status) {
        (Some(code), Some(Outcome::Permanent { hint, .. })) => Outcome::permanent(code.to_string(), text, hint),
        (_, Some(by_status)) => by_status,
        (_, None) => from_unreadable(repeat),
    }
}

/// Meta's error codes (messaging.md §4).
fn by_code<R>(code: u64, text: &str, repeat: Repeat) -> Option<Outcome<R>> {
    Some(match code {
        0 | 190 => Outcome::AuthExpired,
        4 | 80007 | 130429 => Outcome::RateLimited { wait: DEFAULT_THROTTLE },
        131056 => Outcome::RateLimited { wait: PAIR_PAUSE },
        // Accepted for nobody: Meta says these before a message exists.
        1 | 2 | 131000 | 131016 if repeat == Repeat::Safe => Outcome::retry(Why::VendorBusy),
        1 | 2 | 131000 | 131016 => Outcome::Unknown { why: Why::VendorBusy },
        code => Outcome::permanent(code.to_string(), text, hint(code)?),
    })
}

/// What a code means for the recipient or the text, in answers and in status webhooks.
pub fn hint(code: u64) -> Option<Hint> {
    Some(match code {
        131047 => Hint::SendTemplate,
        131026 | 131030 => Hint::CorrectRecipient,
        131049 | 131048 => Hint::NotToday,
        131050 => Hint::RecipientOptedOut,
        130472 => Hint::UseOtherChannel,
        132000 | 132001 | 132005 | 132007 | 132012 | 132015 | 132016 => Hint::FixTemplate,
        3 | 10 | 200..=299 | 131005 | 131031 | 131042 | 133010 => Hint::FixConnection,
        100 | 131008 | 131009 | 131051 => Hint::ReportToUs,
        _ => return None,
    })
}

/// The body of `POST /{business account}/message_templates`.
pub fn create_template(template: &TemplateText) -> Value {
    let mut body = json!({ "type": "BODY", "text": template.body });
    if !template.examples.is_empty() {
        body["example"] = json!({ "body_text": [template.examples] });
    }
    let mut components = vec![body];
    if !template.buttons.is_empty() {
        let buttons: Vec<Value> =
            template.buttons.iter().map(|title| json!({ "type": "QUICK_REPLY", "text": title })).collect();
        components.push(json!({ "type": "BUTTONS", "buttons": buttons }));
    }
    json!({
        "name": template.name,
        "language": template.language.tag(),
        "category": template.category.name().to_uppercase(),
        "components": components,
    })
}

/// What the answer to it means.
pub fn registered(answer: &Value, template: &TemplateText) -> Outcome<RegisteredTemplate> {
    match answer["id"].as_str() {
        Some(id) => Outcome::Ok(RegisteredTemplate {
            name: template.name.clone(),
            language: template.language,
            vendor_ref: id.to_owned(),
        }),
        None => from_unreadable(Repeat::Safe),
    }
}

/// What `GET /{template}` says of its approval.
pub fn approval(answer: &Value) -> Option<Approval> {
    Some(match answer["status"].as_str()? {
        "APPROVED" => Approval::Approved,
        "REJECTED" => Approval::Rejected(crate::outcome::clip(answer["rejected_reason"].as_str().unwrap_or(""))),
        "PAUSED" | "DISABLED" => Approval::Paused,
        _ => Approval::Pending,
    })
}
