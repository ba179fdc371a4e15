//! `munshi seed`: the demo shop of `munshi-seed`, made through the API like everybody else's data.
//!
//! Invariant: every request has a key that follows from the data, so a seed that was killed goes on where it was,
//! and a finished one is known by its mark and changes nothing. It sends no byte over the network: requests go
//! to the router in this process.

mod floor;

use std::{net::SocketAddr, sync::Arc, time::Duration};

use axum::{
    Router,
    body::Body,
    extract::ConnectInfo,
    http::{Method, Request},
};
use futures_util::{StreamExt, TryStreamExt, stream};
use http_body_util::BodyExt;
use munshi_actors::node::{Meta, Node};
use munshi_domain::{
    UserId,
    claim::{Claim, ClaimCommand},
    user::SecretHash,
};
use munshi_seed::{Fate, Order, PASSWORD, SEED, USERS, WAREHOUSES};
use serde_json::{Value, json};
use tower::ServiceExt;

use super::progress::Progress;
use crate::{
    api::call::id_from,
    app::App,
    auth::password,
    cli::Stop,
    config::Config,
    server,
    services::{
        claims,
        user::{self, NewUser},
    },
    telemetry,
};

/// Requests under way at a time.
const IN_FLIGHT: usize = 16;

/// Fills the shop; tells whether there was anything to do.
///
/// # Errors
/// When a request is refused that never should be, or the store fails.
pub async fn run(config: Config, node: Node) -> Result<bool, Stop> {
    let mark = format!("seed:{SEED}");
    if claims::owner(&node, &mark).await.map_err(|problem| Stop::Failed(problem.detail))?.is_some() {
        println!("the demo data is there already; nothing was changed");
        return Ok(false);
    }
    users(&node).await?;
    let metrics = telemetry::metrics().map_err(Stop::Failed)?;
    let app = App::new(node.clone(), config, metrics).map_err(Stop::Failed)?;
    let shop = Arc::new(Shop::open(server::router(app)).await?);
    shop.basics().await?;
    shop.catalogue().await?;
    let customers = shop.customers().await?;
    shop.orders(&customers).await?;
    shop.scanners().await?;
    let command = ClaimCommand::TakeClaim { owner: "munshi".into() };
    let meta = Meta::system("seed", mark.clone());
    node.execute::<Claim, _>(&mark, command, meta, |_, _| ())
        .await
        .map_err(|failure| Stop::Failed(failure.to_string()))?;
    println!(
        "demo shop: {} products, {} customers, {} orders, {} warehouses",
        munshi_seed::products().len(),
        customers.len(),
        munshi_seed::orders().len(),
        WAREHOUSES.len()
    );
    for user in USERS {
        println!("sign in as {:<16} {}  {PASSWORD}", user.role, user.email);
    }
    Ok(true)
}

async fn users(node: &Node) -> Result<(), Stop> {
    for one in USERS {
        let id = UserId::from_u128(id_from(&format!("seed/user/{}", one.email)));
        let known = claims::owner(node, &claims::user_email(one.email)).await;
        if known.map_err(|problem| Stop::Failed(problem.detail))? == Some(id.to_string()) {
            continue;
        }
        let new = NewUser {
            id,
            email: one.email.into(),
            name: one.name.into(),
            roles: user::roles(&[one.role.to_owned()]).map_err(|problem| Stop::Failed(problem.detail))?,
            password_hash: SecretHash::new(password::hash_now(PASSWORD).map_err(Stop::Failed)?),
        };
        let meta = Meta::system("seed", format!("seed:user:{}", one.email));
        user::create(node, new, meta, |_, _| ()).await.map_err(|problem| Stop::Failed(problem.detail))?;
    }
    Ok(())
}

/// Somebody of the demo shop.
#[derive(Clone, Copy)]
enum As {
    Admin = 0,
    Sales = 1,
    Finance = 2,
    Service = 3,
    Warehouse = 4,
}

