//! The run: two clients, a server, connections and faults, in virtual milliseconds.

use std::collections::{BTreeMap, BTreeSet};

use munshi_protocols::{
    client::{Reading, Token},
    clientsm::{Client, Config, Event, Identity, MemoryStore, Order, Output},
    ids::{AppVersion, BootId, ClientId, CmdKey, DeviceId, Gen, InstallId, JournalSeq, Millis, Op},
    mirror::{Mirror, Taken},
    payload::Payload,
};

use crate::{
    net::{Connection, Parcel},
    rng::Rng,
    server::{Server, inbox, kpi, orders},
};

type SimClient = Client<MemoryStore, Box<dyn FnMut() -> u64>>;

/// Commands of one client.
#[derive(Default)]
struct Books {
    recorded: Vec<CmdKey>,
    /// With the boots of the device in which its answer came: a device that is switched off between the answer to a
    /// command and the answer to one before it, asks for both again.
    settled: BTreeMap<CmdKey, BTreeSet<u64>>,
}

struct Peer {
    client: SimClient,
    device: bool,
    conn: Option<usize>,
    opening: Option<(u64, bool)>,
    books: Books,
    items: Vec<JournalSeq>,
    boots: u64,
}

#[derive(Debug, Default)]
pub struct Counts {
    connections: u64,
    crashes: u64,
    cuts: u64,
    torn: u64,
    half_open: u64,
    reboots: u64,
    wipes: u64,
    drains: u64,
    commands: u64,
    duplicates: u64,
    refused: u64,
    resumed: u64,
    snapshots: u64,
    items: u64,
}

impl Counts {
    pub fn named(&self) -> [(&'static str, u64); 14] {
        [
            ("connections", self.connections),
            ("crashes", self.crashes),
            ("cuts", self.cuts),
            ("torn messages", self.torn),
            ("half-open connections", self.half_open),
            ("reboots", self.reboots),
            ("new installations", self.wipes),
            ("drains", self.drains),
            ("commands", self.commands),
            ("duplicates", self.duplicates),
            ("refusals", self.refused),
            ("resumes", self.resumed),
            ("snapshots", self.snapshots),
            ("items", self.items),
        ]
    }

    pub fn add(&mut self, other: &Self) {
        for (sum, (_, value)) in [
            &mut self.connections,
            &mut self.crashes,
            &mut self.cuts,
            &mut self.torn,
            &mut self.half_open,
            &mut self.reboots,
            &mut self.wipes,
            &mut self.drains,
            &mut self.commands,
            &mut self.duplicates,
            &mut self.refused,
            &mut self.resumed,
            &mut self.snapshots,
            &mut self.items,
        ]
        .into_iter()
        .zip(other.named())
        {
            *sum += value;
        }
    }
}

pub struct World {
    rng: Rng,
    now: u64,
    server: Server,
    conns: Vec<Connection>,
    peers: Vec<Peer>,
    installs: u64,
    keys: u64,
    counts: Counts,
    down_until: u64,
}

/// The network and the server misbehave this long; then they are given time to come to rest.
const FAULTS_MS: u64 = 60_000;
const REST_MS: u64 = 400_000;

fn client(store: MemoryStore, device: bool, install: u64, seed: u64) -> SimClient {
    let identity = if device {
        Identity::Device {
            device: DeviceId::parse("dev_7").unwrap(),
            install: InstallId::parse(&format!("in_{install}")).unwrap(),
            generation: Gen::ZERO,
        }
    } else {
        Identity::Console { client: ClientId::parse("tab_1").unwrap() }
    };
    let mut rng = Rng(seed);
    let random: Box<dyn FnMut() -> u64> = Box::new(move || rng.next());
    Client::new(Config::new(identity, AppVersion::parse("1").unwrap()), store, random).unwrap()
}

impl World {
    pub fn new(seed: u64) -> Self {
        let mut rng = Rng(seed);
        let peers = [true, false].map(|device| Peer {
            client: client(MemoryStore::default(), device, 0, rng.next()),
            device,
            conn: None,
            opening: None,
            books: Books::default(),
            items: Vec::new(),
            boots: 0,
        });
        let mut world = Self {
            rng,
            now: 1,
            server: Server::new(),
            conns: Vec::new(),
            peers: peers.into(),
            installs: 0,
            keys: 0,
            counts: Counts::default(),
            down_until: 0,
        };
        (0..2).for_each(|at| world.begin(at));
        world
    }

