//! One console connection of the harness: as little as can speak the protocol, so that thousands fit beside the server
//! they measure. It says hello, keeps where each topic stands, answers pings, and counts.
//!
//! It knows frames as JSON text only: the harness talks to the server as anybody does.

use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr},
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::{
    net::{TcpSocket, TcpStream},
    sync::watch,
};
use tokio_tungstenite::{
    WebSocketStream, client_async_with_config,
    tungstenite::{Message, client::IntoClientRequest, http::HeaderValue, protocol::WebSocketConfig},
};

/// The origin that the harness tells the server to allow.
pub const ORIGIN: &str = "https://load.test";

/// What all connections of a run share.
#[derive(Debug)]
pub struct Shared {
    /// Where the server is; changes when it is started again.
    pub address: watch::Receiver<SocketAddr>,
    /// Topics each connection has.
    pub topics: Vec<String>,
    /// Token of the first hello.
    pub token: String,
    /// Whether connections come back after they were closed.
    pub reconnect: bool,
    /// Connections that are live now.
    pub live: AtomicU64,
    /// Subscriptions by outcome.
    pub resumed: AtomicU64,
    /// See `resumed`.
    pub snapshots: AtomicU64,
    /// See `resumed`.
    pub refused: AtomicU64,
    /// Deltas whose `base` was not where the topic stood: lost changes.
    pub gaps: AtomicU64,
    /// Attempts to connect.
    pub opened: AtomicU64,
    /// Those that failed, or were sent away.
    pub failed: AtomicU64,
    /// Deltas received.
    pub deltas: AtomicU64,
    /// Messages with deltas received.
    pub messages: AtomicU64,
    /// Bytes received.
    pub bytes: AtomicU64,
    /// Told to stop.
    pub stop: watch::Receiver<bool>,
    /// When value n of the changing row was sent, in microseconds since `began`; and when the last reader had it.
    pub sent: Vec<AtomicU64>,
    /// See `sent`.
    pub last: Vec<AtomicU64>,
    /// Microseconds from sending to receiving, by power of 1.02; see [`bucket`].
    pub latency: Vec<AtomicU64>,
    /// Zero of the times.
    pub began: Instant,
    /// The row's value before the first change.
    pub from: u64,
}

/// Number of latency buckets.
pub const BUCKETS: usize = 1_024;

/// Bucket of a latency: about 2 % wide.
pub fn bucket(micros: u64) -> usize {
    ((micros.max(1) as f64).ln() / 1.02_f64.ln()) as usize
}

/// The latency a bucket stands for, in milliseconds.
pub fn bucket_ms(at: usize) -> f64 {
    1.02_f64.powi(i32::try_from(at).unwrap_or(i32::MAX)) / 1_000.0
}

/// How one connection behaves.
#[derive(Debug)]
pub struct Manner {
    /// Its number, from which its address follows.
    pub number: usize,
    /// While this holds it reads nothing.
    pub stalled: Arc<AtomicBool>,
    /// Whether its latencies count.
    pub counted: bool,
}

type Socket = WebSocketStream<TcpStream>;

struct Topic {
    name: String,
    epoch: String,
    off: u64,
}

/// Stays connected until told to stop.
pub async fn run(shared: Arc<Shared>, manner: Manner) {
    let mut topics: Vec<Topic> =
        shared.topics.iter().map(|name| Topic { name: name.clone(), epoch: String::new(), off: 0 }).collect();
    let (mut ticket, mut stop) = (None::<String>, shared.stop.clone());
    // A round that was stopped before this one began is none of its business.
    stop.mark_unchanged();
    let mut wait = Duration::ZERO;
    while !*stop.borrow() {
        tokio::select! {
            () = tokio::time::sleep(wait) => {}
            _ = stop.changed() => return,
        }
        let connected = tokio::select! {
            connected = connect(&shared, &manner, ticket.as_deref(), &topics) => connected,
            _ = stop.changed() => return,
        };
        let Some(mut socket) = connected else {
            shared.failed.fetch_add(1, Ordering::Relaxed);
            // Full jitter, as the protocol asks for.
            wait = Duration::from_millis(rand::random_range(50..1_000));
            continue;
        };
        let mut after = None;
        let mut live = false;
        tokio::select! {
            () = converse(&shared, &manner, &mut socket, &mut topics, &mut ticket, &mut after, &mut live) => {}
            _ = stop.changed() => drop(socket.close(None).await),
        }
        if live {
            shared.live.fetch_sub(1, Ordering::AcqRel);
            if !shared.reconnect {
                return;
            }
        } else {
            // Told to come again, for example because too many came at once.
            shared.failed.fetch_add(1, Ordering::Relaxed);
        }
        wait = after.unwrap_or_else(|| Duration::from_millis(rand::random_range(0..250)));
    }
}

