//! What a client does with what the server says.

use super::{Client, CommandStore, Event, Phase};
use crate::{
    client::{ClientBody, ClientFrame, Pong, SubReason},
    code::{Code, CodeWord, Retry},
    envelope::Bounds,
    ids::{FrameId, Millis},
    mirror::{Mirror, Taken},
    server::{Ack, Err, ServerBody, ServerFrame, SubOk, SubResult, Unsubbed},
    topic::Topic,
};

impl<S: CommandStore, R: FnMut() -> u64> Client<S, R> {
    /// A text message came. What cannot be read closes the connection: a client that guesses is worse than one that
    /// connects again.
    pub fn received(&mut self, now: u64, message: &[u8]) {
        self.heard(now);
        let Ok(frames) = ServerFrame::decode_message(message, &Bounds::OUTBOUND) else {
            return self.hang_up(now);
        };
        for frame in frames {
            if !matches!(self.phase, Phase::Greeting { .. } | Phase::Live { .. }) {
                return;
            }
            match frame {
                Ok(frame) => self.frame(now, frame),
                Err(_) => return self.hang_up(now),
            }
        }
        self.flush(now);
    }

    fn frame(&mut self, now: u64, frame: ServerFrame) {
        match frame.body {
            ServerBody::Welcome(welcome) => self.welcome(now, *welcome),
            ServerBody::Ok(ok) => self.granted(frame.id, &ok),
            ServerBody::Ack(ack) => self.acked(ack),
            ServerBody::Snap(snap) => {
                let topic = snap.topic.clone();
                self.mirrored(now, topic, |mirror| mirror.snap(snap));
            }
            ServerBody::Delta(delta) => {
                let topic = delta.topic.clone();
                self.mirrored(now, topic, |mirror| mirror.delta(delta));
            }
            ServerBody::Chk(chk) => self.mirrored(now, chk.topic.clone(), |mirror| mirror.chk(&chk)),
            ServerBody::Unsub(unsub) => self.taken_away(now, unsub),
            ServerBody::Err(err) => self.refused(now, frame.id, err),
            ServerBody::Throttle(throttle) => self.pause(now + u64::from(throttle.retry_ms)),
            ServerBody::Drain(drain) => self.draining(now, u64::from(drain.after_ms)),
            ServerBody::Ping(ping) => {
                let wall = self.wall.map(|(at, wall_ms)| wall_ms.saturating_add(now.saturating_sub(at)));
                let t0 = wall.and_then(|wall| Millis::new(wall).ok());
                self.send(&ClientFrame::push(ClientBody::Pong(Pong { n: ping.n, t0 })));
            }
            ServerBody::Pong(_) | ServerBody::Unknown => {}
        }
    }

    /// Sends no commands of the queue before `until`.
    fn pause(&mut self, until: u64) {
        self.queue.pause_until = self.queue.pause_until.max(until);
    }

    fn granted(&mut self, id: Option<FrameId>, ok: &SubOk) {
        let Some(topic) = id.and_then(|id| self.subs.asked_by(id)) else { return };
        // Without an outcome it answers something else; ids are never used twice, so this is a server's mistake, which
        // the next delta will show.
        if ok.outcome.is_some()
            && let Some(entry) = self.subs.get_mut(&topic)
        {
            entry.granted();
            if ok.outcome == Some(SubResult::Resumed) {
                self.tell_seen(&topic);
            }
        }
    }

    fn mirrored(&mut self, now: u64, topic: Topic, take: impl FnOnce(&mut Mirror) -> Taken) {
        let Some(entry) = self.subs.live(&topic) else { return };
        match take(&mut entry.mirror) {
            Taken::Quiet => self.tell_seen(&topic),
            Taken::Changed => self.tell(Event::Changed(topic)),
            Taken::Items(items) => {
                self.tell_seen(&topic);
                self.tell(Event::Items(topic, items));
            }
            Taken::Resubscribe(why) => {
                entry.again(now, why);
                if why == SubReason::MirrorMismatch {
                    self.tell(Event::MirrorMismatch(topic));
                }
            }
        }
    }

    fn acked(&mut self, mut ack: Ack) {
        for answer in &ack.r {
            if let (Some(key), None) = (&answer.key, answer.seq)
                && let Some(cmd) = self.pending.take(key)
            {
                self.tell(Event::Settled { key: cmd.key, answer: Box::new(answer.clone()) });
            }
        }
        ack.r.retain(|answer| answer.seq.is_some());
        let (settled, store_failed) = self.queue.ack(ack);
        for (key, answer) in settled {
            self.tell(Event::Settled { key, answer: Box::new(answer) });
        }
        if store_failed {
            self.tell(Event::StoreFailed);
        }
    }

    fn taken_away(&mut self, now: u64, unsub: Unsubbed) {
        if self.subs.get(&unsub.topic).is_some() {
            let retry_ms = unsub.retry_ms.map(u64::from);
            self.sub_refused(now, unsub.topic, unsub.code, unsub.retry, retry_ms);
        }
    }

