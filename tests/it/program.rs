//! The program as a person calls it: arguments and input in; output, messages and exit status out.

use std::{
    io::{BufRead, BufReader, Write},
    path::Path,
    process::{Child, Command, Output, Stdio},
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

/// A running `munshi serve`; dropping it kills it, with SIGKILL.
pub struct Server {
    pub child: Child,
    /// Where it listens, host and port.
    pub address: String,
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may be gone after an orderly stop.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Server {
    /// Serves what the command names on a port of its own, and waits until it listens.
    pub fn start(mut command: Command, log: Stdio) -> Self {
        command.args(["serve", "--listen", "127.0.0.1:0"]).stdout(Stdio::piped()).stderr(log);
        let mut child = command.spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let address = line.trim().strip_prefix("listening on http://");
        Self { address: address.unwrap_or_else(|| panic!("got {line:?}")).to_owned(), child }
    }
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
