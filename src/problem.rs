//! Every error of the interface: one table of codes, one way to make an answer of it (RFC 9457).
//!
//! Invariant: a code in an answer is a row of [`CODES`]; the table generates `docs/ERRORS.md`, and tests compare it
//! with the refusals of the domain. Details never carry secrets or internals.

mod codes;

use axum::{
    body::Body,
    http::{HeaderValue, Response, StatusCode, header},
};
use munshi_domain::{RefusalClass, Refused};
use munshi_store::StoreError;

pub use codes::{CODES, Code, reference};

/// An error on its way to the client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Row of [`CODES`].
    pub code: &'static str,
    /// HTTP status.
    pub status: StatusCode,
    /// What is wrong with this request.
    pub detail: String,
    /// JSON pointer of the field.
    pub field: Option<String>,
    /// What could be done about it.
    pub fix: Option<String>,
    /// Seconds to wait before trying again.
    pub retry_after: Option<u64>,
}

impl Problem {
    /// A problem of the edge, by its code. An unknown code is a bug and reads as `internal`.
    pub fn new(code: &'static str, detail: impl Into<String>) -> Self {
        let row = codes::find(code);
        debug_assert!(row.is_some(), "{code} is not in the table");
        let status = row.map_or(500, |row| row.status);
        Self {
            code,
            status: StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR),
            detail: detail.into(),
            field: None,
            fix: None,
            retry_after: None,
        }
    }

    /// About this field.
    #[must_use]
    pub fn at(mut self, field: impl Into<String>) -> Self {
        self.field = Some(field.into());
        self
    }

    /// With advice.
    #[must_use]
    pub fn fix(mut self, fix: impl Into<String>) -> Self {
        self.fix = Some(fix.into());
        self
    }

    /// To be tried again after so many seconds.
    #[must_use]
    pub fn retry_after(mut self, seconds: u64) -> Self {
        self.retry_after = Some(seconds.max(1));
        self
    }

    /// A value that does not parse.
    pub fn bad_value(field: impl Into<String>, detail: impl std::fmt::Display) -> Self {
        Self::new("bad_value", detail.to_string()).at(field)
    }

    /// Nothing with that id.
    pub fn not_found(what: &str) -> Self {
        Self::new("not_found", format!("there is no such {what}"))
    }

    /// A fault of ours. `cause` goes to the log, not to the client.
    pub fn internal(cause: impl std::fmt::Display) -> Self {
        tracing::error!(cause = %cause, "internal error");
        Self::new("internal", "something went wrong on the server; it has been logged")
    }

    /// The database or the journal does not answer; nothing was done, or the same key finds out.
    pub fn unavailable(cause: impl std::fmt::Display) -> Self {
        tracing::error!(cause = %cause, "unavailable");
        Self::new("unavailable", "the server cannot reach its data; retry with the same Idempotency-Key").retry_after(1)
    }

    /// A domain refusal, by its class.
    pub fn refused<E: Refused>(refusal: &E) -> Self {
        Self::refusal_parts(refusal.code(), refusal.class(), refusal.to_string(), refusal.field(), refusal.fix())
    }

    /// A refusal that arrives in parts (one recorded in an order).
    pub fn refusal_parts(
        code: &'static str,
        class: RefusalClass,
        detail: String,
        field: Option<String>,
        fix: Option<String>,
    ) -> Self {
        Self { code, status: class_status(class), detail, field, fix, retry_after: None }
    }

    /// The body, for the wire.
    pub fn body(&self, request_id: Option<&str>) -> munshi_protocols::Problem {
        let title = codes::find(self.code).map_or("refused", |row| row.title);
        munshi_protocols::Problem {
            kind: format!("urn:munshi:problem:{}", self.code),
            title: title.to_owned(),
            status: self.status.as_u16(),
            code: self.code.to_owned(),
            detail: self.detail.clone(),
            field: self.field.clone(),
            fix: self.fix.clone(),
            request_id: request_id.map(str::to_owned),
        }
    }

    /// The answer.
    pub fn response(&self, request_id: Option<&str>) -> Response<Body> {
        let bytes = serde_json::to_vec(&self.body(request_id)).unwrap_or_default();
        let mut response = Response::new(Body::from(bytes));
        *response.status_mut() = self.status;
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if let Some(seconds) = self.retry_after {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if self.status == StatusCode::UNAUTHORIZED {
            let scheme = if self.code == "tracking_link_invalid" { "Track" } else { "Bearer" };
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static(scheme));
        }
        response
    }
}

/// The status a class of refusals reads as.
pub const fn class_status(class: RefusalClass) -> StatusCode {
    match class {
        RefusalClass::Invalid => StatusCode::UNPROCESSABLE_ENTITY,
        RefusalClass::NotFound => StatusCode::NOT_FOUND,
        RefusalClass::Conflict => StatusCode::CONFLICT,
        RefusalClass::Forbidden => StatusCode::FORBIDDEN,
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Query(detail) => Self::new("bad_query", detail),
            other => Self::unavailable(other),
        }
    }
}
