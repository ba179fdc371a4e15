//! Packing (warehouse-floor.md §7.5): each unit is scanned from its tote into a carton; the carton is weighed, labelled
//! with its own number, closed.
//!
//! Invariant: what is in cartons was in totes of the same parcel; a carton's goods carry its number from the label on. A
//! parcel that is not complete does not go on by itself: somebody decides.

mod offline;

pub(super) use offline::packed;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{
    ParcelId,
    floor::{
        Candidate, DeviceOp, Floor, FloorCode, FloorEvent, Flow, Goods, LocationCode, Move, Outbound, Place, PlateId,
        Release, Scan, TaskId, TaskState, Want, Work, WorkEvent,
        outbound::{Held, InTote, ParcelStage},
        pick::lot_code,
        sscc::SsccFault,
        task::Lease,
        turn::{Call, No, Step, Turn},
        work::fact,
    },
    order::content::words,
};

words!(
    /// States of packing.
    PackState {
        /// Scan a tote, or the parcel.
        Tote = "Tote",
        /// Scan each unit.
        Each = "ScanEach",
        /// Which carton.
        Carton = "Carton",
        /// How heavy.
        Weigh = "Weigh",
        /// Print its label.
        Label = "Label",
        /// Close it.
        Close = "Close",
    }
);

/// Where a packer stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PackSession {
    /// The state.
    pub state: PackState,
    /// The parcel at hand.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parcel: Option<ParcelId>,
    /// The tote that was scanned; units of another are refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tote: Option<LocationCode>,
}

impl Default for PackSession {
    fn default() -> Self {
        Self { state: PackState::Tote, parcel: None, tote: None }
    }
}

impl PackSession {
    fn to(&self, state: PackState) -> Step {
        Step::to(Flow::Pack(Self { state, ..self.clone() }))
    }

    pub(super) fn view(&self, floor: &Floor) -> Value {
        let parcel = self.parcel.and_then(|id| floor.work.parcel(id));
        let lines = parcel.map(|parcel| &parcel.lines);
        let carton = parcel.and_then(Outbound::open_carton);
        json!({ "parcel": self.parcel, "tote": self.tote, "lines": lines, "carton": carton })
    }

    pub(super) const fn allowed(&self) -> &'static [&'static str] {
        match self.state {
            PackState::Tote => &["suspend"],
            PackState::Each => &["next", "submit", "suspend"],
            PackState::Carton => &["carton", "suspend"],
            PackState::Weigh => &["weigh", "suspend"],
            PackState::Label => &["label", "suspend"],
            PackState::Close => &["close", "suspend"],
        }
    }

    pub(super) const fn expect(&self) -> &'static [Want] {
        match self.state {
            PackState::Tote => &[Want::Location, Want::Parcel],
            PackState::Each => &[Want::Item, Want::Location, Want::Plate],
            _ => &[],
        }
    }
}

fn unexpected(session: &PackSession) -> No {
    No::unexpected(session.expect(), session.allowed()).at("/op")
}

pub(super) fn turn(call: &Call<'_>, session: &PackSession) -> Turn {
    use PackState as S;
    let Some(id) = session.parcel else {
        return match &call.command.op {
            DeviceOp::Scan(scan) => begin(call, session, scan),
            _ => Err(unexpected(session)),
        };
    };
    let parcel = call.floor.work.parcel(id).ok_or(FloorCode::NoMatch)?;
    ours(call, id)?;
    if blocked(call.floor, parcel) {
        return Err(No::new(FloorCode::OrderOnHold));
    }
    match (&call.command.op, session.state) {
        (DeviceOp::Scan(scan), S::Each) => each(call, session, (id, parcel), scan),
        (DeviceOp::Next, S::Each) if parcel.open_carton().is_none() => Err(No::new(FloorCode::CloseEmpty)),
        (DeviceOp::Next, S::Each) => Ok(session.to(S::Carton)),
        (DeviceOp::Submit, S::Each) => incomplete(call, session, id, parcel),
        (DeviceOp::Carton(kind), S::Carton) => carton(call, session, id, kind),
        (DeviceOp::Weigh(grams), S::Weigh) => weigh(call, session, (id, parcel), *grams),
        (DeviceOp::Label { plate, printed }, S::Label) => label(call, session, (id, parcel), plate.as_ref(), *printed),
        (DeviceOp::Close, S::Close) => close(call, session, id, parcel),
        _ => Err(unexpected(session)),
    }
}

