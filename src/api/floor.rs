//! The floor of a warehouse, over HTTP: its site, locations, item rules and stock by bin.
//!
//! Invariant: every change is one command to the Floor aggregate; a set of locations or rules is taken whole or not at
//! all. What devices do goes over their socket, not here.

use axum::{body::Bytes, http::StatusCode};
use munshi_domain::{
    WarehouseId,
    floor::{Bin, Floor, FloorCommand, FloorRefusal, ItemRule, Location, LocationCode, Site},
    warehouse::Warehouse,
};
use munshi_protocols::floor::{
    BinLine, BinView, FloorItemRule, FloorLocation, FloorLocations, FloorSite, PutItemRules, PutLocations,
};
use serde::{Serialize, de::DeserializeOwned};
use sha2::{Digest, Sha256};

use super::{
    Answer, Call, json, list,
    outcome::{self, page},
    warehouses::code,
};
use crate::problem::Problem;

/// A wire type as the domain's, or back: both are written alike, and what the domain refuses is named.
///
/// # Errors
/// As [`json::parse`].
pub(super) fn alike<T: Serialize, R: DeserializeOwned>(from: &T) -> Result<R, Problem> {
    json::parse(&Bytes::from(serde_json::to_vec(from).map_err(Problem::internal)?))
}

/// A word of the domain, as it is written.
pub(super) fn word<T: Serialize>(value: &T) -> String {
    serde_json::to_value(value).ok().and_then(|word| word.as_str().map(str::to_owned)).unwrap_or_default()
}

/// Reads the floor a path names, with its version.
///
/// # Errors
/// `not_found` without a warehouse of that code, `site_unknown` before the site is set up.
pub(super) async fn read<R: Send + 'static>(
    call: &Call,
    view: impl FnOnce(&Floor, u64) -> R + Send + 'static,
) -> Result<R, Problem> {
    let code = code(call)?;
    let view = move |floor: &Floor, version| floor.site().is_some().then(|| view(floor, version));
    let read = call.app.node().read::<Floor, _>(code.as_str(), view).await.map_err(Problem::unavailable)?;
    match read.flatten() {
        Some(read) => Ok(read),
        None => {
            exists(call, &code).await?;
            Err(Problem::refused(&FloorRefusal::SiteUnknown))
        }
    }
}

async fn exists(call: &Call, code: &WarehouseId) -> Result<(), Problem> {
    let known = call.app.node().read::<Warehouse, _>(code.as_str(), |_, _| ()).await.map_err(Problem::unavailable)?;
    known.ok_or_else(|| Problem::not_found("warehouse"))
}

/// Sends one command to the floor a path names; answers what `view` sees of it.
///
/// # Errors
/// The floor's refusals.
pub(super) async fn run<R: Serialize + DeserializeOwned + Send + 'static>(
    call: &Call,
    command: FloorCommand,
    reason: Option<&str>,
    view: impl FnOnce(&Floor, u64) -> R + Send + 'static,
) -> Answer {
    let code = code(call)?;
    let meta = call.meta()?.because(reason);
    let applied = call.app.node().execute::<Floor, _>(code.as_str(), command, meta, view).await;
    outcome::done(StatusCode::OK, &applied.map_err(outcome::problem)?)
}

/// A page of what comes in the order of `key`, after the cursor.
pub(super) fn cut<T>(
    mut items: impl Iterator<Item = T>,
    limit: usize,
    key: impl Fn(&T) -> String,
) -> (Vec<T>, Option<String>) {
    let taken: Vec<T> = items.by_ref().take(limit).collect();
    let next = items.next().and_then(|_| taken.last().map(key));
    (taken, next)
}

pub(super) fn bad(name: &'static str) -> Problem {
    Problem::new("bad_query", format!("{name} cannot be that")).at(name)
}

fn site_view(floor: &Floor) -> Option<FloorSite> {
    alike(floor.site()?).ok()
}