    fn begin(&mut self, at: usize) {
        let peer = &mut self.peers[at];
        peer.client.set_token(self.now, Token::parse("t").unwrap());
        let topics = if peer.device { vec![inbox(), orders()] } else { vec![orders(), kpi()] };
        topics.into_iter().for_each(|topic| peer.client.subscribe(self.now, topic, None, None).unwrap());
        peer.client.start(self.now);
    }

    pub fn run(mut self) -> Counts {
        while self.now < FAULTS_MS {
            self.work();
            self.fault();
            self.pump();
            self.now += 1 + self.rng.below(40);
        }
        for conn in &mut self.conns {
            conn.dead = false;
        }
        let end = self.now + REST_MS;
        while self.now < end && !self.at_rest() {
            self.pump();
            self.now += 20;
        }
        self.check();
        self.counts.duplicates = self.server.duplicates;
        self.counts.refused = self.server.refused;
        self.counts.resumed = self.server.resumed;
        self.counts.snapshots = self.server.snapshots;
        self.counts
    }

    fn work(&mut self) {
        if self.now >= self.down_until {
            if self.rng.chance(30) {
                let burst = if self.rng.chance(5) { 100 } else { 1 };
                for _ in 0..burst {
                    let row = self.rng.below(40);
                    self.server.change(self.now, row, &mut self.rng);
                }
            }
            if self.rng.chance(4) {
                self.server.notify(self.now);
            }
            if self.rng.chance(20) {
                self.server.gauge(self.now);
            }
            match self.rng.below(300) {
                0..10 => self.server.checksum(),
                10 => self.server.throttle(&mut self.rng),
                11..14 => self.server.ping(self.now),
                _ => {}
            }
        }
        if self.rng.chance(10) {
            let burst = if self.rng.chance(3) { 150 } else { 1 };
            (0..burst).for_each(|_| self.command(0));
        }
        if self.rng.chance(3) {
            self.command(1);
        }
        if self.rng.chance(5)
            && let Some(last) = self.peers[0].items.last().copied()
        {
            self.peers[0].client.seen(&inbox(), last);
        }
    }

    fn command(&mut self, at: usize) {
        self.keys += 1;
        let key = CmdKey::from_parts(self.keys, [0; 10]);
        let a = Payload::of(&self.keys).unwrap();
        let order = Order { key: key.clone(), op: Op::parse("pick.confirm").unwrap(), rev: None, a };
        let reading = self.reading(at);
        let peer = &mut self.peers[at];
        let taken = if peer.device {
            peer.client.record(self.now, order, reading).is_ok()
        } else {
            peer.client.command(self.now, order).is_ok()
        };
        if taken {
            peer.books.recorded.push(key);
            self.counts.commands += 1;
        }
    }

    fn reading(&self, at: usize) -> Reading {
        let (wall_ms, mono_ms) = (Millis::new(1_760_000_000_000 + self.now).unwrap(), Millis::new(self.now).unwrap());
        Reading { wall_ms, mono_ms, boot: BootId::parse(&format!("b_{}", self.peers[at].boots)).unwrap() }
    }

    fn fault(&mut self) {
        let open: Vec<usize> = self.peers.iter().filter_map(|peer| peer.conn).collect();
        let victim = (!open.is_empty()).then(|| open[self.rng.below(open.len() as u64) as usize]);
        match (self.rng.below(1_000), victim) {
            (0..8, Some(at)) => {
                self.counts.cuts += 1;
                self.counts.torn += u64::from(self.conns[at].cut(self.now, &mut self.rng));
            }
            (8..10, Some(at)) => {
                self.counts.half_open += 1;
                self.conns[at].dead = true;
            }
            (10..12, _) => self.crash(),
            (12, _) => {
                self.counts.drains += 1;
                self.server.drain(&mut self.rng);
            }
            (13..15, _) => self.reboot(false),
            (15, _) => self.reboot(true),
            (16..18, Some(_)) => {
                let at = self.rng.below(2) as usize;
                self.peers[at].client.wake(self.now);
            }
            _ => {}
        }
    }

    fn crash(&mut self) {
        self.counts.crashes += 1;
        let server = std::mem::replace(&mut self.server, Server::new());
        self.server = server.crash();
        self.down_until = self.now + self.rng.below(3_000);
        for conn in self.conns.iter_mut().filter(|conn| conn.server_open) {
            conn.server_open = false;
            conn.to_client.push(self.now, 1, Parcel::Closed(1006));
        }
    }

