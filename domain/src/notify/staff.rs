//! What the people of the shop are told: approvals that wait for them (APR-03), little stock (INV-07), connections and
//! errors (NOT-08).
//!
//! Invariant: an approval goes to those who hold its role now and may decide it: not to who asked for it or wrote it.
//! Its question is bound to the step, the content's hash and the one person it is put to (N06).

use std::collections::BTreeMap;

use super::{MessageKind, Planned, Recipient, Urgency, clean, order::message_id};
use crate::{
    QuestionId, QueueId, Sku, Timestamp, WarehouseId,
    approval::OpenStep,
    connection::{SERVER, Trouble},
    conversation::{Question, Subject},
    settings::ShopSettings,
};

/// A user as messages know them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StaffMember {
    /// Who, and how they are reached.
    pub recipient: Recipient,
    /// Names of their roles.
    pub roles: Vec<String>,
}

impl StaffMember {
    fn may(&self, role: &str) -> bool {
        self.roles.iter().any(|own| own == role || own == "admin")
    }
}

/// Why approvers are told of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StepNews {
    /// It waits.
    Opened,
    /// It still waits.
    Reminded {
        /// How often it was said.
        count: u16,
    },
    /// It waited too long.
    Escalated {
        /// To which level.
        level: u16,
    },
}

/// One message for each approver and route.
pub fn approval(
    queue: &QueueId,
    about: &OpenStep,
    number: &str,
    news: StepNews,
    staff: &[StaffMember],
    shop: &ShopSettings,
    at: Timestamp,
) -> Vec<(Recipient, Planned)> {
    let (kind, revision) = match news {
        StepNews::Opened => (MessageKind::ApprovalRequest, "opened".to_owned()),
        StepNews::Reminded { count } => (MessageKind::ApprovalReminder, format!("reminded/{count}")),
        StepNews::Escalated { level } => (MessageKind::ApprovalEscalated, format!("escalated/{level}")),
    };
    let own = |user| about.requester == Some(user) || about.authors.contains(&user);
    let mut planned = Vec::new();
    for member in staff.iter().filter(|member| member.may(&about.approver_role)) {
        let Some(approver) = member.recipient.user.filter(|user| !own(*user)) else { continue };
        let question = Question {
            id: QuestionId::of(&["approval", &about.step.to_string(), &about.hash, &approver.to_string()]),
            subject: Subject::Approval {
                queue: queue.clone(),
                step: about.step,
                hash: about.hash.clone(),
                approver,
                role: about.approver_role.clone(),
            },
            number: number.to_owned(),
            expires_at: at.plus_seconds(shop.messaging.decision_seconds),
            quiet: None,
            ladder: Vec::new(),
        };
        let values = [("number", number.to_owned()), ("total", about.amount.to_string()), ("queue", queue.to_string())];
        let key = format!("step/{}/{revision}/{approver}", about.step);
        planned.extend(told(kind, &key, &values, &member.recipient, Some(question), shop, at));
    }
    planned
}

/// Something the holders of a role should know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Alert {
    /// Little is left of an item; `version` of the warehouse tells one time from the next.
    LowStock {
        /// Where.
        warehouse: WarehouseId,
        /// Of what.
        sku: Sku,
        /// How much can still be promised.
        available: u32,
        /// The warehouse's version then.
        version: u64,
    },
    /// A connection does not get through since then.
    SyncFailed {
        /// Which.
        connection: String,
        /// What is wrong, without secrets.
        problem: String,
        /// Since when: the same outage is told once.
        since: Timestamp,
    },
    /// Something is wrong with the server, or waits for a person, since then.
    ErrorAlert {
        /// Of which connection, or the server.
        connection: String,
        /// What.
        problem: String,
        /// Since when.
        since: Timestamp,
    },
}

/// Roles that hear of little stock.
pub const STOCK_ROLES: [&str; 1] = ["sales_manager"];
/// Roles that hear of connections and of the server.
pub const ALERT_ROLES: [&str; 1] = ["sales_manager"];
/// What the server as a whole is called.
const SERVER_NAME: &str = "Munshi";

