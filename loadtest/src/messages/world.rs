//! The shop of a run with messages: connections to the practice world, customers who can be reached, orders of theirs.

use clap::ValueEnum;
use hyper::Method;
use serde_json::{Value, json};

use super::{
    front::{Behind, Front},
    practice::Practice,
};
use crate::{
    client::{Call, Client},
    server::{Fault, Server, Site},
    shop::{self, Plan, Shop, must},
};

/// How the practice world calls back: as an operator sets it at Twilio, with retries.
const CALLBACKS: &str = "#rc=5&rp=5xx,ct,rt";

/// Who carries WhatsApp.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Carrier {
    /// Twilio, with SMS.
    Twilio,
    /// Meta; SMS by Twilio.
    Meta,
}

impl Carrier {
    /// Its name in the practice world, and the id of its connection.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Twilio => "twilio",
            Self::Meta => "meta",
        }
    }

    /// Ids of the connections.
    pub const fn connections(self) -> &'static [&'static str] {
        match self {
            Self::Twilio => &["twilio", "mail"],
            Self::Meta => &["meta", "twilio", "mail"],
        }
    }
}

/// How somebody behaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Habit {
    /// Takes what comes, by WhatsApp and mail.
    Plain,
    /// Writes now and then, so that free text is tried; but the vendor's window is shut by the time it arrives.
    Writes,
    /// Has opted out at the vendor.
    OptedOut,
}

/// A customer.
#[derive(Clone, Debug)]
pub struct Person {
    /// Id at the server.
    pub id: String,
    /// Number, E.164.
    pub phone: String,
    /// Address, of those who take mail.
    pub email: Option<String>,
    /// How they behave.
    pub habit: Habit,
}

/// An order whose events somebody must hear of.
#[derive(Clone, Debug)]
pub struct Placed {
    /// Index of the customer.
    pub person: usize,
    /// Id.
    pub id: String,
    /// Number.
    pub number: String,
    /// Whether it was canceled.
    pub canceled: bool,
}

/// Server, practice world and shop.
#[derive(Debug)]
pub struct World {
    /// Program, data and settings.
    pub site: Site,
    /// The server.
    pub server: Server,
    /// The vendors.
    pub practice: Practice,
    /// The address by which everybody reaches the server, whatever its port is just now.
    pub door: Front,
    /// The address by which the server reaches WhatsApp and SMS.
    pub vendors: Front,
    /// Products and tokens.
    pub shop: Shop,
    /// Who carries WhatsApp.
    pub carrier: Carrier,
}

impl World {
    /// Starts everything and makes the connections.
    ///
    /// # Errors
    /// What went wrong.
    pub async fn open(
        site: &Site,
        practice: Practice,
        carrier: Carrier,
        settings: &[(&str, &str)],
    ) -> Result<Self, Fault> {
        let door = Front::open(Behind::Nothing).await?;
        let vendors = Front::open(Behind::Server(practice.http)).await?;
        let own = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        let mut settings: Vec<_> = settings.iter().map(own).collect();
        settings.push(("MUNSHI_CONNECTIONS__PUBLIC_URL".into(), format!("http://{}", door.address)));
        let site = site.clone().with(&settings);
        let plan = Plan { skus: 5, units: 900_000, warehouses: 1, customers: 0, credit: 0, to_floor: false };
        let (server, shop) = shop::open(&site, plan).await?;
        door.turn(Behind::Server(server.address));
        let world = Self { site, server, practice, door, vendors, shop, carrier };
        world.connect().await?;
        Ok(world)
    }

    /// A client that finds the server behind the door.
    pub fn client(&self) -> Client {
        Client::new(self.door.address, &self.shop.token)
    }

    async fn connect(&self) -> Result<(), Fault> {
        let mut client = self.client();
        // What is told waits for no morning here, and no alert about a vendor that refuses meets the same refusal: what is
        // given up is about orders.
        let messaging = json!({
            "quiet_from_minute": 0, "quiet_until_minute": 0,
            "kinds": { "error_alert": { "enabled": false }, "sync_failed": { "enabled": false } },
        });
        let settings = json!({ "messaging": messaging });
        must(&mut client, &Call::send(Method::PATCH, "/settings", "quiet", &settings)).await?;
        for connection in self.connections() {
            let id = connection["id"].as_str().unwrap_or_default().to_owned();
            let made = must(&mut client, &Call::post("/connections", format!("make-{id}"), &connection)).await?;
            let hook = made["hook_url"].as_str().unwrap_or_default();
            let heard = match id.as_str() {
                "twilio" if self.carrier == Carrier::Twilio => {
                    json!({ "twilio_webhook": format!("{hook}{CALLBACKS}") })
                }
                "meta" => json!({ "meta_webhook": hook }),
                _ => continue,
            };
            self.practice.tell("settings", &heard).await?;
            must(&mut client, &Call::act(format!("/connections/{id}/templates"), format!("texts-{id}"))).await?;
        }
        self.practice.tell("settings", &json!({ "messages_per_second": 1_000, "step_ms": 100 })).await.map(drop)
    }

