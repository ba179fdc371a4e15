//! What happened on a floor, over HTTP, in the words of EPCIS 2.0.

use axum::{
    body::Bytes,
    http::{HeaderValue, header},
};
use munshi_domain::Timestamp;

use super::{Answer, Call, floor_print::file, warehouses::code};
use crate::{
    problem::Problem,
    services::epcis::{self, Wanted},
};

/// Events of one answer, unless fewer are asked for; `munshi export epcis` has no such limit.
const MOST: usize = 20_000;

fn instant(call: &Call, name: &'static str) -> Result<Option<Timestamp>, Problem> {
    let parsed = call.text(name).map(epcis::instant).transpose();
    parsed.map_err(|detail| Problem::new("bad_query", detail).at(name))
}

/// The events recorded from `from` until before `to`, behind the version `after`. Where there are more than `limit`,
/// `Link` names the next page, as the query interface of EPCIS 2.0 does.
///
/// # Errors
/// `bad_query`, `not_found` for a floor that has no site.
pub async fn epcis(call: Call) -> Answer {
    let (from, to) = (instant(&call, "from")?, instant(&call, "to")?);
    let limit = call.query::<usize>("limit")?.unwrap_or(MOST);
    if !(1..=MOST).contains(&limit) {
        return Err(Problem::new("bad_query", format!("limit is 1 to {MOST}")).at("limit"));
    }
    let wanted = Wanted { warehouse: code(&call)?, from, to, after: call.query("after")?, most: limit };
    let exported = epcis::export(call.app.node(), call.app.config(), call.app.epcis_marks(), &wanted).await?;
    let mut response = file("application/ld+json", Bytes::from(exported.document.to_json()).into())?;
    response.headers_mut().insert("gs1-epcis-version", HeaderValue::from_static("2.0.0"));
    if let Some(next) = exported.next {
        // An instant has one character that a query does not carry as it is.
        let time = |name: &str| call.text(name).map(|at| format!("&{name}={}", at.replace('+', "%2B")));
        let times: String = ["from", "to"].into_iter().filter_map(time).collect();
        let link = format!("<?limit={limit}&after={next}{times}>; rel=\"next\"");
        response.headers_mut().insert(header::LINK, HeaderValue::from_str(&link).map_err(Problem::internal)?);
    }
    Ok(response)
}
