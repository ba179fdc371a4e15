//! Orders.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::common::Address;

/// A customer made together with an order, found again by phone or e-mail.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct InlineCustomer {
    /// Name.
    pub name: String,
    /// Phone.
    pub phone: String,
    /// E-mail.
    #[serde(default)]
    pub email: Option<String>,
    /// Type, `retail` if left out.
    #[serde(default, rename = "type")]
    pub kind: Option<String>,
}

/// One line of an order to make or edit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OrderLineInput {
    /// Line number to keep when editing; new lines leave it out.
    #[serde(default)]
    pub line: Option<u16>,
    /// What is ordered.
    pub sku: String,
    /// Whole number from 1.
    pub quantity: i64,
    /// Price of a unit in the order's currency; the catalogue's if left out.
    #[serde(default)]
    pub unit_price: Option<String>,
    /// Discount on the line in the order's currency.
    #[serde(default)]
    pub discount: Option<String>,
    /// Warehouse to take it from.
    #[serde(default)]
    pub warehouse: Option<String>,
    /// Instructions.
    #[serde(default)]
    pub note: Option<String>,
}

/// An order to make.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateOrder {
    /// Existing customer; or give `customer`.
    #[serde(default)]
    pub customer_id: Option<String>,
    /// New customer; or give `customer_id`.
    #[serde(default)]
    pub customer: Option<InlineCustomer>,
    /// `online` (the default), `offline`, `b2b_portal`, `mobile`, `social` or `marketplace`.
    #[serde(default)]
    pub channel: Option<String>,
    /// `regular` (the default), `recurring`, `subscription`, `rush`, `emergency` or `sample`.
    #[serde(default, rename = "type")]
    pub order_type: Option<String>,
    /// `low`, `normal` (the default), `high` or `critical`.
    #[serde(default)]
    pub priority: Option<String>,
    /// ISO 4217 code; the shop's currency if left out.
    #[serde(default)]
    pub currency: Option<String>,
    /// `cod`, `prepaid` or `terms`.
    pub payment_method: String,
    /// Where it goes.
    pub shipping_address: Address,
    /// Where the bill goes, if elsewhere.
    #[serde(default)]
    pub billing_address: Option<Address>,
    /// 1 to 500 lines.
    pub lines: Vec<OrderLineInput>,
    /// Delivery charge in the order's currency.
    #[serde(default)]
    pub shipping_fee: Option<String>,
    /// Whether everything goes in one shipment or nothing does.
    #[serde(default)]
    pub ship_complete: bool,
    /// The customer's purchase order number.
    #[serde(default)]
    pub po_number: Option<String>,
    /// Where it came from, in words of the source.
    #[serde(default)]
    pub reference: Option<String>,
    /// Keywords.
    #[serde(default)]
    pub tags: Vec<String>,
    /// Delivery instructions.
    #[serde(default)]
    pub note: Option<String>,
    /// Place it at once. If it cannot be placed, nothing is kept.
    #[serde(default)]
    pub submit: bool,
}

/// What to change about an order; what is left out stays.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PatchOrder {
    /// Another customer; drafts only.
    #[serde(default)]
    pub customer_id: Option<String>,
    /// Channel; drafts only.
    #[serde(default)]
    pub channel: Option<String>,
    /// Type; drafts only.
    #[serde(default, rename = "type")]
    pub order_type: Option<String>,
    /// Priority; drafts only.
    #[serde(default)]
    pub priority: Option<String>,
    /// Payment method; drafts only.
    #[serde(default)]
    pub payment_method: Option<String>,
    /// Where it goes.
    #[serde(default)]
    pub shipping_address: Option<Address>,
    /// Where the bill goes.
    #[serde(default)]
    pub billing_address: Option<Address>,
    /// All lines from here on.
    #[serde(default)]
    pub lines: Option<Vec<OrderLineInput>>,
    /// Delivery charge.
    #[serde(default)]
    pub shipping_fee: Option<String>,
    /// Whether everything goes in one shipment; drafts only.
    #[serde(default)]
    pub ship_complete: Option<bool>,
    /// The customer's purchase order number.
    #[serde(default)]
    pub po_number: Option<String>,
    /// Reference.
    #[serde(default)]
    pub reference: Option<String>,
    /// All keywords from here on.
    #[serde(default)]
    pub tags: Option<Vec<String>>,
    /// Delivery instructions.
    #[serde(default)]
    pub note: Option<String>,
    /// Why a placed order is changed.
    #[serde(default)]
    pub reason: Option<String>,
}

