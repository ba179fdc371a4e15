//! From the journal to notices: who is told what of an entry.
//!
//! Invariant: the reader's position is written together with what follows from the entries before it. It follows the
//! broadcast and reads the journal where that has a gap; an order never waits for it. A person who did something is not
//! told of it, and who is told follows from the rights people have when it is told.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use munshi_actors::node::Broken;
use munshi_domain::{
    Kind, QueueId, UserId, WarehouseId,
    approval::{OpenStep, QueueEvent},
    connection::{ConnectionEvent, SERVER, Trouble as Of},
    floor::{FloorEvent, Proposal},
    order::{Order, OrderEvent},
    user::{Role, User},
};
use munshi_store::{JournalEntry, WorkKey, WorkTable};
use tokio::sync::broadcast::error::RecvError;

use super::{Live, News, NewsKind, Telling, Trouble};
use crate::{
    auth::Permission,
    outbound::records::{Connection, Record, SHOP},
    services::staff,
};

/// Name of the reader.
const READER: &str = "notices";
/// Entries read from the journal at a time.
const PAGE: usize = 500;
/// Entries without news after which the position is written all the same.
const POSITION_EVERY: u64 = 2_000;
/// Wait after a fault.
const AFTER_FAULT: Duration = Duration::from_millis(300);
/// How often it is looked for what is too old.
const EXPIRE: Duration = Duration::from_secs(60);
/// Longest text that is taken over from what people wrote, in characters.
const MAX_TEXT: usize = 300;

impl From<Broken> for Trouble {
    fn from(broken: Broken) -> Self {
        Self::Later(broken.to_string())
    }
}

/// Reads until the server stops.
pub async fn follow(live: Live) {
    let mut feed = live.node().subscribe();
    let mut expire = tokio::time::interval(EXPIRE);
    expire.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let mut reader = loop {
        match Reader::begin(&live).await {
            Ok(reader) => break reader,
            Err(Trouble::Gone(_)) => return,
            Err(error) => {
                tracing::warn!(%error, "notices cannot be read yet");
                tokio::time::sleep(AFTER_FAULT).await;
            }
        }
    };
    let mut fresh: Option<Arc<Vec<JournalEntry>>> = None;
    loop {
        match reader.step(fresh.take()).await {
            Ok(()) => {}
            Err(Trouble::Gone(_)) => return,
            Err(error) => {
                tracing::warn!(%error, position = reader.position, "notices cannot be told, trying again");
                tokio::time::sleep(AFTER_FAULT).await;
                continue;
            }
        }
        tokio::select! {
            received = feed.recv() => match received {
                Ok(entries) => fresh = Some(entries),
                Err(RecvError::Lagged(_)) => {}
                Err(RecvError::Closed) => return,
            },
            _ = expire.tick() => {
                if let Err(error) = live.expire_notices().await {
                    tracing::warn!(%error, "old notices are not let go of yet");
                }
            }
        }
    }
}

struct Reader<'a> {
    live: &'a Live,
    position: u64,
    written: u64,
    /// Who may sign in, until a user changes.
    people: Option<Arc<Vec<Person>>>,
}

/// A user who may sign in.
struct Person {
    id: UserId,
    roles: Vec<Role>,
}

impl<'a> Reader<'a> {
    async fn begin(live: &'a Live) -> Result<Self, Trouble> {
        let known = live.node().store().position(READER).await?;
        // A shop that is older than its first notice is told nothing of what was.
        let position = known.unwrap_or_else(|| live.node().status().head);
        if known.is_none() {
            live.tell(Vec::new(), Some((READER.into(), position))).await?;
        }
        Ok(Self { live, position, written: position, people: None })
    }

    /// Takes entries that came, or what the journal has if they do not follow.
    async fn step(&mut self, fresh: Option<Arc<Vec<JournalEntry>>>) -> Result<(), Trouble> {
        let follows =
            |entries: &Arc<Vec<JournalEntry>>| entries.first().is_none_or(|first| first.seq <= self.position + 1);
        if let Some(entries) = fresh.filter(follows) {
            return self.take(&entries).await;
        }
        loop {
            let head = self.live.node().status().head;
            if self.position >= head {
                return Ok(());
            }
            let mut entries = self.live.node().store().journal(self.position, PAGE).await?;
            entries.retain(|entry| entry.seq <= head);
            if entries.is_empty() {
                return Ok(());
            }
            self.take(&entries).await?;
        }
    }

    async fn take(&mut self, entries: &[JournalEntry]) -> Result<(), Trouble> {
        let Some(last) = entries.last().map(|entry| entry.seq.max(self.position)) else { return Ok(()) };
        let (mut news, position) = (Vec::new(), self.position);
        for entry in entries.iter().filter(|entry| entry.seq > position) {
            self.of(entry, &mut news).await?;
        }
        if !news.is_empty() || last - self.written >= POSITION_EVERY {
            self.live.tell(news, Some((READER.into(), last))).await?;
            self.written = last;
        }
        self.position = last;
        Ok(())
    }

