//! The topics there are, and the guarantee each gives.

use crate::ids::DeviceId;

/// What a topic guarantees.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    /// Every item, in order, at least once; the client drops repeats by offset.
    Stream,
    /// A mirror of rows that converges; steps in between may be skipped, deletes and last values never.
    Map,
    /// The newest value, so many times a second.
    Gauge,
}

/// A topic of this release. Segments are kept as text: whether a warehouse, user or role exists is asked elsewhere.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TopicKind {
    /// `device.{id}.inbox`: what a device is told.
    DeviceInbox(DeviceId),
    /// `user.{id}.inbox`: notifications.
    UserInbox(String),
    /// `wh.{w}.exceptions`: disagreements on the floor, until resolved.
    Exceptions(String),
    /// `order.{id}`: one order, its id as 32 hex digits.
    Order(String),
    /// `presence.{order}`: who looks at an order, its id as in `order.{id}`.
    Presence(String),
    /// `shop.imports`: imports of files.
    Imports,
    /// `shop.threads`: threads in which a person has to look or call.
    Threads,
    /// `thread.{id}`: one thread, its id as 32 hex digits.
    Thread(String),
    /// `wh.{w}.orders`.
    Orders(String),
    /// `wh.{w}.tasks`.
    Tasks(String),
    /// `wh.{w}.stock`.
    Stock(String),
    /// `wh.{w}.devices`.
    Devices(String),
    /// `approvals.{role}`.
    Approvals(String),
    /// `dash.{w}.kpi`.
    Kpi(String),
    /// `dash.{w}.throughput`.
    Throughput(String),
}

impl TopicKind {
    pub(super) fn of(name: &str) -> Option<Self> {
        let mut segments = name.split('.');
        let (first, second, third) = (segments.next()?, segments.next()?, segments.next());
        if segments.next().is_some() {
            return None;
        }
        let id = second.to_owned();
        match (first, third) {
            ("device", Some("inbox")) => DeviceId::parse(second).ok().map(Self::DeviceInbox),
            ("user", Some("inbox")) => Some(Self::UserInbox(id)),
            ("wh", Some("exceptions")) => Some(Self::Exceptions(id)),
            ("wh", Some("orders")) => Some(Self::Orders(id)),
            ("wh", Some("tasks")) => Some(Self::Tasks(id)),
            ("wh", Some("stock")) => Some(Self::Stock(id)),
            ("wh", Some("devices")) => Some(Self::Devices(id)),
            ("order", None) => Some(Self::Order(id)),
            ("presence", None) => Some(Self::Presence(id)),
            ("shop", None) if second == "imports" => Some(Self::Imports),
            ("shop", None) if second == "threads" => Some(Self::Threads),
            ("thread", None) => Some(Self::Thread(id)),
            ("approvals", None) => Some(Self::Approvals(id)),
            ("dash", Some("kpi")) => Some(Self::Kpi(id)),
            ("dash", Some("throughput")) => Some(Self::Throughput(id)),
            _ => None,
        }
    }

    /// Its guarantee.
    pub const fn class(&self) -> Class {
        match self {
            Self::DeviceInbox(_) | Self::UserInbox(_) | Self::Exceptions(_) => Class::Stream,
            Self::Order(_)
            | Self::Presence(_)
            | Self::Imports
            | Self::Threads
            | Self::Thread(_)
            | Self::Orders(_)
            | Self::Tasks(_)
            | Self::Stock(_)
            | Self::Devices(_)
            | Self::Approvals(_) => Class::Map,
            Self::Kpi(_) | Self::Throughput(_) => Class::Gauge,
        }
    }

    /// The keys a window of this topic may have. Each is a field of its rows.
    pub const fn window_keys(&self) -> &'static [&'static str] {
        match self {
            Self::Orders(_) => &["status", "channel"],
            Self::Tasks(_) => &["kind", "state", "zone"],
            Self::Stock(_) => &["zone"],
            Self::Devices(_) => &["state"],
            Self::Approvals(_) | Self::Threads => &["state"],
            Self::Order(_)
            | Self::Presence(_)
            | Self::Imports
            | Self::Thread(_)
            | Self::DeviceInbox(_)
            | Self::UserInbox(_)
            | Self::Exceptions(_)
            | Self::Kpi(_)
            | Self::Throughput(_) => &[],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::topic::Topic;

    #[test]
    fn every_topic_of_the_specification_has_its_class() {
        for (name, class) in [
            ("device.dev_7.inbox", Class::Stream),
            ("user.u_1.inbox", Class::Stream),
            ("wh.w1.exceptions", Class::Stream),
            ("order.0198c0de000070008000000000000000", Class::Map),
            ("presence.0198c0de000070008000000000000000", Class::Map),
            ("shop.imports", Class::Map),
            ("shop.threads", Class::Map),
            ("thread.0198c0de000070008000000000000000", Class::Map),
            ("wh.w1.orders", Class::Map),
            ("wh.w1.tasks", Class::Map),
            ("wh.w1.stock", Class::Map),
            ("wh.w1.devices", Class::Map),
            ("approvals.manager", Class::Map),
            ("dash.w1.kpi", Class::Gauge),
            ("dash.w1.throughput", Class::Gauge),
        ] {
            assert_eq!(Topic::parse(name).unwrap().kind().map(|kind| kind.class()), Some(class), "{name}");
        }
        for name in [
            "wh.w1",
            "shop.orders",
            "shop.imports.x",
            "thread.a.b",
            "wh.w1.secrets",
            "approvals.a.b",
            "dash.w1.kpi.x",
            "x.y",
        ] {
            assert_eq!(Topic::parse(name).unwrap().kind(), None, "{name}");
        }
    }
}
