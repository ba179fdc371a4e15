//! The server: durable truth that survives a crash (command log, effects, rows, retained items), topics in memory, and
//! one session per connection. Commands become durable at once or are lost with a crash before they are answered.

use std::collections::BTreeMap;

use munshi_protocols::{
    client::{Batch, ClientBody, ClientFrame, Cmd, Hello, Since, Sub},
    cmdlog::{CommandLog, Greeting, Verdict},
    code::{Close, Code},
    envelope::Bounds as MessageBounds,
    ids::{CmdKey, Epoch, FrameId, Gen, JournalSeq, Millis, RowKey},
    limits::{ClientKind, Limits},
    payload::Payload,
    server::{
        Ack, Answer, Drain, Err, Item, Row, ServerBody, ServerFrame, Status, SubOk, SubResult, Subscribed, Throttle,
        Welcome,
    },
    topic::{Class, Topic},
    topicsm::{
        Bounds, FrameText, From, GaugeTopic, MapTopic, Outbox, Retention, RingBounds, Source, StreamTopic, Want,
    },
};

use crate::rng::Rng;

pub const RING: RingBounds = RingBounds { steps: 200, age_ms: 20_000, bytes: 40_000, replay: 150 };

pub fn off(n: u64) -> JournalSeq {
    JournalSeq::new(n).unwrap()
}

/// What a crash leaves behind.
#[derive(Debug)]
pub struct Durable {
    pub journal: u64,
    pub log: CommandLog,
    /// Commands in the order of their effect.
    pub effects: Vec<CmdKey>,
    pub decided: BTreeMap<CmdKey, u64>,
    pub rows: BTreeMap<RowKey, Row>,
    pub items: Vec<(u64, Item)>,
    pub added: Vec<JournalSeq>,
    pub seen: JournalSeq,
}

pub struct Session {
    pub conn: usize,
    pub kind: Option<ClientKind>,
    pub outbox: Outbox,
    topics: Vec<Topic>,
    pub closing: bool,
}

pub struct Server {
    pub durable: Durable,
    pub orders: MapTopic,
    pub inbox: StreamTopic,
    pub kpi: GaugeTopic,
    pub sessions: Vec<Session>,
    starts: u64,
    pub resumed: u64,
    pub snapshots: u64,
    pub refused: u64,
    pub duplicates: u64,
}

pub fn orders() -> Topic {
    Topic::parse("wh.w1.orders").unwrap()
}

pub fn inbox() -> Topic {
    Topic::parse("device.dev_7.inbox").unwrap()
}

pub fn kpi() -> Topic {
    Topic::parse("dash.w1.kpi").unwrap()
}

pub fn bounds() -> Bounds {
    Bounds { soft: 2_000, hard: 8_000, feed_bytes: 1_000, feed_frames: 16, paging_ms: 5_000 }
}

impl Server {
    pub fn new() -> Self {
        let durable = Durable {
            journal: 1,
            log: CommandLog::new(Gen::ZERO),
            effects: Vec::new(),
            decided: BTreeMap::new(),
            rows: BTreeMap::new(),
            items: Vec::new(),
            added: Vec::new(),
            seen: JournalSeq::ZERO,
        };
        Self::started(durable, 0)
    }

    fn started(durable: Durable, starts: u64) -> Self {
        let (head, epoch) = (off(durable.journal), Epoch::parse("j_1").unwrap());
        let orders = MapTopic::new(orders(), epoch.clone(), head, durable.rows.values().cloned(), RING);
        let items = durable.items.iter().cloned();
        let inbox = StreamTopic::new(inbox(), epoch, head, Retention::Seen, durable.seen, items, RING);
        let kpi = GaugeTopic::new(kpi(), Epoch::parse(&format!("g_{starts}")).unwrap());
        let sessions = Vec::new();
        Self { durable, orders, inbox, kpi, sessions, starts, resumed: 0, snapshots: 0, refused: 0, duplicates: 0 }
    }

    /// Killed and started again: memory is gone, what is durable is not.
    pub fn crash(self) -> Self {
        let (resumed, snapshots, refused, duplicates) = (self.resumed, self.snapshots, self.refused, self.duplicates);
        Self { resumed, snapshots, refused, duplicates, ..Self::started(self.durable, self.starts + 1) }
    }

