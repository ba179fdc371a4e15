//! Lists: pages, filters, search, own writes.

use munshi_domain::user::Role;
use serde_json::{Value, json};

use crate::harness::{order, run, with};

/// Every item of a list, page by page, with the number of pages.
async fn all(server: &crate::harness::TestServer, path: &str, limit: usize) -> (Vec<Value>, usize) {
    let (mut items, mut pages, mut after) = (Vec::new(), 0, String::new());
    let glue = if path.contains('?') { '&' } else { '?' };
    loop {
        let page = server.get(&format!("{path}{glue}limit={limit}{after}")).await;
        let found = page["items"].as_array().unwrap().clone();
        assert!(found.len() <= limit);
        items.extend(found);
        pages += 1;
        match page["next"].as_str() {
            Some(next) => {
                after = format!("&after={}", next.replace('+', "%2B").replace('/', "%2F").replace('=', "%3D"))
            }
            None => return (items, pages),
        }
        assert!(pages < 100, "the list does not end");
    }
}

#[test]
fn api_01_pages_cover_a_list_once_and_in_order() {
    run(async |server| {
        server.shop().await;
        for n in 0..23 {
            let details = json!({"title": format!("Lawn {n}"), "brand": if n % 2 == 0 { "Even" } else { "Odd" }, "price": {"amount": "10", "currency": "PKR"}});
            server.post("/products", &json!({"sku": format!("LAWN-{n:02}"), "details": details})).await;
            let path = format!("/warehouses/KHI-1/stock/LAWN-{n:02}/receive");
            server.post(&path, &json!({"quantity": 1})).await;
            let phone = format!("0301 00000{n:02}");
            server.post("/customers", &json!({"name": format!("Person {n:02}"), "phones": [phone]})).await;
        }
        server.rest().await;
        for (path, key, count) in [
            ("/products?brand=Even", "sku", 12),
            ("/products", "sku", 25),
            ("/customers", "name", 24),
            ("/users", "email", 6),
            ("/warehouses/KHI-1/stock", "sku", 25),
            ("/warehouses/KHI-1/stock?sku=LAWN", "sku", 23),
            ("/warehouses", "code", 1),
        ] {
            for limit in [1, 5, 200] {
                let (items, pages) = all(server, path, limit).await;
                let keys: Vec<_> = items.iter().map(|item| item[key].as_str().unwrap().to_owned()).collect();
                assert!(keys.windows(2).all(|pair| pair[0] < pair[1]), "{path} {limit}: {keys:?}");
                assert_eq!(keys.len(), count, "{path} {limit}");
                assert!(pages <= count / limit + 1, "{path} {limit}: {pages} pages");
            }
        }
    });
}

#[test]
fn api_01_a_list_can_wait_for_the_callers_own_write() {
    run(async |server| {
        server.shop().await;
        for n in 0..20 {
            let body = json!({"name": format!("Fresh {n}"), "phones": [format!("0302 00000{n:02}")]});
            let made = server.by(Role::Admin, "POST", "/customers").json(&body).send().await;
            let seq = &made.headers["munshi-seq"];
            let phone = format!("%2B92302000 00{n:02}").replace(' ', "");
            let list = server.get(&format!("/customers?phone={phone}&min_seq={seq}")).await;
            assert_eq!(list["items"][0]["id"], made.json()["id"], "{list}");
            assert!(list["seq"].as_u64().unwrap() >= seq.parse().unwrap());
        }
        let far = server.by(Role::Admin, "GET", "/customers?min_seq=999999").send().await;
        far.problem(503, "unavailable");
    });
}

/// Orders that were refused while they were placed leave a document behind that is shown nowhere.
#[test]
fn p02_what_is_shown_nowhere_shortens_no_page() {
    run(async |server| {
        let customer = server.shop().await;
        for n in 0..12 {
            let units = if n % 3 == 0 { 1 } else { 99 };
            let body = with(order(&customer, "KURTA-M", units), "submit", json!(true));
            let status = server.by(Role::Admin, "POST", "/orders").json(&body).send().await.status;
            assert_eq!(status.is_success(), units == 1, "{status}");
            server.advance(1);
        }
        server.rest().await;
        for limit in [1, 2, 3, 200] {
            let (items, pages) = all(server, "/orders", limit).await;
            assert_eq!(items.len(), 4, "limit {limit}");
            assert!(pages <= 4_usize.div_ceil(limit) + 1, "limit {limit}: {pages} pages");
        }
    });
}

#[test]
fn ord_24_orders_are_filtered_and_found() {
    run(async |server| {
        let customer = server.shop().await;
        let mut numbers = Vec::new();
        for (channel, tag) in [("online", "eid"), ("social", "eid"), ("social", "wedding")] {
            let body = with(order(&customer, "DUPATTA", 1), "channel", json!(channel));
            let body = with(with(body, "tags", json!([tag])), "submit", json!(true));
            numbers.push(server.post("/orders", &body).await["number"].as_str().unwrap().to_owned());
            server.advance(60);
        }
        server.post("/orders", &order(&customer, "DUPATTA", 1)).await;
        server.rest().await;
        let count =
            async |query: &str| server.get(&format!("/orders?{query}")).await["items"].as_array().unwrap().len();
        assert_eq!(count("").await, 4);
        assert_eq!(count("channel=social").await, 2);
        assert_eq!(count("tag=eid").await, 2);
        assert_eq!(count("tag=eid&channel=social").await, 1);
        assert_eq!(count("status=draft").await, 1);
        assert_eq!(count(&format!("customer={customer}")).await, 4);
        assert_eq!(count("q=ayesh").await, 4);
        assert_eq!(count(&format!("q={}", numbers[1])).await, 1);
        assert_eq!(count("q=nobody").await, 0);
        assert_eq!(count("from=2027-01-15T08:01:00Z").await, 3);
        assert_eq!(count("to=2027-01-15T08:00:30Z").await, 1);
        let newest = server.get("/orders").await;
        let at: Vec<_> = newest["items"].as_array().unwrap().iter().map(|item| item["at"].as_str().unwrap()).collect();
        assert!(at.windows(2).all(|pair| pair[0] >= pair[1]), "{at:?}");
        let by_number = server.get(&format!("/orders/{}", numbers[0])).await;
        assert_eq!(by_number["number"], json!(numbers[0]));
    });
}
