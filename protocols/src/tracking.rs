//! What the customer of an order sees and may do by a tracking link.
//!
//! Invariant: nothing here is meant for anybody else: no internal note, no name of a colleague or warehouse, no address
//! beyond the city, the phone masked.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A link for the customer of an order.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TrackingLink {
    /// Address of the page. The token stands behind `#`, which no browser sends to a server.
    pub url: String,
    /// The token alone, for `Authorization: Track …`.
    pub token: String,
    /// When it stops working.
    pub expires_at: String,
}

impl std::fmt::Debug for TrackingLink {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TrackingLink").field("expires_at", &self.expires_at).finish_non_exhaustive()
    }
}

/// A cancellation by the customer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TrackCancel {
    /// Why, at most 200 characters; a default if left out.
    #[serde(default)]
    pub reason: Option<String>,
}

/// A line as the customer sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TrackLine {
    /// Title when it was ordered.
    pub title: String,
    /// Units ordered.
    pub quantity: u32,
    /// Units on their way.
    pub shipped: u32,
    /// Units that arrived.
    pub delivered: u32,
    /// Units canceled.
    pub canceled: u32,
    /// Units that came back.
    pub returned: u32,
    /// What the line costs.
    pub total: String,
}

/// A parcel as the customer sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TrackParcel {
    /// Number within the order.
    pub n: u16,
    /// `preparing`, `packed`, `with_carrier`, `delivered`, `returning`, `returned`, `lost` or `canceled`.
    pub state: String,
    /// What the carrier said last (SM-08).
    pub carrier_state: Option<String>,
    /// Carrier.
    pub carrier: Option<String>,
    /// Tracking number.
    pub tracking_number: Option<String>,
    /// Units in it, by place of the line in `lines`, from 0.
    pub units: Vec<TrackUnits>,
}

/// Units of a line in a parcel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TrackUnits {
    /// Place of the line in `lines`, from 0.
    pub line: u16,
    /// Units.
    pub quantity: u32,
}

/// Something that happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TrackStep {
    /// `placed`, `confirmed`, `packed`, `handed_over`, a carrier's status (SM-08), `complete`, `canceled`, `returned`,
    /// `expired` or `rejected`.
    pub what: String,
    /// When, RFC 3339.
    pub at: String,
    /// Parcel it is about.
    pub parcel: Option<u16>,
}

/// An order as its customer sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TrackView {
    /// Topic of a console socket on which this view is live.
    pub topic: String,
    /// Name of the shop.
    pub shop: String,
    /// Order number.
    pub number: String,
    /// `received`, `preparing`, `on_the_way`, `delivered`, `returned`, `canceled`, `expired` or `rejected`.
    pub status: String,
    /// Whether a cancellation is being carried out.
    pub canceling: bool,
    /// When it was placed.
    pub placed_at: Option<String>,
    /// The customer's language, if known: `en`, `ur` …
    pub language: Option<String>,
    /// City it goes to.
    pub city: String,
    /// Phone of the customer, masked.
    pub phone: Option<String>,
    /// `cod`, `prepaid` or `terms`.
    pub payment_method: String,
    /// Lines.
    pub lines: Vec<TrackLine>,
    /// What the customer pays.
    pub total: String,
    /// Delivery charge in it.
    pub shipping: String,
    /// Currency of all amounts.
    pub currency: String,
    /// Parcels.
    pub parcels: Vec<TrackParcel>,
    /// Whether the customer may cancel now.
    pub can_cancel: bool,
    /// What happened, oldest first.
    pub steps: Vec<TrackStep>,
}
