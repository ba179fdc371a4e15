//! From a device's command to its recorded answer.
//!
//! Invariant: a command that passes the gate ends in exactly one record, applied or rejected, so one poison scan never
//! jams a queue; only what must not be recorded at all is a refusal.

use serde_json::json;

use crate::{
    Ctx, UserId,
    floor::{
        Answer, Beep, CountSession, DeviceCommand, DeviceId, DeviceOp, First, Floor, FloorCode, FloorEvent,
        FloorRefusal, Flow, FlowName, MoveSession, Msg, Operator, Outcome, PutAway, Receive, Recorded, ReturnSession,
        Screen, Session, counting,
        device::{self, Clock, Gate},
        inquiry, late, pack,
        pack::PackSession,
        pick,
        pick::PickSession,
        plating, putaway,
        putback::{self, PutBackSession},
        receive, ship,
        ship::ShipSession,
        turn::{Call, No, Step, Turn},
    },
};

impl Floor {
    pub(super) fn decide_device(&self, command: &DeviceCommand, ctx: &Ctx) -> Result<Vec<FloorEvent>, FloorRefusal> {
        let gate = self.devices.admit(command)?;
        let clock = Clock::of(command.performed_at, command.recorded_at);
        let command = &DeviceCommand { performed_at: clock.performed_at, ..command.clone() };
        // What was done before an operator left may arrive after: it is still theirs.
        let record = self.device(&command.device).map(|device| &device.record);
        let signed_on = record.and_then(|record| record.operator.as_ref());
        let fact = command.op.is_fact();
        let nobody = Operator { user: UserId::from_u128(0), rights: Default::default() };
        let last = record.and_then(|record| record.last.as_ref()).filter(|_| fact);
        let idle = Session::default();
        let session = self.session(&command.device).unwrap_or(&idle);
        let operator = signed_on.or(last).unwrap_or(&nobody);
        let mut call = Call::new(self, command, operator, session, ctx.now);
        call.clamped = clock.clamped;
        let decided = match gate {
            Gate::Known => return Ok(Vec::new()),
            Gate::Again { of } => return Ok(call.again(of)),
            Gate::Decide if fact && clock.is_too_old() => late::too_old(&call),
            Gate::Decide
                if signed_on.is_none()
                    && !fact
                    && !matches!(command.op, DeviceOp::SignOn { .. } | DeviceOp::SignOff { .. }) =>
            {
                Err(No::new(FloorCode::NoPermission).at("/badge"))
            }
            Gate::Decide => turn(&call),
        };
        Ok(match decided {
            Ok(step) => call.applied(step),
            Err(no) => call.rejected(no),
        })
    }

    /// What a device shows while nothing happens.
    pub fn show(&self, device: &DeviceId) -> Screen {
        let idle = Session::default();
        screen(self, self.session(device).unwrap_or(&idle), None, None, Beep::Ok)
    }
}

/// What comes before every flow: facts, revisions, connection, the bytes of a scan.
fn turn(call: &Call<'_>) -> Turn {
    let command = call.command;
    if command.rev.is_some_and(|rev| rev != call.session.rev) {
        return Err(No::new(FloorCode::StaleTask));
    }
    if command.offline && !command.op.is_fact() {
        return Err(No::new(FloorCode::OfflineNotAllowed));
    }
    if let DeviceOp::Scan(scan) = &command.op
        && let Some(fault) = scan.fault
    {
        return Err(No::new(fault).at("/raw"));
    }
    if command.op.is_fact() {
        return fact(call);
    }
    match &command.op {
        DeviceOp::SignOn { badge, pin_right, equipment } => {
            device::sign_on(call, badge, *pin_right, equipment.as_deref())
        }
        DeviceOp::SignOff { keep } => device::sign_off(call, *keep),
        DeviceOp::TakePlates => {
            let event = call.floor.block_for(&command.device, call.now);
            event.map(|event| Step::done(vec![event])).map_err(|_| No::new(FloorCode::BlockExhausted))
        }
        DeviceOp::Choose { flow, first } => choose(call, *flow, *first),
        DeviceOp::CreatePlate { .. } | DeviceOp::VoidPlate { .. } | DeviceOp::RelabelPlate { .. } => {
            plating::turn(call)
        }
        DeviceOp::Suspend => Ok(Step::to(Flow::Idle).with(call.session.flow.leave(call))),
        _ => match &call.session.flow {
            Flow::Idle => Err(No::new(FloorCode::NoWork)),
            Flow::Inquiry => inquiry::turn(call),
            Flow::Receive(session) => session.turn(call),
            Flow::PutAway(session) => session.turn(call),
            Flow::Move(session) => session.turn(call),
            Flow::Count(session) => session.turn(call),
            Flow::Return(session) => session.turn(call),
            Flow::Pick(session) => pick::turn(call, session),
            Flow::Pack(session) => pack::turn(call, session),
            Flow::Ship(session) => ship::turn(call, session),
            Flow::PutBack(session) => putback::turn(call, session),
        },
    }
}

