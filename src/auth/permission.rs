//! The one table from permission to roles (SEC-01, SEC-02). Routes name a permission; nothing else grants access.

use munshi_domain::user::Role;

macro_rules! permissions {
    ($( $(#[doc = $doc:literal])+ $name:ident = $word:literal: [$($role:ident),*] ),+ $(,)?) => {
        /// What a route asks for.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Permission {
            /// Nothing: anybody may call.
            Open,
            $( $(#[doc = $doc])+ $name, )+
        }

        impl Permission {
            /// Every permission that takes a role.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// The stable name.
            pub const fn name(self) -> &'static str {
                match self { Self::Open => "open", $(Self::$name => $word),+ }
            }

            /// Roles it is granted to.
            pub const fn roles(self) -> &'static [Role] {
                match self { Self::Open => &[], $(Self::$name => &[$(Role::$role),*]),+ }
            }
        }
    };
}

permissions! {
    /// Own session and name.
    SignedIn = "signed_in": [Admin, SalesManager, Finance, CustomerService, Warehouse, Viewer],
    /// See orders and their timelines.
    ReadOrders = "orders.read": [Admin, SalesManager, Finance, CustomerService, Warehouse, Viewer],
    /// Make, change, submit, confirm and cancel orders.
    WriteOrders = "orders.write": [Admin, SalesManager, CustomerService],
    /// Put orders on hold and end holds.
    HoldOrders = "orders.hold": [Admin, SalesManager, Finance, CustomerService],
    /// Send allocated units to the floor.
    ReleaseOrders = "orders.release": [Admin, SalesManager, CustomerService, Warehouse],
    /// Record what a carrier did.
    TrackOrders = "orders.track": [Admin, CustomerService, Warehouse],
    /// See approval queues.
    ReadApprovals = "approvals.read": [Admin, SalesManager, Finance, CustomerService, Viewer],
    /// Vote; the queue decides whether this person may vote on this step.
    Approve = "approvals.vote": [Admin, SalesManager, Finance],
    /// See products.
    ReadProducts = "products.read": [Admin, SalesManager, Finance, CustomerService, Warehouse, Viewer],
    /// Make and change products.
    WriteProducts = "products.write": [Admin, SalesManager],
    /// See customers.
    ReadCustomers = "customers.read": [Admin, SalesManager, Finance, CustomerService, Viewer],
    /// Make and change customers.
    WriteCustomers = "customers.write": [Admin, SalesManager, CustomerService],
    /// Block and unblock customers.
    BlockCustomers = "customers.block": [Admin, SalesManager, Finance],
    /// Credit terms and settlements.
    WriteCredit = "customers.credit": [Admin, Finance],
    /// See warehouses, stock and parcels.
    ReadStock = "stock.read": [Admin, SalesManager, Finance, CustomerService, Warehouse, Viewer],
    /// Receive, adjust and count stock.
    WriteStock = "stock.write": [Admin, Warehouse],
    /// Safety stock, backorder caps and low-stock levels.
    WriteStockPolicy = "stock.policy": [Admin, SalesManager, Warehouse],
    /// Open warehouses.
    OpenWarehouses = "warehouses.open": [Admin],
    /// Pick, pack, book and hand over.
    WorkFloor = "floor.work": [Admin, Warehouse],
    /// See devices, operators, receipts, tasks, exceptions, counts and decisions of a floor, and what happened there.
    ReadFloor = "floor.read": [Admin, Finance, Warehouse],
    /// Set a floor up: site, locations, item rules.
    SetUpFloor = "floor.set_up": [Admin, Warehouse],
    /// Announce receipts, steer tasks, open counts, close exceptions.
    RunFloor = "floor.run": [Admin, Warehouse],
    /// Decide about variances of counts, over-receipts, late facts and loads with missing pieces.
    DecideFloor = "floor.decide": [Admin, Finance],
    /// Invite and revoke devices; badges, PINs and rights of operators.
    ManageDevices = "floor.devices": [Admin],
    /// See threads with customers and staff, and templates.
    ReadMessages = "messages.read": [Admin, SalesManager, CustomerService],
    /// Reply, assign and resolve threads, note calls, change what a person wants to hear.
    WriteMessages = "messages.write": [Admin, SalesManager, CustomerService],
    /// See connections and dead letters.
    ReadConnections = "connections.read": [Admin, SalesManager, CustomerService],
    /// Make, change, pause and try connections; see the addresses vendors call.
    ManageConnections = "connections.manage": [Admin],
    /// Replay and discard dead letters.
    HandleDeadLetters = "connections.dead_letters": [Admin, SalesManager],
    /// See the shop's settings.
    ReadSettings = "settings.read": [Admin, SalesManager, Finance],
    /// Change the shop's settings.
    WriteSettings = "settings.write": [Admin],
    /// Make, change and disable users.
    ManageUsers = "users.manage": [Admin],
    /// Import files and see imports: they write products, customers, credit, stock and orders.
    ImportFiles = "imports.run": [Admin],
    /// Check the journal and everything stored.
    RunDoctor = "system.check": [Admin],
    /// See the state of the server.
    ReadSystem = "system.read": [Admin],
    /// See phones and e-mail addresses unmasked (SEC-06).
    SeeContacts = "contacts.see": [Admin, SalesManager, Finance, CustomerService],
}

impl Permission {
    /// Whether one of `roles` grants it.
    pub fn granted(self, roles: &[Role]) -> bool {
        self == Self::Open || roles.iter().any(|role| self.roles().contains(role))
    }

    /// Names of everything `roles` grant.
    pub fn names(roles: &[Role]) -> Vec<String> {
        Self::ALL.iter().filter(|one| one.granted(roles)).map(|one| one.name().to_owned()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sec_01_the_administrator_may_everything_and_the_viewer_changes_nothing() {
        for permission in Permission::ALL {
            assert!(permission.granted(&[Role::Admin]), "{permission:?}");
            assert!(!permission.granted(&[]), "{permission:?}");
            let reads = permission.name().ends_with(".read") || *permission == Permission::SignedIn;
            assert!(reads || !permission.granted(&[Role::Viewer]), "{permission:?}");
        }
    }
}
