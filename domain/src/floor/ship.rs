//! Loading and sending off (warehouse-floor.md §7.6).
//!
//! Invariant: a plate is on at most one load and once; what is unloaded last is loaded first; nothing leaves that is held,
//! has no tracking number, or is missing a piece without somebody's approval.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{
    ParcelId,
    floor::{
        Approval, Candidate, DeviceOp, Floor, FloorCode, FloorEvent, Flow, Load, LoadId, LoadedFact, LocationCode,
        LocationKind, Move, Outbound, Place, PlateId, Proposal, Scan, Want, WorkEvent,
        outbound::{LoadState, ParcelStage},
        pack::blocked,
        turn::{Call, No, Step, Turn},
        work::fact,
    },
    order::content::words,
};

words!(
    /// States of loading.
    ShipState {
        /// Scan the door.
        Door = "Door",
        /// Scan the load.
        Load = "Load",
        /// Scan each plate.
        Plates = "ScanSscc",
        /// Seal it.
        Seal = "Seal",
        /// Let it leave.
        Depart = "Depart",
    }
);

/// Where a loader stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShipSession {
    /// The state.
    pub state: ShipState,
    /// The door.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub door: Option<LocationCode>,
    /// The load.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub load: Option<LoadId>,
}

impl Default for ShipSession {
    fn default() -> Self {
        Self { state: ShipState::Door, door: None, load: None }
    }
}

impl ShipSession {
    fn to(&self, state: ShipState) -> Step {
        Step::to(Flow::Ship(Self { state, ..self.clone() }))
    }

    pub(super) fn view(&self, floor: &Floor) -> Value {
        let load = self.load.as_ref().and_then(|id| floor.work.load(id));
        let missing = load.map(|load| missing(floor, load));
        json!({ "door": self.door, "load": self.load, "plan": load, "missing": missing })
    }

    pub(super) const fn allowed(&self) -> &'static [&'static str] {
        match self.state {
            ShipState::Door | ShipState::Load => &["suspend"],
            ShipState::Plates => &["verify", "suspend"],
            ShipState::Seal => &["seal", "depart", "suspend"],
            ShipState::Depart => &["depart", "suspend"],
        }
    }

    pub(super) const fn expect(&self) -> &'static [Want] {
        match self.state {
            ShipState::Door => &[Want::Location],
            ShipState::Load => &[Want::Load],
            ShipState::Plates => &[Want::Plate],
            ShipState::Seal | ShipState::Depart => &[],
        }
    }
}

fn unexpected(session: &ShipSession) -> No {
    No::unexpected(session.expect(), session.allowed()).at("/op")
}

pub(super) fn turn(call: &Call<'_>, session: &ShipSession) -> Turn {
    use ShipState as S;
    match (&call.command.op, session.state) {
        (DeviceOp::Scan(scan), S::Door) => return door(call, session, scan),
        (DeviceOp::Scan(scan), S::Load) => return open(call, session, scan),
        _ => {}
    }
    let id = session.load.as_ref().ok_or_else(|| unexpected(session))?;
    let load = call.floor.work.load(id).ok_or(FloorCode::NoMatch)?;
    if load.state == LoadState::Departed {
        return Err(No::new(FloorCode::AlreadyDeparted));
    }
    match (&call.command.op, session.state) {
        (DeviceOp::Scan(scan), S::Plates) => {
            let Candidate::Plate(plate) = call.floor.resolve(scan, &[Want::Plate])? else {
                return Err(unexpected(session));
            };
            let parcel = check(call.floor, load, &plate).map_err(|code| No::new(code).at("/raw"))?;
            Ok(session.to(S::Plates).with([loaded_event(call, id, load, &plate, parcel)]))
        }
        (DeviceOp::Verify, S::Plates) => verify(call, session, id, load),
        (DeviceOp::Seal(seal), S::Seal) => apply_seal(call, session, id, seal),
        (DeviceOp::Depart, S::Seal) => Err(No::new(FloorCode::SealRequired).at("/seal")),
        (DeviceOp::Depart, S::Depart) => depart(call, id, load),
        _ => Err(unexpected(session)),
    }
}

fn door(call: &Call<'_>, session: &ShipSession, scan: &Scan) -> Turn {
    let Candidate::Location(code) = call.floor.resolve(scan, &[Want::Location])? else {
        return Err(unexpected(session));
    };
    if call.floor.location(&code).is_none_or(|location| location.kind != LocationKind::Door) {
        return Err(No::new(FloorCode::WrongDoor).at("/raw"));
    }
    Ok(ShipSession { door: Some(code), ..session.clone() }.to(ShipState::Load))
}

