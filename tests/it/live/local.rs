//! Topics that the journal knows nothing of: who looks at an order, imports under way.

use munshi_domain::user::Role;
use serde_json::json;

use super::{
    client::{Console, Raw},
    scenario, scenario_with,
};
use crate::tracking::{link, place};

#[test]
fn sec_14_colleagues_on_an_order_see_each_other_come_and_go() {
    scenario(async |server| {
        let id = place(server, 1).await;
        let segment = id.replace('-', "");
        let (order, presence) = (format!("order.{segment}"), format!("presence.{segment}"));
        let mut viewer = Console::live(server, server.token(Role::Viewer), &[&presence]).await;
        assert!(viewer.bodies(&presence).is_empty(), "who only asks who looks does not look");
        let mut finance = Console::live(server, server.token(Role::Finance), &[&order]).await;
        let mut second_tab = Console::live(server, server.token(Role::Finance), &[&order]).await;
        let key = server.id(Role::Finance).to_string();
        viewer.until("the colleague", |console| console.bodies(&presence).contains_key(&key)).await;
        let row = viewer.bodies(&presence)[&key].clone();
        assert_eq!(row["name"], "finance");
        assert!(row["at"].as_u64().unwrap() > 0);
        viewer.subscribe(&order, None);
        let own = server.id(Role::Viewer).to_string();
        viewer.until("itself", |console| console.bodies(&presence).len() == 2).await;
        assert!(viewer.bodies(&presence).contains_key(&own));
        // One of two tabs goes: the colleague is still there. A customer on the same order is nobody to see.
        second_tab.stop();
        let token = link(server, &id).await;
        let (mut customer, _) = {
            let mut raw = Raw::open(server.address).await;
            let hello =
                json!({"kind": "console", "client": "c", "app": "1", "track": token, "subs": [{"topic": order}]});
            raw.send(&json!({"t": "hello", "d": hello})).await;
            let welcome = raw.frame().await;
            (raw, welcome)
        };
        customer.find(|frame| frame["t"] == "snap").await;
        let refused = |topic: &str| json!({"t": "sub", "id": 7, "d": {"topic": topic}});
        customer.send(&refused(&presence)).await;
        assert_eq!(customer.find(|frame| frame["id"] == 7).await["d"]["code"], "sub_denied");
        viewer.idle(std::time::Duration::from_millis(900)).await;
        assert_eq!(viewer.bodies(&presence).len(), 2, "{:?}", viewer.bodies(&presence));
        assert_eq!(viewer.bodies(&presence)[&key], row, "still since the same moment");
        finance.cut();
        viewer.until("its leave", |console| !console.bodies(&presence).contains_key(&key)).await;
        let (mut raw, _) = Raw::greeted(server.address, server.token(Role::Viewer), &[]).await;
        for unknown in ["presence.00000000000000000000000000000007", "presence.x"] {
            raw.send(&refused(unknown)).await;
            assert_eq!(raw.find(|frame| frame["id"] == 7).await["d"]["code"], "bad_topic", "{unknown}");
        }
    });
}

#[test]
fn live_60_an_import_is_watched_from_the_queue_to_its_end() {
    let data = tempfile::tempdir().unwrap();
    scenario_with(
        |config| config.data.dir = data.path().to_owned(),
        async |server| {
            let mut admin = Console::live(server, server.token(Role::Admin), &["shop.imports"]).await;
            assert!(admin.bodies("shop.imports").is_empty());
            let file = "sku,title,price\nA-1,Shawl,1500\nA-2,Scarf,x\n";
            let sent = server.by(Role::Admin, "POST", "/imports?kind=products").file("text/csv", file).send().await;
            let id = sent.json()["id"].as_str().unwrap().to_owned();
            let state = |console: &Console| {
                console.bodies("shop.imports").get(&id).map(|row| row["state"].as_str().unwrap().to_owned())
            };
            admin.until("its end", |console| state(console).as_deref() == Some("done")).await;
            assert_eq!(admin.bodies("shop.imports")[&id], server.get(&format!("/imports/{id}")).await);
            let (mut raw, _) = Raw::greeted(server.address, server.token(Role::SalesManager), &[]).await;
            raw.send(&json!({"t": "sub", "id": 7, "d": {"topic": "shop.imports"}})).await;
            assert_eq!(raw.find(|frame| frame["id"] == 7).await["d"]["code"], "sub_denied");
        },
    );
}

#[test]
fn live_61_the_server_s_own_pages_need_no_setting() {
    scenario(async |server| {
        let host = server.address.to_string();
        let own = format!("http://{host}");
        let headers = [("origin", own.as_str()), ("host", host.as_str())];
        let socket = super::client::open(server.address, &headers).await;
        drop(socket.expect("the page that the server itself serves"));
        let other = format!("https://{host}");
        assert_eq!(
            super::client::refused(server.address, &[("origin", other.as_str())]).await.0,
            403,
            "another scheme"
        );
    });
}
