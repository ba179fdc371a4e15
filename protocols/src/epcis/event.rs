//! The JSON forms of EPCIS 2.0. Fields stand in the order of the structs, so the text depends on nothing else.

use serde::Serialize;

/// The context of EPCIS 2.0; it also defines the short words of the Core Business Vocabulary.
pub(super) const CONTEXT: &str = "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld";

/// A document of events.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Document {
    #[serde(rename = "@context")]
    pub(super) context: [&'static str; 1],
    #[serde(rename = "type")]
    pub(super) kind: &'static str,
    pub(super) schema_version: &'static str,
    pub(super) creation_date: String,
    pub(super) epcis_body: Body,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Body {
    pub event_list: Vec<Event>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Event {
    #[serde(rename = "type")]
    pub kind: &'static str,
    #[serde(rename = "eventID")]
    pub event_id: String,
    pub event_time: String,
    pub event_time_zone_offset: String,
    pub record_time: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error_declaration: Option<ErrorDeclaration>,
    #[serde(rename = "parentID", skip_serializing_if = "Option::is_none")]
    pub parent_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub epc_list: Option<Vec<String>>,
    #[serde(rename = "childEPCs", skip_serializing_if = "Option::is_none")]
    pub child_epcs: Option<Vec<String>>,
    pub action: &'static str,
    pub biz_step: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub disposition: Option<&'static str>,
    pub read_point: Id,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub biz_location: Option<Id>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub biz_transaction_list: Vec<BizTransaction>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub quantity_list: Vec<Quantity>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub child_quantity_list: Vec<Quantity>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub(super) struct Id {
    pub id: String,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct BizTransaction {
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub kind: Option<&'static str>,
    pub biz_transaction: String,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Quantity {
    pub epc_class: String,
    pub quantity: u32,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ErrorDeclaration {
    pub declaration_time: String,
    pub reason: &'static str,
    #[serde(rename = "correctiveEventIDs")]
    pub corrective_event_ids: Vec<String>,
}
