//! What nobody may read in a log: the program runs with every detail logged while messages are sent, fail, are told of and
//! answered by every vendor (SEC-06). `crash.rs` does the same for Twilio's WhatsApp, killed.

use std::{
    fs::File,
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Stdio},
};

use http_body_util::Full;
use hyper::{Request, body::Bytes, header};
use serde_json::{Value, json};

use super::{practice::Practice, until};
use crate::{
    harness::{Reply, address, exchange, with},
    program::{munshi, ok, run},
};

const PHONE: &str = "+923005550123";
const PASSWORD: &str = "canary password of admin";

struct Server {
    child: Child,
    address: String,
    token: String,
    keys: usize,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Server {
    async fn start(data: &Path, format: &str, level: &str) -> Self {
        let mut command = munshi(data);
        command.env("MUNSHI_CONNECTIONS__CALL_TIMEOUT", "5s").env("MUNSHI_CONNECTIONS__LOOKUP_WAIT", "200ms");
        command.env("MUNSHI_LOG__FILTER", format!("{level},surrealdb=warn,surrealdb_core=warn,surrealkv=error"));
        command.env("MUNSHI_LOG__FORMAT", format);
        let log = File::create(data.join(format!("log-{level}.txt"))).unwrap();
        let mut child =
            command.args(["serve", "--listen", "127.0.0.1:0"]).stdout(Stdio::piped()).stderr(log).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let address = line.trim().strip_prefix("listening on http://").unwrap().to_owned();
        let body = json!({"email": "canary.admin@demo.munshi.pk", "password": PASSWORD}).to_string();
        let (status, reply) = crate::harness::post(&address, "/api/v1/auth/sign-in", &body).await;
        assert_eq!(status, 200, "{reply}");
        Self { child, address, token: reply["access_token"].as_str().unwrap().to_owned(), keys: 0 }
    }

    async fn send(&mut self, method: &str, path: &str, body: &Value) -> Reply {
        self.keys += 1;
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::HOST, "localhost")
            .header(header::AUTHORIZATION, format!("Bearer {}", self.token))
            .header(header::CONTENT_TYPE, "application/json")
            .header("idempotency-key", format!("{}-{}", self.address, self.keys));
        let body = if body.is_null() { String::new() } else { body.to_string() };
        exchange(&self.address, request.body(Full::new(Bytes::from(body))).unwrap()).await
    }

    async fn call(&mut self, method: &str, path: &str, body: Value) -> Value {
        self.send(method, &format!("/api/v1{path}"), &body).await.ok()
    }
}

async fn connect(server: &mut Server, practice: &Practice) -> Vec<String> {
    let subscriber = json!({
        "id": "erp", "name": "ERP", "vendor": "webhook", "mode": "practice", "base_url": practice.url("hook/erp"),
        "credentials": {"secret": practice.settings.webhook_secret},
    });
    let mut tokens = Vec::new();
    let rooms = [practice.room("slack"), practice.room("teams")];
    for connection in [practice.meta(), practice.sms(), practice.mail(), subscriber].into_iter().chain(rooms) {
        let made = server.call("POST", "/connections", connection).await;
        let hook = made["hook_url"].as_str().unwrap_or_default().to_owned();
        tokens.extend(hook.rsplit('/').next().filter(|token| !token.is_empty()).map(str::to_owned));
        if made["id"] == "meta" {
            practice.tell("settings", json!({"meta_webhook": hook})).await;
            // A delivery that nobody signed is refused, and that is logged.
            let path = hook.split_once("://").unwrap().1.split_once('/').unwrap().1.to_owned();
            let refused = server.send("POST", &format!("/{path}"), &json!({"said": "canary-unsigned"})).await;
            assert_eq!(refused.status, 401);
        }
    }
    server.call("POST", "/connections/meta/templates", Value::Null).await;
    tokens
}