    pub fn accept(&mut self, conn: usize) {
        let outbox = Outbox::new(bounds());
        self.sessions.push(Session { conn, kind: None, outbox, topics: Vec::new(), closing: false });
    }

    /// A row changes, or goes.
    pub fn change(&mut self, now: u64, row: u64, rng: &mut Rng) {
        self.durable.journal += 1 + rng.below(3);
        let head = off(self.durable.journal);
        let key = RowKey::parse(&format!("o_{row}")).unwrap();
        let body = (!rng.chance(20)).then(|| Payload::of(&"x".repeat(20 + rng.below(200) as usize)).unwrap());
        match &body {
            Some(v) => self.durable.rows.insert(key.clone(), Row { k: key.clone(), v: v.clone(), ver: head }),
            None => self.durable.rows.remove(&key),
        };
        if let Some(text) = self.orders.step(now, head, [(key, body)]).unwrap() {
            self.sessions.iter_mut().for_each(|session| session.outbox.step(&orders(), &text));
        }
    }

    pub fn notify(&mut self, now: u64) {
        self.durable.journal += 1;
        let head = off(self.durable.journal);
        let v = Payload::of(&self.durable.journal).unwrap();
        self.durable.items.push((now, Item { off: head, v: v.clone() }));
        self.durable.added.push(head);
        let text = self.inbox.add(now, head, v).unwrap();
        self.sessions.iter_mut().for_each(|session| session.outbox.step(&inbox(), &text));
    }

    pub fn gauge(&mut self, value: u64) {
        if let Some(text) = self.kpi.set(Payload::of(&value).unwrap()) {
            self.sessions.iter_mut().for_each(|session| session.outbox.step(&kpi(), &text));
        }
    }

    pub fn checksum(&mut self) {
        let chk = self.orders.chk();
        let (at, frame) = (chk.off, FrameText::whole(ServerFrame::push(ServerBody::Chk(chk)).encode()));
        self.sessions.iter_mut().for_each(|session| session.outbox.checksum(&orders(), at, frame.clone()));
    }

    pub fn drain(&mut self, rng: &mut Rng) {
        for session in &mut self.sessions {
            let drain = Drain { after_ms: rng.below(2_000) as u32, why: "deploy".to_owned() };
            say(session, None, ServerBody::Drain(drain));
            session.outbox.close(Close::Drain);
        }
    }

    pub fn ping(&mut self, now: u64) {
        for session in self.sessions.iter_mut().filter(|session| session.kind.is_some()) {
            let ping = munshi_protocols::server::Ping { n: 1, time_ms: Millis::new(now).unwrap() };
            say(session, None, ServerBody::Ping(ping));
        }
    }

    pub fn throttle(&mut self, rng: &mut Rng) {
        for session in &mut self.sessions {
            say(session, None, ServerBody::Throttle(Throttle { retry_ms: rng.below(800) as u32 }));
        }
    }

    /// A message of a client. What was cut in the middle is refused as a whole.
    pub fn receive(&mut self, now: u64, at: usize, text: &str, rng: &mut Rng) {
        let frames: Vec<_> = match ClientFrame::decode_message(text.as_bytes(), &MessageBounds::INBOUND) {
            Ok(frames) => frames.collect(),
            Err(refused) => vec![Err(refused)],
        };
        for frame in frames {
            match frame {
                Ok(frame) => self.frame(now, at, frame, rng),
                Err(refused) => {
                    self.refused += 1;
                    say(&mut self.sessions[at], refused.id, ServerBody::Err((&refused).into()));
                }
            }
        }
    }

