//! The one way out over HTTP: a client that follows no redirect, believes no proxy variable, bounds time and bytes,
//! and goes only where the connection may go (README §12).
//!
//! Invariant: a public connection never reaches this machine, its networks or a metadata service, whatever name was
//! given and whatever that name resolves to, because the address that was checked is the one that is connected to; a
//! practice connection never reaches the public internet. URLs are told without credentials, values and fragments.
//! It does not retry and does not know any vendor.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use reqwest::Url;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, RETRY_AFTER};

use crate::outcome::{Outcome, Repeat, Why, from_status, from_transport, retry_after};
use crate::secret::Secret;

/// Which networks a connection may reach.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// The public internet, by TLS only.
    Public,
    /// This machine and private networks only, so that nothing practised reaches a customer.
    Practice,
}

/// Where one connection may go and how much it may take.
#[derive(Clone, Debug)]
pub struct Bounds {
    /// Which networks.
    pub reach: Reach,
    /// Which hosts, without port; empty for any host that `reach` allows (addresses given by users).
    pub hosts: Vec<String>,
    /// The whole call.
    pub timeout: Duration,
    /// The most bytes of an answer that are kept.
    pub max_answer: usize,
}

impl Bounds {
    /// The usual bounds: 15 s and 1 MiB.
    pub const fn new(reach: Reach, hosts: Vec<String>) -> Self {
        Self { reach, hosts, timeout: Duration::from_secs(15), max_answer: 1 << 20 }
    }
}

/// Why a URL is not called.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UrlRefusal {
    /// Not an absolute http or https URL.
    #[error("not an absolute http or https URL")]
    Malformed,
    /// A public address by plain http.
    #[error("only https may leave this network")]
    NotEncrypted,
    /// A user name or password in the URL.
    #[error("the URL carries credentials")]
    Credentials,
    /// A host that is not on the connection's list.
    #[error("the host is not on the connection's list")]
    HostNotAllowed,
    /// An address that this connection may not reach.
    #[error("the address is outside what this connection may reach")]
    AddressNotAllowed,
}

impl UrlRefusal {
    /// The stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Malformed => "url_malformed",
            Self::NotEncrypted => "url_not_encrypted",
            Self::Credentials => "url_credentials",
            Self::HostNotAllowed => "url_host_not_allowed",
            Self::AddressNotAllowed => "url_address_not_allowed",
        }
    }
}

/// Whether an address may be reached.
pub fn may_reach(reach: Reach, ip: IpAddr) -> bool {
    let ip = ip.to_canonical();
    match reach {
        Reach::Public => !is_special(ip),
        Reach::Practice => match ip {
            IpAddr::V4(v4) => v4.is_loopback() || v4.is_private(),
            IpAddr::V6(v6) => v6.is_loopback() || v6.is_unique_local(),
        },
    }
}

/// Addresses that are not the public internet (IANA special-purpose registries).
fn is_special(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(v4) => is_special_v4(v4),
        IpAddr::V6(v6) => is_special_v6(v6),
    }
}

fn is_special_v4(ip: Ipv4Addr) -> bool {
    let [a, b, c, _] = ip.octets();
    ip.is_loopback()
        || ip.is_private()
        || ip.is_link_local()
        || ip.is_multicast()
        || ip.is_documentation()
        || a == 0
        || a >= 240
        || (a == 100 && (64..128).contains(&b))
        || (a == 192 && b == 0 && c == 0)
        || (a == 192 && b == 88 && c == 99)
        || (a == 198 && (b == 18 || b == 19))
}

fn is_special_v6(ip: Ipv6Addr) -> bool {
    let [a, b, c, ..] = ip.segments();
    // Only 2000::/3 is routed on the public internet; of it, tunnels to IPv4 and reserved blocks are refused too.
    a & 0xe000 != 0x2000
        || a == 0x2002
        || (a == 0x2001 && (b < 0x0200 || b == 0x0db8))
        || (a == 0x3fff && c & 0xf000 == 0)
}

/// Parses a URL and says whether this connection may call it, as far as the text tells; what a name resolves to is
/// checked when it is connected.
///
/// # Errors
/// Which rule it breaks.
pub fn check_url(bounds: &Bounds, text: &str) -> Result<Url, UrlRefusal> {
    let url = Url::parse(text).map_err(|_| UrlRefusal::Malformed)?;
    let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']).to_ascii_lowercase();
    match (url.scheme(), bounds.reach) {
        ("https", _) | ("http", Reach::Practice) => {}
        ("http", Reach::Public) => return Err(UrlRefusal::NotEncrypted),
        _ => return Err(UrlRefusal::Malformed),
    }
    if host.is_empty() {
        return Err(UrlRefusal::Malformed);
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(UrlRefusal::Credentials);
    }
    if !bounds.hosts.is_empty() && !bounds.hosts.iter().any(|allowed| allowed.eq_ignore_ascii_case(&host)) {
        return Err(UrlRefusal::HostNotAllowed);
    }
    match host.parse::<IpAddr>() {
        Ok(ip) if !may_reach(bounds.reach, ip) => Err(UrlRefusal::AddressNotAllowed),
        _ => Ok(url),
    }
}

