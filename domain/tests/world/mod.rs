//! A small world of pure aggregates and their processes, without a runtime: commands go to aggregates, events
//! become tasks, and the test decides in which order tasks advance, which are repeated, and when a crash loses
//! everything that was in flight. It stands for the runtime in the properties of state-machines.md §12.

use std::collections::BTreeMap;

use munshi_domain::{
    Aggregate, ConversationId, Ctx, Currency, CustomerId, Money, OrderId, ParcelId, QueueId, Refused, Sku, Timestamp,
    UserId, WarehouseId,
    aggregate::apply,
    approval::{ApprovalQueue, QueueCommand},
    conversation::{Conversation, ConversationCommand, ConversationEvent, Envelope},
    customer::{Address, CreditTerms, Customer, CustomerCommand, CustomerDetails, CustomerType},
    floor::{Floor, FloorCommand as OnFloor, FloorEvent},
    notify::{Language, StaffMember},
    order::{
        Lifecycle, Order, OrderCommand, OrderContent, OrderEvent,
        content::{Channel, ContentLine, CustomerSnapshot, OrderType, PaymentMethod, Priority},
        state::{CancellationState, PlacementRefusal, Terms},
    },
    phone::Phone,
    process::{self, Answer, Outgoing, Task},
    settings::{ApprovalRule, ShopSettings},
    warehouse::{Condition, FloorCommand, Profile, Warehouse, WarehouseCommand},
};
use rust_decimal::Decimal;

/// The last one is a service: it has no stock.
pub const SKUS: [&str; 4] = ["KURTA-M", "KURTA-L", "DUPATTA", "GIFT-WRAP"];
pub const SALES: UserId = UserId::from_u128(1);
pub const MANAGER: UserId = UserId::from_u128(2);

pub fn pkr(amount: i64) -> Money {
    Money::new(Decimal::from(amount), Currency::PKR).unwrap()
}

pub fn codes() -> [WarehouseId; 2] {
    ["KHI", "LHE"].map(|code| WarehouseId::parse(code).unwrap())
}

pub fn customer_id() -> CustomerId {
    CustomerId::from_u128(77)
}

/// A task somewhere on its way.
struct Running {
    record: usize,
    task: Task,
    answer: Option<Answer>,
}

/// What a record's tasks follow from, to run them again after a crash as the runtime does.
#[derive(Clone)]
enum Source {
    Order(OrderId, Vec<OrderEvent>),
    Tasks(Vec<Task>),
}

pub struct World {
    pub now: Timestamp,
    pub shop: ShopSettings,
    pub orders: BTreeMap<OrderId, Order>,
    pub warehouses: BTreeMap<WarehouseId, Warehouse>,
    /// Their floors; one that nobody set up refuses what it is told.
    pub floors: BTreeMap<WarehouseId, Floor>,
    pub customer: Customer,
    pub queue: ApprovalQueue,
    running: Vec<Running>,
    /// Every event of every order, for replay and for edges.
    pub order_events: BTreeMap<OrderId, Vec<OrderEvent>>,
    records: Vec<Source>,
    next_number: u64,
    /// Whether customers and approvers are written to.
    pub chat: bool,
    pub staff: Vec<StaffMember>,
    pub conversations: BTreeMap<ConversationId, Conversation>,
    /// What connections were asked to send, in order.
    pub sent: Vec<Envelope>,
}

