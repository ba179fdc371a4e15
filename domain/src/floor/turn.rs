//! One turn of a device: what a flow may look at, and what it answers.
//!
//! Invariant: a flow answers with a [`Step`] or a [`No`]; both become exactly one recorded answer. Side effects that
//! must survive a rejection (a fraud alarm) travel inside the [`No`].

use std::{cell::Cell, collections::BTreeMap};

use chrono::NaiveDate;

use crate::{
    Timestamp,
    floor::{
        By, DeviceCommand, Exception, Floor, FloorCode, FloorEvent, Flow, Msg, Operator, Prompt, Right, Session, Want,
        session::CONFIRM_SECONDS,
    },
};

/// What a flow may look at.
pub(super) struct Call<'a> {
    pub floor: &'a Floor,
    pub command: &'a DeviceCommand,
    pub operator: &'a Operator,
    pub session: &'a Session,
    pub now: Timestamp,
    /// Whether the device's clock was ahead and its time put right.
    pub clamped: bool,
    ids: Cell<u64>,
}

impl<'a> Call<'a> {
    pub fn new(
        floor: &'a Floor,
        command: &'a DeviceCommand,
        operator: &'a Operator,
        session: &'a Session,
        now: Timestamp,
    ) -> Self {
        Self { floor, command, operator, session, now, clamped: false, ids: Cell::new(floor.main.last_id) }
    }

    /// A number for a record that is made now.
    pub fn id(&self) -> u64 {
        self.ids.set(self.ids.get() + 1);
        self.ids.get()
    }

    pub fn by(&self) -> By {
        By {
            device: self.command.device.clone(),
            operator: self.operator.user,
            performed_at: self.command.performed_at,
            recorded_at: self.command.recorded_at,
            offline: self.command.offline,
            clamped: self.clamped,
        }
    }

    /// The local calendar day it was done on.
    pub fn day(&self) -> NaiveDate {
        self.floor.site().map_or_else(NaiveDate::default, |site| site.day(self.command.performed_at))
    }

    pub fn has(&self, right: Right) -> bool {
        self.operator.rights.contains(&right)
    }

    pub fn needs(&self, right: Right) -> Result<(), No> {
        if self.has(right) { Ok(()) } else { Err(No::new(FloorCode::NoPermission)) }
    }

    /// Accepts a deviation that was asked about before: the same input, soon after, in the same state.
    pub fn confirmed(&self, code: FloorCode, input: &str) -> Result<(), No> {
        let asked = self.session.prompt.as_ref().is_some_and(|prompt| {
            let elapsed = self.command.performed_at.as_millis() - prompt.at.as_millis();
            prompt.code == code && prompt.input == input && (0..=CONFIRM_SECONDS * 1_000).contains(&elapsed)
        });
        if asked {
            return Ok(());
        }
        let at = self.command.performed_at;
        Err(No { prompt: Some(Prompt { code, input: input.to_owned(), at }), ..No::new(code) })
    }

    /// An exception, and the event that opens it.
    pub fn exception(&self, code: FloorCode, about: &[(&str, String)]) -> (u64, FloorEvent) {
        let id = self.id();
        let about = about.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
        (id, FloorEvent::ExceptionOpened { exception: Exception { id, code, by: self.by(), about } })
    }
}

/// Done.
pub(super) struct Step {
    pub events: Vec<FloorEvent>,
    /// Where the device stands now; `None` where it stood.
    pub flow: Option<Flow>,
    /// What to render, if it is not what the flow shows by itself.
    pub view: Option<serde_json::Value>,
    pub msg: Option<Msg>,
    /// Code and number of the exception, if the books disagree.
    pub variance: Option<(FloorCode, u64)>,
    /// Code and number of the approval, if one is waited for.
    pub pending: Option<(FloorCode, u64)>,
}

impl Step {
    pub const fn done(events: Vec<FloorEvent>) -> Self {
        Self { events, flow: None, view: None, msg: None, variance: None, pending: None }
    }

    pub fn to(flow: Flow) -> Self {
        Self { flow: Some(flow), ..Self::done(Vec::new()) }
    }

    pub fn with(mut self, events: impl IntoIterator<Item = FloorEvent>) -> Self {
        self.events.extend(events);
        self
    }

    pub fn with_first(mut self, event: FloorEvent) -> Self {
        self.events.insert(0, event);
        self
    }

    /// A fact that disagrees with the books: done, with an exception.
    pub fn despite(mut self, call: &Call<'_>, code: FloorCode, about: &[(&str, String)]) -> Self {
        let (id, event) = call.exception(code, about);
        self.events.push(event);
        self.variance = Some((code, id));
        self
    }

    pub fn saying(mut self, msg: Msg) -> Self {
        self.msg = Some(msg);
        self
    }
}

/// Decided against.
#[derive(Clone, Debug)]
pub(super) struct No {
    pub code: FloorCode,
    pub field: Option<&'static str>,
    pub args: BTreeMap<String, String>,
    /// What the same input, said again, would confirm.
    pub prompt: Option<Prompt>,
    /// Where the device stands now; `None` where it stood.
    pub flow: Option<Box<Flow>>,
    /// What follows all the same.
    pub events: Vec<FloorEvent>,
}

impl No {
    pub const fn new(code: FloorCode) -> Self {
        Self { code, field: None, args: BTreeMap::new(), prompt: None, flow: None, events: Vec::new() }
    }

    /// Not what is taken now; says what is: scans of these sorts, and these inputs.
    pub fn unexpected(wants: &[Want], allowed: &[&str]) -> Self {
        let expected: Vec<_> = wants.iter().map(|want| want.word()).chain(allowed.iter().copied()).collect();
        Self::new(FloorCode::UnexpectedScan).arg("expected", expected.join(", "))
    }

    pub fn at(mut self, field: &'static str) -> Self {
        self.field = Some(field);
        self
    }

    pub fn arg(mut self, name: &str, value: impl ToString) -> Self {
        self.args.insert(name.to_owned(), value.to_string());
        self
    }

    pub fn msg(&self) -> Msg {
        Msg { code: self.code, field: self.field.map(str::to_owned), args: self.args.clone() }
    }
}

impl From<FloorCode> for No {
    fn from(code: FloorCode) -> Self {
        Self::new(code)
    }
}

pub(super) type Turn = Result<Step, No>;
