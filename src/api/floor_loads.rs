//! Loads of a floor, over HTTP: what leaves together from which door.
//!
//! Invariant: the office plans a load as long as nobody loads it; loading, verifying and leaving are done by scanning.

use munshi_domain::{
    ParcelId, Timestamp,
    floor::{Floor, FloorCommand, Load, LoadId, LocationCode, WorkOffice, outbound::LoadState},
};
use munshi_protocols::floor_office::{LoadView, PlanLoad};

use super::{
    Answer, Call,
    floor::{bad, cut, read, run},
    list,
    outcome::{self, page},
};
use crate::{problem::Problem, services::epcis};

fn load_view(id: &LoadId, load: &Load) -> LoadView {
    let names = |parcels: &Vec<ParcelId>| parcels.iter().map(ToString::to_string).collect();
    LoadView {
        load: id.to_string(),
        state: load.state.word().to_owned(),
        door: load.door.to_string(),
        stops: load.stops.iter().map(names).collect(),
        cutoff: load.cutoff.map(|at| at.to_string()),
        seal_required: load.seal_required,
        seal: load.seal.clone(),
        loaded: load.loaded.iter().map(ToString::to_string).collect(),
        left_behind: load.left_behind.iter().map(ToString::to_string).collect(),
        device: load.device.as_ref().map(ToString::to_string),
        decision: load.approval,
        departed: load.departed.map(|at| at.to_string()),
    }
}

/// Lists loads by number.
///
/// # Errors
/// `site_unknown`, `bad_query`.
pub async fn loads(call: Call) -> Answer {
    let limit = list::limit(&call)?;
    let after = call.text("after").map(str::to_owned);
    let state = call.text("state").map(|text| LoadState::parse(text).ok_or_else(|| bad("state"))).transpose()?;
    let view = move |floor: &Floor, _| {
        let fits = |(id, load): &(&LoadId, &Load)| {
            after.as_deref().is_none_or(|after| id.as_str() > after) && state.is_none_or(|state| load.state == state)
        };
        let loads = floor.work().loads().filter(fits);
        cut(loads.map(|(id, load)| load_view(id, load)), limit, |last| last.load.clone())
    };
    let (items, next) = read(&call, view).await?;
    page(items, next, call.app.node().status().head)
}

/// Reads a load.
///
/// # Errors
/// `not_found`.
pub async fn load(call: Call) -> Answer {
    let id = call.id("load", "load", LoadId::parse)?;
    let view = move |floor: &Floor, version| floor.work().load(&id).map(|load| (version, load_view(&id, load)));
    outcome::found("load", read(&call, view).await?)
}

/// An instant as a request has it.
///
/// # Errors
/// `bad_value` at the field.
pub(super) fn instant(field: &'static str, text: &str) -> Result<Timestamp, Problem> {
    epcis::instant(text).map_err(|why| Problem::bad_value(field, why))
}

/// Plans a load, or changes the plan while nobody loads it.
///
/// # Errors
/// `bad_value`, `invalid_floor_command`, `floor_record_unknown` for a parcel that is not there, `floor_record_state` for
/// one that has left or a load that is being loaded.
pub async fn plan(call: Call) -> Answer {
    let id = call.id("load", "load", LoadId::parse)?;
    let given: PlanLoad = call.json()?;
    let door = LocationCode::parse(&given.door).map_err(|error| Problem::bad_value("/door", error))?;
    let parcel = |(stop, at, text): (usize, usize, &String)| {
        ParcelId::parse(text).map_err(|error| Problem::bad_value(format!("/stops/{stop}/{at}"), error))
    };
    let of_stop = |(stop, texts): (usize, &Vec<String>)| {
        texts.iter().enumerate().map(|(at, text)| parcel((stop, at, text))).collect::<Result<Vec<_>, _>>()
    };
    let stops = given.stops.iter().enumerate().map(of_stop).collect::<Result<_, Problem>>()?;
    let cutoff = given.cutoff.as_deref().map(|text| instant("/cutoff", text)).transpose()?;
    let seal_required = given.seal_required;
    let plan = WorkOffice::PlanLoad { load: id.clone(), door, stops, cutoff, seal_required };
    let view = move |floor: &Floor, _: u64| floor.work().load(&id).map(|load| load_view(&id, load));
    run(&call, FloorCommand::Work(plan), None, view).await
}
