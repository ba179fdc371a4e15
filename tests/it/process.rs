//! The program itself: a data directory, the command line, a server that is told to stop.

use std::{
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
};

use serde_json::json;

use crate::program::{munshi, ok, run};

/// A running `munshi serve`; dropping it kills it.
struct Server {
    child: Child,
    address: String,
}

impl Drop for Server {
    fn drop(&mut self) {
        // Already gone after an orderly stop.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn serve(data: &Path) -> Server {
    let mut command = munshi(data);
    command.args(["serve", "--listen", "127.0.0.1:0"]).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = command.spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let address = line.trim().strip_prefix("listening on http://").unwrap_or_else(|| panic!("got {line:?}")).to_owned();
    Server { child, address }
}

impl Server {
    fn stop(mut self) {
        let told = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status().unwrap();
        assert!(told.success());
        let status = self.child.wait().unwrap();
        assert!(status.success(), "ended with {status}");
    }

    fn sign_in(&self, email: &str, password: &str) -> (u16, serde_json::Value) {
        let body = json!({"email": email, "password": password}).to_string();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(crate::harness::post(&self.address, "/api/v1/auth/sign-in", &body))
    }
}

#[test]
fn ops_10_a_shop_is_set_up_served_and_stopped_from_the_command_line() {
    let directory = tempfile::tempdir().unwrap();
    let data = directory.path();
    let add = ["user", "add", "--email", "admin@demo.munshi.pk", "--name", "Admin", "--role", "admin"];
    ok(&run(data, &add, "a long password\n"));
    let twice = run(data, &add, "a long password\n");
    assert!(!twice.status.success() && String::from_utf8_lossy(&twice.stderr).contains("email_taken"), "{twice:?}");
    assert!(ok(&run(data, &["user", "list"], "")).contains("admin@demo.munshi.pk\tAdmin\tadmin\tactive"));
    let server = serve(data);
    let (status, body) = server.sign_in("admin@demo.munshi.pk", "a long password");
    assert_eq!((status, &body["user"]["roles"]), (200, &json!(["admin"])), "{body}");
    let second = run(data, &["serve", "--listen", "127.0.0.1:0"], "");
    let told = String::from_utf8_lossy(&second.stderr).into_owned();
    assert_eq!(second.status.code(), Some(1), "{told}");
    assert!(told.contains("in use") && told.contains(&server.child.id().to_string()), "names the holder: {told}");
    server.stop();
    ok(&run(data, &["user", "passwd", "--email", "admin@demo.munshi.pk"], "another long one\n"));
    assert!(ok(&run(data, &["doctor"], "")).contains(" 0 faults"));
    assert!(ok(&run(data, &["rebuild"], "")).contains("rebuilt from"));
    let server = serve(data);
    assert_eq!(server.sign_in("admin@demo.munshi.pk", "a long password").0, 401);
    assert_eq!(server.sign_in("admin@demo.munshi.pk", "another long one").0, 200);
    server.stop();
}

#[test]
fn settings_are_checked_and_printed() {
    let directory = tempfile::tempdir().unwrap();
    let page = ok(&run(directory.path(), &["check-config"], ""));
    assert!(page.contains("listen = \"127.0.0.1:8080\"  # default") && page.contains("# --data"), "{page}");
    std::fs::write(directory.path().join("bad.toml"), "[server]\nlisen = \"x\"\n[lgo]\n").unwrap();
    let bad = run(directory.path(), &["check-config", "--config", "bad.toml"], "");
    let told = String::from_utf8_lossy(&bad.stderr).into_owned();
    assert_eq!(bad.status.code(), Some(2), "{told}");
    assert!(told.contains("did you mean \"server.listen\"?") && told.contains("did you mean \"log\"?"), "{told}");
}
