//! Wrong requests: each answers a documented problem and changes nothing.

use hyper::body::Bytes;
use munshi_domain::user::Role;
use serde_json::{Value, json};

use crate::harness::{order, run, with};

struct Case {
    name: &'static str,
    body: Bytes,
    status: u16,
    code: &'static str,
    field: Option<&'static str>,
}

fn case(name: &'static str, body: impl Into<Bytes>, status: u16, code: &'static str, field: &'static str) -> Case {
    Case { name, body: body.into(), status, code, field: (!field.is_empty()).then_some(field) }
}

fn orders(customer: &str) -> Vec<Case> {
    let good = order(customer, "KURTA-M", 1);
    let line = |line: Value| with(good.clone(), "lines", json!([line])).to_string();
    let many: Vec<_> = (0..10_000).map(|_| json!({"sku": "KURTA-M", "quantity": 1})).collect();
    let text = |field: &str, value: Value| with(good.clone(), field, value).to_string();
    vec![
        case("empty body", "", 400, "bad_json", ""),
        case("broken json", "{\"lines\": [", 400, "bad_json", ""),
        case("two values", format!("{good}{good}"), 400, "bad_json", ""),
        case(
            "deep in a field",
            text("tags", json!("x")).replace("\"x\"", &"[".repeat(200)),
            422,
            "wrong_type",
            "/tags/0",
        ),
        case("invalid utf-8", &b"{\"note\": \"\xff\xfe\"}"[..], 400, "invalid_utf8", ""),
        case("unknown field", text("colour", json!("red")), 422, "unknown_field", "/colour"),
        case(
            "unknown field in a line",
            line(json!({"sku": "KURTA-M", "quantity": 1, "size": 4})),
            422,
            "unknown_field",
            "/lines/0/size",
        ),
        case("missing field", line(json!({"sku": "KURTA-M"})), 422, "missing_field", "/lines/0/quantity"),
        case(
            "negative quantity",
            line(json!({"sku": "KURTA-M", "quantity": -1})),
            422,
            "quantity_out_of_range",
            "/lines/0/quantity",
        ),
        case(
            "zero quantity",
            line(json!({"sku": "KURTA-M", "quantity": 0})),
            422,
            "quantity_out_of_range",
            "/lines/0/quantity",
        ),
        case(
            "huge quantity",
            line(json!({"sku": "KURTA-M", "quantity": 1_000_001})),
            422,
            "quantity_out_of_range",
            "/lines/0/quantity",
        ),
        case(
            "fractional quantity",
            line(json!({"sku": "KURTA-M", "quantity": 1.5})),
            422,
            "wrong_type",
            "/lines/0/quantity",
        ),
        case(
            "quantity as text",
            line(json!({"sku": "KURTA-M", "quantity": "1"})),
            422,
            "wrong_type",
            "/lines/0/quantity",
        ),
        case("unknown sku", line(json!({"sku": "NOWHERE", "quantity": 1})), 422, "unknown_sku", "/lines/0/sku"),
        case("impossible sku", line(json!({"sku": " ", "quantity": 1})), 422, "bad_value", "/lines/0/sku"),
        case("mixed currencies", text("currency", json!("USD")), 422, "currency_mismatch", "/lines/0/unit_price"),
        case("unknown currency", text("currency", json!("XXX")), 422, "bad_value", "/currency"),
        case(
            "price as number",
            line(json!({"sku": "KURTA-M", "quantity": 1, "unit_price": 5})),
            422,
            "wrong_type",
            "/lines/0/unit_price",
        ),
        case(
            "price too precise",
            line(json!({"sku": "KURTA-M", "quantity": 1, "unit_price": "1.005"})),
            422,
            "amount_out_of_range",
            "/lines/0/unit_price",
        ),
        case(
            "negative price",
            line(json!({"sku": "KURTA-M", "quantity": 1, "unit_price": "-1"})),
            422,
            "amount_out_of_range",
            "/lines/0/unit_price",
        ),
        case(
            "discount too large",
            line(json!({"sku": "KURTA-M", "quantity": 1, "discount": "1500.01"})),
            422,
            "discount_too_large",
            "/lines/0/discount",
        ),
        case("no lines", text("lines", json!([])), 422, "no_lines", "/lines"),
        case("10,000 lines", text("lines", json!(many)), 422, "too_many_lines", "/lines"),
        case("5 MB", vec![b' '; 5 << 20], 413, "body_too_large", ""),
        case("unknown word", text("channel", json!("pigeon")), 422, "bad_value", "/channel"),
        case("no customer", good.to_string().replace("customer_id", "reference"), 422, "missing_field", "/customer_id"),
        case(
            "unknown customer",
            text("customer_id", json!("0198c0de-0000-7000-8000-000000000000")),
            422,
            "unknown_customer",
            "/customer_id",
        ),
        case("not a customer", text("customer_id", json!("7")), 422, "bad_value", "/customer_id"),
        case(
            "incomplete address",
            text("shipping_address", json!({"line1": "x", "city": ""})),
            422,
            "address_incomplete",
            "/shipping_address",
        ),
        case(
            "bad phone",
            text("shipping_address", json!({"line1": "x", "city": "y", "phone": "12"})),
            422,
            "bad_value",
            "/shipping_address/phone",
        ),
    ]
}

