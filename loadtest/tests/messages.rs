//! The profile `messages`, small: harness, server and practice world as programs, over a real data directory.

use std::{path::Path, process::Command};

#[test]
fn not_01_every_message_is_seen_once_when_vendors_fail_and_the_server_is_killed() {
    let harness = Path::new(env!("CARGO_BIN_EXE_munshi-loadtest"));
    for program in ["munshi", "opsim"] {
        let path = harness.with_file_name(program);
        assert!(path.exists(), "{} is not there: build the whole workspace", path.display());
    }
    let scratch = tempfile::tempdir().expect("a directory");
    let output = Command::new(harness)
        .args(["--seed", "5", "--scratch"])
        .arg(scratch.path())
        .arg("--munshi-bin")
        .arg(harness.with_file_name("munshi"))
        .args(["messages", "--orders", "16", "--kills", "3"])
        .output()
        .expect("the harness runs");
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}\n{}", String::from_utf8_lossy(&output.stderr));
    for line in [
        "seed 5 ",
        "3 kills and 16 orders",
        "none sent twice",
        "were replayed and arrived",
        "nothing was sent to them",
        "doctor:",
    ] {
        assert!(said.contains(line), "no {line:?} in:\n{said}");
    }
}
