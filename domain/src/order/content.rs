//! What an order says: who, what, where to, for how much. One *edition* of an order is one value of
//! [`OrderContent`]; approval and confirmation are bound to its hash.
//!
//! Invariant: prices, names, tax rates and the customer are snapshots (ORD-02, LIN-02); a later edit of the
//! catalogue or the customer does not rewrite an order.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::{
    Currency, CustomerId, Money, MoneyError, Sku, Timestamp, WarehouseId,
    customer::{Address, CustomerDetails, CustomerType},
};

/// Most lines one order may have.
pub const MAX_LINES: usize = 500;

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum $name { $($(#[$vdoc])* #[serde(rename = $word)] $variant),+ }
        impl $name {
            /// Every value, in order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];
            /// The word on the wire and on screens.
            pub const fn word(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }
            /// The value for a word.
            pub fn parse(word: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|value| value.word() == word)
            }
        }
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.word())
            }
        }
    };
}
pub(crate) use words;

words!(
    /// Where the order came from (ORD-08).
    Channel {
        /// The web shop.
        Online = "online",
        /// A counter or a phone call.
        Offline = "offline",
        /// The wholesale portal.
        B2bPortal = "b2b_portal",
        /// A mobile app.
        Mobile = "mobile",
        /// A social network or chat.
        Social = "social",
        /// Another company's marketplace.
        Marketplace = "marketplace",
    }
);
words!(
    /// What sort of order it is (ORD-07).
    OrderType {
        /// The usual sort.
        Regular = "regular",
        /// One of a repeated series.
        Recurring = "recurring",
        /// From a subscription.
        Subscription = "subscription",
        /// To be handled before others.
        Rush = "rush",
        /// To be handled at once.
        Emergency = "emergency",
        /// Free of charge, counts as no revenue.
        Sample = "sample",
    }
);
words!(
    /// Priority in allocation and picking (ORD-10).
    Priority {
        /// After the others.
        Low = "low",
        /// The default.
        Normal = "normal",
        /// Before normal.
        High = "high",
        /// Before all.
        Critical = "critical",
    }
);
words!(
    /// How the customer pays.
    PaymentMethod {
        /// Cash on delivery.
        Cod = "cod",
        /// Paid before it is sent.
        Prepaid = "prepaid",
        /// On the customer's credit terms (VAL-02).
        Terms = "terms",
    }
);

impl Priority {
    /// 0 for low to 3 for critical, as stock holds rank them.
    pub const fn rank(self) -> u8 {
        self as u8
    }
}

/// The customer as the order knows them (ORD-02).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CustomerSnapshot {
    /// Whose order it is.
    pub id: CustomerId,
    /// Name at the time.
    pub name: String,
    /// Phone in E.164 at the time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// E-mail at the time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// Type at the time (ORD-03).
    pub kind: CustomerType,
    /// Tier at the time (ORD-03).
    pub tier: String,
}

impl CustomerSnapshot {
    /// What an order keeps of a customer: the first phone and e-mail address are the ones it writes to (ORD-02).
    pub fn of(id: CustomerId, details: &CustomerDetails) -> Self {
        Self {
            id,
            name: details.name.clone(),
            phone: details.phones.first().map(ToString::to_string),
            email: details.emails.first().map(ToString::to_string),
            kind: details.kind,
            tier: details.tier.clone(),
        }
    }
}

