//! Plates: begin one, give one up, give one another number (warehouse-floor.md §6).
//!
//! Invariant: a number names one plate at a time, and none that had it within the period of reuse; a plate that is
//! given up is empty.

use crate::floor::{
    DeviceOp, Floor, FloorCode, FloorEvent, Flow, LocationCode, Place, Plate, PlateId, Right, putaway,
    sscc::SsccFault,
    storing,
    turn::{Call, No, Step, Turn},
};

/// Whether a number may be put on a new plate.
pub(super) fn check_number(call: &Call<'_>, plate: &PlateId) -> Result<(), No> {
    let no = |code| No::new(code).at("/plate").arg("plate", plate);
    // What has ended is remembered until its period of reuse is over.
    if call.floor.plate(plate).is_some() {
        return Err(no(FloorCode::SsccReuse));
    }
    let Some(numbering) = call.floor.numbering() else { return Ok(()) };
    match numbering.serial(plate.as_str()) {
        Err(SsccFault::CheckDigit) => Err(no(FloorCode::BadCheckDigit)),
        Err(_) => Err(no(FloorCode::SsccForeignPrefix)),
        // A number out of another device's block is, or will be, on another plate.
        Ok(serial) if call.floor.devices.has_block(&call.command.device, serial) => Err(no(FloorCode::SsccReuse)),
        // Nobody was given this number yet; the server will use it for another plate.
        Ok(serial) if call.floor.main.numbers.round == 0 && serial >= call.floor.main.numbers.next => {
            Err(no(FloorCode::BlockExhausted))
        }
        Ok(_) => Ok(()),
    }
}

/// Whether a scanned label that the books do not know may become a plate: a supplier's may, one of ours only if its
/// number was given.
pub(super) fn check_label(call: &Call<'_>, plate: &PlateId) -> Result<(), No> {
    match check_number(call, plate) {
        Err(no) if no.code == FloorCode::SsccForeignPrefix => Ok(()),
        checked => checked,
    }
}

/// The number to use: the one that was given, or the server's next.
fn number(call: &Call<'_>, given: Option<&PlateId>) -> Result<(PlateId, Option<FloorEvent>), No> {
    match given {
        Some(plate) => check_number(call, plate).map(|()| (plate.clone(), None)),
        None => {
            let (plate, event) =
                call.floor.plate_number(call.now).map_err(|_| No::new(FloorCode::BlockExhausted).at("/plate"))?;
            Ok((plate, Some(event)))
        }
    }
}

/// One input about plates, in whatever flow.
pub(super) fn turn(call: &Call<'_>) -> Turn {
    let rights = [Right::Receive, Right::PutAway, Right::Return, Right::Pack];
    if !rights.into_iter().any(|right| call.has(right)) {
        return Err(No::new(FloorCode::NoPermission));
    }
    match &call.command.op {
        DeviceOp::CreatePlate { plate, bin } => create(call, plate.as_ref(), bin),
        DeviceOp::VoidPlate { plate } => void(call, plate),
        DeviceOp::RelabelPlate { plate, into } => relabel(call, plate, into.as_ref()),
        _ => Err(No::new(FloorCode::NoMatch).at("/op")),
    }
}

fn create(call: &Call<'_>, plate: Option<&PlateId>, bin: &LocationCode) -> Turn {
    if call.floor.location(bin).is_none() {
        return Err(No::new(FloorCode::NoMatch).at("/bin").arg("location", bin));
    }
    let (plate, numbered) = number(call, plate)?;
    let created = FloorEvent::PlateCreated { plate: plate.clone(), bin: bin.clone(), doc: None, by: call.by() };
    let onward = match &call.session.flow {
        Flow::Receive(receive) => receive.with_plate(call, &plate),
        Flow::Return(session) => session.with_plate(call, &plate, bin),
        _ => None,
    };
    let mut step = onward.unwrap_or_else(|| Ok(Step::done(Vec::new())))?;
    // A receipt that needed only the plate has made it with its fact.
    let made = step.events.iter().any(|event| matches!(event, FloorEvent::PlateCreated { .. }));
    step.events.splice(0..0, numbered.into_iter().chain((!made).then_some(created)));
    step.view = step.flow.is_none().then(|| serde_json::json!({ "plate": plate }));
    Ok(step)
}

fn known<'a>(call: &Call<'a>, plate: &PlateId) -> Result<&'a Plate, No> {
    let known = call.floor.plate(plate).filter(|known| !known.state.ended());
    known.ok_or_else(|| No::new(FloorCode::LpnUnknown).at("/plate").arg("plate", plate))
}

fn void(call: &Call<'_>, plate: &PlateId) -> Turn {
    let known = known(call, plate)?;
    if !putaway::on_plate(call.floor, known).is_empty() || in_use(call.floor, plate) {
        return Err(No::new(FloorCode::VoidNotEmpty).at("/plate").arg("plate", plate));
    }
    let (state, at) = (crate::floor::PlateState::Void, call.command.recorded_at);
    Ok(Step::done(vec![FloorEvent::PlateStateSet { plate: plate.clone(), state, at }]))
}

/// Whether a plate stands on it, or a device is about to put goods on it.
fn in_use(floor: &Floor, plate: &PlateId) -> bool {
    let filling = |flow: &Flow| matches!(flow, Flow::Receive(receive) if receive.plate.as_ref() == Some(plate));
    floor.work().of_plate(plate).is_some()
        || floor.plates.values().any(|other| other.parent.as_ref() == Some(plate))
        || floor.sessions.values().any(|session| filling(&session.flow))
        || floor.approvals.values().any(|approval| {
            matches!(&approval.proposal, crate::floor::Proposal::OverReceipt(received) if received.plate == *plate)
        })
}

fn relabel(call: &Call<'_>, plate: &PlateId, into: Option<&PlateId>) -> Turn {
    let old = known(call, plate)?;
    if in_use(call.floor, plate) {
        return Err(No::new(FloorCode::LpnUnknown).at("/plate").arg("plate", plate));
    }
    let (into, numbered) = number(call, into)?;
    let lines = putaway::on_plate(call.floor, old);
    let place = |plate: &PlateId| Place::on(old.bin.clone(), plate.clone());
    let moves = storing::carry(&lines, &place(plate), &place(&into));
    let relabelled = FloorEvent::PlateRelabelled { plate: plate.clone(), into: into.clone(), moves, by: call.by() };
    let step = Step::done(numbered.into_iter().chain([relabelled]).collect());
    Ok(Step { view: Some(serde_json::json!({ "plate": into })), ..step })
}
