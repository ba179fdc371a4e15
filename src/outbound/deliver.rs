//! One effect at a time: mark, call, tell, settle (integrations/README.md §3.3).
//!
//! Invariant: the mark `in_flight` is durable before the first byte leaves, what became of it is told to the aggregate
//! before the effect's row goes, and an effect that may have been carried out is looked up, never sent again on a guess.
//! After a crash an effect in flight is therefore unknown, unless its receiver recognises a repeated request.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use munshi_actors::node::Node;
use munshi_connectors::{
    outcome::{Hint, Outcome},
    transport::{Accepted, Lookup},
};
use munshi_domain::Timestamp;
use munshi_store::WorkWrite;

use super::{
    connector::{Care, Connector, News, Ready},
    pace::Pace,
    records::{Dead, Effect, Record, State},
    writer::{Gone, Writer},
};

/// Without a way to look: how long news of the vendor are waited for.
const WAIT_FOR_NEWS_MS: i64 = 600_000;
/// Look-ups that may fail before a person is asked.
const MAX_LOOKS: u32 = 20;
/// Time for a call beyond the transport's own limit, after which its outcome counts as unknown.
const GRACE: Duration = Duration::from_secs(5);

/// What calls of one connection share.
pub struct Desk<C: Connector> {
    /// The connector.
    pub connector: C,
    /// The clock and the aggregates.
    pub node: Node,
    /// Open work.
    pub writer: Writer,
    /// Limits, breaker, budget.
    pub pace: Mutex<Pace>,
    /// Longest that a call may take.
    pub call_timeout: Duration,
    /// Milliseconds from a call whose outcome is unknown to the first look-up; four times as many to the second
    /// (integrations/README.md §6).
    pub look_ms: i64,
}

impl<C: Connector> Desk<C> {
    fn paced<T>(&self, look: impl FnOnce(&mut Pace) -> T) -> T {
        look(&mut self.pace.lock().unwrap_or_else(PoisonError::into_inner))
    }

    async fn keep(&self, effect: &Effect) -> Result<(), Gone> {
        self.writer.write(WorkWrite { put: vec![effect.row()], ..self.writer.begin() }).await
    }

    async fn settle(&self, effect: &Effect, more: WorkWrite) -> Result<(), Gone> {
        let mut write = WorkWrite { delete: vec![effect.key()], ..self.writer.begin() };
        write.append(more);
        self.writer.write(write).await
    }

    async fn carried_out(&self, effect: &Effect, accepted: Accepted) -> Result<Option<Effect>, Gone> {
        let kept = self.connector.kept(effect, &accepted);
        self.connector.tell(effect, &News::Accepted(accepted)).await?;
        self.settle(effect, WorkWrite { put: kept, ..self.writer.begin() }).await?;
        Ok(None)
    }

    /// The effect is given up. Where the aggregate cannot go on by itself, a person gets it.
    async fn give_up(
        &self,
        effect: &Effect,
        news: News,
        class: &str,
        answer: &str,
        hint: Hint,
    ) -> Result<Option<Effect>, Gone> {
        if self.connector.tell(effect, &news).await? == Care::None {
            self.settle(effect, self.writer.begin()).await?;
            return Ok(None);
        }
        tracing::warn!(connection = %effect.connection, effect = %effect.id, class, "an effect was given up");
        self.bury(effect, dead(effect, self.node.now(), class, answer, hint)).await
    }

    /// A dead letter takes the effect's place.
    async fn bury(&self, effect: &Effect, dead: Dead) -> Result<Option<Effect>, Gone> {
        metrics::counter!("munshi_connector_dead_total", "class" => dead.class.clone()).increment(1);
        self.settle(effect, WorkWrite { put: vec![dead.row()], ..self.writer.begin() }).await?;
        self.connector.given_up(effect).await?;
        Ok(None)
    }

    async fn again(&self, mut effect: Effect, floor: Duration) -> Result<Option<Effect>, Gone> {
        let now = self.node.now();
        let (wait_ms, at) = self.paced(|pace| pace.retry(now, effect.waited_ms, floor));
        effect.state = State::Planned;
        (effect.waited_ms, effect.next_at) = (wait_ms, at);
        metrics::counter!("munshi_connector_retries_total", "connection" => effect.connection.to_string()).increment(1);
        self.keep(&effect).await?;
        Ok(Some(effect))
    }

