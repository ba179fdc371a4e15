//! Commands of one device: judged, decided by the floor, answered.
//!
//! Invariant: of a frame either nothing is decided (`seq_gap`, `key_reuse`, unreadable arguments) or its commands are
//! decided in order up to the first that the floor does not take now; an `ack` names exactly what is durable. What was
//! decided before is answered from the floor's memory and decided no more. A frame in hand is finished even if the
//! connection ends; those behind it are left, for the device sends them again.

use std::sync::{
    Arc, OnceLock,
    atomic::{AtomicU64, Ordering},
};

use chrono::Datelike;
use futures_util::future::join_all;
use munshi_actors::{
    Class,
    node::{Failure, Meta},
};
use munshi_domain::{
    floor::{
        Answer as Kept, DeviceCommand, DeviceOffice, DeviceOp, Floor, FloorCommand, FloorRefusal,
        device::{DeviceFault, Stamp, Verdict},
    },
    user::SecretHash,
};
use munshi_protocols::{
    client::Cmd,
    cmd::{DeviceCmd, SignOn},
    code::{Close, Code},
    envelope::Refused,
    ids::{CmdSeq, FrameId},
    server::{self, Ack, Answer, ServerBody, ServerFrame},
};
use tokio::sync::mpsc;

use super::{
    super::{
        Counted, Live,
        link::{Enrolment, Link},
    },
    Clocks, answer,
    frame::{Fresh, Read, Seen, read, told},
    ops,
    turns::PORTION,
};
use crate::{app::App, auth::token};

/// Frames of a device that wait; beyond, its socket is not read.
const INTAKE: usize = 4;
/// Wait before what could not be done now is sent again, in milliseconds.
const LATER_MS: u32 = 1_000;

/// Commands that came in one frame.
#[derive(Debug)]
pub struct Frame {
    /// Number of the frame, for its answer.
    pub id: Option<FrameId>,
    /// The commands, in order.
    pub cmds: Vec<Cmd>,
    /// Counts the frame as under way.
    pub counted: Counted,
}

/// What became of a command that was sent to the floor: the answer it keeps, if it was decided just now.
type Sent = Result<Option<Kept>, Failure<FloorRefusal>>;

/// Answers of what is durable, the last number decided, and why the rest is not decided.
type Decided = (Vec<Answer>, Option<CmdSeq>, Option<Stopped>);

/// Where frames go in.
pub type Intake = mpsc::Sender<Frame>;

/// Starts to work on frames; ends with the connection.
pub fn start(app: &App, live: &Live, link: &Arc<Link>, clock: Clocks) -> Intake {
    let (intake, mut frames) = mpsc::channel::<Frame>(INTAKE);
    let Some(device) = link.device().cloned() else { return intake };
    let next = AtomicU64::new(0);
    let work = Work { app: app.clone(), live: live.clone(), link: Arc::clone(link), device, clock, next };
    tokio::spawn(async move {
        while let Some(frame) = frames.recv().await {
            if work.link.is_gone() {
                return;
            }
            let _busy = work.app.in_flight();
            work.frame(frame).await;
        }
    });
    intake
}

struct Work {
    app: App,
    live: Live,
    link: Arc<Link>,
    device: Enrolment,
    clock: Clocks,
    /// Number that the floor should expect now, as this connection knows; 0 if it does not.
    next: AtomicU64,
}

/// Why no more of a frame is decided.
struct Stopped {
    err: server::Err,
    close: Option<Close>,
}

impl Stopped {
    fn now(code: Code) -> Self {
        Self { err: server::Err::of(code), close: None }
    }

    fn later(code: Code, retry_ms: u32) -> Self {
        Self { err: server::Err::of(code).later(retry_ms), close: None }
    }

    fn expecting(code: Code, expect: u64) -> Self {
        let err = server::Err::of(code);
        Self {
            err: CmdSeq::new(expect).map_or_else(|_| err.clone(), |expect| err.clone().expecting(expect)),
            close: None,
        }
    }

    fn fault(fault: DeviceFault) -> Self {
        let code = match fault {
            DeviceFault::Revoked => Code::DeviceRevoked,
            DeviceFault::Fenced => Code::GenerationFenced,
            DeviceFault::Unknown | DeviceFault::AppTooOld => Code::DeviceUnknown,
        };
        Self { close: Some(Close::Revoked), ..Self::now(code) }
    }
}

