//! The profile `floor`, small: the harness and the server as programs, over a real data directory.

use std::{path::Path, process::Command};

#[test]
fn nothing_is_lost_or_doubled_when_the_server_is_killed_while_devices_scan_and_consoles_watch() {
    let harness = Path::new(env!("CARGO_BIN_EXE_munshi-loadtest"));
    let server = harness.with_file_name("munshi");
    assert!(server.exists(), "{} is not there: build the whole workspace", server.display());
    let scratch = tempfile::tempdir().expect("a directory");
    let output = Command::new(harness)
        .args(["--seed", "7", "--scratch"])
        .arg(scratch.path())
        .arg("--munshi-bin")
        .arg(&server)
        .args(["floor", "--devices", "8", "--consoles", "3", "--kills", "2", "--orders", "5", "--work", "2"])
        .output()
        .expect("the harness runs");
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}\n{}", String::from_utf8_lossy(&output.stderr));
    for line in
        ["seed 7 ", "2 kills;", "commands decided once each", "3 consoles show what a fresh one shows", "doctor:"]
    {
        assert!(said.contains(line), "no {line:?} in:\n{said}");
    }
}