    fn connections(&self) -> Vec<Value> {
        let base = |vendor: &str| format!("http://{}/{vendor}", self.vendors.address);
        let mut twilio = json!({
            "id": "twilio", "name": "Twilio", "vendor": "twilio", "mode": "practice", "base_url": base("twilio"),
            "settings": {
                "account_sid": "AC00000000000000000000000000000001", "sms_sender": "+14155550100", "per_second": 200,
            },
            "credentials": { "auth_token": "practice-token" },
        });
        let mail = json!({
            "id": "mail", "name": "Mail", "vendor": "smtp", "mode": "practice",
            "settings": {
                "host": "127.0.0.1", "port": self.practice.smtp.port(), "encryption": "none", "user": "practice",
                "from": "Load test <orders@load.test>", "per_second": 200,
            },
            "credentials": { "password": "practice-mail" },
        });
        if self.carrier == Carrier::Twilio {
            twilio["settings"]["whatsapp_sender"] = json!("+14155238886");
            return vec![twilio, mail];
        }
        let meta = json!({
            "id": "meta", "name": "Meta", "vendor": "meta", "mode": "practice", "base_url": base("meta"),
            "settings": {
                "phone_number_id": "100200300400500", "business_account_id": "500400300200100", "per_second": 200,
            },
            "credentials": {
                "access_token": "practice-meta-token", "app_secret": "practice-app-secret", "verify_token": "verify-me",
            },
        });
        vec![meta, twilio, mail]
    }

    /// Makes customers.
    ///
    /// # Errors
    /// What went wrong.
    pub async fn people(&self, habits: impl IntoIterator<Item = Habit>, mail: bool) -> Result<Vec<Person>, Fault> {
        let (mut client, mut people) = (self.client(), Vec::new());
        for (n, habit) in habits.into_iter().enumerate() {
            let local = format!("300{:07}", n + 1);
            let email = (mail && habit == Habit::Plain).then(|| format!("buyer-{n}@load.test"));
            let emails: Vec<&String> = email.iter().collect();
            let body = json!({ "name": format!("Buyer {n}"), "phones": [format!("0{local}")], "emails": emails });
            let made = must(&mut client, &Call::post("/customers", format!("buyer-{n}"), &body)).await?;
            let phone = format!("+92{local}");
            if habit == Habit::OptedOut {
                self.practice.tell("opt-out", &json!({ "phone": phone, "on": true })).await?;
            }
            people.push(Person { id: made["id"].as_str().unwrap_or_default().to_owned(), phone, email, habit });
        }
        Ok(people)
    }

    /// Kills the server while everybody is knocking, and starts it again. Answers when it listens.
    ///
    /// # Errors
    /// When it does not come back.
    pub async fn kill(&mut self) -> Result<(), Fault> {
        self.server.kill().await;
        self.door.turn(Behind::Nothing);
        self.server = self.site.start().await?;
        self.door.turn(Behind::Server(self.server.address));
        Ok(())
    }
}

/// Places an order of a customer, and cancels it if wanted; sends until answered, through kills.
///
/// # Errors
/// When it is refused.
pub async fn place(
    client: &mut Client,
    shop: &Shop,
    (index, person): (usize, &Person),
    n: usize,
    cancel: bool,
) -> Result<Placed, Fault> {
    let body = shop::order(&person.id, &[(shop.skus[n % shop.skus.len()].as_str(), 1)], "prepaid");
    let view = must(client, &Call::post("/orders", format!("order-{n}"), &body)).await?;
    let text = |name: &str| view[name].as_str().unwrap_or_default().to_owned();
    let mut placed = Placed { person: index, id: text("id"), number: text("number"), canceled: false };
    if cancel {
        let path = format!("/orders/{}/cancel", placed.id);
        let view =
            must(client, &Call::post(path, format!("cancel-{n}"), &json!({ "reason": "changed my mind" }))).await?;
        placed.canceled = view["status"] == "canceled";
    }
    Ok(placed)
}
