//! Imports of files over HTTP: taken beside other work, watched, stopped, gone on with after a restart.

use std::{path::Path, time::Duration};

use munshi::config::Config;
use munshi_domain::user::Role;
use serde_json::{Value, json};

use crate::{
    harness::{Reply, TestServer, run_twice_with, run_with},
    shop_files::{fixture, rows},
};

const CSV: &str = "text/csv";
const PRODUCTS: &str = "sku,title,price\nA-1,Shawl,1500\nA-2,Scarf,x\nA-3,,10\nA-4,Cap,250.50\n";

fn dir(config: &mut Config, path: &Path) {
    config.data.dir = path.to_owned();
}

fn with_files(test: impl AsyncFnOnce(&TestServer)) {
    let data = tempfile::tempdir().unwrap();
    run_with(|config| dir(config, data.path()), test);
}

async fn send(server: &TestServer, query: &str, key: &str, kind: &str, bytes: impl Into<Vec<u8>>) -> Reply {
    let call = server.by(Role::Admin, "POST", &format!("/imports{query}")).key(key);
    call.header("x-filename", "%DA%A9%D8%AA%D8%A7%D8%A8.csv").file(kind, bytes.into()).send().await
}

/// The import once it has ended.
async fn ended(server: &TestServer, id: &str) -> Value {
    let deadline = std::time::Instant::now() + Duration::from_secs(20);
    loop {
        let view = server.get(&format!("/imports/{id}")).await;
        if !view["finished_at"].is_null() {
            return view;
        }
        assert!(std::time::Instant::now() < deadline, "{view}");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

#[test]
fn ord_14_a_file_is_taken_and_what_is_not_comes_back_with_the_reason() {
    with_files(async |server| {
        let sent = send(server, "?kind=products", "one", CSV, PRODUCTS).await;
        assert_eq!(sent.status, 202, "{sent:?}");
        let sent = sent.json();
        assert_eq!(
            (&sent["file"], &sent["layout"], &sent["state"]),
            (&json!("کتاب.csv"), &json!("native"), &json!("queued"))
        );
        let id = sent["id"].as_str().unwrap();
        let done = ended(server, id).await;
        let figures = ["rows", "changed", "unchanged", "errors"].map(|name| done[name].as_u64().unwrap());
        assert_eq!((done["state"].as_str(), figures), (Some("done"), [4, 2, 0, 2]), "{done}");
        assert_eq!(done["by"], server.id(Role::Admin).to_string());
        assert_eq!(server.get("/products/A-4").await["price"]["amount"], "250.50");
        let errors = server.by(Role::Admin, "GET", &format!("/imports/{id}/errors.csv")).send().await;
        assert_eq!(errors.headers["content-type"], "text/csv; charset=utf-8");
        assert!(errors.headers["content-disposition"].starts_with("attachment"));
        let codes: Vec<_> =
            rows(&errors.bytes).into_iter().map(|row| (row["row"].clone(), row["code"].clone())).collect();
        assert_eq!(codes, [("3".into(), "not_a_number".into()), ("4".to_owned(), "missing".to_owned())]);

        // A retry is the same import; the same key for something else is not.
        let again = send(server, "?kind=products", "one", CSV, PRODUCTS).await;
        assert_eq!((again.status.as_u16(), &again.json()["id"]), (202, &json!(id)));
        assert_eq!(again.headers["idempotent-replayed"], "true");
        send(server, "?kind=products", "one", CSV, "sku,title,price\n").await.problem(422, "idempotency_key_reused");
        send(server, "?kind=customers", "one", CSV, PRODUCTS).await.problem(422, "idempotency_key_reused");
        // Another import of the same file changes nothing.
        let second = send(server, "?kind=products", "two", CSV, PRODUCTS).await.json();
        let second = ended(server, second["id"].as_str().unwrap()).await;
        assert_eq!((&second["changed"], &second["unchanged"]), (&json!(0), &json!(2)), "{second}");
        let list = server.get("/imports").await;
        let ids: Vec<_> = list["items"].as_array().unwrap().iter().map(|one| one["id"].clone()).collect();
        assert_eq!(ids.len(), 2);
        assert!(ids.contains(&second["id"]) && ids.contains(&json!(id)));
        let page = server.get("/imports?limit=1").await;
        let next = page["next"].as_str().unwrap();
        let rest = server.get(&format!("/imports?limit=1&after={next}")).await;
        assert_eq!((rest["items"].as_array().unwrap().len(), &rest["next"]), (1, &Value::Null));
        let stop = server.by(Role::Admin, "POST", &format!("/imports/{id}/stop")).send().await;
        stop.problem(409, "import_ended");
    });
}

#[test]
fn ord_14_every_kind_and_layout_of_the_command_line_is_taken() {
    with_files(async |server| {
        server.shop().await;
        let take = async |query: &str, kind: &str, bytes: Vec<u8>| {
            let sent = send(server, query, &server.fresh_key(), kind, bytes).await;
            assert_eq!(sent.status, 202, "{query}: {sent:?}");
            let view = ended(server, sent.json()["id"].as_str().unwrap()).await;
            assert_eq!(view["state"], "done", "{query}: {view}");
            view
        };
        let read = |name: &str| std::fs::read(fixture(name)).unwrap();
        let shopify = take("?kind=products&layout=shopify&warehouse=KHI-1", CSV, read("products-shopify.csv")).await;
        assert_eq!(shopify["layout"], "shopify");
        assert!(shopify["changed"].as_u64() > Some(0), "{shopify}");
        let customers = take("?kind=customers", CSV, b"name,phone\nSana,03011234567\nAli,0301\n".to_vec()).await;
        assert_eq!((&customers["changed"], &customers["errors"]), (&json!(1), &json!(1)), "{customers}");
        let stock = take("?kind=stock&warehouse=KHI-1", CSV, b"sku,on_hand\nKURTA-M,77\nNOTHING,1\n".to_vec()).await;
        assert_eq!((&stock["changed"], &stock["errors"]), (&json!(1), &json!(1)), "{stock}");
        assert_eq!(server.get("/warehouses/KHI-1/stock/KURTA-M").await["on_hand"], 77);
        let orders = take("?kind=orders", CSV, read("invoices-january.csv")).await;
        assert_eq!(orders["layout"], "online-retail");
        assert!(orders["changed"].as_u64() > Some(0), "{orders}");
    });
}

#[test]
fn ord_14_what_cannot_be_an_import_is_refused_before_it_is_one() {
    with_files(async |server| {
        let refused = async |query: &str, kind: &str, bytes: &[u8], status: u16, code: &str| {
            let reply = send(server, query, &server.fresh_key(), kind, bytes).await;
            let body = reply.problem(status, code);
            let text = body.to_string();
            assert!(!text.contains("imports/") && !text.contains("receiving-"), "no path of the server: {text}");
        };
        refused("", CSV, b"sku\n", 400, "bad_query").await;
        refused("?kind=everything", CSV, b"sku\n", 400, "bad_query").await;
        refused("?kind=products&warehouse=**", CSV, b"sku\n", 400, "bad_query").await;
        refused("?kind=products&layout=odd", CSV, PRODUCTS.as_bytes(), 422, "layout_unknown").await;
        refused("?kind=stock&layout=shopify", CSV, PRODUCTS.as_bytes(), 422, "layout_mismatch").await;
        refused("?kind=products", CSV, b"sku,title\nA,B\n", 422, "column_missing").await;
        refused("?kind=products", CSV, b"\x7FELF\0\0", 422, "file_format").await;
        refused("?kind=products", CSV, b"PK\x03\x04garbage", 422, "file_format").await;
        refused("?kind=products", CSV, b"", 400, "upload_incomplete").await;
        refused("?kind=products", "application/json", b"{}", 415, "unsupported_media_type").await;
        assert_eq!(server.get("/imports").await["items"], json!([]));
        let path = server.app().config().data.dir.join("imports");
        assert_eq!(std::fs::read_dir(path).unwrap().count(), 0, "nothing is left of what was refused");
        for (method, path) in
            [("GET", "/imports"), ("POST", "/imports?kind=products"), ("GET", "/imports/1/errors.csv")]
        {
            for role in [Role::Viewer, Role::Warehouse, Role::SalesManager] {
                let reply = server.by(role, method, path).file(CSV, PRODUCTS).send().await;
                reply.problem(403, "forbidden");
            }
        }
        let unknown = "0".repeat(32);
        for path in [format!("/imports/{unknown}"), format!("/imports/{unknown}/errors.csv"), "/imports/..".to_owned()]
        {
            server.by(Role::Admin, "GET", &path).send().await.problem(404, "not_found");
        }
    });
}

#[test]
fn ord_14_a_file_has_a_largest_size() {
    let data = tempfile::tempdir().unwrap();
    run_with(
        |config| {
            dir(config, data.path());
            config.server.max_import_bytes = 2_048;
        },
        async |server| {
            for size in [2_049, 4_000, 50_000] {
                let bytes = vec![b'a'; size];
                send(server, "?kind=products", &server.fresh_key(), CSV, bytes).await.problem(413, "body_too_large");
            }
            let fits = format!("sku,title,price\nA-1,{},10\n", "x".repeat(150));
            assert_eq!(send(server, "?kind=products", "fits", CSV, fits).await.status, 202);
        },
    );
}

/// Many customers.
fn many(count: usize) -> String {
    let mut text = String::from("reference,name,phone\n");
    (0..count).for_each(|n| text.push_str(&format!("c{n},Customer {n},0300{n:07}\n")));
    text
}

#[test]
fn ord_14_an_import_is_stopped_and_one_that_waits_never_begins() {
    with_files(async |server| {
        let long = send(server, "?kind=customers", "long", CSV, many(4_000)).await.json();
        let waiting = send(server, "?kind=products", "waiting", CSV, PRODUCTS).await.json();
        let stop = async |view: &Value| {
            server.by(Role::Admin, "POST", &format!("/imports/{}/stop", view["id"].as_str().unwrap())).send().await
        };
        let stopped = stop(&waiting).await.ok();
        assert_eq!((&stopped["state"], &stopped["changed"]), (&json!("stopped"), &json!(0)));
        stop(&long).await.ok();
        let long = ended(server, long["id"].as_str().unwrap()).await;
        assert_eq!(long["state"], "stopped", "{long}");
        assert!(long["changed"].as_u64() < Some(4_000), "{long}");
        server.by(Role::Admin, "GET", "/products/A-1").send().await.problem(404, "not_found");
        stop(&long).await.problem(409, "import_ended");
    });
}

#[test]
fn ord_14_an_import_goes_on_after_a_restart_and_takes_each_row_once() {
    let data = tempfile::tempdir().unwrap();
    run_twice_with(
        |config| dir(config, data.path()),
        async |server| {
            let sent = send(server, "?kind=customers", "long", CSV, many(1_500)).await.json();
            sent["id"].as_str().unwrap().to_owned()
        },
        async |server, id| {
            let done = ended(server, &id).await;
            assert_eq!((&done["state"], &done["rows"], &done["errors"]), (&json!("done"), &json!(1_500), &json!(0)));
            let taken = done["changed"].as_u64().unwrap() + done["unchanged"].as_u64().unwrap();
            assert_eq!(taken, 1_500, "{done}");
            server.rest().await;
            let mut found = 0;
            let mut after = String::new();
            loop {
                let page = server.get(&format!("/customers?limit=200{after}")).await;
                found += page["items"].as_array().unwrap().len();
                match page["next"].as_str() {
                    Some(next) => after = format!("&after={}", next.replace('+', "%2B")),
                    None => break,
                }
            }
            assert_eq!(found, 1_500);
        },
    );
}

#[test]
fn ord_14_files_of_imports_that_ended_long_ago_are_gone() {
    let data = tempfile::tempdir().unwrap();
    let settings = |config: &mut Config| {
        dir(config, data.path());
        config.server.keep_imports = munshi::config::Span::seconds(3_600);
    };
    run_twice_with(
        settings,
        async |server| {
            let old = send(server, "?kind=products", "old", CSV, PRODUCTS).await.json();
            ended(server, old["id"].as_str().unwrap()).await;
            server.advance(3_000);
            let new = send(server, "?kind=products", "new", CSV, "sku,title,price\nB-1,Shawl,10\n").await.json();
            ended(server, new["id"].as_str().unwrap()).await;
            // What a server that was killed had half received.
            std::fs::write(data.path().join("imports/receiving-0123"), "sku").unwrap();
            server.advance(1_000);
            new["id"].as_str().unwrap().to_owned()
        },
        async |server, kept| {
            let deadline = std::time::Instant::now() + Duration::from_secs(10);
            loop {
                let list = server.get("/imports").await;
                let ids: Vec<_> = list["items"].as_array().unwrap().iter().map(|one| one["id"].clone()).collect();
                if ids == [json!(kept)] {
                    break;
                }
                assert!(std::time::Instant::now() < deadline, "{list}");
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
            let left = std::fs::read_dir(data.path().join("imports")).unwrap();
            let left: Vec<_> = left.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
            assert_eq!(left, [kept]);
        },
    );
}