    /// The battery of the device dies. Its store survives; with a wipe it is enrolled anew and its numbers begin again,
    /// but what was queued was saved and is queued again.
    fn reboot(&mut self, wipe: bool) {
        let seed = self.rng.next();
        let peer = &mut self.peers[0];
        self.counts.reboots += 1;
        while let Some(output) = peer.client.poll() {
            note(peer.boots, &mut peer.books, &mut peer.items, output);
        }
        peer.boots += 1;
        let empty = client(MemoryStore::default(), true, 0, 0);
        let mut store = std::mem::replace(&mut peer.client, empty).into_store();
        if wipe {
            self.counts.wipes += 1;
            self.installs += 1;
            munshi_protocols::clientsm::CommandStore::renumber(&mut store, munshi_protocols::ids::CmdSeq::ZERO.next())
                .unwrap();
        }
        peer.client = client(store, true, self.installs, seed);
        peer.opening = None;
        // Items not yet seen are delivered to the new start once more.
        peer.items.clear();
        if let Some(conn) = peer.conn.take() {
            self.conns[conn].client_open = false;
            self.conns[conn].to_server.push(self.now, 1, Parcel::Closed(1006));
        }
        self.begin(0);
    }

    fn pump(&mut self) {
        for at in 0..self.peers.len() {
            if self.peers[at].client.deadline(self.now).is_some_and(|due| due <= self.now) {
                self.peers[at].client.tick(self.now);
            }
            self.outputs(at);
            self.open(at);
            self.deliver_to_client(at);
            self.outputs(at);
        }
        if self.now >= self.down_until {
            self.serve();
        }
    }

    fn outputs(&mut self, at: usize) {
        while let Some(output) = self.peers[at].client.poll() {
            match output {
                Output::Connect => {
                    self.hang_up(at);
                    let fails = self.now < FAULTS_MS && self.rng.chance(15);
                    self.peers[at].opening = Some((self.now + 5 + self.rng.below(100), fails));
                }
                Output::Send(text) => {
                    if let Some(conn) = self.peers[at].conn {
                        let delay = Connection::delay(&mut self.rng);
                        self.conns[conn].to_server.push(self.now, delay, Parcel::Message(text));
                    }
                }
                Output::Close(_) => self.hang_up(at),
                event => {
                    let peer = &mut self.peers[at];
                    self.counts.items += note(peer.boots, &mut peer.books, &mut peer.items, event);
                }
            }
        }
    }

    fn hang_up(&mut self, at: usize) {
        self.peers[at].opening = None;
        if let Some(conn) = self.peers[at].conn.take() {
            self.conns[conn].client_open = false;
            let delay = Connection::delay(&mut self.rng);
            self.conns[conn].to_server.push(self.now, delay, Parcel::Closed(1000));
        }
    }

    fn open(&mut self, at: usize) {
        let Some((_, fails)) = self.peers[at].opening.filter(|(due, _)| *due <= self.now) else { return };
        self.peers[at].opening = None;
        if fails || self.now < self.down_until {
            return self.peers[at].client.closed(self.now, 1006);
        }
        self.counts.connections += 1;
        self.conns.push(Connection::new());
        self.peers[at].conn = Some(self.conns.len() - 1);
        self.server.accept(self.conns.len() - 1);
        let reading = self.reading(at);
        self.peers[at].client.opened(self.now, reading);
        self.outputs(at);
    }

    fn deliver_to_client(&mut self, at: usize) {
        while let Some(conn) = self.peers[at].conn {
            let conn = &mut self.conns[conn];
            if conn.dead {
                return;
            }
            match conn.to_client.pop(self.now) {
                None => return,
                Some(Parcel::Message(text)) => self.peers[at].client.received(self.now, text.as_bytes()),
                Some(Parcel::Closed(code)) => {
                    conn.client_open = false;
                    self.peers[at].conn = None;
                    self.peers[at].client.closed(self.now, code);
                }
            }
            self.outputs(at);
        }
    }

    fn serve(&mut self) {
        let mut at = 0;
        while at < self.server.sessions.len() {
            let conn = self.server.sessions[at].conn;
            self.read(at, conn);
            self.write(at, conn);
            if self.conns[conn].server_open && !self.server.sessions[at].closing {
                at += 1;
            } else {
                self.conns[conn].server_open = false;
                self.conns[conn].to_client.push(self.now, 1, Parcel::Closed(1006));
                self.server.sessions.remove(at);
            }
        }
    }

