//! Why an order says no.

use crate::{
    RefusalClass, Refused,
    approval::request::RequestRefusal,
    order::{content::ContentError, state::Lifecycle},
};

/// A refusal of an order; nothing changed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OrderRefusal {
    /// The content itself is wrong.
    #[error("{error}")]
    Content {
        /// What is wrong.
        error: ContentError,
        /// JSON pointer of the field.
        field: String,
    },
    /// A reason is asked for and was empty.
    #[error("a reason is required")]
    ReasonRequired,
    /// A value of the command is outside its range.
    #[error("{field} {rule}")]
    Invalid {
        /// Field of the command.
        field: &'static str,
        /// What it must be.
        rule: &'static str,
    },
    /// There is no such order.
    #[error("order does not exist")]
    NotFound,
    /// The id belongs to an order already.
    #[error("order exists already")]
    Exists,
    /// Stock and credit are being taken; try again in a moment.
    #[error("placement is in progress")]
    PlacementInProgress,
    /// A change is being applied; try again in a moment.
    #[error("a change is being applied")]
    ChangeInProgress,
    /// Warehouses are being asked what they hold; try again in a moment.
    #[error("stock is being allocated")]
    AllocationInProgress,
    /// The lifecycle has no edge for this command (SM-02).
    #[error("an order that is {state} cannot {command}")]
    WrongState {
        /// Its lifecycle.
        state: Lifecycle,
        /// The command.
        command: &'static str,
    },
    /// No line with that number.
    #[error("order has no line {line}")]
    UnknownLine {
        /// The number.
        line: u16,
    },
    /// Fewer units are in the stage the command takes them from.
    #[error("line {line} has {available} such units, {requested} were asked for")]
    Quantity {
        /// The line.
        line: u16,
        /// Units asked for.
        requested: u32,
        /// Units there.
        available: u32,
    },
    /// No parcel with that number.
    #[error("order has no parcel {parcel}")]
    UnknownParcel {
        /// The number.
        parcel: u16,
    },
    /// The parcel is not where the command needs it.
    #[error("parcel {parcel} is {state}")]
    ParcelState {
        /// The parcel.
        parcel: u16,
        /// Where it is.
        state: &'static str,
    },
    /// An open hold keeps anything from leaving (SM-03).
    #[error("order is on hold: {kind}")]
    OnHold {
        /// Kind of the first open hold.
        kind: &'static str,
    },
    /// Nothing is allocated, or a ship-complete order is not complete (VAL-17).
    #[error("nothing can be released to the floor")]
    NothingToRelease,
    /// No open hold with that number.
    #[error("order has no open hold {hold}")]
    UnknownHold {
        /// The number.
        hold: u16,
    },
    /// No open cancellation request.
    #[error("order has no open cancellation request")]
    NoCancellation,
    /// A cancellation request is open already.
    #[error("a cancellation request is open already")]
    CancellationOpen,
    /// Units that arrived are returned, not canceled (CAN-13).
    #[error("delivered units of line {line} are returned, not canceled")]
    UseReturn {
        /// The line.
        line: u16,
    },
    /// The order was changed since the customer was shown it.
    #[error("the order was changed since it was shown")]
    EditionChanged,
    /// Units with a carrier need carrier advice, which this version cannot send.
    #[error("units of line {line} are under way and can only be intercepted by the carrier")]
    UnderWay {
        /// The line.
        line: u16,
    },
    /// No warehouse holds units of the line beside the floor.
    #[error("line {line} has no units that could move to another warehouse")]
    NothingToMove {
        /// The line.
        line: u16,
    },
    /// A change is open already.
    #[error("a change is open already")]
    ChangeOpen,
    /// No open change with that number.
    #[error("order has no open change {number}")]
    UnknownChange {
        /// The number.
        number: u16,
    },
    /// Lines cannot change once units are on the floor.
    #[error("units are on the floor already, lines can no longer be edited")]
    PickingStarted,
    /// An approved order would need a new approval for this content.
    #[error("the changed order would need approval, which an approved order cannot wait for")]
    ChangeNeedsApproval,
    /// A line keeps its SKU, and a removed line's number is not used again.
    #[error("line {line} cannot become another item; add a new line")]
    LineIdentity {
        /// The line.
        line: u16,
    },
    /// Currency and customer of a placed order stay.
    #[error("{field} of a placed order cannot change")]
    Frozen {
        /// The field.
        field: &'static str,
    },
    /// A change that leaves no unit is a cancellation.
    #[error("a change must leave at least one unit; cancel the order instead")]
    NothingLeft,
    /// The approval request says no.
    #[error("{0}")]
    Request(#[from] RequestRefusal),
}