/// Connects without a topic, waits for all the others, and subscribes: answers the time until the last row was there, and
/// the bytes it took. Nothing is parsed: thousands of rows a console would measure the harness.
///
/// # Errors
/// When the connection does not last.
pub async fn whole(
    shared: Arc<Shared>,
    number: usize,
    topic: &'static str,
    gate: Arc<tokio::sync::Barrier>,
) -> Result<(Duration, usize), String> {
    let manner = Manner { number, stalled: Arc::new(AtomicBool::new(false)), counted: false };
    let connected = connect(&shared, &manner, None, &[]).await;
    let greeted = match connected {
        Some(mut socket) => {
            let welcome = tokio::time::timeout(Duration::from_secs(20), socket.next()).await;
            welcome.is_ok_and(|came| matches!(came, Some(Ok(Message::Text(_))))).then_some(socket)
        }
        None => None,
    };
    // Everybody comes to the gate, or nobody would get through.
    gate.wait().await;
    let mut socket = greeted.ok_or("a console was not greeted")?;
    let began = Instant::now();
    let sub = json!({ "t": "sub", "id": 1, "d": { "topic": topic } });
    socket.send(Message::text(sub.to_string())).await.map_err(|error| error.to_string())?;
    let mut bytes = 0;
    loop {
        let next = tokio::time::timeout(Duration::from_secs(60), socket.next()).await;
        match next.map_err(|_| "a snapshot does not end")? {
            Some(Ok(Message::Text(text))) => {
                bytes += text.len();
                if text.lines().any(|line| line.starts_with("{\"t\":\"snap\"") && line.contains("\"last\":true")) {
                    return Ok((began.elapsed(), bytes));
                }
            }
            Some(Ok(_)) => {}
            _ => return Err("a connection ended while it was sent a snapshot".into()),
        }
    }
}

/// Where the connection of this number comes from. An address has 28,000 ports, and a port that was closed on this side is
/// not free again for a minute.
fn source(opened: u64) -> Ipv4Addr {
    let address = opened / 10_000 % (250 * 250);
    let [.., low] = (2 + address % 250).to_be_bytes();
    let [.., high] = (address / 250).to_be_bytes();
    Ipv4Addr::new(127, 0, high, low)
}

async fn connect(shared: &Shared, manner: &Manner, ticket: Option<&str>, topics: &[Topic]) -> Option<Socket> {
    let address = *shared.address.borrow();
    let socket = TcpSocket::new_v4().ok()?;
    let source = source(shared.opened.fetch_add(1, Ordering::Relaxed));
    socket.bind(SocketAddr::new(IpAddr::V4(source), 0)).ok()?;
    let stream = tokio::time::timeout(Duration::from_secs(10), socket.connect(address)).await.ok()?.ok()?;
    stream.set_nodelay(true).ok()?;
    let mut request = format!("ws://{address}/ws/console").into_client_request().ok()?;
    request.headers_mut().insert("origin", HeaderValue::from_static(ORIGIN));
    request.headers_mut().insert("sec-websocket-protocol", HeaderValue::from_static("munshi.v1.json"));
    let config = WebSocketConfig::default().read_buffer_size(4 * 1024).write_buffer_size(0);
    let upgraded = client_async_with_config(request, stream, Some(config));
    let (mut socket, _) = tokio::time::timeout(Duration::from_secs(20), upgraded).await.ok()?.ok()?;
    let sub = |topic: &Topic| match topic.epoch.as_str() {
        "" => json!({ "topic": topic.name }),
        epoch => json!({ "topic": topic.name, "since": { "epoch": epoch, "off": topic.off } }),
    };
    let subs: Vec<Value> = topics.iter().map(sub).collect();
    let mut d = json!({ "kind": "console", "client": format!("load_{}", manner.number), "app": "1", "subs": subs });
    match ticket {
        Some(ticket) => d["ticket"] = json!(ticket),
        None => d["token"] = json!(shared.token),
    }
    socket.send(Message::text(json!({ "t": "hello", "d": d }).to_string())).await.ok()?;
    Some(socket)
}

