//! What the runtime says about a command, as an answer or a problem.

use axum::http::StatusCode;
use munshi_actors::node::{Applied, Failure};
use munshi_domain::Refused;
use serde::Serialize;

use super::{
    Answer,
    call::{changed, json_body},
};
use crate::problem::Problem;

/// A failed command.
pub fn problem<E: Refused>(failure: Failure<E>) -> Problem {
    match failure {
        Failure::Refused(refusal) => Problem::refused(&refusal),
        Failure::Busy { retry_after_ms } => Problem::new("busy", "too much work is waiting; nothing was done")
            .retry_after(retry_after_ms.div_ceil(1_000)),
        Failure::KeyReused => Problem::new("idempotency_key_reused", "this key was used for another request")
            .fix("use a fresh key for a new request"),
        Failure::VersionConflict { expected, actual } => {
            Problem::new("version_conflict", format!("the resource has version {actual}, not {expected}"))
                .fix("read it again and repeat the change")
        }
        Failure::Broken(cause) => Problem::unavailable(cause),
    }
}

/// A done command with the resource as it left it.
pub fn done<T: Serialize>(status: StatusCode, applied: &Applied<T>) -> Answer {
    changed(status, applied.version, applied.seq, applied.replayed, &applied.view)
}

/// A resource read, or none.
pub fn found<T: Serialize>(what: &str, resource: Option<(u64, T)>) -> Answer {
    let (version, body) = resource.ok_or_else(|| Problem::not_found(what))?;
    super::call::resource(StatusCode::OK, version, &body)
}

/// A page.
pub fn page<T: Serialize>(items: Vec<T>, next: Option<String>, seq: u64) -> Answer {
    json_body(StatusCode::OK, &munshi_protocols::common::Page { items, next, seq })
}