    pub(super) fn sub_refused(&mut self, now: u64, topic: Topic, code: CodeWord, retry: Retry, retry_ms: Option<u64>) {
        let wait = retry_ms.unwrap_or(self.config.later_ms);
        let Some(entry) = self.subs.get_mut(&topic) else { return };
        match retry {
            Retry::Later | Retry::Resync => {
                entry.mirror.drop_pages();
                entry.state = super::State::Wanted { from_ms: now + wait, why: None };
            }
            Retry::Reauth => {
                // Asked for again on the connection that the fresh token brings, or after it was taken.
                entry.state = super::State::Wanted { from_ms: now + wait, why: None };
                self.tell(Event::TokenNeeded);
            }
            Retry::No | Retry::UpdateApp => {
                // What may no longer be seen is not kept either.
                let class = topic.kind().map(|kind| kind.class());
                if let Some(class) = class {
                    entry.mirror = Mirror::new(class);
                }
                entry.state = super::State::Refused;
                self.tell(Event::Refused(topic, code));
            }
        }
    }

    fn refused(&mut self, now: u64, id: Option<FrameId>, err: Err) {
        let retry_ms = err.retry_ms.map(u64::from);
        if matches!(self.phase, Phase::Greeting { .. }) {
            return match (err.code.known(), err.expect) {
                (Some(Code::Rebase), Some(expect)) => self.rebase(now, expect),
                _ => self.hello_refused(now, err.code, err.retry, retry_ms),
            };
        }
        if let Some(topic) = id.and_then(|id| self.subs.asked_by(id)) {
            return self.sub_refused(now, topic, err.code, err.retry, retry_ms);
        }
        if let Some(flight) = id.and_then(|id| self.queue.flight(id)) {
            return self.commands_refused(now, flight, &err);
        }
        if id.is_some_and(|id| self.pending.by_frame(id).is_some()) {
            return self.command_refused(now, id, &err);
        }
        self.refused_otherwise(now, id, err);
    }

    /// A device's frame with commands was refused as a whole: none of them was decided.
    fn commands_refused(&mut self, now: u64, flight: super::queue::Flight, err: &Err) {
        let wait = err.retry_ms.map_or(self.config.later_ms, u64::from);
        match (err.code.known(), err.retry) {
            (Some(Code::KeyReuse), _) => {
                self.queue.rewind(flight.first);
                self.queue.blocked = true;
                self.tell(Event::IdentityAlarm);
            }
            (Some(Code::SeqGap | Code::Rebase), _) | (_, Retry::Resync) => {
                let expect = err.expect.unwrap_or(flight.first);
                if err.code == Code::Rebase || self.queue.needs_rebase(expect) {
                    self.rebase(now, expect);
                } else {
                    self.queue.rewind(expect);
                }
                // A gap follows what was refused before it; without a pause the same might come again at once.
                self.pause(now + self.config.later_ms.min(wait));
            }
            (_, Retry::Later) => {
                self.queue.rewind(flight.first);
                self.pause(now + wait);
            }
            (_, Retry::Reauth) => {
                self.queue.rewind(flight.first);
                self.pause(now + wait);
                self.tell(Event::TokenNeeded);
            }
            (_, Retry::No | Retry::UpdateApp) => match self.queue.unreadable(flight, &err.code) {
                Ok(Some(cmd)) => self.tell(Event::NotTaken { cmd: Box::new(cmd), code: err.code.clone() }),
                Ok(None) => {}
                Err(_) => {
                    self.tell(Event::StoreFailed);
                    self.hang_up(now);
                }
            },
        }
    }

    /// A console's command was refused before it was decided.
    fn command_refused(&mut self, now: u64, id: Option<FrameId>, err: &Err) {
        let Some(waiting) = id.and_then(|id| self.pending.by_frame(id)) else { return };
        let wait = err.retry_ms.map_or(self.config.later_ms, u64::from);
        match err.retry {
            Retry::Later | Retry::Resync | Retry::Reauth => {
                (waiting.id, waiting.due_ms) = (None, now + wait);
                if err.retry == Retry::Reauth {
                    self.tell(Event::TokenNeeded);
                }
            }
            Retry::No | Retry::UpdateApp => {
                let key = waiting.cmd.key.clone();
                if let Some(cmd) = self.pending.take(&key) {
                    self.tell(Event::NotTaken { cmd: Box::new(cmd), code: err.code.clone() });
                }
            }
        }
    }

    /// About no frame that still waits: a whole message, the token, or something answered meanwhile.
    fn refused_otherwise(&mut self, now: u64, id: Option<FrameId>, err: Err) {
        if err.retry == Retry::Reauth {
            self.tell(Event::TokenNeeded);
        }
        if err.retry == Retry::Later {
            self.pause(now + err.retry_ms.map_or(self.config.later_ms, u64::from));
        }
        let whole_message = matches!(err.code.known(), Some(Code::TooLarge | Code::TooDeep | Code::BadJson));
        if id.is_none()
            && whole_message
            && let Some(flight) = self.queue.oldest_flight().copied()
        {
            return self.commands_refused(now, flight, &err);
        }
        self.tell(Event::Error(err.code));
    }
}
