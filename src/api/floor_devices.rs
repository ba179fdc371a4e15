//! Devices and operators of a floor, over HTTP.
//!
//! Invariant: a one-time code is answered by the request that made it and by no other; a PIN is hashed before it goes
//! anywhere and answered by none. A device enrols itself elsewhere, with its code.

use axum::{body::Body, http::Response, http::StatusCode};
use munshi_actors::node::Applied;
use munshi_connectors::print::EnrolmentSheet;
use munshi_domain::{
    Timestamp, UserId,
    floor::{Badge, Device, DeviceId, DeviceOffice, Floor, FloorCommand, device::MAX_PIN_FAILURES},
    user::User,
};
use munshi_protocols::floor::{DeviceInvitation, DeviceView, InviteDevice, MessageDevice, OperatorView, PutOperator};

use super::{
    Answer, Call,
    floor::{alike, cut, read, run, word},
    floor_print::{clock, file, refused},
    list,
    outcome::{self, page},
    warehouses::code,
};
use crate::{auth::password, problem::Problem, services::device::Named};

fn device_id(call: &Call) -> Result<DeviceId, Problem> {
    call.id("device", "device", DeviceId::parse)
}

fn device_view(id: &DeviceId, device: &Device) -> DeviceView {
    let record = &device.record;
    let state = match () {
        () if record.revoked => "revoked",
        () if record.generation > 0 => "enrolled",
        () => "invited",
    };
    DeviceView {
        device: id.to_string(),
        label: record.label.clone(),
        state: state.to_owned(),
        generation: record.generation,
        invited_until: record.invitation.as_ref().map(|invitation| invitation.expires.to_string()),
        seen: (record.seen > Timestamp::default()).then(|| record.seen.to_string()),
        seq: record.high,
        operator: record.operator.as_ref().map(|operator| operator.user.to_string()),
        equipment: record.equipment.clone(),
    }
}

/// Lists devices by id.
///
/// # Errors
/// `site_unknown`, `bad_query`.
pub async fn devices(call: Call) -> Answer {
    let limit = list::limit(&call)?;
    let after = call.text("after").map(str::to_owned);
    let view = move |floor: &Floor, _| {
        let later = |id: &DeviceId| after.as_deref().is_none_or(|after| id.as_str() > after);
        let devices = floor.device_list().filter(|(id, _)| later(id));
        cut(devices.map(|(id, device)| device_view(id, device)), limit, |last| last.device.clone())
    };
    let (items, next) = read(&call, view).await?;
    page(items, next, call.app.node().status().head)
}

/// An invitation that was made, and when its code ends.
type Invited = (Applied<Option<DeviceView>>, String, Timestamp);

async fn invite_device(call: &Call) -> Result<Invited, Problem> {
    let named = Named::new(code(call)?, call.param("device"))?;
    let given: InviteDevice = call.json()?;
    if !(1..=1_440).contains(&given.minutes) {
        return Err(Problem::bad_value("/minutes", "a code works for 1 to 1440 minutes"));
    }
    let drawn = named.draw_code();
    let Named { warehouse: site, device } = named;
    let expires = call.now().plus_seconds(given.minutes * 60);
    let (shown, label, hash) = (device.clone(), given.label, drawn.hash);
    let command = FloorCommand::Devices(DeviceOffice::InviteDevice { device, label, code: hash, expires });
    let view = move |floor: &Floor, _: u64| floor.device(&shown).map(|device| device_view(&shown, device));
    let applied = call.app.node().execute::<Floor, _>(site.as_str(), command, call.meta()?, view).await;
    let applied = applied.map_err(outcome::problem)?;
    if applied.replayed {
        let told = "the code was shown when the request was first answered and is not kept";
        return Err(Problem::new("invitation_shown", told).fix("invite the device again with a fresh key"));
    }
    Ok((applied, drawn.text, expires))
}

/// Hands out a one-time code by which a device is enrolled, for the first time or anew.
///
/// # Errors
/// The floor's refusals; `invitation_shown` for a retry, because the code is not kept.
pub async fn invite(call: Call) -> Answer {
    let (applied, code, expires) = invite_device(&call).await?;
    let device = applied.view.ok_or_else(|| Problem::not_found("device"))?;
    let body = DeviceInvitation { device, code, expires: expires.to_string() };
    uncached(super::call::changed(StatusCode::OK, applied.version, applied.seq, false, &body)?)
}

/// The same as a sheet to scan from.
///
/// # Errors
/// As [`invite`], and what cannot be printed.
pub async fn enrolment_sheet(call: Call) -> Answer {
    let (applied, qr, expires) = invite_device(&call).await?;
    let device = applied.view.ok_or_else(|| Problem::not_found("device"))?;
    let steps = ["Start Munshi on the device.", "Scan the code when it asks for one.", "Sign on with badge and PIN."];
    let sheet = EnrolmentSheet {
        device: format!("{} ({})", device.label, device.device),
        site: code(&call)?.to_string(),
        server: call.app.config().server.allowed_hosts.first().cloned().unwrap_or_default(),
        qr,
        expires: clock(&call, expires),
        steps: steps.map(str::to_owned).into(),
    };
    uncached(file("application/pdf", sheet.pdf().map_err(refused)?)?)
}

