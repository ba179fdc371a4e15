//! Handing template texts to Twilio's Content API for approval (messaging.md §3.5). Pure but for the calls it describes.
//!
//! A template's buttons carry variables as their ids, after those of the body, so that each message brings its own
//! payloads.

use serde_json::{Value, json};

use crate::transport::{Approval, TemplateText};

/// The body of `POST /v1/Content`.
pub fn create(template: &TemplateText) -> Value {
    let first_payload = template.examples.len() + 1;
    let mut variables: serde_json::Map<String, Value> =
        template.examples.iter().enumerate().map(|(n, value)| ((n + 1).to_string(), json!(value))).collect();
    let actions: Vec<Value> = template
        .buttons
        .iter()
        .enumerate()
        .map(|(n, title)| json!({ "title": title, "id": format!("{{{{{}}}}}", first_payload + n) }))
        .collect();
    for n in 0..actions.len() {
        variables.insert((first_payload + n).to_string(), json!(format!("choice_{}", n + 1)));
    }
    let types = if actions.is_empty() {
        json!({ "twilio/text": { "body": template.body } })
    } else {
        json!({ "twilio/quick-reply": { "body": template.body, "actions": actions } })
    };
    json!({
        "friendly_name": template.name,
        "language": template.language.tag(),
        "variables": variables,
        "types": types,
    })
}

/// The body of `POST /v1/Content/{sid}/ApprovalRequests/whatsapp`.
pub fn approval_request(template: &TemplateText) -> Value {
    json!({ "name": template.name, "category": template.category.name().to_uppercase() })
}

/// What `GET /v1/Content/{sid}/ApprovalRequests` says; `None` if it cannot be read.
pub fn approval(answer: &Value) -> Option<Approval> {
    let whatsapp = &answer["whatsapp"];
    Some(match whatsapp["status"].as_str()? {
        "approved" => Approval::Approved,
        "rejected" => Approval::Rejected(crate::outcome::clip(whatsapp["rejection_reason"].as_str().unwrap_or(""))),
        "paused" | "disabled" => Approval::Paused,
        _ => Approval::Pending,
    })
}
