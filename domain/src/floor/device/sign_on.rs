//! Signing on and off (warehouse-floor.md §7.1): a shift change is two commands and no new connection.

use crate::floor::{
    DeviceEvent, DeviceId, FloorCode, FloorEvent, Flow, Msg, Release, WorkEvent,
    task::Lease,
    turn::{Call, No, Step, Turn},
};

/// The operator scans a badge; whether the PIN is right was compared by the edge.
pub(in crate::floor) fn sign_on(call: &Call<'_>, badge: &str, pin_right: bool, equipment: Option<&str>) -> Turn {
    let floor = call.floor;
    let holder = floor.badge(badge).ok_or_else(|| No::new(FloorCode::UserUnknown).at("/badge"))?;
    let operator = holder.sign_on(pin_right).map_err(|code| {
        let mut no = No::new(code).at(if code == FloorCode::PinWrong { "/pin" } else { "/badge" });
        if code == FloorCode::PinWrong && !holder.is_locked() {
            let left = super::MAX_PIN_FAILURES.saturating_sub(holder.failures + 1);
            no = no.arg("left", left);
            no.events.push(FloorEvent::Device(DeviceEvent::PinFailed { badge: badge.to_owned() }));
        }
        no
    })?;
    let device = &call.command.device;
    let mut events = Vec::new();
    if holder.failures > 0 {
        events.push(FloorEvent::Device(DeviceEvent::PinCleared { badge: badge.to_owned() }));
    }
    let elsewhere = floor.devices.of_user(operator.user).filter(|other| *other != device);
    if let Some(other) = elsewhere {
        call.confirmed(FloorCode::SignedOnElsewhere, badge).map_err(|no| no.arg("device", other))?;
        events.extend(take_over(call, other));
    }
    let here = floor.device(device).and_then(|device| device.record.operator.as_ref());
    if here.is_some_and(|known| known.user != operator.user) {
        events.extend(call.session.flow.leave(call));
        events.extend(floor.release_all(device, Release::HandedBack));
        events.push(FloorEvent::Device(DeviceEvent::SignedOff { device: device.clone(), taken_over: None }));
    }
    let equipment = equipment.map(str::to_owned);
    events.push(FloorEvent::Device(DeviceEvent::SignedOn { device: device.clone(), operator, equipment }));
    let same = here.is_some_and(|known| known.user == holder.user);
    let mut step = if same { Step::done(Vec::new()) } else { Step::to(Flow::Idle) };
    if call.clamped {
        step = step.saying(Msg { code: FloorCode::ClockSkew, field: None, args: Default::default() });
    }
    Ok(step.with(events))
}

/// The other device is signed off and told; its work goes on here.
fn take_over(call: &Call<'_>, other: &DeviceId) -> Vec<FloorEvent> {
    let device = &call.command.device;
    let mut events = Vec::new();
    for (task, known) in call.floor.work.tasks.leased_to(other) {
        let Some(lease) = &known.lease else { continue };
        let pick = known.work.picks();
        let lease = Lease { device: device.clone(), user: lease.user, since: call.command.recorded_at };
        events.push(FloorEvent::Work(WorkEvent::TaskReleased { task, pick, why: Release::Reassigned, device: None }));
        events.push(FloorEvent::Work(WorkEvent::TaskLeased { task, pick, lease }));
    }
    events.push(FloorEvent::Device(DeviceEvent::SignedOff { device: other.clone(), taken_over: Some(device.clone()) }));
    events
}

/// The operator leaves. With work in hand they are asked whether to keep it or hand it back; signing off again at once
/// hands it back.
pub(in crate::floor) fn sign_off(call: &Call<'_>, keep: Option<bool>) -> Turn {
    let device = &call.command.device;
    let signed_on = call.floor.operator(device).is_some();
    if !signed_on {
        return Err(No::new(FloorCode::AlreadyDone));
    }
    let busy = call.floor.work.tasks.leased_to(device).next().is_some();
    if busy && keep.is_none() {
        call.confirmed(FloorCode::ConfirmByRescan, "sign_off")
            .map_err(|no| no.arg("tasks", call.floor.work.tasks.leased_to(device).count()))?;
    }
    let mut events = call.session.flow.leave(call);
    if keep != Some(true) {
        events.extend(call.floor.release_all(device, Release::HandedBack));
    }
    events.push(FloorEvent::Device(DeviceEvent::SignedOff { device: device.clone(), taken_over: None }));
    Ok(Step::to(Flow::Idle).with(events))
}