    fn frame(&mut self, now: u64, at: usize, frame: ClientFrame, rng: &mut Rng) {
        let ready = self.sessions[at].kind.is_some();
        match frame.body {
            ClientBody::Hello(hello) if !ready => self.hello(now, at, &hello),
            _ if !ready => self.sessions[at].outbox.close(Close::NeverAuthenticated),
            ClientBody::Cmd(cmd) => self.commands(now, at, frame.id, vec![cmd], rng),
            ClientBody::Batch(Batch { cmds }) => self.commands(now, at, frame.id, cmds, rng),
            ClientBody::Sub(sub) => self.subscribe(now, at, frame.id, &sub, rng),
            ClientBody::Seen(seen) => {
                assert_eq!(seen.topic, inbox());
                if let Some(cursor) = self.inbox.seen(seen.off).expect("a client sees only what it was sent") {
                    self.durable.seen = cursor;
                    self.durable.items.retain(|(_, item)| item.off > cursor);
                }
            }
            ClientBody::Ping(ping) => {
                say(&mut self.sessions[at], None, ServerBody::Pong(munshi_protocols::server::Pong { n: ping.n }));
            }
            ClientBody::Bye(_) => self.sessions[at].closing = true,
            ClientBody::Unsub(_) | ClientBody::Auth(_) | ClientBody::Pong(_) | ClientBody::Hello(_) => {}
        }
    }

    fn hello(&mut self, now: u64, at: usize, hello: &Hello) {
        let kind = hello.kind();
        // The newest connection of a client wins.
        for (other, session) in self.sessions.iter_mut().enumerate() {
            if other != at && session.kind == Some(kind) {
                session.closing = true;
            }
        }
        self.sessions[at].kind = Some(kind);
        let (mut ack, mut expect) = (None, None);
        if let Hello::Device(hello) = hello {
            match self.durable.log.greet(&hello.install, hello.generation, hello.seq_next) {
                Greeting::Welcome => {}
                Greeting::Rebase { expect } => {
                    let err = Err::of(Code::Rebase).expecting(expect);
                    say(&mut self.sessions[at], None, ServerBody::Err(err));
                }
                Greeting::Fenced => panic!("there is one enrolment"),
            }
            (ack, expect) = (Some(self.durable.log.through()), Some(self.durable.log.expect()));
        }
        let wanted: Vec<_> =
            hello.subs().iter().map(|sub| (sub.topic.clone(), sub.since.clone(), sub.max_hz)).collect();
        let mut starts = Vec::new();
        for (topic, since, max_hz) in wanted {
            let (class, start) = self.start(&topic, since.as_ref());
            starts.push((topic, class, start, max_hz));
        }
        let subs = starts.iter().map(|(topic, _, start, _)| Subscribed {
            topic: topic.clone(),
            outcome: start.outcome(),
            epoch: Some(start.epoch.clone()),
            off: Some(start.off),
            code: None,
        });
        let welcome = Welcome {
            ticket: None,
            resumed: starts.iter().all(|(_, _, start, _)| start.outcome() == SubResult::Resumed),
            ack,
            expect,
            hb_ms: 10_000,
            time_ms: Millis::new(now).unwrap(),
            schema: "sha256:simulated".to_owned(),
            limits: Limits::standard(kind),
            subs: subs.collect(),
        };
        let session = &mut self.sessions[at];
        say(session, None, ServerBody::Welcome(Box::new(welcome)));
        for (topic, class, start, max_hz) in starts {
            session.topics.push(topic.clone());
            session.outbox.subscribe(now, &topic, class, start, max_hz);
        }
    }

    fn source(&mut self, topic: &Topic) -> &mut dyn Source {
        match topic.kind().map(|kind| kind.class()) {
            Some(Class::Map) => &mut self.orders,
            Some(Class::Stream) => &mut self.inbox,
            _ => &mut self.kpi,
        }
    }

    fn start(&mut self, topic: &Topic, since: Option<&Since>) -> (Class, munshi_protocols::topicsm::Start) {
        let source = self.source(topic);
        let (class, start) = (source.class(), source.start(since, 500));
        assert!(!start.ahead, "nobody knows more than the journal");
        match start.from {
            From::Resume(_) => self.resumed += 1,
            From::Snapshot(_) => self.snapshots += 1,
        }
        (class, start)
    }

    fn subscribe(&mut self, now: u64, at: usize, id: Option<FrameId>, sub: &Sub, rng: &mut Rng) {
        if rng.chance(10) {
            return say(&mut self.sessions[at], id, ServerBody::Err(Err::of(Code::Busy).later(300)));
        }
        let (class, start) = self.start(&sub.topic, sub.since.as_ref());
        let ok = SubOk {
            topic: Some(sub.topic.clone()),
            outcome: Some(start.outcome()),
            epoch: Some(start.epoch.clone()),
            off: Some(start.off),
        };
        let session = &mut self.sessions[at];
        say(session, id, ServerBody::Ok(ok));
        session.outbox.subscribe(now, &sub.topic, class, start, sub.max_hz);
    }

