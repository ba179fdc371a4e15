//! From a record's settings to a vendor's transport. One function a vendor; the names of settings are those of
//! docs/OPERATIONS.md.

use std::{collections::BTreeMap, time::Duration};

use munshi_connectors::{
    chat::{self, Chat},
    http::check_url,
    mail::{Dkim, Encryption, Mail, MailAccount},
    meta::{Meta, MetaAccount},
    secret::Secret,
    twilio::{SigningKeys, Twilio, TwilioAccount},
    webhook::{Endpoint, sign},
};
use munshi_domain::{
    Kind,
    notify::{Language, MessageChannel, MessageKind},
    user::Role,
};

use super::{
    records::Vendor,
    rooms::POSTED,
    webhooks::TOLD,
    wire::{Built, Room, Settings},
};

/// The transport of a record.
pub(super) fn build(settings: &Settings<'_>) -> Result<Built, String> {
    match settings.record.vendor {
        Vendor::Twilio => twilio(settings),
        Vendor::Meta => meta(settings),
        Vendor::Smtp => smtp(settings),
        Vendor::Webhook => webhook(settings),
        Vendor::Slack => room(settings, chat::Room::Slack),
        Vendor::Teams => room(settings, chat::Room::Teams),
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
        _ => BTreeMap::new(),
    };
    let base_url = settings.base_url("https://api.twilio.com")?;
    let own = settings.record.base_url.is_empty();
    let content = if own { "https://content.twilio.com".to_owned() } else { base_url.clone() };
    let account = TwilioAccount {
        content_base_url: settings.text("content_base_url").unwrap_or(content),
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
    Ok(Built::messages(Box::new(Twilio::new(settings.http.clone(), account)), channels))
}

fn meta(settings: &Settings<'_>) -> Result<Built, String> {
    let account = MetaAccount {
        base_url: settings.base_url("https://graph.facebook.com")?,
        api_version: settings.text("api_version").unwrap_or_else(|| "v23.0".into()),
        phone_number_id: settings.needed("phone_number_id")?,
        business_account_id: settings.needed("business_account_id")?,
        access_token: settings.needed_secret("access_token")?,
        app_secret: settings.needed_secret("app_secret")?,
        verify_token: settings.needed_secret("verify_token")?,
        bounds: settings.bounds(&["graph.facebook.com"]),
    };
    let channels = [MessageChannel::Whatsapp].into();
    Ok(Built::messages(Box::new(Meta::new(settings.http.clone(), account)), channels))
}

fn smtp(settings: &Settings<'_>) -> Result<Built, String> {
    let encryption = match settings.text("encryption").as_deref() {
        None | Some("starttls") => Encryption::StartTls,
        Some("tls") => Encryption::Implicit,
        Some("none") => Encryption::None,
        Some(_) => return Err("encryption is starttls, tls or none".into()),
    };
    let login = match (settings.text("user"), settings.secret("password")?) {
        (Some(user), Some(password)) => Some((user, password)),
        (None, None) => None,
        _ => return Err("user and password go together".into()),
    };
    let dkim = match (settings.text("dkim_selector"), settings.text("dkim_domain"), settings.secret("dkim_key")?) {
        (Some(selector), Some(domain), Some(key)) => Some(Dkim { selector, domain, key }),
        (None, None, None) => None,
        _ => return Err("dkim_selector, dkim_domain and dkim_key go together".into()),
    };
    let port = settings.number("port").map(|port| u16::try_from(port).map_err(|_| "port is not a port".to_owned()));
    let account = MailAccount {
        host: settings.needed("host")?,
        port: port.transpose()?,
        encryption,
        login,
        from: settings.needed("from")?,
        reply_to: settings.text("reply_to"),
        dkim,
        timeout: settings.timeout().min(Duration::from_secs(30)),
    };
    let mail = Mail::new(account).map_err(|error| error.to_string())?;
    Ok(Built::messages(Box::new(mail), [MessageChannel::Email].into()))
}

fn webhook(settings: &Settings<'_>) -> Result<Built, String> {
    let url = settings.record.base_url.clone();
    let bounds = settings.bounds(&[]);
    check_url(&bounds, &url).map_err(|error| format!("base_url: {error}"))?;
    let mut secrets = vec![settings.needed_secret("secret")?];
    // While a secret rolls, both sign.
    secrets.extend(settings.secret("old_secret")?);
    if sign(&secrets[..1], "msg", 0, b"").is_none() {
        return Err("the credential secret is whsec_ and a key in base64".into());
    }
    let named = settings.record.settings.get("kinds").and_then(serde_json::Value::as_array);
    let kinds = match named {
        None => TOLD.to_vec(),
        Some(names) => {
            let parse = |name: &serde_json::Value| {
                let kind = name.as_str().and_then(Kind::parse).filter(|kind| TOLD.contains(kind));
                kind.ok_or_else(|| format!("kinds: nothing is told of {name}"))
            };
            names.iter().map(parse).collect::<Result<Vec<_>, _>>()?
        }
    };
    Ok(Built::webhooks(Endpoint { url: Secret::new(url), secrets, bounds }, kinds))
}

/// The words of a setting that is a list, each read by `parse`; `None` where it is not set.
fn list<T>(settings: &Settings<'_>, name: &str, parse: impl Fn(&str) -> Option<T>) -> Result<Option<Vec<T>>, String> {
    let Some(value) = settings.record.settings.get(name) else { return Ok(None) };
    let words = value.as_array().ok_or_else(|| format!("{name} is a list"))?;
    let read = |word: &serde_json::Value| {
        word.as_str().and_then(&parse).ok_or_else(|| format!("{name}: {word} is not known here"))
    };
    words.iter().map(read).collect::<Result<_, _>>().map(Some)
}

fn room(settings: &Settings<'_>, of: chat::Room) -> Result<Built, String> {
    // Teams gives out addresses of many hosts.
    let hosts: &[&str] = if of == chat::Room::Slack { &["hooks.slack.com"] } else { &[] };
    let (url, bounds) = (settings.needed_secret("url")?, settings.bounds(hosts));
    check_url(&bounds, url.expose()).map_err(|error| format!("the credential url: {error}"))?;
    let role = |word: &str| Role::parse(word).map(|role| role.name().to_owned());
    let roles = list(settings, "roles", role)?.filter(|roles| !roles.is_empty());
    let posted = |word: &str| MessageKind::parse(word).filter(|kind| POSTED.contains(kind));
    let language = match settings.text("language") {
        None => Language::English,
        Some(word) => Language::parse(&word).ok_or("language is en or ur")?,
    };
    let room = Room {
        roles: roles.ok_or("the setting roles is missing: whose alerts and approvals are posted")?,
        kinds: list(settings, "kinds", posted)?.unwrap_or_else(|| POSTED.to_vec()),
        language,
    };
    Ok(Built::room(Box::new(Chat::new(settings.http.clone(), of, url, bounds)), room))
}