impl Work {
    async fn frame(&self, frame: Frame) {
        let Frame { id, cmds, counted } = frame;
        let (answers, through, stopped) = match self.decide(cmds).await {
            Ok(decided) => decided,
            Err(stopped) => (Vec::new(), None, Some(stopped)),
        };
        for answer in &answers {
            metrics::counter!("munshi_live_device_commands_total", "status" => answer::word(answer.st)).increment(1);
        }
        let mut parts = answer::parts(answers).into_iter().peekable();
        while let Some(r) = parts.next() {
            self.link.room().await;
            let ack = ServerBody::Ack(Ack { through, r });
            // An id is answered once: by the last part; or, where the frame is refused further on, by the refusal.
            let last = parts.peek().is_none() && stopped.is_none();
            let frame = if last { ServerFrame::answer(id, ack) } else { ServerFrame::push(ack) };
            self.link.reply(&frame);
        }
        if let Some(Stopped { err, close }) = stopped {
            let code = err.code.known().map_or("other", |code| code.row().code);
            metrics::counter!("munshi_live_device_refused_total", "code" => code).increment(1);
            self.link.reply(&ServerFrame::answer(id, ServerBody::Err(err)));
            if let Some(close) = close {
                self.link.close(close);
            }
        }
        drop(counted);
    }

    /// Answers what is durable, the last number decided, and why the rest is not decided.
    async fn decide(&self, cmds: Vec<Cmd>) -> Result<Decided, Stopped> {
        let reads = cmds.into_iter().map(read).collect::<Result<Vec<Read>, _>>().map_err(unreadable)?;
        let reads = Arc::new(reads);
        if let Some(answered) = self.at_once(&reads).await? {
            return Ok(answered);
        }
        let mut seen = self.look(&reads, false).await?;
        if seen.refuses(&reads) {
            // Nobody is refused for what may still be lost.
            seen = self.look(&reads, true).await?;
        }
        if let Some(fault) = seen.fault {
            return Err(Stopped::fault(fault));
        }
        if let Some((read, _)) = reads.iter().zip(&seen.verdicts).find(|(_, verdict)| **verdict == Verdict::Reuse) {
            self.collision(read.seq).await;
            return Err(Stopped::now(Code::KeyReuse));
        }
        if reads.first().is_some_and(|first| first.seq > seen.expect) {
            return Err(Stopped::expecting(Code::SeqGap, seen.expect));
        }
        let year = self.year();
        let mut fresh: Vec<FloorCommand> = Vec::new();
        for ((read, verdict), pin) in reads.iter().zip(&seen.verdicts).zip(&seen.pins) {
            if matches!(verdict, Verdict::Duplicate { record: false, .. }) {
                continue;
            }
            let pin_right = self.pin_right(&read.args, pin.as_ref()).await?;
            let op = ops::of(&read.args, pin_right, year).map_err(unreadable)?;
            fresh.push(FloorCommand::Device(Box::new(self.command(read, op))));
        }
        let mut decided = Fresh::new();
        let mut stopped = self.execute(fresh, &mut decided).await;
        let (answers, through) = match told(&reads, &decided) {
            Some(told) if stopped.is_none() => told,
            _ => self.answers(reads, seen.verdicts).await?,
        };
        self.next.store(through.map_or(0, |last| last.next().get()), Ordering::Relaxed);
        if let Some(Stopped { err, .. }) = &mut stopped
            && err.expect.is_some()
        {
            // Never below what is answered along with it: that would look like a server that was set back.
            err.expect = through.map(CmdSeq::next);
        }
        Ok((answers, through, stopped))
    }

    /// One command that should be next, the usual frame, goes to the floor without a look before it: the floor judges
    /// it again anyway. Answers nothing if it was not decided; it is judged like any other then.
    async fn at_once(&self, reads: &Arc<Vec<Read>>) -> Result<Option<Decided>, Stopped> {
        let [read] = reads.as_slice() else { return Ok(None) };
        // Whoever signs on is compared with what the floor knows of the badge.
        if read.seq == 0 || read.seq != self.next.load(Ordering::Relaxed) || matches!(read.args, DeviceCmd::SignOn(_)) {
            return Ok(None);
        }
        let op = ops::of(&read.args, false, self.year()).map_err(unreadable)?;
        let mut decided = Fresh::new();
        let stopped = self.portion(vec![FloorCommand::Device(Box::new(self.command(read, op)))], &mut decided).await;
        let told = told(reads, &decided).filter(|_| stopped.is_none());
        self.next.store(
            told.as_ref().and_then(|(_, through)| *through).map_or(0, |last| last.next().get()),
            Ordering::Relaxed,
        );
        Ok(told.map(|(answers, through)| (answers, through, None)))
    }

    fn year(&self) -> u16 {
        let now = chrono::DateTime::from_timestamp_millis(self.live.node().now().as_millis());
        u16::try_from(now.unwrap_or_default().year()).unwrap_or(u16::MAX)
    }

