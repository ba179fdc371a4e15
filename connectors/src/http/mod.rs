//! The one way out over HTTP: a client that follows no redirect, believes no proxy variable, bounds time and bytes,
//! and goes only where the connection may go (README §12).
//!
//! Invariant: a public connection never reaches this machine, its networks or a metadata service, whatever name was
//! given and whatever that name resolves to, because the address that was checked is the one that is connected to; a
//! practice connection never reaches the public internet. URLs are told without credentials, values and fragments.
//! It does not retry and does not know any vendor.

mod reach;

use std::sync::Arc;
use std::time::Duration;

use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, RETRY_AFTER};

use crate::outcome::{Outcome, Repeat, Why, from_status, from_transport, retry_after};
use crate::secret::Secret;

use reach::Guarded;
pub use reach::{Bounds, Reach, UrlRefusal, check_url, may_reach, redact};

/// What is sent.
pub enum Payload {
    /// Nothing.
    Empty,
    /// `application/x-www-form-urlencoded`, names in order and repeatable.
    Form(Vec<(&'static str, String)>),
    /// Bytes of a content type.
    Bytes(&'static str, Vec<u8>),
}

/// One request.
pub struct Call<'a> {
    /// `true` for POST, `false` for GET.
    pub post: bool,
    /// The whole URL.
    pub url: &'a str,
    /// Headers beside authorisation and content type.
    pub headers: Vec<(&'static str, String)>,
    /// Who is calling.
    pub auth: Auth<'a>,
    /// What is sent.
    pub payload: Payload,
}

/// Who is calling.
pub enum Auth<'a> {
    /// Nobody.
    None,
    /// Basic authentication.
    Basic(&'a str, &'a Secret<String>),
    /// A bearer token.
    Bearer(&'a Secret<String>),
}

/// A whole answer, or its first bytes.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The body, cut at the bound.
    pub body: Vec<u8>,
    /// The content type, without parameters, in lower case.
    pub content_type: String,
    retry_after: Option<String>,
}

impl Answer {
    /// What the vendor asks for in `Retry-After`; `now_unix` in seconds.
    pub fn retry_after(&self, now_unix: i64) -> Option<Duration> {
        retry_after(self.retry_after.as_deref()?, now_unix)
    }

    /// The outcome if the status alone decides it; see [`from_status`].
    pub fn refused<R>(&self, now_unix: i64, repeat: Repeat) -> Option<Outcome<R>> {
        from_status(self.status, self.retry_after(now_unix), repeat)
    }

    /// The body as JSON, if it says so and is.
    pub fn json(&self) -> Option<serde_json::Value> {
        if !self.content_type.ends_with("json") {
            return None;
        }
        serde_json::from_slice(&self.body).ok()
    }
}

/// Why there is no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CallError {
    /// The URL is refused: nothing was sent.
    Url(UrlRefusal),
    /// The network failed.
    Transport(Why),
}

impl CallError {
    /// The outcome of the call.
    pub fn outcome<R>(self, repeat: Repeat) -> Outcome<R> {
        match self {
            Self::Url(refusal) => {
                Outcome::permanent(refusal.code(), refusal.to_string(), crate::outcome::Hint::FixConnection)
            }
            Self::Transport(why) => from_transport(why, repeat),
        }
    }

    /// What was observed, for a look-up; a refused URL reaches nothing.
    pub const fn why(self) -> Why {
        match self {
            Self::Url(_) => Why::Unreachable,
            Self::Transport(why) => why,
        }
    }
}

/// The client, shared by all connections. Clones share connections.
#[derive(Clone)]
pub struct Http {
    public: reqwest::Client,
    practice: reqwest::Client,
}

/// The client could not be made: the system's certificates cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("the HTTP client cannot be made: {0}")]
pub struct ClientError(String);

const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);