/// One line of an order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ContentLine {
    /// Number of the line, from 1; never given to another line of the same order.
    pub line: u16,
    /// What is ordered.
    pub sku: Sku,
    /// Its name at the time (LIN-02).
    pub title: String,
    /// How many units.
    pub quantity: u32,
    /// Price of a unit before discount.
    pub unit_price: Decimal,
    /// Discount on the whole line.
    #[serde(default, skip_serializing_if = "Decimal::is_zero")]
    pub discount: Decimal,
    /// Tax code (VAL-03).
    pub tax_code: String,
    /// Tax rate in percent at the time.
    pub tax_rate: Decimal,
    /// Whether units come from a shelf; false for services and digital goods.
    pub stocked: bool,
    /// Whether the line may wait for stock (BKO-02).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub backorder: bool,
    /// Warehouse asked for, if the line names one (LIN-08).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub warehouse: Option<WarehouseId>,
    /// Instructions for this line (LIN-09).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// One edition of an order's content.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OrderContent {
    /// For whom.
    pub customer: CustomerSnapshot,
    /// Where it came from.
    pub channel: Channel,
    /// What sort it is.
    pub order_type: OrderType,
    /// How urgent it is.
    pub priority: Priority,
    /// Currency of every amount in it.
    pub currency: Currency,
    /// How it is paid.
    pub payment_method: PaymentMethod,
    /// Where it goes.
    pub shipping_address: Address,
    /// Where the bill goes, if elsewhere.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub billing_address: Option<Address>,
    /// What is ordered.
    pub lines: Vec<ContentLine>,
    /// Delivery charge (DLV-03).
    #[serde(default, skip_serializing_if = "Decimal::is_zero")]
    pub shipping_fee: Decimal,
    /// Whether prices contain the tax.
    pub tax_included: bool,
    /// Whether everything goes in one shipment or nothing does (VAL-17).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub ship_complete: bool,
    /// The customer's purchase order number (ORD-21).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub po_number: Option<String>,
    /// Where it came from in words of the source (ORD-11).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
    /// Keywords (ORD-24).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// Delivery instructions (DLV-04).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instructions: Option<String>,
}

/// Money of one line, each amount rounded half-even to the currency's minor unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LineTotals {
    /// Unit price times quantity less discount, as the price says it (with tax if prices contain it).
    pub net: Decimal,
    /// Tax in or on it.
    pub tax: Decimal,
    /// What the customer pays for the line.
    pub total: Decimal,
}

/// Money of an order (LIN-05). `total = subtotal − discount + tax_added + shipping`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Totals {
    /// Sum of unit price times quantity.
    pub subtotal: Decimal,
    /// Sum of line discounts.
    pub discount: Decimal,
    /// Sum of line taxes, contained or added.
    pub tax: Decimal,
    /// Delivery charge.
    pub shipping: Decimal,
    /// What the customer pays.
    pub total: Decimal,
}

/// What is wrong with an order's content.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(tag = "problem", rename_all = "snake_case")]
pub enum ContentError {
    /// No lines at all.
    #[error("an order needs at least one line")]
    NoLines,
    /// More than [`MAX_LINES`].
    #[error("an order has at most {MAX_LINES} lines, got {lines}")]
    TooManyLines {
        /// How many were given.
        lines: usize,
    },
    /// The same line number twice, or number 0.
    #[error("line number {line} is used twice or is zero")]
    LineNumber {
        /// The number.
        line: u16,
    },
    /// Zero, or above the limit.
    #[error("quantity of line {line} must be between 1 and 1000000")]
    Quantity {
        /// The line.
        line: u16,
    },
    /// Negative, too precise or out of range.
    #[error("amount of line {line} is negative, too precise for the currency, or out of range")]
    LineAmount {
        /// The line.
        line: u16,
    },
    /// The discount is larger than the line.
    #[error("discount of line {line} is larger than the line")]
    Discount {
        /// The line.
        line: u16,
    },
    /// Negative, too precise or out of range.
    #[error("shipping fee is negative, too precise for the currency, or out of range")]
    ShippingFee,
    /// Without street, city or country a parcel cannot go (VAL-04).
    #[error("the shipping address needs {missing}")]
    Address {
        /// The missing part.
        missing: String,
    },
    /// The sum leaves the range of amounts.
    #[error("order total is out of range")]
    Total,
}

impl ContentError {
    /// JSON pointer of the field it is about; `content` tells at which position a line stands.
    pub fn field(&self, content: &OrderContent) -> String {
        let at = |line: &u16| content.lines.iter().position(|l| l.line == *line).unwrap_or_default();
        match self {
            Self::NoLines | Self::TooManyLines { .. } | Self::Total => "/lines".into(),
            Self::LineNumber { line } => format!("/lines/{}/line", at(line)),
            Self::Quantity { line } => format!("/lines/{}/quantity", at(line)),
            Self::LineAmount { line } => format!("/lines/{}/unit_price", at(line)),
            Self::Discount { line } => format!("/lines/{}/discount", at(line)),
            Self::ShippingFee => "/shipping_fee".into(),
            Self::Address { .. } => "/shipping_address".into(),
        }
    }
}

