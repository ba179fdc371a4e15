//! How a wish for a topic becomes a subscription, or a refusal.

use std::sync::{Arc, atomic::Ordering};

use munshi_domain::{OrderId, conversation::Conversation, order::Order};
use munshi_protocols::{
    client::Since,
    code::Code,
    envelope::Refused,
    ids::RowKey,
    limits,
    payload::Payload,
    server::{Row, ServerFrame},
    topic::{Topic, TopicKind, Window},
    topicsm::Start,
};

use super::{
    Live, access,
    board::{Board, Wish},
    link::Link,
    rows, threads,
};
use crate::services::tracking;

/// What is wanted.
#[derive(Clone, Copy, Debug)]
pub struct Ask<'a> {
    /// Which topic.
    pub topic: &'a Topic,
    /// What the client has of it.
    pub since: Option<&'a Since>,
    /// Rate of a gauge.
    pub max_hz: Option<u8>,
    /// Which of its rows.
    pub window: Option<&'a Window>,
}

/// Gives a link a topic, again if it has it already. `answer` makes what the client is told before anything of the topic.
///
/// # Errors
/// `bad_topic`, `sub_denied`, `topic_limit`, `not_ready`.
pub async fn join(
    live: &Live,
    link: &Arc<Link>,
    ask: &Ask<'_>,
    answer: impl FnOnce(&Start) -> Option<ServerFrame>,
) -> Result<Start, Refused> {
    let bad = |field| Refused::field(Code::BadTopic, field);
    let kind = ask.topic.kind().ok_or_else(|| bad("topic"))?;
    if ask.window.is_some_and(|window| window.fits(&kind).is_err()) {
        return Err(bad("window"));
    }
    let principal = link.principal();
    let sight = match (link.tracked(), &kind) {
        (None, TopicKind::DeviceInbox(device))
            if link.device().is_some_and(|own| own.named.device.as_str() == device.as_str()) =>
        {
            Sight::Own
        }
        (None, _) => Sight::Office,
        (Some(tracked), TopicKind::Order(segment)) if *segment == rows::order_segment(tracked.order) => Sight::Customer,
        (Some(_), _) => return Err(Refused::field(Code::SubDenied, "topic")),
    };
    // A device has no roles, and no topic asks for none.
    if sight == Sight::Office && !access::may(&kind, principal.user, &principal.roles) {
        return Err(Refused::field(Code::SubDenied, "topic"));
    }
    if link.board(ask.topic).is_none() && link.topic_count() >= limits::TOPICS {
        return Err(Refused::field(Code::TopicLimit, "topic"));
    }
    let board = match &kind {
        TopicKind::Order(segment) => single(live, ask.topic, segment, sight).await,
        TopicKind::Thread(segment) => thread(live, ask.topic, segment).await,
        TopicKind::Presence(segment) => presence(live, segment).await,
        TopicKind::DeviceInbox(_) => inbox(live, link),
        kind => live.boards().find(kind, ask.window),
    };
    let board = board.map_err(|code| Refused::field(code, "topic"))?;
    // Of the board it had, perhaps through another window, nothing may come any more.
    link.unsubscribe(ask.topic);
    let wish = Wish { since: ask.since, max_hz: ask.max_hz, now_ms: live.now_ms() };
    let start = board.join(link, &wish, answer);
    let outcome = match start.outcome() {
        munshi_protocols::server::SubResult::Resumed => "resumed",
        _ => "snapshot",
    };
    metrics::counter!("munshi_live_subscriptions_total", "outcome" => outcome).increment(1);
    if start.ahead {
        metrics::counter!("munshi_live_since_ahead_total").increment(1);
        tracing::error!(topic = %ask.topic, off = start.off.get(), "a client is ahead of the journal: was one restored?");
    }
    Ok(start)
}