async fn customer(server: &mut Server) -> String {
    let warehouse = json!({"code": "KHI-1", "name": "SITE", "address": address()});
    server.call("POST", "/warehouses", warehouse).await;
    let details = json!({"title": "Dupatta", "price": {"amount": "800.00", "currency": "PKR"}});
    server.call("POST", "/products", json!({"sku": "DUPATTA", "details": details})).await;
    let receive = json!({"quantity": 1000, "reference": "opening"});
    server.call("POST", "/warehouses/KHI-1/stock/DUPATTA/receive", receive).await;
    let person = json!({"name": "Canary Begum", "phones": [PHONE], "emails": ["canary.begum@example.pk"]});
    let made = server.call("POST", "/customers", person).await;
    until("the warehouse is listed", async || {
        let list = server.call("GET", "/warehouses", Value::Null).await;
        (!list["items"].as_array().unwrap().is_empty()).then_some(())
    })
    .await;
    made["id"].as_str().unwrap().to_owned()
}

/// Places an order and waits until its mail and its message have arrived.
async fn told(server: &mut Server, practice: &Practice, customer: &str, channel: &str) -> Value {
    let home = with(address(), "line1", json!("Canary House 7"));
    let order = json!({
        "customer_id": customer, "payment_method": "prepaid", "shipping_address": home, "submit": true,
        "lines": [{"sku": "DUPATTA", "quantity": 1}],
    });
    let placed = server.call("POST", "/orders", order).await;
    let number = placed["number"].as_str().unwrap().to_owned();
    until(&format!("{channel} and mail about {number}"), async || {
        let read = practice.read_by(PHONE).await;
        let message = read
            .into_iter()
            .find(|one| one["channel"] == channel && one["text"].as_str().is_some_and(|text| text.contains(&number)))?;
        let mails = practice.mails().await;
        mails.iter().any(|mail| mail["subject"].as_str().unwrap().contains(&number)).then_some(message)
    })
    .await
}

/// Every text of some length in what a room was sent.
fn texts(of: &Value, into: &mut Vec<String>) {
    match of {
        Value::String(text) => into.extend(text.lines().filter(|line| line.contains(' ')).map(str::to_owned)),
        Value::Array(list) => list.iter().for_each(|one| texts(one, into)),
        Value::Object(fields) => fields.values().for_each(|one| texts(one, into)),
        _ => {}
    }
}

/// An approval waits: both rooms hear of it, and what they were told is answered. Then one that is told only to lose its
/// connection, and one that is refused.
async fn rooms(server: &mut Server, practice: &Practice, customer: &str) -> Vec<String> {
    let rule = json!({"over": {"amount": "1000.00", "currency": "PKR"}, "queue": "sales", "role": "admin"});
    server.call("PATCH", "/settings", json!({"approval_rules": [rule]})).await;
    let big = json!({
        "customer_id": customer, "payment_method": "prepaid", "shipping_address": address(), "submit": true,
        "lines": [{"sku": "DUPATTA", "quantity": 3}],
    });
    server.call("POST", "/orders", big.clone()).await;
    let mut said = Vec::new();
    for vendor in ["slack", "teams"] {
        let body = until(&format!("{vendor} hears of it"), async || {
            let all = practice.state("received").await;
            let mut of = all.as_array().unwrap().iter().filter(|one| one["kind"] == vendor && one["accepted"] == true);
            of.next().map(|one| one["body"].as_str().unwrap().to_owned())
        })
        .await;
        let before = said.len();
        texts(&serde_json::from_str(&body).unwrap(), &mut said);
        assert!(said.len() > before, "{vendor} was told something: {body}");
    }
    practice.fault("slack", "reset-after", 1).await;
    practice.fault("teams", "400", 1).await;
    server.call("POST", "/orders", big).await;
    until("slack may have heard of it", async || {
        let slack = server.call("GET", "/connections/slack", Value::Null).await;
        (slack["health"]["unknown"] == 1).then_some(())
    })
    .await;
    until("teams refused it", async || {
        let dead = server.call("GET", "/dead-letters?connection=teams", Value::Null).await;
        (!dead["items"].as_array().unwrap().is_empty()).then_some(())
    })
    .await;
    said
}