/// Reads the site.
///
/// # Errors
/// `site_unknown`.
pub async fn site(call: Call) -> Answer {
    let (version, site) = read(&call, |floor, version| (version, site_view(floor))).await?;
    super::call::resource(StatusCode::OK, version, &site.ok_or_else(|| Problem::internal("site does not read"))?)
}

/// Sets the site up, or changes its rules.
///
/// # Errors
/// `not_found` without such a warehouse; the floor's refusals.
pub async fn set_up(call: Call) -> Answer {
    let (code, mut given) = (code(&call)?, call.json::<FloorSite>()?);
    exists(&call, &code).await?;
    if !given.code.is_empty() && given.code != code.as_str() {
        return Err(Problem::bad_value("/code", "another warehouse than the path names"));
    }
    given.code = code.to_string();
    let site: Site = alike(&given)?;
    run(&call, FloorCommand::SetSite(Box::new(site)), None, |floor, _| site_view(floor)).await
}

/// Lists locations by code.
///
/// # Errors
/// `site_unknown`, `bad_query`.
pub async fn locations(call: Call) -> Answer {
    let limit = list::limit(&call)?;
    let (after, zone) = (call.text("after").map(str::to_owned), call.text("zone").map(str::to_owned));
    let kind = call.text("kind").map(str::to_owned);
    let view = move |floor: &Floor, _| {
        let fits = |location: &&Location| {
            after.as_deref().is_none_or(|after| location.code.as_str() > after)
                && zone.as_deref().is_none_or(|zone| location.zone == zone)
                && kind.as_deref().is_none_or(|kind| word(&location.kind) == kind)
        };
        let (found, next) = cut(floor.locations().filter(fits), limit, |last| last.code.to_string());
        (found.into_iter().filter_map(|location| alike(location).ok()).collect::<Vec<FloorLocation>>(), next)
    };
    let (items, next) = read(&call, view).await?;
    page(items, next, call.app.node().status().head)
}

/// Two digits from 10 to 99 that follow from site and code, so that a retry and a reprint have the same. Aisle
/// neighbours differ in nearly all cases, which is all that reading them out is meant to show.
fn check_digits(site: &WarehouseId, code: &str) -> String {
    let hash = Sha256::digest(format!("{site}/{code}").as_bytes());
    (10 + u16::from_be_bytes([hash[0], hash[1]]) % 90).to_string()
}

/// Adds or changes locations, all or none.
///
/// # Errors
/// `bad_value`, and the floor's refusals.
pub async fn put_locations(call: Call) -> Answer {
    let site = code(&call)?;
    let mut given: PutLocations = call.json()?;
    if given.assign_check_digits {
        for location in &mut given.locations {
            let digits = || check_digits(&site, &location.code);
            location.check_digits = Some(location.check_digits.take().unwrap_or_else(digits));
        }
    }
    let locations = domain_list::<_, Location>("/locations", &given.locations)?;
    let codes: Vec<LocationCode> = locations.iter().map(|location| location.code.clone()).collect();
    let view = move |floor: &Floor, _| {
        let known = codes.iter().filter_map(|code| floor.location(code));
        FloorLocations { locations: known.filter_map(|location| alike(location).ok()).collect() }
    };
    run(&call, FloorCommand::PutLocations(locations), None, view).await
}

/// Every item of a list as the domain's, the field named by its place.
fn domain_list<T: Serialize, R: DeserializeOwned>(field: &str, given: &[T]) -> Result<Vec<R>, Problem> {
    let one = |(at, item): (usize, &T)| {
        alike::<T, R>(item).map_err(|problem| {
            let below = problem.field.clone().unwrap_or_default();
            problem.at(format!("{field}/{at}{below}"))
        })
    };
    given.iter().enumerate().map(one).collect()
}