/// Units of a line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LineUnits {
    /// Line number.
    pub line: u16,
    /// Units.
    pub quantity: i64,
}

/// A cancellation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CancelOrder {
    /// Why.
    pub reason: String,
    /// Units to cancel; the whole order if left out.
    #[serde(default)]
    pub lines: Option<Vec<LineUnits>>,
}

/// A hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HoldOrder {
    /// `manual`, `payment`, `stock`, `address`, `credit`, `risk`, `cod_unconfirmed`, `compliance` or `channel`.
    pub kind: String,
    /// Why.
    pub reason: String,
    /// When it ends by itself, RFC 3339.
    #[serde(default)]
    pub expires_at: Option<String>,
}

/// The end of a hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReleaseHold {
    /// Which hold, by its number on the order.
    pub hold: u16,
    /// Why.
    pub reason: String,
}

/// A delivery recorded by hand.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DeliverOrder {
    /// Parcel number; every parcel under way if left out.
    #[serde(default)]
    pub parcel: Option<u16>,
}

/// A carrier scan recorded by hand (SM-08).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ScanOrder {
    /// Parcel number.
    pub parcel: u16,
    /// `picked_up`, `in_transit`, `at_destination`, `out_for_delivery`, `attempt_failed`,
    /// `returning`, `damaged`, `delivered`, `returned_to_sender` or `lost`.
    pub status: String,
}

/// Another warehouse for a line (LIN-08).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LineWarehouse {
    /// Code of the warehouse that is to hold all units of the line that are not on the floor.
    pub warehouse: String,
    /// Why.
    pub reason: String,
}

/// The customer of an order as known when it was placed (ORD-02).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OrderCustomer {
    /// Customer id.
    pub id: String,
    /// Name.
    pub name: String,
    /// Phone.
    pub phone: Option<String>,
    /// E-mail.
    pub email: Option<String>,
    /// Type.
    #[serde(rename = "type")]
    pub kind: String,
    /// Tier.
    pub tier: String,
}

/// Where the units of a line are (SM-01). Their sum is what was ordered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LineQuantities {
    /// Nothing held.
    pub open: u32,
    /// Held in a warehouse, may expire.
    pub reserved: u32,
    /// Accepted without stock.
    pub backordered: u32,
    /// Firm in a warehouse.
    pub allocated: u32,
    /// In a parcel being picked.
    pub picking: u32,
    /// In a packed parcel.
    pub packed: u32,
    /// With the carrier.
    pub in_transit: u32,
    /// Delivered.
    pub delivered: u32,
    /// Coming back undelivered.
    pub rto_pending: u32,
    /// Came back.
    pub returned: u32,
    /// Lost.
    pub lost: u32,
    /// Canceled before it left.
    pub canceled: u32,
}

/// One line of an order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OrderLine {
    /// Line number.
    pub line: u16,
    /// What is ordered.
    pub sku: String,
    /// Title when it was ordered.
    pub title: String,
    /// Units ordered.
    pub quantity: u32,
    /// Price of a unit.
    pub unit_price: String,
    /// Discount on the line.
    pub discount: String,
    /// Tax in or on it.
    pub tax: String,
    /// What the customer pays for the line.
    pub total: String,
    /// Where the units are.
    pub quantities: LineQuantities,
    /// Warehouse that holds it, or that was asked for.
    pub warehouse: Option<String>,
    /// Instructions.
    pub note: Option<String>,
}

/// Money of an order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OrderTotals {
    /// Unit prices times quantities.
    pub subtotal: String,
    /// Line discounts.
    pub discount: String,
    /// Taxes, contained or added.
    pub tax: String,
    /// Delivery charge.
    pub shipping: String,
    /// What the customer pays.
    pub total: String,
    /// Currency of all of them.
    pub currency: String,
}

/// A hold on an order (SM-03).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct HoldView {
    /// Number on the order.
    pub hold: u16,
    /// Kind.
    pub kind: String,
    /// Why.
    pub reason: String,
    /// Since when.
    pub since: String,
    /// When it ends by itself.
    pub expires_at: Option<String>,
}

/// One step of an order's approval.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OrderApprovalStep {
    /// Step id, for `/approvals/{queue}/{step}`.
    pub step: String,
    /// Queue it stands in.
    pub queue: String,
    /// Role that decides.
    pub role: String,
    /// State of SM-18.
    pub state: String,
}

