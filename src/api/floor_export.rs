//! What happened on a floor, over HTTP, in the words of EPCIS 2.0.

use axum::{body::Bytes, http::HeaderValue};
use munshi_domain::Timestamp;

use super::{Answer, Call, floor_print::file, warehouses::code};
use crate::{
    problem::Problem,
    services::epcis::{self, Wanted},
};

/// Most events of one answer; `munshi export epcis` has no such limit.
const MOST: usize = 20_000;

fn instant(call: &Call, name: &'static str) -> Result<Option<Timestamp>, Problem> {
    let parsed = call.text(name).map(epcis::instant).transpose();
    parsed.map_err(|detail| Problem::new("bad_query", detail).at(name))
}

/// The events recorded from `from` until before `to`.
///
/// # Errors
/// `bad_query` for more than 20,000 events, `not_found` for a floor that has no site.
pub async fn epcis(call: Call) -> Answer {
    let (from, to) = (instant(&call, "from")?, instant(&call, "to")?);
    let wanted = Wanted { warehouse: code(&call)?, from, to, most: MOST };
    let (document, _) = epcis::export(call.app.node(), call.app.config(), &wanted).await?;
    let mut response = file("application/ld+json", Bytes::from(document.to_json()).into())?;
    response.headers_mut().insert("gs1-epcis-version", HeaderValue::from_static("2.0.0"));
    Ok(response)
}
