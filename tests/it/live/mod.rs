//! Scenarios of the socket: real sockets against the real server, each with exact expectations. Nothing is left over
//! afterwards: no socket, no task, no subscriber.

mod abuse;
mod access;
mod client;
mod commands;
mod customers;
mod device;
pub mod floor;
mod local;
mod pressure;
mod resume;
mod scanner;
mod topics;

use munshi::config::{Config, Span};

use crate::harness::{TestServer, run_with};

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
    run_with(settings, async |server| {
        ready(server).await;
        test(server).await;
        nothing_left(server).await;
    });
}