/// Approval of an order (SM-17).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OrderApproval {
    /// State of the latest request.
    pub state: String,
    /// Hash of the edition asked about: what an approver signs.
    pub hash: String,
    /// Its steps.
    pub steps: Vec<OrderApprovalStep>,
    /// Why approval was asked for.
    pub trace: Vec<String>,
}

/// A parcel of an order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OrderParcel {
    /// Number within the order.
    pub number: u16,
    /// Warehouse it leaves from.
    pub warehouse: String,
    /// State on the floor (SM-07).
    pub state: String,
    /// State at the carrier (SM-08), once booked.
    pub carrier_state: Option<String>,
    /// Carrier.
    pub carrier: Option<String>,
    /// Tracking number.
    pub tracking: Option<String>,
}

/// Why an order could not be placed (P02).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PlacementRefused {
    /// Stable code, such as `insufficient_stock`.
    pub code: String,
    /// In words.
    pub detail: String,
    /// Field it is about.
    pub field: Option<String>,
    /// What could be done about it.
    pub fix: Option<String>,
}

/// An order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OrderView {
    /// Order id.
    pub id: String,
    /// Order number, once submitted.
    pub number: Option<String>,
    /// Version, also the ETag.
    pub version: u64,
    /// Journal position as of which this is, if one was asked for; it has no ETag then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub as_of: Option<u64>,
    /// Number of the content.
    pub edition: u32,
    /// Display status (state machines, section 9).
    pub status: String,
    /// Lifecycle of SM-02.
    pub lifecycle: String,
    /// What else a person should see.
    pub badges: Vec<String>,
    /// Channel.
    pub channel: String,
    /// Type.
    #[serde(rename = "type")]
    pub order_type: String,
    /// Priority.
    pub priority: String,
    /// Payment method.
    pub payment_method: String,
    /// Customer when it was placed.
    pub customer: OrderCustomer,
    /// Where it goes.
    pub shipping_address: Address,
    /// Where the bill goes, if elsewhere.
    pub billing_address: Option<Address>,
    /// Lines.
    pub lines: Vec<OrderLine>,
    /// Money.
    pub totals: OrderTotals,
    /// Open holds.
    pub holds: Vec<HoldView>,
    /// Approval, if one was asked for.
    pub approval: Option<OrderApproval>,
    /// Parcels.
    pub parcels: Vec<OrderParcel>,
    /// Whether everything goes in one shipment.
    pub ship_complete: bool,
    /// Purchase order number.
    pub po_number: Option<String>,
    /// Reference.
    pub reference: Option<String>,
    /// Keywords.
    pub tags: Vec<String>,
    /// Delivery instructions.
    pub note: Option<String>,
    /// When the draft was made.
    pub created_at: Option<String>,
    /// When it was placed.
    pub placed_at: Option<String>,
    /// Commands that the order's state has a row for.
    pub next_actions: Vec<String>,
    /// Why the last attempt to place it failed.
    pub placement_refused: Option<PlacementRefused>,
}

/// An order in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OrderRow {
    /// Order id.
    pub id: String,
    /// Version.
    pub version: u64,
    /// Order number.
    pub number: Option<String>,
    /// Display status.
    pub status: String,
    /// What else a person should see.
    pub badges: Vec<String>,
    /// Name of the customer.
    pub customer_name: Option<String>,
    /// Customer id.
    pub customer: Option<String>,
    /// Channel.
    pub channel: Option<String>,
    /// Priority.
    pub priority: Option<String>,
    /// What the customer pays.
    pub total: Option<String>,
    /// Currency.
    pub currency: Option<String>,
    /// When it was placed or made.
    pub at: Option<String>,
    /// Keywords.
    pub tags: Vec<String>,
}

/// One entry of a timeline (ORD-27, AUD-01).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct TimelineEntry {
    /// Journal position.
    pub seq: u64,
    /// Version after it.
    pub version: u64,
    /// When.
    pub at: String,
    /// Who: `user:<id>`, `process:<name>`, `timer` or `system:<name>`.
    pub by: String,
    /// Name of that user, or of the one whose decision a process recorded.
    pub by_name: Option<String>,
    /// Command.
    pub command: String,
    /// Reason given.
    pub reason: Option<String>,
    /// What happened.
    pub events: Vec<serde_json::Value>,
    /// Hash that chains it to the entry before it in the journal.
    pub hash: String,
}