impl World {
    pub fn new(stock: [[u32; 3]; 2], credit: i64, approve_over: i64, confirm_cod: bool) -> Self {
        let mut world = Self {
            now: Timestamp::from_millis(1_800_000_000_000),
            shop: ShopSettings {
                approval_rules: vec![ApprovalRule {
                    over: pkr(approve_over),
                    queue: QueueId::parse("sales").unwrap(),
                    role: "sales_manager".into(),
                }],
                sourcing: codes().to_vec(),
                confirm_cod,
                ..ShopSettings::default()
            },
            orders: BTreeMap::new(),
            warehouses: codes().into_iter().map(|code| (code, Warehouse::default())).collect(),
            floors: codes().into_iter().map(|code| (code, Floor::default())).collect(),
            customer: Customer::default(),
            queue: ApprovalQueue::default(),
            running: Vec::new(),
            order_events: BTreeMap::new(),
            records: Vec::new(),
            next_number: 0,
            chat: false,
            staff: Vec::new(),
            conversations: BTreeMap::new(),
            sent: Vec::new(),
        };
        let details = CustomerDetails {
            name: "Ayesha Khan".into(),
            phones: vec![Phone::parse("03001234567").unwrap()],
            emails: vec![],
            kind: CustomerType::Wholesale,
            tier: "gold".into(),
            addresses: vec![],
            tags: vec![],
            language: "ur".into(),
            credit: Some(CreditTerms { limit: pkr(credit), days: 30 }),
        };
        world.customer_do(CustomerCommand::CreateCustomer(Box::new(details)));
        for (code, units) in codes().into_iter().zip(stock) {
            let profile = Profile { name: code.to_string(), address: Address::default() };
            assert!(world.warehouse_do(&code, WarehouseCommand::OpenWarehouse(profile)));
            for (sku, quantity) in SKUS.iter().zip(units).filter(|(_, quantity)| *quantity > 0) {
                let _ = world.receive(&code, sku, quantity);
            }
        }
        world
    }

    pub fn receive(&mut self, code: &WarehouseId, sku: &str, quantity: u32) -> bool {
        let command = WarehouseCommand::ReceiveStock {
            sku: Sku::parse(sku).unwrap(),
            quantity,
            condition: Condition::Sellable,
            reference: "po".into(),
            reason: None,
        };
        self.warehouse_do(code, command)
    }

    pub fn adjust(&mut self, code: &WarehouseId, sku: &str, delta: i64) -> bool {
        let command =
            WarehouseCommand::AdjustStock { sku: Sku::parse(sku).unwrap(), delta, reason: "water damage".into() };
        self.warehouse_do(code, command)
    }

    fn ctx(&self, by: Option<UserId>) -> Ctx {
        Ctx { now: self.now, by }
    }

    pub fn content(
        &self,
        lines: &[(usize, u32)],
        method: PaymentMethod,
        backorder: bool,
        complete: bool,
    ) -> OrderContent {
        let line = |(at, (sku, quantity)): (usize, &(usize, u32))| ContentLine {
            line: u16::try_from(at + 1).unwrap(),
            sku: Sku::parse(SKUS[*sku]).unwrap(),
            title: "Kurta".into(),
            quantity: *quantity,
            unit_price: Decimal::from(100),
            discount: Decimal::ZERO,
            tax_code: "standard".into(),
            tax_rate: Decimal::from(18),
            stocked: *sku < 3,
            backorder,
            warehouse: None,
            note: None,
        };
        OrderContent {
            customer: CustomerSnapshot {
                id: customer_id(),
                name: "Ayesha Khan".into(),
                phone: Some("+923001234567".into()),
                email: None,
                kind: CustomerType::Wholesale,
                tier: "gold".into(),
            },
            channel: Channel::Online,
            order_type: OrderType::Regular,
            priority: Priority::Normal,
            currency: Currency::PKR,
            payment_method: method,
            shipping_address: Address {
                line1: "House 4, Street 9".into(),
                city: "Karachi".into(),
                country: "PK".into(),
                ..Address::default()
            },
            billing_address: None,
            lines: lines.iter().enumerate().map(line).collect(),
            shipping_fee: Decimal::ZERO,
            tax_included: true,
            ship_complete: complete,
            po_number: None,
            reference: None,
            tags: vec![],
            instructions: None,
        }
    }

    pub fn terms(&mut self, content: &OrderContent) -> Box<Terms> {
        self.next_number += 1;
        Box::new(Terms {
            number: format!("SO-{}", self.next_number),
            settings_version: 1,
            plan: self.shop.approval_plan(content.total(), 1),
            confirm_by_rule: self.shop.confirms_by_rule(content),
            sources: self.shop.sourcing.clone(),
            split: self.shop.split_orders,
            deadline: self.now.plus_seconds(self.shop.placement_seconds),
            confirmation_seconds: self.shop.confirmation_seconds,
            approval_seconds: self.shop.approval_expires_seconds,
            release_automatically: self.shop.release_automatically,
            return_window_days: self.shop.return_window_days,
        })
    }