fn grep(log: &str, canaries: &[String]) {
    assert!(log.contains("node started"), "the log is written");
    for canary in canaries {
        assert!(canary.len() > 4, "{canary:?} would be found anywhere");
        let found = log.lines().find(|line| line.contains(canary.as_str()));
        assert_eq!(found, None, "{canary} is in the log");
    }
}

#[test]
fn sec_06_no_log_of_any_level_tells_of_secrets_people_or_what_they_wrote() {
    let directory = tempfile::tempdir().unwrap();
    let data = directory.path();
    let add = ["user", "add", "--email", "canary.admin@demo.munshi.pk", "--name", "Canary", "--role", "admin"];
    ok(&run(data, &add, &format!("{PASSWORD}\n")));
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        let practice = Practice::start(None).await;
        let settings = practice.settings.clone();
        let mut canaries: Vec<String> = [
            "3005550123",
            "canary.begum",
            "Canary Begum",
            "Canary House",
            "canary-unsigned",
            "canary kapra",
            "canary.admin",
            PASSWORD,
            "canary-verify-token",
        ]
        .map(str::to_owned)
        .into();
        canaries.extend([settings.meta_token, settings.meta_secret, settings.auth_token, settings.smtp_password]);
        canaries.push(settings.webhook_secret.trim_start_matches("whsec_").to_owned());
        let mut server = Server::start(data, "pretty", "debug").await;
        canaries.extend(connect(&mut server, &practice).await);
        let customer = customer(&mut server).await;
        // Sent, told of, answered.
        let message = told(&mut server, &practice, &customer, "whatsapp").await;
        let said = json!({"phone": PHONE, "vendor": "meta", "text": "canary kapra kaisa hai", "name": "Canary Begum"});
        practice.tell("emit", said).await;
        until("it is heard", async || {
            let thread = server.call("GET", &format!("/customers/{customer}/conversation"), Value::Null).await;
            let path = format!("/conversations/{}/messages?limit=100", thread["id"].as_str().unwrap());
            let entries = server.call("GET", &path, Value::Null).await;
            let mut heard = entries["items"].as_array().unwrap().iter();
            heard.any(|entry| entry["text"] == "canary kapra kaisa hai").then_some(())
        })
        .await;
        // What is answered to that must not meet the faults below.
        let answered = async || practice.read_by(PHONE).await.iter().any(|one| one["text"] != message["text"]);
        until("it is answered", async || answered().await.then_some(())).await;
        // Refused by one vendor, so sent by another; an answer lost; a mail refused for a while.
        practice.fault("meta", "400", 1).await;
        practice.fault("twilio", "reset-after", 1).await;
        practice.fault("smtp", "503", 1).await;
        let sms = told(&mut server, &practice, &customer, "sms").await;
        canaries.extend([&message, &sms].map(|message| message["text"].as_str().unwrap().to_owned()));
        let read = practice.read_by(PHONE).await;
        canaries
            .extend(read.iter().map(|message| message["text"].as_str().unwrap().lines().next().unwrap().to_owned()));
        canaries.extend(rooms(&mut server, &practice, &customer).await);
        canaries.push(settings.chat_token);
        canaries.push(server.token.clone());
        drop(server);
        // The same at the level people use, as machines read it.
        let mut server = Server::start(data, "json", "info").await;
        told(&mut server, &practice, &customer, "whatsapp").await;
        canaries.push(server.token.clone());
        drop(server);
        for level in ["debug", "info"] {
            grep(&std::fs::read_to_string(data.join(format!("log-{level}.txt"))).unwrap(), &canaries);
        }
    });
}