async fn converse(
    shared: &Shared,
    manner: &Manner,
    socket: &mut Socket,
    topics: &mut [Topic],
    ticket: &mut Option<String>,
    after: &mut Option<Duration>,
    live: &mut bool,
) {
    loop {
        while manner.stalled.load(Ordering::Acquire) {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        let Some(Ok(message)) = socket.next().await else { return };
        let Message::Text(text) = message else { continue };
        shared.bytes.fetch_add(text.len() as u64, Ordering::Relaxed);
        if text.starts_with("{\"t\":\"delta\"") {
            shared.messages.fetch_add(1, Ordering::Relaxed);
        }
        for line in text.lines() {
            if line.starts_with("{\"t\":\"delta\"") {
                delta(shared, manner, topics, line);
                continue;
            }
            let Ok(frame) = serde_json::from_str::<Value>(line) else { continue };
            let d = &frame["d"];
            match frame["t"].as_str() {
                Some("welcome") => {
                    *ticket = d["ticket"].as_str().map(str::to_owned);
                    welcome(shared, topics, d);
                    *live = true;
                    shared.live.fetch_add(1, Ordering::AcqRel);
                }
                Some("ping") => {
                    let pong = json!({ "t": "pong", "d": { "n": d["n"] } });
                    if socket.send(Message::text(pong.to_string())).await.is_err() {
                        return;
                    }
                }
                Some("snap") if d["last"] == true => stand(topics, d),
                Some("drain") => *after = d["after_ms"].as_u64().map(Duration::from_millis),
                Some("err") if !*live => *ticket = None,
                _ => {}
            }
        }
    }
}

fn welcome(shared: &Shared, topics: &mut [Topic], d: &Value) {
    for sub in d["subs"].as_array().into_iter().flatten() {
        match sub["outcome"].as_str() {
            Some("resumed") => drop(shared.resumed.fetch_add(1, Ordering::Relaxed)),
            Some("snapshot") => drop(shared.snapshots.fetch_add(1, Ordering::Relaxed)),
            _ => drop(shared.refused.fetch_add(1, Ordering::Relaxed)),
        }
    }
    // A topic that begins anew stands nowhere until its snapshot is there.
    for topic in topics {
        let new = d["subs"]
            .as_array()
            .into_iter()
            .flatten()
            .any(|sub| sub["topic"] == topic.name && sub["outcome"] == "snapshot");
        if new {
            topic.epoch.clear();
        }
    }
}

fn stand(topics: &mut [Topic], d: &Value) {
    if let Some(topic) = topics.iter_mut().find(|topic| d["topic"] == topic.name) {
        topic.epoch = d["epoch"].as_str().unwrap_or_default().to_owned();
        topic.off = d["off"].as_u64().unwrap_or_default();
    }
}

/// A number behind a mark in a frame, without parsing the whole of it.
fn number(line: &str, mark: &str) -> Option<u64> {
    let rest = &line[line.find(mark)? + mark.len()..];
    let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    rest[..end].parse().ok()
}

fn delta(shared: &Shared, manner: &Manner, topics: &mut [Topic], line: &str) {
    let now = u64::try_from(shared.began.elapsed().as_micros()).unwrap_or(u64::MAX);
    shared.deltas.fetch_add(1, Ordering::Relaxed);
    let name = line.split('"').nth(9).unwrap_or_default();
    if let Some(topic) = topics.iter_mut().find(|topic| topic.name == name) {
        if number(line, "\"base\":") != Some(topic.off) {
            shared.gaps.fetch_add(1, Ordering::Relaxed);
        }
        topic.off = number(line, "\"off\":").unwrap_or(topic.off);
    }
    let value = number(line, "\"on_hand\":\"").and_then(|value| value.checked_sub(shared.from));
    let Some(at) = value.and_then(|value| usize::try_from(value).ok()).filter(|at| *at < shared.sent.len()) else {
        return;
    };
    let sent = shared.sent[at].load(Ordering::Acquire);
    if sent > 0 && manner.counted {
        let micros = now.saturating_sub(sent);
        shared.latency[bucket(micros).min(BUCKETS - 1)].fetch_add(1, Ordering::Relaxed);
        shared.last[at].fetch_max(micros, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn connections_come_from_address_after_address() {
        let sources = [0, 9_999, 10_000, 2_500_000].map(|opened| source(opened).to_string());
        assert_eq!(sources, ["127.0.0.2", "127.0.0.2", "127.0.0.3", "127.0.1.2"]);
    }

    #[test]
    fn numbers_are_read_out_of_frames() {
        let line = r#"{"t":"delta","d":{"topic":"wh.w-1.stock","epoch":"j_1","base":41,"off":42,"put":[{"k":"A","v":{"rev":3,"on_hand":"1007"}}]}}"#;
        assert_eq!((number(line, "\"base\":"), number(line, "\"off\":")), (Some(41), Some(42)));
        assert_eq!(number(line, "\"on_hand\":\""), Some(1_007));
        assert_eq!(number(line, "\"nothing\":"), None);
        assert_eq!(line.split('"').nth(9), Some("wh.w-1.stock"));
        let ms = bucket_ms(bucket(20_000));
        assert!((19.0..21.0).contains(&ms), "{ms}");
    }
}
