//! Tracking links: what lets the customer of an order look at it without an account, and what the customer then sees.
//!
//! Invariant: a token is signed with the server's key and stored nowhere; it speaks for one order until it expires or the
//! order's links are revoked, which is asked of the order every time. It carries no personal data. The view is made here
//! and nowhere else, so that page and socket show a customer the same, and nothing that is meant for colleagues.

mod view;

use axum::http::{HeaderMap, header};
use munshi_actors::node::Node;
use munshi_domain::{OrderId, Timestamp, order::Order};
use munshi_protocols::tracking::{TrackView, TrackingLink};

use crate::{live::ticket::Tickets, problem::Problem};

/// Begin of tracking tokens.
const PREFIX: &str = "mtr_";
const CLAIM_BYTES: usize = 16 + 8 + 2;
const DAY_MS: i64 = 86_400_000;
/// Entries of an order's history read for its steps, and pages of them.
const PAGE: usize = 200;
const PAGES: usize = 10;

/// What a tracking token says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tracked {
    /// The order.
    pub order: OrderId,
    /// When it ends.
    pub expires: Timestamp,
    /// How often links of the order had been revoked.
    pub revoked: u16,
}

impl Tracked {
    /// The token.
    pub fn token(&self, tickets: &Tickets) -> String {
        let mut claims = [0; CLAIM_BYTES];
        claims[..16].copy_from_slice(&self.order.as_u128().to_be_bytes());
        claims[16..24].copy_from_slice(&self.expires.as_millis().to_be_bytes());
        claims[24..].copy_from_slice(&self.revoked.to_be_bytes());
        tickets.seal(PREFIX, &claims)
    }

    /// What a token says; nothing if it was not made with this key.
    pub fn of_token(tickets: &Tickets, text: &str) -> Option<Self> {
        let claims = tickets.unseal(PREFIX, text)?;
        let claims: &[u8; CLAIM_BYTES] = claims.as_slice().try_into().ok()?;
        let order = OrderId::from_u128(u128::from_be_bytes(claims[..16].try_into().ok()?));
        let expires = Timestamp::from_millis(i64::from_be_bytes(claims[16..24].try_into().ok()?));
        Some(Self { order, expires, revoked: u16::from_be_bytes(claims[24..].try_into().ok()?) })
    }

    /// A link that works for at least so many days: it ends with a day, so that asking twice gives the same link.
    pub fn link(
        order: OrderId,
        revoked: u16,
        now: Timestamp,
        days: u64,
        tickets: &Tickets,
        base: &str,
    ) -> TrackingLink {
        let days = i64::try_from(days).unwrap_or(i64::MAX / DAY_MS / 2);
        let today = now.as_millis().div_euclid(DAY_MS);
        let expires = Timestamp::from_millis((today + days + 1) * DAY_MS);
        let token = Self { order, expires, revoked }.token(tickets);
        TrackingLink {
            url: format!("{}/track#{token}", base.trim_end_matches('/')),
            token,
            expires_at: expires.to_string(),
        }
    }
}

fn invalid() -> Problem {
    Problem::new("tracking_link_invalid", "the link is not valid, has expired or was revoked")
        .fix("ask the shop for a new link")
}

/// The token of `Authorization: Track …`.
///
/// # Errors
/// `tracking_link_invalid`.
pub fn token(headers: &HeaderMap) -> Result<&str, Problem> {
    let header = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let given = header.and_then(|value| value.split_once(' '));
    let given = given.filter(|(scheme, _)| scheme.eq_ignore_ascii_case("track"));
    given.map(|(_, token)| token.trim()).ok_or_else(invalid)
}

/// What a token still lets somebody see, now.
///
/// # Errors
/// `tracking_link_invalid`, also for an order that was never placed; `unavailable`.
pub async fn check(node: &Node, tickets: &Tickets, text: &str) -> Result<Tracked, Problem> {
    let tracked = Tracked::of_token(tickets, text).ok_or_else(invalid)?;
    if tracked.expires <= node.now() {
        return Err(invalid());
    }
    let look = |order: &Order, _: u64| (order.tracking_revoked, order.placed_at.is_some());
    let seen = node.read::<Order, _>(&tracked.order.to_string(), look).await.map_err(Problem::unavailable)?;
    match seen {
        Some((revoked, true)) if revoked == tracked.revoked => Ok(tracked),
        _ => Err(invalid()),
    }
}

/// An order as its customer sees it now; nothing if it was never placed.
///
/// # Errors
/// `unavailable`.
pub async fn see(node: &Node, id: OrderId) -> Result<Option<TrackView>, Problem> {
    let shop = node.settings().shop.name.clone();
    let look = move |order: &Order, _: u64| view::of(order, shop);
    let seen = node.read::<Order, _>(&id.to_string(), look).await.map_err(Problem::unavailable)?.flatten();
    let Some((mut view, customer)) = seen else { return Ok(None) };
    view.language = view::language(node, customer).await?;
    let mut after = 0;
    for _ in 0..PAGES {
        let entries = node.store().history(&id.entity(), after, PAGE).await?;
        view.steps.extend(entries.iter().flat_map(view::steps));
        match entries.last() {
            Some(last) if entries.len() >= PAGE => after = last.last,
            _ => break,
        }
    }
    Ok(Some(view))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tracked() -> Tracked {
        Tracked { order: OrderId::from_u128(7), expires: Timestamp::from_millis(86_400_000), revoked: 3 }
    }

    #[test]
    fn sec_03_a_tracking_token_is_what_its_key_signed() {
        let tickets = Tickets::new(b"secret").unwrap();
        let text = tracked().token(&tickets);
        assert_eq!(Tracked::of_token(&tickets, &text), Some(tracked()));
        assert_eq!(Tracked::of_token(&Tickets::new(b"another").unwrap(), &text), None);
        let sealed_for_devices = tickets.seal("mdt_", &[0; CLAIM_BYTES]);
        let (short, long) = (tickets.seal(PREFIX, &[0; 5]), tickets.seal(PREFIX, &[0; CLAIM_BYTES + 1]));
        for bad in ["", "mtr_", &text[..text.len() - 1], &sealed_for_devices, &short, &long] {
            assert_eq!(Tracked::of_token(&tickets, bad), None, "{bad}");
        }
    }

    #[test]
    fn asking_twice_within_a_day_gives_the_same_link() {
        let tickets = Tickets::new(b"secret").unwrap();
        let link =
            |ms| Tracked::link(OrderId::from_u128(7), 0, Timestamp::from_millis(ms), 2, &tickets, "https://a.pk/");
        assert_eq!(link(5), link(DAY_MS - 1));
        assert_ne!(link(5), link(DAY_MS));
        assert_eq!(link(5).expires_at, Timestamp::from_millis(3 * DAY_MS).to_string());
        assert!(link(5).url.starts_with("https://a.pk/track#mtr_"), "{}", link(5).url);
    }
}