impl Refused for OrderRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::Content { error, .. } => match error {
                ContentError::NoLines => "no_lines",
                ContentError::TooManyLines { .. } => "too_many_lines",
                ContentError::LineNumber { .. } => "line_number",
                ContentError::Quantity { .. } => "quantity_out_of_range",
                ContentError::LineAmount { .. } => "amount_out_of_range",
                ContentError::Discount { .. } => "discount_too_large",
                ContentError::ShippingFee => "shipping_fee_out_of_range",
                ContentError::Address { .. } => "address_incomplete",
                ContentError::Total => "total_out_of_range",
            },
            Self::ReasonRequired => "reason_required",
            Self::Invalid { .. } => "invalid_value",
            Self::NotFound => "order_not_found",
            Self::Exists => "order_exists",
            Self::PlacementInProgress => "placement_in_progress",
            Self::ChangeInProgress => "change_in_progress",
            Self::AllocationInProgress => "allocation_in_progress",
            Self::WrongState { .. } => "wrong_order_state",
            Self::UnknownLine { .. } => "unknown_line",
            Self::Quantity { .. } => "not_enough_units",
            Self::UnknownParcel { .. } => "unknown_parcel",
            Self::ParcelState { .. } => "wrong_parcel_state",
            Self::OnHold { .. } => "order_on_hold",
            Self::NothingToRelease => "nothing_to_release",
            Self::UnknownHold { .. } => "unknown_hold",
            Self::NoCancellation => "no_cancellation_open",
            Self::CancellationOpen => "cancellation_open",
            Self::UseReturn { .. } => "use_return",
            Self::EditionChanged => "edition_changed",
            Self::UnderWay { .. } => "under_way",
            Self::NothingToMove { .. } => "nothing_to_move",
            Self::ChangeOpen => "change_open",
            Self::UnknownChange { .. } => "unknown_change",
            Self::PickingStarted => "picking_started",
            Self::ChangeNeedsApproval => "change_needs_approval",
            Self::LineIdentity { .. } => "line_identity",
            Self::Frozen { .. } => "field_frozen",
            Self::NothingLeft => "nothing_left",
            Self::Request(refusal) => refusal.code(),
        }
    }

    fn class(&self) -> RefusalClass {
        match self {
            Self::Content { .. }
            | Self::ReasonRequired
            | Self::Invalid { .. }
            | Self::LineIdentity { .. }
            | Self::Frozen { .. }
            | Self::NothingLeft => RefusalClass::Invalid,
            Self::NotFound
            | Self::UnknownLine { .. }
            | Self::UnknownParcel { .. }
            | Self::UnknownHold { .. }
            | Self::UnknownChange { .. } => RefusalClass::NotFound,
            Self::Request(refusal) => refusal.class(),
            _ => RefusalClass::Conflict,
        }
    }

    fn field(&self) -> Option<String> {
        match self {
            Self::Content { field, .. } => Some(field.clone()),
            Self::ReasonRequired => Some("/reason".into()),
            Self::Invalid { field, .. } | Self::Frozen { field } => Some(format!("/{field}")),
            _ => None,
        }
    }

    fn fix(&self) -> Option<String> {
        Some(
            match self {
                Self::Content { error: ContentError::TooManyLines { .. }, .. } => "split it into several orders",
                Self::Content { error: ContentError::Address { .. }, .. } => "complete the shipping address",
                Self::PlacementInProgress | Self::ChangeInProgress | Self::AllocationInProgress => {
                    "send the same request again in a moment"
                }
                Self::UseReturn { .. } => "open a return for the delivered units",
                Self::OnHold { .. } => "release the hold first",
                Self::ChangeOpen | Self::CancellationOpen => "wait for it to close, then try again",
                Self::PickingStarted => "cancel the units that are not wanted and place a new order for the others",
                Self::ChangeNeedsApproval => "place a new order for what is added",
                Self::EditionChanged => "look at the order as it is now and answer again",
                Self::NothingLeft => "cancel the order",
                Self::ReasonRequired => "say why",
                _ => return None,
            }
            .into(),
        )
    }
}