/// A URL for logs: scheme, host, path, and the names of query parameters without their values.
pub fn redact(url: &Url) -> String {
    let mut shown = format!("{}://{}", url.scheme(), url.host_str().unwrap_or("?"));
    if let Some(port) = url.port() {
        shown.push_str(&format!(":{port}"));
    }
    shown.push_str(url.path());
    for (index, (key, _)) in url.query_pairs().enumerate() {
        shown.push(if index == 0 { '?' } else { '&' });
        shown.push_str(&key);
    }
    shown
}

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

/// Resolves names and keeps only addresses that may be reached.
struct Guarded(Reach);

impl Resolve for Guarded {
    fn resolve(&self, name: Name) -> Resolving {
        let reach = self.0;
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let kept: Vec<SocketAddr> = found.filter(|address| may_reach(reach, address.ip())).collect();
            if kept.is_empty() {
                return Err(std::io::Error::other(UrlRefusal::AddressNotAllowed).into());
            }
            Ok(Box::new(kept.into_iter()) as Addrs)
        })
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

    fn bounds(reach: Reach, hosts: &[&str]) -> Bounds {
        Bounds::new(reach, hosts.iter().map(|host| (*host).to_owned()).collect())
    }

    #[test]
    fn sec_04_public_connections_reach_no_inner_address() {
        for inner in [
            "127.0.0.1",
            "127.9.9.9",
            "10.0.0.1",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
            "255.255.255.255",
            "224.0.0.1",
            "198.18.0.1",
            "192.0.0.8",
            "::1",
            "::",
            "fe80::1",
            "fc00::1",
            "fd00:ec2::254",
            "::ffff:127.0.0.1",
            "::ffff:169.254.169.254",
            "64:ff9b::7f00:1",
            "2002:7f00:1::",
            "ff02::1",
            "2001:db8::1",
        ] {
            assert!(!may_reach(Reach::Public, inner.parse().unwrap()), "{inner}");
            let host = if inner.contains(':') { format!("[{inner}]") } else { inner.to_owned() };
            let url = format!("https://{host}/x");
            assert_eq!(check_url(&bounds(Reach::Public, &[]), &url), Err(UrlRefusal::AddressNotAllowed), "{inner}");
        }
        for outer in ["8.8.8.8", "1.1.1.1", "2606:4700:4700::1111", "2a00:1450:4001::1"] {
            assert!(may_reach(Reach::Public, outer.parse().unwrap()), "{outer}");
            assert!(!may_reach(Reach::Practice, outer.parse().unwrap()), "{outer}");
        }
        // Spellings of loopback that a URL parser turns into an address.
        for spelling in ["https://0x7f000001/", "https://2130706433/", "https://127.1/", "https://0177.0.0.1/"] {
            assert_eq!(
                check_url(&bounds(Reach::Public, &[]), spelling),
                Err(UrlRefusal::AddressNotAllowed),
                "{spelling}"
            );
        }
    }

    #[test]
    fn sec_04_a_url_is_checked_before_it_is_called() {
        let public = bounds(Reach::Public, &["api.twilio.com"]);
        assert!(check_url(&public, "https://api.twilio.com/x").is_ok());
        assert!(check_url(&public, "https://API.Twilio.com/x").is_ok());
        for (url, want) in [
            ("http://api.twilio.com/x", UrlRefusal::NotEncrypted),
            ("https://api.twilio.com.evil.example/x", UrlRefusal::HostNotAllowed),
            ("https://user:pw@api.twilio.com/x", UrlRefusal::Credentials),
            ("ftp://api.twilio.com/x", UrlRefusal::Malformed),
            ("/x", UrlRefusal::Malformed),
        ] {
            assert_eq!(check_url(&public, url), Err(want), "{url}");
        }
        assert!(check_url(&bounds(Reach::Practice, &[]), "http://127.0.0.1:7400/twilio").is_ok());
    }

    #[test]
    fn sec_06_logged_urls_have_no_values() {
        let url = Url::parse("https://u:pw@x.example:8443/a/b?token=canary&To=%2B92300#frag").unwrap();
        let shown = redact(&url);
        assert_eq!(shown, "https://x.example:8443/a/b?token&To");
    }

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
        let error = http.call(&bounds(Reach::Public, &[]), call).await.unwrap_err();
        assert_eq!(error, CallError::Transport(Why::Unreachable));
    }
}