    fn commands(&mut self, now: u64, at: usize, id: Option<FrameId>, cmds: Vec<Cmd>, rng: &mut Rng) {
        if rng.chance(5) {
            let code = [Code::Busy, Code::RateLimited, Code::OutcomeUnknown, Code::NotReady][rng.below(4) as usize];
            self.refused += 1;
            return say(&mut self.sessions[at], id, ServerBody::Err(Err::of(code).later(rng.below(500) as u32)));
        }
        if self.sessions[at].kind == Some(ClientKind::Console) {
            return cmds.into_iter().for_each(|cmd| self.console_command(at, id, &cmd, rng));
        }
        let mut answers = Vec::new();
        for cmd in &cmds {
            match self.durable.log.judge(cmd) {
                Verdict::Decide => {
                    let answer = self.decide(cmd, rng);
                    self.durable.log.record(cmd, answer.clone(), now).unwrap();
                    answers.push(answer);
                }
                Verdict::Duplicate { answer, record } => {
                    self.duplicates += 1;
                    if record {
                        self.durable.log.record(cmd, (*answer).clone(), now).unwrap();
                    }
                    answers.push(*answer);
                }
                Verdict::Gap { expect } => {
                    self.refused += 1;
                    say(&mut self.sessions[at], id, ServerBody::Err(Err::of(Code::SeqGap).expecting(expect)));
                    break;
                }
                Verdict::Reuse => panic!("nothing is cloned here: {cmd:?}"),
            }
        }
        if !answers.is_empty() {
            let ack = Ack { through: Some(self.durable.log.through()), r: answers };
            say(&mut self.sessions[at], id, ServerBody::Ack(ack));
        }
    }

    fn decide(&mut self, cmd: &Cmd, rng: &mut Rng) -> Answer {
        self.durable.journal += 1;
        let rejected = rng.chance(10);
        if !rejected {
            self.durable.effects.push(cmd.key.clone());
        }
        *self.durable.decided.entry(cmd.key.clone()).or_default() += 1;
        Answer {
            seq: cmd.seq,
            key: cmd.seq.is_none().then(|| cmd.key.clone()),
            st: if rejected { Status::Rejected } else { Status::Applied },
            code: rejected.then(|| Code::Conflict.into()),
            exception_id: None,
            approval_id: None,
            out: None,
        }
    }

    fn console_command(&mut self, at: usize, id: Option<FrameId>, cmd: &Cmd, rng: &mut Rng) {
        let answer = if self.durable.decided.contains_key(&cmd.key) {
            self.duplicates += 1;
            Answer { st: Status::Duplicate, code: None, ..answer_of(cmd) }
        } else {
            self.decide(cmd, rng)
        };
        say(&mut self.sessions[at], id, ServerBody::Ack(Ack { through: None, r: vec![answer] }));
    }

    /// What a session sends next: one message, and how it closes.
    pub fn feed(&mut self, now: u64, at: usize) -> (String, Option<Close>) {
        let fed = self.sessions[at].outbox.feed(now);
        let mut message = String::new();
        fed.frames.iter().for_each(|frame| frame.append_to(&mut message));
        match self.sessions[at].outbox.want() {
            Some(Want::Merged { topic, base }) => {
                let merged = self.source(&topic).merged(base);
                self.sessions[at].outbox.caught_up(&topic, merged.as_ref());
            }
            Some(Want::Snapshot { topic }) => {
                let (_, start) = self.start(&topic, None);
                self.sessions[at].outbox.restart(now, &topic, &start);
            }
            None => {}
        }
        assert!(self.sessions[at].outbox.bytes() <= bounds().hard);
        (message, fed.close)
    }
}

fn answer_of(cmd: &Cmd) -> Answer {
    let (seq, key) = (cmd.seq, cmd.seq.is_none().then(|| cmd.key.clone()));
    Answer { seq, key, st: Status::Applied, code: None, exception_id: None, approval_id: None, out: None }
}

fn say(session: &mut Session, id: Option<FrameId>, body: ServerBody) {
    session.outbox.reply(FrameText::whole(ServerFrame::answer(id, body).encode()));
}