/// Whether a parcel may not go on: it is held, or has goods that may not be sold.
pub(super) fn blocked(floor: &Floor, parcel: &Outbound) -> bool {
    let totes = parcel.totes.iter().map(|tote| &tote.held);
    let mut goods = totes.chain(parcel.cartons.iter().flat_map(|carton| &carton.contents)).map(|held| &held.goods);
    parcel.held.is_some()
        || parcel.stage == ParcelStage::Canceled
        || goods.any(|goods| lot_code(floor, goods).is_some())
}

fn task_of(floor: &Floor, parcel: ParcelId) -> Option<(TaskId, &crate::floor::Task)> {
    let mut tasks = floor.work.tasks.of_parcel(parcel);
    tasks.find(|(_, task)| matches!(task.work, Work::Pack { .. }) && task.is_live())
}

/// Whether the parcel is still this device's to pack.
fn ours(call: &Call<'_>, parcel: ParcelId) -> Result<(), No> {
    if task_of(call.floor, parcel).is_some_and(|(_, task)| task.is_leased_to(&call.command.device)) {
        return Ok(());
    }
    let mut no = No::new(FloorCode::LeaseLost).arg("parcel", parcel);
    no.flow = Some(Box::new(Flow::Pack(PackSession::default())));
    Err(no)
}

fn begin(call: &Call<'_>, session: &PackSession, scan: &Scan) -> Turn {
    let floor = call.floor;
    let (id, tote) = match floor.resolve(scan, session.expect())? {
        Candidate::Parcel(id) => (id, None),
        Candidate::Location(code) => {
            let mut parcels = floor.work.of_tote(&code);
            let id = parcels.next().ok_or_else(|| No::new(FloorCode::NoMatch).at("/raw"))?;
            if let Some(other) = parcels.next() {
                let choices = format!("{id}, {other}");
                return Err(No::new(FloorCode::AmbiguousScan).at("/raw").arg("choices", choices));
            }
            drop(parcels);
            (id, Some(code))
        }
        _ => return Err(unexpected(session)),
    };
    let parcel = floor.work.parcel(id).ok_or_else(|| No::new(FloorCode::NoMatch).at("/raw"))?;
    if matches!(parcel.stage, ParcelStage::Packed | ParcelStage::Departed) {
        return Err(No::new(FloorCode::AlreadyDone).at("/raw"));
    }
    if blocked(floor, parcel) {
        return Err(No::new(FloorCode::OrderOnHold).at("/raw").arg("why", parcel.held.as_deref().unwrap_or("")));
    }
    let (task, known) = task_of(floor, id).ok_or_else(|| No::new(FloorCode::Conflict).at("/raw"))?;
    let mut events = Vec::new();
    match &known.lease {
        Some(lease) if lease.device != call.command.device => {
            return Err(No::new(FloorCode::Conflict).at("/raw").arg("device", &lease.device));
        }
        Some(_) => {}
        None => {
            let (device, user) = (call.command.device.clone(), call.operator.user);
            let lease = Lease { device, user, since: call.command.recorded_at };
            events.push(fact(WorkEvent::TaskLeased { task, pick: None, lease }));
        }
    }
    // Work is taken up where it was left.
    let state = match parcel.open_carton() {
        Some(carton) if carton.plate.is_some() => PackState::Close,
        _ => PackState::Each,
    };
    Ok(PackSession { state, parcel: Some(id), tote }.to(state).with(events))
}

