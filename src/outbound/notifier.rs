//! Facts become messages: a reader of the journal that asks the rules (`munshi_domain::notify`) who is told what, and
//! hands the answers to conversations.
//!
//! Runs behind the journal, so that no order waits for it. Invariant: its position passes an entry only when what
//! follows from it is durable, and every command it sends has an id that follows from the entry; an entry that is
//! handled again changes nothing. Without a connection that carries messages nothing is planned at all.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use futures_util::future::join_all;
use munshi_actors::{
    Class,
    node::{Broken, Failure, Meta},
};
use munshi_domain::{
    ConversationId, CustomerId, Kind, OrderId, QueueId, Refused, WarehouseId,
    approval::{ApprovalQueue, OpenStep, QueueEvent, StepId},
    connection::ConnectionEvent,
    conversation::{Conversation, ConversationCommand},
    customer::Customer,
    notify::{ALERT_ROLES, Alert, Language, Recipient, STOCK_ROLES, StaffMember},
    order::{Order, OrderEvent},
    phone::Email,
    process::{self, Outgoing, Task},
    settings::ShopSettings,
    warehouse::WarehouseEvent,
};
use munshi_store::{JournalEntry, StoreError};
use serde::de::DeserializeOwned;
use tokio::sync::broadcast;

use super::{Outbound, writer::Gone};
use crate::services::staff;

/// Name of the reader.
const READER: &str = "notifier";
/// Entries handled together.
const PAGE: usize = 64;
/// Entries without a message after which the position is written all the same.
const POSITION_EVERY: u64 = 2_000;
/// Wait after a fault.
const AFTER_FAULT: Duration = Duration::from_millis(300);

/// Why an entry cannot be handled now.
enum Trouble {
    Gone,
    Later(String),
}

impl From<Gone> for Trouble {
    fn from(_: Gone) -> Self {
        Self::Gone
    }
}

impl From<Broken> for Trouble {
    fn from(broken: Broken) -> Self {
        Self::Later(broken.to_string())
    }
}

impl From<StoreError> for Trouble {
    fn from(error: StoreError) -> Self {
        if error == StoreError::Fenced { Self::Gone } else { Self::Later(error.to_string()) }
    }
}

/// Reads until the server stops.
pub(super) async fn follow(outbound: Outbound) {
    let mut feed = outbound.node().subscribe();
    let mut reader = Reader { outbound, position: 0, written: 0, staff: None };
    loop {
        match reader.begin().await {
            Ok(()) => break,
            Err(Trouble::Gone) => return,
            Err(Trouble::Later(error)) => {
                tracing::warn!(%error, "the position of messages cannot be read, trying again");
                tokio::time::sleep(AFTER_FAULT).await;
            }
        }
        if reader.outbound.stopping() {
            return;
        }
    }
    while !reader.outbound.stopping() {
        match reader.catch_up().await {
            Ok(()) => {}
            Err(Trouble::Gone) => return,
            Err(Trouble::Later(error)) => {
                tracing::warn!(%error, position = reader.position, "messages cannot be planned, trying again");
                tokio::time::sleep(AFTER_FAULT).await;
                continue;
            }
        }
        let more = tokio::time::timeout(Duration::from_secs(1), feed.recv()).await;
        if matches!(more, Ok(Err(broadcast::error::RecvError::Closed))) {
            return;
        }
    }
}

struct Reader {
    outbound: Outbound,
    position: u64,
    written: u64,
    /// Who may be told, until a user changes.
    staff: Option<Arc<Vec<StaffMember>>>,
}

impl Reader {
    async fn begin(&mut self) -> Result<(), Trouble> {
        let known = self.outbound.node().store().position(READER).await?;
        // A shop that is older than its first message is told nothing of what was.
        self.position = known.unwrap_or_else(|| self.outbound.node().status().head);
        if known.is_none() {
            self.write().await?;
        }
        self.written = self.position;
        self.outbound.notified(self.position);
        Ok(())
    }

    async fn write(&mut self) -> Result<(), Trouble> {
        let mut write = self.outbound.writer().begin();
        write.positions = vec![(READER.into(), self.position)];
        self.outbound.writer().write(write).await?;
        self.written = self.position;
        Ok(())
    }