struct Shop {
    router: Router,
    tokens: Vec<String>,
}

impl Shop {
    async fn open(router: Router) -> Result<Self, Stop> {
        let mut shop = Self { router, tokens: vec![String::new(); USERS.len()] };
        for (at, user) in USERS.iter().enumerate() {
            let body = json!({ "email": user.email, "password": PASSWORD });
            let (status, answer) = shop.once(As::Admin, &Method::POST, "/auth/sign-in", None, Some(&body)).await?;
            if status != 200 {
                return Err(Stop::Failed(format!("{} cannot sign in: {answer}", user.email)));
            }
            shop.tokens[at] = answer["access_token"].as_str().unwrap_or_default().to_owned();
        }
        Ok(shop)
    }

    async fn once(
        &self,
        by: As,
        method: &Method,
        path: &str,
        key: Option<&str>,
        body: Option<&Value>,
    ) -> Result<(u16, Value), Stop> {
        let mut request = Request::builder()
            .method(method)
            .uri(format!("/api/v1{path}"))
            .header("host", "localhost")
            .header("content-type", "application/json")
            .extension(ConnectInfo(SocketAddr::from(([127, 0, 0, 1], 0))));
        let token = &self.tokens[by as usize];
        if !token.is_empty() {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        if let Some(key) = key {
            request = request.header("idempotency-key", key);
        }
        let request = request.body(body.map_or_else(Body::empty, |body| Body::from(body.to_string())))?;
        let response = match self.router.clone().oneshot(request).await {
            Ok(response) => response,
            Err(never) => match never {},
        };
        let status = response.status().as_u16();
        let bytes = response.into_body().collect().await.map_err(|error| Stop::Failed(error.to_string()))?.to_bytes();
        Ok((status, serde_json::from_slice(&bytes).unwrap_or(Value::Null)))
    }

    /// Sends until there is room for it.
    async fn send(&self, by: As, method: Method, path: &str, key: &str, body: &Value) -> Result<Value, Stop> {
        let body = (!body.is_null()).then_some(body);
        for _ in 0..600 {
            let (status, answer) = self.once(by, &method, path, Some(key), body).await?;
            match status {
                200..300 => return Ok(answer),
                429 | 503 => tokio::time::sleep(Duration::from_millis(50)).await,
                _ => return Err(Stop::Failed(format!("{method} {path}: {status} {answer}"))),
            }
        }
        Err(Stop::Failed(format!("{method} {path}: the server does not keep up")))
    }

    async fn post(&self, by: As, path: &str, key: &str, body: &Value) -> Result<Value, Stop> {
        self.send(by, Method::POST, path, key, body).await
    }

    async fn get(&self, path: &str) -> Result<(u16, Value), Stop> {
        self.once(As::Admin, &Method::GET, path, None, None).await
    }

    async fn basics(&self) -> Result<(), Stop> {
        for warehouse in WAREHOUSES {
            let key = format!("seed-warehouse-{}", warehouse.code);
            self.post(As::Admin, "/warehouses", &key, &warehouse.body()).await?;
        }
        self.send(As::Admin, Method::PATCH, "/settings", "seed-settings", &munshi_seed::settings()).await?;
        Ok(())
    }

    async fn catalogue(&self) -> Result<(), Stop> {
        let products = munshi_seed::products();
        let progress = Progress::new("products", products.len());
        let jobs = products.iter().enumerate().map(|(at, product)| {
            let progress = &progress;
            async move {
                let sku = &product.sku;
                self.post(As::Admin, "/products", &format!("seed-product-{sku}"), &product.body()).await?;
                for warehouse in WAREHOUSES {
                    let (base, units) = (format!("/warehouses/{}/stock/{sku}", warehouse.code), warehouse.stock(at));
                    let key = |what: &str| format!("seed-{what}-{}-{sku}", warehouse.code);
                    if product.backorder && units > 0 {
                        let policy = json!({ "backorder_cap": 500, "low_stock": 5 });
                        let path = format!("{base}/policy");
                        self.send(As::Admin, Method::PUT, &path, &key("policy"), &policy).await?;
                    }
                    if units > 0 {
                        let body = json!({ "quantity": units, "reference": "opening stock" });
                        self.post(As::Admin, &format!("{base}/receive"), &key("stock"), &body).await?;
                    }
                }
                progress.step();
                Ok::<_, Stop>(())
            }
        });
        stream::iter(jobs).buffer_unordered(IN_FLIGHT).try_collect::<Vec<_>>().await?;
        Ok(())
    }

    /// Ids of the customers, in the order of the data.
    async fn customers(&self) -> Result<Vec<String>, Stop> {
        let people = munshi_seed::customers();
        let progress = Progress::new("customers", people.len());
        let jobs = people.iter().enumerate().map(|(at, person)| {
            let progress = &progress;
            async move {
                let made = self.post(As::Service, "/customers", &format!("seed-customer-{at}"), &person.body()).await?;
                let id = made["id"].as_str().unwrap_or_default().to_owned();
                if let Some(rupees) = person.credit {
                    let limit = json!({ "amount": format!("{rupees}.00"), "currency": "PKR" });
                    let terms = json!({ "limit": limit, "days": 30 });
                    let (path, key) = (format!("/customers/{id}/credit"), format!("seed-credit-{at}"));
                    self.send(As::Finance, Method::PUT, &path, &key, &terms).await?;
                }
                progress.step();
                Ok::<_, Stop>(id)
            }
        });
        stream::iter(jobs).buffered(IN_FLIGHT).try_collect().await
    }

    async fn orders(&self, customers: &[String]) -> Result<(), Stop> {
        let (orders, products, people) = (munshi_seed::orders(), munshi_seed::products(), munshi_seed::customers());
        let progress = Progress::new("orders", orders.len());
        let jobs = orders.iter().map(|order| {
            let (progress, products, people) = (&progress, &products, &people);
            async move {
                let lines: Vec<_> = order
                    .lines
                    .iter()
                    .map(|(product, units)| json!({ "sku": products[*product].sku, "quantity": units }))
                    .collect();
                let body = json!({
                    "customer_id": customers[order.customer], "channel": order.channel, "priority": order.priority,
                    "payment_method": order.payment, "shipping_address": people[order.customer].address(),
                    "lines": lines, "submit": order.fate != Fate::Draft,
                });
                let placed = self.post(As::Service, "/orders", &key(order, "place"), &body).await?;
                self.carry(order, placed).await?;
                progress.step();
                Ok::<_, Stop>(())
            }
        });
        stream::iter(jobs).buffer_unordered(IN_FLIGHT / 4).try_collect::<Vec<_>>().await?;
        Ok(())
    }

    /// Takes an order to where it is to end up.
    async fn carry(&self, order: &Order, placed: Value) -> Result<(), Stop> {
        let id = placed["id"].as_str().unwrap_or_default().to_owned();
        let path = |what: &str| format!("/orders/{id}/{what}");
        match order.fate {
            Fate::Draft | Fate::Pending | Fate::PendingApproval => return Ok(()),
            Fate::Rejected => return self.vote(order, &placed, "reject").await,
            _ => self.vote(order, &placed, "approve").await?,
        }
        match order.fate {
            Fate::Canceled => {
                let body = json!({ "reason": "customer changed their mind" });
                self.post(As::Service, &path("cancel"), &key(order, "cancel"), &body).await?;
            }
            Fate::OnHold => {
                let body = json!({ "kind": "address", "reason": "the rider could not find the house" });
                self.post(As::Service, &path("hold"), &key(order, "hold"), &body).await?;
            }
            Fate::Picking | Fate::Packed | Fate::Shipped | Fate::Delivered | Fate::Returned => {
                for parcel in self.parcels(&id).await? {
                    self.floor(order, &id, &parcel).await?;
                }
                if order.fate == Fate::Delivered {
                    self.post(As::Service, &path("deliver"), &key(order, "deliver"), &json!({})).await?;
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// Everybody whose word the order waits for gives it.
    async fn vote(&self, order: &Order, placed: &Value, vote: &str) -> Result<(), Stop> {
        let approval = &placed["approval"];
        for step in approval["steps"].as_array().into_iter().flatten() {
            let queue = step["queue"].as_str().unwrap_or_default();
            let by = if queue == "finance" { As::Finance } else { As::Sales };
            let path = format!("/approvals/{queue}/{}/{vote}", step["step"].as_str().unwrap_or_default());
            let body = json!({ "hash": approval["hash"], "rationale": "checked with the customer" });
            self.post(by, &path, &key(order, &format!("{vote}-{queue}")), &body).await?;
            if vote == "reject" {
                break;
            }
        }
        Ok(())
    }

    /// The parcels of an order, which come up on the floor a moment after it is approved.
    async fn parcels(&self, id: &str) -> Result<Vec<Value>, Stop> {
        for _ in 0..200 {
            let (_, view) = self.get(&format!("/orders/{id}")).await?;
            let parcels = view["parcels"].as_array().cloned().unwrap_or_default();
            let open = view["lines"].as_array().into_iter().flatten().any(|line| {
                ["open", "reserved", "allocated"].iter().any(|stage| line["quantities"][*stage].as_u64() > Some(0))
            });
            if !parcels.is_empty() && !open {
                return Ok(parcels);
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        Err(Stop::Failed(format!("order {id} never reached the floor")))
    }

    async fn floor(&self, order: &Order, id: &str, parcel: &Value) -> Result<(), Stop> {
        let (code, number) = (parcel["warehouse"].as_str().unwrap_or_default(), &parcel["number"]);
        let base = format!("/warehouses/{code}/parcels/{id}/{number}");
        let (status, view) = self.get(&base).await?;
        let (all, step) = (&order.fate, |what: &str| key(order, &format!("{what}-{number}")));
        // A parcel that has left the building was handled before this seed was killed.
        let left = status != 200 || matches!(view["state"].as_str(), Some("handed_over" | "closed"));
        if !left {
            self.post(As::Warehouse, &format!("{base}/claim"), &step("claim"), &Value::Null).await?;
            let lines = view["lines"].as_array().cloned().unwrap_or_default();
            let picked = if *all == Fate::Picking { lines.len() / 2 } else { lines.len() };
            for line in lines.iter().take(picked) {
                let body = json!({ "sku": line["sku"], "quantity": line["quantity"] });
                let key = step(&format!("confirm-{}", line["line"]));
                self.post(As::Warehouse, &format!("{base}/confirm"), &key, &body).await?;
            }
            if *all == Fate::Picking {
                return Ok(());
            }
            let body = json!({ "weight_grams": 400 + order.number * 10 });
            self.post(As::Warehouse, &format!("{base}/pack"), &step("pack"), &body).await?;
            if *all == Fate::Packed {
                return Ok(());
            }
            let tracking = format!("DEMO{:06}{number}", order.number);
            let carrier = ["tcs", "leopards", "postex"][order.number % 3];
            let body = json!({ "carrier": carrier, "tracking": tracking });
            self.post(As::Warehouse, &format!("{base}/book"), &step("book"), &body).await?;
            self.post(As::Warehouse, &format!("{base}/hand-over"), &step("leave"), &Value::Null).await?;
        }
        if *all == Fate::Returned {
            for scan in ["attempt_failed", "returning", "returned_to_sender"] {
                let body = json!({ "parcel": number, "status": scan });
                self.post(As::Service, &format!("/orders/{id}/scan"), &step(scan), &body).await?;
            }
        }
        Ok(())
    }
}

fn key(order: &Order, what: &str) -> String {
    format!("seed-order-{}-{what}", order.number)
}