fn each(call: &Call<'_>, session: &PackSession, (id, parcel): (ParcelId, &Outbound), scan: &Scan) -> Turn {
    let floor = call.floor;
    let sku = match floor.resolve(scan, session.expect())? {
        Candidate::Item(sku) => sku,
        Candidate::Plate(_) => return Err(No::new(FloorCode::CartonClosed).at("/raw")),
        Candidate::Location(tote) if floor.work.of_tote(&tote).any(|parcel| parcel == id) => {
            return Ok(PackSession { tote: Some(tote), ..session.clone() }.to(PackState::Each));
        }
        Candidate::Location(_) => return Err(No::new(FloorCode::FromOtherTote).at("/raw")),
        _ => return Err(unexpected(session)),
    };
    if !parcel.lines.iter().any(|line| line.sku == sku) {
        return Err(No::new(FloorCode::NotInOrder).at("/raw"));
    }
    let rule = floor.item(&sku);
    let serial = scan.serial.as_ref();
    if rule.is_some_and(|rule| rule.serial) && serial.is_none() {
        return Err(No::new(FloorCode::SerialRequired).at("/raw"));
    }
    let serial = serial.filter(|_| rule.is_some_and(|rule| rule.serial));
    let of_item: Vec<&InTote> = parcel.totes.iter().filter(|tote| tote.held.goods.sku == sku).collect();
    let fits = |tote: &&&InTote| {
        let lot = rule.is_some_and(|rule| rule.lot).then_some(scan.lot.as_ref()).flatten();
        lot.is_none_or(|lot| tote.held.goods.lot.as_ref() == Some(lot))
            && serial.is_none_or(|serial| tote.held.serials.contains(serial))
    };
    let fitting: Vec<&InTote> = of_item.iter().filter(fits).copied().collect();
    let here = |tote: &&&InTote| session.tote.as_ref().is_none_or(|code| tote.tote == *code);
    let source = match fitting.iter().find(here) {
        Some(source) => *source,
        None if !fitting.is_empty() => return Err(No::new(FloorCode::FromOtherTote).at("/raw")),
        None if of_item.is_empty() => return Err(No::new(FloorCode::OverPack).at("/raw")),
        None => return Err(No::new(FloorCode::NotInOrder).at("/raw")),
    };
    let pack = scan.gtin.as_ref().and_then(|gtin| rule?.packs.iter().find(|pack| pack.gtin == *gtin)?.units);
    let units = pack.unwrap_or(1);
    if units > source.held.units {
        return Err(No::new(FloorCode::OverPack).at("/raw").arg("left", source.held.units));
    }
    hazmat(floor, parcel, &source.held.goods)?;
    let held = Held { units, serials: serial.cloned().into_iter().collect(), ..source.held.clone() };
    Ok(session.to(PackState::Each).with([put_in(call, id, parcel, held, &source.tote)]))
}

/// Dangerous goods of different classes do not go into one carton.
fn hazmat(floor: &Floor, parcel: &Outbound, goods: &Goods) -> Result<(), No> {
    let class = |goods: &Goods| floor.item(&goods.sku).and_then(|rule| rule.hazmat.clone());
    let Some(new) = class(goods) else { return Ok(()) };
    let inside = parcel.open_carton().into_iter().flat_map(|carton| &carton.contents);
    let mut others = inside.filter_map(|held| class(&held.goods));
    if others.any(|other| other != new) { Err(No::new(FloorCode::HazmatMix).at("/raw")) } else { Ok(()) }
}

fn put_in(call: &Call<'_>, id: ParcelId, parcel: &Outbound, held: Held, tote: &LocationCode) -> FloorEvent {
    let moves = parcel.station.as_ref().map(|station| Move {
        goods: held.goods.clone(),
        units: held.units,
        from: Some(Place::loose(tote.clone())),
        to: Some(Place::loose(station.clone())),
        serials: held.serials.clone(),
    });
    let moves = moves.into_iter().collect();
    fact(WorkEvent::Packed { parcel: id, held, tote: Some(tote.clone()), moves, by: call.by() })
}

/// The operator says that this is all. What is missing is for a manager: the parcel waits, held.
fn incomplete(call: &Call<'_>, session: &PackSession, id: ParcelId, parcel: &Outbound) -> Turn {
    if parcel.open_carton().is_some() {
        return Ok(session.to(PackState::Carton));
    }
    call.confirmed(FloorCode::OrderIncomplete, &id.to_string()).map_err(|no| no.arg("left", parcel.unpacked()))?;
    let mut events = vec![fact(WorkEvent::ParcelHeld { parcel: id, reason: Some("not complete when packed".into()) })];
    if let Some((task, _)) = task_of(call.floor, id) {
        events.push(fact(WorkEvent::TaskReleased { task, pick: None, why: Release::HandedBack, device: None }));
    }
    let about = [("parcel", id.to_string()), ("left", parcel.unpacked().to_string())];
    Ok(PackSession::default().to(PackState::Tote).with(events).despite(call, FloorCode::OrderIncomplete, &about))
}

fn carton(call: &Call<'_>, session: &PackSession, id: ParcelId, kind: &str) -> Turn {
    let site = call.floor.site();
    let allowed =
        site.is_some_and(|site| site.cartons.is_empty() || site.cartons.iter().any(|known| known.kind == kind));
    if !allowed || kind.trim().is_empty() || kind.len() > 64 {
        return Err(No::new(FloorCode::CartonTypeNotAllowed).at("/carton"));
    }
    let state = if site.is_some_and(|site| site.weigh) { PackState::Weigh } else { PackState::Label };
    Ok(session.to(state).with([fact(WorkEvent::CartonChosen { parcel: id, kind: kind.to_owned() })]))
}