    pub fn place(&mut self, id: OrderId, content: OrderContent, ephemeral: bool) -> bool {
        let submit = Some(self.terms(&content));
        let command = OrderCommand::CreateDraft { id, content: Box::new(content), ephemeral, submit };
        self.order_do(id, command, Some(SALES)).is_ok()
    }

    pub fn order_do(&mut self, id: OrderId, command: OrderCommand, by: Option<UserId>) -> Result<usize, String> {
        let ctx = self.ctx(by);
        let order = self.orders.entry(id).or_default();
        let before = order.clone();
        match apply(order, &command, &ctx) {
            Ok(events) => {
                let count = events.len();
                let mut tasks = process::from_order(order, &events, false);
                if self.chat {
                    tasks.extend(told(order, &events, &self.shop, self.now));
                }
                if order.lines.iter().any(|line| line.sum() != line.ordered) {
                    panic!("prop_02: {command:?} broke a line of {order:?} with {events:?}");
                }
                self.order_events.entry(id).or_default().extend(events.clone());
                self.start(tasks, Source::Order(id, events));
                Ok(count)
            }
            Err(refusal) => {
                assert_eq!(*order, before, "prop_01: a refusal changed the order");
                assert!(!refusal.code().is_empty());
                if !order.exists() {
                    self.orders.remove(&id);
                }
                Err(refusal.code().to_owned())
            }
        }
    }

    pub fn warehouse_do(&mut self, code: &WarehouseId, command: WarehouseCommand) -> bool {
        self.warehouse_try(code, command).is_ok()
    }

    fn warehouse_try(&mut self, code: &WarehouseId, command: WarehouseCommand) -> Result<(), String> {
        let ctx = self.ctx(Some(MANAGER));
        let warehouse = self.warehouses.get_mut(code).unwrap();
        let name = Warehouse::command_name(&command);
        let events = apply(warehouse, &command, &ctx).map_err(|refusal| refusal.code().to_owned())?;
        let faults = warehouse.check();
        assert!(faults.is_empty(), "prop_03: {command:?} left {faults:?}");
        let first = warehouse.version() + 1 - events.len() as u64;
        let mut tasks = process::from_warehouse(code, name, first, &events);
        // A floor that nobody set up would refuse it; left out, the random worlds stay what they were.
        if self.floors[code].site().is_none() {
            tasks.retain(|task| !matches!(task, Task::Send(Outgoing::Floor(..))));
        }
        self.start(tasks.clone(), Source::Tasks(tasks));
        Ok(())
    }

    pub fn floor_try(&mut self, code: &WarehouseId, command: &OnFloor) -> Result<Vec<FloorEvent>, String> {
        let ctx = self.ctx(Some(MANAGER));
        let floor = self.floors.get_mut(code).unwrap();
        let events = apply(floor, command, &ctx).map_err(|refusal| refusal.code().to_owned())?;
        assert_eq!(floor.check(), Vec::<String>::new(), "{command:?}");
        let first = floor.version() + 1 - events.len() as u64;
        let tasks = process::from_floor(code, first, &events);
        self.start(tasks.clone(), Source::Tasks(tasks));
        Ok(events)
    }

    pub fn customer_do(&mut self, command: CustomerCommand) -> bool {
        let ctx = self.ctx(None);
        let done = apply(&mut self.customer, &command, &ctx).is_ok();
        assert_eq!(self.customer.check(), Vec::<String>::new(), "val_02");
        if let (Some(exposure), Some(terms)) = (self.customer.exposure(), self.customer.terms()) {
            assert!(exposure.amount() <= terms.limit.amount(), "val_02: exposure {exposure} is over the limit");
        }
        done
    }

    pub fn queue_do(&mut self, command: QueueCommand) -> bool {
        self.queue_try(&command).is_ok()
    }

