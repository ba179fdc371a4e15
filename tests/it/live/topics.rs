//! What boards show, and how they follow the journal.

use munshi_domain::user::Role;
use serde_json::json;

use super::{client::Console, scenario};
use crate::harness::order;

const ORDERS: &str = "wh.khi-1.orders";

#[test]
fn live_01_an_order_appears_on_the_board_changes_and_leaves() {
    scenario(async |server| {
        let customer = server.shop().await;
        let mut console = Console::live(server, server.token(Role::Viewer), &[ORDERS]).await;
        assert!(console.rows(ORDERS).is_empty());
        let body = crate::harness::with(order(&customer, "KURTA-M", 2), "submit", json!(true));
        let made = server.post("/orders", &body).await;
        let id = made["id"].as_str().unwrap().to_owned();
        console.until("the order", |console| console.bodies(ORDERS).contains_key(&id)).await;
        let row = console.bodies(ORDERS)[&id].clone();
        assert_eq!(
            (&row["number"], &row["lines"], &row["customer"]),
            (&made["number"], &json!(1), &json!("Ayesha Khan"))
        );
        server.post(&format!("/orders/{id}/cancel"), &json!({"reason": "changed my mind"})).await;
        console.until("its end", |console| !console.bodies(ORDERS).contains_key(&id)).await;
        console.stop();
        console.until("farewell", |console| !console.is_live()).await;
    });
}