    fn read(&mut self, at: usize, conn: usize) {
        while self.conns[conn].server_open && !self.conns[conn].dead && !self.server.sessions[at].closing {
            match self.conns[conn].to_server.pop(self.now) {
                None => return,
                Some(Parcel::Message(text)) => self.server.receive(self.now, at, &text, &mut self.rng),
                Some(Parcel::Closed(_)) => self.conns[conn].server_open = false,
            }
        }
    }

    /// Writes while the network takes it: a slow connection fills, and the outbox has to cope.
    fn write(&mut self, at: usize, conn: usize) {
        for _ in 0..8 {
            if self.conns[conn].to_client.bytes() > 3_000 {
                return;
            }
            let (message, close) = self.server.feed(self.now, at);
            let idle = message.is_empty();
            if !idle {
                let delay = Connection::delay(&mut self.rng);
                self.conns[conn].to_client.push(self.now, delay, Parcel::Message(message));
            }
            if let Some(close) = close {
                self.conns[conn].to_client.push(self.now, 1, Parcel::Closed(close.num()));
                self.server.sessions[at].closing = true;
                return;
            }
            if idle && !self.server.sessions[at].outbox.ready() {
                return;
            }
        }
    }

    fn at_rest(&self) -> bool {
        let idle = |peer: &Peer| peer.client.is_live() && peer.client.unanswered() == 0;
        let quiet = |conn: &Connection| conn.dead || !conn.client_open || conn.to_client.due().is_none();
        self.peers.iter().all(idle)
            && self.conns.iter().all(quiet)
            && self.same_rows(0)
            && self.same_rows(1)
            && self.items_delivered()
            && self.same_gauge()
    }

    fn same_rows(&self, at: usize) -> bool {
        let mirror = self.peers[at].client.mirror(&orders());
        let Some(Mirror::Map(map)) = mirror else { return false };
        map.rows().values().eq(self.server.durable.rows.values())
            && mirror.is_some_and(|mirror| mirror.chk(&self.server.orders.chk()) == Taken::Quiet)
    }

    fn same_gauge(&self) -> bool {
        let Some(Mirror::Gauge(gauge)) = self.peers[1].client.mirror(&kpi()) else { return false };
        gauge.value() == self.server.kpi.value()
    }

    fn items_delivered(&self) -> bool {
        let delivered: BTreeSet<_> = self.peers[0].items.iter().collect();
        self.server.durable.items.iter().all(|(_, item)| delivered.contains(&item.off))
    }

    fn check(&self) {
        assert!(
            self.at_rest(),
            "it does not come to rest: {:?}",
            self.peers.iter().map(|peer| (peer.client.is_live(), peer.client.unanswered())).collect::<Vec<_>>()
        );
        let (durable, effects) = (&self.server.durable, &self.server.durable.effects);
        assert!(durable.decided.values().all(|times| *times == 1), "a command was decided twice");
        assert_eq!(effects.iter().collect::<BTreeSet<_>>().len(), effects.len(), "an effect is doubled");
        for peer in &self.peers {
            for key in &peer.books.recorded {
                assert_eq!(durable.decided.get(key), Some(&1), "{key} is lost");
                assert!(peer.books.settled.contains_key(key), "{key} has no answer");
            }
        }
        let mine: BTreeSet<_> = self.peers[0].books.recorded.iter().collect();
        let order: Vec<_> = effects.iter().filter(|key| mine.contains(key)).collect();
        assert!(order.is_sorted(), "the device's commands took effect out of order");
        let items = &self.peers[0].items;
        assert!(
            items.is_sorted() && items.windows(2).all(|pair| pair[0] < pair[1]),
            "items are doubled or out of order"
        );
        assert!(items.iter().all(|off| durable.added.contains(off)), "an item was made up");
    }
}

/// Writes down what a client tells; answers how many items it brought.
fn note(boot: u64, books: &mut Books, items: &mut Vec<JournalSeq>, output: Output) -> u64 {
    let Output::Event(event) = output else { return 0 };
    match event {
        Event::Settled { key, .. } => {
            let first = books.settled.entry(key.clone()).or_default().insert(boot);
            assert!(first, "{key} was settled twice");
        }
        Event::Items(_, new) => {
            items.extend(new.iter().map(|item| item.off));
            return new.len() as u64;
        }
        Event::MirrorMismatch(topic) => panic!("the mirror of {topic} is wrong"),
        Event::NotTaken { cmd, code } => panic!("{cmd:?} was not taken: {code:?}"),
        Event::IdentityAlarm => panic!("nothing is cloned"),
        Event::Stopped(reason) => panic!("stopped: {reason:?}"),
        _ => {}
    }
    0
}