/// Lists item rules by SKU.
///
/// # Errors
/// `site_unknown`, `bad_query`.
pub async fn item_rules(call: Call) -> Answer {
    let limit = list::limit(&call)?;
    let after = call.text("after").map(str::to_owned);
    let view = move |floor: &Floor, _| {
        let later = |rule: &&ItemRule| after.as_deref().is_none_or(|after| rule.sku.as_str() > after);
        let (found, next) = cut(floor.item_list().filter(later), limit, |last| last.sku.to_string());
        (found.into_iter().filter_map(|rule| alike(rule).ok()).collect::<Vec<FloorItemRule>>(), next)
    };
    let (items, next) = read(&call, view).await?;
    page(items, next, call.app.node().status().head)
}

/// Adds or changes item rules, all or none.
///
/// # Errors
/// `bad_value`, and the floor's refusals.
pub async fn put_item_rules(call: Call) -> Answer {
    let given: PutItemRules = call.json()?;
    let rules = domain_list::<_, ItemRule>("/rules", &given.rules)?;
    let skus: Vec<_> = rules.iter().map(|rule| rule.sku.clone()).collect();
    let view = move |floor: &Floor, _| {
        let known = skus.iter().filter_map(|sku| floor.item(sku));
        PutItemRules { rules: known.filter_map(|rule| alike(rule).ok()).collect() }
    };
    run(&call, FloorCommand::PutItemRules(rules), None, view).await
}

fn bin_view(floor: &Floor, code: &LocationCode, bin: &Bin, sku: Option<&str>) -> BinView {
    let lines = bin.lines.iter().filter(|line| sku.is_none_or(|sku| line.goods.sku.as_str() == sku));
    let line = |line: &munshi_domain::floor::StockLine| BinLine {
        sku: line.goods.sku.to_string(),
        lot: line.goods.lot.as_ref().map(ToString::to_string),
        expiry: line.goods.expiry,
        condition: word(&line.goods.condition),
        plate: line.plate.as_ref().map(ToString::to_string),
        units: line.units(),
        overdraw: line.overdraw(),
        serials: line.serials.iter().map(ToString::to_string).collect(),
    };
    BinView {
        location: code.to_string(),
        kind: floor.location(code).map(|location| word(&location.kind)),
        lines: lines.map(line).collect(),
    }
}

/// Lists stock by location; empty ones are left out.
///
/// # Errors
/// `site_unknown`, `bad_query`.
pub async fn bins(call: Call) -> Answer {
    let limit = list::limit(&call)?;
    let text = |name: &str| call.text(name).map(str::to_owned);
    let (after, location, sku) = (text("after"), text("location"), text("sku"));
    let view = move |floor: &Floor, _| {
        let fits = |code: &LocationCode| {
            after.as_deref().is_none_or(|after| code.as_str() > after)
                && location.as_deref().is_none_or(|location| code.as_str() == location)
        };
        let bins = floor.bins().filter(|(code, _)| fits(code));
        let shown = bins.map(|(code, bin)| bin_view(floor, code, bin, sku.as_deref()));
        cut(shown.filter(|bin| !bin.lines.is_empty()), limit, |last| last.location.clone())
    };
    let (items, next) = read(&call, view).await?;
    page(items, next, call.app.node().status().head)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn check_digits_are_two_and_follow_from_the_code() {
        let site = WarehouseId::parse("KHI-1").unwrap();
        let given: std::collections::BTreeSet<String> =
            (0..100).map(|n| check_digits(&site, &format!("A-{n:02}"))).collect();
        assert!(given.iter().all(|digits| digits.len() == 2) && given.len() > 40, "{given:?}");
        assert_eq!(check_digits(&site, "A-01"), check_digits(&site, "A-01"));
    }

    #[test]
    fn a_page_tells_its_cursor_only_if_more_follows() {
        let page = |limit| cut([1, 2, 3].into_iter(), limit, ToString::to_string);
        assert_eq!(page(2), (vec![1, 2], Some("2".to_owned())));
        assert_eq!(page(3), (vec![1, 2, 3], None));
    }
}