    pub fn queue_try(&mut self, command: &QueueCommand) -> Result<(), String> {
        let ctx = self.ctx(Some(MANAGER));
        let events = apply(&mut self.queue, command, &ctx).map_err(|refusal| refusal.code().to_owned())?;
        let mut tasks = process::from_queue(&events);
        if self.chat {
            let code = QueueId::parse("sales").unwrap();
            let about = |step| Some((self.queue.step(step)?.about.clone(), "SO-1".to_owned()));
            tasks.extend(process::steps_ended(&events, &self.staff));
            tasks.extend(process::from_queue_to_staff(&code, &events, about, &self.staff, &self.shop, self.now));
        }
        self.start(tasks.clone(), Source::Tasks(tasks));
        Ok(())
    }

    pub fn conversation_do(
        &mut self,
        id: ConversationId,
        command: &ConversationCommand,
    ) -> Result<Vec<ConversationEvent>, String> {
        let ctx = self.ctx(None);
        let conversation = self.conversations.entry(id).or_default();
        let events = apply(conversation, command, &ctx).map_err(|refusal| refusal.code().to_owned())?;
        assert_eq!(conversation.check(), Vec::<String>::new(), "after {command:?}");
        for event in &events {
            if let ConversationEvent::SendRequested { envelope, .. } = event {
                self.sent.push((**envelope).clone());
            }
        }
        let tasks = process::from_conversation(id, &events);
        self.start(tasks.clone(), Source::Tasks(tasks));
        Ok(events)
    }

    /// A manager votes on the first open step.
    pub fn vote(&mut self, approve: bool) -> bool {
        let Some(step) = self.queue.steps().next().map(|view| (view.about.step, view.about.hash.clone())) else {
            return false;
        };
        self.queue_do(QueueCommand::VoteOnStep {
            step: step.0,
            approver: MANAGER,
            on_behalf: None,
            approve,
            hash: step.1,
            rationale: "looked at it".into(),
        })
    }

    /// The floor takes the next step with the parcel at `at` of a warehouse.
    pub fn floor(&mut self, code: &WarehouseId, at: usize, short: bool) -> bool {
        let warehouse = &self.warehouses[code];
        let parcels: Vec<ParcelId> = warehouse.parcels().map(|(id, _)| *id).collect();
        let Some(parcel) = parcels.get(at % parcels.len().max(1)).copied() else { return false };
        let state = warehouse.parcel(parcel).unwrap();
        let left = state.lines.iter().find(|line| line.picked < line.quantity);
        let commands = match (state.state.word(), left) {
            ("queued", _) => vec![FloorCommand::ClaimPick { picker: MANAGER, lease_seconds: 600 }],
            ("picking", Some(line)) if short => vec![FloorCommand::ReportShort {
                sku: line.sku.clone(),
                quantity: 1,
                reason: "not on the shelf".into(),
            }],
            ("picking", Some(line)) => vec![FloorCommand::ConfirmUnit { sku: line.sku.clone(), quantity: 1 }],
            ("picked", _) => vec![FloorCommand::PackParcel { weight_grams: 500 }],
            ("booked", _) => vec![FloorCommand::HandOverParcel { by_carrier: false }],
            _ => vec![],
        };
        let mut any = false;
        for command in commands {
            any |= self.warehouse_do(code, WarehouseCommand::Floor { parcel, command });
        }
        any
    }

    fn start(&mut self, tasks: Vec<Task>, source: Source) {
        self.records.push(source);
        let record = self.records.len() - 1;
        self.running.extend(tasks.into_iter().map(|task| Running { record, task, answer: None }));
    }

    /// Advances one task by one command. Tasks of one record run in order, those of different records freely.
    pub fn advance(&mut self, at: usize) {
        if self.running.is_empty() {
            return;
        }
        let record = self.running[at % self.running.len()].record;
        let mut at = self.running.iter().position(|running| running.record == record).unwrap();
        // What actors report to one order arrives in the order of their events.
        let lane = |running: &Running| match &self.records[running.record] {
            Source::Tasks(_) => running.task.lane(),
            Source::Order(..) => None,
        };
        if let Some(order) = lane(&self.running[at]) {
            at = self.running.iter().position(|running| lane(running) == Some(order)).unwrap();
            let record = self.running[at].record;
            at = self.running.iter().position(|running| running.record == record).unwrap();
        }
        let answer = self.running[at].answer.take();
        match self.running[at].task.next(answer) {
            None => drop(self.running.remove(at)),
            Some(outgoing) => {
                let answer = self.deliver(outgoing);
                // Delivery may have started new tasks, behind this one.
                self.running[at].answer = Some(answer);
            }
        }
    }

