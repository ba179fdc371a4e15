//! The program killed again and again while a vendor misbehaves: each message is read once, none is lost, and nothing
//! personal or secret stands in its log.

use std::{fs::File, path::Path};

use http_body_util::Full;
use hyper::{Request, body::Bytes, header};
use munshi_actors::Clock;
use serde_json::{Value, json};

use super::{
    twilio, until,
    vendor::{Fault, KEY, Vendor},
};
use crate::{
    harness::{address, exchange},
    program::{Server, munshi, ok, run},
};

fn serve(data: &Path, life: usize) -> Server {
    let mut command = munshi(data);
    command.env("MUNSHI_CONNECTIONS__CALL_TIMEOUT", "300ms").env("MUNSHI_CONNECTIONS__LOOKUP_WAIT", "300ms");
    command.env("MUNSHI_LOG__FILTER", "debug,surrealdb=warn,surrealdb_core=warn,surrealkv=error");
    let log = File::create(data.join(format!("log-{life}.txt"))).unwrap();
    Server::start(command, log.into())
}

struct Client {
    token: String,
    life: usize,
    keys: usize,
}

impl Client {
    async fn sign_in(server: &Server, life: usize) -> Self {
        let body = json!({"email": "admin@demo.munshi.pk", "password": "a long password"}).to_string();
        let (status, reply) = crate::harness::post(&server.address, "/api/v1/auth/sign-in", &body).await;
        assert_eq!(status, 200, "{reply}");
        Self { token: reply["access_token"].as_str().unwrap().to_owned(), life, keys: 0 }
    }

    async fn call(&mut self, server: &Server, method: &str, path: &str, body: Option<&Value>) -> Value {
        self.keys += 1;
        let body = body.map(Value::to_string).unwrap_or_default();
        // A machine with much else to do sheds what comes in: nothing was done, and the same is sent again.
        let reply = until("a server that is not busy", async || {
            let request = Request::builder()
                .method(method)
                .uri(format!("/api/v1{path}"))
                .header(header::HOST, "localhost")
                .header(header::AUTHORIZATION, format!("Bearer {}", self.token))
                .header(header::CONTENT_TYPE, "application/json")
                .header("idempotency-key", format!("life-{}-{}", self.life, self.keys));
            let request = request.body(Full::new(Bytes::from(body.clone()))).unwrap();
            let reply = exchange(&server.address, request).await;
            (reply.status != 429).then_some(reply)
        });
        reply.await.ok()
    }
}

async fn shop(client: &mut Client, server: &Server, vendor: &Vendor) -> String {
    let warehouse = json!({"code": "KHI-1", "name": "SITE", "address": address()});
    client.call(server, "POST", "/warehouses", Some(&warehouse)).await;
    let details = json!({"title": "Dupatta", "price": {"amount": "800.00", "currency": "PKR"}});
    client.call(server, "POST", "/products", Some(&json!({"sku": "DUPATTA", "details": details}))).await;
    let receive = json!({"quantity": 1000, "reference": "opening"});
    client.call(server, "POST", "/warehouses/KHI-1/stock/DUPATTA/receive", Some(&receive)).await;
    client.call(server, "POST", "/connections", Some(&twilio(vendor))).await;
    client.call(server, "POST", "/connections/twilio/templates", None).await;
    let customer = json!({"name": "Canary Begum", "phones": ["0300 5550123"]});
    let made = client.call(server, "POST", "/customers", Some(&customer)).await;
    until("the warehouse is listed", async || {
        let list = client.call(server, "GET", "/warehouses", None).await;
        (!list["items"].as_array().unwrap().is_empty()).then_some(())
    })
    .await;
    made["id"].as_str().unwrap().to_owned()
}

#[test]
fn not_03_killed_at_any_moment_every_message_is_read_once_and_no_log_tells_of_it() {
    let directory = tempfile::tempdir().unwrap();
    let data = directory.path();
    let add = ["user", "add", "--email", "admin@demo.munshi.pk", "--name", "Admin", "--role", "admin"];
    ok(&run(data, &add, "a long password\n"));
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        let clock = Clock::system();
        let vendor = Vendor::start(move || clock.now().as_millis()).await;
        let mut server = serve(data, 0);
        let mut client = Client::sign_in(&server, 0).await;
        let customer = shop(&mut client, &server, &vendor).await;
        let mut numbers = Vec::new();
        for life in 1..=6 {
            let faults = [Fault::SilentlyTaken, Fault::Throttled, Fault::SilentlyLost, Fault::Down];
            vendor.fault(faults[life % 4]);
            let calls = vendor.calls();
            for _ in 0..3 {
                let order = json!({
                    "customer_id": customer, "payment_method": "prepaid", "shipping_address": address(), "submit": true,
                    "lines": [{"sku": "DUPATTA", "quantity": 1}],
                });
                let placed = client.call(&server, "POST", "/orders", Some(&order)).await;
                numbers.push(placed["number"].as_str().unwrap().to_owned());
            }
            // Killed while the first, the second or no message is on its way.
            let wanted = calls + life % 3;
            until("calls", async || (vendor.calls() >= wanted).then_some(())).await;
            drop(server);
            server = serve(data, life);
            client = Client::sign_in(&server, life).await;
        }
        until("every message", async || (vendor.read_by("3005550123").len() >= numbers.len()).then_some(())).await;
        until("nothing is open", async || {
            let seen = client.call(&server, "GET", "/connections/twilio", None).await;
            let health = &seen["health"];
            let open = ["planned", "unknown", "in_flight", "lag"].iter().map(|name| health[*name].as_u64().unwrap());
            (open.sum::<u64>() == 0).then_some(())
        })
        .await;
        let read = vendor.read_by("3005550123");
        for number in &numbers {
            let of: Vec<_> = read.iter().filter(|message| message.body.contains(number)).collect();
            assert_eq!(of.len(), 1, "{number} is read {} times", of.len());
        }
        assert_eq!(read.len(), numbers.len());
        let dead = client.call(&server, "GET", "/dead-letters", None).await;
        assert_eq!(dead["items"], json!([]), "{dead}");
        drop(server);
        assert!(ok(&run(data, &["doctor"], "")).contains(" 0 faults"));
        let text = read[0].body.clone();
        for life in 0..=6 {
            let log = std::fs::read_to_string(data.join(format!("log-{life}.txt"))).unwrap();
            assert!(log.contains("node started"), "the log is written");
            for canary in ["3005550123", "Canary", "canary-auth-token", KEY, &text, "a long password"] {
                let found = log.lines().find(|line| line.contains(canary));
                assert_eq!(found, None, "{canary} in the log of life {life}");
            }
        }
    });
}
