//! Where a connection may go: which networks and hosts, and how a URL is told in logs.
//!
//! Invariant: addresses are judged when they are connected to, not when the name was written down, so that a name that
//! resolves to an inner address later reaches nothing.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use reqwest::Url;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};

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

/// Resolves names and keeps only addresses that may be reached.
pub(super) struct Guarded(pub Reach);

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
}