impl ContentLine {
    /// Money of this line.
    pub fn totals(&self, currency: Currency, tax_included: bool) -> LineTotals {
        let net = currency.round(self.unit_price * Decimal::from(self.quantity) - self.discount);
        let rate = self.tax_rate;
        if tax_included {
            let tax = currency.round(net * rate / (Decimal::ONE_HUNDRED + rate));
            LineTotals { net, tax, total: net }
        } else {
            let tax = currency.round(net * rate / Decimal::ONE_HUNDRED);
            LineTotals { net, tax, total: net + tax }
        }
    }
}

impl OrderContent {
    /// Checks everything that does not depend on any other state.
    ///
    /// # Errors
    /// The first [`ContentError`].
    pub fn check(&self) -> Result<(), ContentError> {
        if self.lines.is_empty() {
            return Err(ContentError::NoLines);
        }
        if self.lines.len() > MAX_LINES {
            return Err(ContentError::TooManyLines { lines: self.lines.len() });
        }
        let mut seen = std::collections::BTreeSet::new();
        for line in &self.lines {
            self.check_line(line, &mut seen)?;
        }
        if self.amount(self.shipping_fee).is_err() {
            return Err(ContentError::ShippingFee);
        }
        if let Some(missing) = self.shipping_address.missing() {
            return Err(ContentError::Address { missing: missing.into() });
        }
        Money::new(self.totals().total, self.currency).map(|_| ()).map_err(|_| ContentError::Total)
    }

    fn check_line(&self, line: &ContentLine, seen: &mut std::collections::BTreeSet<u16>) -> Result<(), ContentError> {
        let number = line.line;
        if number == 0 || !seen.insert(number) {
            return Err(ContentError::LineNumber { line: number });
        }
        if crate::Quantity::new(i64::from(line.quantity)).is_err() {
            return Err(ContentError::Quantity { line: number });
        }
        let price = self.amount(line.unit_price).and_then(|price| price.times(line.quantity));
        let (Ok(gross), Ok(discount)) = (price, self.amount(line.discount)) else {
            return Err(ContentError::LineAmount { line: number });
        };
        if discount.amount() > gross.amount() {
            return Err(ContentError::Discount { line: number });
        }
        Ok(())
    }

    fn amount(&self, amount: Decimal) -> Result<Money, MoneyError> {
        Money::new(amount, self.currency)
            .and_then(|m| if m.is_negative() { Err(MoneyError::OutOfRange) } else { Ok(m) })
    }

    /// Money of the order, from its lines; the only place where it is computed (N17).
    pub fn totals(&self) -> Totals {
        let mut totals = Totals { shipping: self.currency.round(self.shipping_fee), ..Totals::default() };
        for line in &self.lines {
            let LineTotals { tax, total, .. } = line.totals(self.currency, self.tax_included);
            totals.subtotal += self.currency.round(line.unit_price * Decimal::from(line.quantity));
            totals.discount += self.currency.round(line.discount);
            totals.tax += tax;
            totals.total += total;
        }
        totals.total += totals.shipping;
        for amount in
            [&mut totals.subtotal, &mut totals.discount, &mut totals.tax, &mut totals.shipping, &mut totals.total]
        {
            amount.rescale(self.currency.exponent());
        }
        totals
    }

    /// Total as money; zero where [`OrderContent::check`] would refuse it.
    pub fn total(&self) -> Money {
        Money::rounded(self.totals().total, self.currency).unwrap_or_else(|_| Money::zero(self.currency))
    }

    /// SHA-256 of this content in lower-case hex: what an approver signs (APR-24).
    pub fn hash(&self) -> String {
        let bytes = serde_json::to_vec(self).unwrap_or_default();
        Sha256::digest(bytes).iter().fold(String::with_capacity(64), |mut hex, byte| {
            hex.push(char::from(b"0123456789abcdef"[usize::from(byte >> 4)]));
            hex.push(char::from(b"0123456789abcdef"[usize::from(byte & 15)]));
            hex
        })
    }

    /// The line with this number.
    pub fn line(&self, line: u16) -> Option<&ContentLine> {
        self.lines.iter().find(|l| l.line == line)
    }
}

/// An order that happened before Munshi, taken over as it ended (ORD-14). Touches neither stock nor credit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportedOrder {
    /// What it said.
    pub content: OrderContent,
    /// Its number in the system it comes from.
    pub number: String,
    /// When it was placed there.
    pub placed_at: Timestamp,
    /// File layout or system it comes from, for example `online-retail`.
    pub source: String,
}
