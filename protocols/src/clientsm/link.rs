//! The connection's life: connecting, greeting, heartbeat, backoff, drain, and what goes out when.

use super::{Client, CommandStore, Event, Identity, Output, StopReason, subs::State};
use crate::{
    client::{
        Bye, Cap, ClientBody, ClientFrame, ConsoleTag, DeviceTag, Hello, HelloConsole, HelloDevice, Ping, Reading, Seen,
    },
    code::{CodeWord, Reaction, Retry},
    ids::CmdSeq,
    limits,
    mirror::Mirror,
    server::{SubResult, Subscribed, Welcome},
    topic::Topic,
};

/// Where the connection is. Times are of the caller's clock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Phase {
    /// Not started.
    Idle,
    /// Connects at this time.
    Waiting { until: u64 },
    /// Connects when there is a token.
    NoToken,
    /// A connection is being opened.
    Connecting { until: u64 },
    /// `hello` was sent.
    Greeting { until: u64 },
    /// `welcome` came.
    Live { since: u64, heard: u64, pinged: bool, hb_ms: u64 },
    /// For good, or until `start`.
    Stopped,
}

/// Normal closure (RFC 6455 §7.4.1).
const CLOSE_NORMAL: u16 = 1000;
/// A connection that ended without a close frame (RFC 6455 §7.4.1).
const CLOSE_LOST: u16 = 1006;

impl<S: CommandStore, R: FnMut() -> u64> Client<S, R> {
    /// Connects, now or as soon as there is a token.
    pub fn start(&mut self, now: u64) {
        if matches!(self.phase, Phase::Idle | Phase::Stopped) {
            self.backoff.reset();
            self.connect(now);
        }
    }

    /// Says farewell and stays away until `start`.
    pub fn stop(&mut self, now: u64) {
        if self.is_live() {
            self.send(&ClientFrame::push(ClientBody::Bye(Bye {})));
        }
        self.stop_for(now, StopReason::Asked);
    }

    /// Whether `welcome` came on the present connection.
    pub const fn is_live(&self) -> bool {
        matches!(self.phase, Phase::Live { .. })
    }

    /// The network or the page came back: does not wait out a backoff, and finds out whether the connection lives.
    pub fn wake(&mut self, now: u64) {
        match &mut self.phase {
            Phase::Waiting { .. } if self.drain_at.is_none() => self.connect(now),
            Phase::Live { heard, pinged, hb_ms, .. } if !*pinged => {
                // From here on only the grace is left for an answer.
                *heard = now.saturating_sub(*hb_ms);
                self.tick(now);
            }
            _ => {}
        }
    }

    pub(super) fn connect(&mut self, now: u64) {
        self.drain_at = None;
        if self.token.is_none() && self.ticket.is_none() {
            self.phase = Phase::NoToken;
            self.tell(Event::TokenNeeded);
            return;
        }
        self.phase = Phase::Connecting { until: now + self.config.connect_ms };
        self.out.push_back(Output::Connect);
    }

    /// The connection is open. `clock` goes into a device's `hello`; its wall time also into pongs.
    pub fn opened(&mut self, now: u64, clock: Reading) {
        if !matches!(self.phase, Phase::Connecting { .. }) {
            return;
        }
        self.wall = Some((now, clock.wall_ms.get()));
        let hello = self.hello(clock);
        self.send(&ClientFrame::push(ClientBody::Hello(Box::new(hello))));
        self.phase = Phase::Greeting { until: now + self.config.hello_ms };
    }

    fn hello(&mut self, clock: Reading) -> Hello {
        let caps: Vec<Cap> = Cap::parse(Cap::BATCH).into_iter().collect();
        // One of the two suffices, and both might not fit.
        let ticket = self.ticket.clone();
        let token = if ticket.is_some() { None } else { self.token.clone() };
        let seq_next = self.queue.first();
        let mut hello = match self.config.identity.clone() {
            Identity::Device { device, install, generation } => Hello::Device(HelloDevice {
                kind: DeviceTag::Device,
                client: device,
                install,
                generation,
                app: self.config.app.clone(),
                caps,
                token,
                ticket,
                seq_next,
                clock,
                subs: Vec::new(),
            }),
            Identity::Console { client } => Hello::Console(HelloConsole {
                kind: ConsoleTag::Console,
                client,
                app: self.config.app.clone(),
                caps: Vec::new(),
                token,
                ticket,
                track: None,
                subs: Vec::new(),
            }),
        };
        let bare = ClientFrame::push(ClientBody::Hello(Box::new(hello.clone()))).encode().len();
        let subs = self.subs.greet(limits::PRE_AUTH_BYTES.saturating_sub(bare));
        match &mut hello {
            Hello::Device(hello) => hello.subs = subs,
            Hello::Console(hello) => hello.subs = subs,
        }
        hello
    }

