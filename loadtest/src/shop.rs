//! The shop a run needs: users, a warehouse or two, products, customers on credit terms, an approval rule.

use std::{net::SocketAddr, time::Duration};

use hyper::Method;
use serde_json::{Value, json};

use crate::{
    client::{Answer, Call, Client},
    server::{Fault, Server, Site},
};

/// Password of the users of a run.
pub const PASSWORD: &str = "load-test-password";

/// What orders are made of.
#[derive(Clone, Debug)]
pub struct Shop {
    /// Token of an administrator.
    pub token: String,
    /// Token of somebody who approves.
    pub approver: String,
    /// Warehouse codes.
    pub warehouses: Vec<String>,
    /// SKUs.
    pub skus: Vec<String>,
    /// Customer ids.
    pub customers: Vec<String>,
}

/// How large.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    /// SKUs, `SKU-0000` and so on.
    pub skus: usize,
    /// Units of each SKU in each warehouse.
    pub units: u32,
    /// Warehouses.
    pub warehouses: usize,
    /// Customers.
    pub customers: usize,
    /// Credit limit of each, in whole rupees.
    pub credit: u64,
    /// Whether allocated units go to the floor by themselves, where their pick is assigned.
    pub to_floor: bool,
}

/// Makes users, starts the server and fills the shop.
///
/// # Errors
/// What went wrong.
pub async fn open(site: &Site, plan: Plan) -> Result<(Server, Shop), Fault> {
    site.add_user("admin@load.test", "admin", PASSWORD).await?;
    site.add_user("sales@load.test", "sales_manager", PASSWORD).await?;
    let server = site.start().await?;
    let shop = fill(server.address, plan).await?;
    Ok((server, shop))
}

/// Signs in.
///
/// # Errors
/// The problem code.
pub async fn sign_in(address: SocketAddr, email: &str) -> Result<String, Fault> {
    let mut client = Client::new(address, "");
    let mut call = Call::post("/auth/sign-in", "", &json!({ "email": email, "password": PASSWORD }));
    call.key = None;
    let answer = settled(&mut client, &call).await?;
    if !answer.ok() {
        return Err(format!("sign-in: {}", answer.code()));
    }
    Ok(answer.json()["access_token"].as_str().unwrap_or_default().to_owned())
}

/// Sends until there is an answer that is not "try again"; the key stays the same.
///
/// # Errors
/// When there is none within a minute.
pub async fn settled(client: &mut Client, call: &Call) -> Result<Answer, Fault> {
    for _ in 0..600 {
        match client.send(call).await {
            Ok(answer) if !answer.again() => return Ok(answer),
            _ => tokio::time::sleep(Duration::from_millis(100)).await,
        }
    }
    Err(format!("no answer to {} {}", call.method, call.path))
}

/// Sends something that must be accepted.
///
/// # Errors
/// The problem as the server describes it.
pub async fn must(client: &mut Client, call: &Call) -> Result<Value, Fault> {
    let answer = settled(client, call).await?;
    if answer.ok() {
        Ok(answer.json())
    } else {
        Err(format!("{} {}: {}", call.method, call.path, String::from_utf8_lossy(&answer.body)))
    }
}

async fn fill(address: SocketAddr, plan: Plan) -> Result<Shop, Fault> {
    let token = sign_in(address, "admin@load.test").await?;
    let approver = sign_in(address, "sales@load.test").await?;
    let mut client = Client::new(address, &token);
    let mut shop = Shop { token, approver, warehouses: vec![], skus: vec![], customers: vec![] };
    for n in 1..=plan.warehouses {
        let code = format!("W-{n}");
        let body = json!({ "code": code, "name": format!("Warehouse {n}") });
        must(&mut client, &Call::post("/warehouses", format!("open-{n}"), &body)).await?;
        shop.warehouses.push(code);
    }
    let rule =
        json!({ "over": { "amount": "50000.00", "currency": "PKR" }, "queue": "sales", "role": "sales_manager" });
    let settings =
        json!({ "sourcing": shop.warehouses, "approval_rules": [rule], "release_automatically": plan.to_floor });
    must(&mut client, &Call::send(Method::PATCH, "/settings", "settings", &settings)).await?;
    for n in 0..plan.skus {
        let sku = format!("SKU-{n:04}");
        let details = json!({ "title": format!("Item {n}"), "price": { "amount": "100.00", "currency": "PKR" } });
        let body = json!({ "sku": sku, "details": details });
        must(&mut client, &Call::post("/products", format!("product-{n}"), &body)).await?;
        for code in &shop.warehouses {
            if plan.units > 0 {
                let path = format!("/warehouses/{code}/stock/{sku}/receive");
                let body = json!({ "quantity": plan.units, "reference": "load test" });
                must(&mut client, &Call::post(path, format!("stock-{code}-{n}"), &body)).await?;
            }
        }
        shop.skus.push(sku);
    }
    for n in 0..plan.customers {
        let body = json!({ "name": format!("Customer {n}"), "phones": [format!("0300{n:07}")] });
        let made = must(&mut client, &Call::post("/customers", format!("customer-{n}"), &body)).await?;
        let id = made["id"].as_str().unwrap_or_default().to_owned();
        let terms = json!({ "limit": { "amount": format!("{}.00", plan.credit), "currency": "PKR" }, "days": 30 });
        let call = Call::send(Method::PUT, format!("/customers/{id}/credit"), format!("credit-{n}"), &terms);
        must(&mut client, &call).await?;
        shop.customers.push(id);
    }
    Ok(shop)
}

/// Body of an order.
pub fn order(customer: &str, lines: &[(&str, u32)], payment: &str) -> Value {
    let lines: Vec<_> = lines.iter().map(|(sku, units)| json!({ "sku": sku, "quantity": units })).collect();
    json!({
        "customer_id": customer,
        "payment_method": payment,
        "shipping_address": { "line1": "12-C Khayaban-e-Shahbaz", "city": "Karachi", "country": "PK" },
        "lines": lines,
        "submit": true,
    })
}
