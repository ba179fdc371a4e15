//! The program as a person calls it: arguments and input in; output, messages and exit status out.

use std::{
    io::Write,
    path::Path,
    process::{Command, Output, Stdio},
};

/// The program in `data`, with its data directory there and nothing of this process's settings.
pub fn munshi(data: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_munshi"));
    command.current_dir(data).arg("--data").arg(data.join("data"));
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("MUNSHI_")) {
        command.env_remove(name);
    }
    command
}

/// Runs it to its end.
pub fn run(data: &Path, arguments: &[&str], input: &str) -> Output {
    let mut command = munshi(data);
    command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    child.wait_with_output().unwrap()
}

/// What it printed, if it ended well.
#[track_caller]
pub fn ok(output: &Output) -> String {
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{text}{}", String::from_utf8_lossy(&output.stderr));
    text
}

/// What it told a person.
pub fn told(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}