    /// What the floor knows; `durable` waits until all of it is.
    async fn look(&self, reads: &Arc<Vec<Read>>, durable: bool) -> Result<Seen, Stopped> {
        let (reads, device, generation) = (Arc::clone(reads), self.device.named.device.clone(), self.device.generation);
        let look = move |floor: &Floor, _: u64| {
            let known = floor.device(&device)?;
            let expect = known.log.expect();
            let judge = |read: &Read| {
                // Those behind the first new one of a frame are judged as if they were next.
                let seq = if read.seq > 0 { read.seq.min(expect) } else { 0 };
                known.log.judge(&Stamp { seq, key: &read.key, fingerprint: &read.fingerprint })
            };
            let pin = |read: &Read| match &read.args {
                DeviceCmd::SignOn(SignOn { badge, .. }) => floor.badge(badge).map(|badge| badge.pin.clone()),
                _ => None,
            };
            Some(Seen {
                fault: known.admit(generation).err(),
                expect,
                verdicts: reads.iter().map(judge).collect(),
                pins: reads.iter().map(pin).collect(),
            })
        };
        let (node, code) = (self.live.node(), self.device.named.warehouse.as_str());
        let seen =
            if durable { node.read::<Floor, _>(code, look).await } else { node.glance::<Floor, _>(code, look).await };
        let seen = seen.map_err(|_| Stopped::later(Code::Busy, LATER_MS))?;
        seen.flatten().ok_or_else(|| Stopped::fault(DeviceFault::Unknown))
    }

    /// Compares the PIN of somebody who signs on; for an unknown badge the same work is done.
    async fn pin_right(&self, args: &DeviceCmd, hash: Option<&SecretHash>) -> Result<bool, Stopped> {
        let DeviceCmd::SignOn(SignOn { pin, .. }) = args else { return Ok(false) };
        if pin.reveal().is_empty() {
            // A device that keeps no PIN sends what was not answered without it: nobody guessed, and the badge is not
            // held against. It is put aside there and said again.
            let refused = Refused::field(Code::BadField, "a/pin");
            return Err(Stopped { err: server::Err::from(&refused), close: None });
        }
        let verified = self.app.passwords().verify(pin.reveal(), hash).await;
        verified.map_err(|_| Stopped::later(Code::Internal, LATER_MS))
    }

    fn command(&self, read: &Read, op: DeviceOp) -> DeviceCommand {
        let now = self.live.node().now();
        DeviceCommand {
            device: self.device.named.device.clone(),
            generation: self.device.generation,
            install: self.device.install.clone(),
            seq: read.seq,
            key: read.key.clone(),
            fingerprint: read.fingerprint.clone(),
            rev: read.cmd.rev.map(munshi_protocols::ids::Rev::get),
            performed_at: read.cmd.at.as_ref().map_or(now, |at| self.clock.moment(at)),
            recorded_at: now,
            offline: op.is_fact(),
            op,
        }
    }

    /// Sends the commands in order without waiting for each to be durable; answers why one was not taken, if so. Those
    /// behind it are refused by their number.
    ///
    /// A command whose key has to be looked up first, as after a restart, may be overtaken by those behind it. They are
    /// refused by their number then, and sent again as long as that brings it on; each round takes one at least.
    async fn execute(&self, mut fresh: Vec<FloorCommand>, decided: &mut Fresh) -> Option<Stopped> {
        let commands = fresh.len();
        while !fresh.is_empty() {
            let rest = fresh.split_off(fresh.len().min(PORTION));
            let turn = self.live.turns().wait(commands).await;
            if turn.is_some() {
                self.live.node().documents_near().await;
            }
            if let Some(stopped) = self.portion(fresh, decided).await {
                return Some(stopped);
            }
            drop(turn);
            fresh = rest;
        }
        None
    }

    async fn portion(&self, mut pending: Vec<FloorCommand>, decided: &mut Fresh) -> Option<Stopped> {
        while !pending.is_empty() {
            let results = join_all(pending.iter().map(|command| self.send(command.clone()))).await;
            for (command, result) in pending.iter().zip(&results) {
                if let (FloorCommand::Device(command), Ok(Some(kept))) = (command, result) {
                    decided.insert(command.seq, kept.clone());
                }
            }
            let gap = |result: &Sent| matches!(result, Err(Failure::Refused(FloorRefusal::SeqGap { .. })));
            let progress = results.iter().any(Result::is_ok);
            let first = results.iter().find(|result| result.is_err() && (!progress || !gap(result))).cloned();
            if let Some(Err(failure)) = first {
                return Some(stopped(failure));
            }
            let behind = pending.into_iter().zip(&results).filter(|(_, result)| gap(result));
            pending = behind.map(|(command, _)| command).collect();
        }
        None
    }