impl Call<'_> {
    /// Where the device stands afterwards, and the event that says so if it changed.
    fn moved(&self, flow: Option<Flow>, prompt: Option<crate::floor::Prompt>) -> (Session, Option<FloorEvent>) {
        let flow = flow.unwrap_or_else(|| self.session.flow.clone());
        if flow == self.session.flow && prompt == self.session.prompt {
            return (self.session.clone(), None);
        }
        let session = Session { rev: self.session.rev + 1, flow, prompt };
        let device = self.command.device.clone();
        (session.clone(), Some(FloorEvent::SessionMoved { device, session: Box::new(session) }))
    }

    fn screen(&self, session: &Session, view: Option<serde_json::Value>, msg: Option<Msg>, beep: Beep) -> Screen {
        screen(self.floor, session, view, msg, beep)
    }

    /// A command that was decided under another number, before a rebase, uses up its new number with the first answer.
    fn again(&self, of: u64) -> Vec<FloorEvent> {
        let kept = self.floor.device(&self.command.device).and_then(|device| device.log.get(of));
        let Some(answer) = kept.map(|kept| kept.answer(|| self.floor.show(&self.command.device))) else {
            return Vec::new();
        };
        let recorded = self.record(answer);
        vec![match recorded.answer.outcome {
            Outcome::Rejected => FloorEvent::DeviceCommandRejected(recorded),
            _ => FloorEvent::DeviceAnswered(recorded),
        }]
    }

    fn record(&self, answer: Answer) -> Box<Recorded> {
        let DeviceCommand { device, install, seq, key, fingerprint, recorded_at, .. } = self.command;
        Box::new(Recorded {
            device: device.clone(),
            install: install.clone(),
            seq: *seq,
            key: key.clone(),
            fingerprint: fingerprint.clone(),
            at: *recorded_at,
            answer,
            forgotten: self.floor.device(device).map_or_else(Vec::new, |known| known.log.forgets(*recorded_at)),
        })
    }

    fn applied(&self, step: Step) -> Vec<FloorEvent> {
        let Step { mut events, flow, view, msg, variance, pending } = step;
        let (session, moved) = self.moved(flow, None);
        events.extend(moved);
        let (outcome, code) = match (variance, pending) {
            (Some((code, _)), _) => (Outcome::AppliedWithVariance, Some(code)),
            (None, Some((code, _))) => (Outcome::Pending, Some(code)),
            (None, None) => (Outcome::Applied, None),
        };
        let said = msg.or_else(|| code.map(|code| Msg { code, field: None, args: Default::default() }));
        let beep = said.as_ref().map_or(Beep::Ok, |said| said.code.beep());
        let answer = Answer {
            outcome,
            code,
            exception: variance.map(|(_, id)| id),
            approval: pending.map(|(_, id)| id),
            screen: self.screen(&session, view, said, beep),
        };
        events.push(FloorEvent::DeviceAnswered(self.record(answer)));
        events
    }

    fn rejected(&self, no: No) -> Vec<FloorEvent> {
        let msg = no.msg();
        let No { code, prompt, flow, mut events, .. } = no;
        let (session, moved) = self.moved(flow.map(|flow| *flow), prompt);
        events.extend(moved);
        let screen = self.screen(&session, None, Some(msg), code.beep());
        let answer = Answer { outcome: Outcome::Rejected, code: Some(code), exception: None, approval: None, screen };
        events.push(FloorEvent::DeviceCommandRejected(self.record(answer)));
        events
    }
}