impl Http {
    /// A client with the system's root certificates.
    ///
    /// # Errors
    /// [`ClientError`] if the system's certificates cannot be used.
    pub fn new() -> Result<Self, ClientError> {
        let client = |reach| {
            reqwest::Client::builder()
                .redirect(reqwest::redirect::Policy::none())
                .no_proxy()
                .connect_timeout(CONNECT_TIMEOUT)
                .pool_idle_timeout(Duration::from_secs(30))
                .user_agent(concat!("Munshi/", env!("CARGO_PKG_VERSION")))
                .dns_resolver(Arc::new(Guarded(reach)))
                .build()
                .map_err(|error| ClientError(error.to_string()))
        };
        Ok(Self { public: client(Reach::Public)?, practice: client(Reach::Practice)? })
    }

    /// Makes one call, once.
    ///
    /// # Errors
    /// The URL is refused, or there was no whole answer. An answer of any status is no error.
    pub async fn call(&self, bounds: &Bounds, call: Call<'_>) -> Result<Answer, CallError> {
        let url = check_url(bounds, call.url).map_err(CallError::Url)?;
        let client = match bounds.reach {
            Reach::Public => &self.public,
            Reach::Practice => &self.practice,
        };
        let request = if call.post { client.post(url) } else { client.get(url) };
        let request = match call.auth {
            Auth::None => request,
            Auth::Basic(user, password) => request.basic_auth(user, Some(password.expose())),
            Auth::Bearer(token) => request.bearer_auth(token.expose()),
        };
        let request = match call.payload {
            Payload::Empty => request,
            Payload::Form(fields) => request.form(&fields),
            Payload::Bytes(content_type, bytes) => request.header(CONTENT_TYPE, content_type).body(bytes),
        };
        let sent = request.headers(headers(call.headers)).timeout(bounds.timeout).send().await;
        let answer = sent.map_err(|error| CallError::Transport(why(&error)))?;
        read(answer, bounds.max_answer).await
    }
}

/// Headers whose value cannot stand in a header are left out rather than cut.
fn headers(list: Vec<(&'static str, String)>) -> HeaderMap {
    let pair = |(name, value): (&'static str, String)| {
        Some((HeaderName::from_static(name), HeaderValue::from_str(&value).ok()?))
    };
    list.into_iter().filter_map(pair).collect()
}

fn why(error: &reqwest::Error) -> Why {
    match (error.is_connect(), error.is_timeout()) {
        (true, true) => Why::ConnectTimeout,
        (true, false) => Why::Unreachable,
        (false, true) => Why::TimedOut,
        // Building fails before anything is written; it cannot happen with a checked URL, and unknown is the safe word.
        (false, false) => Why::ConnectionLost,
    }
}

async fn read(mut answer: reqwest::Response, max: usize) -> Result<Answer, CallError> {
    let status = answer.status().as_u16();
    let text = |name: HeaderName| answer.headers().get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let content_type = text(CONTENT_TYPE).unwrap_or_default();
    let content_type = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let retry_after = text(RETRY_AFTER);
    let mut body = Vec::new();
    while body.len() < max {
        match answer.chunk().await {
            Ok(Some(chunk)) => body.extend_from_slice(&chunk[..chunk.len().min(max - body.len())]),
            Ok(None) => break,
            // A refusal whose body breaks off is still that refusal; a success whose body breaks off is none.
            Err(_) if !(200..300).contains(&status) => break,
            Err(error) => return Err(CallError::Transport(why(&error))),
        }
    }
    Ok(Answer { status, body, content_type, retry_after })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn sec_04_a_name_that_resolves_inside_is_not_connected() {
        let http = Http::new().unwrap();
        let call = Call {
            post: false,
            url: "https://localhost:1/x",
            headers: Vec::new(),
            auth: Auth::None,
            payload: Payload::Empty,
        };
        let error = http.call(&Bounds::new(Reach::Public, Vec::new()), call).await.unwrap_err();
        assert_eq!(error, CallError::Transport(Why::Unreachable));
    }
}