#[test]
fn api_07_wrong_orders_answer_a_documented_problem_and_change_nothing() {
    run(async |server| {
        let customer = server.shop().await;
        let head = server.head();
        for case in orders(&customer) {
            let reply = server.by(Role::CustomerService, "POST", "/orders").raw(case.body).send().await;
            let problem = reply.problem(case.status, case.code);
            assert_eq!(problem["field"].as_str(), case.field, "{}: {problem}", case.name);
            assert_eq!(server.head(), head, "{} left something behind", case.name);
        }
        let list = server.get("/orders").await;
        assert_eq!(list["items"], json!([]));
    });
}

#[test]
fn api_07_wrong_messages_answer_a_documented_problem_and_change_nothing() {
    run(async |server| {
        let customer = server.shop().await;
        let (head, good) = (server.head(), order(&customer, "KURTA-M", 1));
        let base = || server.by(Role::Admin, "POST", "/orders").json(&good);
        base().header("content-type", "text/plain").send().await.problem(415, "unsupported_media_type");
        base().without("idempotency-key").send().await.problem(400, "idempotency_key_missing");
        base().key("with blank").send().await.problem(400, "idempotency_key_invalid");
        base().key(&"x".repeat(256)).send().await.problem(400, "idempotency_key_invalid");
        base().header("if-match", "W/\"x\"").send().await.problem(400, "bad_header");
        base().without("authorization").send().await.problem(401, "unauthenticated");
        base().header("authorization", "Basic eDp5").send().await.problem(401, "unauthenticated");
        for (method, path, status, code) in [
            ("GET", "/nowhere", 404, "not_found"),
            ("GET", "/orders/nothing", 404, "not_found"),
            ("GET", "/orders/0198c0de-0000-7000-8000-000000000000", 404, "not_found"),
            ("GET", "/customers/7", 404, "not_found"),
            ("GET", "/warehouses/NONE", 404, "not_found"),
            ("DELETE", "/orders", 405, "method_not_allowed"),
            ("GET", "/orders?limit=0", 400, "bad_query"),
            ("GET", "/orders?limit=201", 400, "bad_query"),
            ("GET", "/orders?limit=x", 400, "bad_query"),
            ("GET", "/orders?colour=red", 400, "bad_query"),
            ("GET", "/orders?from=yesterday", 400, "bad_query"),
            ("GET", "/orders?after=garbage", 400, "bad_query"),
            ("GET", "/orders?q=%ff", 400, "bad_query"),
        ] {
            server.by(Role::Admin, method, path).send().await.problem(status, code);
        }
        assert_eq!(server.head(), head);
    });
}

#[test]
fn api_07_wrong_values_of_other_resources_name_their_field() {
    run(async |server| {
        server.shop().await;
        let price = json!({"amount": "1", "currency": "PKR"});
        let details = |field: &str, value: Value| json!({"sku": "NEW", "details": with(json!({"title": "T", "price": price}), field, value)});
        let head = server.head();
        for (path, body, code, field) in [
            (
                "/products",
                details("price", json!({"amount": "1,5", "currency": "PKR"})),
                "bad_value",
                "/details/price/amount",
            ),
            (
                "/products",
                details("price", json!({"amount": "1", "currency": "pkr"})),
                "bad_value",
                "/details/price/currency",
            ),
            ("/products", details("min_quantity", json!(0)), "quantity_out_of_range", "/details/min_quantity"),
            ("/products", details("weight_grams", json!(-1)), "bad_value", "/details/weight_grams"),
            ("/customers", json!({"name": "x", "phones": ["0300 1234567"]}), "phone_taken", "/phones/0"),
            ("/customers", json!({"name": "x", "emails": ["AYESHA@example.pk"]}), "email_taken", "/emails/0"),
            ("/customers", json!({"name": "x", "phones": ["12"]}), "bad_value", "/phones/0"),
            ("/customers", json!({"name": "", "phones": ["0300 7654321"]}), "invalid_customer", "/name"),
            ("/warehouses", json!({"code": "KHI 1", "name": "x"}), "bad_value", "/code"),
            ("/warehouses", json!({"code": "KHI-1", "name": "x"}), "warehouse_exists", "/code"),
            ("/warehouses/KHI-1/stock/KURTA-M/receive", json!({"quantity": 0}), "quantity_out_of_range", "/quantity"),
            ("/warehouses/KHI-1/stock/KURTA-M/adjust", json!({"delta": 0, "reason": "x"}), "bad_value", "/delta"),
            ("/warehouses/KHI-1/stock/KURTA-M/adjust", json!({"delta": 1, "reason": " "}), "bad_value", "/reason"),
            (
                "/users",
                json!({"email": "x@y.pk", "name": "x", "roles": ["king"], "password": "long enough 1"}),
                "bad_value",
                "/roles/0",
            ),
            (
                "/users",
                json!({"email": "x@y.pk", "name": "x", "roles": ["viewer"], "password": "short"}),
                "bad_password",
                "/password",
            ),
        ] {
            let reply = server.by(Role::Admin, "POST", path).json(&body).send().await;
            assert_eq!((reply.code().as_str(), reply.json()["field"].as_str()), (code, Some(field)), "{path} {body}");
        }
        assert_eq!(server.head(), head, "something was left behind");
    });
}