    /// A crash: what was in flight is gone, and every record from the first unfinished one on is handled again,
    /// also those that were finished, given what the orders are now (runtime.md rule 5).
    pub fn crash(&mut self) {
        let Some(first) = self.running.iter().map(|running| running.record).min() else { return };
        self.running.clear();
        let mut placing = std::collections::BTreeSet::new();
        for record in first..self.records.len() {
            let tasks = match &self.records[record] {
                Source::Order(id, events) => {
                    let order = &self.orders[id];
                    let mut tasks = process::from_order(order, events, true);
                    if self.chat {
                        tasks.extend(told(order, events, &self.shop, self.now));
                    }
                    tasks
                }
                Source::Tasks(tasks) => tasks.clone(),
            };
            for task in tasks {
                let once = match &self.records[record] {
                    Source::Order(id, _) if !matches!(task, Task::Send(_)) => placing.insert((*id, task.process())),
                    _ => true,
                };
                if once {
                    self.running.push(Running { record, task, answer: None });
                }
            }
        }
    }

    pub fn drain(&mut self) {
        for turn in 0..100_000 {
            if self.running.is_empty() {
                return;
            }
            self.advance(turn);
        }
        panic!("processes do not end: {:?}", self.running.iter().map(|r| &r.task).collect::<Vec<_>>());
    }

    /// Time passes and everything due fires.
    pub fn pass(&mut self, seconds: i64) {
        self.now = self.now.plus_seconds(seconds);
        let ids: Vec<_> = self.orders.keys().copied().collect();
        for id in ids {
            if let Some(command) = self.orders[&id].tick(self.now) {
                let _ = self.order_do(id, command, None);
                assert!(
                    self.orders[&id].due().is_none_or(|due| due > self.now)
                        || self.orders[&id].tick(self.now).is_some()
                );
            }
        }
        for code in codes() {
            while let Some(command) = self.warehouses[&code].tick(self.now) {
                assert!(self.warehouse_do(&code, command), "prop_06: a due timer was refused");
            }
        }
        if let Some(command) = self.queue.tick(self.now) {
            self.queue_do(command);
        }
        let ids: Vec<_> = self.conversations.keys().copied().collect();
        for id in ids {
            if let Some(command) = self.conversations[&id].tick(self.now) {
                self.conversation_do(id, &command).expect("prop_06: a due timer was refused");
                assert!(self.conversations[&id].tick(self.now).is_none(), "prop_06: once");
            }
        }
    }

    fn deliver(&mut self, outgoing: Outgoing) -> Answer {
        let refused =
            |code: String| Answer::Refused(PlacementRefusal { message: code.clone(), code, field: None, fix: None });
        let done = Answer::Done { held: vec![], version: 0 };
        match outgoing {
            Outgoing::Order(id, command) => match self.order_do(id, command, None) {
                Ok(_) => done,
                Err(code) => refused(code),
            },
            Outgoing::Customer(_, command) => {
                if self.customer_do(command) {
                    done
                } else {
                    refused("credit_limit_exceeded".into())
                }
            }
            Outgoing::Queue(_, command) => match self.queue_try(&command) {
                Ok(()) => done,
                Err(code) => refused(code),
            },
            Outgoing::Conversation(id, command) => match self.conversation_do(id, &command) {
                Ok(_) => done,
                Err(code) => refused(code),
            },
            Outgoing::Floor(code, _, command) => match self.floor_try(&code, &command) {
                Ok(_) => done,
                Err(code) => refused(code),
            },
            Outgoing::Warehouse(code, order, command) => match self.warehouse_try(&code, command) {
                Ok(()) => {
                    let held = order.map_or_else(Vec::new, |order| self.warehouses[&code].holdings(order));
                    Answer::Done { held, version: self.warehouses[&code].version() }
                }
                Err(code) => refused(code),
            },
        }
    }