    pub(super) fn welcome(&mut self, now: u64, welcome: Welcome) {
        let Phase::Greeting { .. } = self.phase else { return };
        self.phase = Phase::Live { since: now, heard: now, pinged: false, hb_ms: u64::from(welcome.hb_ms) };
        self.ticket = welcome.ticket.or(self.ticket.take());
        self.limits = welcome.limits;
        self.tell(Event::Connected { resumed: welcome.resumed });
        self.queue.connected(self.limits.clone());
        self.pending.connected(now);
        if let Some(expect) = welcome.expect
            && self.queue.needs_rebase(expect)
        {
            self.rebase(now, expect);
        }
        for outcome in welcome.subs {
            self.greeted(now, outcome);
        }
        // What the server did not mention is asked for once more.
        for (_, entry) in self.subs.iter_mut() {
            if entry.state == State::Greeted {
                entry.state = State::Wanted { from_ms: now, why: None };
            }
        }
        self.flush(now);
    }

    fn greeted(&mut self, now: u64, outcome: Subscribed) {
        let Some(entry) = self.subs.get_mut(&outcome.topic).filter(|entry| entry.state == State::Greeted) else {
            return;
        };
        if outcome.outcome == SubResult::Refused {
            let code = outcome.code.unwrap_or_else(|| crate::code::Code::SubDenied.into());
            let retry = crate::code::by_word(code.as_str()).map_or(Retry::No, |row| row.retry);
            self.sub_refused(now, outcome.topic, code, retry, None);
        } else {
            entry.granted();
            if outcome.outcome == SubResult::Resumed {
                self.tell_seen(&outcome.topic);
            }
        }
    }

    pub(super) fn rebase(&mut self, now: u64, expect: CmdSeq) {
        match self.queue.renumber(expect) {
            Ok(()) => self.tell(Event::Rebased(expect)),
            Err(_) => {
                // Sent under the old numbers, commands would be taken for others: try again on another connection.
                self.tell(Event::StoreFailed);
                self.hang_up(now);
            }
        }
    }

    /// The connection was closed or could not be opened. 1006 stands for "without a close code".
    pub fn closed(&mut self, now: u64, code: u16) {
        if matches!(self.phase, Phase::Idle | Phase::Waiting { .. } | Phase::NoToken | Phase::Stopped) {
            return;
        }
        match Reaction::to(code) {
            Reaction::Reconnect => self.reconnect(now),
            Reaction::Stop => self.stop_for(now, StopReason::Closed(code)),
            Reaction::Reauth => {
                self.lost(now);
                self.need_token();
            }
        }
    }

    pub(super) fn need_token(&mut self) {
        (self.token, self.ticket) = (None, None);
        self.phase = Phase::NoToken;
        self.tell(Event::TokenNeeded);
    }

    /// Closes from this side and connects again later.
    pub(super) fn hang_up(&mut self, now: u64) {
        self.out.push_back(Output::Close(CLOSE_NORMAL));
        self.closed(now, CLOSE_LOST);
    }

    pub(super) fn stop_for(&mut self, now: u64, reason: StopReason) {
        let open = matches!(self.phase, Phase::Connecting { .. } | Phase::Greeting { .. } | Phase::Live { .. });
        self.lost(now);
        if open {
            self.out.push_back(Output::Close(CLOSE_NORMAL));
        }
        self.phase = Phase::Stopped;
        self.tell(Event::Stopped(reason));
    }

    /// `hello` was refused.
    pub(super) fn hello_refused(&mut self, now: u64, code: CodeWord, retry: Retry, retry_ms: Option<u64>) {
        match retry {
            Retry::No | Retry::UpdateApp => self.stop_for(now, StopReason::Refused(code)),
            Retry::Later | Retry::Resync => {
                self.hang_up(now);
                if let (Phase::Waiting { until }, Some(wait)) = (&mut self.phase, retry_ms) {
                    *until = (*until).max(now + wait);
                }
            }
            Retry::Reauth => {
                let had_ticket = self.ticket.take().is_some();
                self.hang_up(now);
                // A ticket may have expired before the token it was made from.
                if !(had_ticket && self.token.is_some()) {
                    self.need_token();
                }
            }
        }
    }

    fn lost(&mut self, now: u64) {
        if let Phase::Live { since, .. } = self.phase {
            if now.saturating_sub(since) >= limits::BACKOFF_RESET_MS {
                self.backoff.reset();
            }
            self.tell(Event::Disconnected);
        }
        self.subs.disconnected();
        self.phase = Phase::Idle;
    }

