//! One request at a time to the server's REST interface.

use std::time::Duration;

use http_body_util::{BodyExt, Full, Limited};
use hyper::{Request, body::Bytes, header};
use hyper_util::rt::TokioIo;
use serde::{Serialize, de::DeserializeOwned};

use crate::cli::Stop;

/// How long the server has to answer.
const LIMIT: Duration = Duration::from_secs(15);
/// Largest answer, in bytes.
const ANSWER: usize = 64 * 1024;

/// Host and port of `http://host:port`.
pub fn address(server: &str) -> Result<String, Stop> {
    let bad = || Stop::refused("bad_argument", format!("{server:?} is not http://host:port"));
    let address = server.strip_prefix("http://").ok_or_else(bad)?.trim_end_matches('/');
    let well_formed = !address.is_empty() && !address.contains(['/', '?', '#', '@', ' ']);
    if !well_formed {
        return Err(bad());
    }
    Ok(if address.contains(':') { address.to_owned() } else { format!("{address}:80") })
}

/// Sends a body and reads the answer. What the server refuses is told in its words.
pub async fn post<B: Serialize, A: DeserializeOwned>(address: &str, path: &str, body: &B) -> Result<A, Stop> {
    let exchange = exchange(address, path, serde_json::to_vec(body)?);
    let (ok, bytes) = tokio::time::timeout(LIMIT, exchange)
        .await
        .map_err(|_| Stop::Failed(format!("{address} does not answer")))??;
    if ok {
        return Ok(serde_json::from_slice(&bytes)?);
    }
    let problem: munshi_protocols::Problem = serde_json::from_slice(&bytes)?;
    Err(Stop::Failed(format!("{} ({})", problem.detail, problem.code)))
}

async fn exchange(address: &str, path: &str, body: Vec<u8>) -> Result<(bool, Bytes), Stop> {
    let stream = tokio::net::TcpStream::connect(address).await?;
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await?;
    let driver = tokio::spawn(connection);
    let request = Request::post(path)
        .header(header::HOST, address)
        .header(header::CONTENT_TYPE, "application/json")
        .body(Full::new(Bytes::from(body)))?;
    let response = sender.send_request(request).await?;
    let ok = response.status().is_success();
    let read = Limited::new(response.into_body(), ANSWER).collect().await;
    driver.abort();
    let bytes = read.map_err(|error| Stop::Failed(error.to_string()))?.to_bytes();
    Ok((ok, bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_addresses_are_taken() {
        assert_eq!(address("http://127.0.0.1:8080/").unwrap(), "127.0.0.1:8080");
        assert_eq!(address("http://floor.local").unwrap(), "floor.local:80");
        for bad in ["https://x", "x:80", "http://", "http://a/b", "http://u@x"] {
            assert!(address(bad).is_err(), "{bad}");
        }
    }
}
