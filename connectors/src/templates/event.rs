//! What Munshi writes about, and which values each text may use. The list is data: an event is a name, its variables
//! with samples, and who is written to.

use crate::transport::{Category, Language};

/// Something that is written about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Event {
    /// The shop has the order.
    OrderPlaced,
    /// The customer is asked whether a cash-on-delivery order is meant.
    CodConfirmation,
    /// The customer has confirmed.
    OrderConfirmed,
    /// The shop has approved.
    OrderApproved,
    /// The shop has not approved.
    OrderRejected,
    /// What was ordered has changed, once per confirmed change.
    OrderChanged,
    /// A parcel has left, once per parcel.
    ParcelShipped,
    /// Everything has arrived.
    OrderDelivered,
    /// The order is cancelled.
    OrderCanceled,
    /// An approver is asked to decide.
    ApprovalRequest,
    /// Stock has fallen below its threshold.
    LowStock,
    /// Another system does not take or give what it should.
    SyncFailure,
    /// Something in Munshi needs a person.
    ErrorAlert,
    /// A link that works once.
    OneTimeLink,
    /// An answer came after the order had moved on.
    AnswerTooLate,
    /// An answer was not understood; a person will read it.
    AnswerUnclear,
    /// The customer will not be written to any more.
    OptedOut,
}

