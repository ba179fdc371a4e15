//! From a record's settings to a vendor's transport. One function a vendor; the names of settings are those of
//! docs/OPERATIONS.md.

use munshi_connectors::twilio::{SigningKeys, Twilio, TwilioAccount};
use munshi_domain::notify::MessageChannel;

use super::{
    records::Vendor,
    wire::{Built, Settings},
};

/// The transport of a record.
pub(super) fn build(settings: &Settings<'_>) -> Result<Built, String> {
    match settings.record.vendor {
        Vendor::Twilio => twilio(settings),
        other => Err(format!("connections to {} cannot be made yet", other.word())),
    }
}

fn twilio(settings: &Settings<'_>) -> Result<Built, String> {
    let api_key = match (settings.text("api_key"), settings.secret("api_secret")?) {
        (Some(key), Some(secret)) => Some((key, secret)),
        (None, None) => None,
        _ => return Err("api_key and api_secret go together".into()),
    };
    let shared = match (settings.text("webhook_key_id"), settings.secret("webhook_key")?) {
        (Some(id), Some(key)) => [(id, key)].into(),
        _ => std::collections::BTreeMap::new(),
    };
    let base_url = settings.base_url("https://api.twilio.com")?;
    let content = settings.text("content_base_url");
    let own = if settings.record.base_url.is_empty() { "https://content.twilio.com".to_owned() } else { base_url.clone() };
    let account = TwilioAccount {
        content_base_url: content.unwrap_or(own),
        base_url,
        account_sid: settings.needed("account_sid")?,
        api_key,
        keys: SigningKeys { auth_token: settings.needed_secret("auth_token")?, shared },
        whatsapp_sender: settings.text("whatsapp_sender"),
        sms_sender: settings.text("sms_sender"),
        bounds: settings.bounds(&["api.twilio.com", "content.twilio.com"]),
    };
    let senders = [
        (MessageChannel::Whatsapp, account.whatsapp_sender.is_some()),
        (MessageChannel::Sms, account.sms_sender.is_some()),
    ];
    let channels = senders.into_iter().filter(|(_, has)| *has).map(|(channel, _)| channel).collect();
    Ok(Built { transport: Box::new(Twilio::new(settings.http.clone(), account)), channels })
}
