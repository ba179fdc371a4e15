//! A keep-alive HTTP/1.1 connection, and JSON requests over it.
//!
//! Invariant: a request whose answer did not arrive is reported as [`Lost`], never retried in secret; the caller
//! decides, with the same idempotency key.

use std::{net::SocketAddr, time::Duration};

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::{Method, Request, client::conn::http1};
use hyper_util::rt::TokioIo;
use serde_json::Value;
use tokio::net::TcpStream;

/// Longest wait for one answer.
const PATIENCE: Duration = Duration::from_secs(20);

/// No answer: the request may or may not have been carried out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lost;

/// What came back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// The body, byte for byte.
    pub body: Bytes,
}

impl Answer {
    /// Whether the command was accepted.
    pub fn ok(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// Whether it was certainly not carried out and may be sent again with the same key.
    pub fn again(&self) -> bool {
        matches!(self.status, 429 | 503 | 504)
    }

    /// The body as JSON; null if it is none.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or(Value::Null)
    }

    /// Status and problem code, for counting.
    pub fn code(&self) -> String {
        let body = self.json();
        format!("{} {}", self.status, body["code"].as_str().unwrap_or("-"))
    }
}

/// One request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// Method.
    pub method: Method,
    /// Path from `/api/v1` on, or after `//` from the root on.
    pub path: String,
    /// Idempotency key of a mutation.
    pub key: Option<String>,
    /// JSON body.
    pub body: Option<Bytes>,
}

impl Call {
    /// A read.
    pub fn get(path: impl Into<String>) -> Self {
        Self { method: Method::GET, path: path.into(), key: None, body: None }
    }

    /// A mutation with a body.
    pub fn send(method: Method, path: impl Into<String>, key: impl Into<String>, body: &Value) -> Self {
        Self { method, path: path.into(), key: Some(key.into()), body: Some(body.to_string().into()) }
    }

    /// A POST with a body.
    pub fn post(path: impl Into<String>, key: impl Into<String>, body: &Value) -> Self {
        Self::send(Method::POST, path, key, body)
    }

    /// A POST without a body.
    pub fn act(path: impl Into<String>, key: impl Into<String>) -> Self {
        Self { method: Method::POST, path: path.into(), key: Some(key.into()), body: None }
    }
}

/// A connection that is opened when needed.
#[derive(Debug)]
pub struct Client {
    address: SocketAddr,
    token: String,
    sender: Option<http1::SendRequest<Full<Bytes>>>,
}

impl Client {
    /// Nothing is opened yet.
    pub fn new(address: SocketAddr, token: impl Into<String>) -> Self {
        Self { address, token: token.into(), sender: None }
    }

    /// The same address after a restart under another port.
    pub fn move_to(&mut self, address: SocketAddr) {
        if self.address != address {
            self.address = address;
            self.sender = None;
        }
    }

    /// Sends a request and waits for its answer.
    ///
    /// # Errors
    /// [`Lost`] when no whole answer arrived.
    pub async fn send(&mut self, call: &Call) -> Result<Answer, Lost> {
        match tokio::time::timeout(PATIENCE, self.exchange(call)).await {
            Ok(Some(answer)) => Ok(answer),
            _ => {
                self.sender = None;
                Err(Lost)
            }
        }
    }

    async fn exchange(&mut self, call: &Call) -> Option<Answer> {
        if self.sender.as_ref().is_none_or(http1::SendRequest::is_closed) {
            self.sender = Some(self.open().await?);
        }
        let sender = self.sender.as_mut()?;
        sender.ready().await.ok()?;
        let mut request = Request::builder()
            .method(call.method.clone())
            .uri(match call.path.strip_prefix("//") {
                Some(path) => format!("/{path}"),
                None => format!("/api/v1{}", call.path),
            })
            .header("host", self.address.to_string());
        if !self.token.is_empty() {
            request = request.header("authorization", format!("Bearer {}", self.token));
        }
        if let Some(key) = &call.key {
            request = request.header("idempotency-key", key);
        }
        if call.body.is_some() {
            request = request.header("content-type", "application/json");
        }
        let request = request.body(Full::new(call.body.clone().unwrap_or_default())).ok()?;
        let response = sender.send_request(request).await.ok()?;
        let status = response.status().as_u16();
        let body = response.into_body().collect().await.ok()?.to_bytes();
        Some(Answer { status, body })
    }

    async fn open(&self) -> Option<http1::SendRequest<Full<Bytes>>> {
        let stream = TcpStream::connect(self.address).await.ok()?;
        stream.set_nodelay(true).ok()?;
        let (sender, connection) = http1::handshake(TokioIo::new(stream)).await.ok()?;
        tokio::spawn(async move {
            // The error reaches the request that was under way.
            let _ = connection.await;
        });
        Some(sender)
    }
}
