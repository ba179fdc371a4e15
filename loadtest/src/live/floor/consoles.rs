//! Consoles that watch boards while devices scan and the server is killed, and what they have to show in the end.

use std::{
    collections::BTreeMap,
    hash::{DefaultHasher, Hash, Hasher},
    net::SocketAddr,
    time::Duration,
};

use munshi_protocols::{clientsm::Event, mirror::Mirror};
use tokio::{sync::watch, task::JoinHandle};

use crate::{
    live::{
        peer::{Net, Peer, Who},
        watch::{Check, Watch},
    },
    server::Fault,
};

/// Longest wait for boards to be the same.
const PATIENCE: Duration = Duration::from_secs(60);

/// What a mirror shows: where it stands, how many rows, and what they are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// Offset.
    pub off: u64,
    /// Rows.
    pub rows: usize,
    /// Over keys, versions and bodies.
    pub digest: u64,
}

fn shown(peer: &Peer, topic: &str) -> Option<Shown> {
    let Some(Mirror::Map(map)) = peer.mirror(topic) else { return None };
    let stand = map.stand()?;
    let mut hasher = DefaultHasher::new();
    for row in map.rows().values() {
        (row.k.as_str(), row.ver.get(), row.v.json()).hash(&mut hasher);
    }
    Some(Shown { off: stand.off.get(), rows: map.rows().len(), digest: hasher.finish() })
}

/// What is expected in the end, by topic; nothing as long as it is not known.
pub type Expected = Option<BTreeMap<String, Shown>>;

/// A console that was watched to the end.
#[derive(Debug)]
pub struct Seen {
    /// What came over its socket.
    pub watch: Watch,
    /// Mirrors that disagreed with the server's checksum on the way.
    pub mismatches: u64,
}

/// Opens consoles; each runs until `expected` says what it has to show, and then until it shows that.
///
/// # Errors
/// When the harness gives one something no client may have.
pub fn open(
    count: usize,
    seed: u64,
    token: &str,
    topics: &[String],
    address: &watch::Receiver<SocketAddr>,
    expected: &watch::Receiver<Expected>,
) -> Result<Vec<JoinHandle<Result<Seen, Fault>>>, Fault> {
    let mut tasks = Vec::with_capacity(count);
    for number in 0..count {
        let mut peer = console(number, seed, token, topics, address)?;
        peer.start();
        tasks.push(tokio::spawn(run(peer, number, expected.clone())));
    }
    Ok(tasks)
}

fn console(
    number: usize,
    seed: u64,
    token: &str,
    topics: &[String],
    address: &watch::Receiver<SocketAddr>,
) -> Result<Peer, Fault> {
    let seed = seed.wrapping_add(number as u64);
    let mut peer = Peer::new(Who::Console(token.to_owned()), number, seed, Net::default(), address.clone())?;
    for topic in topics {
        peer.subscribe(topic)?;
    }
    Ok(peer)
}

async fn run(mut peer: Peer, number: usize, expected: watch::Receiver<Expected>) -> Result<Seen, Fault> {
    let mut mismatches = 0;
    // Bounded by whoever says what is expected.
    while expected.borrow().is_none() && expected.has_changed().is_ok() {
        peer.until(Duration::from_millis(200), |_| false).await?;
        mismatches += take_events(&mut peer, number)?;
    }
    let Some(expected) = expected.borrow().clone() else { return Err("the run was given up".into()) };
    let same = peer.until(PATIENCE, |peer| {
        expected
            .iter()
            .all(|(topic, wanted)| shown(peer, topic).as_ref() == Some(wanted) && checked(peer, topic, wanted))
    });
    let same = same.await?;
    mismatches += take_events(&mut peer, number)?;
    if !same {
        let shows: Vec<_> =
            expected.keys().map(|topic| (topic, shown(&peer, topic), peer.watch.checks.get(topic))).collect();
        return Err(format!("console {number} shows {shows:?} instead of {expected:?}"));
    }
    peer.stop();
    peer.until(Duration::from_secs(1), |peer| !peer.is_live()).await?;
    Ok(Seen { watch: peer.watch, mismatches })
}

/// Whether the server said its checksum of exactly these rows; the machine compared it with its own.
fn checked(peer: &Peer, topic: &str, wanted: &Shown) -> bool {
    let says = |check: &Check| check.off == wanted.off && check.rows == wanted.rows as u64;
    peer.watch.checks.get(topic).is_some_and(says)
}

fn take_events(peer: &mut Peer, number: usize) -> Result<u64, Fault> {
    let mut mismatches = 0;
    while let Some(event) = peer.events.pop_front() {
        match event {
            Event::MirrorMismatch(_) => mismatches += 1,
            Event::Refused(topic, code) => {
                return Err(format!("console {number} may not have {topic}: {}", code.as_str()));
            }
            Event::Stopped(reason) => return Err(format!("console {number} stopped: {reason:?}")),
            _ => {}
        }
    }
    Ok(mismatches)
}

/// What a console that has seen nothing before shows once nothing changes any more.
///
/// # Errors
/// When boards do not come to rest.
pub async fn fresh(
    token: &str,
    topics: &[String],
    address: &watch::Receiver<SocketAddr>,
) -> Result<BTreeMap<String, Shown>, Fault> {
    let mut peer = console(99_999, 0, token, topics, address)?;
    peer.start();
    let all = |peer: &mut Peer| topics.iter().all(|topic| shown(peer, topic).is_some());
    if !peer.until(PATIENCE, all).await? {
        return Err("a fresh console gets no board".into());
    }
    let look = |peer: &Peer| -> BTreeMap<String, Shown> {
        topics.iter().filter_map(|topic| Some((topic.clone(), shown(peer, topic)?))).collect()
    };
    let mut before = look(&peer);
    for _ in 0..60 {
        peer.until(Duration::from_millis(1_000), |_| false).await?;
        let now = look(&peer);
        if now == before {
            peer.stop();
            peer.until(Duration::from_secs(1), |peer| !peer.is_live()).await?;
            return Ok(now);
        }
        before = now;
    }
    Err("the boards do not come to rest".into())
}
