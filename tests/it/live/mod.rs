//! Scenarios of the socket: real sockets against the real server, each with exact expectations. Nothing is left over
//! afterwards: no socket, no subscriber, no task, and so no timer.
//!
//! They are one suite: `make scenarios` runs all of them, says of each its name, seed and time, and fails above a minute.
//! `MUNSHI_SCENARIO_SEED` replays one.

mod abuse;
mod access;
pub mod client;
mod commands;
mod customers;
mod device;
mod devices;
mod exceptions;
pub mod floor;
mod inboxes;
mod local;
mod outage;
mod pressure;
pub mod pump;
mod resume;
mod scanner;
mod topics;

use munshi::config::{Config, Span};
use munshi_domain::user::Role;
use serde_json::json;

use crate::harness::{TestServer, run_with};

/// The seed of every choice that clients make by chance, such as how long they wait before they connect again.
pub fn seed() -> u64 {
    std::env::var("MUNSHI_SCENARIO_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(1)
}

/// Says of a scenario its name, seed and time when it has passed.
pub struct Named(std::time::Instant);

impl Named {
    pub fn begin() -> Self {
        Self(std::time::Instant::now())
    }
}

impl Drop for Named {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            let thread = std::thread::current();
            let name = thread.name().and_then(|name| name.rsplit("::").next()).unwrap_or("-");
            println!("scenario {name} seed {} time {} ms", seed(), self.0.elapsed().as_millis());
        }
    }
}

/// Large orders wait for the sales manager from now on.
async fn approve_large(server: &TestServer) {
    let rule = json!({"over": {"amount": "50000.00", "currency": "PKR"}, "queue": "sales", "role": "sales_manager"});
    server.by(Role::Admin, "PATCH", "/settings").json(&json!({"approval_rules": [rule]})).send().await.ok();
}

/// Settings under which waiting is short.
fn quick(config: &mut Config) {
    config.live.origins = vec![client::ORIGIN.to_owned()];
    config.live.hello_wait = Span::from_millis(400);
    config.live.heartbeat = Span::from_millis(1_000);
    config.live.pong_wait = Span::from_millis(500);
    config.live.check_every = Span::from_millis(200);
    config.live.write_timeout = Span::from_millis(1_000);
}

/// Waits until nobody is connected and nothing is left of it.
async fn nothing_left(server: &TestServer) {
    let deadline = std::time::Instant::now() + client::LIMIT;
    loop {
        let census = server.app().live().census();
        if census.connections + census.greeting + census.subscribers + census.tasks + census.commands == 0 {
            return;
        }
        assert!(std::time::Instant::now() < deadline, "left over: {census:?}");
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
}

/// Waits until the server lets consoles in.
async fn ready(server: &TestServer) {
    let deadline = std::time::Instant::now() + client::LIMIT;
    while !server.app().live().is_ready() {
        assert!(std::time::Instant::now() < deadline, "the live topics are not filled");
        tokio::time::sleep(std::time::Duration::from_millis(2)).await;
    }
}

/// Runs a scenario and checks that nothing is left of it.
fn scenario(test: impl AsyncFnOnce(&TestServer)) {
    scenario_with(|_| {}, test);
}

/// The same with other settings.
fn scenario_with(settings: impl FnOnce(&mut Config), test: impl AsyncFnOnce(&TestServer)) {
    let settings = |config: &mut Config| {
        quick(config);
        settings(config);
    };
    let _named = Named::begin();
    run_with(settings, async |server| {
        ready(server).await;
        test(server).await;
        nothing_left(server).await;
    });
}
