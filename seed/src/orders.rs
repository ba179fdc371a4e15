//! What was ordered, and how far each order is to be taken.

use rand::{Rng, SeedableRng, rngs::StdRng};

use crate::{SEED, customers, products};

/// Where an order ends up in the demonstration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// Written, not placed.
    Draft,
    /// Placed, waiting for the customer's payment or word.
    Pending,
    /// Waiting for an approver.
    PendingApproval,
    /// Approved by a person, and on the floor.
    Approved,
    /// Turned down by a person.
    Rejected,
    /// Placed; its parcel waits on the floor.
    Processing,
    /// Being picked.
    Picking,
    /// Packed.
    Packed,
    /// With the carrier.
    Shipped,
    /// Arrived.
    Delivered,
    /// Refused at the door and sent back.
    Returned,
    /// Canceled before it left.
    Canceled,
    /// Held by a person.
    OnHold,
    /// Some of it waits for stock.
    Backordered,
}

impl Fate {
    /// Every fate, in order.
    pub const ALL: [Self; 14] = [
        Self::Draft,
        Self::Pending,
        Self::PendingApproval,
        Self::Approved,
        Self::Rejected,
        Self::Processing,
        Self::Picking,
        Self::Packed,
        Self::Shipped,
        Self::Delivered,
        Self::Returned,
        Self::Canceled,
        Self::OnHold,
        Self::Backordered,
    ];

    /// How many orders of the demonstration share it.
    const fn share(self) -> usize {
        match self {
            Self::Delivered => 32,
            Self::Shipped => 16,
            Self::Processing => 12,
            Self::Picking | Self::Packed | Self::Canceled => 8,
            Self::Pending | Self::PendingApproval => 7,
            Self::Draft | Self::Approved => 6,
            Self::Rejected | Self::Returned | Self::OnHold => 5,
            Self::Backordered => 4,
        }
    }
}

/// An order of the demonstration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Order {
    /// Number within the demonstration; its idempotency keys derive from it.
    pub number: usize,
    /// Index into [`customers`].
    pub customer: usize,
    /// Channel.
    pub channel: &'static str,
    /// Payment method.
    pub payment: &'static str,
    /// Priority.
    pub priority: &'static str,
    /// Index into [`products`] and units, each product once.
    pub lines: Vec<(usize, u32)>,
    /// Where it ends up.
    pub fate: Fate,
}

/// Every order, in a fixed order.
pub fn orders() -> Vec<Order> {
    let mut random = StdRng::seed_from_u64(SEED + 2);
    let (products, customers) = (products(), customers());
    let fates = Fate::ALL.into_iter().flat_map(|fate| std::iter::repeat_n(fate, fate.share()));
    fates
        .enumerate()
        .map(|(number, fate)| {
            let large = matches!(fate, Fate::PendingApproval | Fate::Approved | Fate::Rejected);
            let firm = large || random.random_bool(0.1);
            let customer = if firm { number % 20 } else { random.random_range(20..customers.len()) };
            let mut lines: Vec<(usize, u32)> = Vec::new();
            for _ in 0..random.random_range(1..=3) {
                let product = random.random_range(0..products.len());
                if products[product].backorder || lines.iter().any(|(known, _)| *known == product) {
                    continue;
                }
                lines.push((product, random.random_range(1..=2)));
            }
            if lines.is_empty() {
                lines.push((first(&products, |product| !product.backorder), 1));
            }
            if large {
                // Twenty units of something dear: above the first approval rule, within the stock of one warehouse.
                let dear = (number * 45..products.len())
                    .find(|p| (6_000..20_000).contains(&products[*p].rupees) && !products[*p].backorder);
                lines = vec![(dear.unwrap_or_default(), 20)];
            }
            if fate == Fate::Backordered {
                let short = products.iter().enumerate().filter(|(_, product)| product.backorder).map(|(at, _)| at);
                lines = vec![(short.skip(number % 20).step_by(5).next().unwrap_or_default(), 400)];
            }
            let payment = match fate {
                Fate::Pending => "prepaid",
                _ => "cod",
            };
            Order {
                number,
                customer,
                channel: ["online", "social", "mobile", "offline", "b2b_portal"][if firm { 4 } else { number % 4 }],
                payment,
                priority: ["normal", "normal", "high", "low"][number % 4],
                lines,
                fate,
            }
        })
        .collect()
}

fn first(products: &[crate::Product], test: impl Fn(&crate::Product) -> bool) -> usize {
    products.iter().position(test).unwrap_or_default()
}