    fn reconnect(&mut self, now: u64) {
        self.lost(now);
        let delay = self.backoff.delay_ms((self.random)());
        // The server spread its clients by `after_ms`; jitter on top would undo it.
        let until = self.drain_at.unwrap_or(now + delay).max(now);
        self.phase = Phase::Waiting { until };
    }

    pub(super) fn draining(&mut self, now: u64, after_ms: u64) {
        self.drain_at = Some(now + after_ms);
    }

    pub(super) fn heard(&mut self, now: u64) {
        if let Phase::Live { heard, pinged, .. } = &mut self.phase {
            (*heard, *pinged) = (now, false);
        }
    }

    /// When to call `tick` at the latest; nothing while only outside events matter.
    pub fn deadline(&self, now: u64) -> Option<u64> {
        match self.phase {
            Phase::Idle | Phase::NoToken | Phase::Stopped => None,
            Phase::Waiting { until } | Phase::Connecting { until } | Phase::Greeting { until } => Some(until),
            Phase::Live { heard, pinged, hb_ms, .. } => {
                let beat = heard + hb_ms + if pinged { limits::HEARTBEAT_GRACE_MS } else { 0 };
                let answer = self.queue.oldest_flight().map(|flight| flight.sent_ms + self.config.answer_ms);
                let mut due = [Some(beat), answer, self.drain_at, None, None, None];
                if self.drain_at.is_none() {
                    due[3] = self.queue.send_at(now);
                    due[4] = self.pending.due_ms();
                    due[5] = self.subs.due_ms();
                }
                due.into_iter().flatten().min()
            }
        }
    }

    /// Time has passed.
    pub fn tick(&mut self, now: u64) {
        match self.phase {
            Phase::Waiting { until } if until <= now => self.connect(now),
            Phase::Connecting { until } | Phase::Greeting { until } if until <= now => self.hang_up(now),
            Phase::Live { heard, pinged, hb_ms, .. } => self.tick_live(now, heard + hb_ms, pinged),
            _ => {}
        }
    }

    fn tick_live(&mut self, now: u64, beat: u64, was_pinged: bool) {
        if self.drain_at.is_some_and(|at| at <= now) {
            self.send(&ClientFrame::push(ClientBody::Bye(Bye {})));
            self.hang_up(now);
            return self.tick(now);
        }
        if beat + limits::HEARTBEAT_GRACE_MS <= now {
            return self.hang_up(now);
        }
        if beat <= now && !was_pinged {
            // The server pings only who is silent; whoever sends but hears nothing asks for itself.
            let n = self.next_ping;
            self.next_ping = n.wrapping_add(1);
            self.send(&ClientFrame::push(ClientBody::Ping(Ping { n })));
            if let Phase::Live { pinged, .. } = &mut self.phase {
                *pinged = true;
            }
        }
        if let Some(flight) = self.queue.oldest_flight().copied()
            && flight.sent_ms + self.config.answer_ms <= now
        {
            self.queue.rewind(flight.first);
        }
        self.flush(now);
    }

    /// Sends what may go now.
    pub(super) fn flush(&mut self, now: u64) {
        if !self.is_live() || self.drain_at.is_some() {
            return;
        }
        loop {
            let id = self.next_id;
            let Some(sub) = self.subs.ask(now, id) else { break };
            self.next_id = id.next();
            self.send(&ClientFrame::ask(id, ClientBody::Sub(sub)));
        }
        self.flush_commands(now);
    }

    fn flush_commands(&mut self, now: u64) {
        loop {
            let id = self.next_id;
            let Some(frame) = self.queue.frame(now, id) else { break };
            self.next_id = id.next();
            self.send(&frame);
        }
        loop {
            let (id, again) = (self.next_id, now + self.config.answer_ms);
            let Some(waiting) = self.pending.due(now) else { break };
            let unanswered = waiting.id.is_some();
            (waiting.id, waiting.due_ms) = (Some(id), again);
            let cmd = waiting.cmd.clone();
            self.next_id = id.next();
            if unanswered {
                self.tell(Event::Unanswered(cmd.key.clone()));
            }
            self.send(&ClientFrame::ask(id, ClientBody::Cmd(cmd)));
        }
    }

    /// Tells what was seen while the subscription did not stand. Offsets of another life are not told: the mirror has
    /// forgotten them by the time it stands.
    pub(super) fn tell_seen(&mut self, topic: &Topic) {
        let Some(entry) = self.subs.live(topic).filter(|entry| entry.seen_due && !entry.mirror.is_paging()) else {
            return;
        };
        entry.seen_due = false;
        let Mirror::Stream(stream) = &entry.mirror else { return };
        if let Some(off) = stream.seen_through() {
            self.send(&ClientFrame::push(ClientBody::Seen(Seen { topic: topic.clone(), off })));
        }
    }
}