    async fn unknown(&self, mut effect: Effect) -> Result<Option<Effect>, Gone> {
        effect.state = State::Unknown;
        effect.lookups = 0;
        effect.next_at = self.node.now().plus_millis(self.look_ms);
        effect.last = Some("unknown".into());
        self.connector.tell(&effect, &News::Unknown).await?;
        self.keep(&effect).await?;
        Ok(Some(effect))
    }
}

fn dead(effect: &Effect, at: Timestamp, class: &str, answer: &str, hint: Hint) -> Dead {
    Dead {
        connection: effect.connection.clone(),
        id: effect.id.clone(),
        at,
        class: class.to_owned(),
        answer: answer.chars().take(4_096).collect(),
        hint: hint.text().to_owned(),
        effect: Some(Effect { state: State::NeedsAttention, ..effect.clone() }),
    }
}

/// Does what is next for an effect; answers the effect as it is now, or nothing if it is settled.
///
/// # Errors
/// [`Gone`] when this server is stopping.
pub async fn work_off<C: Connector>(desk: Arc<Desk<C>>, mut effect: Effect) -> Result<Option<Effect>, Gone> {
    if effect.state == State::InFlight {
        // It was out when the last server ended.
        effect.state = if desk.connector.repeats_are_safe() { State::Planned } else { State::Unknown };
    }
    let now = desk.node.now();
    let expired = effect.expires_at.is_some_and(|until| until <= now);
    if expired && effect.state == State::Planned {
        desk.paced(Pace::not_called);
        return desk.give_up(&effect, News::Expired, "expired", "", Hint::NotToday).await;
    }
    let ready = desk.connector.ready(&effect).await;
    if !matches!(ready, Ready::Request(_)) {
        desk.paced(Pace::not_called);
    }
    let request = match ready {
        Ready::Request(request) => request,
        Ready::Settled => {
            let kept = desk.connector.settled(&effect).await;
            desk.settle(&effect, WorkWrite { put: kept, ..desk.writer.begin() }).await?;
            return Ok(None);
        }
        Ready::Later(at) => {
            effect.next_at = at;
            return Ok(Some(effect));
        }
        Ready::Broken { code, text, hint } => {
            let news = News::Failed { code: code.clone(), hint };
            return desk.give_up(&effect, news, &code, &text, hint).await;
        }
    };
    match effect.state {
        State::Unknown => look(&desk, effect, &request).await,
        _ => send(&desk, effect, &request).await,
    }
}

async fn send<C: Connector>(desk: &Desk<C>, mut effect: Effect, request: &C::Request) -> Result<Option<Effect>, Gone> {
    let now = desk.node.now();
    effect.state = State::InFlight;
    effect.attempts += 1;
    effect.called_at = Some(now);
    desk.keep(&effect).await?;
    let began = std::time::Instant::now();
    let called = tokio::time::timeout(desk.call_timeout + GRACE, desk.connector.call(request, now)).await;
    let outcome = called.unwrap_or(Outcome::Unknown { why: munshi_connectors::outcome::Why::TimedOut });
    metrics::counter!("munshi_connector_calls_total", "connection" => effect.connection.to_string(), "outcome" => outcome.class())
        .increment(1);
    metrics::histogram!("munshi_connector_call_seconds", "connection" => effect.connection.to_string())
        .record(began.elapsed());
    desk.paced(|pace| pace.answered(desk.node.now(), &outcome));
    effect.last = Some(outcome.class().to_owned());
    match outcome {
        Outcome::Ok(accepted) => desk.carried_out(&effect, accepted).await,
        Outcome::RetryAfter { wait, .. } => desk.again(effect, wait).await,
        Outcome::RateLimited { wait } => {
            // Certainly not carried out, and no fault of the effect.
            effect.attempts -= 1;
            effect.state = State::Planned;
            effect.next_at = desk.node.now().plus_millis(i64::try_from(wait.as_millis()).unwrap_or(i64::MAX / 4));
            desk.keep(&effect).await?;
            Ok(Some(effect))
        }
        Outcome::AuthExpired => desk.again(effect, Duration::ZERO).await,
        // The receiver recognises the message: once more is acceptable.
        Outcome::Unknown { .. } if desk.connector.repeats_are_safe() && effect.attempts < 2 => {
            desk.again(effect, Duration::ZERO).await
        }
        Outcome::Unknown { .. } => desk.unknown(effect).await,
        Outcome::Permanent { code, text, hint } => {
            let news = News::Failed { code: code.clone(), hint };
            desk.give_up(&effect, news, &code, &text, hint).await
        }
    }
}

