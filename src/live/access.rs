//! Who may have which topic: one table, in the style of the routes'. A topic that is not here is not offered.

use munshi_domain::{UserId, user::Role};
use munshi_protocols::topic::TopicKind;

use super::notices;
use crate::auth::Permission;

/// What a topic takes; nothing where nobody may have it.
pub fn permission(kind: &TopicKind) -> Option<Permission> {
    match kind {
        TopicKind::Order(_) | TopicKind::Orders(_) | TopicKind::Presence(_) => Some(Permission::ReadOrders),
        TopicKind::Imports => Some(Permission::ImportFiles),
        TopicKind::Threads | TopicKind::Thread(_) => Some(Permission::ReadMessages),
        TopicKind::Stock(_) | TopicKind::Tasks(_) => Some(Permission::ReadStock),
        TopicKind::Kpi(_) | TopicKind::Throughput(_) => Some(Permission::ReadStock),
        TopicKind::Approvals(_) => Some(Permission::ReadApprovals),
        TopicKind::Exceptions(_) | TopicKind::Devices(_) => Some(Permission::ReadFloor),
        // An inbox is its device's or its user's; no role gives it.
        TopicKind::DeviceInbox(_) | TopicKind::UserInbox(_) => None,
    }
}

/// Whether somebody with these roles may have the topic.
pub fn may(kind: &TopicKind, user: UserId, roles: &[Role]) -> bool {
    if let TopicKind::UserInbox(segment) = kind {
        return *segment == notices::segment(user) && Permission::SignedIn.granted(roles);
    }
    permission(kind).is_some_and(|permission| permission.granted(roles))
}

#[cfg(test)]
mod tests {
    use munshi_protocols::topic::Topic;

    use super::*;

    /// Role by topic, as a table to be read by a person.
    #[test]
    fn sec_02_every_topic_has_its_roles() {
        use Role::{Admin, CustomerService, Finance, SalesManager, Viewer, Warehouse};
        let everybody: &[Role] = &[Admin, SalesManager, Finance, CustomerService, Warehouse, Viewer];
        let office: &[Role] = &[Admin, SalesManager, Finance, CustomerService, Viewer];
        for (name, roles) in [
            ("order.0198c0de000070008000000000000000", everybody),
            ("presence.0198c0de000070008000000000000000", everybody),
            ("shop.imports", &[Admin]),
            ("shop.threads", &[Admin, SalesManager, CustomerService]),
            ("thread.0198c0de000070008000000000000000", &[Admin, SalesManager, CustomerService]),
            ("wh.w1.orders", everybody),
            ("wh.w1.stock", everybody),
            ("wh.w1.tasks", everybody),
            ("dash.w1.kpi", everybody),
            ("dash.w1.throughput", everybody),
            ("approvals.finance", office),
            ("wh.w1.devices", &[Admin, Finance, Warehouse]),
            ("wh.w1.exceptions", &[Admin, Finance, Warehouse]),
            ("user.u1.inbox", &[]),
            ("device.d1.inbox", &[]),
        ] {
            let kind = Topic::parse(name).unwrap().kind().unwrap();
            for role in Role::ALL {
                assert_eq!(may(&kind, UserId::from_u128(1), &[role]), roles.contains(&role), "{name} {role:?}");
            }
            assert!(!may(&kind, UserId::from_u128(1), &[]), "{name} without a role");
        }
        let own = Topic::parse(&notices::topic(UserId::from_u128(1))).unwrap().kind().unwrap();
        for role in Role::ALL {
            assert!(may(&own, UserId::from_u128(1), &[role]) && !may(&own, UserId::from_u128(2), &[role]), "{role:?}");
        }
        assert!(!may(&own, UserId::from_u128(1), &[]), "an inbox without a role");
    }
}