/// A value a text may use, with a sample in English and Urdu.
pub type Variable = (&'static str, &'static str, &'static str);

const SHOP: Variable = ("shop", "Gulberg Store", "گلبرگ اسٹور");
const NAME: Variable = ("name", "Ayesha", "عائشہ");
const NUMBER: Variable = ("number", "WEB-1001", "WEB-1001");
const TOTAL: Variable = ("total", "Rs 4,500", "4,500 روپے");
const ITEMS: Variable = ("items", "2 x Lawn suit, 1 x Dupatta", "2 عدد لان سوٹ، 1 عدد دوپٹہ");
const LINK: Variable = ("link", "https://shop.example/t/k3v9", "https://shop.example/t/k3v9");
const REASON: Variable = ("reason", "out of stock", "اسٹاک ختم ہو گیا ہے");

impl Event {
    /// Every event.
    pub const ALL: [Self; 17] = [
        Self::OrderPlaced,
        Self::CodConfirmation,
        Self::OrderConfirmed,
        Self::OrderApproved,
        Self::OrderRejected,
        Self::OrderChanged,
        Self::ParcelShipped,
        Self::OrderDelivered,
        Self::OrderCanceled,
        Self::ApprovalRequest,
        Self::LowStock,
        Self::SyncFailure,
        Self::ErrorAlert,
        Self::OneTimeLink,
        Self::AnswerTooLate,
        Self::AnswerUnclear,
        Self::OptedOut,
    ];

    /// The stable name: of the file, and of the template at a vendor.
    pub const fn name(self) -> &'static str {
        match self {
            Self::OrderPlaced => "order_placed",
            Self::CodConfirmation => "cod_confirmation",
            Self::OrderConfirmed => "order_confirmed",
            Self::OrderApproved => "order_approved",
            Self::OrderRejected => "order_rejected",
            Self::OrderChanged => "order_changed",
            Self::ParcelShipped => "parcel_shipped",
            Self::OrderDelivered => "order_delivered",
            Self::OrderCanceled => "order_canceled",
            Self::ApprovalRequest => "approval_request",
            Self::LowStock => "low_stock",
            Self::SyncFailure => "sync_failure",
            Self::ErrorAlert => "error_alert",
            Self::OneTimeLink => "one_time_link",
            Self::AnswerTooLate => "answer_too_late",
            Self::AnswerUnclear => "answer_unclear",
            Self::OptedOut => "opted_out",
        }
    }

    /// The event of this name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|event| event.name() == name)
    }

    /// Whether the shop's own people are written to, not customers.
    pub const fn is_for_staff(self) -> bool {
        matches!(self, Self::ApprovalRequest | Self::LowStock | Self::SyncFailure | Self::ErrorAlert)
    }

    /// Whether quiet hours do not hold it back: somebody waits for it this minute.
    pub const fn is_urgent(self) -> bool {
        matches!(
            self,
            Self::OneTimeLink | Self::ErrorAlert | Self::AnswerTooLate | Self::AnswerUnclear | Self::OptedOut
        )
    }

    /// What its template is for at a vendor.
    pub const fn category(self) -> Category {
        Category::Utility
    }

    /// The values its texts may use.
    pub const fn variables(self) -> &'static [Variable] {
        match self {
            Self::OrderPlaced => &[SHOP, NAME, NUMBER, TOTAL, ITEMS, LINK],
            Self::CodConfirmation => &[
                SHOP,
                NAME,
                NUMBER,
                TOTAL,
                ITEMS,
                LINK,
                ("address", "House 12, Street 4, Gulberg III, Lahore", "مکان 12، گلی 4، گلبرگ III، لاہور"),
            ],
            Self::OrderConfirmed | Self::OrderApproved => &[SHOP, NAME, NUMBER, TOTAL, ITEMS, LINK],
            Self::OrderRejected | Self::OrderCanceled => &[SHOP, NAME, NUMBER, TOTAL, REASON, LINK],
            Self::OrderChanged => {
                &[SHOP, NAME, NUMBER, TOTAL, ITEMS, LINK, ("changes", "1 x Dupatta removed", "1 عدد دوپٹہ ہٹا دیا گیا")]
            }
            Self::ParcelShipped => &[
                SHOP,
                NAME,
                NUMBER,
                ITEMS,
                LINK,
                ("parcel", "1 of 2", "2 میں سے 1"),
                ("courier", "PostEx", "PostEx"),
                ("tracking", "PX-5501-22", "PX-5501-22"),
                ("to_pay", "Rs 2,500", "2,500 روپے"),
            ],
            Self::OrderDelivered => &[SHOP, NAME, NUMBER, ITEMS, LINK],
            Self::ApprovalRequest => &[
                SHOP,
                NAME,
                NUMBER,
                TOTAL,
                ("customer", "Bismillah Traders", "بسم اللہ ٹریڈرز"),
                ("reason", "over the limit of Rs 100,000", "100,000 روپے کی حد سے زیادہ"),
                ("approve_link", "https://shop.example/a/k3v9", "https://shop.example/a/k3v9"),
                ("reject_link", "https://shop.example/r/k3v9", "https://shop.example/r/k3v9"),
            ],
            Self::LowStock => &[
                SHOP,
                LINK,
                ("sku", "LAWN-3PC-M", "LAWN-3PC-M"),
                ("product", "Lawn suit, medium", "لان سوٹ، میڈیم"),
                ("warehouse", "Lahore", "لاہور"),
                ("left", "4", "4"),
                ("threshold", "10", "10"),
            ],
            Self::SyncFailure => &[
                SHOP,
                LINK,
                ("system", "Shopify", "Shopify"),
                ("what", "3 stock levels", "3 اسٹاک لیول"),
                ("since", "14:05", "14:05"),
                REASON,
            ],
            Self::ErrorAlert => &[
                SHOP,
                LINK,
                ("what", "Messages wait in the dead letters", "کچھ پیغامات نہیں بھیجے جا سکے"),
                ("since", "14:05", "14:05"),
            ],
            Self::OneTimeLink => &[SHOP, NAME, LINK, ("minutes", "15", "15")],
            Self::AnswerTooLate => {
                &[SHOP, NAME, NUMBER, LINK, ("state", "already on its way", "پہلے ہی روانہ ہو چکا ہے")]
            }
            Self::AnswerUnclear | Self::OptedOut => &[SHOP, NAME],
        }
    }

    /// The sample values in a language, for previews and for approval by a vendor.
    pub fn sample(self, language: Language) -> Vec<(&'static str, &'static str)> {
        let pick = |variable: &Variable| match language {
            Language::En => (variable.0, variable.1),
            Language::Ur => (variable.0, variable.2),
        };
        self.variables().iter().map(pick).collect()
    }
}