/// The weight must be what the items and the empty carton weigh; the same reading again is taken as it is.
fn weigh(call: &Call<'_>, session: &PackSession, (id, parcel): (ParcelId, &Outbound), grams: u32) -> Turn {
    let expected = parcel.open_carton().and_then(|carton| expected_grams(call.floor, carton));
    let percent = call.floor.site().map_or(0, |site| site.weight_tolerance_percent);
    let out = expected.is_some_and(|expected| {
        let slack = expected.saturating_mul(u64::from(percent)) / 100;
        u64::from(grams).abs_diff(expected) > slack
    });
    if out || grams == 0 {
        let expected = expected.unwrap_or_default();
        call.confirmed(FloorCode::WeightOutOfTolerance, &grams.to_string())
            .map_err(|no| no.arg("expected", expected))?;
    }
    Ok(session.to(PackState::Label).with([fact(WorkEvent::CartonWeighed { parcel: id, grams })]))
}

/// What a carton should weigh; `None` if nobody knows the weight of an item in it.
fn expected_grams(floor: &Floor, carton: &crate::floor::outbound::Carton) -> Option<u64> {
    let tare = floor.site()?.cartons.iter().find(|known| known.kind == carton.kind).map_or(0, |known| known.grams);
    carton.contents.iter().try_fold(u64::from(tare), |sum, held| {
        let unit = floor.item(&held.goods.sku).map(|rule| rule.unit_grams).filter(|grams| *grams > 0)?;
        Some(sum + u64::from(unit) * u64::from(held.units))
    })
}

fn label(
    call: &Call<'_>,
    session: &PackSession,
    (id, parcel): (ParcelId, &Outbound),
    plate: Option<&PlateId>,
    printed: bool,
) -> Turn {
    if !printed {
        return Err(No::new(FloorCode::LabelPrinterDown));
    }
    let (plate, mut events) = number(call, plate)?;
    let station = parcel.station.clone().ok_or(FloorCode::Conflict)?;
    let contents = parcel.open_carton().map(|carton| carton.contents.as_slice()).unwrap_or_default();
    let onto = |held: &Held| Move {
        goods: held.goods.clone(),
        units: held.units,
        from: Some(Place::loose(station.clone())),
        to: Some(Place::on(station.clone(), plate.clone())),
        serials: held.serials.clone(),
    };
    let moves = contents.iter().map(onto).collect();
    events.push(FloorEvent::PlateCreated { plate: plate.clone(), bin: station.clone(), doc: None, by: call.by() });
    events.push(fact(WorkEvent::CartonLabelled { parcel: id, plate, moves, by: call.by() }));
    Ok(session.to(PackState::Close).with(events))
}

/// The number of a carton: one of the device's own block, or the server's next.
fn number(call: &Call<'_>, plate: Option<&PlateId>) -> Result<(PlateId, Vec<FloorEvent>), No> {
    let floor = call.floor;
    let Some(plate) = plate else {
        let (plate, given) = floor.plate_number(call.now).map_err(|_| No::new(FloorCode::BlockExhausted))?;
        return Ok((plate, vec![given]));
    };
    let numbering = floor.numbering().ok_or(FloorCode::BlockExhausted)?;
    let serial = numbering.serial(plate.as_str()).map_err(|fault| {
        No::new(match fault {
            SsccFault::CheckDigit => FloorCode::BadCheckDigit,
            _ => FloorCode::SsccForeignPrefix,
        })
        .at("/plate")
    })?;
    let blocks = floor.device(&call.command.device).map(|device| device.record.blocks.as_slice()).unwrap_or_default();
    if floor.plate(plate).is_some() || !blocks.iter().any(|block| block.has(serial)) {
        return Err(No::new(FloorCode::SsccReuse).at("/plate"));
    }
    Ok((plate.clone(), Vec::new()))
}

fn close(call: &Call<'_>, session: &PackSession, id: ParcelId, parcel: &Outbound) -> Turn {
    let Some(plate) = parcel.open_carton().and_then(|carton| carton.plate.clone()) else {
        return Err(No::new(FloorCode::CloseEmpty));
    };
    let mut events = vec![fact(WorkEvent::CartonClosed { parcel: id, plate, by: call.by() })];
    if !parcel.totes.is_empty() {
        return Ok(session.to(PackState::Each).with(events));
    }
    if let Some((task, _)) = task_of(call.floor, id) {
        events.push(fact(WorkEvent::TaskEnded {
            task,
            state: TaskState::Done,
            at: call.command.recorded_at,
            device: None,
        }));
    }
    events.push(fact(WorkEvent::ParcelPacked { parcel: id, grams: parcel.grams(), by: call.by() }));
    Ok(PackSession::default().to(PackState::Tote).with(events))
}