async fn look<C: Connector>(desk: &Desk<C>, mut effect: Effect, request: &C::Request) -> Result<Option<Effect>, Gone> {
    let now = desk.node.now();
    let since = effect.called_at.unwrap_or(now);
    if effect.lookups == 0 {
        // After a crash nobody has said it yet.
        desk.connector.tell(&effect, &News::Unknown).await?;
    }
    if now < since.plus_millis(desk.look_ms) {
        // A crash in between: the spacing holds all the same.
        effect.next_at = since.plus_millis(desk.look_ms);
        desk.paced(Pace::not_called);
        desk.keep(&effect).await?;
        return Ok(Some(effect));
    }
    let found = desk.connector.lookup(request, since).await;
    desk.paced(|pace| pace.looked(desk.node.now(), &found));
    metrics::counter!("munshi_connector_lookups_total", "connection" => effect.connection.to_string(), "found" => word(&found))
        .increment(1);
    effect.lookups += 1;
    let wait_ms = match found {
        Lookup::Found(accepted) => return desk.carried_out(&effect, accepted).await,
        Lookup::Absent if effect.last.as_deref() == Some("absent") => {
            // Absent twice, well spaced: it was not carried out.
            (effect.state, effect.next_at, effect.lookups) = (State::Planned, now, 0);
            effect.last = Some("absent_twice".into());
            desk.keep(&effect).await?;
            return Ok(Some(effect));
        }
        Lookup::Absent => {
            effect.last = Some("absent".into());
            desk.look_ms * 4
        }
        Lookup::Undecidable => return attention(desk, &effect, "undecidable").await,
        Lookup::Refused { code } => return attention(desk, &effect, &code).await,
        Lookup::NotPossible if now >= since.plus_millis(WAIT_FOR_NEWS_MS) => {
            return attention(desk, &effect, "no_news").await;
        }
        Lookup::NotPossible => since.plus_millis(WAIT_FOR_NEWS_MS).as_millis() - now.as_millis(),
        Lookup::Failed(_) | Lookup::RateLimited(_) if effect.lookups >= MAX_LOOKS => {
            return attention(desk, &effect, "lookup_failed").await;
        }
        Lookup::Failed(_) => desk.look_ms,
        Lookup::RateLimited(wait) => i64::try_from(wait.as_millis()).unwrap_or(i64::MAX / 4).max(desk.look_ms),
    };
    effect.next_at = now.plus_millis(wait_ms);
    desk.keep(&effect).await?;
    Ok(Some(effect))
}

/// Nobody can find out but a person: both facts go to the dead letters, the aggregate keeps `unknown`.
async fn attention<C: Connector>(desk: &Desk<C>, effect: &Effect, class: &str) -> Result<Option<Effect>, Gone> {
    tracing::warn!(connection = %effect.connection, effect = %effect.id, class, "nobody knows whether an effect was carried out");
    let text = "the call may have been carried out, and the vendor does not say; look there before replaying";
    let dead = dead(effect, desk.node.now(), class, text, Hint::ReportToUs);
    desk.bury(effect, Dead { hint: text.to_owned(), ..dead }).await
}

const fn word(found: &Lookup) -> &'static str {
    match found {
        Lookup::Found(_) => "found",
        Lookup::Absent => "absent",
        Lookup::Undecidable => "undecidable",
        Lookup::NotPossible => "not_possible",
        Lookup::Failed(_) => "failed",
        Lookup::RateLimited(_) => "rate_limited",
        Lookup::Refused { .. } => "refused",
    }
}