    async fn of(&mut self, entry: &JournalEntry, news: &mut Vec<News>) -> Result<(), Trouble> {
        match entry.entity.kind {
            Kind::Order if has(entry, &DECIDED) => self.of_order(entry, news).await,
            Kind::ApprovalQueue => self.of_queue(entry, news).await,
            Kind::Floor if has(entry, &FLOOR) => self.of_floor(entry, news).await,
            Kind::Connection => self.of_connection(entry, news).await,
            Kind::User => {
                self.people = None;
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// What somebody asked for was decided.
    async fn of_order(&self, entry: &JournalEntry, news: &mut Vec<News>) -> Result<(), Trouble> {
        let (mut kind, mut by, mut reason) = (None, None, String::new());
        for event in entry.events.typed::<OrderEvent>().into_owned() {
            match event {
                OrderEvent::StepDecisionRecorded { decision } => (by, reason) = (decision.by, decision.rationale),
                OrderEvent::ApprovalOverridden { by: who, reason: why, .. } => {
                    (kind, by, reason) = (Some(NewsKind::ApprovalGranted), who, why);
                }
                OrderEvent::ApprovalGranted { .. } => kind = Some(NewsKind::ApprovalGranted),
                OrderEvent::ApprovalRejected => kind = Some(NewsKind::ApprovalRejected),
                OrderEvent::ApprovalChangesRequested => kind = Some(NewsKind::ChangesRequested),
                OrderEvent::ApprovalExpired => kind = Some(NewsKind::ApprovalExpired),
                _ => {}
            }
        }
        let Some(kind) = kind else { return Ok(()) };
        let look = |order: &Order, _: u64| (order.submitted_by, order.number().unwrap_or_default().to_owned());
        let read = self.live.node().read::<Order, _>(&entry.entity.id, look).await?;
        let Some((Some(asked), number)) = read else { return Ok(()) };
        if by == Some(asked) {
            return Ok(());
        }
        let about = [("order", entry.entity.id.to_string()), ("number", number), ("reason", short(&reason))];
        let (cause, link) =
            (format!("order/{}/{}", entry.entity.id, entry.first), format!("/orders/{}", entry.entity.id));
        news.push(told(cause, kind, [asked], about, link, entry));
        Ok(())
    }

    /// Approvals that wait, and those that do not any more.
    async fn of_queue(&mut self, entry: &JournalEntry, news: &mut Vec<News>) -> Result<(), Trouble> {
        for event in entry.events.typed::<QueueEvent>().into_owned() {
            let cause = format!("step/{}", event.step());
            match event {
                QueueEvent::StepOpened { about, .. } => news.push(self.waiting(cause, &about, entry).await?),
                QueueEvent::StepApproved { .. }
                | QueueEvent::StepRejected { .. }
                | QueueEvent::StepChangesRequested { .. }
                | QueueEvent::StepClosed { .. } => news.push(News::Over(cause)),
                _ => {}
            }
        }
        Ok(())
    }

    async fn waiting(&mut self, cause: String, step: &OpenStep, entry: &JournalEntry) -> Result<News, Trouble> {
        let look = |order: &Order, _: u64| order.number().unwrap_or_default().to_owned();
        let number = self.live.node().read::<Order, _>(&step.step.order.to_string(), look).await?.unwrap_or_default();
        let people = self.people().await?;
        let own = |user: UserId| step.requester == Some(user) || step.authors.contains(&user);
        let may = |person: &&Person| {
            let holds = person.roles.iter().any(|role| *role == Role::Admin || role.name() == step.approver_role);
            holds && Permission::Approve.granted(&person.roles) && !own(person.id)
        };
        let queue = QueueId::parse(&entry.entity.id).map(|queue| queue.to_string()).unwrap_or_default();
        let about = [
            ("order", step.step.order.to_string()),
            ("number", number),
            ("amount", step.amount.to_string()),
            ("queue", queue),
            ("role", step.approver_role.clone()),
        ];
        let to = people.iter().filter(may).map(|person| person.id);
        Ok(told(cause, NewsKind::ApprovalWaiting, to, about, "/approvals".to_owned(), entry))
    }

    /// What is wrong on a floor, and what it asks to be decided.
    async fn of_floor(&mut self, entry: &JournalEntry, news: &mut Vec<News>) -> Result<(), Trouble> {
        let Ok(code) = WarehouseId::parse(&entry.entity.id) else { return Ok(()) };
        let link = |tab: &str| format!("/floor?w={code}&tab={tab}");
        for event in entry.events.typed::<FloorEvent>().into_owned() {
            match event {
                FloorEvent::ExceptionOpened { exception } => {
                    let to = self.with(Permission::RunFloor, exception.by.operator).await?;
                    let about = [
                        ("warehouse", code.to_string()),
                        ("exception", exception.id.to_string()),
                        ("code", exception.code.word().to_owned()),
                        ("device", exception.by.device.to_string()),
                    ];
                    let cause = format!("exception/{code}/{}", exception.id);
                    news.push(told(cause, NewsKind::FloorException, to, about, link("exceptions"), entry));
                }
                FloorEvent::ExceptionResolved { id, .. } => news.push(News::Over(format!("exception/{code}/{id}"))),
                FloorEvent::ApprovalRaised { approval } => {
                    let to = self.with(Permission::DecideFloor, approval.by.operator).await?;
                    let what = match &approval.proposal {
                        Proposal::OverReceipt(_) => "over_receipt",
                        Proposal::Variance { .. } => "variance",
                        Proposal::Late(_) => "late",
                        Proposal::MissingPieces { .. } => "missing_pieces",
                    };
                    let about = [
                        ("warehouse", code.to_string()),
                        ("decision", approval.id.to_string()),
                        ("about", what.to_owned()),
                    ];
                    let cause = format!("decision/{code}/{}", approval.id);
                    news.push(told(cause, NewsKind::FloorDecision, to, about, link("decisions"), entry));
                }
                FloorEvent::ApprovalDecided { id, .. } => news.push(News::Over(format!("decision/{code}/{id}"))),
                _ => {}
            }
        }
        Ok(())
    }

    /// Connections that do not get through, and what was given up.
    async fn of_connection(&mut self, entry: &JournalEntry, news: &mut Vec<News>) -> Result<(), Trouble> {
        let id = &*entry.entity.id;
        for event in entry.events.typed::<ConnectionEvent>().into_owned() {
            let cause = |trouble: Of| format!("trouble/{id}/{trouble}");
            match event {
                ConnectionEvent::TroubleBegan { trouble, .. } => {
                    let people = self.people().await?;
                    let may = |person: &&Person| Permission::HandleDeadLetters.granted(&person.roles);
                    let to = people.iter().filter(may).map(|person| person.id);
                    let about = [("connection", self.name_of(id).await?), ("trouble", trouble.word().to_owned())];
                    let link = match trouble {
                        Of::DeadLetters => "/messages/dead-letters",
                        _ => "/messages/connections",
                    };
                    news.push(told(cause(trouble), NewsKind::ConnectionTrouble, to, about, link.to_owned(), entry));
                }
                ConnectionEvent::TroubleEnded { trouble, .. } => news.push(News::Over(cause(trouble))),
                ConnectionEvent::TroubleRecurred { .. } | ConnectionEvent::OperatorActed { .. } => {}
            }
        }
        Ok(())
    }

    /// What people call a connection.
    async fn name_of(&self, id: &str) -> Result<String, Trouble> {
        if id == SERVER {
            return Ok("Munshi".to_owned());
        }
        let row = self.live.node().store().work_row(&WorkKey::new(WorkTable::Connection, SHOP, id)).await?;
        let named = row.and_then(|row| Connection::from_row(row).ok()).map(|connection| connection.name);
        Ok(named.filter(|name| !name.is_empty()).unwrap_or_else(|| id.to_owned()))
    }

    /// Who has a right, but for one person.
    async fn with(&mut self, permission: Permission, but: UserId) -> Result<Vec<UserId>, Trouble> {
        let people = self.people().await?;
        let may = |person: &&Person| person.id != but && permission.granted(&person.roles);
        Ok(people.iter().filter(may).map(|person| person.id).collect())
    }

    async fn people(&mut self) -> Result<Arc<Vec<Person>>, Trouble> {
        if let Some(people) = &self.people {
            return Ok(Arc::clone(people));
        }
        let users: Vec<Arc<User>> = staff::active::<Trouble>(self.live.node()).await?;
        let person = |user: &Arc<User>| Some(Person { id: user.id?, roles: user.roles.clone() });
        let people = Arc::new(users.iter().filter_map(person).collect::<Vec<_>>());
        self.people = Some(Arc::clone(&people));
        Ok(people)
    }
}

/// Types of events of an order that end an approval.
const DECIDED: [&str; 5] =
    ["ApprovalGranted", "ApprovalRejected", "ApprovalChangesRequested", "ApprovalExpired", "ApprovalOverridden"];
/// Types of events of a floor that somebody is told of.
const FLOOR: [&str; 4] = ["ExceptionOpened", "ExceptionResolved", "ApprovalRaised", "ApprovalDecided"];

/// Whether an entry has an event of one of these types: most have none, and are not read any further.
fn has(entry: &JournalEntry, types: &[&str]) -> bool {
    entry.events.has_type(types)
}

fn short(text: &str) -> String {
    text.chars().take(MAX_TEXT).collect()
}

fn told<const N: usize>(
    cause: String,
    kind: NewsKind,
    to: impl IntoIterator<Item = UserId>,
    about: [(&str, String); N],
    link: String,
    entry: &JournalEntry,
) -> News {
    let about: BTreeMap<_, _> = about.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    News::Tell(Telling { cause, kind, to: to.into_iter().collect(), about, link: Some(link), at: entry.at })
}