    async fn catch_up(&mut self) -> Result<(), Trouble> {
        loop {
            let head = self.outbound.node().status().head;
            if self.position >= head || self.outbound.stopping() {
                return Ok(());
            }
            if !self.outbound.carries_messages() {
                // Nobody would send them: what happens now is told to nobody.
                self.position = head;
                self.outbound.notified(head);
                if self.position - self.written >= POSITION_EVERY {
                    self.write().await?;
                }
                return Ok(());
            }
            let mut entries = self.outbound.node().store().journal(self.position, PAGE).await?;
            entries.retain(|entry| entry.seq <= head);
            let Some(last) = entries.last().map(|entry| entry.seq) else { return Ok(()) };
            let told = self.page(&entries).await?;
            self.position = last;
            self.outbound.notified(last);
            if told || self.position - self.written >= POSITION_EVERY {
                self.write().await?;
            }
            metrics::gauge!("munshi_connector_lag_entries", "connection" => READER)
                .set(head.saturating_sub(last) as f64);
        }
    }

    /// Whether anything followed from the entries.
    async fn page(&mut self, entries: &[JournalEntry]) -> Result<bool, Trouble> {
        let shop = self.outbound.node().settings();
        let mut lanes: BTreeMap<ConversationId, Vec<(String, ConversationCommand)>> = BTreeMap::new();
        for entry in entries {
            for (n, task) in self.tasks(entry, &shop.shop).await?.into_iter().enumerate() {
                if let Task::Send(Outgoing::Conversation(id, command)) = task {
                    lanes.entry(id).or_default().push((format!("notify/{}/{n}", entry.seq), *command));
                }
            }
        }
        let any = !lanes.is_empty();
        let sent = lanes.into_iter().map(|(id, commands)| self.send(id, commands));
        join_all(sent).await.into_iter().collect::<Result<Vec<()>, Trouble>>()?;
        Ok(any)
    }

    /// Of one conversation in order.
    async fn send(&self, id: ConversationId, commands: Vec<(String, ConversationCommand)>) -> Result<(), Trouble> {
        for (cmd, command) in commands {
            let meta = Meta::system("messages", cmd).class(Class::Callback);
            let node = self.outbound.node();
            match node.execute::<Conversation, _>(&id.to_string(), command, meta, |_, _| ()).await {
                Ok(_) => {}
                Err(Failure::Refused(refusal)) => {
                    // A question that is closed for somebody who was never asked.
                    tracing::debug!(code = refusal.code(), "a conversation refused a message");
                }
                Err(Failure::Busy { .. }) => return Err(Trouble::Later("busy".into())),
                Err(failure) => return Err(Trouble::Later(failure.to_string())),
            }
        }
        Ok(())
    }

    async fn tasks(&mut self, entry: &JournalEntry, shop: &ShopSettings) -> Result<Vec<Task>, Trouble> {
        match entry.entity.kind {
            Kind::Order => self.of_order(entry, shop).await,
            Kind::ApprovalQueue => self.of_queue(entry, shop).await,
            Kind::Warehouse => self.of_warehouse(entry, shop).await,
            Kind::Connection => self.of_connection(entry, shop).await,
            Kind::User => {
                self.staff = None;
                Ok(Vec::new())
            }
            _ => Ok(Vec::new()),
        }
    }

    async fn of_order(&self, entry: &JournalEntry, shop: &ShopSettings) -> Result<Vec<Task>, Trouble> {
        let Some(events) = typed::<OrderEvent>(entry) else { return Ok(Vec::new()) };
        let node = self.outbound.node();
        let id = &*entry.entity.id;
        // As it was then; what has happened since is told by the entries of that.
        let now = node.read::<Order, _>(id, |order, version| (order.clone(), version)).await?;
        let order = match now {
            Some((order, version)) if version == entry.last => order,
            _ => node.state_at::<Order>(id, entry.last).await?,
        };
        let tasks = process::from_order_to_customer(&order, &events, shop, None, entry.at);
        let customer = order.content.as_deref().map(|content| content.customer.id);
        match customer.filter(|_| !tasks.is_empty()) {
            Some(customer) => {
                let language = self.language(customer).await?;
                Ok(process::from_order_to_customer(&order, &events, shop, language, entry.at))
            }
            None => Ok(tasks),
        }
    }

    async fn language(&self, customer: CustomerId) -> Result<Option<Language>, Trouble> {
        let look = |customer: &Customer, _: u64| {
            customer.details.as_deref().and_then(|details| Language::of_tag(&details.language))
        };
        let read = self.outbound.node().read::<Customer, _>(&customer.to_string(), look).await?;
        Ok(read.flatten())
    }

