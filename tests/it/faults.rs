//! What goes wrong inside: panics, slow handlers, hang-ups, a database that fails.

use std::sync::atomic::{AtomicU32, Ordering};

use axum::{
    Router,
    body::Body,
    extract::{RawPathParams, Request, State},
    http::{Method, Response},
    routing::get,
};
use http_body_util::BodyExt;
use munshi::{
    api::{Route, Shape, gate},
    app::App,
    auth::Permission,
};
use munshi_domain::user::Role;
use munshi_store::memory::Outcome;
use serde_json::{Value, json};
use tokio::sync::Notify;
use tower::ServiceExt;

use crate::harness::{order, run, run_with, with};

const fn route(handler: fn(munshi::api::Call) -> munshi::api::Work) -> Route {
    Route {
        method: Method::GET,
        path: "/test",
        permission: Permission::Open,
        name: "test.handler",
        summary: "",
        body: None,
        answer: Shape::Nothing,
        query: &[],
        handler,
    }
}

fn only(app: &App, route: &'static Route) -> Router {
    let handler =
        move |State(app): State<App>, params: RawPathParams, request: Request| gate::pass(app, route, params, request);
    Router::new().route("/test", get(handler)).with_state(app.clone())
}

async fn call(router: Router) -> Response<Body> {
    router.oneshot(Request::get("/test").body(Body::empty()).unwrap()).await.unwrap()
}

async fn code(response: Response<Body>) -> (u16, Value) {
    let status = response.status().as_u16();
    let bytes = response.into_body().collect().await.unwrap().to_bytes();
    (status, serde_json::from_slice::<Value>(&bytes).unwrap()["code"].clone())
}

#[test]
fn ops_08_a_panic_costs_one_answer() {
    static PANICS: Route = route(|_| Box::pin(async { panic!("on purpose") }));
    run(async |server| {
        assert_eq!(code(call(only(server.app(), &PANICS)).await).await, (500, json!("internal")));
        assert_eq!(server.get("/orders").await["items"], json!([]));
    });
}

#[test]
fn p24_a_handler_runs_to_its_end_whether_or_not_somebody_waits() {
    static GO: Notify = Notify::const_new();
    static STARTED: Notify = Notify::const_new();
    static DONE: AtomicU32 = AtomicU32::new(0);
    static SLOW: Route = route(|_| {
        Box::pin(async {
            STARTED.notify_one();
            GO.notified().await;
            DONE.fetch_add(1, Ordering::AcqRel);
            munshi::api::call::no_content()
        })
    });
    run_with(
        |config| config.server.request_timeout = munshi::config::Span::from_millis(100),
        async |server| {
            let app = server.app();
            // Too slow: the client is told that the outcome is unknown.
            assert_eq!(code(call(only(app, &SLOW)).await).await, (504, json!("timeout")));
            STARTED.notified().await;
            // Gone: the client hangs up before it is told anything.
            let hung_up = tokio::spawn(call(only(app, &SLOW)));
            STARTED.notified().await;
            hung_up.abort();
            assert_eq!(app.busy(), 2);
            GO.notify_one();
            GO.notify_one();
            while app.busy() > 0 {
                GO.notify_one();
                tokio::task::yield_now().await;
            }
            assert_eq!(DONE.load(Ordering::Acquire), 2);
        },
    );
}

#[test]
fn ops_07_a_conflict_in_the_database_is_not_the_clients_business() {
    run(async |server| {
        let customer = server.shop().await;
        server.faults().push(Outcome::NotApplied);
        server.faults().push(Outcome::UnknownApplied);
        server.faults().push(Outcome::UnknownNotApplied);
        let body = with(order(&customer, "KURTA-M", 1), "submit", json!(true));
        let placed = server.by(Role::Admin, "POST", "/orders").key("k").json(&body).send().await;
        assert_eq!(placed.status, 201, "{placed:?}");
        server.rest().await;
        let row = server.get("/warehouses/KHI-1/stock/KURTA-M").await;
        assert_eq!(row["available"], 9);
    });
}

#[test]
fn ops_07_a_failed_disk_ends_the_server_without_a_false_answer() {
    run(async |server| {
        server.shop().await;
        server.faults().push(Outcome::Fatal);
        let receive =
            server.by(Role::Admin, "POST", "/warehouses/KHI-1/stock/KURTA-M/receive").json(&json!({"quantity": 1}));
        let reply = receive.send().await;
        reply.problem(503, "unavailable");
        assert!(reply.headers.contains_key("retry-after"));
        assert!(!server.running().failed().await.is_empty());
        let ready = server.open("GET", "//readyz").send().await;
        assert_eq!((ready.status.as_u16(), &ready.json()["ready"]), (503, &json!(false)));
        let later =
            server.by(Role::Admin, "POST", "/warehouses/KHI-1/stock/KURTA-M/receive").json(&json!({"quantity": 1}));
        later.send().await.problem(503, "unavailable");
    });
}
