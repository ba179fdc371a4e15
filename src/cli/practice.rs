//! `munshi practice`: connections of the demo shop to the practice world, so that a newcomer sees messages arrive.
//!
//! Invariant: what is there stays as it is; doing it again prints the same addresses. The secrets here open nothing but
//! the practice world, which listens on loopback only.

use std::collections::BTreeMap;

use clap::Args;
use munshi_actors::node::{Meta, Node};
use munshi_connectors::secret::Secret;
use munshi_domain::{
    phone::Phone,
    settings::{SHOP, Settings, SettingsCommand},
    user::{User, UserCommand},
};
use serde_json::{Value, json};

use super::{
    Stop,
    open::{Data, on_node},
    stop,
};
use crate::{
    boot,
    config::Config,
    outbound::{
        Outbound,
        admin::Change,
        note::Noted,
        records::{Mode, Vendor},
    },
    services::{claims, user},
};

/// Where the practice world listens.
#[derive(Debug, Args)]
pub struct PracticeArgs {
    /// Its HTTP address.
    #[arg(long, value_name = "URL", default_value = "http://127.0.0.1:7400")]
    url: String,
    /// Its mail server's port on 127.0.0.1.
    #[arg(long, value_name = "PORT", default_value_t = 7425)]
    mail_port: u16,
    /// Its mail user and password, `user:password`.
    #[arg(long, value_name = "LOGIN", default_value = "practice:practice-mail")]
    mail_login: String,
    /// Address under which it reaches this server.
    #[arg(long, value_name = "URL", default_value = "http://127.0.0.1:8080")]
    public: String,
}

/// Number of the demo shop's approver in the practice world.
const APPROVER: (&str, &str) = ("sales@demo.munshi.pk", "+923330000001");

/// Makes the connections that are not there, and prints what the practice world has to call.
pub async fn run(mut config: Config, args: PracticeArgs) -> Result<(), Stop> {
    config.connections.public_url.clone_from(&args.public);
    boot::keep_connection_keys(&mut config).map_err(Stop::Failed)?;
    on_node(&config.clone(), Data::Existing, async |node| {
        let outbound = Outbound::new(node.clone(), &config).map_err(Stop::Failed)?;
        outbound.open().await.map_err(|error| stop::store(&error))?;
        let made = connect(&outbound, &args).await;
        prepare(&node).await?;
        outbound.stop().await;
        println!("{}", made?);
        Ok(())
    })
    .await
}

fn twilio(args: &PracticeArgs) -> Change {
    let settings = json!({
        "account_sid": "AC00000000000000000000000000000001",
        "whatsapp_sender": "+14155238886",
        "sms_sender": "+14155550100",
    });
    change("WhatsApp and SMS (practice)", format!("{}/twilio", args.url), settings, &[("auth_token", "practice-token")])
}

fn mail(args: &PracticeArgs) -> Change {
    let (user, password) = args.mail_login.split_once(':').unwrap_or((&args.mail_login, ""));
    let settings = json!({
        "host": "127.0.0.1", "port": args.mail_port, "encryption": "none", "user": user,
        "from": "Munshi demo shop <orders@demo.munshi.pk>",
    });
    change("Mail (practice)", String::new(), settings, &[("password", password)])
}

fn change(name: &str, base_url: String, settings: Value, credentials: &[(&str, &str)]) -> Change {
    let settings: BTreeMap<String, Value> = serde_json::from_value(settings).unwrap_or_default();
    let secret = |(name, secret): &(&str, &str)| ((*name).to_owned(), Secret::new((*secret).to_owned()));
    Change {
        name: Some(name.to_owned()),
        mode: Some(Mode::Practice),
        base_url: Some(base_url),
        settings,
        credentials: credentials.iter().map(secret).collect(),
        rotate_hook: false,
        paused_because: None,
    }
}

/// The address that the practice world calls when somebody writes.
async fn connect(outbound: &Outbound, args: &PracticeArgs) -> Result<String, Stop> {
    for (id, vendor, change) in
        [("practice", Vendor::Twilio, twilio(args)), ("practice-mail", Vendor::Smtp, mail(args))]
    {
        if outbound.wired(id).is_none() {
            let made = outbound.create(id, vendor, change, Noted::system(format!("practice/{id}"))).await;
            made.map_err(|error| Stop::Failed(error.to_string()))?;
        }
    }
    let hook = outbound.wired("practice").and_then(|wired| wired.hook_url(outbound.public_url()));
    hook.ok_or_else(|| Stop::Failed("the connection practice has no address".into()))
}

/// Customers confirm cash on delivery, nothing waits for the morning, and the sales manager has a number, unless somebody
/// decided otherwise.
async fn prepare(node: &Node) -> Result<(), Stop> {
    let read = node.read::<Settings, _>(SHOP, |settings, _| settings.shop.clone()).await;
    let mut shop = read.map_err(|error| Stop::Failed(error.to_string()))?.unwrap_or_default();
    if !shop.confirm_cod {
        shop.confirm_cod = true;
        shop.messaging.quiet_until_minute = shop.messaging.quiet_from_minute;
        let command = SettingsCommand::ChangeSettings(Box::new(shop));
        let meta = Meta::system("practice", "practice/settings");
        // Done before and undone by somebody: the stored answer, and it stays undone.
        node.execute::<Settings, _>(SHOP, command, meta, |_, _| ())
            .await
            .map_err(|failure| Stop::Failed(failure.to_string()))?;
    }
    let (email, phone) = APPROVER;
    let owner =
        claims::owner(node, &claims::user_email(email)).await.map_err(|problem| Stop::Failed(problem.detail))?;
    let Some(owner) = owner else { return Ok(()) };
    let known = node.read::<User, _>(&owner, |user, _| user.phone.is_some()).await;
    if known.map_err(|error| Stop::Failed(error.to_string()))?.unwrap_or(true) {
        return Ok(());
    }
    let phone = Phone::parse(phone).map_err(|error| Stop::Failed(error.to_string()))?;
    let command = UserCommand::SetPhone { phone: Some(phone) };
    let meta = Meta::system("practice", "practice/approver");
    user::apply(node, &owner, command, meta, |_, _| ()).await.map_err(|problem| Stop::Failed(problem.detail))?;
    Ok(())
}
