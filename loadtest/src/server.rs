//! The server under test as a child process: started, killed and restarted by its own pid.

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    process::Stdio,
    time::{Duration, Instant},
};

use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    process::{Child, Command},
};

use crate::client::{Call, Client};

/// Longest wait for a server to say where it listens.
const START: Duration = Duration::from_secs(120);

/// A problem of the harness or the server that ends the run.
pub type Fault = String;

/// Where program and data lie.
#[derive(Clone, Debug)]
pub struct Site {
    /// The `munshi` program.
    pub program: PathBuf,
    /// Data directory of this run.
    pub data: PathBuf,
    /// Further settings, as environment variables.
    pub settings: Vec<(String, String)>,
}

impl Site {
    /// The same with further settings.
    #[must_use]
    pub fn with(mut self, settings: &[(String, String)]) -> Self {
        self.settings.extend(settings.iter().cloned());
        self
    }

    fn command(&self) -> Command {
        let mut command = Command::new(&self.program);
        command.arg("--data").arg(&self.data).envs(self.settings.iter().cloned()).kill_on_drop(true);
        command
    }

    /// Makes a user while the server is down.
    ///
    /// # Errors
    /// What the program says.
    pub async fn add_user(&self, email: &str, role: &str, password: &str) -> Result<(), Fault> {
        let mut child = self
            .command()
            .args(["user", "add", "--email", email, "--name", "Load test", "--role", role])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|error| format!("{}: {error}", self.program.display()))?;
        if let Some(mut stdin) = child.stdin.take() {
            stdin.write_all(format!("{password}\n").as_bytes()).await.map_err(|error| error.to_string())?;
        }
        let output = child.wait_with_output().await.map_err(|error| error.to_string())?;
        if output.status.success() { Ok(()) } else { Err(String::from_utf8_lossy(&output.stderr).into_owned()) }
    }

    /// Runs `munshi doctor` on the data directory.
    ///
    /// # Errors
    /// Its findings.
    pub async fn doctor(&self) -> Result<String, Fault> {
        let output = self.command().arg("doctor").output().await.map_err(|error| error.to_string())?;
        let said = String::from_utf8_lossy(&output.stdout).trim().to_owned();
        if output.status.success() {
            Ok(said)
        } else {
            Err(format!("doctor: {said}\n{}", String::from_utf8_lossy(&output.stderr)))
        }
    }

    /// Imports past orders while the server is down; answers the program's summary.
    ///
    /// # Errors
    /// What the program says.
    pub async fn import_orders(&self, file: &Path) -> Result<String, Fault> {
        let output = self.command().args(["import", "orders"]).arg(file).output().await;
        let output = output.map_err(|error| error.to_string())?;
        let said = String::from_utf8_lossy(&output.stdout).trim().to_owned();
        if output.status.success() {
            Ok(said)
        } else {
            Err(format!("import: {said}\n{}", String::from_utf8_lossy(&output.stderr)))
        }
    }

    /// Starts the server and waits until it says where it listens.
    ///
    /// # Errors
    /// When it ends or is silent for too long.
    pub async fn start(&self) -> Result<Server, Fault> {
        let began = Instant::now();
        let log = std::fs::OpenOptions::new().create(true).append(true).open(self.data.with_extension("log"));
        let log = log.map_err(|error| error.to_string())?;
        let mut child = self
            .command()
            .args(["serve", "--listen", "127.0.0.1:0"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .map_err(|error| format!("{}: {error}", self.program.display()))?;
        let stdout = child.stdout.take().ok_or("no standard output")?;
        let mut lines = BufReader::new(stdout).lines();
        let address = tokio::time::timeout(START, async {
            while let Ok(Some(line)) = lines.next_line().await {
                if let Some(address) = line.split("listening on http://").nth(1) {
                    return address.trim().parse::<SocketAddr>().ok();
                }
            }
            None
        })
        .await;
        let Ok(Some(address)) = address else {
            let log = std::fs::read_to_string(self.data.with_extension("log")).unwrap_or_default();
            return Err(format!("the server did not start:\n{}", tail(&log)));
        };
        tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
        Ok(Server { child, address, began })
    }
}

fn tail(log: &str) -> String {
    let lines: Vec<_> = log.lines().collect();
    lines[lines.len().saturating_sub(10)..].join("\n")
}

/// A running server.
#[derive(Debug)]
pub struct Server {
    child: Child,
    /// Where it listens.
    pub address: SocketAddr,
    /// When it was started.
    pub began: Instant,
}

impl Server {
    /// Its process id.
    pub fn pid(&self) -> u32 {
        self.child.id().unwrap_or_default()
    }

    /// SIGKILL, as a power cut would.
    pub async fn kill(&mut self) {
        // Waits for the process to be gone, so that a restart finds the directory free.
        let _ = self.child.kill().await;
    }

    /// SIGTERM, then waits; SIGKILL if that takes too long.
    pub async fn stop(&mut self) {
        let pid = self.pid().to_string();
        let told = Command::new("kill").args(["-TERM", &pid]).status().await;
        let ended = tokio::time::timeout(Duration::from_secs(30), self.child.wait()).await;
        if told.is_err() || ended.is_err() {
            self.kill().await;
        }
    }

    /// A figure of its metrics page.
    ///
    /// # Errors
    /// When there is no such figure.
    pub async fn metric(&self, name: &str) -> Result<f64, Fault> {
        let mut client = Client::new(self.address, "");
        let answer = client.send(&Call::get("//metrics")).await.map_err(|_| "no metrics page".to_owned())?;
        let page = String::from_utf8_lossy(&answer.body).into_owned();
        let found = page.lines().find_map(|line| line.strip_prefix(name)?.trim().parse().ok());
        found.ok_or_else(|| format!("the server has no figure {name}"))
    }

    /// Time from its start to the first answer of a read that needs the aggregates.
    ///
    /// # Errors
    /// When no answer comes.
    pub async fn first_answer(&self, token: &str) -> Result<Duration, Fault> {
        let mut client = Client::new(self.address, token);
        while self.began.elapsed() < START {
            match client.send(&Call::get("/auth/me")).await {
                Ok(answer) if answer.ok() => return Ok(self.began.elapsed()),
                Ok(answer) if !answer.again() => return Err(answer.code()),
                _ => tokio::time::sleep(Duration::from_millis(2)).await,
            }
        }
        Err("no answer after the restart".into())
    }
}

/// Seconds of processor time a process has used, from `/proc/<pid>/stat`; `None` if it is gone.
pub fn cpu_seconds(pid: &str) -> Option<f64> {
    const TICKS: f64 = 100.0; // USER_HZ, fixed for user space on Linux
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let fields: Vec<&str> = stat.rsplit(')').next()?.split_whitespace().collect();
    let ticks: f64 = fields.get(11)?.parse::<f64>().ok()? + fields.get(12)?.parse::<f64>().ok()?;
    Some(ticks / TICKS)
}

/// Resident memory of a process in MiB.
pub fn resident_mib(pid: u32) -> Option<f64> {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let line = status.lines().find(|line| line.starts_with("VmRSS:"))?;
    line.split_whitespace().nth(1)?.parse::<f64>().ok().map(|kib| kib / 1024.0)
}

/// A directory for one run under the system's temporary directory.
///
/// # Errors
/// When it cannot be made.
pub fn scratch(base: Option<&Path>, seed: u64) -> Result<PathBuf, Fault> {
    let base = base.map_or_else(std::env::temp_dir, Path::to_path_buf);
    let folder = base.join(format!("munshi-load-{}-{seed}", std::process::id()));
    std::fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    Ok(folder)
}
