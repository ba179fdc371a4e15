//! The practice world as a program: it says where it listens, answers there, and goes when it is told.

use std::{
    io::{BufRead, BufReader},
    net::SocketAddr,
    process::{Command, Stdio},
};

use serde_json::{Value, json};

#[tokio::test]
async fn the_program_listens_where_it_says_and_takes_and_tells_faults() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_opsim"))
        .args(["--listen", "127.0.0.1:0", "--smtp", "127.0.0.1:0", "--kept", "10"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let after = |mark: &str| -> SocketAddr {
        line.split(mark).nth(1).and_then(|rest| rest.split_whitespace().next()).unwrap().parse().unwrap()
    };
    let (http, smtp) = (after("http://"), after("smtp://"));
    assert!(tokio::net::TcpStream::connect(smtp).await.is_ok());
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let fault = json!({ "route": "twilio", "kind": "400", "count": 1 });
    let told = client.post(format!("http://{http}/_ctl/faults")).header("content-type", "application/json");
    assert_eq!(told.body(fault.to_string()).send().await.unwrap().status(), 204);
    let send = || client.post(format!("http://{http}/twilio/2010-04-01/Accounts/AC1/Messages.json")).send();
    let refused = send().await.unwrap();
    assert_eq!(refused.status(), 400);
    let refused: Value = serde_json::from_str(&refused.text().await.unwrap()).unwrap();
    assert_eq!(refused["code"], 21606);
    // Only once, as counted; then the vendor's own word.
    assert_eq!(send().await.unwrap().status(), 401);
    child.kill().unwrap();
    child.wait().unwrap();
}
