//! The practice world as a child process, and its control interface.

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    process::Stdio,
    time::Duration,
};

use hyper::Method;
use serde_json::{Value, json};
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::{Child, Command},
};

use crate::{
    client::{Call, Client},
    server::{Fault, Site},
    shop::must,
};

/// Longest wait for it to say where it listens.
const START: Duration = Duration::from_secs(30);

/// A running practice world; dropping it kills it.
#[derive(Debug)]
pub struct Practice {
    _child: Child,
    /// Where vendors and the control interface answer.
    pub http: SocketAddr,
    /// Where mail is taken.
    pub smtp: SocketAddr,
}

/// Its program: as given, else beside the server's.
pub fn program(site: &Site, given: Option<&Path>) -> PathBuf {
    given.map_or_else(|| site.program.with_file_name("opsim"), Path::to_path_buf)
}

impl Practice {
    /// Starts it on free ports, with room for `kept` messages.
    ///
    /// # Errors
    /// When it ends or is silent for too long.
    pub async fn start(program: &Path, kept: usize, seed: u64) -> Result<Self, Fault> {
        let mut child = Command::new(program)
            .args(["--listen", "127.0.0.1:0", "--smtp", "127.0.0.1:0"])
            .args(["--kept", &kept.to_string(), "--rng-seed", &seed.to_string()])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .kill_on_drop(true)
            .spawn()
            .map_err(|error| format!("{}: {error}", program.display()))?;
        let stdout = child.stdout.take().ok_or("no standard output")?;
        let mut lines = BufReader::new(stdout).lines();
        let said = tokio::time::timeout(START, lines.next_line()).await;
        let Ok(Ok(Some(line))) = said else { return Err("the practice world did not start".into()) };
        let after = |mark: &str| line.split(mark).nth(1)?.split_whitespace().next()?.parse().ok();
        let (Some(http), Some(smtp)) = (after("http://"), after("smtp://")) else {
            return Err(format!("the practice world does not say where it is: {line}"));
        };
        tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
        Ok(Self { _child: child, http, smtp })
    }

    /// Moves it.
    ///
    /// # Errors
    /// What it says.
    pub async fn tell(&self, what: &str, body: &Value) -> Result<Value, Fault> {
        must(&mut Client::new(self.http, ""), &Call::post(format!("//_ctl/{what}"), "", body)).await
    }

    /// Switches a fault on; without `count` until all are switched off.
    ///
    /// # Errors
    /// What it says.
    pub async fn fault(&self, fault: &Switch) -> Result<(), Fault> {
        let Switch { route, kind, probability, ms, count } = *fault;
        let body = json!({ "route": route, "kind": kind, "probability": probability, "ms": ms, "count": count });
        self.tell("faults", &body).await.map(drop)
    }

    /// Switches all faults off.
    ///
    /// # Errors
    /// What it says.
    pub async fn well(&self) -> Result<(), Fault> {
        let call = Call::send(Method::DELETE, "//_ctl/faults", "", &json!({}));
        must(&mut Client::new(self.http, ""), &call).await.map(drop)
    }

    /// A part of what it remembers.
    ///
    /// # Errors
    /// What it says.
    pub async fn state(&self, part: &str) -> Result<Value, Fault> {
        must(&mut Client::new(self.http, ""), &Call::get(format!("//_ctl/state/{part}"))).await
    }

    /// Every request it was sent.
    ///
    /// # Errors
    /// What it says.
    pub async fn journal(&self) -> Result<Vec<Value>, Fault> {
        let journal = must(&mut Client::new(self.http, ""), &Call::get("//_ctl/journal")).await?;
        Ok(journal.as_array().cloned().unwrap_or_default())
    }
}

/// One fault switch (opsim/src/fault.rs).
#[derive(Clone, Copy, Debug)]
pub struct Switch {
    /// `twilio`, `meta` or `smtp`.
    pub route: &'static str,
    /// What goes wrong.
    pub kind: &'static str,
    /// How often, from 0 to 1.
    pub probability: f64,
    /// Milliseconds, where the kind takes some.
    pub ms: u64,
    /// How many times at most.
    pub count: Option<u32>,
}
