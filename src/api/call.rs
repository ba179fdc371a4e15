//! One request past the gate: everything a handler needs, already checked.

use std::{collections::BTreeMap, net::IpAddr, str::FromStr, sync::Arc};

use axum::{
    body::{Body, Bytes},
    http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode, header},
};
use munshi_actors::node::Meta;
use munshi_domain::{Timestamp, UserId};
use serde::{Serialize, de::DeserializeOwned};

use super::{Route, json};
use crate::{app::App, auth::Caller, imports::Received, problem::Problem};

/// What a handler answers.
pub type Answer = Result<Response<Body>, Problem>;

/// Header with the journal position of a change; pass it as `min_seq` to lists.
pub const SEQ: HeaderName = HeaderName::from_static("munshi-seq");
/// Header that marks the stored answer of an earlier request with the same key.
pub const REPLAYED: HeaderName = HeaderName::from_static("idempotent-replayed");

/// A request past the gate.
#[derive(Debug)]
pub struct Call {
    /// The server.
    pub app: App,
    /// The row of the route table.
    pub route: &'static Route,
    /// Who calls; `None` on open routes only.
    pub caller: Option<Caller>,
    /// Idempotency key, on routes that change something.
    pub key: Option<Arc<str>>,
    /// SHA-256 over method, path and body.
    pub request: Option<Arc<str>>,
    /// Version of `If-Match`.
    pub expected: Option<u64>,
    /// Headers of the request; none on a socket.
    pub headers: HeaderMap,
    /// The body.
    pub body: Bytes,
    /// The file that came as the body, on routes that take one.
    pub upload: Option<Received>,
    /// Parameters of the path.
    pub params: Vec<(String, String)>,
    /// Parameters of the query.
    pub query: BTreeMap<String, String>,
    /// Address of the client.
    pub ip: IpAddr,
}

impl Call {
    /// The body as a wire type.
    ///
    /// # Errors
    /// See [`json::parse`].
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, Problem> {
        json::parse(&self.body)
    }

    /// A parameter of the path. The route table guarantees that it is there.
    pub fn param(&self, name: &str) -> &str {
        self.params.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value)
    }

    /// A parameter of the path as an id.
    ///
    /// # Errors
    /// `not_found`: an id that cannot be names nothing.
    pub fn id<T, E>(&self, name: &str, what: &str, parse: impl FnOnce(&str) -> Result<T, E>) -> Result<T, Problem> {
        parse(self.param(name)).map_err(|_| Problem::not_found(what))
    }

    /// A parameter of the query, parsed.
    ///
    /// # Errors
    /// `bad_query`.
    pub fn query<T: FromStr>(&self, name: &str) -> Result<Option<T>, Problem> {
        let Some(text) = self.query.get(name) else { return Ok(None) };
        let bad = || Problem::new("bad_query", format!("{name}: {text:?} cannot be")).at(name.to_owned());
        text.parse().map(Some).map_err(|_| bad())
    }

    /// A text of the query.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.query.get(name).map(String::as_str).filter(|text| !text.is_empty())
    }

    /// Who calls.
    ///
    /// # Errors
    /// `unauthenticated`; cannot happen behind a route that asks for a permission.
    pub fn caller(&self) -> Result<&Caller, Problem> {
        self.caller.as_ref().ok_or_else(|| Problem::new("unauthenticated", "sign in first"))
    }

    /// Now.
    pub fn now(&self) -> Timestamp {
        self.app.node().now()
    }

    /// The command id of this request: the caller and the key.
    ///
    /// # Errors
    /// As [`Call::caller`]; `idempotency_key_missing` on a route that takes none.
    pub fn command_id(&self) -> Result<String, Problem> {
        let key = self.key.as_ref().ok_or_else(|| Problem::new("idempotency_key_missing", "no key"))?;
        Ok(format!("{}:{key}", self.caller()?.id))
    }

    /// Metadata of the one command this request is.
    ///
    /// # Errors
    /// As [`Call::command_id`].
    pub fn meta(&self) -> Result<Meta, Problem> {
        let mut meta = Meta::user(self.caller()?.id, self.command_id()?, self.request.clone());
        meta.expected = self.expected;
        Ok(meta)
    }

    /// Metadata of one of several commands this request is made of.
    ///
    /// # Errors
    /// As [`Call::command_id`].
    pub fn step(&self, step: &str) -> Result<Meta, Problem> {
        let id = self.command_id()?;
        Ok(Meta::user(self.caller()?.id, format!("{id}/{step}"), self.request.clone()))
    }

    /// An id for what this request makes: the same for a retry (api contract).
    ///
    /// # Errors
    /// As [`Call::command_id`].
    pub fn new_id(&self) -> Result<u128, Problem> {
        Ok(id_from(&self.command_id()?))
    }

    /// Who calls, for commands that name a person.
    ///
    /// # Errors
    /// As [`Call::caller`].
    pub fn by(&self) -> Result<UserId, Problem> {
        Ok(self.caller()?.id)
    }
}

/// Uuid v5 of a command id in Munshi's namespace.
pub fn id_from(command: &str) -> u128 {
    const NAMESPACE: uuid::Uuid = uuid::Uuid::from_u128(0x6d75_6e73_6869_5000_8000_6f72_6465_7273);
    uuid::Uuid::new_v5(&NAMESPACE, command.as_bytes()).as_u128()
}

/// A JSON answer.
pub fn json_body<T: Serialize>(status: StatusCode, body: &T) -> Answer {
    let bytes = serde_json::to_vec(body).map_err(Problem::internal)?;
    let mut response = Response::new(Body::from(bytes));
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    Ok(response)
}

/// A resource with its version as ETag.
pub fn resource<T: Serialize>(status: StatusCode, version: u64, body: &T) -> Answer {
    let mut response = json_body(status, body)?;
    if let Ok(tag) = HeaderValue::try_from(format!("\"{version}\"")) {
        response.headers_mut().insert(header::ETAG, tag);
    }
    Ok(response)
}

/// A resource after a change.
pub fn changed<T: Serialize>(status: StatusCode, version: u64, seq: u64, replayed: bool, body: &T) -> Answer {
    let mut response = resource(status, version, body)?;
    response.headers_mut().insert(SEQ, HeaderValue::from(seq));
    if replayed {
        response.headers_mut().insert(REPLAYED, HeaderValue::from_static("true"));
    }
    Ok(response)
}

/// Nothing to say.
pub fn no_content() -> Answer {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::NO_CONTENT;
    Ok(response)
}