/// A fact that was performed without a connection: whatever the books say, it happened.
pub(super) fn fact(call: &Call<'_>) -> Turn {
    match &call.command.op {
        DeviceOp::Received(fact) => receive::offline(call, fact),
        DeviceOp::Stored(fact) => putaway::offline(call, fact),
        DeviceOp::Counted(fact) => counting::offline(call, fact),
        DeviceOp::Picked(fact) => pick::picked(call, fact),
        DeviceOp::Packed(fact) => pack::packed(call, fact),
        DeviceOp::Loaded(fact) => ship::loaded(call, fact),
        _ => Err(No::new(FloorCode::NoMatch).at("/op")),
    }
}

fn screen(floor: &Floor, session: &Session, view: Option<serde_json::Value>, msg: Option<Msg>, beep: Beep) -> Screen {
    let flow = &session.flow;
    Screen {
        state: flow.state().to_owned(),
        rev: session.rev,
        view: view.unwrap_or_else(|| flow.view(floor)),
        allowed: flow.allowed().iter().map(|&word| word.to_owned()).collect(),
        expect: flow.expect().iter().map(|want| want.word().to_owned()).collect(),
        msg,
        beep,
    }
}

fn choose(call: &Call<'_>, flow: FlowName, first: First) -> Turn {
    call.needs(flow.right())?;
    let left = call.session.flow.leave(call);
    let chosen: Flow = match flow {
        FlowName::Receive => Receive::start(first).into(),
        FlowName::PutAway => PutAway::start(first).into(),
        FlowName::Move => MoveSession::start(first, false).into(),
        FlowName::Replenish => MoveSession::start(first, true).into(),
        FlowName::Count => CountSession::start(first).into(),
        FlowName::Return => ReturnSession::default().into(),
        FlowName::Inquiry => Flow::Inquiry,
        FlowName::Pick => Flow::Pick(PickSession::new(first, false)),
        FlowName::PickBatch => Flow::Pick(PickSession::new(first, true)),
        FlowName::Pack => Flow::Pack(PackSession::default()),
        FlowName::Ship => Flow::Ship(ShipSession::default()),
        FlowName::PutBack => Flow::PutBack(PutBackSession::default()),
    };
    Ok(Step::to(chosen).with(left))
}

impl Flow {
    /// Name of the state, as in warehouse-floor.md.
    pub const fn state(&self) -> &'static str {
        match self {
            Self::Idle => "Idle",
            Self::Inquiry => "Ask",
            Self::Receive(session) => session.state_name(),
            Self::PutAway(session) => session.state_name(),
            Self::Move(session) => session.state_name(),
            Self::Count(session) => session.state_name(),
            Self::Return(session) => session.state_name(),
            Self::Pick(session) => session.state.word(),
            Self::Pack(session) => session.state.word(),
            Self::Ship(session) => session.state.word(),
            Self::PutBack(session) => session.state(),
        }
    }

    fn view(&self, floor: &Floor) -> serde_json::Value {
        match self {
            Self::Idle | Self::Inquiry => json!({}),
            Self::Receive(session) => session.view(floor),
            Self::PutAway(session) => session.view(floor),
            Self::Move(session) => session.view(floor),
            Self::Count(session) => session.view(floor),
            Self::Return(session) => session.view(floor),
            Self::Pick(session) => session.view(floor),
            Self::Pack(session) => session.view(floor),
            Self::Ship(session) => session.view(floor),
            Self::PutBack(session) => session.view(floor),
        }
    }
}