fn open(call: &Call<'_>, session: &ShipSession, scan: &Scan) -> Turn {
    let Candidate::Load(id) = call.floor.resolve(scan, &[Want::Load])? else { return Err(unexpected(session)) };
    let load = call.floor.work.load(&id).ok_or(FloorCode::NoMatch)?;
    if load.state == LoadState::Departed {
        return Err(No::new(FloorCode::AlreadyDeparted).at("/raw"));
    }
    if session.door.as_ref() != Some(&load.door) {
        return Err(No::new(FloorCode::WrongDoor).at("/raw").arg("expected", &load.door));
    }
    let device = call.command.device.clone();
    let mut events = Vec::new();
    match &load.device {
        Some(other)
            if *other != device
                && call.floor.devices.heard(other) > crate::Timestamp::default()
                && busy(call, other, &id) =>
        {
            return Err(No::new(FloorCode::Conflict).at("/raw").arg("device", other));
        }
        Some(same) if *same == device => {}
        _ => events.push(fact(WorkEvent::LoadOpened { load: id.clone(), device })),
    }
    let state = match load.state {
        LoadState::Verified if load.seal_required && load.seal.is_none() => ShipState::Seal,
        LoadState::Verified => ShipState::Depart,
        _ => ShipState::Plates,
    };
    // Somebody else who opens a load looks at it again before it leaves.
    let state = if events.is_empty() { state } else { ShipState::Plates };
    Ok(ShipSession { load: Some(id), ..session.clone() }.to(state).with(events))
}

/// Whether another device is at the load now.
fn busy(call: &Call<'_>, device: &crate::floor::DeviceId, load: &LoadId) -> bool {
    let session = call.floor.session(device).map(|session| &session.flow);
    let heard = call.floor.devices.heard(device);
    matches!(session, Some(Flow::Ship(session)) if session.load.as_ref() == Some(load))
        && crate::floor::task::lease_ends(heard) > call.now
}

/// Whether a plate may go onto a load now.
fn check(floor: &Floor, load: &Load, plate: &PlateId) -> Result<ParcelId, FloorCode> {
    let id = floor.work.of_plate(plate).ok_or(FloorCode::SsccNotOnLoad)?;
    let parcel = floor.work.parcel(id).ok_or(FloorCode::SsccNotOnLoad)?;
    let stop = load.stop_of(id).ok_or(FloorCode::SsccNotOnLoad)?;
    if load.loaded.contains(plate) {
        return Err(FloorCode::AlreadyLoaded);
    }
    if blocked(floor, parcel) {
        return Err(FloorCode::OrderHold);
    }
    if parcel.stage != ParcelStage::Packed || !parcel.plates().any(|closed| closed == plate) {
        return Err(FloorCode::CartonOpen);
    }
    let later = load.stops.iter().skip(stop + 1).flatten();
    let mut open = later.filter(|other| !load.left_behind.contains(other) && !on_board(floor, load, **other));
    if open.any(|other| floor.work.parcel(*other).is_some_and(|parcel| !blocked(floor, parcel))) {
        return Err(FloorCode::WrongStopOrder);
    }
    Ok(id)
}

/// Whether all of a parcel is on a load.
fn on_board(floor: &Floor, load: &Load, parcel: ParcelId) -> bool {
    floor.work.parcel(parcel).is_some_and(|parcel| {
        matches!(parcel.stage, ParcelStage::Packed | ParcelStage::Departed)
            && parcel.plates().all(|plate| load.loaded.contains(plate))
    })
}

fn loaded_event(call: &Call<'_>, id: &LoadId, load: &Load, plate: &PlateId, parcel: ParcelId) -> FloorEvent {
    let bin = call.floor.plate(plate).map(|plate| plate.bin.clone());
    let to = Some(Place::on(load.door.clone(), plate.clone()));
    let moves = bin.map(|bin| on_plate(call.floor, &bin, plate, to.as_ref())).unwrap_or_default();
    fact(WorkEvent::Loaded { load: id.clone(), plate: plate.clone(), parcel, moves, by: call.by() })
}

/// Everything on a plate goes somewhere.
fn on_plate(floor: &Floor, bin: &LocationCode, plate: &PlateId, to: Option<&Place>) -> Vec<Move> {
    let lines = floor.bin(bin).into_iter().flat_map(|bin| bin.on_plate(plate)).filter(|line| line.units() > 0);
    lines
        .map(|line| Move {
            goods: line.goods.clone(),
            units: line.units(),
            from: Some(Place::on(bin.clone(), plate.clone())),
            to: to.cloned(),
            serials: line.serials.iter().cloned().collect(),
        })
        .collect()
}

/// Parcels of a load that are not on it whole and may not stay behind.
fn missing(floor: &Floor, load: &Load) -> Vec<ParcelId> {
    let canceled = |id: &ParcelId| floor.work.parcel(*id).is_none_or(|parcel| parcel.stage == ParcelStage::Canceled);
    load.parcels().filter(|id| !load.left_behind.contains(id) && !canceled(id) && !on_board(floor, load, *id)).collect()
}

