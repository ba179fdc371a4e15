//! The program itself: a data directory, the command line, a server that is told to stop.

use std::{
    path::Path,
    process::{Command, Stdio},
};

use serde_json::json;

use crate::program::{Server, munshi, ok, run};

fn serve(data: &Path) -> Server {
    Server::start(munshi(data), Stdio::null())
}

fn stop(mut server: Server) {
    let told = Command::new("kill").args(["-TERM", &server.child.id().to_string()]).status().unwrap();
    assert!(told.success());
    let status = server.child.wait().unwrap();
    assert!(status.success(), "ended with {status}");
}

fn sign_in(server: &Server, email: &str, password: &str) -> (u16, serde_json::Value) {
    let body = json!({"email": email, "password": password}).to_string();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(crate::harness::post(&server.address, "/api/v1/auth/sign-in", &body))
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
    let (status, body) = sign_in(&server, "admin@demo.munshi.pk", "a long password");
    assert_eq!((status, &body["user"]["roles"]), (200, &json!(["admin"])), "{body}");
    let second = run(data, &["serve", "--listen", "127.0.0.1:0"], "");
    let told = String::from_utf8_lossy(&second.stderr).into_owned();
    assert_eq!(second.status.code(), Some(1), "{told}");
    assert!(told.contains("in use") && told.contains(&server.child.id().to_string()), "names the holder: {told}");
    stop(server);
    ok(&run(data, &["user", "passwd", "--email", "admin@demo.munshi.pk"], "another long one\n"));
    assert!(ok(&run(data, &["doctor"], "")).contains(" 0 faults"));
    assert!(ok(&run(data, &["rebuild"], "")).contains("rebuilt from"));
    let server = serve(data);
    assert_eq!(sign_in(&server, "admin@demo.munshi.pk", "a long password").0, 401);
    assert_eq!(sign_in(&server, "admin@demo.munshi.pk", "another long one").0, 200);
    stop(server);
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