/// Who looks at an order that was placed.
async fn presence(live: &Live, segment: &str) -> Result<Arc<Board>, Code> {
    let id = rows::order_of_topic(segment).ok_or(Code::BadTopic)?;
    let placed = live.node().read::<Order, _>(&id.to_string(), |order, _| order.placed_at.is_some()).await;
    if placed.map_err(|_| Code::NotReady)? != Some(true) {
        return Err(Code::BadTopic);
    }
    live.lookers(id).await
}

/// What the device behind a link is told.
fn inbox(live: &Live, link: &Link) -> Result<Arc<Board>, Code> {
    let own = link.device().ok_or(Code::BadTopic)?;
    let site = live.boards().site(&own.named.warehouse).ok_or(Code::NotReady)?;
    site.floor.devices.inbox(live.boards(), &own.named.device, live.now_ms()).ok_or(Code::BadTopic)
}

/// Whose view of a topic.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sight {
    /// The device's own inbox.
    Own,
    /// As the REST interface shows it, contacts masked.
    Office,
    /// As its customer sees it.
    Customer,
}

/// The row of a single order now; nothing if it was never placed.
async fn row(live: &Live, id: OrderId, sight: Sight) -> Result<Option<Payload>, Code> {
    if sight == Sight::Customer {
        let view = tracking::see(live.node(), id).await.map_err(|_| Code::NotReady)?;
        return Ok(view.and_then(|view| Payload::of(&view).ok()));
    }
    let view = |order: &Order, version: u64| {
        Payload::of(&crate::api::order_view::order(order, version, false)).ok().filter(|_| order.placed_at.is_some())
    };
    Ok(live.node().read::<Order, _>(&id.to_string(), view).await.map_err(|_| Code::NotReady)?.flatten())
}

/// Looks before it is given up: it changes faster than it can be read.
const ROUNDS: usize = 16;

/// The board of a single thread.
async fn thread(live: &Live, topic: &Topic, segment: &str) -> Result<Arc<Board>, Code> {
    let id = threads::of_topic(segment).ok_or(Code::BadTopic)?;
    let look = || async move {
        let read = live.node().read::<Conversation, _>(&id.to_string(), threads::of).await;
        let thread = read.map_err(|_| Code::NotReady)?.flatten();
        Ok(thread.and_then(|thread| Some((threads::key(id)?, thread.row))))
    };
    alone(live, topic, &threads::board_of(id), look).await
}

/// The board of a single order.
async fn single(live: &Live, topic: &Topic, segment: &str, sight: Sight) -> Result<Arc<Board>, Code> {
    let id = rows::order_of_topic(segment).ok_or(Code::BadTopic)?;
    let name = match sight {
        Sight::Customer => rows::customer_board(id),
        Sight::Office | Sight::Own => segment.to_owned(),
    };
    let look = || async move {
        let row = row(live, id, sight).await?;
        Ok(row.and_then(|row| Some((rows::order_key(&id.to_string())?, row))))
    };
    alone(live, topic, &name, look).await
}

/// A board of one row, made if nobody has it yet. What is looked at anew while it changes is the row that stands.
async fn alone<Looked>(
    live: &Live,
    topic: &Topic,
    name: &str,
    look: impl Fn() -> Looked,
) -> Result<Arc<Board>, Code>
where
    Looked: Future<Output = Result<Option<(RowKey, Payload)>, Code>>,
{
    let place = live.boards().single(name)?;
    let _making = place.making.lock().await;
    if let Some(board) = live.boards().made(&place) {
        return Ok(board);
    }
    for _ in 0..ROUNDS {
        place.missed.store(false, Ordering::Release);
        let off = rows::seq(live.position());
        let Some((k, v)) = look().await? else {
            live.boards().forget(name);
            return Err(Code::BadTopic);
        };
        if !place.missed.load(Ordering::Acquire) {
            return Ok(live.boards().place(&place, topic, off, Some(Row { k, v, ver: off })));
        }
    }
    live.boards().forget(name);
    Err(Code::Busy)
}
