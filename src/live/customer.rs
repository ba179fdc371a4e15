//! What is a customer's own on a socket: a tracking link in place of an account, one topic, no commands.
//!
//! Invariant: the link is held against its order when it comes in, once more when it is registered, and at every entry of
//! the order; who cannot be checked is not let go on.

use std::sync::Arc;

use munshi_domain::{OrderId, UserId, order::Order, user::SessionId};
use munshi_protocols::{
    client::{HelloConsole, Token},
    code::{Close, Code},
    envelope::Refused,
    ids::FrameId,
    limits::ClientKind,
    payload::Payload,
    server::{ServerBody, ServerFrame},
};

use super::{
    Live,
    greet::{Failed, bare_welcome},
    link::{Link, Principal},
    rows,
};
use crate::services::tracking::{self, Tracked};

/// Whether a link still counts.
///
/// # Errors
/// `token_bad`, `not_ready`.
pub async fn admit(live: &Live, id: Option<FrameId>, token: &Token) -> Result<Tracked, Failed> {
    tracking::check(live.node(), live.tickets(), token.reveal()).await.map_err(|problem| {
        let (code, close) = match problem.code {
            "tracking_link_invalid" => (Code::TokenBad, Close::BadToken),
            _ => (Code::NotReady, Close::ServerError),
        };
        Failed::of(id, Refused::new(code), close)
    })
}

/// Registers the connection and welcomes it.
///
/// # Errors
/// `connection_limit`.
pub async fn enter(
    live: &Live,
    id: Option<FrameId>,
    hello: &HelloConsole,
    tracked: Tracked,
) -> Result<Arc<Link>, Failed> {
    let nobody = (UserId::from_u128(0), SessionId::from_u128(0));
    let principal = Principal { user: nobody.0, session: nobody.1, roles: Vec::new(), expires: tracked.expires };
    let link = Link::new(live.next_connection(), ClientKind::Console, principal, live.now_ms());
    let link = Arc::new(link.of_customer(tracked));
    if !live.presence().enter_customer(tracked.order, &link) {
        return Err(Failed::of(id, Refused::new(Code::ConnectionLimit), Close::Limit));
    }
    let welcome = bare_welcome(live, &link, &hello.subs).await;
    link.reply(&ServerFrame::answer(id, ServerBody::Welcome(Box::new(welcome))));
    // It may have been revoked after it was checked and before it was registered here.
    let read = live.node().read::<Order, _>(&tracked.order.to_string(), |order, _| order.tracking_revoked).await;
    match read {
        Ok(revoked) => hold_against(live, tracked.order, revoked.unwrap_or_default()),
        Err(_) => link.close(Close::ServerError),
    }
    Ok(link)
}

/// Takes a fresh token of the same order.
///
/// # Errors
/// `token_bad`.
pub async fn renew(live: &Live, link: &Link, tracked: &Tracked, token: &Token) -> Result<(), Code> {
    let fresh = tracking::check(live.node(), live.tickets(), token.reveal()).await.map_err(|_| Code::TokenBad)?;
    if (fresh.order, fresh.revoked) != (tracked.order, tracked.revoked) {
        return Err(Code::TokenBad);
    }
    link.set_principal(Principal { expires: fresh.expires, ..link.principal() });
    Ok(())
}

/// Closes the connections of links that were revoked; `revoked` is how often that happened to the order.
pub fn hold_against(live: &Live, order: OrderId, revoked: u16) {
    for link in live.presence().of_order(order) {
        if link.tracked().is_some_and(|tracked| tracked.revoked != revoked) {
            link.close(Close::Revoked);
        }
    }
}

/// The row of an order as its customer sees it, if a customer looks.
///
/// # Errors
/// When it cannot be read now.
pub async fn row(live: &Live, order: OrderId) -> Result<Option<Payload>, ()> {
    if live.boards().watched(&rows::customer_board(order)).is_none() {
        return Ok(None);
    }
    let view = tracking::see(live.node(), order).await.map_err(drop)?;
    Ok(view.and_then(|view| Payload::of(&view).ok()))
}