fn verify(call: &Call<'_>, session: &ShipSession, id: &LoadId, load: &Load) -> Turn {
    let parcels = missing(call.floor, load);
    if parcels.is_empty() {
        let state = if load.seal_required && load.seal.is_none() { ShipState::Seal } else { ShipState::Depart };
        return Ok(session.to(state).with([fact(WorkEvent::LoadVerified { load: id.clone() })]));
    }
    let mut step = session.to(ShipState::Plates);
    let approval = load.approval.unwrap_or_else(|| call.id());
    if load.approval.is_none() {
        let proposal = Proposal::MissingPieces { load: id.clone(), parcels };
        step = step.with([
            FloorEvent::ApprovalRaised { approval: Approval { id: approval, by: call.by(), proposal } },
            fact(WorkEvent::LoadDisputed { load: id.clone(), approval }),
        ]);
    }
    step.pending = Some((FloorCode::MissingPieces, approval));
    Ok(step)
}

fn apply_seal(call: &Call<'_>, session: &ShipSession, id: &LoadId, seal: &str) -> Turn {
    let seal = seal.trim();
    if seal.is_empty() || seal.len() > 64 {
        return Err(No::new(FloorCode::SealRequired).at("/seal"));
    }
    if call.floor.work.seal_used(seal) {
        return Err(No::new(FloorCode::SealDuplicate).at("/seal"));
    }
    Ok(session.to(ShipState::Depart).with([fact(WorkEvent::Sealed { load: id.clone(), seal: seal.to_owned() })]))
}

fn depart(call: &Call<'_>, id: &LoadId, load: &Load) -> Turn {
    let floor = call.floor;
    if load.cutoff.is_some_and(|cutoff| call.command.recorded_at > cutoff) {
        return Err(No::new(FloorCode::CutoffPassed));
    }
    let goes = |id: &ParcelId| on_board(floor, load, *id) && !load.left_behind.contains(id);
    let parcels: Vec<ParcelId> = load.parcels().filter(goes).collect();
    let known: Vec<(ParcelId, &Outbound)> =
        parcels.iter().filter_map(|id| Some((*id, floor.work.parcel(*id)?))).collect();
    if let Some((parcel, _)) = known.iter().find(|(_, parcel)| blocked(floor, parcel)) {
        return Err(No::new(FloorCode::OrderHold).arg("parcel", parcel));
    }
    if let Some((parcel, _)) = known.iter().find(|(_, parcel)| parcel.consignment.is_none()) {
        return Err(No::new(FloorCode::TrackingMissing).arg("parcel", parcel));
    }
    let plates: Vec<PlateId> = known.iter().flat_map(|(_, parcel)| parcel.plates().cloned()).collect();
    let moves = plates.iter().flat_map(|plate| on_plate(floor, &load.door, plate, None)).collect();
    let left: Vec<ParcelId> = load.parcels().filter(|id| !parcels.contains(id)).collect();
    let departed = WorkEvent::Departed { load: id.clone(), parcels, left, plates, moves, by: call.by() };
    Ok(ShipSession::default().to(ShipState::Door).with([fact(departed)]))
}

/// A plate that was loaded without a connection.
pub(super) fn loaded(call: &Call<'_>, done: &LoadedFact) -> Turn {
    let floor = call.floor;
    let LoadedFact { load: id, plate, raw } = done;
    let mut about = vec![("load", id.to_string()), ("plate", plate.to_string())];
    about.extend((!raw.is_empty()).then(|| ("raw", raw.join("\u{1d}"))));
    let (Some(load), Some(parcel)) = (floor.work.load(id), floor.work.of_plate(plate)) else {
        return Ok(Step::done(Vec::new()).despite(call, FloorCode::SsccNotOnLoad, &about));
    };
    let code = match check(floor, load, plate) {
        Err(code) => Some(code),
        Ok(_) if load.state == LoadState::Departed => Some(FloorCode::AlreadyDeparted),
        Ok(_) if load.device.as_ref() != Some(&call.command.device) => Some(FloorCode::LeaseLost),
        Ok(_) => None,
    };
    // It stands on that load now, whatever was planned; only what is there already, or has left, moves no more.
    let gone =
        load.state == LoadState::Departed || floor.work.parcel(parcel).is_some_and(|parcel| parcel.ended.is_some());
    let again = load.loaded.contains(plate);
    let events = if gone || again { Vec::new() } else { vec![loaded_event(call, id, load, plate, parcel)] };
    let step = Step::done(events);
    Ok(match code {
        Some(code) => step.despite(call, code, &about),
        None => step,
    })
}