    async fn send(&self, command: FloorCommand) -> Sent {
        let Enrolment { named, generation, .. } = &self.device;
        let (id, key) = match &command {
            FloorCommand::Device(command) => (format!("{}:{}", command.seq, command.key), command.key.clone()),
            _ => (token::hex_of(&token::random::<16>()), String::new()),
        };
        let meta =
            Meta::system(munshi_actors::DEVICE, format!("{}/{}/{generation}:{id}", named.warehouse, named.device));
        // Taken along as the command leaves the floor, and told when that is durable; the journal keeps it once already.
        let kept = Arc::new(OnceLock::new());
        let (slot, device) = (Arc::clone(&kept), named.device.clone());
        let view = move |floor: &Floor, _: u64| {
            if let Some(answer) = floor.answer(&device, &key) {
                // Looked at once.
                let _ = slot.set(answer::up_to_date(answer, &floor.show(&device)));
            }
        };
        let node = self.live.node();
        let sent = node.execute::<Floor, _>(named.warehouse.as_str(), command, meta.class(Class::Scan), view).await;
        // A repeat, whose answer is that of another moment, is asked for.
        sent.map(|applied| kept.get().cloned().filter(|_| !applied.replayed))
    }

    /// What the floor keeps of these commands by now, up to the first it does not know.
    async fn answers(
        &self,
        reads: Arc<Vec<Read>>,
        verdicts: Vec<Verdict>,
    ) -> Result<(Vec<Answer>, Option<CmdSeq>), Stopped> {
        let device = self.device.named.device.clone();
        let view = move |floor: &Floor, _: u64| {
            let high = floor.device(&device).map_or(0, |known| known.log.through());
            let shown = floor.show(&device);
            let known = reads.iter().zip(&verdicts).take_while(|(read, _)| read.seq <= high);
            let answers = known.filter_map(|(read, verdict)| {
                let again = matches!(verdict, Verdict::Duplicate { .. });
                let kept = floor.answer(&device, &read.key)?;
                let kept = if read.seq == high { answer::up_to_date(kept, &shown) } else { kept };
                Some(answer::of(read.cmd.seq?, &kept, again))
            });
            (answers.collect::<Vec<_>>(), CmdSeq::new(high).ok())
        };
        let read = self.live.node().read::<Floor, _>(self.device.named.warehouse.as_str(), view).await;
        match read {
            Ok(Some(answers)) => Ok(answers),
            Ok(None) | Err(_) => Err(Stopped::later(Code::OutcomeUnknown, LATER_MS)),
        }
    }

    /// Tells the office that identity or storage of a device was cloned.
    async fn collision(&self, seq: u64) {
        let named = &self.device.named;
        tracing::warn!(warehouse = %named.warehouse, device = %named.device, seq, "a device used a number or key twice");
        metrics::counter!("munshi_live_key_reuse_total").increment(1);
        let report = DeviceOffice::ReportCollision { device: named.device.clone(), seq };
        let meta = Meta::system(munshi_actors::DEVICE, format!("collision:{}", token::hex_of(&token::random::<16>())));
        let reported = self.live.node().execute::<Floor, _>(
            named.warehouse.as_str(),
            FloorCommand::Devices(report),
            meta,
            |_, _| (),
        );
        if let Err(error) = reported.await {
            tracing::warn!(%error, "a collision could not be reported");
        }
    }
}

fn unreadable(refused: Refused) -> Stopped {
    Stopped { err: server::Err::from(&refused), close: None }
}

fn stopped(failure: Failure<FloorRefusal>) -> Stopped {
    match failure {
        Failure::Refused(FloorRefusal::SeqGap { expect }) => Stopped::expecting(Code::SeqGap, expect),
        Failure::Refused(FloorRefusal::KeyReuse) | Failure::KeyReused => Stopped::now(Code::KeyReuse),
        Failure::Refused(FloorRefusal::DeviceRevoked { .. }) => Stopped::fault(DeviceFault::Revoked),
        Failure::Refused(FloorRefusal::GenerationFenced { .. }) => Stopped::fault(DeviceFault::Fenced),
        Failure::Refused(FloorRefusal::DeviceUnknown { .. } | FloorRefusal::SiteUnknown) => {
            Stopped::fault(DeviceFault::Unknown)
        }
        Failure::Refused(refusal) => {
            tracing::error!(%refusal, "a floor refuses a device's command for no reason a device knows");
            Stopped::later(Code::Internal, LATER_MS)
        }
        Failure::Busy { retry_after_ms } => {
            Stopped::later(Code::Busy, u32::try_from(retry_after_ms).unwrap_or(LATER_MS))
        }
        Failure::VersionConflict { .. } | Failure::Broken(_) => Stopped::later(Code::OutcomeUnknown, LATER_MS),
    }
}