    fn story(&self, id: OrderId) -> String {
        let line = |event: &OrderEvent| {
            let mut value = serde_json::to_value(event).unwrap();
            if let Some(object) = value.as_object_mut() {
                ["content", "terms", "plan", "request", "decision", "hash"]
                    .iter()
                    .for_each(|key| drop(object.remove(*key)));
            }
            value.to_string()
        };
        self.order_events[&id].iter().map(line).collect::<Vec<_>>().join("\n")
    }

    /// What must hold when nothing is in flight.
    pub fn check_at_rest(&self) {
        for (id, order) in &self.orders {
            assert_ne!(order.lifecycle, Lifecycle::Placing, "an order at rest is not being placed");
            for code in codes() {
                let known: (u32, u32, u32) =
                    order.lines.iter().flat_map(|l| &l.held).filter(|h| h.warehouse == code).fold(
                        (0, 0, 0),
                        |sum, held| {
                            (
                                sum.0 + held.reserved,
                                sum.1 + held.backordered,
                                sum.2 + held.allocated + held.picking + held.packed,
                            )
                        },
                    );
                let held = self.warehouses[&code]
                    .reserved_for(*id)
                    .iter()
                    .fold((0, 0, 0), |sum, (_, r, w, a)| (sum.0 + r, sum.1 + w, sum.2 + a));
                assert_eq!(
                    known,
                    held,
                    "prop_03: order {} ({:?}) and {code} disagree after\n{}",
                    order.lifecycle,
                    order.lines,
                    self.story(*id)
                );
            }
            let cancelling =
                order.cancellation.as_ref().filter(|request| request.state == CancellationState::Executing);
            assert!(cancelling.is_none(), "sm_04: a cancellation does not end: {}", self.story(*id));
            assert!(order.relocation.is_none(), "lin_08: a line does not arrive: {}", self.story(*id));
            if order.lifecycle.terminal() {
                assert!(order.holds.is_empty(), "prop_08: an ended order has a hold");
                assert!(!self.queue.steps().any(|view| view.about.step.order == *id), "prop_08: an open step is left");
                for code in codes() {
                    assert_eq!(self.warehouses[&code].parcels_of(*id).filter(|(_, p)| p.on_floor()).count(), 0);
                }
            }
            let hold = self.customer.ledger.holds.get(id);
            let open = !matches!(order.lifecycle, Lifecycle::Draft) && !order.lifecycle.terminal();
            match hold {
                Some(hold) if !hold.consumed => {
                    assert!(open, "val_02: an ended order holds credit: {}", self.story(*id));
                    let held = order.credit.unwrap().minus(order.canceled_value()).unwrap();
                    assert_eq!(hold.amount, held, "val_02, can_01: {}", self.story(*id));
                }
                Some(hold) => {
                    assert!(order.shipped() > 0);
                    let owed = order.credit.unwrap().minus(order.not_owed()).unwrap();
                    let owed = owed.minus(order.canceled_value()).unwrap();
                    assert_eq!(hold.amount, owed, "val_02, can_01: what came back is owed: {}", self.story(*id));
                }
                None => assert!(order.credit.is_none() || !open, "val_02: credit is gone: {}", self.story(*id)),
            }
            let mut replayed = Order::default();
            self.order_events[id].iter().for_each(|event| replayed.evolve(event));
            assert_eq!(replayed, *order, "prop_09: replay differs");
            let stored = order.parts().into_iter().map(|part| (part.clone(), order.part(&part).unwrap())).collect();
            assert_eq!(Order::from_parts(stored).unwrap(), *order, "prop_09: the document differs");
        }
    }
}

fn told(order: &Order, events: &[OrderEvent], shop: &ShopSettings, now: Timestamp) -> Vec<Task> {
    process::from_order_to_customer(order, events, shop, Some(Language::Urdu), now)
}