    async fn of_queue(&mut self, entry: &JournalEntry, shop: &ShopSettings) -> Result<Vec<Task>, Trouble> {
        let Some(events) = typed::<QueueEvent>(entry) else { return Ok(Vec::new()) };
        let Ok(code) = QueueId::parse(&entry.entity.id) else { return Ok(Vec::new()) };
        let mut known: BTreeMap<StepId, (OpenStep, String)> = BTreeMap::new();
        for event in &events {
            let step = event.step();
            if known.contains_key(&step) {
                continue;
            }
            let open = match event {
                QueueEvent::StepOpened { about, .. } => Some((**about).clone()),
                _ => {
                    let look = move |queue: &ApprovalQueue, _: u64| queue.step(step).map(|view| view.about.clone());
                    self.outbound.node().read::<ApprovalQueue, _>(code.as_str(), look).await?.flatten()
                }
            };
            if let Some(open) = open {
                let number = self.number(step.order).await?;
                known.insert(step, (open, number));
            }
        }
        let people = self.staff().await?;
        let mut tasks =
            process::from_queue_to_staff(&code, &events, |step| known.get(&step).cloned(), &people, shop, entry.at);
        tasks.extend(process::steps_ended(&events, &people));
        Ok(tasks)
    }

    async fn number(&self, order: OrderId) -> Result<String, Trouble> {
        let look = |order: &Order, _: u64| order.number().unwrap_or_default().to_owned();
        Ok(self.outbound.node().read::<Order, _>(&order.to_string(), look).await?.unwrap_or_default())
    }

    async fn of_warehouse(&mut self, entry: &JournalEntry, shop: &ShopSettings) -> Result<Vec<Task>, Trouble> {
        let Ok(warehouse) = WarehouseId::parse(&entry.entity.id) else { return Ok(Vec::new()) };
        let events = entry.events.typed();
        let low = events.iter().filter_map(|event| match event {
            WarehouseEvent::StockLow { sku, available, .. } => Some((sku.clone(), *available)),
            _ => None,
        });
        let low: Vec<_> = low.collect();
        if low.is_empty() {
            return Ok(Vec::new());
        }
        let people = self.staff().await?;
        let mut tasks = Vec::new();
        for (sku, available) in low {
            let alert = Alert::LowStock { warehouse: warehouse.clone(), sku, available, version: entry.last };
            tasks.extend(process::alerts(&alert, &STOCK_ROLES, &people, shop, entry.at));
        }
        Ok(tasks)
    }

    async fn of_connection(&mut self, entry: &JournalEntry, shop: &ShopSettings) -> Result<Vec<Task>, Trouble> {
        let events = entry.events.typed();
        let began = events.iter().filter_map(|event| match event {
            ConnectionEvent::TroubleBegan { trouble, at } => Some((*trouble, *at)),
            _ => None,
        });
        let began: Vec<_> = began.collect();
        if began.is_empty() {
            return Ok(Vec::new());
        }
        let (people, name) = (self.staff().await?, self.outbound.name_of(&entry.entity.id));
        let alerts = began.into_iter().map(|(trouble, since)| Alert::of_trouble(&name, trouble, since));
        Ok(alerts.flat_map(|alert| process::alerts(&alert, &ALERT_ROLES, &people, shop, entry.at)).collect())
    }

    /// Users who may sign in, and how they are reached.
    async fn staff(&mut self) -> Result<Arc<Vec<StaffMember>>, Trouble> {
        if let Some(staff) = &self.staff {
            return Ok(staff.clone());
        }
        let mut people = Vec::new();
        for user in staff::active::<Trouble>(self.outbound.node()).await? {
            let recipient = Recipient {
                name: user.name.clone(),
                phone: user.phone.clone(),
                email: Email::parse(&user.email).ok(),
                customer: None,
                user: user.id,
                language: None,
            };
            let roles = user.roles.iter().map(|role| role.name().to_owned()).collect();
            people.push(StaffMember { recipient, roles });
        }
        let people = Arc::new(people);
        self.staff = Some(people.clone());
        Ok(people)
    }
}

/// The events of an entry; what only marks an accepted command without effect is none.
fn typed<E: DeserializeOwned + Clone + 'static>(entry: &JournalEntry) -> Option<Vec<E>> {
    let events = entry.events.typed::<E>().into_owned();
    (!events.is_empty()).then_some(events)
}
