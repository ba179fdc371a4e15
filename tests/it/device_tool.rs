//! The scanner in a terminal, against a server that is really there.

use std::time::Instant;

use crate::{
    live::{floor, pump::LIMIT},
    program::{ok, run, told},
};

#[test]
fn live_91_a_terminal_is_a_scanner() {
    floor::with_floor(async |server| {
        let directory = tempfile::tempdir().unwrap();
        let data = directory.path().to_owned();
        let (code, url) = (floor::invite(server, "dev_9").await, format!("http://{}", server.address));
        let call = async |arguments: &[&str], input: String| {
            let (data, arguments) = (data.clone(), arguments.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>());
            let done = tokio::task::spawn_blocking(move || {
                let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
                run(&data, &arguments, &input)
            });
            done.await.unwrap()
        };
        let enrolled = call(&["device", "enrol", "--server", &url], format!("{code}\n")).await;
        assert!(ok(&enrolled).contains("enrolled dev_9 of KHI-1"), "{enrolled:?}");
        let again = call(&["device", "enrol", "--server", &url, "--state", "b.json"], format!("{code}\n")).await;
        assert!(told(&again).contains("bad_device_credential"), "a code works once: {again:?}");
        let said = munshi_domain::floor::DeviceOffice::TellDevice {
            device: munshi_domain::floor::DeviceId::parse("dev_9").unwrap(),
            text: "come to dock 2".into(),
        };
        floor::office(server, munshi_domain::floor::FloorCommand::Devices(said)).await;
        let lines = format!("on B1 4711\ngo inquiry\n{}\nnonsense here\nqty\n", floor::SHIRT);
        let screens = ok(&call(&["device", "scan"], lines).await);
        assert!(screens.contains("*ok* Ask") && screens.contains("KURTA-M"), "{screens}");
        assert!(screens.contains("*stop* (not done) Ask") && screens.contains("(no_match)"), "{screens}");
        assert!(screens.contains("-- note: come to dock 2"), "{screens}");
        let deadline = Instant::now() + LIMIT;
        while floor::look(server, |floor| floor.notices().count()).await > 0 {
            assert!(Instant::now() < deadline, "what was shown is forgotten");
            tokio::task::yield_now().await;
        }
        let again = ok(&call(&["device", "scan"], "qty 1\n".into()).await);
        assert!(!again.contains("come to dock 2"), "what was shown is not told again: {again}");
        let file = std::fs::read_to_string(data.join("device.json")).unwrap();
        assert!(file.contains("\"queue\":[]"), "everything was answered: {file}");
    });
}
