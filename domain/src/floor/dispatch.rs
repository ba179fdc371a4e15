//! From a device's command to its recorded answer.
//!
//! Invariant: a command that passes the gate ends in exactly one record, applied or rejected, so one poison scan never
//! jams a queue; only what must not be recorded at all is a refusal.

use serde_json::json;

use crate::{
    Ctx,
    floor::{
        Answer, Beep, CountSession, DeviceCommand, DeviceOp, First, Floor, FloorCode, FloorEvent, FloorRefusal, Flow,
        FlowName, MoveSession, Msg, Outcome, PutAway, Receive, Recorded, ReturnSession, Screen, Session, counting,
        inquiry, plating, putaway, receive,
        turn::{Call, No, Step, Turn},
    },
};

impl Floor {
    pub(super) fn decide_device(&self, command: &DeviceCommand, ctx: &Ctx) -> Result<Vec<FloorEvent>, FloorRefusal> {
        if !self.devices.admit(command)? {
            return Ok(Vec::new());
        }
        let unsigned = || FloorRefusal::NotSignedOn { device: command.device.clone() };
        let operator = self.operator(&command.device).ok_or_else(unsigned)?;
        let idle = Session::default();
        let session = self.session(&command.device).unwrap_or(&idle);
        let call = Call::new(self, command, operator, session, ctx.now);
        Ok(match turn(&call) {
            Ok(step) => call.applied(step),
            Err(no) => call.rejected(no),
        })
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
    match &command.op {
        DeviceOp::Choose { flow, first } => choose(call, *flow, *first),
        DeviceOp::Received(fact) => receive::offline(call, fact),
        DeviceOp::Stored(fact) => putaway::offline(call, fact),
        DeviceOp::Counted(fact) => counting::offline(call, fact),
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
        let flow = &session.flow;
        Screen {
            state: flow.state().to_owned(),
            rev: session.rev,
            view: view.unwrap_or_else(|| flow.view(self.floor)),
            allowed: flow.allowed().iter().map(|&word| word.to_owned()).collect(),
            expect: flow.expect().iter().map(|want| want.word().to_owned()).collect(),
            msg,
            beep,
        }
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
        }
    }
}