/// A secret is kept by no cache on its way.
fn uncached(mut response: Response<Body>) -> Answer {
    let value = axum::http::HeaderValue::from_static("no-store");
    response.headers_mut().insert(axum::http::header::CACHE_CONTROL, value);
    Ok(response)
}

/// Hears a device no more; its work goes to others.
///
/// # Errors
/// `device_unknown`.
pub async fn revoke(call: Call) -> Answer {
    let device = device_id(&call)?;
    let shown = device.clone();
    let command = FloorCommand::Devices(DeviceOffice::RevokeDevice { device });
    run(&call, command, None, move |floor, _| floor.device(&shown).map(|device| device_view(&shown, device))).await
}

/// Tells whoever works at a device something; it is kept until the device has shown it, for three days at most.
///
/// # Errors
/// `invalid_floor_command` for no or too many words; `device_unknown`, `device_revoked`.
pub async fn message(call: Call) -> Answer {
    let device = device_id(&call)?;
    let given: MessageDevice = call.json()?;
    let shown = device.clone();
    let command = FloorCommand::Devices(DeviceOffice::TellDevice { device, text: given.text });
    run(&call, command, None, move |floor, _| floor.device(&shown).map(|device| device_view(&shown, device))).await
}

fn operator_view(floor: &Floor, badge: &str, holder: &Badge) -> OperatorView {
    let here = |device: &Device| device.record.operator.as_ref().is_some_and(|one| one.user == holder.user);
    let device = floor.device_list().find(|(_, device)| here(device)).map(|(id, _)| id.to_string());
    OperatorView {
        badge: badge.to_owned(),
        user: holder.user.to_string(),
        name: holder.name.clone(),
        rights: holder.rights.iter().map(word).collect(),
        locked: holder.failures >= MAX_PIN_FAILURES,
        device,
    }
}

/// Lists operators by badge.
///
/// # Errors
/// `site_unknown`, `bad_query`.
pub async fn operators(call: Call) -> Answer {
    let limit = list::limit(&call)?;
    let after = call.text("after").map(str::to_owned);
    let view = move |floor: &Floor, _| {
        let badges = floor.badge_list().filter(|(badge, _)| after.as_deref().is_none_or(|after| *badge > after));
        cut(badges.map(|(badge, holder)| operator_view(floor, badge, holder)), limit, |last| last.badge.clone())
    };
    let (items, next) = read(&call, view).await?;
    page(items, next, call.app.node().status().head)
}

/// Adds an operator, or changes name, rights or PIN.
///
/// # Errors
/// `bad_value` for a PIN that cannot be, or none for a new badge; the floor's refusals.
pub async fn put_operator(call: Call) -> Answer {
    let badge = call.param("badge").to_owned();
    let given: PutOperator = call.json()?;
    let user = UserId::parse(&given.user).map_err(|error| Problem::bad_value("/user", error))?;
    let known = call.app.node().snapshot::<User>(&user.to_string()).await.map_err(Problem::unavailable)?;
    if known.is_none() {
        return Err(Problem::bad_value("/user", "there is no such user"));
    }
    let name = given.name.trim().to_owned();
    if !(1..=120).contains(&name.chars().count()) || name.chars().any(char::is_control) {
        return Err(Problem::bad_value("/name", "1 to 120 characters"));
    }
    let rights = alike(&given.rights).map_err(|problem| {
        let below = problem.field.clone().unwrap_or_default();
        problem.at(format!("/rights{below}"))
    })?;
    let pin = match &given.pin {
        Some(pin) => {
            password::check_pin(pin)?;
            call.app.passwords().hash_pin(pin).await?
        }
        None => {
            let asked = badge.clone();
            let known = read(&call, move |floor, _| floor.badge(&asked).map(|holder| holder.pin.clone())).await?;
            known.ok_or_else(|| Problem::bad_value("/pin", "a new badge needs a PIN"))?
        }
    };
    let holder = Box::new(Badge { user, name, pin, rights, failures: 0 });
    let shown = badge.clone();
    let command = FloorCommand::Devices(DeviceOffice::PutBadge { badge, holder });
    run(&call, command, None, move |floor, _| floor.badge(&shown).map(|holder| operator_view(floor, &shown, holder)))
        .await
}

/// Lets a badge that wrong PINs locked be used again.
///
/// # Errors
/// `floor_record_unknown`.
pub async fn unlock(call: Call) -> Answer {
    let badge = call.param("badge").to_owned();
    let shown = badge.clone();
    let command = FloorCommand::Devices(DeviceOffice::UnlockBadge { badge });
    run(&call, command, None, move |floor, _| floor.badge(&shown).map(|holder| operator_view(floor, &shown, holder)))
        .await
}