impl Alert {
    /// Of a trouble that began. `connection` is its name for people.
    pub fn of_trouble(connection: &str, trouble: Trouble, since: Timestamp) -> Self {
        let connection = if connection == SERVER { SERVER_NAME } else { connection }.to_owned();
        let problem = trouble.word().to_owned();
        if trouble.is_sync() {
            Self::SyncFailed { connection, problem, since }
        } else {
            Self::ErrorAlert { connection, problem, since }
        }
    }

    /// What kind of message tells it, and the values of the message.
    pub fn told(&self) -> (MessageKind, Vec<(&'static str, String)>) {
        match self {
            Self::LowStock { warehouse, sku, available, .. } => (
                MessageKind::LowStock,
                vec![
                    ("warehouse", warehouse.to_string()),
                    ("sku", sku.to_string()),
                    ("available", available.to_string()),
                ],
            ),
            Self::SyncFailed { connection, problem, .. } => {
                (MessageKind::SyncFailed, vec![("connection", connection.clone()), ("problem", problem.clone())])
            }
            Self::ErrorAlert { connection, problem, .. } => {
                (MessageKind::ErrorAlert, vec![("connection", connection.clone()), ("problem", problem.clone())])
            }
        }
    }

    /// Business key: the same fact is told once.
    fn key(&self) -> String {
        match self {
            Self::LowStock { warehouse, sku, version, .. } => format!("low_stock/{warehouse}/{sku}/{version}"),
            Self::SyncFailed { connection, problem, since } => format!("sync_failed/{connection}/{problem}/{since}"),
            Self::ErrorAlert { connection, problem, since } => format!("error/{connection}/{problem}/{since}"),
        }
    }
}

/// One message for each holder of one of the roles and each route; administrators hold every role.
pub fn alert(
    alert: &Alert,
    roles: &[&str],
    staff: &[StaffMember],
    shop: &ShopSettings,
    at: Timestamp,
) -> Vec<(Recipient, Planned)> {
    let ((kind, values), key) = (alert.told(), alert.key());
    let holds = |member: &&StaffMember| roles.iter().any(|role| member.may(role));
    let of = |member: &StaffMember| {
        let user = member.recipient.user.map(|user| user.to_string()).unwrap_or_default();
        told(kind, &format!("{key}/{user}"), &values, &member.recipient, None, shop, at)
    };
    staff.iter().filter(holds).flat_map(of).collect()
}

fn told(
    kind: MessageKind,
    key: &str,
    values: &[(&str, String)],
    to: &Recipient,
    question: Option<Question>,
    shop: &ShopSettings,
    at: Timestamp,
) -> Vec<(Recipient, Planned)> {
    let row = kind.row();
    let value = |name: &str| match name {
        "name" => to.name.clone(),
        "shop" => shop.name.clone(),
        _ => values.iter().find(|(known, _)| *known == name).map(|(_, value)| value.clone()).unwrap_or_default(),
    };
    let variables: BTreeMap<String, String> =
        row.variables.iter().map(|name| ((*name).to_owned(), clean(&value(name)))).collect();
    let quiet = (row.urgency == Urgency::Normal).then(|| shop.messaging.quiet());
    let mut planned = Vec::new();
    for route in shop.messaging.routes(row) {
        let route: Vec<_> = route.into_iter().filter(|channel| to.reached_by(*channel)).collect();
        if route.is_empty() {
            continue;
        }
        let message = Planned {
            id: message_id(key, &route),
            key: key.to_owned(),
            kind,
            variables: variables.clone(),
            quiet,
            expires_at: at.plus_seconds(row.expires_seconds),
            language: shop.messaging.default_language,
            order: None,
            question: question.clone().map(Box::new),
            route,
        };
        planned.push((to.clone(), message));
    }
    planned
}
