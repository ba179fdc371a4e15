//! Demo data: a clothing retailer of Karachi with three warehouses, invented brands and made-up customers.
//!
//! Invariant: everything follows from [`SEED`]; two calls give the same data, so that loading it twice changes
//! nothing. It does no IO: `munshi seed` sends what stands here through the same interface as everybody else.

mod catalogue;
mod orders;
mod people;

use serde_json::{Value, json};

pub use catalogue::{Product, products};
pub use orders::{Fate, Order, orders};
pub use people::{Customer, customers};

/// The seed of every random choice.
pub const SEED: u64 = 20_261_121;

/// Password of every demo user; for demonstrations on one's own machine only.
pub const PASSWORD: &str = "munshi-demo";

/// A person who signs in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct User {
    /// Sign-in address.
    pub email: &'static str,
    /// Name as shown.
    pub name: &'static str,
    /// Role.
    pub role: &'static str,
}

/// One user for each role.
pub const USERS: [User; 6] = [
    User { email: "admin@demo.munshi.pk", name: "Amina Rehman", role: "admin" },
    User { email: "sales@demo.munshi.pk", name: "Salman Qureshi", role: "sales_manager" },
    User { email: "finance@demo.munshi.pk", name: "Farida Merchant", role: "finance" },
    User { email: "service@demo.munshi.pk", name: "Saba Iqbal", role: "customer_service" },
    User { email: "warehouse@demo.munshi.pk", name: "Waqas Ali", role: "warehouse" },
    User { email: "viewer@demo.munshi.pk", name: "Vania Hussain", role: "viewer" },
];

/// A building with stock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Warehouse {
    /// Code.
    pub code: &'static str,
    /// Name.
    pub name: &'static str,
    /// Street.
    pub line1: &'static str,
    /// City.
    pub city: &'static str,
    /// Province.
    pub province: &'static str,
}

/// The three warehouses, in the order in which they are asked for stock.
pub const WAREHOUSES: [Warehouse; 3] = [
    Warehouse {
        code: "KHI-SITE",
        name: "SITE main store",
        line1: "Plot F-112, SITE Area",
        city: "Karachi",
        province: "Sindh",
    },
    Warehouse {
        code: "KHI-CLIFTON",
        name: "Clifton shop",
        line1: "Block 4, Clifton",
        city: "Karachi",
        province: "Sindh",
    },
    Warehouse {
        code: "LHE-1",
        name: "Lahore store",
        line1: "12 Quaid-e-Azam Industrial Estate",
        city: "Lahore",
        province: "Punjab",
    },
];

impl Warehouse {
    /// Body of the request that opens it.
    pub fn body(&self) -> Value {
        let address = json!({ "line1": self.line1, "city": self.city, "province": self.province, "country": "PK" });
        json!({ "code": self.code, "name": self.name, "address": address })
    }

    /// Units of a product it holds at first: everything is somewhere, popular things are everywhere.
    pub fn stock(&self, product: usize) -> u32 {
        let spread = u32::try_from(product % 7).unwrap_or_default();
        match self.code {
            "KHI-SITE" => 40 + spread * 12,
            "KHI-CLIFTON" if product.is_multiple_of(3) => 6 + spread,
            "LHE-1" if product.is_multiple_of(2) => 15 + spread * 4,
            _ => 0,
        }
    }
}

/// What of the shop's settings the demonstration changes.
pub fn settings() -> Value {
    json!({
        "name": "Gulmohar House",
        "currency": "PKR",
        "time_zone": "Asia/Karachi",
        "sourcing": WAREHOUSES.map(|warehouse| warehouse.code),
        "approval_rules": [
            { "over": { "amount": "100000.00", "currency": "PKR" }, "queue": "sales", "role": "sales_manager" },
            { "over": { "amount": "500000.00", "currency": "PKR" }, "queue": "finance", "role": "finance" },
        ],
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn the_same_seed_gives_the_same_shop() {
        let (products, people, orders) = (products(), customers(), orders());
        assert_eq!(products, super::products());
        assert_eq!(people, super::customers());
        assert_eq!(orders, super::orders());
        let handles: HashSet<_> = products.iter().map(|product| &product.handle).collect();
        let brands: HashSet<_> = products.iter().map(|product| &product.brand).collect();
        assert_eq!((handles.len(), brands.len(), people.len()), (500, 50, 400));
        let unique = |count: usize, len: usize| assert_eq!(count, len);
        unique(products.iter().map(|product| &product.sku).collect::<HashSet<_>>().len(), products.len());
        unique(people.iter().map(|person| &person.phone).collect::<HashSet<_>>().len(), people.len());
        unique(people.iter().map(|person| &person.email).collect::<HashSet<_>>().len(), people.len());
        assert!(orders.len() >= 120);
        for fate in Fate::ALL {
            assert!(orders.iter().any(|order| order.fate == fate), "{fate:?}");
        }
        for order in &orders {
            assert!(!order.lines.is_empty() && order.customer < people.len());
            assert!(order.lines.iter().all(|(product, units)| *product < products.len() && *units > 0));
        }
    }

    #[test]
    fn phones_are_pakistani_mobiles() {
        for person in customers() {
            let phone = munshi_domain::phone::Phone::parse(&person.phone).unwrap();
            assert!(phone.as_str().starts_with("+923"), "{}", person.phone);
        }
    }
}
